"""What can be asked of stages: `records.stage`, what a record still needs to go on and how the work is done there, and
`records.standing`, for how long records have stood where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, localized, nearest
from lowcode.kernel.records import query, save, words
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.fields import State
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.permitted import readable
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.stages import Wanted, documents_key, standing, state_of, wanted
from lowcode.kernel.storage.files import files_of

DOCUMENTS = 20
"""Documents beside a guide that are shown; more of them guide nobody."""


class OfStage(Parameters):
    """A record, and which of its states is meant; left out: the first."""

    type: str
    id: int
    field: str | None = None


class Standing(Parameters):
    """Some records of a form."""

    type: str
    ids: tuple[int, ...] = Key(max_length=query.PAGE_LIMIT)
    field: str | None = None


def of_record(
    context: Context, params: OfStage
) -> Annotated[dict[str, Any], has(field=object, state=object, wanted=list[dict])]:
    """Where a record stands, since when, what it still needs, and how the work is done there."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    context.ask("records.get", type=params.type, id=params.id, fields=("id",))
    grant: Grant = host.grant(record_type, context.actor)
    field = _field(record_type, grant, params.field)
    plan = host.save_plan(record_type)
    values = save.load(context, plan, params.id)
    state = state_of(field, values[field.name]) if values is not None else None
    if values is None or state is None:
        return {"field": field.name, "state": None, "wanted": [], "guide": None}
    lasts = standing(context, record_type, field, {params.id: state.name})
    return {
        "field": field.name,
        "state": state.name,
        **lasts.get(params.id, {"since": None, "days": None, "age": None}),
        "limit": state.ageing.limit if state.ageing is not None else None,
        "wanted": _wanted(context, plan, grant, field, state, values),
        "guide": _guide(context, record_type, field, state),
    }


def _field(record_type: RecordType, grant: Grant, name: str | None) -> Field:
    seen = {each.name: each for each in record_type.states if each.name not in grant.kept}
    found = seen.get(name) if name is not None else next(iter(seen.values()), None)
    if found is None:
        near = nearest(name or "", seen) or ""
        raise NotFound(words.problem("unknown-field", "/field", field=name or "", near=near))
    return found


def _wanted(
    context: Context, plan: Any, grant: Grant, field: Field, state: State, values: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """What is asked for before it goes on, without what concerns fields kept from this person."""
    asked = wanted(context, plan, field, state, values, save.with_facts, "exit")
    return told(grant, context.actor.locale, asked)


def told(grant: Grant, locale: str | None, asked: Iterable[Wanted]) -> list[dict[str, Any]]:
    """What is asked for as a person is told of it: without what concerns fields kept from them."""
    return [
        {
            "kind": each.kind,
            "title": localized(each.title, locale),
            "met": each.met,
            "required": each.required,
            "field": each.field,
            "key": each.key,
            "reads": [name for name in each.reads if name not in grant.kept],
            "rows": list(each.rows),
        }
        for each in asked
        if each.field is None or each.field not in grant.kept
    ]


def _guide(context: Context, record_type: RecordType, field: Field, state: State) -> dict[str, Any] | None:
    """How the work is done: words, and the documents this person may read."""
    guide, locale = state.guide, context.actor.locale
    if guide is None:
        return None
    documents: list[dict[str, Any]] = []
    if guide.documents is not None:
        kept = guide.documents
        condition = record_type.extras.get("guides", {}).get(documents_key(field, state))
        host: Any = context.host
        if host.grant(host.types[kept.form], context.actor).may("read"):
            where = condition.text if condition is not None else None
            names = ("id", kept.field) if kept.field is not None else ("id",)
            found = context.ask("records.list", type=kept.form, where=where, fields=names, limit=DOCUMENTS)["items"]
            labels = label_of(context, kept.form, [each["id"] for each in found])
            files = files_of(context, {file for each in found for file in each.get(kept.field or "", None) or ()})
            documents = [
                {
                    "form": kept.form,
                    "id": each["id"],
                    "label": labels.get(each["id"], ""),
                    "files": [files[file] for file in each.get(kept.field or "", None) or () if file in files],
                }
                for each in found
            ]
    return {"text": localized(guide.text, locale), "documents": documents}


def of_several(context: Context, params: Standing) -> Items:
    """For each record that this person may read: since when it stands where it stands, and whether that is too long."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    grant: Grant = host.grant(record_type, context.actor)
    field = _field(record_type, grant, params.field)
    may = readable(context, record_type, params.ids) if grant.may("read") else []
    needs = Needs(frozenset({field.name}), frozenset())
    facts = context.facts(params.type, may, [needs]) if may else {}
    states = {identity: each[field.name] for identity, each in facts.items()}
    found = standing(context, record_type, field, states)
    return {"items": [{"id": identity, **each} for identity, each in found.items()]}


OPERATIONS = (
    Operation(
        "records.stage", of_record, OfStage, writes=False,
        summary={"en": "What a record needs to go on", "zh-CN": "阶段要求与操作指南"},
    ),
    Operation(
        "records.standing", of_several, Standing, writes=False,
        summary={"en": "How long records have stood in their stage", "zh-CN": "阶段停留时间"},
    ),
)  # fmt: skip
