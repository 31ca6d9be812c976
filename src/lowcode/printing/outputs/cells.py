"""Cells of one sheet: looks made once, words across columns, rows high enough for them, amounts, pictures."""

from __future__ import annotations

import io
import itertools
import math
import unicodedata
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from lowcode.printing.blocks.pictured import size_of

Node = Mapping[str, Any]
FACES = {"sans": "Microsoft YaHei", "serif": "SimSun"}
PIXELS_PER_MM = 3.78
POINTS_PER_MM = 72 / 25.4
ROW = 15.0
"""The height of a row of which nothing is said, in points."""
LETTER = 0.56
"""The width of a Latin letter, of its height; a Chinese character is twice as wide."""


class Cells:
    """A sheet being written, row by row; `widths` are those of its columns, in millimetres."""

    def __init__(self, book: Any, theme: Node, widths: list[float], pixels: Callable[[Node], bytes]) -> None:
        self.book, self.theme, self.widths, self.pixels = book, theme, widths, pixels
        self.made = book.add_worksheet()
        self.row = 0
        self._high: dict[int, float] = {}
        self._looks: dict[tuple[tuple[str, Any], ...], Any] = {}
        for index, width in enumerate(widths):
            self.made.set_column_pixels(index, index, round(width * PIXELS_PER_MM))

    @property
    def last(self) -> int:
        """The last column."""
        return len(self.widths) - 1

    @property
    def height(self) -> float:
        """How high what is written is, in points."""
        return sum(self._high.get(row, ROW) for row in range(self.row))

    @property
    def size(self) -> float:
        """The size of letters where nothing else is said."""
        return float(self.theme["size"])

    def spread(self, count: int) -> list[tuple[int, int]]:
        """The sheet's columns shared out among so many."""
        edges = [index * len(self.widths) // count for index in range(count + 1)]
        return [(first, max(after - 1, first)) for first, after in itertools.pairwise(edges)]

    def room(self, text: str) -> float:
        """How wide a label is, in millimetres, with a little space around it."""
        return (length(text) + 2) * self.size * LETTER / POINTS_PER_MM

    def until(self, first: int, width: float) -> int:
        """The column up to which a width in millimetres reaches."""
        last = first
        while last < self.last and sum(self.widths[first : last + 1]) < width:
            last += 1
        return last

    def look(self, style: Node, **more: Any) -> Any:
        """A format of the workbook; the same look is made once."""
        theme = self.theme
        said: dict[str, Any] = {
            "font_name": FACES[style.get("font", theme["font"])],
            "font_size": style.get("size", theme["size"]),
            "font_color": style.get("color", theme["color"]),
            "bold": style.get("weight") == "bold",
            "align": style.get("align", "left"),
            "valign": "vcenter",
            "text_wrap": True,
        }
        if "background" in style:
            said["bg_color"] = style["background"]
        said |= more
        key = tuple(sorted(said.items()))
        if key not in self._looks:
            self._looks[key] = self.book.add_format(said)
        return self._looks[key]

    def put(self, text: str, style: Node, first: int, last: int, **more: Any) -> None:
        """Words from one column to another; the row is made high enough for them."""
        look = self.look(style, **more)
        if last > first:
            self.made.merge_range(self.row, first, self.row, last, "", look)
        self.made.write_string(self.row, first, text, look)
        self.fit(text, style, first, last)

    def fit(self, text: str, style: Node, first: int, last: int) -> None:
        """No program measures merged cells, so the height of a row is worked out here: a letter is half as wide as it
        is high, a Chinese character as wide."""
        size = style.get("size", self.theme["size"])
        room = max(sum(self.widths[first : last + 1]) * POINTS_PER_MM - 6.0, size)
        lines = sum(max(math.ceil(length(line) * size * LETTER / room), 1) for line in text.split("\n"))
        self.high(size * 1.45 * lines + 3.0)

    def rule(self, color: str) -> None:
        """A line across the sheet."""
        self.made.set_row(self.row, 5.0)
        self.made.merge_range(self.row, 0, self.row, self.last, "", self.look({}, bottom=1, bottom_color=color))
        self.row += 1

    def page_break(self) -> None:
        """What follows begins on a new page."""
        self.made.set_h_pagebreaks([*self.made.hbreaks, self.row])

    def high(self, height: float) -> None:
        """The row is at least so high, in points."""
        if height > self._high.get(self.row, 0.0):
            self._high[self.row] = height
            self.made.set_row(self.row, min(height, 409.0))

    def number(self, amount: Node, shown: str, style: Node, first: int, last: int, **more: Any) -> None:
        """An amount from one column to another, shown as on paper."""
        look = self.look(style, num_format=_number_format(amount["format"], shown), **more)
        if last > first:
            self.made.merge_range(self.row, first, self.row, last, "", look)
        self.made.write_number(self.row, first, float(Decimal(amount["value"])), look)
        self.fit("", style, first, last)

    def image(self, node: Node, width: float, height: float, first: int = 0, last: int | None = None) -> None:
        content = self.pixels(node)
        options = {"image_data": io.BytesIO(content), "object_position": 2, "description": node.get("alt", "")}
        across, down = size_of(content)
        options |= {"x_scale": width * PIXELS_PER_MM / across, "y_scale": height * PIXELS_PER_MM / down}
        until = self.last if last is None else last
        free = sum(self.widths[first : until + 1]) - width
        left = {"left": 0.0, "center": free / 2, "right": free}[node.get("align", "left")] + node.get("right", 0.0)
        options["x_offset"] = max(left, 0.0) * PIXELS_PER_MM
        self.made.insert_image(self.row, first, "picture.png", options)
        if node["type"] != "stamp":
            self.high(height * POINTS_PER_MM)
            self.row += 1

    def drawn(self, node: Node, first: int, last: int) -> None:
        """A picture where words would stand; the row is as high as it."""
        row = self.row
        self.image({**node, "type": "stamp"}, node["width"], node["height"], first, last)
        self.row = row
        self.high(node["height"] * POINTS_PER_MM + 2.0)

    def back(self, last: int, width: float) -> int:
        """The column from which on, up to `last`, there is so much room; two are left for what comes before."""
        first = last
        while first > 2 and sum(self.widths[first : last + 1]) < width:
            first -= 1
        return first


def length(text: str) -> int:
    """How many half-width letters a text is wide."""
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _number_format(form: str, shown: str) -> str:
    """How a spreadsheet shows what the paper shows: the same sign, grouping and decimals."""
    places = len(shown.rpartition(".")[2].rstrip("%")) if "." in shown else 0
    decimals = f".{'0' * places}" if places else ""
    if form == "percent":
        return f"0{decimals}%"
    sign = shown.lstrip("-")
    symbol = "".join(itertools.takewhile(lambda letter: letter not in "0123456789.", sign))
    grouped = "#,##0" if form != "plain" else "0"
    return f'"{symbol}"{grouped}{decimals}' if symbol else f"{grouped}{decimals}"
