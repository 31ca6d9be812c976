"""A year of days, the measure as colour: which days are busy, and which are not."""

from __future__ import annotations

from datetime import date
from typing import Literal

from lowcode.reports.charts import palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown

MOST_DAYS = 366


class CalendarChart(Chart):
    """Days in weeks and months, the measure as colour. Its dimension is a date by day; the last year of it is shown."""

    type: Literal["calendar"]


def draw(shown: Shown, chart: CalendarChart) -> Drawing:
    """A square per day, weeks beginning on Monday."""
    x, y = shown.along(chart.x), shown.drawn(chart.y)[0]
    at = shown.at(x)
    days = {index: row[at] for index, row in enumerate(shown.rows) if isinstance(row[at], date)}
    if not days:
        return {"option": {}}
    last = max(days.values())
    first = max(min(days.values()), date.fromordinal(max(last.toordinal() - MOST_DAYS, 1)))
    data, numbers = [], [0.0]
    for index, day in days.items():
        number = shown.number(shown.rows[index], y)
        if number is not None and day >= first:
            numbers.append(number)
            data.append({"value": [day.isoformat(), number], "row": index, "text": shown.text(shown.rows[index], x, y)})
    names = shown.speech.say("日一二三四五六", "SMTWTFS")
    return {
        "option": {
            "tooltip": {"trigger": "item", "confine": True, "formatter": TEXT},
            "visualMap": {"show": False, "min": 0, "max": max(numbers) or 1, "inRange": {"color": list(palette.HEAT)}},
            "calendar": {
                "range": [first.isoformat(), last.isoformat()], "left": 30, "right": 8, "top": 28, "bottom": 8,
                "cellSize": ["auto", "auto"], "splitLine": {"lineStyle": {"color": palette.LINE}},
                "itemStyle": {"color": "#f6f7f9", "borderColor": palette.GROUND, "borderWidth": 2},
                "dayLabel": {"firstDay": 1, "nameMap": list(names), "color": palette.QUIET, "fontSize": 11},
                "monthLabel": {"nameMap": "ZH" if shown.speech.chinese else "EN", "color": palette.QUIET,
                               "fontSize": 11},
                "yearLabel": {"show": False},
            },
            "series": [{"type": "heatmap", "coordinateSystem": "calendar", "data": data, "cursor": "pointer"}],
        }
    }  # fmt: skip


KIND = ChartKind("calendar", CalendarChart, draw, 1, 1)
