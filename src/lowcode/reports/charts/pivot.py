"""Dimensions crossed down and across, with subtotals, colours and sorting."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts.cross import Cross, cross_table
from lowcode.reports.charts.grids import Cell, grid
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import Shown

ROOMY = 5
"""More columns of numbers than these have room for few characters only."""


class PivotChart(Chart):
    """Dimensions crossed down and across; every subtotal is asked for at its own level."""

    type: Literal["pivot"]
    rows: list[Name] = Field(default_factory=list, description="The dimensions that run down; left out, all others.")
    columns: list[Name] = Field(default_factory=list, description="The dimensions that run across.")
    subtotals: bool = True
    heat: bool = Field(False, description="Cells are coloured by their number.")


def crossed(shown: Shown, chart: PivotChart) -> Cross:
    """What runs down and what across."""
    across = [each for name in chart.columns for each in shown.dimensions if each["name"] == name]
    others = [each for each in shown.dimensions if each["name"] not in chart.columns]
    down = [each for name in chart.rows for each in others if each["name"] == name] or others
    return Cross(down, across, shown.drawn(chart.y), chart.heat)


def draw(shown: Shown, chart: PivotChart) -> Drawing:
    """The cross table, when its levels were asked for."""
    return {"pivot": cross_table(shown, crossed(shown, chart), shown.levels or {})}


def picture(shown: Shown, chart: PivotChart, width: int, height: int) -> str:
    """Lines set in by their depth."""
    told = draw(shown, chart)["pivot"]
    measures = crossed(shown, chart).measures
    many, short = len(measures) > 1, (len(told["columns"]) + 1) * len(measures) > ROOMY
    head = [Cell(" / ".join(told["heads"]), strong=True)]
    for column in [*told["columns"], {"names": [shown.speech.say("合计", "Total")]}]:
        head += [
            Cell(" / ".join([*column["names"], *([measure["title"]] if many else [])]), True, True)
            for measure in told["measures"]
        ]
    rows = []
    for line in [*told["lines"], told["grand"]]:
        strong = line["depth"] < len(told["heads"])
        cells = [pair for group in [*line["cells"], line["totals"]] for pair in zip(measures, group, strict=True)]
        rows.append([
            Cell(line["name"], strong=strong, inset=14 * max(line["depth"] - 1, 0)),
            *(Cell("") if each is None else
              Cell(shown.brief(measure, each["number"]) if short else each["text"], True, strong, each.get("ground"))
              for measure, each in cells),
        ])  # fmt: skip
    return grid(head, rows, width, height, shown.speech.say("还有 {count} 行", "{count} more rows"))


KIND = ChartKind("pivot", PivotChart, draw, 1, 12, picture)
