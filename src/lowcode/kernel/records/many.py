"""Many records at once: `records.bulk`, `.upsert` by what is unique, and `.aggregate` over all that is found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Problem, Rejected, nearest
from lowcode.kernel.records import changing, creating, overlaps, query, words
from lowcode.kernel.records.facts import moment_parameters
from lowcode.kernel.records.fields import Invalid
from lowcode.kernel.records.filtering import Filter, filter_of
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.listing import type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.taken import unique_problem

ITEMS = 1000
GROUPS = 1000
GROUPED = frozenset({"text", "choice", "boolean", "date", "record", "user"})


class Item(Parameters):
    """One of many: what is to be done, and with which record. `by` names a unique field for an upsert."""

    do: Literal["create", "update", "upsert", "delete"] = "create"
    id: int | None = None
    by: str | None = None
    values: Mapping[str, Any] = Key(default_factory=dict)
    version: int | None = None


class Bulk(Parameters):
    """Many at once. `together`: all or none; otherwise each for itself."""

    type: str
    items: tuple[Item, ...] = Key(max_length=ITEMS)
    together: bool = False


class Upsert(Parameters):
    """The record whose unique field has this value, changed; or a new one that has it."""

    type: str
    by: str
    value: Any
    values: Mapping[str, Any] = Key(default_factory=dict)
    version: int | None = None


class Aggregate(Parameters):
    """Count and add up over all that is found, by the values of some fields."""

    type: str
    group: tuple[str, ...] = Key((), max_length=3)
    sum: tuple[str, ...] = Key((), max_length=20)
    average: tuple[str, ...] = Key((), max_length=20)
    where: str | None = None
    search: str | None = None


def bulk(context: Context, params: Bulk) -> Items:
    """Do each, in order: `{"items": [{"done", "id", "version"} or {"problems"}], "done", "refused"}`."""
    record_type = record_type_of(context, params.type)
    found: list[dict[str, Any]] = []
    refused: list[Any] = []
    _take_turns(context, record_type, params.items)
    for index, item in enumerate(params.items):
        try:
            with context.unit.savepoint():
                found.append(_one(context, record_type, item))
        except Rejected as error:
            refused.extend(replace(each, pointer=f"/items/{index}{each.pointer}") for each in error.problems)
            locale = context.actor.locale
            shown = [{"pointer": e.pointer, "code": e.code, "detail": e.words(locale)} for e in error.problems]
            found.append({"problems": shown})
    if params.together and refused:
        raise Rejected(refused)
    done = sum("done" in each for each in found)
    return {"items": found, "done": done, "refused": len(found) - done}


def _take_turns(context: Context, record_type: RecordType, items: Sequence[Item]) -> None:
    """All that is held, is held before the first is saved, and in one order: what is new and what is there together."""
    if len(items) < 2 or not overlaps.in_turn(context, record_type):
        return
    host: Any = context.host
    plan, grant = host.save_plan(record_type), host.grant(record_type, context.actor)
    known = _known(context, record_type, grant, items)
    new = [each.values for at, each in enumerate(items) if each.do in ("create", "upsert") and at not in known]
    there = [
        (known[at], each.values) for at, each in enumerate(items) if each.do in ("update", "upsert") and at in known
    ]
    gone = [known[at] for at, each in enumerate(items) if each.do == "delete" and at in known]
    changing.take_turns(context, plan, grant, there, creating.drafted(context, plan, grant, new), gone)


def _known(context: Context, record_type: RecordType, grant: Grant, items: Sequence[Item]) -> dict[int, int]:
    """Which record an item means, by its place: of an upsert the one that has its key, if one has it by now."""
    found = {at: each.id for at, each in enumerate(items) if each.do in ("update", "delete") and each.id is not None}
    for name, field in key_fields(record_type, grant).items():
        wanted: dict[Any, list[int]] = {}
        for at, each in enumerate(items):
            if each.do == "upsert" and each.by == name:
                with suppress(Rejected):  # what is no key is refused at its turn
                    wanted.setdefault(_coerced(field, each.values.get(name)), []).append(at)
        if wanted:
            column, gone = record_type.table.c[name], record_type.table.c.deleted_at
            keyed = column.in_(sa.bindparam("keys", expanding=True, type_=column.type))
            rows = context.unit.fetch(
                sa.select(record_type.table.c.id, column).where(keyed, gone.is_(None)), keys=list(wanted)
            )
            found |= {at: row["id"] for row in rows for at in wanted[row[name]]}
    return found


def _one(context: Context, record_type: RecordType, item: Item) -> dict[str, Any]:
    values = dict(item.values)
    match item.do:
        case "create":
            made = context.ask("records.create", type=record_type.name, values=values)
            return {"done": "created", "id": made["id"], "version": made["version"]}
        case "upsert":
            value = values.get(item.by or "")
            sent = Upsert(type=record_type.name, by=item.by or "", value=value, values=values, version=item.version)
            record, word = _upserted(context, sent)
            return {"done": word, "id": record["id"], "version": record["version"]}
        case "update":
            sent_for = {"type": record_type.name, "id": _identity(item), "version": item.version}
            changed = context.ask("records.update", **sent_for, values=values)
            return {"done": "updated", "id": changed["id"], "version": changed["version"]}
        case "delete":
            context.ask("records.delete", type=record_type.name, id=_identity(item), version=item.version)
            return {"done": "deleted", "id": item.id}


def _identity(item: Item) -> int:
    if item.id is None:
        raise Rejected(words.problem("required", "/id"))
    return item.id


def upsert(context: Context, params: Upsert) -> Annotated[dict[str, Any], has(done=str, record=dict)]:
    """Change the record of this key, or make it: `{"done", "record"}`."""
    record, word = _upserted(context, params)
    return {"done": word, "record": record}


def _upserted(context: Context, params: Upsert) -> tuple[dict[str, Any], str]:
    record_type = record_type_of(context, params.type)
    host: Any = context.host
    grant = host.grant(record_type, context.actor)
    query.check_path(context, record_type, grant, params.by, "/by")
    field = _key_field(record_type, grant, params.by)
    wanted = _coerced(field, params.value)
    if params.by in params.values and _coerced(field, params.values[params.by]) != wanted:
        named = {"field": params.by, "value": str(params.value)[:100], "seen": str(params.values[params.by])[:100]}
        raise Rejected(words.problem("two-keys", f"/{params.by}", **named))
    values = {**params.values, params.by: params.value}
    for _ in range(2):
        known = context.unit.one(_statement(context, record_type, field), key_value=wanted)
        if known is not None:
            sent = {"type": params.type, "id": known["id"], "version": params.version}
            return context.ask("records.update", **sent, values=values), "updated"
        try:
            with context.unit.savepoint():
                return context.ask("records.create", type=params.type, values=values), "created"
        except Rejected as error:  # somebody made it meanwhile: then it is there now
            if not any(each.code == "records.taken" for each in error.problems):
                raise
            taken = error
        except Exception as error:
            broken = unique_problem(context, record_type, error)
            if broken is None:
                raise
            taken = broken
    raise taken


def key_fields(record_type: RecordType, grant: Grant) -> dict[str, Field]:
    """The fields by whose value somebody may name one record."""
    fields = record_type.fields.values()
    unique = (each for each in fields if each.options.unique and not each.sealed)
    return {each.name: each for each in unique if each.name not in grant.hidden}


def _key_field(record_type: RecordType, grant: Grant, name: str) -> Field:
    """A unique field by name. Raises Rejected naming those that are not kept from the person."""
    unique = key_fields(record_type, grant)
    if name not in unique:
        known = ", ".join(unique)
        near = nearest(name, unique) or known
        raise Rejected(words.problem("no-key-field", "/by", field=name, known=known, near=near))
    return unique[name]


def _coerced(field: Field, value: Any) -> Any:
    """The value as the column has it. Raises Rejected for one that is none of the field's type, or blank."""
    if value in (None, "") or field.kind is None:
        raise Rejected(words.problem("required", f"/{field.name}"))
    try:
        return field.kind.coerce(value, field.options)
    except Invalid as invalid:
        raise Rejected(Problem(invalid.code, invalid.message, f"/{field.name}", invalid.values)) from None


