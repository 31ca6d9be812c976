"""Words as large as their number, the largest in the middle."""

from __future__ import annotations

from math import cos, pi, sin, sqrt
from typing import Any, Literal

from pydantic import Field

from lowcode.reports.charts import palette, svg
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import Shown

SMALL, LARGE = 12.0, 46.0
WIDE, HIGH = 600.0, 320.0


class WordCloudChart(Chart):
    """Words as large as their number, the largest in the middle."""

    type: Literal["word_cloud"]
    words: int = Field(80, ge=1, le=200, description="At most how many.")


def draw(shown: Shown, chart: WordCloudChart) -> Drawing:
    """Each word goes along a spiral from the middle to the first place where it touches no other; the same words are
    always placed in the same way, on every machine."""
    x, y = shown.along(chart.x), shown.drawn(chart.y)[0]
    found = [(shown.number(row, y) or 0.0, index) for index, row in enumerate(shown.rows)]
    ordered = sorted((each for each in found if each[0] > 0), key=lambda each: (-each[0], each[1]))[: chart.words]
    most = ordered[0][0] if ordered else 1.0
    least = ordered[-1][0] if ordered else 0.0
    span = sqrt(most) - sqrt(least)
    placed: list[tuple[float, float, float, float]] = []
    words: list[dict[str, Any]] = []
    for number, index in ordered:
        row = shown.rows[index]
        text = shown.name(row, x)
        size = SMALL + (LARGE - SMALL) * ((sqrt(number) - sqrt(least)) / span if span else 0.5)
        size = min(size, WIDE * 0.9 / max(svg.width_of(text, 1), 1))
        spot = _spot(svg.width_of(text, size) + 6, size * 1.15, placed)
        if spot is None:
            continue
        placed.append(spot)
        color = shown.color(x, row[shown.at(x)]) or palette.nth(len(words))
        words.append({"text": text, "x": round(spot[0], 1), "y": round(spot[1], 1), "size": round(size, 1),
                      "color": color, "row": index, "value": shown.words(y, row[shown.at(y)])})  # fmt: skip
    return {"words": words, "width": WIDE, "height": HIGH}


def _spot(
    wide: float, high: float, taken: list[tuple[float, float, float, float]]
) -> tuple[float, float, float, float] | None:
    """The middle of the first free place on a spiral, with its size."""
    turn = 0.0
    while turn < 60 * pi:
        reach = turn * 2.1
        x, y = WIDE / 2 + reach * cos(turn) * 1.5, HIGH / 2 + reach * sin(turn) * 0.75
        inside = wide / 2 <= x <= WIDE - wide / 2 and high / 2 <= y <= HIGH - high / 2
        if inside and all(abs(x - a) * 2 >= wide + w or abs(y - b) * 2 >= high + h for a, b, w, h in taken):
            return x, y, wide, high
        turn += 0.22
    return None


def picture(shown: Shown, chart: WordCloudChart, width: int, height: int) -> str:
    """The cloud, as large as the picture allows."""
    share = min(width / WIDE, height / HIGH)
    left, top = (width - WIDE * share) / 2, (height - HIGH * share) / 2
    parts = [
        svg.words(left + each["x"] * share, top + (each["y"] + each["size"] * 0.36) * share, each["text"],
                  round(each["size"] * share, 1), color=each["color"], weight=600, anchor="middle")
        for each in draw(shown, chart)["words"]
    ]  # fmt: skip
    return svg.sheet(width, height, *parts)


KIND = ChartKind("word_cloud", WordCloudChart, draw, 1, 1, picture)
