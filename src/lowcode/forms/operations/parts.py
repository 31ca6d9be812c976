"""The cells of a part of a file as they are kept until it is brought in: column by column, in JSON.

JSON has no days and no times, and a file has them in whole columns; so what a column holds is noted once, and not at
each of its cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

PLAIN = frozenset({str, float, int, bool, type(None)})
"""Cells that JSON has as they are."""
MOMENTS = frozenset({str, datetime, date, type(None)})
"""Cells of a column of days; text among them has a mark before it, which no day begins with. Times of day have columns
of their own seldom enough, and orjson writes some of them wrong (3.13: 00:00:00.01 as 00:00:00.10)."""
MARK = "'"
NAMES: Mapping[type, str] = {datetime: "datetime", date: "date", time: "time"}
CELLS: Mapping[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat, "date": date.fromisoformat, "time": time.fromisoformat,
    "seconds": lambda seconds: timedelta(seconds=seconds),
}  # fmt: skip


def cut(rows: Iterator[list[Any]], first: int, size: int, most: int) -> Iterator[tuple[int, list[list[Any]]]]:
    """The rows in parts of `size`, each with the number of its first row; blank ones at the end are left out, and what
    stands below `most` blank rows is none of the sheet's."""
    lines: list[list[Any]] = []
    filled = 0
    for row in rows:
        lines.append(row)
        filled = len(lines) if any(row) or row.count("") + row.count(None) < len(row) else filled
        if len(lines) >= size and filled == len(lines):
            yield first, lines
            first, lines, filled = first + len(lines), [], 0
        elif len(lines) >= most:  # a sheet that goes on without anything in it
            return
    if filled:
        yield first, lines[:filled]


def packed(lines: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The rows of a part, as `Json` keeps them."""
    lengths = [len(each) for each in lines]
    width = max(lengths)
    even = min(lengths) == width
    columns = zip(*(lines if even else [[*each, *[None] * (width - len(each))] for each in lines]), strict=True)
    return {"columns": [_column(each) for each in columns], "lengths": None if even else lengths}


def unpacked(kept: Mapping[str, Any]) -> list[Sequence[Any]]:
    """The same rows again."""
    columns = [each if each.__class__ is list else _cells(**each) for each in kept["columns"]]
    rows: list[Sequence[Any]] = list(zip(*columns, strict=True))
    lengths = kept["lengths"]
    return rows if lengths is None else [row[:length] for row, length in zip(rows, lengths, strict=True)]


def _column(cells: Sequence[Any]) -> Any:
    kinds = set(map(type, cells))
    if kinds <= PLAIN:
        return cells
    if kinds <= MOMENTS:
        return {"moments": [MARK + each if each.__class__ is str else each for each in cells]}
    return {"mixed": [each if each.__class__ in PLAIN else _named(each) for each in cells]}


def _cells(moments: Sequence[Any] = (), mixed: Sequence[Any] = ()) -> list[Any]:
    if mixed:
        return [_meant(each) if each.__class__ is dict else each for each in mixed]
    return [None if each is None else each[1:] if each[0] == MARK else _moment(each) for each in moments]


def _moment(text: str) -> datetime | date:
    """ISO 8601 of an instant without a zone, or of a day."""
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)


def _named(value: Any) -> Any:
    """A cell with its kind, where a column has cells of all sorts."""
    name = NAMES.get(value.__class__)
    if name is not None:
        return {name: value.isoformat()}
    return {"seconds": value.total_seconds()} if isinstance(value, timedelta) else value


def _meant(cell: Mapping[str, Any]) -> Any:
    ((name, said),) = cell.items()
    return CELLS[name](said)
