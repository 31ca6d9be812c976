"""Stages with what was lost on the way to each, and the share that went on."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from lowcode.reports.charts import axes, palette, words
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown

LOST = "#f3c9c5"


class LossFunnelChart(Chart):
    """Stages with what was lost on the way to each, and the share that went on."""

    type: Literal["loss_funnel"]


def draw(shown: Shown, chart: LossFunnelChart) -> Drawing:
    """A bar per stage: what went on, and in pale red what did not."""
    x, y = shown.along(chart.x), shown.drawn(chart.y)[0]
    numbers = [shown.number(row, y) or 0 for row in shown.rows]
    say, at = shown.speech.say, shown.at(y)
    kept, lost, beside = [], [], []
    for index, (row, number) in enumerate(zip(shown.rows, numbers, strict=True)):
        before = numbers[index - 1] if index else number
        share = words.percent(Decimal(str(number)) / Decimal(str(before)), 0) if before else "—"
        gone = max(before - number, 0)
        name, color = shown.name(row, x), shown.color(x, row[shown.at(x)]) or palette.nth(0)
        told = f"{name}  {shown.words(y, row[at])}  {say('转化率', 'conversion')} {share}"
        kept.append({"value": number, "row": index, "text": told, "itemStyle": {"color": color}})
        text = f"{name}  {say('流失', 'lost')} {words.exact(y, Decimal(str(gone)), shown.speech)}"
        lost.append({"value": gone, "row": index, "text": text})
        beside.append(f"{shown.brief(y, row[at])}  {share if index else ''}".rstrip())
    side = {**axes.BARE, "axisLabel": {"color": palette.TEXT, "fontSize": 12}}
    names = [shown.name(row, x) for row in shown.rows]
    return {
        "option": {
            "tooltip": {"trigger": "item", "confine": True, "formatter": TEXT},
            "legend": axes.legend(selectedMode=False),
            "grid": axes.grid(True, left=4, right=4),
            "xAxis": {"type": "value", "show": False, "min": 0, "max": max(numbers, default=0)},
            "yAxis": [
                {**side, "type": "category", "inverse": True, "data": names},
                {**side, "type": "category", "inverse": True, "position": "right", "data": beside},
            ],
            "series": [
                {"name": say("留存", "Kept"), "type": "bar", "stack": "all", "data": kept, "cursor": "pointer",
                 "barCategoryGap": "22%", "barMinHeight": 3, "itemStyle": {"color": palette.nth(0)}},
                {"name": say("流失", "Lost"), "type": "bar", "stack": "all", "data": lost, "cursor": "pointer",
                 "itemStyle": {"color": LOST}},
            ],
        }
    }  # fmt: skip


KIND = ChartKind("loss_funnel", LossFunnelChart, draw, 1, 1)
