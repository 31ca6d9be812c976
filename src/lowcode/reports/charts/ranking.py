"""Who is first: places, names, and how far each is from the leader."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lowcode.reports.charts import palette, svg
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import Shown

MEDALS = ("#d9a400", "#8b93a1", "#b4703a")
HIGH = 40


class RankingChart(Chart):
    """Who is first: places, names, bars. Whoever has the same number has the same place."""

    type: Literal["ranking"]
    best: Literal["most", "least"] = Field("most", description="Whether the largest or the smallest number is first.")


def draw(shown: Shown, chart: RankingChart) -> Drawing:
    """The rows in order, each with its place and its share of the leader's number."""
    x, measures = shown.along(chart.x), shown.drawn(chart.y)
    y, rest = measures[0], measures[1:]
    numbers = {index: shown.number(row, y) for index, row in enumerate(shown.rows)}
    known = [index for index in numbers if numbers[index] is not None]
    order = sorted(known, key=lambda index: numbers[index] or 0, reverse=chart.best == "most")
    most = max((abs(numbers[index] or 0) for index in order), default=0)
    places: list[dict[str, Any]] = []
    for index in order:
        row, number = shown.rows[index], numbers[index] or 0
        tied = places and numbers[places[-1]["row"]] == number
        places.append({
            "row": index, "place": places[-1]["place"] if tied else len(places) + 1, "name": shown.name(row, x),
            "value": shown.words(y, row[shown.at(y)]), "share": abs(number) / most if most else 0,
            "more": [f"{shown.title_of(each)} {shown.name(row, each)}" for each in rest],
        })  # fmt: skip
    return {"ranking": places}


def picture(shown: Shown, chart: RankingChart, width: int, height: int) -> str:
    """A line per place, as many as there is room for."""
    parts = []
    for number, each in enumerate(draw(shown, chart)["ranking"][: max(height // HIGH, 1)]):
        top = number * HIGH
        medal = MEDALS[each["place"] - 1] if each["place"] <= len(MEDALS) else palette.GRID
        ink = palette.GROUND if each["place"] <= len(MEDALS) else palette.QUIET
        room = width - 60 - svg.width_of(each["value"], 13)
        parts += [
            svg.box(4, top + 6, 24, 24, medal, 12),
            svg.words(16, top + 23, str(each["place"]), 12, color=ink, weight=600, anchor="middle"),
            svg.words(38, top + 19, svg.fitted(each["name"], 13, room), 13),
            svg.words(width - 8, top + 19, each["value"], 13, weight=600, anchor="end"),
            svg.box(38, top + 26, width - 46, 5, palette.GRID, 2),
            svg.box(38, top + 26, (width - 46) * each["share"], 5, palette.nth(0), 2),
        ]
    return svg.sheet(width, height, *parts)


KIND = ChartKind("ranking", RankingChart, draw, 1, 1, picture)
