"""Shares of a whole as a round: what the kinds `pie`, `donut` and `rose` share."""

from __future__ import annotations

from typing import Any

from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.kind import Chart
from lowcode.reports.charts.shown import TEXT, Shown


def round_(shown: Shown, chart: Chart, *, inner: str, rose: bool = False) -> dict[str, Any]:
    """The option of a pie; groups of nothing have no slice."""
    x, y = shown.along(chart.x), shown.drawn(chart.y)[0]
    data: list[dict[str, Any]] = []
    whole = sum(number for row in shown.rows if (number := shown.number(row, y) or 0) > 0)
    for index, row in enumerate(shown.rows):
        number = shown.number(row, y) or 0
        if number <= 0:
            continue
        color = shown.color(x, row[shown.at(x)]) or palette.nth(len(data))
        share = f"{number / whole * 100:.1f}%"
        data.append(
            {"name": shown.name(row, x), "value": number, "row": index, "text": f"{shown.text(row, x, y)}  {share}",
             "itemStyle": {"color": color}}
        )  # fmt: skip
    series = {
        "type": "pie", "radius": [inner, "66%"], "center": ["33%", "50%"], "label": {"show": False}, "data": data,
        "itemStyle": {"borderColor": palette.GROUND, "borderWidth": 2}, "cursor": "pointer",
        **({"roseType": "radius"} if rose else {}),
    }  # fmt: skip
    side = {"left": "67%", "right": 0, "top": "middle", "orient": "vertical"}
    label = {"textStyle": {"color": palette.TEXT, "width": 120, "overflow": "truncate"}}
    return {
        "option": {
            "tooltip": {"trigger": "item", "formatter": TEXT, "confine": True},
            "legend": axes.legend(**side, **label),
            "series": [series],
        }
    }
