"""The lines of a table: rows in groups with subtotals, cut into pages, filled up, added up page by page.

Where a table says how many rows a page has, its pages are made here, and every output has their totals. Where it does
not, only the typesetter knows where a page ends: it is told what to add up (`paging`), and the outputs whose pages
others set are cut where its pages end (`outputs/paged`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from lowcode.kernel.currencies import PLACES
from lowcode.printing.blocks.formats import Locale, show, sign_on_paper
from lowcode.printing.blocks.kind import Node
from lowcode.printing.blocks.values import Facts, Value, Words

TEXTUAL = ("text", "date", "iso", "datetime", "time", "words")
"""Formats that show a number as something else."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Rows with an equal value stand together, under a title, over a line of subtotals."""

    by: Value
    title: Words
    total: Words


@dataclass(frozen=True, slots=True)
class Paging:
    """What is said at the end and the beginning of each page, and how many lines a page has."""

    rows: int | None
    first: int | None
    fill: bool
    total: Words
    brought: Words
    forward: Words

    def speaks(self, facts: Facts) -> bool:
        """Whether anything is added up page by page."""
        return any(words.show(facts) for words in (self.total, self.brought, self.forward))


@dataclass(slots=True)
class Line:
    """One printed line: its cells, the bare numbers behind them, and what the summed columns add."""

    cells: list[str]
    amounts: list[Any]
    sums: dict[int, Decimal] = field(default_factory=dict)
    kind: str = ""
    """'' for a row, else `group`, `subtotal`, `page`, `blank`."""
    span: int = 1
    pictures: dict[int, Node] = field(default_factory=dict)
    """What is drawn in a cell, by its place."""


@dataclass(frozen=True, slots=True)
class Summing:
    """The summed columns of a table by their place, and how their sums are shown."""

    values: dict[int, Value]
    count: int
    locale: Locale

    def of(self, row: Facts) -> dict[int, Decimal]:
        """What one row adds."""
        found = {place: value.of(row) for place, value in self.values.items()}
        return {place: Decimal(value) for place, value in found.items() if isinstance(value, (int, Decimal))}

    def line(self, label: str, sums: dict[int, Decimal], kind: str) -> Line:
        """A line with the label up to the first summed column, and the sums under their columns."""
        span = max(min(self.values, default=self.count), 1)
        cells, amounts = [label], [None]
        for place in range(span, self.count):
            value = self.values.get(place)
            total = sums.get(place, Decimal(0))
            form, locale = value.summed(self.locale) if value is not None else ("auto", self.locale)
            cells.append(show(total, form, locale) if value is not None else "")
            amounts.append({"value": str(total), "format": form} if value is not None else None)  # type: ignore[arg-type]
        return Line(cells, amounts, {}, kind, span)

    def patterns(self) -> list[dict[str, Any] | None]:
        """For a typesetter that adds up by itself: how the sum of each column is written."""
        return [_pattern(self.values[place], self.locale) if place in self.values else None
                for place in range(self.count)]  # fmt: skip


def add(sums: dict[int, Decimal], more: dict[int, Decimal]) -> None:
    """Add what a row adds."""
    for place, value in more.items():
        sums[place] = sums.get(place, Decimal(0)) + value


def in_groups(rows: Sequence[Facts], grouping: Grouping) -> list[list[Facts]]:
    """The rows of each group, in the order in which the groups first come, numbered as they are printed."""
    groups: dict[str, list[Facts]] = {}
    for row in rows:
        groups.setdefault(grouping.by.show(row), []).append(row)
    numbers = itertools.count(1)
    return [[row.within(row.record, next(numbers)) for row in members] for members in groups.values()]


def grouped(groups: Sequence[Sequence[tuple[Facts, Line]]], grouping: Grouping, summing: Summing) -> Iterator[Line]:
    """The lines of each group between its title and its subtotals."""
    for members in groups:
        first = members[0][0]
        title = grouping.title.show(first) or grouping.by.show(first)
        yield Line([title], [None], {}, "group", summing.count)
        sums: dict[int, Decimal] = {}
        for _, line in members:
            add(sums, line.sums)
            yield line
        label = grouping.total.show(first)
        if label:
            yield summing.line(label, sums, "subtotal")


def pages(lines: list[Line], paging: Paging, summing: Summing, facts: Facts) -> Iterator[list[Line]]:
    """The lines of each page: brought forward, its own, filled up, its total, carried forward."""
    total, brought, forward = (words.show(facts) for words in (paging.total, paging.brought, paging.forward))
    carried: dict[int, Decimal] = {}
    rest, number = list(lines), 0
    while rest or number == 0:
        room = (paging.first or paging.rows or 0) if number == 0 else paging.rows or 0
        own, rest = rest[:room], rest[room:]
        page = [summing.line(brought, carried, "page")] if brought and number else []
        page += own
        if paging.fill:
            page += [Line([""] * summing.count, [None] * summing.count, {}, "blank") for _ in range(room - len(own))]
        sums: dict[int, Decimal] = {}
        for line in own:
            add(sums, line.sums)
        add(carried, sums)
        if total:
            page.append(summing.line(total, sums, "page"))
        if forward and rest:
            page.append(summing.line(forward, carried, "page"))
        yield page
        number += 1


def as_node(lines: Sequence[Line]) -> Node:
    """The part of a table's node that holds its lines; `marked` says which are no plain rows."""
    return {
        "rows": [line.cells for line in lines],
        "amounts": [line.amounts for line in lines],
        **_pictured(lines),
        "marked": {str(place): {"kind": line.kind, "span": line.span} for place, line in enumerate(lines) if line.kind},
    }


def _pictured(lines: Sequence[Line]) -> Node:
    found = {
        f"{place}/{cell}": node for place, line in enumerate(lines) for cell, node in line.pictures.items()
    }  # fmt: skip
    return {"pictures": found} if found else {}


def _pattern(value: Value, locale: Locale) -> dict[str, Any]:
    prefix, scale, trim = "", 6, True
    form, locale = value.summed(locale)
    match form:
        case "money":
            prefix, scale, trim = sign_on_paper(locale.currency), PLACES.get(locale.currency, 2), False
        case "number":
            scale, trim = 2, False
        case "integer":
            scale, trim = 0, False
    return {"prefix": prefix, "scale": scale, "trim": trim, "format": form}
