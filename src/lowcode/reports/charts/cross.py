"""A cross table from a result and its levels: lines with subtotals, columns, cells. Pure.

A level holds the rows for some of the dimensions, asked for at that level: a subtotal of averages, ratios or distinct
counts is never added up from its parts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lowcode.reports.charts import palette
from lowcode.reports.charts.shown import Column, Shown

MOST_LINES, MOST_COLUMNS = 2_000, 60
Way = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Cross:
    """What is crossed: the dimensions that run down and across, and the measures of each cell."""

    down: Sequence[Column]
    across: Sequence[Column]
    measures: Sequence[Column]
    heat: bool = False

    def levels(self, subtotals: bool) -> list[tuple[str, ...]]:
        """The names of the dimensions of each level that is asked for: every cell, the totals to its right, the
        totals below, and between them a subtotal of each dimension that runs down."""
        down, across = ([str(each["name"]) for each in columns] for columns in (self.down, self.across))
        depths = range(len(down) + 1) if subtotals else (0, len(down))
        found = [(*down[:depth], *side) for depth in dict.fromkeys(depths) for side in ([*across], [])]
        return list(dict.fromkeys(found))


def cross_table(
    shown: Shown, cross: Cross, levels: Mapping[tuple[str, ...], Sequence[Sequence[Any]]]
) -> dict[str, Any]:
    """Lines in the order of their groups, each below the subtotal it belongs to; the whole comes last."""
    cells = {names: _by_way(rows, len(names)) for names, rows in levels.items()}
    down, across = (tuple(str(each["name"]) for each in columns) for columns in (cross.down, cross.across))
    columns: list[Way] = list(cells.get(across, {}))[:MOST_COLUMNS] if across else []
    scales = _scales(cells.get((*down, *across), {}), cross)
    lines: list[dict[str, Any]] = []

    def line(way: Way, name: str) -> dict[str, Any]:
        """One line: a cell for each column and measure, and the totals of the line."""
        names = down[: len(way)]
        inside, beside = cells.get((*names, *across), {}), cells.get(names, {})
        leaf = len(way) == len(down)
        shades = scales if leaf and cross.heat else []
        found = [_cells(shown, cross, inside.get((*way, *column)), shades) for column in columns]
        key = dict(zip(names, way, strict=True))
        return {
            "depth": len(way), "name": name, "key": key, "cells": found,
            "totals": _cells(shown, cross, beside.get(way), [] if columns else shades),
        }  # fmt: skip

    for way, labels in _ways(shown, cross.down, levels, down, across):
        lines.append(line(way, labels[-1]))
        if len(lines) >= MOST_LINES:
            break
    grand = line((), shown.speech.say("合计", "Total"))
    return {
        "heads": [shown.title_of(each) for each in cross.down],
        "across": [shown.title_of(each) for each in cross.across],
        "columns": [_column(shown, cross, column, levels.get(across, ())) for column in columns],
        "measures": [{"name": each["name"], "title": shown.title_of(each)} for each in cross.measures],
        "lines": lines,
        "grand": grand,
        "capped": len(lines) >= MOST_LINES or len(cells.get(across, {})) > MOST_COLUMNS > 0,
    }


def identity(value: Any) -> Any:
    """What a cell is told apart by."""
    return value["id"] if isinstance(value, Mapping) and "id" in value else value


def _by_way(rows: Sequence[Sequence[Any]], width: int) -> dict[Way, Sequence[Any]]:
    return {tuple(identity(cell) for cell in row[:width]): row[width:] for row in rows}


def _ways(
    shown: Shown, down: Sequence[Column], levels: Mapping[tuple[str, ...], Sequence[Sequence[Any]]],
    names: tuple[str, ...], across: tuple[str, ...],
) -> list[tuple[Way, tuple[str, ...]]]:  # fmt: skip
    """Every line's way and words, a subtotal before what it holds. The order is that of the shortest level."""
    order: dict[Way, int] = {}
    words: dict[Way, tuple[str, ...]] = {}
    depths = [depth for depth in range(1, len(names) + 1) if names[:depth] in levels]
    for depth in depths:
        for place, row in enumerate(levels[names[:depth]]):
            way = tuple(identity(cell) for cell in row[:depth])
            order[way] = place
            words[way] = tuple(shown.words(column, cell) for column, cell in zip(down, row, strict=False))[:depth]
    ways = sorted(order, key=lambda way: [order.get(way[:depth], 0) for depth in range(1, len(way) + 1)])
    return [(way, words[way]) for way in ways]


def _cells(
    shown: Shown, cross: Cross, values: Sequence[Any] | None, scales: Sequence[tuple[float, float]]
) -> list[dict[str, Any] | None]:
    if values is None:
        return [None] * len(cross.measures)
    cells: list[dict[str, Any] | None] = []
    for place, (measure, value) in enumerate(zip(cross.measures, values, strict=False)):
        number = (
            float(value) if value is not None and not isinstance(value, str) and hasattr(value, "__float__") else None
        )
        cell: dict[str, Any] = {"text": shown.words(measure, value), "number": number}
        if scales and number is not None:
            low, high = scales[place]
            cell["ground"] = palette.heat((number - low) / (high - low) if high > low else 0.5)
        cells.append(cell)
    return cells


def _scales(cells: Mapping[Way, Sequence[Any]], cross: Cross) -> list[tuple[float, float]]:
    """The least and the most of each measure, for the colours."""
    scales = []
    for place in range(len(cross.measures)):
        found = [
            float(row[place]) for row in cells.values() if row[place] is not None and hasattr(row[place], "__float__")
        ]
        scales.append((min(found, default=0.0), max(found, default=0.0)))
    return scales


def _column(shown: Shown, cross: Cross, way: Way, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    row = next(row for row in rows if tuple(identity(cell) for cell in row[: len(way)]) == way)
    names = [shown.words(column, cell) for column, cell in zip(cross.across, row, strict=False)][: len(way)]
    return {"names": names, "key": {str(c["name"]): value for c, value in zip(cross.across, way, strict=True)}}
