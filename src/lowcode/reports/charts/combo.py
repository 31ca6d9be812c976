"""Bars and a line, each with an axis of its own: an amount and a rate, a plan and what came of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing, Needs
from lowcode.reports.charts.shown import Shown


class ComboChart(Chart):
    """Bars and lines with an axis on each side; `y` are the bars."""

    type: Literal["combo"]
    lines: list[Name] = Field(
        default_factory=list, description="The measures drawn as lines; left out, the last one of the report."
    )


def draw(shown: Shown, chart: ComboChart) -> Drawing:
    """Bars by the left axis, lines by the right one."""
    lines = [each for each in shown.measures if each["name"] in chart.lines] or shown.measures[-1:]
    named = {each["name"] for each in lines}
    bars = [each for each in shown.drawn(chart.y) if each["name"] not in named]
    x = shown.along(chart.x)
    names, columns = axes.groups(shown, x, bars, None) if bars else ([shown.name(row, x) for row in shown.rows], [])
    _, paths = axes.groups(shown, x, lines, None)
    series = [
        {"name": each.name, "type": "bar", "data": each.data(), "barMaxWidth": 36, "cursor": "pointer",
         "itemStyle": {"color": palette.nth(index), "borderRadius": [3, 3, 0, 0]},
         "tooltip": axes.said(shown, each.measure)}
        for index, each in enumerate(columns)
    ]  # fmt: skip
    for index, each in enumerate(paths, len(columns) + 1):
        color = palette.nth(index)
        series.append(
            {"name": each.name, "type": "line", "data": each.data(), "yAxisIndex": 1, "symbolSize": 7,
             "cursor": "pointer", "itemStyle": {"color": color}, "lineStyle": {"color": color, "width": 2},
             "tooltip": axes.said(shown, each.measure)}
        )  # fmt: skip
    option = axes.frame(shown, names, series, (bars or lines)[0], steps=bool(x.get("grain")))
    right = axes.values(shown, lines[0], position="right", splitLine={"show": False})
    option["yAxis"] = [axes.values(shown, (bars or lines)[0]), right]
    return {"option": option}


KIND = ChartKind("combo", ComboChart, draw, 1, 1, needs=Needs(numbers=2))
