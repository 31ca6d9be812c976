"""How much of a target is reached, as a ring."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from lowcode.reports.charts import palette, words
from lowcode.reports.charts.goal import GoalChart, goal_of
from lowcode.reports.charts.kind import ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown


class ProgressChart(GoalChart):
    """How much of a target is reached, as a ring. Without a target the first measure is the share itself."""

    type: Literal["progress"]


def draw(shown: Shown, chart: ProgressChart) -> Drawing:
    """A ring that fills, the share in its middle and both numbers below."""
    goal = goal_of(shown, chart)
    share = goal.share if goal.target is not None else goal.value
    value = shown.brief(goal.measure, Decimal(str(goal.value)))
    detail = words.percent(Decimal(str(share or 0)))
    if goal.target is not None:
        detail += f"\n{value} / {shown.brief(goal.measure, Decimal(str(goal.target)))}"
    mark = {"value": min(max((share or 0) * 100, 0), 100), "text": f"{shown.title_of(goal.measure)}  {detail}"}
    ring = {
        "width": 14,
        "roundCap": True,
        "itemStyle": {"color": palette.GOOD if (share or 0) >= 1 else palette.nth(0)},
    }
    series = {
        "type": "gauge", "startAngle": 90, "endAngle": -270, "radius": "86%", "pointer": {"show": False},
        "progress": {"show": True, **ring}, "axisLine": {"lineStyle": {"width": 14, "color": [[1, palette.GRID]]}},
        "axisTick": {"show": False}, "splitLine": {"show": False}, "axisLabel": {"show": False}, "cursor": "pointer",
        "data": [mark if goal.row is None else {**mark, "row": goal.row}], "title": {"show": False},
        "detail": {"offsetCenter": [0, 0], "fontSize": 16, "lineHeight": 24, "fontWeight": 600, "color": palette.TEXT,
                   "formatter": detail},
    }  # fmt: skip
    return {"option": {"tooltip": {"trigger": "item", "confine": True, "formatter": TEXT}, "series": [series]}}


KIND = ChartKind("progress", ProgressChart, draw, 0, 1)
