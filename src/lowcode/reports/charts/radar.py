"""Several measures of a few groups around one middle: a profile."""

from __future__ import annotations

from typing import Literal

from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown

MOST = 8


class RadarChart(Chart):
    """Several measures of a few groups around one middle: a profile. With one measure, its groups are the corners."""

    type: Literal["radar"]


def draw(shown: Shown, chart: RadarChart) -> Drawing:
    """A corner per measure, each with a scale of its own; a shape per group."""
    x, measures = shown.along(chart.x), shown.drawn(chart.y)
    if len(measures) == 1:
        corners = [shown.name(row, x) for row in shown.rows]
        numbers = [[shown.number(row, measures[0]) or 0 for row in shown.rows]]
        names, rows, most = [shown.title_of(measures[0])], [None], [max(numbers[0], default=0)] * len(corners)
        texts = ["  ".join(shown.text(row, x, measures[0]) for row in shown.rows)]
    else:
        corners = [shown.title_of(each) for each in measures]
        numbers = [[shown.number(row, each) or 0 for each in measures] for row in shown.rows[:MOST]]
        names = [shown.name(row, x) for row in shown.rows[:MOST]]
        most = [max((values[at] for values in numbers), default=0) for at in range(len(measures))]
        rows = list(range(len(names)))  # type: ignore[arg-type]
        texts = [
            f"{shown.name(row, x)}  " + "  ".join(f"{shown.title_of(m)} {shown.name(row, m)}" for m in measures)
            for row in shown.rows[:MOST]
        ]
    data = []
    for index, (name, values, row, text) in enumerate(zip(names, numbers, rows, texts, strict=True)):
        color = palette.nth(index)
        mark = {"name": name, "value": values, "text": text, "itemStyle": {"color": color},
                "lineStyle": {"color": color}, "areaStyle": {"color": color, "opacity": 0.12}}  # fmt: skip
        data.append(mark if row is None else {**mark, "row": row})
    indicator = [{"name": name, "max": top or 1} for name, top in zip(corners, most, strict=True)]
    return {
        "option": {
            "tooltip": {"trigger": "item", "confine": True, "formatter": TEXT},
            **({"legend": axes.legend()} if len(data) > 1 else {}),
            "radar": {
                "indicator": indicator, "radius": "64%", "center": ["50%", "56%" if len(data) > 1 else "52%"],
                "axisName": {"color": palette.QUIET, "overflow": "truncate", "width": 90},
                "splitLine": {"lineStyle": {"color": palette.LINE}}, "splitArea": {"show": False},
                "axisLine": {"lineStyle": {"color": palette.LINE}},
            },
            "series": [{"type": "radar", "symbolSize": 5, "data": data, "cursor": "pointer"}],
        }
    }  # fmt: skip


KIND = ChartKind("radar", RadarChart, draw, 1, 1)
