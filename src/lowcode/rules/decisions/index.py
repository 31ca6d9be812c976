"""Finding the rows that hit without trying each: one bit per row, one look-up per column.

Every column gives the set of rows whose cell its value meets, as the bits of one integer: for values by hash, for
ordered ranges by bisection over the sorted boundaries. The rows that hit are the bits common to all columns; only
rows with a free condition are then asked one by one. A thousand rows cost as many look-ups as there are columns.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import xor
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
    return tuple(column_of([row[position] for row in cells]) for position in range(width))


def mixed(column: Sequence[Cell]) -> bool:
    """Whether a column has ranges: then its single values count as ranges of one value."""
    return any(isinstance(cell, Ranges) for cell in column)


def column_of(column: Sequence[Cell]) -> Column:
    """The index of one column."""
    return range_column(column) if mixed(column) else value_column(column)


def value_column(column: Sequence[Cell]) -> ValueColumn:
    """The rows by value; each cell is looked at once, for the values it names."""
    others = sum(1 << row for row, cell in enumerate(column) if meets_unlisted(cell))
    rows: dict[Any, int] = {}
    for row, cell in enumerate(column):
        for value in cell.values if isinstance(cell, Values) else ():
            rows[value] = rows.get(value, others) ^ (1 << row)
    return ValueColumn(rows, others)


def meets_unlisted(cell: Cell) -> bool:
    """Whether a value that no cell of the column names (and that is not blank) meets this cell. A free condition is
    taken as met, to be asked later."""
    return isinstance(cell, (AnyValue, Free)) or (isinstance(cell, Values) and cell.negated)


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


def range_column(column: Sequence[Cell]) -> RangeColumn:
    """The rows by ordered value. The pieces of the column are numbered in their order, the stretch below boundary i 2i
    and the boundary itself 2i + 1; a cell is looked at only where its pieces begin and end."""
    ends = boundaries_of(column)
    place = {end: 2 * at + 1 for at, end in enumerate(ends)}
    changes = [0] * (2 * len(ends) + 2)
    blank = 0
    for row, cell in enumerate(column):
        bit = 1 << row
        for begin, end in _pieces(cell, place, 2 * len(ends)):
            changes[begin] ^= bit
            changes[end + 1] ^= bit
        if _meets_blank(cell):
            blank |= bit
    pieces = list(accumulate(changes[:-1], xor))
    return RangeColumn(tuple(ends), tuple(pieces[1::2]), tuple(pieces[::2]), blank)


def _meets_blank(cell: Cell) -> bool:
    if isinstance(cell, Values):
        return (None in cell.values) is not cell.negated
    return cell.blank if isinstance(cell, Ranges) else True


def _pieces(cell: Cell, place: Mapping[Any, int], last: int) -> list[tuple[int, int]]:
    """The pieces of an ordered column that meet a cell: from which to which, apart and in their order."""
    if isinstance(cell, (AnyValue, Free)):
        return [(0, last)]
    if isinstance(cell, Values):
        points = sorted(place[value] for value in cell.values if value is not None)
        if not cell.negated:
            return [(point, point) for point in points]
        return list(zip([0, *(point + 1 for point in points)], [*(point - 1 for point in points), last], strict=True))
    found: list[tuple[int, int]] = []
    for interval in cell.intervals:
        begin = 0 if interval.low is None else place[interval.low] + (not interval.low_closed)
        end = last if interval.high is None else place[interval.high] - (not interval.high_closed)
        if begin <= end:
            found.append((begin, end))
    found.sort()
    apart: list[tuple[int, int]] = []
    for begin, end in found:
        if apart and begin <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
        else:
            apart.append((begin, end))
    return apart


def bits(mask: int) -> Iterator[int]:
    """The rows of a mask, the first row first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
