"""References of formulas, moved along where rows of a sheet are repeated or left out.

A range that covers a repeated row is stretched over all its copies; within a copy, what is said of its own row speaks
of that copy. `$` holds the first copy at the beginning of a range and the last at its end, as in `SUM(D$5:D5)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

GONE = "#REF!"
SKIPPED = r'"(?:[^"]|"")*"|\[[^\]]*\]'
SHEET = r"(?P<sheet>(?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
CELL = r"(?P<c1>\$?[A-Za-z]{1,3})(?P<r1>\$?\d{1,7})(?::(?P<c2>\$?[A-Za-z]{1,3})(?P<r2>\$?\d{1,7}))?"
ROWS = r"(?P<w1>\$?\d{1,7}):(?P<w2>\$?\d{1,7})"
FOUND = re.compile(rf"{SKIPPED}|(?<![\w.$]){SHEET}(?:{CELL}|{ROWS})(?![\w(.!])")
AREA = re.compile(r"^\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?$")


@dataclass(frozen=True, slots=True)
class Span:
    """Rows that stand together and come so many times: once for each line, or not at all."""

    first: int
    last: int
    copies: int

    @property
    def height(self) -> int:
        """How many rows it has."""
        return self.last - self.first + 1

    def has(self, row: int) -> bool:
        """Whether a row is one of it."""
        return self.first <= row <= self.last


class Moves:
    """Where the rows of one sheet go."""

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans = sorted(spans, key=lambda span: span.first)

    def span_of(self, row: int) -> Span | None:
        """The span a row stands in."""
        return next((span for span in self.spans if span.has(row)), None)

    def copy(self, row: int, number: int) -> int:
        """The new place of a row, in one of the copies of its span."""
        before = sum((span.copies - 1) * span.height for span in self.spans if span.last < row)
        span = self.span_of(row)
        return row + before + (number * span.height if span is not None else 0)

    def top(self, row: int) -> int:
        """Where a row comes first; of one that is gone, where the next one stands."""
        span = self.span_of(row)
        return self.copy(span.first if span is not None and span.copies == 0 else row, 0)

    def bottom(self, row: int) -> int:
        """Where a row comes last; of one that is gone, where the one before stands."""
        span = self.span_of(row)
        if span is None:
            return self.copy(row, 0)
        return self.copy(span.first, 0) - 1 if span.copies == 0 else self.copy(row, span.copies - 1)

    def area(self, text: str) -> str | None:
        """An area such as `B2:D4`, moved and stretched; None when nothing is left of it."""
        match = AREA.match(text.strip())
        if match is None:
            return text
        left, first, right, last = match[1], int(match[2]), match[3] or match[1], int(match[4] or match[2])
        top, bottom = self.top(first), self.bottom(last)
        if top > bottom:
            return None
        return f"{left}{top}" if (left, top) == (right, bottom) else f"{left}{top}:{right}{bottom}"

    def areas(self, text: str) -> str:
        """Several areas with blanks between them."""
        return " ".join(moved for each in text.split() if (moved := self.area(each)) is not None)

    def copies(self, text: str) -> Iterator[str]:
        """An area once for each copy where it lies within a span (merged cells of a line), else moved."""
        match = AREA.match(text)
        first, last = (int(match[2]), int(match[4] or match[2])) if match is not None else (0, 0)
        span = self.span_of(first)
        if match is None or span is None or not span.has(last):
            moved = self.area(text)
            yield from [] if moved is None else [moved]
            return
        for number in range(span.copies):
            right = match[3] or match[1]
            yield f"{match[1]}{self.copy(first, number)}:{right}{self.copy(last, number)}"


def moved(
    formula: str, own: str, moves: Callable[[str], Moves | None], within: Span | None = None, number: int = 0
) -> str:
    """A formula of the sheet `own`, after the rows of the sheets have moved; in a copy of a span, which one it is."""

    def one(match: re.Match[str]) -> str:
        row = match["r1"] or match["w1"]
        if row is None:
            return match[0]
        sheet = match["sheet"] or ""
        name = sheet[:-1].strip("'").replace("''", "'") or own
        rows = moves(name)
        if rows is None or not rows.spans:
            return match[0]
        inside = within if name == own else None
        end = match["r2"] or match["w2"]
        start_row, end_row = int(row.lstrip("$")), int((end or row).lstrip("$"))
        top = _end(rows, row, start_row, inside, number, rows.top)
        bottom = _end(rows, end or row, end_row, inside, number, rows.bottom)
        span = rows.span_of(start_row)
        if top > bottom or (end is None and span is not None and span.copies == 0):
            return GONE
        first = f"{match['c1'] or ''}{_dollar(row)}{top}"
        return f"{sheet}{first}" if end is None else f"{sheet}{first}:{match['c2'] or ''}{_dollar(end)}{bottom}"

    return FOUND.sub(one, formula)


def _end(rows: Moves, text: str, row: int, inside: Span | None, number: int, else_: Callable[[int], int]) -> int:
    own = inside is not None and inside.has(row) and not text.startswith("$")
    return rows.copy(row, number) if own else else_(row)


def _dollar(text: str) -> str:
    return "$" if text.startswith("$") else ""


def shifted(formula: str, down: int, right: int) -> str:
    """A formula as it reads so many cells further: how a shared formula speaks in each of its cells."""

    def one(match: re.Match[str]) -> str:
        if match["r1"] is None and match["w1"] is None:
            return match[0]
        if match["w1"] is not None:
            return f"{match['sheet'] or ''}{_row(match['w1'], down)}:{_row(match['w2'], down)}"
        first = f"{_column(match['c1'], right)}{_row(match['r1'], down)}"
        last = f":{_column(match['c2'], right)}{_row(match['r2'], down)}" if match["r2"] else ""
        return f"{match['sheet'] or ''}{first}{last}"

    return FOUND.sub(one, formula)


def _row(text: str, down: int) -> str:
    return text if text.startswith("$") else str(int(text) + down)


def _column(text: str, right: int) -> str:
    return text if text.startswith("$") else letters(column_of(text) + right)


def column_of(text: str) -> int:
    """The number of a column, from 1."""
    number = 0
    for letter in text.strip("$").upper():
        number = number * 26 + ord(letter) - 64
    return number


def letters(number: int) -> str:
    """The letters of a column."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text
