"""Which records name which others: what a record is linked to, and what is linked to it; set-wise, rows included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.facts import id_in, text_in
from lowcode.kernel.records.fields.link_any import parts
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage.types import json_text


class Link(NamedTuple):
    """A record names another, by a field or by a column of its rows (`items.product`)."""

    id: int
    path: str
    form: str
    target: int


def links_of(context: Context, record_type: RecordType, ids: Iterable[int]) -> list[Link]:
    """What records are linked to: of forms, not of people."""
    listed, dialect, unit = json_text(list(ids)), context.unit.database.dialect_name, context.unit
    found: list[Link] = []
    for way, owner in (("", record_type), *record_type.rows_below):
        fields = [each for each in owner.fields.values() if _names(each) and each.name in owner.table.c]
        root, source = _root(owner)
        if fields:
            columns = [owner.table.c[each.name].label(each.name) for each in fields]
            rows = unit.fetch(sa.select(root.label("@"), *columns).select_from(source).where(id_in(root, dialect)),
                              ids=listed)  # fmt: skip
            for row in rows:
                for each in fields:
                    named = _named(each, row[each.name])
                    if named is not None:
                        found.append(Link(row["@"], f"{way}.{each.name}".lstrip("."), *named))
    for name, join in record_type.joins.items():
        target = record_type.fields[name].target
        if target is not None and _of_form(target):
            rows = unit.fetch(sa.select(join.c.source, join.c.target).where(id_in(join.c.source, dialect)), ids=listed)
            found += [Link(row["source"], name, target, row["target"]) for row in rows]
    return found


def named_by_living(context: Context, record_type: RecordType, ids: Iterable[int]) -> dict[int, tuple[str, int]]:
    """Those of some records that a record which is there is linked to: the form and the id of one that is."""
    host: Any = context.host
    chosen = sorted(ids)
    dialect, name = context.unit.database.dialect_name, record_type.name
    values = {"ids": json_text(chosen), "texts": json_text([f"{name}/{each}" for each in chosen])}
    found: dict[int, tuple[str, int]] = {}
    for owner in host.types.values():
        if owner.parent is None:
            for way in ways_to(owner, record_type, dialect):
                for row in context.unit.fetch(_living(owner, way), **values):
                    target = target_of(row["named"])
                    found.setdefault(target, (owner.name, row["one"]))
    return found


class Way(NamedTuple):
    """How records of a form name records of another: by which field, at which path (`items.product`), and where that
    stands: the id of the record, what it is read from, the column, the condition that it names one of some."""

    field: Field
    path: str
    root: sa.ColumnElement[Any]
    source: sa.FromClause
    column: sa.ColumnElement[Any]
    named: sa.ColumnElement[bool]


def ways_to(owner: RecordType, target: RecordType, dialect: str) -> Iterator[Way]:
    """The columns by which records of a form, or their rows, name records of another: of `ids`, or of `texts`."""
    for way, rows in (("", owner), *owner.rows_below):
        root, source = _root(rows)
        for each in rows.fields.values():
            path = f"{way}.{each.name}".lstrip(".")
            if each.options_type == "link" and each.target == target.name and each.name in rows.table.c:
                column = rows.table.c[each.name]
                yield Way(each, path, root, source, column, id_in(column, dialect))
            elif each.options_type == "link_any" and target.name in each.options.to:  # type: ignore[attr-defined]
                column = rows.table.c[each.name]
                yield Way(each, path, root, source, column, text_in(column, dialect, "texts"))
    for name, join in owner.joins.items():
        if owner.fields[name].target == target.name:
            source = owner.table.join(join, join.c.source == owner.table.c.id)
            named = id_in(join.c.target, dialect)
            yield Way(owner.fields[name], name, owner.table.c.id, source, join.c.target, named)


def target_of(value: int | str) -> int:
    """The id of the record that a stored value names."""
    return value if isinstance(value, int) else parts(value)[1]


def _living(owner: RecordType, way: Way) -> sa.Select[Any]:
    """Which are named by records that are there, and one of them that does."""
    chosen = sa.select(way.column.label("named"), sa.func.min(way.root).label("one")).select_from(way.source)
    return chosen.where(way.named, owner.table.c.deleted_at.is_(None)).group_by(way.column)


def _root(owner: RecordType) -> tuple[sa.ColumnElement[Any], sa.FromClause]:
    """The id of the record that rows lie in, and what it is read from."""
    source: sa.FromClause = owner.table
    while owner.parent is not None:
        source = source.join(owner.parent.table, owner.table.c.parent == owner.parent.table.c.id)
        owner = owner.parent
    return owner.table.c.id, source


def _names(field: Field) -> bool:
    return field.options_type == "link_any" or (field.options_type == "link" and _of_form(field.target))


def _of_form(target: str | None) -> bool:
    return target not in (None, "user", "department")


def _named(field: Field, value: Any) -> tuple[str, int] | None:
    """The record that a value names."""
    if value is None:
        return None
    return parts(value) if field.options_type == "link_any" else (field.target or "", int(value))
