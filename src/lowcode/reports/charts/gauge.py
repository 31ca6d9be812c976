"""A number on a dial, with what it should reach."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from lowcode.reports.charts import palette
from lowcode.reports.charts.goal import GoalChart, goal_of
from lowcode.reports.charts.kind import ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown


class GaugeChart(GoalChart):
    """A number on a dial; the target is its end unless `most` is given."""

    type: Literal["gauge"]
    most: float | None = Field(None, gt=0, description="The end of the dial.")
    warn: float = Field(0.6, description="Below this share of the end the dial is red.")
    good: float = Field(0.85, description="From this share of the end on the dial is green.")


def draw(shown: Shown, chart: GaugeChart) -> Drawing:
    """Red, yellow and green ground, and a needle."""
    goal = goal_of(shown, chart)
    default = 1.0 if goal.measure.get("format") == "percent" else max(goal.value, 1.0)
    most = chart.most or goal.target or default
    words = shown.words(goal.measure, Decimal(str(goal.value)))
    told = f"{shown.title_of(goal.measure)}  {words}"
    if goal.target is not None:
        told += f"  {shown.speech.say('目标', 'target')} {shown.words(goal.measure, Decimal(str(goal.target)))}"
    mark = {"value": goal.value, "name": shown.title_of(goal.measure), "text": told}
    bands = [[chart.warn, "#f2b8b3"], [chart.good, "#f6dfa0"], [1, "#a9dcc0"]]
    series = {
        "type": "gauge", "min": 0, "max": most, "radius": "92%", "center": ["50%", "60%"], "startAngle": 200,
        "endAngle": -20, "splitNumber": 4, "cursor": "pointer",
        "data": [mark if goal.row is None else {**mark, "row": goal.row}],
        "axisLine": {"lineStyle": {"width": 14, "color": bands}}, "axisTick": {"show": False},
        "splitLine": {"length": 14, "lineStyle": {"color": palette.GROUND, "width": 2}},
        "axisLabel": {"distance": 18, "color": palette.QUIET, "fontSize": 11,
                      "formatter": shown.format(goal.measure, brief=True)},
        "pointer": {"width": 5, "length": "58%", "itemStyle": {"color": palette.TEXT}},
        "anchor": {"show": True, "size": 10, "itemStyle": {"color": palette.TEXT}},
        "title": {"show": False},
        "detail": {"offsetCenter": [0, "42%"], "fontSize": 22, "fontWeight": 600, "color": palette.TEXT,
                   "formatter": shown.format(goal.measure, brief=True)},
    }  # fmt: skip
    return {"option": {"tooltip": {"trigger": "item", "confine": True, "formatter": TEXT}, "series": [series]}}


KIND = ChartKind("gauge", GaugeChart, draw, 0, 1)