def _statement(context: Context, record_type: RecordType, field: Field) -> sa.Select[Any]:
    """The record with a value; who may see it is decided when it is changed."""

    def build() -> sa.Select[Any]:
        columns = record_type.table.c
        same = columns[field.name] == sa.bindparam("key_value", type_=columns[field.name].type)
        return sa.select(columns.id).where(same, columns.deleted_at.is_(None))

    host: Any = context.host
    found: sa.Select[Any] = host.cached(("by-key", record_type.name, field.name), build)
    return found


def aggregate(context: Context, params: Aggregate) -> Items:
    """`{"items": [{"values": {field: value}, "count", "sum", "average"}], "capped"}`, the largest groups first."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    grant = host.grant(record_type, context.actor)
    where = filter_of(context, record_type, grant, params.where)
    shape = ("aggregate", record_type.name, context.actor.standing, params.group, params.sum, params.average,
             where.key, bool(params.search))  # fmt: skip
    statement = host.cached(shape, lambda: _aggregated(context, record_type, grant, params, where))
    values = {**moment_parameters(context, statement), **where.values}
    if params.search:
        values.update(query.search_values(params.search, context.unit.database.dialect_name))
    rows = context.unit.fetch(statement, **values)
    items = [
        {
            "values": {name: row[f"by_{at}"] for at, name in enumerate(params.group)},
            "count": row["count"],
            "sum": {name: row[f"sum_{at}"] for at, name in enumerate(params.sum)},
            "average": {name: _mean(row, at) for at, name in enumerate(params.average)},
        }
        for row in rows[:GROUPS]
    ]
    return {"items": items, "capped": len(rows) > GROUPS}


def _mean(row: Mapping[str, Any], at: int) -> Decimal | None:
    """What a number is in the middle, over the records that have it."""
    total, number = row[f"total_{at}"], row[f"number_{at}"]
    return None if not number or total is None else (Decimal(total) / number).quantize(Decimal("0.000001"))


def _aggregated(
    context: Context, record_type: RecordType, grant: Grant, params: Aggregate, where: Filter
) -> sa.Select[Any]:  # fmt: skip
    shapes = context.app.scope.shapes.records
    for name, paths in (("group", params.group), ("sum", params.sum), ("average", params.average)):
        for path in paths:
            query.check_path(context, record_type, grant, path, f"/{name}")
            kind = type_of(shapes, record_type.name, path).kind
            if query.sealed_at(context, record_type, path):
                raise Rejected(words.problem("sealed-field", f"/{name}", field=path))
            if name == "group" and kind not in GROUPED:
                raise Rejected(words.problem("not-a-group-field", "/group", field=path))
            if name != "group" and kind != "number":
                raise Rejected(words.problem("not-a-number-field", f"/{name}", field=path))
    return query.build_groups(
        context, record_type, grant, params.group, params.sum, params.average, where.conditions, bool(params.search),
        GROUPS + 1,
    )  # fmt: skip


OPERATIONS = (
    Operation("records.bulk", bulk, Bulk, granted=True, summary={"en": "Many records at once", "zh-CN": "批量写入"}),
    Operation(
        "records.upsert",
        upsert,
        Upsert,
        granted=True,
        summary={"en": "Change or make by a key", "zh-CN": "按唯一键写入"},
    ),
    Operation(
        "records.aggregate",
        aggregate,
        Aggregate,
        writes=False,
        granted=True,
        summary={"en": "Count and add up", "zh-CN": "汇总"},
    ),
)
