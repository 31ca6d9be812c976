"""Finding the rows that hit without trying each: one bit per row, one look-up per column.

Every column gives the set of rows whose cell its value meets, as the bits of one integer: for values by hash, for
ordered ranges by bisection over the sorted boundaries. The rows that hit are the bits common to all columns; only
rows with a free condition are then asked one by one. A thousand rows cost as many look-ups as there are columns.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lowcode.rules.decisions.cells import AnyValue, Cell, Free, Ranges, Values


@dataclass(frozen=True, slots=True)
class ValueColumn:
    """Rows by value; `others` are the rows that any value not listed meets."""

    rows: dict[Any, int]
    others: int

    def mask(self, value: Any) -> int:
        """The rows that a value meets."""
        return self.rows.get(value, self.others)


@dataclass(frozen=True, slots=True)
class RangeColumn:
    """Rows by ordered value: boundary i has the rows `at[i]`, the stretch below it `below[i]`."""

    boundaries: tuple[Any, ...]
    at: tuple[int, ...]
    below: tuple[int, ...]
    blank: int

    def mask(self, value: Any) -> int:
        """The rows that a value meets."""
        if value is None:
            return self.blank
        position = bisect_left(self.boundaries, value)
        if position < len(self.boundaries) and self.boundaries[position] == value:
            return self.at[position]
        return self.below[position]


Column = ValueColumn | RangeColumn


def index_columns(cells: Sequence[Sequence[Cell]], width: int) -> tuple[Column, ...]:
    """The index of a table: `cells[row][column]`."""
    return tuple(_column([row[position] for row in cells]) for position in range(width))


def mixed(column: Sequence[Cell]) -> bool:
    """Whether a column has ranges: then its single values count as ranges of one value."""
    return any(isinstance(cell, Ranges) for cell in column)


def _column(column: Sequence[Cell]) -> Column:
    return _range_column(column) if mixed(column) else _value_column(column)


def _value_column(column: Sequence[Cell]) -> ValueColumn:
    listed = {value for cell in column if isinstance(cell, Values) for value in cell.values}
    rows = {value: _rows_meeting(column, value) for value in listed}
    others = sum(1 << row for row, cell in enumerate(column) if meets_unlisted(cell))
    return ValueColumn(rows, others)


def meets_unlisted(cell: Cell) -> bool:
    """Whether a value that no cell of the column names (and that is not blank) meets this cell."""
    return isinstance(cell, (AnyValue, Free)) or (isinstance(cell, Values) and cell.negated)


def meets(cell: Cell, value: Any) -> bool:
    """Whether a value meets a cell; a free condition is taken as met, to be asked later."""
    if isinstance(cell, (AnyValue, Free)):
        return True
    if isinstance(cell, Values):
        return (value in cell.values) is not cell.negated
    if value is None:
        return cell.blank
    return any(interval.holds(value) for interval in cell.intervals)


def _rows_meeting(column: Sequence[Cell], value: Any) -> int:
    return sum(1 << row for row, cell in enumerate(column) if meets(cell, value))


def boundaries_of(column: Sequence[Cell]) -> list[Any]:
    """Every value at which some cell of an ordered column changes its mind, in order."""
    ends: set[Any] = set()
    for cell in column:
        if isinstance(cell, Ranges):
            for interval in cell.intervals:
                ends.update(end for end in (interval.low, interval.high) if end is not None)
        elif isinstance(cell, Values):
            ends.update(value for value in cell.values if value is not None)
    return sorted(ends)


def meets_between(cell: Cell, low: Any, high: Any) -> bool:
    """Whether the values strictly between two neighbouring boundaries (None: without end) meet a cell."""
    if isinstance(cell, (AnyValue, Free)):
        return True
    if isinstance(cell, Values):
        return cell.negated
    return any(
        (interval.low is None or (low is not None and interval.low <= low))
        and (interval.high is None or (high is not None and interval.high >= high))
        for interval in cell.intervals
    )


def _range_column(column: Sequence[Cell]) -> RangeColumn:
    ends = boundaries_of(column)
    stretches = list(zip([None, *ends], [*ends, None], strict=True))
    return RangeColumn(
        boundaries=tuple(ends),
        at=tuple(_rows_meeting(column, end) for end in ends),
        below=tuple(
            sum(1 << row for row, cell in enumerate(column) if meets_between(cell, low, high))
            for low, high in stretches
        ),
        blank=_rows_meeting(column, None),
    )


def bits(mask: int) -> Iterator[int]:
    """The rows of a mask, the first row first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
