"""A whole as rings, divided by one dimension and each part by the next."""

from __future__ import annotations

from typing import Literal

from lowcode.reports.charts import palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown
from lowcode.reports.charts.tree import tree


class SunburstChart(Chart):
    """A whole as rings, divided by the first dimension and each part by the next."""

    type: Literal["sunburst"]


def draw(shown: Shown, chart: SunburstChart) -> Drawing:
    """Rings about rings."""
    series = {
        "type": "sunburst", "data": tree(shown, shown.drawn(chart.y)[0], shown.dimensions), "radius": ["16%", "94%"],
        "nodeClick": False, "itemStyle": {"borderColor": palette.GROUND, "borderWidth": 2}, "cursor": "pointer",
        "label": {"fontSize": 11, "overflow": "truncate", "width": 52, "minAngle": 14},
        "emphasis": {"focus": "ancestor"},
    }  # fmt: skip
    return {"option": {"tooltip": {"trigger": "item", "confine": True, "formatter": TEXT}, "series": [series]}}


KIND = ChartKind("sunburst", SunburstChart, draw, 1, 4)
