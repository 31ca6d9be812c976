"""Which of some records cannot be moved by a field now, and why: for boards, on which records are dragged from lane to
lane. What a save would refuse wherever it leads to is told beforehand, for all records of a lane at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import Field as Key

from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, localized, nearest
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records import query, words
from lowcode.kernel.records.facts import needs_of
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.permitted import readable
from lowcode.kernel.records.plan import Field, RecordType


class Moving(Parameters):
    """Some records of a form, and the field by which they are to be moved."""

    type: str
    ids: tuple[int, ...] = Key(max_length=query.PAGE_LIMIT)
    field: str


def fixed(context: Context, params: Moving) -> Items:
    """The records that cannot be moved, each with the reason in words: the person may not edit it, the field is read
    only there, or an engine keeps the record closed."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    grant: Grant = host.grant(record_type, context.actor)
    name, field = params.field, _field(record_type, grant, params.field)
    may = readable(context, record_type, params.ids) if grant.may("read") else []
    found = dict(_of_the_form(context, record_type, grant, name, field, may))
    for identity, message in _closed(context, params.type, [each for each in may if each not in found], name):
        found.setdefault(identity, message)
    return {"items": [{"id": each, "message": found[each]} for each in may if each in found]}


def _field(record_type: RecordType, grant: Grant, name: str) -> Field | None:
    """The field of a form; None for `owner`, which every record has."""
    field = record_type.fields.get(name)
    if field is None and name == "owner" and name not in grant.kept:
        return None
    if field is None or name in grant.kept:
        near = nearest(name, record_type.fields.keys() - grant.kept) or ""
        raise NotFound(words.problem("unknown-field", "/field", field=name, near=near))
    return field


def _of_the_form(
    context: Context, record_type: RecordType, grant: Grant, name: str, field: Field | None, ids: Sequence[int]
) -> Iterator[tuple[int, str]]:
    """What the permissions and conditions of the form refuse."""
    locale, pointer = context.actor.locale, f"/{name}"
    not_yours = words.problem("may-not-edit", "", form=record_type.name).words(locale)
    read_only = words.problem("read-only", pointer, field=name).words(locale)
    whole = name in grant.fixed or (field is not None and (field.options.read_only or field.computed))
    here = None if field is None else field.read_only_when
    if not grant.may("edit"):
        yield from ((each, not_yours) for each in ids)
        return
    asked: list[Expression] = [*(grant.conditions("edit") or ())]
    asked += [here] if here is not None else []
    facts = context.facts(record_type.name, ids, [needs_of(asked)]) if asked and ids else {}
    moment = context.moment()
    for identity in ids:
        record = facts.get(identity, {})
        if not grant.allows("edit", record, moment):
            yield identity, not_yours
        elif whole or (here is not None and here.test(record, moment)):
            yield identity, read_only


def _closed(context: Context, form: str, ids: list[int], field: str) -> Iterator[tuple[int, str]]:
    """What engines keep closed, as `<engine>.closed` says."""
    asked = [f"{engine.name}.closed" for engine in context.app.engines] if ids else []
    for operation in asked:
        if operation in context.app.operations:
            found = context.as_app().ask(operation, form=form, ids=ids, person=context.actor.id)
            for each in found["items"]:
                if field not in each["but"]:
                    yield each["id"], localized(each["message"], context.actor.locale)


OPERATIONS = (
    Operation(
        "records.fixed", fixed, Moving, writes=False,
        summary={"en": "Which records cannot be moved, and why", "zh-CN": "不能移动的记录及原因"},
    ),
)  # fmt: skip
