"""A decision table ready to decide: columns, rows, and the index over them. Pure: values in, a decision out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from lowcode.kernel.expressions.types import BOOLEAN, DATE, NUMBER, TEXT, Type
from lowcode.rules.decisions.cells import AnyValue, Cell
from lowcode.rules.decisions.index import Column, bits

if TYPE_CHECKING:
    from lowcode.kernel.diagnostics import Text
    from lowcode.kernel.expressions import Expression, Moment

HitPolicy = Literal["UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
Aggregate = Literal["LIST", "SUM", "MIN", "MAX", "COUNT"]

OUTPUT_TYPES: Mapping[str, Type | None] = {
    "text": TEXT, "number": NUMBER, "boolean": BOOLEAN, "date": DATE, "choice": TEXT, "user": None,
}  # fmt: skip
"""What the answers of an output are; None: people."""


@dataclass(frozen=True, slots=True)
class Input:
    """One column that is asked: its name, the expression that gives its value, and the kind of that value."""

    name: str
    expression: Expression
    kind: str
    title: Text = ""


@dataclass(frozen=True, slots=True)
class Output:
    """One column that is answered. `ranking`: the values in the order of importance, for PRIORITY and OUTPUT ORDER."""

    name: str
    type: str
    title: Text = ""
    ranking: Mapping[Any, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Condition:
    """A cell with the expression it stands for (None: any value)."""

    text: str
    cell: Cell
    expression: Expression | None

    def met(self, value: Any, moment: Moment) -> bool:
        """Whether a value meets the cell, asked the naive way."""
        return self.expression is None or bool(self.expression.test({}, moment, **{"?": value}))


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its conditions and its answers by column; an answer is a value, or an expression over the record."""

    number: int
    conditions: tuple[Condition, ...]
    answers: Mapping[str, Any]
    note: Text = ""

    @property
    def free(self) -> tuple[tuple[int, Condition], ...]:
        """The cells that only their expression can decide."""
        return tuple((at, each) for at, each in enumerate(self.conditions) if type(each.cell).__name__ == "Free")


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A table, its index, and what is answered when no row hits."""

    name: str
    hit: HitPolicy
    aggregate: Aggregate
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    otherwise: Mapping[str, Any]
    form: str | None = None
    title: Text = ""
    needs: tuple[Expression, ...] = ()
    free_rows: Mapping[int, tuple[tuple[int, Condition], ...]] = field(default_factory=dict)

    def asked(self, record: Mapping[str, Any], moment: Moment) -> tuple[Any, ...]:
        """The values of the input columns for a record."""
        return tuple(each.expression.evaluate(record, moment) for each in self.inputs)

    def hits(self, values: Sequence[Any], moment: Moment) -> list[int]:
        """The rows that hit, in their order; by index."""
        mask = (1 << len(self.rows)) - 1
        for column, value in zip(self.columns, values, strict=True):
            mask &= column.mask(value)
            if not mask:
                return []
        free = self.free_rows
        only_first = self.hit == "FIRST"
        found: list[int] = []
        for row in bits(mask):
            if row in free and not all(cell.met(values[at], moment) for at, cell in free[row]):
                continue
            found.append(row)
            if only_first:
                break
        return found

    def hits_naively(self, values: Sequence[Any], moment: Moment) -> list[int]:
        """The same rows found by asking every cell's expression: what the index must equal."""
        return [
            at
            for at, row in enumerate(self.rows)
            if all(cell.met(value, moment) for cell, value in zip(row.conditions, values, strict=True))
        ]


def is_any(condition: Condition) -> bool:
    """Whether a cell asks nothing."""
    return isinstance(condition.cell, AnyValue)
