"""A whole as a surface, divided by one dimension and each part by the next."""

from __future__ import annotations

from typing import Literal

from lowcode.reports.charts import palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown
from lowcode.reports.charts.tree import tree


class TreemapChart(Chart):
    """A whole as a surface, divided by the first dimension and each part by the next."""

    type: Literal["treemap"]


def draw(shown: Shown, chart: TreemapChart) -> Drawing:
    """Rectangles in rectangles."""
    border = {"borderColor": palette.GROUND, "borderWidth": 2, "gapWidth": 2}
    levels = [{"itemStyle": border}, {"itemStyle": {**border, "gapWidth": 1}},
              {"itemStyle": {**border, "borderWidth": 1, "gapWidth": 1}}]  # fmt: skip
    series = {
        "type": "treemap", "data": tree(shown, shown.drawn(chart.y)[0], shown.dimensions), "roam": False,
        "nodeClick": False, "breadcrumb": {"show": False}, "left": 0, "right": 0, "top": 0, "bottom": 0,
        "label": {"fontSize": 12, "overflow": "truncate"}, "levels": levels, "cursor": "pointer",
        "upperLabel": {"show": len(shown.dimensions) > 1, "height": 22, "color": palette.TEXT},
    }  # fmt: skip
    return {"option": {"tooltip": {"trigger": "item", "confine": True, "formatter": TEXT}, "series": [series]}}


KIND = ChartKind("treemap", TreemapChart, draw, 1, 3)
