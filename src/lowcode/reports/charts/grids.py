"""Words in rows and columns as a picture: what the pictures of `table`, `pivot` and `cohort` share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lowcode.reports.charts import palette, svg

HIGH, SIZE, PAD = 26, 12, 8


@dataclass(frozen=True, slots=True)
class Cell:
    """Words, on which side, how strong, on which ground."""

    text: str
    right: bool = False
    strong: bool = False
    ground: str | None = None
    inset: int = 0


def grid(head: Sequence[Cell], rows: Sequence[Sequence[Cell]], width: int, height: int, more: str) -> str:
    """As many rows as there is room for; when some are left out the last line says so (`more`)."""
    widths = _widths([head, *rows[:60]], width)
    room = max((height - HIGH) // HIGH, 1)
    shown = list(rows[: room - 1] if len(rows) > room else rows)
    parts = [svg.box(0, 0, width, HIGH, "#f6f7f9"), *_line(head, widths, 0, palette.QUIET)]
    for number, row in enumerate(shown, 1):
        parts += [
            *_line(row, widths, number * HIGH, palette.TEXT),
            svg.line(0, (number + 1) * HIGH, width, (number + 1) * HIGH),
        ]
    if len(shown) < len(rows):
        parts.append(
            svg.words(
                PAD, (len(shown) + 2) * HIGH - 9, more.format(count=len(rows) - len(shown)), SIZE, color=palette.QUIET
            )
        )
    return svg.sheet(width, height, *parts)


def _widths(rows: Sequence[Sequence[Cell]], width: int) -> list[float]:
    """Columns as wide as their words, shrunk or stretched together to the width of the picture."""
    wanted = [
        max((svg.width_of(row[at].text, SIZE) + row[at].inset for row in rows if at < len(row)), default=0) + 2 * PAD
        for at in range(len(rows[0]))
    ]
    first = min(wanted[0], width * 0.4)
    share = (width - first) / (sum(wanted[1:]) or 1)
    return [first, *(each * share for each in wanted[1:])] if len(wanted) > 1 else [float(width)]


def _line(row: Sequence[Cell], widths: Sequence[float], top: float, color: str) -> list[str]:
    parts, left = [], 0.0
    for cell, wide in zip(row, widths, strict=False):
        if cell.ground is not None:
            parts.append(svg.box(left, top, wide, HIGH, cell.ground))
        text = svg.fitted(cell.text, SIZE, wide - 2 * PAD - cell.inset)
        at = left + wide - PAD if cell.right else left + PAD + cell.inset
        ink = palette.GROUND if cell.ground is not None and dark(cell.ground) else color
        weight, anchor = (600 if cell.strong else 400), ("end" if cell.right else "start")
        parts.append(svg.words(at, top + HIGH - 9, text, SIZE, color=ink, weight=weight, anchor=anchor))
        left += wide
    return parts


def dark(color: str) -> bool:
    """Whether white words read better on this ground."""
    red, green, blue = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140
