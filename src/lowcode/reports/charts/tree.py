"""Dimensions as levels of a tree: what the kinds `treemap` and `sunburst` share."""

from __future__ import annotations

from typing import Any

from lowcode.reports.charts import palette
from lowcode.reports.charts.shown import Column, Shown


def tree(shown: Shown, measure: Column, levels: list[Column]) -> list[dict[str, Any]]:
    """The groups of the first dimension, in each those of the next. A leaf knows its row; a branch the values of its
    own dimensions, so that a press on it finds the records of all its leaves."""
    roots: list[dict[str, Any]] = []
    places: dict[tuple[str, ...], dict[str, Any]] = {}
    for index, row in enumerate(shown.rows):
        number = shown.number(row, measure) or 0
        if number <= 0:
            continue
        way: tuple[str, ...] = ()
        above: dict[str, Any] | None = None
        for depth, level in enumerate(levels):
            way = (*way, shown.name(row, level))
            node = places.get(way)
            if node is None:
                node = {"name": way[-1], "value": 0.0, "from": index, "depth": depth + 1}
                places[way] = node
                siblings = roots if above is None else above.setdefault("children", [])
                siblings.append(node)
            node["value"] += number
            above = node
        if above is not None:
            above["row"] = index
    return [_finished(shown, measure, node, levels, palette.nth(place)) for place, node in enumerate(roots)]


def _finished(shown: Shown, measure: Column, node: dict[str, Any], levels: list[Column], color: str) -> dict[str, Any]:
    row, depth = shown.rows[node.pop("from")], node.pop("depth")
    own = levels[:depth]
    node["text"] = f"{' / '.join(shown.name(row, each) for each in own)}  {shown.words(measure, node['value'])}"
    node["key"] = {str(each["name"]): _plain(row[shown.at(each)]) for each in own}
    if depth == 1:
        color = shown.color(levels[0], row[shown.at(levels[0])]) or color
    node["itemStyle"] = {"color": palette.tint(color, min(0.22 * (depth - 1), 0.66))}
    for child in node.get("children", ()):
        _finished(shown, measure, child, levels, color)
    return node


def _plain(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) and "id" in value else value
