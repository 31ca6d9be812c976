"""The lines of a table as Word and Excel have them: which columns each cell takes, and its looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Node = Mapping[str, Any]
MARKED = "#eef2f8"
"""What lies under a line that is not one of the rows: a group's title, its sums, those of a page."""


@dataclass(frozen=True, slots=True)
class LineCell:
    """One cell of a line: the columns it takes, what stands in it, and how."""

    first: int
    last: int
    text: str
    style: dict[str, Any]


def is_plain(mark: Node | None) -> bool:
    """Whether a line is one of the rows, or blank."""
    return mark is None or mark["kind"] == "blank"


def cells_of(columns: Sequence[Node], row: Sequence[str], mark: Node | None) -> list[LineCell]:
    """The cells of one line; a marked one begins with words over several columns, in bold."""
    span = mark["span"] if mark is not None else 1
    look = {} if is_plain(mark) else {"weight": "bold"}
    cells = []
    for place, text in zip([0, *range(span, len(columns))], row, strict=True):
        over = place == 0 and span > 1
        align = "left" if over else columns[place]["align"]
        cells.append(
            LineCell(place, span - 1 if over else place, text, {**columns[place]["style"], **look, "align": align})
        )
    return cells
