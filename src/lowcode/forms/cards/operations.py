"""How a business card is asked for."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from lowcode.forms.cards.parts import understood
from lowcode.forms.cards.reading import SIZE_LIMIT, lines_of, refused
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Problem
from lowcode.kernel.identity.rates import Rates
from lowcode.kernel.records import words
from lowcode.kernel.records.attachments import readable
from lowcode.kernel.records.fields.invalid import Invalid
from lowcode.kernel.records.fields.regions import placed
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.plan import Field

NO_CARD = {
    "en": "the form {form} does not say which of its fields a business card fills in",
    "zh-CN": "表单 {form} 没有设置名片识别（business_card）",
}


class ReadCard(Parameters):
    """The form that is filled in, and a photo that was uploaded (`api/files`)."""

    form: str
    file: int


PER_MINUTE = 30
"""Cards that one person may have read: each takes the server some seconds, one after the other for everybody."""


def read_card(
    context: Context, params: ReadCard, rates: Rates
) -> Annotated[dict[str, Any], has(values=dict, rest=list)]:
    """What a photo of a business card says: `values` by the fields of the form, and `rest`, the lines that go into none
    of them. Nothing is saved. Raises Rejected for what is no photo, and where the reader is not installed; NotFound for
    a form that says nothing of cards; TooManyRequests for more than somebody photographs in a minute."""
    host: Any = context.host
    record_type = record_type_of(context, params.form)
    grant = host.grant(record_type, context.actor)
    if not (grant.may("create") or grant.may("edit")):
        raise Forbidden(words.problem("may-not", "/form", action="create", form=record_type.name))
    card = context.app.plans["forms"].forms[record_type.name].definition.business_card
    if card is None:
        raise NotFound(Problem("forms.no-business-card", NO_CARD, "/form", {"form": record_type.name}))
    file = readable(context, params.file)
    if file["size"] > SIZE_LIMIT:  # before it is fetched: an upload may be as large as it likes
        raise refused("no-photo")
    rates.take(f"cards {context.actor.id}", PER_MINUTE, context.now(), "forms.too-often")
    found = understood(lines_of(host.files.get(file["digest"])))
    open_ = {part: name for part, name in card.fields.items() if name not in grant.hidden | grant.fixed}
    values: dict[str, Any] = {}
    apart: list[str] = []
    for part, text in found.parts.items():
        value = _taken(record_type.fields[open_[part]], text) if part in open_ else None
        if value is None or open_[part] in values:
            apart.append(text)
        else:
            values[open_[part]] = value
    return {"values": values, "rest": [*apart, *found.rest]}


def _taken(field: Field, text: str) -> Any:
    """The value that a field makes of a text; None where it takes no such text."""
    if field.options_type == "address":
        way, street = placed(text)
        text = f"{'/'.join(way)} {street}".strip()
    elif field.options_type == "url" and "://" not in text:
        text = f"https://{text}"
    assert field.kind is not None
    try:
        return field.kind.coerce(text, field.options)
    except Invalid:
        return None


def operations(rates: Rates) -> tuple[Operation, ...]:
    """What can be asked."""
    return (
        Operation(
            "forms.read_card", partial(read_card, rates=rates), ReadCard, writes=False, outside=True,
            summary={"en": "Read a business card", "zh-CN": "识别名片"},
        ),
    )  # fmt: skip
