"""Bars in all their shapes: what the kinds `bar`, `horizontal_bar`, `stacked_bar` and `percent_bar` share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.axes import Series
from lowcode.reports.charts.kind import Chart
from lowcode.reports.charts.shown import Shown

PERCENT = {"name": "share", "title": "", "role": "measure", "kind": "number", "format": "percent"}


def bars(
    shown: Shown, chart: Chart, *, by: str | None, stacked: bool = False, lying: bool = False, shares: bool = False
) -> dict[str, Any]:
    """The option of a bar chart."""
    measures = shown.drawn(chart.y)
    x = shown.along(chart.x)
    names, series = axes.groups(shown, x, measures, by)
    measure = PERCENT if shares else measures[0]
    if shares:
        series = as_shares(series)
    marks = [_bar(shown, each, index, stacked, lying) for index, each in enumerate(series)]
    numbers = axes.values(shown, measure, max=1, interval=0.25) if shares else None
    steps = bool(x.get("grain"))
    return {"option": axes.frame(shown, names, marks, measure, lying=lying, numbers=numbers, steps=steps)}


def _bar(shown: Shown, series: Series, index: int, stacked: bool, lying: bool) -> dict[str, Any]:
    round_ = 0 if stacked else [0, 3, 3, 0] if lying else [3, 3, 0, 0]
    return {
        "name": series.name, "type": "bar", "data": series.data(), "barMaxWidth": 36, "cursor": "pointer",
        "itemStyle": {"color": series.color or palette.nth(index), "borderRadius": round_},
        "tooltip": axes.said(shown, series.measure),
        **({"stack": "all"} if stacked else {}),
    }  # fmt: skip


def as_shares(series: Sequence[Series]) -> list[Series]:
    """The same series, each value as its share of its group."""
    sums = [sum(abs(value or 0) for value in group) for group in zip(*(each.values for each in series), strict=True)]
    return [
        replace(
            each, measure=PERCENT,
            values=[(value or 0) / total if total else None for value, total in zip(each.values, sums, strict=True)],
        )
        for each in series
    ]  # fmt: skip
