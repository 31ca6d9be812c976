"""A result as a chart reads it: columns by name, cells in words, numbers to draw, and the formats of its axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from lowcode.kernel.currencies import PLACES
from lowcode.reports.charts import palette, words
from lowcode.reports.charts.words import Speech

Column = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """Columns and rows of an answer, for one reader."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    totals: Sequence[Any] | None = None
    compared: Sequence[Any] | None = None
    title: str = ""
    levels: Mapping[tuple[str, ...], Sequence[Sequence[Any]]] | None = None
    """Rows for some of the dimensions only, by their names: the subtotals of a cross table."""
    speech: Speech = field(default_factory=Speech)
    compared_days: str = ""
    """The days that the numbers in `compared` are of."""

    @property
    def dimensions(self) -> list[Column]:
        """What the groups are made of, in order."""
        return [column for column in self.columns if column["role"] == "dimension"]

    @property
    def measures(self) -> list[Column]:
        """The numbers of each group, in order."""
        return [column for column in self.columns if column["role"] == "measure" and column["kind"] != "boolean"]

    def at(self, column: Column) -> int:
        """The place of a column."""
        return next(index for index, each in enumerate(self.columns) if each["name"] == column["name"])

    def along(self, name: str | None) -> Column:
        """The dimension of a name; the first when there is none."""
        return next((each for each in self.dimensions if each["name"] == name), self.dimensions[0])

    def drawn(self, names: Sequence[str]) -> list[Column]:
        """The measures of these names; all when there are none."""
        found = [each for name in names for each in self.measures if each["name"] == name]
        return found or self.measures

    def measure(self, name: str | None, place: int = 0) -> Column | None:
        """The measure of a name, or else the one at a place."""
        if name is not None:
            return next((each for each in self.measures if each["name"] == name), None)
        return self.measures[place] if place < len(self.measures) else None

    def title_of(self, column: Column) -> str:
        """What a column is called."""
        return self.speech.words(column["title"]) or str(column["name"])

    def words(self, column: Column, value: Any) -> str:
        """A cell in words."""
        if column["role"] == "measure":
            return words.exact(column, value, self.speech)
        if value is None:
            return self.speech.say("（空）", "(blank)")
        if isinstance(value, Mapping):
            return str(value.get("label", ""))
        for option in column.get("options") or ():
            if option["name"] == value:
                return self.speech.words(option["title"]) or str(value)
        if isinstance(value, bool):
            return self.speech.say("是" if value else "否", "yes" if value else "no")
        if isinstance(value, date):
            return words.period(value, column.get("grain") or "day", self.speech)
        if isinstance(value, Decimal):
            return words.number(value, None)
        return str(value)

    def name(self, row: Sequence[Any], column: Column) -> str:
        """The words of a row's cell."""
        return self.words(column, row[self.at(column)])

    def number(self, row: Sequence[Any], column: Column) -> float | None:
        """The number of a row's cell, to draw."""
        value = row[self.at(column)]
        return None if value is None or isinstance(value, (str, date)) else float(value)

    def brief(self, column: Column, value: Any) -> str:
        """A measure where room is short."""
        return words.brief(column, value, self.speech)

    def color(self, column: Column, value: Any) -> str | None:
        """The colour its author gave an option."""
        named = (option.get("color") for option in column.get("options") or () if option["name"] == value)
        return palette.solid(next(named, None))

    def format(self, column: Column, *, brief: bool = False) -> dict[str, Any]:
        """How the page and the server format a number of this column while they draw."""
        return {
            "$": "number", "format": column.get("format"), "scale": column.get("scale"), "brief": brief,
            "sign": self.speech.sign, "places": PLACES.get(self.speech.currency, 2), "chinese": self.speech.chinese,
        }  # fmt: skip

    def text(self, row: Sequence[Any], *columns: Column) -> str:
        """A row in a line, for the box beside the pointer."""
        return "  ".join(self.name(row, column) for column in columns)


TEXT = {"$": "text"}
"""The box beside the pointer says the `text` of a mark."""
