"""What charts with two axes share: groups by a dimension, series by another or by measures, axes and their formats."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lowcode.reports.charts import palette
from lowcode.reports.charts.shown import Column, Shown

AXIS: dict[str, Any] = {
    "axisLine": {"lineStyle": {"color": palette.LINE}},
    "axisTick": {"show": False},
    "axisLabel": {"color": palette.QUIET, "fontSize": 12},
}
BARE: dict[str, Any] = {**AXIS, "axisLine": {"show": False}}


@dataclass(frozen=True, slots=True)
class Series:
    """One series: a value per category, with the row each comes from."""

    name: str
    measure: Column
    values: Sequence[float | None]
    rows: Sequence[int | None]
    color: str | None = None
    colors: Sequence[str | None] = ()

    def data(self) -> list[dict[str, Any]]:
        """The marks: each knows its row, so that a press on it finds the records behind it."""
        marks = []
        for index, (value, row) in enumerate(zip(self.values, self.rows, strict=True)):
            mark: dict[str, Any] = {"value": value}
            if row is not None:
                mark["row"] = row
            if self.colors and self.colors[index]:
                mark["itemStyle"] = {"color": self.colors[index]}
            marks.append(mark)
        return marks


def groups(shown: Shown, x: Column, measures: Sequence[Column], by: str | None) -> tuple[list[str], list[Series]]:
    """The categories and the series: one per measure, or one per value of the dimension that colours."""
    second = next((each for each in shown.dimensions if each["name"] == by and each["name"] != x["name"]), None)
    if second is None and len(shown.dimensions) > 1:
        second = next(each for each in shown.dimensions if each["name"] != x["name"])
    if second is None:
        return [shown.name(row, x) for row in shown.rows], [_plain(shown, x, each, measures) for each in measures]
    names = list(dict.fromkeys(shown.name(row, x) for row in shown.rows))
    return names, _by(shown, x, second, measures[0], names)


def _plain(shown: Shown, x: Column, measure: Column, measures: Sequence[Column]) -> Series:
    colors = [shown.color(x, row[shown.at(x)]) for row in shown.rows] if len(measures) == 1 else []
    values = [shown.number(row, measure) for row in shown.rows]
    return Series(shown.title_of(measure), measure, values, range(len(shown.rows)), None, colors)


def _by(shown: Shown, x: Column, second: Column, measure: Column, names: Sequence[str]) -> list[Series]:
    place = shown.at(second)
    listed = {option["name"]: index for index, option in enumerate(second.get("options") or ())}
    found: dict[str, Any] = {}
    cells: dict[tuple[str, str], int] = {}
    for index, row in enumerate(shown.rows):
        key = shown.words(second, row[place])
        found.setdefault(key, row[place])
        cells.setdefault((key, shown.name(row, x)), index)
    keys = list(found)
    if listed:
        keys.sort(key=lambda key: listed.get(found[key], len(listed)))
    elif second.get("grain"):
        keys.sort(key=lambda key: str(found[key] or "9999"))
    series = []
    for key in keys:
        rows = [cells.get((key, name)) for name in names]
        values = [0.0 if row is None else shown.number(shown.rows[row], measure) for row in rows]
        series.append(Series(key, measure, values, rows, shown.color(second, found[key])))
    return series


def category(names: Sequence[str], *, lying: bool = False, steps: bool = False) -> dict[str, Any]:
    """The axis of the groups. `lying` is an axis that runs down, so that the first group is on top. Of `steps`, as of
    days, some may be left unsaid; of all else each is named, set as its room allows by what draws it."""
    label = {**AXIS["axisLabel"], "hideOverlap": True, "overflow": "truncate", "width": 96 if lying else 84}
    if not steps:
        label["interval"] = 0
    return {"type": "category", "data": list(names), **AXIS, "inverse": lying, "axisLabel": label}


def values(shown: Shown, measure: Column, **more: Any) -> dict[str, Any]:
    """The axis of a measure, its numbers short."""
    label = {**AXIS["axisLabel"], "formatter": shown.format(measure, brief=True)}
    split: dict[str, Any] = {"splitLine": {"lineStyle": {"color": palette.GRID}}, "splitNumber": 4}
    return {"type": "value", **BARE, **split, "axisLabel": label, **more}


def legend(**more: Any) -> dict[str, Any]:
    """What the colours mean."""
    return {
        "type": "scroll", "top": 0, "left": 0, "icon": "circle", "itemWidth": 8, "itemHeight": 8,
        "textStyle": {"color": palette.TEXT}, **more,
    }  # fmt: skip


def grid(many: bool = False, **more: Any) -> dict[str, Any]:
    """The room of the axes, with all their words inside."""
    inside = {"outerBoundsMode": "same", "outerBoundsContain": "axisLabel"}
    return {"left": 4, "right": 16, "top": 32 if many else 12, "bottom": 4, **inside, **more}


def frame(
    shown: Shown, names: Sequence[str], series: Sequence[Mapping[str, Any]], measure: Column, *,
    lying: bool = False, pointer: str = "shadow", numbers: Mapping[str, Any] | None = None, steps: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """A chart of series over groups."""
    many = len(series) > 1
    along, up = (
        category(names, lying=lying, steps=steps),
        dict(numbers) if numbers is not None else values(shown, measure),
    )
    option: dict[str, Any] = {
        "tooltip": {"trigger": "axis", "axisPointer": {"type": pointer}, "confine": True},
        "grid": grid(many),
        "xAxis": up if lying else along,
        "yAxis": along if lying else up,
        "series": list(series),
    }
    return {**option, "legend": legend()} if many else option


def said(shown: Shown, measure: Column) -> dict[str, Any]:
    """What the box beside the pointer says of a series' numbers."""
    return {"valueFormatter": shown.format(measure)}
