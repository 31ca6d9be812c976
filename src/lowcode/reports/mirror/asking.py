"""A question put to the mirror: compiled for its copy under the same permissions, or left to the database.

Measures that are calculations with aggregates are taken apart (`reports.parts`): the mirror adds up and counts,
exactly, and the rest is worked out in Python as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import Expression, NotPushable
from lowcode.kernel.expressions.sql import lower_measure
from lowcode.kernel.expressions.told import say
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.storage.guard import OutOfTime
from lowcode.reports.mirror.keeping import Mirror, NotNow
from lowcode.reports.mirror.kept import Asked, Kept
from lowcode.reports.parts import Counted, Measured, taken_apart

TROUBLES = ("duckdb", "_duckdb", "sqlalchemy.exc")
"""Where the errors of a copy come from; those of the database itself are its driver's own."""


class Question:
    """A statement for a copy, and how its rows become groups."""

    def __init__(
        self, statement: sa.Select[Any], tables: Mapping[sa.Table, sa.Table], measures: Sequence[Measured], width: int
    ) -> None:
        self.statement, self.tables = statement, tables
        self.measures, self.width = tuple(measures), width
        self._asked: tuple[Kept, Asked] | None = None

    def answer(self, copy: Kept, parameters: Mapping[str, Any]) -> Counted:
        """What is counted of every group. Raises NotPushable."""
        if self._asked is None or self._asked[0] is not copy:
            self._asked = copy, copy.asked(self.statement, self.tables)
        rows = self._asked[1].rows(parameters)
        dimensions = [f"report_d{index}" for index in range(self.width)]
        parts = [f"report_p{index}" for index in range(sum(len(each.parts) for each in self.measures))]
        return Counted(
            self.measures,
            {tuple(row[name] for name in dimensions): [row[name] for name in parts] for row in rows},
        )


def question(
    host: Any, lowering: str, joins: Joins, conditions: Sequence[Any], dimensions: Sequence[Expression],
    measures: Sequence[Expression], limit: int,
) -> Question:  # fmt: skip
    """A question as the mirror takes it. Raises NotPushable where it would not answer as the database does."""
    if any(each.type.kind == "multi" for each in dimensions):
        raise NotPushable(say("mirror-sets"))
    columns = [each.sql(lowering, joins).label(f"report_d{at}") for at, each in enumerate(dimensions)]
    taken = [taken_apart(each.tree) for each in measures]
    parts = [part for each in taken for part in each.parts]
    added = [lower_measure(part, lowering, joins).label(f"report_p{at}") for at, part in enumerate(parts)]
    statement = sa.select(*columns, *added).select_from(joins.origin).where(*conditions)
    if columns:
        statement = statement.group_by(*_groups(columns)).limit(limit)
    elif not added:
        raise NotPushable(say("nothing-asked"))
    return Question(statement, tables_of(host), taken, len(columns))


def _groups(columns: Sequence[sa.Label[Any]]) -> list[Any]:
    """By the names of the columns, which every database that is asked takes."""
    return [sa.literal_column(each.name) for each in columns]


def tables_of(host: Any) -> dict[sa.Table, sa.Table]:
    """Every table a question may read, and the same under the name it has in this host's database."""
    named = {**host.database._tables, **{table: table for table in host.database._tables.values()}}
    forms = (each.table for each in host.types.values() if isinstance(each.table, sa.Table))
    return named | {table: table for table in forms}


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
        copy = mirror.current(context.unit, table)
        given = {**context.moment().parameters(copy.lowering), **parameters}
        found: Counted = known.answer(copy, given)
    except (NotNow, NotPushable) as reason:
        mirror.told.leave(str(reason))
        return None
    except Exception as error:
        if not type(error).__module__.startswith(TROUBLES):
            raise
        mirror.told.leave(f"{type(error).__name__}: {str(error).splitlines()[0]}")
        mirror.failed(error)
        return None
    mirror.told.answered += 1
    return found


def _tried(make: Callable[[], Question]) -> Question | str:
    try:
        return make()
    except NotPushable as reason:
        return str(reason)
