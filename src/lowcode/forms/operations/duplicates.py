"""Records that may be the same thing entered twice: before somebody saves it once more.

Exact rules look values up as they are stored, so an index serves. Similar names are gathered in one pass that ranks
rows by the pieces they share, and only the best are compared; never every record with every other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from lowcode.forms.operations.likeness import ENOUGH, core, likeness, normal, pieces
from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.records import query, searchwords
from lowcode.kernel.records.facts import id_in, moment_parameters, text_in
from lowcode.kernel.records.fields import Invalid
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage.types import json_text

FOUND_LIMIT = 20
CANDIDATES = 60


class Duplicates(Parameters):
    """What the form holds; `id` of the record itself, when it is there already."""

    form: str
    values: Mapping[str, Any]
    id: int | None = None


def duplicates(context: Context, params: Duplicates) -> Items:
    """The records that may be the same, the surest first; only those the person may see."""
    host: Any = context.host
    record_type = record_type_of(context, params.form)
    grant = host.grant(record_type, context.actor)
    found: dict[int, dict[str, Any]] = {}
    for fields, match in rules_of(record_type, grant):
        values = coerced(record_type, fields, params.values)
        if values is None:
            continue
        matches: list[tuple[int, float | None]]
        if match == "exact":
            matches = [(each, None) for each in exact(context, record_type, grant, fields, values)]
        else:
            looked = _similar if match == "similar" else _sounding
            matches = looked(context, record_type, grant, fields[0], str(values[fields[0]]))
        for identity, score in matches:
            if identity == params.id or identity in found:
                continue
            found[identity] = {"id": identity, "fields": list(fields), "match": match}
            if score is not None:
                found[identity]["score"] = round(score, 2)
    best = sorted(found.values(), key=lambda each: (each["match"] != "exact", -each.get("score", 1.0), each["id"]))
    best = best[:FOUND_LIMIT]
    labels = label_of(context, params.form, [each["id"] for each in best])
    return {"items": [{**each, "label": labels.get(each["id"], str(each["id"]))} for each in best]}


def rules_of(record_type: RecordType, grant: Grant) -> Iterable[tuple[tuple[str, ...], str]]:
    """The form's rules and what is unique; none that reads a field kept from the person."""
    rules = [(each.fields, each.match) for each in record_type.duplicates]
    rules += [(each.fields, "exact") for each in record_type.unique]
    for fields, match in dict.fromkeys(rules):
        usable = all(name in record_type.table.c and name not in grant.hidden for name in fields)
        if usable:
            yield fields, match


