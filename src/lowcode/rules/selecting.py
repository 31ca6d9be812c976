"""What the rule engine asks of records beside a condition: windows of time, days, and how many somebody has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.facts import Needs, id_in
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.selecting import everything
from lowcode.kernel.storage.types import json_text

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context


def between(element: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """An element lies in the window (window_after, window_until]."""
    after = sa.bindparam("window_after", type_=element.type)
    until = sa.bindparam("window_until", type_=element.type)
    return sa.and_(element > after, element <= until)


def first_between(elements: Sequence[sa.ColumnElement[Any]]) -> list[sa.ColumnElement[bool]]:
    """The first of some elements that is not blank lies in the window: alternatives, each with an index of its own."""
    return [
        sa.and_(*(earlier.is_(None) for earlier in elements[:at]), between(element))
        for at, element in enumerate(elements)
    ]


def in_window(
    joins: Joins, form: str, alternatives: Callable[[Joins], list[sa.ColumnElement[bool]]]
) -> sa.ColumnElement[bool]:
    """Records for which one of some alternatives holds, which few do, whatever else is asked of them.

    SQLite chooses one index for a whole search, and would take that of a stage, behind which many records stand: there
    the alternatives are searches of their own. Their indexes hold living records only, so each says that it wants
    those."""
    if joins.dialect != "sqlite":
        return sa.or_(*alternatives(joins))
    record_type = joins.types[form]
    inner = Joins(joins.types, record_type, joins.own, joins.dialect, record_type.table.alias())
    found = [
        sa.select(inner.root.c.id).select_from(inner.origin).where(inner.root.c.deleted_at.is_(None), each)
        for each in alternatives(inner)
    ]
    return joins.root.c.id.in_(sa.union_all(*found) if len(found) > 1 else found[0])


def day_in(column: sa.ColumnElement[Any], dialect: str, name: str) -> sa.ColumnElement[bool]:
    """A day is one of the ISO days in the JSON list `name`: one statement for every length of list."""
    listed: Any
    if dialect == "sqlite":
        listed = sa.func.json_each(sa.bindparam(name, type_=sa.Text)).table_valued("value")
        return column.in_(sa.select(sa.type_coerce(listed.c.value, column.type)))
    listed = sa.func.jsonb_array_elements_text(sa.cast(sa.bindparam(name, type_=sa.Text), JSONB)).table_valued("value")
    return column.in_(sa.select(sa.cast(listed.c.value, sa.Date)))


def count_by(
    context: Context, key: tuple[Any, ...], form: str, field: str, where: Expression | None, people: Sequence[int]
) -> dict[int, int]:
    """How many records each of some people has."""
    host: Any = context.host

    def build() -> sa.Select[Any]:
        joins, conditions = everything(context, form)
        owner = joins.column(field)
        if where is not None:
            conditions.append(where.sql_condition(joins.dialect, joins))
        conditions.append(id_in(owner, joins.dialect, "people"))
        return (
            sa.select(owner.label("person"), sa.func.count().label("records"))
            .select_from(joins.origin)
            .where(*conditions)
            .group_by(owner)
        )

    statement = host.cached(("rules", "load", *key), build)
    values = context.moment().parameters(host.database.dialect_name)
    rows = context.unit.fetch(statement, people=json_text(list(people)), **values)
    return {row["person"]: row["records"] for row in rows}


def paths(*names: str) -> Needs:
    """A need for some own paths."""
    return Needs(frozenset(names), frozenset())
