"""What runs from when to when, one line per group (a Gantt chart)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions import Name
from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing, Needs
from lowcode.reports.charts.shown import TEXT, Shown

DAY = 86_400_000


class TimelineChart(Chart):
    """What runs from when to when, one line per group. Its measures are dates, such as MIN(start) and MAX(end)."""

    type: Literal["timeline"]
    start: Name | None = Field(None, description="The measure with the first day; left out, the first.")
    end: Name | None = Field(None, description="The measure with the last day; left out, the second.")


def draw(shown: Shown, chart: TimelineChart) -> Drawing:
    """Bars from day to day; a group without an end has one day."""
    x = shown.along(chart.x)
    start, end = shown.measure(chart.start, 0), shown.measure(chart.end, 1)
    second = next((each for each in shown.dimensions if each["name"] != x["name"]), None)
    names, bars = [], []
    for index, row in enumerate(shown.rows):
        first = _stamp(row[shown.at(start)]) if start is not None else None
        if first is None:
            continue
        last = _stamp(row[shown.at(end)]) if end is not None else None
        until = max(last if last is not None else first, first) + DAY
        color = shown.color(second or x, row[shown.at(second or x)]) or palette.nth(0)
        said = [shown.name(row, each) for each in (second, start, end) if each is not None]
        text = "  ".join([shown.name(row, x), *said])
        mark: dict[str, Any] = {"row": index, "text": text, "itemStyle": {"color": color, "borderRadius": 3}}
        bars.append((first, {**mark, "value": until - first}))
        names.append(shown.name(row, x))
    least = min((first for first, _ in bars), default=0)
    ends = max((first + mark["value"] for first, mark in bars), default=DAY)
    label = {**axes.AXIS["axisLabel"], "formatter": {"$": "day", "from": least}, "hideOverlap": True}
    span = {"type": "value", **axes.BARE, "min": 0, "max": ends - least, "axisLabel": label, "splitNumber": 4,
            "splitLine": {"lineStyle": {"color": palette.GRID}}}  # fmt: skip
    look = {"type": "bar", "stack": "all", "barMaxWidth": 22}
    return {
        "option": {
            "tooltip": {"trigger": "item", "confine": True, "formatter": TEXT},
            "grid": axes.grid(right=28),
            "xAxis": span,
            "yAxis": axes.category(names, lying=True),
            "series": [
                {**look, "silent": True, "itemStyle": {"color": "transparent"}, "data": [at - least for at, _ in bars]},
                {**look, "cursor": "pointer", "data": [mark for _, mark in bars]},
            ],
        }
    }


def _stamp(value: Any) -> int | None:
    if isinstance(value, datetime):
        return int(value.timestamp() * 1000)
    if isinstance(value, date):
        return int(datetime.combine(value, time(), UTC).timestamp() * 1000)
    return None


KIND = ChartKind("timeline", TimelineChart, draw, 1, 2, needs=Needs(numbers=0, dates=1))