def coerced(record_type: RecordType, fields: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The values as they would be stored; None when one is blank or cannot be stored."""
    found = {}
    for name in fields:
        field, value = record_type.fields.get(name), values.get(name)
        if field is None or field.kind is None or value in (None, "", []):
            return None
        try:
            found[name] = field.kind.coerce(value, field.options)
        except Invalid:
            return None
    return None if any(each is None for each in found.values()) else found


def called(record_type: RecordType, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Stored values as one form of all that are written differently and mean the same."""
    plain = {name for name in values if record_type.fields[name].options_type == "text"}
    return tuple(normal(each) if name in plain else str(each) for name, each in values.items())


def exact(
    context: Context, record_type: RecordType, grant: Grant, fields: tuple[str, ...], values: Mapping[str, Any], *,
    spelt: bool = True,
) -> list[int]:  # fmt: skip
    """The records with these values, the oldest first. `spelt`: also those that are written differently."""
    joins, conditions = query.secured(context, record_type, grant)
    for name in fields:
        column, value = joins.column(name), values[name]
        if spelt and isinstance(value, str) and record_type.fields[name].options_type == "text":
            conditions.append(sa.or_(*(column == each for each in sorted(_spellings(value)))))
        else:
            conditions.append(column == sa.literal(value, column.type))
    statement = (
        sa.select(joins.root.c.id)
        .select_from(joins.origin)
        .where(*conditions)
        .order_by(joins.root.c.id)
        .limit(FOUND_LIMIT)
    )
    return [row["id"] for row in context.unit.fetch(statement, **moment_parameters(context, statement))]


def exact_many(
    context: Context, record_type: RecordType, grant: Grant, fields: tuple[str, ...],
    wanted: Sequence[Mapping[str, Any]], *, spelt: bool = True,
) -> list[int | None]:  # fmt: skip
    """For each of several records with such values the oldest that is there; one query for all of them. `spelt`: also
    one that is written differently and means the same."""
    if not all(_listed(record_type, name) for name in fields):
        found = [exact(context, record_type, grant, fields, each, spelt=spelt) for each in wanted]
        return [each[0] if each else None for each in found]
    host: Any = context.host

    def build() -> sa.Select[Any]:
        joins, conditions = query.secured(context, record_type, grant)
        columns = [joins.column(name) for name in fields]
        first, dialect = columns[0], joins.dialect
        within = text_in(first, dialect, "ids") if isinstance(first.type, sa.Text) else id_in(first, dialect)
        labelled = [column.label(f"by_{index}") for index, column in enumerate(columns)]
        statement = sa.select(joins.root.c.id, *labelled).select_from(joins.origin).where(*conditions, within)
        return statement.order_by(joins.root.c.id)

    statement = host.cached(("exact", record_type.name, context.actor.standing, fields), build)
    ways = [[_ways(record_type, name, each[name], spelt=spelt) for name in fields] for each in wanted]
    listed = sorted({each for row in ways for each in row[0]})
    by_first: dict[Any, list[tuple[Any, ...]]] = {}
    for row in context.unit.fetch(statement, ids=json_text(listed), **moment_parameters(context, statement)):
        by_first.setdefault(row["by_0"], []).append((row["id"], *(row[f"by_{at}"] for at in range(len(fields)))))
    return [_oldest(row, by_first) for row in ways]


def _oldest(ways: list[set[Any]], by_first: Mapping[Any, list[tuple[Any, ...]]]) -> int | None:
    """The lowest id among the records whose every value is written in one of these ways."""
    ids = [
        identity
        for first in ways[0]
        for identity, *values in by_first.get(first, ())
        if all(value in known for value, known in zip(values, ways, strict=True))
    ]
    return min(ids, default=None)


def _ways(record_type: RecordType, name: str, value: Any, *, spelt: bool) -> set[Any]:
    plain = isinstance(value, str) and record_type.fields[name].options_type == "text"
    return _spellings(value) if spelt and plain else {value}


def _listed(record_type: RecordType, name: str) -> bool:
    """Whether values of a field can be sent as a list: texts and ids as they are stored."""
    type_ = record_type.table.c[name].type
    return not record_type.fields[name].sealed and type(type_) in (sa.Text, sa.BigInteger)


def _spellings(text: str) -> set[str]:
    """A text as people write it differently and mean the same; few, so that an index serves."""
    one = normal(text)
    return {text, " ".join(text.split()), one, one.upper(), one.title(), one.capitalize()}


def _similar(
    context: Context, record_type: RecordType, grant: Grant, name: str, text: str
) -> list[tuple[int, float | None]]:
    parts = pieces(text)
    if len(normal(text)) < 2:
        return []
    joins, conditions = query.secured(context, record_type, grant)
    column = joins.column(name)
    shares = [column.ilike(query.search_pattern(part), escape="\\") for part in parts]
    rank: sa.ColumnElement[Any] = sum((sa.case((each, 1), else_=0) for each in shares), start=sa.literal(0))
    statement = (
        sa.select(joins.root.c.id, column.label("text")).select_from(joins.origin)
        .where(*conditions, sa.or_(*shares)).order_by(rank.desc(), joins.root.c.id).limit(CANDIDATES)
    )  # fmt: skip
    rows = context.unit.fetch(statement, **moment_parameters(context, statement))
    scored = [(row["id"], likeness(text, row["text"])) for row in rows]
    return [(identity, score) for identity, score in scored if score >= ENOUGH]


def _sounding(
    context: Context, record_type: RecordType, grant: Grant, name: str, text: str
) -> list[tuple[int, float | None]]:
    """The records whose name is spoken alike, looked up in the index of what is searched."""
    wanted = searchwords.sound(core(text))
    if not wanted:
        return []
    joins, conditions = query.found_by(context, record_type, grant, (), search=True)
    statement = (
        sa.select(joins.root.c.id, joins.column(name).label("text")).select_from(joins.origin)
        .where(*conditions).order_by(joins.root.c.id).limit(CANDIDATES)
    )  # fmt: skip
    values = query.search_values(wanted, joins.dialect)
    rows = context.unit.fetch(statement, **values, **moment_parameters(context, statement))
    return [(row["id"], None) for row in rows if row["text"] and searchwords.sound(core(row["text"])) == wanted]


OPERATIONS = (
    Operation(
        "forms.duplicates", duplicates, Duplicates, writes=False,
        summary={"en": "Records that may be the same", "zh-CN": "查找重复记录"},
    ),
)  # fmt: skip
