"""Groups by when they began, and how much of each is left after one, two, three periods: retention."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts import palette, words
from lowcode.reports.charts.grids import Cell, grid
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import Column, Shown

MONTHS = {"month": 1, "quarter": 3, "year": 12}


class CohortChart(Chart):
    """A line per cohort (the first dimension), a column per age (the second: a number of periods, or the period
    itself), cells as the share of the cohort at age 0."""

    type: Literal["cohort"]
    age: Name | None = Field(None, description="The dimension of ages; left out, the second.")
    share: bool = Field(True, description="Shares of the first column; otherwise the numbers themselves.")


def draw(shown: Shown, chart: CohortChart) -> Drawing:
    """Cells with their words, their shade and the row they come from."""
    x, y = shown.along(chart.x), shown.drawn(chart.y)[0]
    others = [each for each in shown.dimensions if each["name"] != x["name"]]
    age = next((each for each in others if each["name"] == chart.age), others[0])
    cells: dict[Any, dict[int, tuple[float, int]]] = {}
    names: dict[Any, str] = {}
    for index, row in enumerate(shown.rows):
        start, number = row[shown.at(x)], shown.number(row, y)
        old = _age(start, row[shown.at(age)], x, age)
        if number is None or old is None or old < 0:
            continue
        key = start["id"] if isinstance(start, dict) and "id" in start else start
        names[key] = shown.name(row, x)
        cells.setdefault(key, {})[old] = (number, index)
    ages = range(max((old for found in cells.values() for old in found), default=-1) + 1)
    lines = []
    for key in sorted(cells, key=str):
        found = cells[key]
        first = found.get(0, (0.0, 0))[0]
        line = [_cell(shown, y, found.get(old), first, chart.share) for old in ages]
        lines.append({"name": names[key], "size": shown.words(y, first), "cells": line})
    return {"cohort": {"ages": list(ages), "of": shown.title_of(x), "size": shown.title_of(y), "lines": lines}}


def _cell(
    shown: Shown, measure: Column, found: tuple[float, int] | None, first: float, share: bool
) -> dict[str, Any] | None:
    if found is None:
        return None
    part = found[0] / first if first else 0.0
    text = words.percent(Decimal(str(part)), 0) if share else shown.brief(measure, found[0])
    return {"text": text, "row": found[1], "ground": palette.heat(part), "exact": shown.words(measure, found[0])}


def _age(start: Any, value: Any, x: Column, age: Column) -> int | None:
    """The number of periods between two, or the number itself."""
    if isinstance(value, date) and isinstance(start, date):
        grain = age.get("grain") or x.get("grain") or "month"
        if grain in MONTHS:
            return ((value.year - start.year) * 12 + value.month - start.month) // MONTHS[grain]
        return (value - start).days // (7 if grain == "week" else 1)
    return None if value is None or isinstance(value, (date, str, dict)) else int(value)


def picture(shown: Shown, chart: CohortChart, width: int, height: int) -> str:
    """A line per cohort."""
    told = draw(shown, chart)["cohort"]
    head = [
        Cell(told["of"], strong=True),
        Cell(told["size"], True, True),
        *(Cell(f"+{each}", True) for each in told["ages"]),
    ]
    rows = [
        [Cell(each["name"]), Cell(each["size"], True),
         *(Cell("") if cell is None else Cell(cell["text"], True, ground=cell["ground"]) for cell in each["cells"])]
        for each in told["lines"]
    ]  # fmt: skip
    return grid(head, rows, width, height, shown.speech.say("还有 {count} 行", "{count} more rows"))


KIND = ChartKind("cohort", CohortChart, draw, 2, 2, picture)
