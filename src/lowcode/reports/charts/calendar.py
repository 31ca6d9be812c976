"""A year of days, the measure as colour: which days are busy, and which are not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from lowcode.reports.charts import palette, svg
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing, Needs
from lowcode.reports.charts.shown import TEXT, Shown

MOST_DAYS = 366
LEFT, RIGHT, TOP, BOTTOM = 30, 8, 28, 8
"""Room beside the days, for the names of weekdays and months."""
NONE = "#f6f7f9"
"""A day without a number."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_CHINESE = tuple(f"{name}月" for name in (*"一二三四五六七八九十", "十一", "十二"))


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
                "range": [first.isoformat(), last.isoformat()],
                "left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM,
                "cellSize": ["auto", "auto"], "splitLine": {"lineStyle": {"color": palette.LINE}},
                "itemStyle": {"color": NONE, "borderColor": palette.GROUND, "borderWidth": 2},
                "dayLabel": {"firstDay": 1, "nameMap": list(names), "color": palette.QUIET, "fontSize": 11},
                "monthLabel": {"nameMap": "ZH" if shown.speech.chinese else "EN", "color": palette.QUIET,
                               "fontSize": 11},
                "yearLabel": {"show": False},
            },
            "series": [{"type": "heatmap", "coordinateSystem": "calendar", "data": data, "cursor": "pointer"}],
        }
    }  # fmt: skip


def picture(shown: Shown, chart: CalendarChart, width: int, height: int) -> str:
    """The same without a script: hundreds of squares are quicker written than drawn."""
    option = draw(shown, chart)["option"]
    if not option:
        return svg.sheet(width, height)
    first, last = (date.fromisoformat(each) for each in option["calendar"]["range"])
    begin = first - timedelta(days=first.weekday())
    weeks = (last - begin).days // 7 + 1
    wide, high = (width - LEFT - RIGHT) / weeks, (height - TOP - BOTTOM) / 7
    numbers: dict[str, float] = dict(each["value"] for each in option["series"][0]["data"])
    most = option["visualMap"]["max"]
    parts = []
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        column, row = divmod((day - begin).days, 7)
        number = numbers.get(day.isoformat())
        color = NONE if number is None else palette.heat(number / most)
        parts.append(svg.box(LEFT + column * wide + 1, TOP + row * high + 1, wide - 2, high - 2, color))
    for row, name in enumerate(shown.speech.say("一二三四五六日", "MTWTFSS")):
        y = TOP + (row + 0.5) * high + 4
        parts.append(svg.words(LEFT - 6, y, name, 11, color=palette.QUIET, anchor="end"))
    names = MONTHS_CHINESE if shown.speech.chinese else MONTHS
    for day, column, row in _months(first, last, begin):
        x, top = LEFT + column * wide, TOP + row * high
        if day > first:
            corner = f"{x + wide:.1f},{TOP} {x + wide:.1f},{top:.1f} {x:.1f},{top:.1f} {x:.1f},{height - BOTTOM}"
            parts.append(f'<polyline points="{corner}" fill="none" stroke="{palette.LINE}"/>')
        parts.append(svg.words(x + (wide if row else 0), TOP - 8, names[day.month - 1], 11, color=palette.QUIET))
    return svg.sheet(width, height, *parts)


def _months(first: date, last: date, begin: date) -> Iterator[tuple[date, int, int]]:
    """Where each month begins: the day, its week and its place in it. One that ends within two weeks has no name."""
    day = first
    while day <= last:
        following = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        if (min(following, last) - day).days >= 14:
            yield day, *divmod((day - begin).days, 7)
        day = following


KIND = ChartKind("calendar", CalendarChart, draw, 1, 1, picture, Needs(grains=frozenset({"day"})))
