"""Lines in all their shapes: what the kinds `line`, `smooth_line`, `step_line`, `area` and `stacked_area` share."""

from __future__ import annotations

from typing import Any

from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.kind import Chart
from lowcode.reports.charts.shown import Shown


def lines(
    shown: Shown, chart: Chart, *, by: str | None, stacked: bool = False, filled: bool = False, smooth: bool = False,
    step: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The option of a line chart."""
    measures = shown.drawn(chart.y)
    x = shown.along(chart.x)
    names, series = axes.groups(shown, x, measures, by)
    marks = []
    for index, each in enumerate(series):
        color = each.color or palette.nth(index)
        marks.append({
            "name": each.name, "type": "line", "data": each.data(), "symbolSize": 7, "cursor": "pointer",
            "showSymbol": len(names) <= 40, "triggerLineEvent": True, "itemStyle": {"color": color},
            "lineStyle": {"width": 2, "color": color}, "tooltip": axes.said(shown, each.measure),
            **({"stack": "all"} if stacked else {}),
            **({"areaStyle": {"opacity": 0.55 if stacked else 0.18, "color": color}} if filled else {}),
            **({"smooth": 0.35, "smoothMonotone": "x"} if smooth else {}),
            **({"step": "middle"} if step else {}),
        })  # fmt: skip
    option = axes.frame(shown, names, marks, measures[0], pointer="line", steps=bool(x.get("grain")))
    option["xAxis"]["boundaryGap"] = not filled
    return {"option": option}
