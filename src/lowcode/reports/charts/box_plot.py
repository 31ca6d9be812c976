"""How a measure is spread in each group: the middle half as a box, the rest as whiskers and dots."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown

WHISKER = 1.5


class BoxPlotChart(Chart):
    """How the first measure is spread in each group of the first dimension, over the groups of the others; or, of one
    dimension, five measures: least, first quarter, middle, third quarter, most."""

    type: Literal["box_plot"]


def draw(shown: Shown, chart: BoxPlotChart) -> Drawing:
    """Boxes from quarter to quarter, whiskers to what is within one and a half boxes, dots beyond."""
    x, measures = shown.along(chart.x), shown.drawn(chart.y)
    given = len(measures) >= 5 and len(shown.dimensions) == 1
    values: dict[str, list[float]] = {}
    keys: dict[str, Any] = {}
    for row in shown.rows:
        name, cell = shown.name(row, x), row[shown.at(x)]
        keys.setdefault(name, cell["id"] if isinstance(cell, dict) and "id" in cell else cell)
        for measure in measures[:5] if given else measures[:1]:
            number = shown.number(row, measure)
            if number is not None:
                values.setdefault(name, []).append(number)
    names = [name for name in keys if len(values.get(name, ())) >= (5 if given else 1)]
    boxes, beyond = [], []
    for place, name in enumerate(names):
        five, outside = (sorted(values[name]), []) if given else five_numbers(values[name])
        told = " / ".join(shown.words(measures[0], each) for each in five)
        boxes.append({"value": five, "key": {str(x["name"]): keys[name]}, "text": f"{name}  {told}"})
        beyond += [{"value": [place, each], "text": f"{name}  {shown.words(measures[0], each)}"} for each in outside]
    series: list[dict[str, Any]] = [
        {"type": "boxplot", "data": boxes, "boxWidth": [10, 44], "cursor": "pointer",
         "itemStyle": {"color": "#e7eefd", "borderColor": palette.nth(0)}},
        {"type": "scatter", "data": beyond, "symbolSize": 6, "itemStyle": {"color": palette.nth(2)}},
    ]  # fmt: skip
    option = axes.frame(shown, names, series, measures[0])
    del option["legend"]
    option["grid"] = axes.grid()
    option["tooltip"] = {"trigger": "item", "confine": True, "formatter": TEXT}
    option["yAxis"]["scale"] = True
    return {"option": option}


def five_numbers(values: Sequence[float]) -> tuple[list[float], list[float]]:
    """Lower whisker, quarter, middle, quarter, upper whisker; and what lies beyond."""
    ordered = sorted(values)
    low, middle, high = (quantile(ordered, share) for share in (0.25, 0.5, 0.75))
    reach = WHISKER * (high - low)
    within = [each for each in ordered if low - reach <= each <= high + reach]
    outside = [each for each in ordered if not low - reach <= each <= high + reach]
    return [within[0], low, middle, high, within[-1]], outside


def quantile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest values, in proportion."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)


KIND = ChartKind("box_plot", BoxPlotChart, draw, 1, 3)
