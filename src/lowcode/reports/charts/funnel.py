"""Stages, each with what is left of the one before."""

from __future__ import annotations

from typing import Literal

from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown


class FunnelChart(Chart):
    """Stages, each with what is left of the one before."""

    type: Literal["funnel"]


def draw(shown: Shown, chart: FunnelChart) -> Drawing:
    """Steps as bars about one middle: their widths compare, whether or not each is smaller than the one before."""
    x, y = shown.along(chart.x), shown.drawn(chart.y)[0]
    numbers = [shown.number(row, y) or 0 for row in shown.rows]
    most = max(numbers, default=0)
    words = {**axes.BARE, "axisLabel": {"color": palette.TEXT, "fontSize": 12}}
    label = {"color": palette.TEXT, "fontSize": 12, "fontWeight": 600}
    steps = [
        {
            "value": number, "row": index, "text": shown.text(row, x, y),
            "itemStyle": {"color": shown.color(x, row[shown.at(x)]) or palette.nth(index), "borderRadius": 4},
        }
        for index, (row, number) in enumerate(zip(shown.rows, numbers, strict=True))
    ]  # fmt: skip
    beside = [(most - number) / 2 for number in numbers]
    return {
        "option": {
            "tooltip": {"trigger": "item", "confine": True, "formatter": TEXT},
            "grid": axes.grid(left=4, right=4, top=4),
            "xAxis": {"type": "value", "show": False, "min": 0, "max": most},
            "yAxis": [
                {**words, "type": "category", "inverse": True, "data": [shown.name(row, x) for row in shown.rows]},
                {**words, "type": "category", "inverse": True, "position": "right", "axisLabel": label,
                 "data": [shown.brief(y, row[shown.at(y)]) for row in shown.rows]},
            ],
            "series": [
                {"type": "bar", "stack": "funnel", "silent": True, "data": beside, "barCategoryGap": "14%",
                 "itemStyle": {"color": "transparent"}},
                {"type": "bar", "stack": "funnel", "cursor": "pointer", "barMinHeight": 3, "data": steps},
            ],
        }
    }  # fmt: skip


KIND = ChartKind("funnel", FunnelChart, draw, 1, 1)
