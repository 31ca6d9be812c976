"""Many records in one step: the same change to all of them, and all that a person owns handed to another.

Every record is saved by the one write path, so permissions, conditions, rules and history hold for each; one that is
refused does not hold up the others, and is named with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Any
from uuid import uuid4

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters, in_batch
from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected
from lowcode.kernel.records import words
from lowcode.kernel.records.fields.masking import A_MASK, is_mask
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.plan import RecordType

AT_ONCE = 1000
NOBODY = {"en": "there is no person {id}", "zh-CN": "没有这个人员（{id}）"}
NOT_YOURS = {
    "en": "only an administrator, or whom they report to, may hand over what somebody owns",
    "zh-CN": "只有管理员或其上级可以交接他人的记录",
}


class EditMany(Parameters):
    """The records, by id or by a filter, and what they shall be."""

    form: str
    values: Mapping[str, Any]
    ids: tuple[int, ...] = Key((), max_length=AT_ONCE)
    where: str | None = None


class HandOver(Parameters):
    """Whose records go to whom: of some forms or of all, and with the fields that name the person beside the owner."""

    source: int = Key(alias="from")
    to: int
    forms: tuple[str, ...] = ()
    fields: bool = True
    dry_run: bool = False


def edit_many(
    context: Context, params: EditMany
) -> Annotated[dict[str, Any], has(changed=int, counts=dict, refused=list[dict])]:
    """Change records; how many were, and which were refused and why."""
    record_type = record_type_of(context, params.form)
    _no_masks(record_type, params.values)
    ids = params.ids
    if params.where is not None:
        page = context.ask("records.list", type=params.form, where=params.where, fields=("id",), limit=AT_ONCE)
        if page["next"] is not None:
            raise Rejected(words.problem("too-many", "/where", limit=AT_ONCE))
        ids = (*ids, *(row["id"] for row in page["items"]))
    context = in_batch(context, f"edit:{uuid4().hex}")
    return _each(context, ((params.form, each, params.values) for each in dict.fromkeys(ids)))


def _no_masks(record_type: RecordType, values: Mapping[str, Any]) -> None:
    """The mask of one record is said of none: of many it would mean what each of them has, and that is no change."""
    fields = record_type.fields
    wrong = [name for name, value in values.items() if name in fields and is_mask(value, fields[name].options)]
    if wrong:
        raise Rejected(Problem("records.mask-as-value", A_MASK, f"/values/{name}") for name in wrong)


def hand_over(context: Context, params: HandOver) -> Annotated[dict[str, Any], has(counts=dict)]:
    """Give all that a person owns to another, in one step; `dry_run` counts."""
    host: Any = context.host
    people = host.directory(context.unit)
    for pointer, identity in (("/from", params.source), ("/to", params.to)):
        if identity not in people.users:
            raise Rejected(Problem("forms.unknown-person", NOBODY, pointer, {"id": identity}))
    above = params.source in context.actor.team and params.source != context.actor.id
    if not (context.actor.is_administrator or above):
        raise Forbidden(Problem("forms.not-yours-to-hand-over", NOT_YOURS, "/from"))
    types = [record_type_of(context, each) for each in params.forms]
    types = types or [each for each in host.types.values() if each.parent is None]
    acting = context if context.actor.is_administrator else context.as_app()
    if params.dry_run:
        return {"counts": {each.name: len(list(_owned(acting, each, params))) for each in types}}
    acting = in_batch(acting, f"hand_over:{uuid4().hex}")
    found = _each(acting, (each for record_type in types for each in _owned(acting, record_type, params)))
    context.tell("records.handed_over", source=params.source, to=params.to, by=context.actor.id, counts=found["counts"])
    return found


def _owned(context: Context, record_type: RecordType, params: HandOver) -> Iterator[tuple[str, int, Mapping[str, Any]]]:
    """The living records that name the person, and what of them shall name the other."""
    table = record_type.table
    names = ["owner"]
    if params.fields:
        names += [
            each.name for each in record_type.fields.values() if each.options_type == "member" and each.name in table.c
        ]
    named = [table.c[name] == sa.bindparam("person") for name in names]
    statement = (
        sa.select(table.c.id, *(table.c[name] for name in names)).where(table.c.deleted_at.is_(None), sa.or_(*named))
        .order_by(table.c.id)
    )  # fmt: skip
    found: dict[int, dict[str, Any]] = {
        row["id"]: {name: params.to for name in names if row[name] == params.source}
        for row in context.unit.fetch(statement, person=params.source)
    }
    for name in record_type.joins if params.fields else ():
        if record_type.fields[name].options_type == "members":
            for identity, people in _standing_in(context, record_type, name, params.source):
                instead = dict.fromkeys(params.to if each == params.source else each for each in people)
                found.setdefault(identity, {})[name] = list(instead)
    for identity in sorted(found):
        yield record_type.name, identity, found[identity]


def _standing_in(context: Context, record_type: RecordType, name: str, person: int) -> Iterator[tuple[int, list[int]]]:
    """The living records in one of whose fields of several people somebody stands, and all who stand there."""
    table, join = record_type.table, record_type.joins[name]
    named = sa.select(join.c.source).where(join.c.target == sa.bindparam("person"))
    statement = (
        sa.select(join.c.source, join.c.target).join(table, table.c.id == join.c.source)
        .where(table.c.deleted_at.is_(None), join.c.source.in_(named)).order_by(join.c.source, join.c.position)
    )  # fmt: skip
    for identity, rows in groupby(context.unit.fetch(statement, person=person), key=itemgetter("source")):
        yield identity, [row["target"] for row in rows]


def _each(context: Context, changes: Iterable[tuple[str, int, Mapping[str, Any]]]) -> dict[str, Any]:
    """Save each change by itself."""
    counts: dict[str, int] = {}
    refused: list[dict[str, Any]] = []
    for form, identity, values in changes:
        try:
            with context.unit.savepoint():
                context.ask("records.update", type=form, id=identity, values=values)
            counts[form] = counts.get(form, 0) + 1
        except Rejected as error:
            refused.append({"form": form, "id": identity, "problems": _told(context, error.problems)})
    for form in {each["form"] for each in refused}:
        labels = label_of(context, form, [each["id"] for each in refused if each["form"] == form])
        for each in refused:
            if each["form"] == form:
                each["label"] = labels.get(each["id"], str(each["id"]))
    return {"changed": sum(counts.values()), "counts": counts, "refused": refused}


def _told(context: Context, problems: Iterable[Problem]) -> list[dict[str, Any]]:
    locale = context.actor.locale
    return [{"pointer": each.pointer, "code": each.code, "detail": each.words(locale)} for each in problems]


OPERATIONS = (
    Operation("forms.edit_many", edit_many, EditMany, summary={"en": "Change many records", "zh-CN": "批量修改"}),
    Operation("forms.hand_over", hand_over, HandOver, summary={"en": "Hand over records", "zh-CN": "离职交接"}),
)
