"""Dots between two measures: what the kinds `scatter` and `bubble` share."""

from __future__ import annotations

from math import sqrt
from typing import Any

from lowcode.reports.charts import axes, palette
from lowcode.reports.charts.shown import TEXT, Column, Shown

SMALL, LARGE = 9.0, 46.0


def dots(shown: Shown, across: Column, up: Column, size: Column | None, by: str | None) -> dict[str, Any]:
    """A dot per row; its area is the size, its colour the group of the dimension that colours."""
    second = next((each for each in shown.dimensions if each["name"] == by), None)
    largest = max((abs(shown.number(row, size) or 0) for row in shown.rows), default=0) if size is not None else 0
    found: dict[str, list[dict[str, Any]]] = {}
    for index, row in enumerate(shown.rows):
        one, other = shown.number(row, across), shown.number(row, up)
        if one is None or other is None:
            continue
        name = " · ".join(shown.name(row, each) for each in shown.dimensions)
        told = [f"{shown.title_of(each)} {shown.name(row, each)}" for each in (across, up, size) if each is not None]
        share = sqrt(abs(shown.number(row, size) or 0) / largest) if size is not None and largest else 0
        mark = {"name": name, "value": [one, other], "row": index, "text": "  ".join([name, *told])}
        group = shown.name(row, second) if second is not None else ""
        found.setdefault(group, []).append({**mark, "symbolSize": round(SMALL + (LARGE - SMALL) * share, 1)})
    many = len(found) > 1
    named: dict[str, Any] = {"nameGap": 8, "nameTextStyle": {"color": palette.QUIET}}
    return {
        "option": {
            "tooltip": {"trigger": "item", "confine": True, "formatter": TEXT},
            **({"legend": axes.legend()} if many else {}),
            "grid": axes.grid(many, top=52 if many else 30, right=20),
            "xAxis": axes.values(shown, across, name=shown.title_of(across), nameLocation="end", scale=True,
                                 **{**named, "nameTextStyle": {**named["nameTextStyle"], "align": "right",
                                                               "verticalAlign": "bottom", "padding": [0, 0, 6, 0]}}),
            "yAxis": axes.values(shown, up, name=shown.title_of(up), scale=True,
                                 **{**named, "nameTextStyle": {**named["nameTextStyle"], "align": "left"}}),
            "series": [
                {"name": name, "type": "scatter", "data": data, "cursor": "pointer",
                 "itemStyle": {"color": palette.nth(index), "opacity": 0.72}}
                for index, (name, data) in enumerate(found.items())
            ],
        }
    }  # fmt: skip
