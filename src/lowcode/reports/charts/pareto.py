"""Groups from the largest down, with the share they make together: which few bring most of it (80/20)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.bars import PERCENT
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown

FEW = "#9db9f8"


class ParetoChart(Chart):
    """Groups from the largest down, and the share they make together."""

    type: Literal["pareto"]
    share: float = Field(0.8, gt=0, lt=1, description="The share that is marked; the groups that make it are darker.")


def draw(shown: Shown, chart: ParetoChart) -> Drawing:
    """Bars by the left axis, the running share by the right one."""
    x, y = shown.along(chart.x), shown.drawn(chart.y)[0]
    numbers = {index: shown.number(row, y) or 0.0 for index, row in enumerate(shown.rows)}
    order = sorted((index for index in numbers if numbers[index] > 0), key=lambda index: -numbers[index])
    whole = sum(numbers[index] for index in order)
    bars, path, running = [], [], 0.0
    for index in order:
        row = shown.rows[index]
        vital = running < chart.share * whole
        running += numbers[index]
        told = f"{shown.text(row, x, y)}  {shown.speech.say('累计', 'together')} {running / whole * 100:.1f}%"
        mark = {"row": index, "text": told}
        bars.append({**mark, "value": numbers[index], "itemStyle": {"color": palette.nth(0) if vital else FEW}})
        path.append({**mark, "value": running / whole})
    line = {"color": palette.nth(2), "width": 2}
    limit = {"silent": True, "symbol": "none", "label": {"show": False}, "data": [{"yAxis": chart.share}],
             "lineStyle": {"color": palette.QUIET, "type": "dashed"}}  # fmt: skip
    series = [
        {"name": shown.title_of(y), "type": "bar", "data": bars, "barMaxWidth": 36, "cursor": "pointer",
         "itemStyle": {"borderRadius": [3, 3, 0, 0]}},
        {"name": shown.speech.say("累计占比", "Cumulative share"), "type": "line", "data": path, "yAxisIndex": 1,
         "symbolSize": 6, "cursor": "pointer", "itemStyle": {"color": palette.nth(2)}, "lineStyle": line,
         "markLine": limit},
    ]  # fmt: skip
    option = axes.frame(shown, [shown.name(shown.rows[index], x) for index in order], series, y)
    option["tooltip"] = {"trigger": "item", "confine": True, "formatter": TEXT}
    right = axes.values(shown, PERCENT, min=0, max=1, interval=0.2, position="right", splitLine={"show": False})
    option["yAxis"] = [axes.values(shown, y), right]
    return {"option": option}


KIND = ChartKind("pareto", ParetoChart, draw, 1, 1)
