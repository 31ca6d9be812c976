"""Changes that add up: what made it more, what made it less, and what it is in the end."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown


class WaterfallChart(Chart):
    """Changes that add up, and their sum at the end."""

    type: Literal["waterfall"]
    total: bool = Field(True, description="A last bar with the sum.")


def draw(shown: Shown, chart: WaterfallChart) -> Drawing:
    """Each bar begins where the one before ended; a sum may lie below nothing."""
    x, y = shown.along(chart.x), shown.drawn(chart.y)[0]
    names = [shown.name(row, x) for row in shown.rows]
    floor, rise, running = [], [], 0.0
    for index, row in enumerate(shown.rows):
        change = shown.number(row, y) or 0.0
        low, high = sorted((running, running + change))
        color = palette.GOOD if change >= 0 else palette.BAD
        floor.append(_floor(low, high))
        rise.append(_part(low, high, {"row": index, "text": shown.text(row, x, y), "itemStyle": {"color": color}}))
        running += change
    if chart.total:
        name = shown.speech.say("合计", "Total")
        names.append(name)
        floor.append(0.0)
        text = f"{name}  {shown.words(y, running)}"
        rise.append([{"value": running, "text": text, "itemStyle": {"color": palette.nth(0)}}, None])
    above, below = [each[0] for each in rise], [each[1] for each in rise]
    look = {"type": "bar", "stack": "all", "barMaxWidth": 40, "cursor": "pointer"}
    series = [
        {"type": "bar", "stack": "all", "silent": True, "itemStyle": {"color": "transparent"}, "data": floor},
        {**look, "data": above},
        {**look, "data": below},
    ]
    option = axes.frame(shown, names, series, y)
    del option["legend"]
    option["grid"] = axes.grid()
    option["tooltip"] = {"trigger": "item", "confine": True, "formatter": TEXT}
    return {"option": option}


def _floor(low: float, high: float) -> float:
    """What carries a bar and is not seen: nothing where the bar crosses zero."""
    return low if low >= 0 else high if high <= 0 else 0.0


def _part(low: float, high: float, mark: dict[str, object]) -> list[dict[str, object] | None]:
    """The part above zero and the part below."""
    above = {**mark, "value": high - max(low, 0.0)} if high > 0 else None
    below = {**mark, "value": low - min(high, 0.0)} if low < 0 else None
    return [above if above is not None or below is not None else {**mark, "value": 0.0}, below]


KIND = ChartKind("waterfall", WaterfallChart, draw, 1, 1)
