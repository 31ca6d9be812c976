"""Where personal fields are shown: every document of the app that reads one, whatever engine it belongs to."""

from __future__ import annotations

from collections.abc import Iterator

from lowcode.forms.plan import Form
from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import localized


class Map(Parameters):
    """One form, or all of them."""

    form: str | None = None


def disclosure(context: Context, params: Map) -> Items:
    """Each personal field: why and on what ground it is kept, how long, what erasing does, and which reports, papers,
    messages, views and public forms show it."""
    items = []
    for name, form in context.app.plans["forms"].forms.items():
        if form.privacy is None or params.form not in (None, name):
            continue
        for field, privacy in form.privacy.fields.items():
            items.append(
                {
                    "form": name, "field": field, "purpose": localized(privacy.purpose, context.actor.locale),
                    "basis": privacy.basis, "sensitivity": privacy.sensitivity, "erase": privacy.erase,
                    "days": privacy.days,
                    "shown": sorted({*_expressions(context, name, field), *_own(form, field)}),
                }
            )  # fmt: skip
    return {"items": items, "sensitive": [each for each in items if each["sensitivity"] == "sensitive"]}


def _expressions(context: Context, form: str, field: str) -> Iterator[str]:
    """Documents with an expression that reads the field: a report's columns, a paper's blocks, a message's body."""
    wanted = f"{form}.{field}"
    for place, reads in context.app.scope.uses:
        if wanted in reads and place.document != f"forms/{form}.json":
            yield place.document


def _own(form: Form, field: str) -> Iterator[str]:
    document = f"forms/{form.definition.name}.json"
    for view in form.definition.views:
        columns = [each if isinstance(each, str) else each.field for each in view.columns]
        if field in (*columns, *view.card):
            yield f"{document}#views/{view.name}"
    for name, face in form.public.items():
        if field in face.fields or (face.definition.ticket is not None and field in face.definition.ticket.show):
            yield f"{document}#public/{name}"


OPERATIONS = (
    Operation(
        "forms.disclosure", disclosure, Map, "administrator", writes=False,
        summary={"en": "Where personal fields are shown", "zh-CN": "个人信息使用清单"},
    ),
)  # fmt: skip
