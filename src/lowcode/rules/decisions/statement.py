"""A decision table over all records of a form as one SQL statement: which row hits each of them.

A cell stands for a condition over `?`; with the input's expression in its place it is a condition over the record, and
lowers to SQL like any other. FIRST, UNIQUE, ANY and PRIORITY become one CASE that gives the number of the row; COLLECT
with SUM, MIN, MAX or COUNT becomes one expression per output.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.expressions import compile_expression
from lowcode.kernel.expressions.types import BOOLEAN
from lowcode.rules.decisions.table import DecisionTable, Row
from lowcode.rules.diagnostics import ANSWERS_ARE_EXPRESSIONS

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Shapes
    from lowcode.kernel.records.joins import Joins

_QUOTED = re.compile(r"""("[^"]*"|'[^']*')""")


class NotOneStatement(Exception):
    """A table whose answer is a list, or that has expressions for answers, is decided record by record; `reason` says
    why, in both languages."""

    def __init__(self, reason: Text) -> None:
        self.reason = reason
        super().__init__(localized(reason))


def conditions_of(table: DecisionTable, shapes: Shapes, joins: Joins) -> list[sa.ColumnElement[bool]]:
    """For each row, the condition under which it hits a record."""
    known: dict[tuple[int, str], sa.ColumnElement[bool]] = {}
    return [_condition(table, row, shapes, joins, known) for row in table.rows]


def _condition(
    table: DecisionTable, row: Row, shapes: Shapes, joins: Joins, known: dict[tuple[int, str], Any]
) -> sa.ColumnElement[bool]:
    parts = []
    for at, (column, cell) in enumerate(zip(table.inputs, row.conditions, strict=True)):
        if cell.expression is None:
            continue
        key = (at, cell.text)
        if key not in known:
            text = with_value(cell.expression.text, column.expression.text)
            compiled = compile_expression(text, shapes, table.form, expect=BOOLEAN)
            known[key] = compiled.sql_condition(joins.dialect, joins)
        parts.append(known[key])
    return sa.and_(*parts) if parts else sa.true()


def with_value(condition: str, value: str) -> str:
    """A condition over `?` with an expression in its place; what stands in quotes stays as it is."""
    parts = _QUOTED.split(condition)
    return "".join(part if part[:1] in ("'", '"') and part else part.replace("?", f"({value})") for part in parts)


def row_number(table: DecisionTable, hits: Sequence[sa.ColumnElement[bool]]) -> sa.ColumnElement[Any]:
    """The number of the row that answers for a record; NULL when none hits. Raises NotOneStatement."""
    if table.hit not in ("FIRST", "UNIQUE", "ANY", "PRIORITY"):
        raise NotOneStatement(table.hit)
    order = range(len(table.rows))
    if table.hit == "PRIORITY":
        ranked = [_rank(table, row) for row in table.rows]
        order = sorted(order, key=lambda at: ranked[at])  # type: ignore[assignment]
    if not table.rows:
        return sa.null()
    return sa.case(*((hits[at], sa.literal(table.rows[at].number)) for at in order))


def _rank(table: DecisionTable, row: Row) -> tuple[int, ...]:
    if any(hasattr(answer, "evaluate") for answer in row.answers.values()):
        raise NotOneStatement(ANSWERS_ARE_EXPRESSIONS)
    return tuple(
        output.ranking.get(row.answers.get(output.name), len(output.ranking))
        for output in table.outputs
        if output.ranking
    )
