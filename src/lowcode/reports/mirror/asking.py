"""A question put to the mirror: compiled for DuckDB under the same permissions, or left to the database.

Measures that are calculations with aggregates are taken apart (`reports.parts`): the mirror adds up and counts,
exactly, and the rest is worked out in Python as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect

from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import Expression, NotPushable
from lowcode.kernel.expressions.sql import lower_measure
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.storage.guard import OutOfTime
from lowcode.kernel.storage.prepared import Prepared, with_tables
from lowcode.reports.mirror.keeping import Mirror, NotNow
from lowcode.reports.parts import Counted, Measured, taken_apart

DIALECT = PGDialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
"""DuckDB reads the SQL of PostgreSQL, as far as `DuckdbLowering` writes it."""


class Question:
    """A statement for the mirror, and how its rows become groups."""

    def __init__(self, statement: sa.Select[Any], measures: Sequence[Measured], width: int) -> None:
        self.prepared = Prepared(statement, DIALECT)
        if self.prepared.expanding:
            raise NotPushable("a list of any length")
        self.measures, self.width = tuple(measures), width

    def answer(self, cursor: Any, parameters: Mapping[str, Any]) -> Counted:
        """What is counted of every group."""
        given = self.prepared.parameters(parameters)
        rows = self.prepared.rows(cursor.execute(self.prepared.text, given).fetchall())
        dimensions = [f"report_d{index}" for index in range(self.width)]
        parts = [f"report_p{index}" for index in range(sum(len(each.parts) for each in self.measures))]
        return Counted(
            self.measures,
            {tuple(row[name] for name in dimensions): [row[name] for name in parts] for row in rows},
        )


def question(
    host: Any, joins: Joins, conditions: Sequence[Any], dimensions: Sequence[Expression],
    measures: Sequence[Expression], limit: int,
) -> Question:  # fmt: skip
    """A question as the mirror takes it. Raises NotPushable where it would not answer as the database does."""
    if any(each.type.kind == "multi" for each in dimensions):
        raise NotPushable("a mirror holds no sets")
    columns = [each.sql("duckdb", joins).label(f"report_d{at}") for at, each in enumerate(dimensions)]
    taken = [taken_apart(each.tree) for each in measures]
    parts = [part for each in taken for part in each.parts]
    added = [lower_measure(part, "duckdb", joins).label(f"report_p{at}") for at, part in enumerate(parts)]
    statement = sa.select(*columns, *added).select_from(joins.origin).where(*conditions)
    if columns:
        names: list[Any] = [sa.literal_column(f"report_d{index}") for index in range(len(columns))]
        statement = statement.group_by(*names).limit(limit)
    elif not added:
        raise NotPushable("nothing is asked")
    tables = host.database._tables if host.database.prefix else {}
    return Question(with_tables(statement, tables) if tables else statement, taken, len(columns))  # type: ignore[arg-type]


def mirror_of(context: Context) -> Mirror | None:
    """The mirror of an app that asks for one."""
    if context.app.definition.mirror is None:
        return None
    engine: Any = next(each for each in context.app.engines if each.name == "reports")
    found: Mirror = engine.mirror_of(context.host)
    return found


def asked(
    context: Context, table: sa.Table, key: tuple[Any, ...], make: Callable[[], Question], parameters: Mapping[str, Any]
) -> Counted | None:
    """What the mirror answers; None when the database is to answer."""
    mirror = mirror_of(context)
    if mirror is None or not context.unit.only_reads:
        return None
    host: Any = context.host
    known = host.cached(("mirrored", *key), lambda: _tried(make))
    if isinstance(known, str):
        mirror.told.leave(known)
        return None
    if context.unit.database.guard.on:
        if mirror.copy is not None and table.name not in mirror.large:
            return None
        raise OutOfTime
    try:
        cursor = mirror.cursor(context.unit, table)
        given = {**context.moment().parameters("duckdb"), **parameters}
        found: Counted = known.answer(cursor, given)
    except NotNow as reason:
        mirror.told.leave(str(reason))
        return None
    except Exception as error:
        if not type(error).__module__.startswith(("duckdb", "_duckdb")):
            raise
        mirror.told.leave(f"{type(error).__name__}: {str(error).splitlines()[0]}")
        return None
    mirror.told.answered += 1
    return found


def _tried(make: Callable[[], Question]) -> Question | str:
    try:
        return make()
    except NotPushable as reason:
        return str(reason)
