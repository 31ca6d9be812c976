"""The rows themselves, with totals."""

from __future__ import annotations

from typing import Any, Literal

from lowcode.reports.charts.grids import Cell, grid
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing, Needs
from lowcode.reports.charts.shown import Column, Shown


class TableChart(Chart):
    """The rows themselves, with totals."""

    type: Literal["table"]


def draw(shown: Shown, chart: TableChart) -> Drawing:
    """The page has the rows already."""
    return {}


def picture(shown: Shown, chart: TableChart, width: int, height: int) -> str:
    """Rows under a head, the totals last."""
    head = [Cell(shown.title_of(each), each["role"] == "measure", True) for each in shown.columns]
    rows = [[Cell(shown.words(each, cell), each["role"] == "measure")
             for each, cell in zip(shown.columns, row, strict=True)] for row in shown.rows]  # fmt: skip
    if shown.totals is not None and shown.rows and shown.dimensions:
        said = shown.speech.say("合计", "Total")
        rows.append([
            Cell(_total(shown, each, cell) if place else said, each["role"] == "measure", True)
            for place, (each, cell) in enumerate(zip(shown.columns, shown.totals, strict=True))
        ])  # fmt: skip
    return grid(head, rows, width, height, shown.speech.say("还有 {count} 行", "{count} more rows"))


def _total(shown: Shown, column: Column, cell: Any) -> str:
    """A total in words; a column without one has nothing there."""
    return "" if cell is None else shown.words(column, cell)


KIND = ChartKind("table", TableChart, draw, 0, 12, picture, Needs(numbers=0))
