"""What is reached as a bar, what should be as a mark on it: one line per group."""

from __future__ import annotations

from typing import Any, Literal

from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.goal import GoalChart
from lowcode.reports.charts.kind import ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown


class BulletChart(GoalChart):
    """What is reached as a bar, what should be as a mark on it: one line per group."""

    type: Literal["bullet"]


def draw(shown: Shown, chart: BulletChart) -> Drawing:
    """Bars that lie; green where the mark is reached."""
    x = shown.along(chart.x)
    y = next(each for each in shown.drawn(chart.y) if each["name"] != chart.target_measure)
    wanted = shown.measure(chart.target_measure) if chart.target_measure is not None else None
    bars, marks = [], []
    for index, row in enumerate(shown.rows):
        value = shown.number(row, y) or 0.0
        target = shown.number(row, wanted) if wanted is not None else chart.target
        told = shown.text(row, x, y)
        if target:
            said = shown.words(wanted, row[shown.at(wanted)]) if wanted is not None else shown.words(y, target)
            told += f" / {said}  {value / target * 100:.0f}%"
        reached = target is not None and value >= target
        color = palette.GOOD if reached else palette.nth(0)
        mark: dict[str, Any] = {"row": index, "text": told}
        bars.append({**mark, "value": value, "itemStyle": {"color": color}})
        marks.append({**mark, "value": [target, index] if target is not None else ["-", index]})
    series: list[dict[str, Any]] = [
        {"type": "bar", "data": bars, "barWidth": "46%", "cursor": "pointer", "showBackground": True,
         "backgroundStyle": {"color": palette.GRID, "borderRadius": 3}, "itemStyle": {"borderRadius": [0, 3, 3, 0]}},
        {"type": "scatter", "data": marks, "symbol": "rect", "symbolSize": [4, 24],
         "itemStyle": {"color": palette.TEXT}},
    ]  # fmt: skip
    option = axes.frame(shown, [shown.name(row, x) for row in shown.rows], series, y, lying=True)
    del option["legend"]
    option["grid"] = axes.grid()
    option["tooltip"] = {"trigger": "item", "confine": True, "formatter": TEXT}
    return {"option": option}


KIND = ChartKind("bullet", BulletChart, draw, 1, 1)
