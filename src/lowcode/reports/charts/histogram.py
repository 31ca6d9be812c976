"""How many groups have how much: a distribution."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from math import ceil, floor, log10, sqrt
from typing import Literal

from pydantic import Field

from lowcode.reports.charts import axes, palette, words
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown

COUNT = {"name": "count", "title": "", "role": "measure", "kind": "number", "scale": 0, "format": None}


class HistogramChart(Chart):
    """How many groups have how much of the first measure, in classes of one width."""

    type: Literal["histogram"]
    classes: int | None = Field(
        None, ge=2, le=60, description="About how many; left out, by the square root of the number of groups."
    )


def draw(shown: Shown, chart: HistogramChart) -> Drawing:
    """A bar per class, without gaps; classes begin at round numbers."""
    y = shown.drawn(chart.y)[0]
    numbers = [number for row in shown.rows if (number := shown.number(row, y)) is not None]
    if not numbers:
        return {"option": {}}
    wanted = chart.classes or max(4, min(30, ceil(sqrt(len(numbers)))))
    width = rounded((max(numbers) - min(numbers)) / wanted or abs(numbers[0]) or 1.0)
    first = floor(min(numbers) / width)
    counts = [0] * (floor(max(numbers) / width) - first + 1)
    for number in numbers:
        counts[floor(number / width) - first] += 1
    edges = [(first + place) * width for place in range(len(counts) + 1)]
    names = [words.short(Decimal(str(edge)), shown.speech) for edge in edges]
    said = shown.speech.say("个", "in all")
    data = [
        {"value": count, "text": f"{names[place]} – {names[place + 1]}  {count} {said}"}
        for place, count in enumerate(counts)
    ]
    series = {"type": "bar", "data": data, "barCategoryGap": "2%", "itemStyle": {"color": palette.nth(0)}}
    option = axes.frame(shown, [f"{one}–{other}" for one, other in pairwise(names)], [series], COUNT, steps=True)
    option["tooltip"] = {"trigger": "item", "confine": True, "formatter": TEXT}
    return {"option": option}


def rounded(width: float) -> float:
    """The next of 1, 2, 2.5 and 5 times a power of ten: edges that people can read."""
    power = 10.0 ** floor(log10(width))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= width * 0.999)


KIND = ChartKind("histogram", HistogramChart, draw, 1, 12)
