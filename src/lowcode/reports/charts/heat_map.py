"""Two dimensions crossed, the measure as colour."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Column, Shown


class HeatMapChart(Chart):
    """Two dimensions crossed, the measure as colour."""

    type: Literal["heat_map"]
    series: Name | None = Field(None, description="The dimension that runs down; left out, the second.")


def draw(shown: Shown, chart: HeatMapChart) -> Drawing:
    """A cell per pair of groups that has records."""
    x, y = shown.along(chart.x), shown.drawn(chart.y)[0]
    others = [each for each in shown.dimensions if each["name"] != x["name"]]
    down = next((each for each in others if each["name"] == chart.series), others[0])
    across, along = _names(shown, x), _names(shown, down)
    data, numbers = [], [0.0]
    for index, row in enumerate(shown.rows):
        number = shown.number(row, y)
        if number is None:
            continue
        numbers.append(number)
        place = [across.index(shown.name(row, x)), along.index(shown.name(row, down)), number]
        data.append({"value": place, "row": index, "text": shown.text(row, down, x, y)})
    shown_numbers = len(across) <= 8
    label = {
        "show": shown_numbers,
        "formatter": {"$": "number", **shown.format(y, brief=True), "at": 2},
        "fontSize": 11,
    }
    plain = {"splitArea": {"show": False}, "splitLine": {"show": False}}
    return {
        "option": {
            "tooltip": {"trigger": "item", "confine": True, "formatter": TEXT},
            "grid": axes.grid(bottom=4, top=8),
            "xAxis": {**axes.category(across, steps=bool(x.get("grain"))), **plain},
            "yAxis": {**axes.category(along, lying=True), **plain},
            "visualMap": {"show": False, "min": min(numbers), "max": max(numbers) or 1, "dimension": 2,
                          "inRange": {"color": list(palette.HEAT)}},
            "series": [{"type": "heatmap", "data": data, "label": label, "cursor": "pointer",
                        "itemStyle": {"borderColor": palette.GROUND, "borderWidth": 2, "borderRadius": 3}}],
        }
    }  # fmt: skip


def _names(shown: Shown, column: Column) -> list[str]:
    """The groups of a dimension in the order its author listed them, or else in theirs."""
    listed = {option["name"]: index for index, option in enumerate(column.get("options") or ())}
    found = dict.fromkeys(row[shown.at(column)] if listed or column.get("grain") else shown.name(row, column)
                          for row in shown.rows)  # fmt: skip
    if listed:
        return [shown.words(column, value) for value in sorted(found, key=lambda each: listed.get(each, len(listed)))]
    if column.get("grain"):
        days = sorted((each for each in found if each is not None), key=str)
        return [shown.words(column, value) for value in [*days, *([None] if None in found else [])]]
    return list(found)


KIND = ChartKind("heat_map", HeatMapChart, draw, 2, 2)
