"""How much goes from group to group: where it came from, and what became of it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

from lowcode.reports.charts import palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing
from lowcode.reports.charts.shown import TEXT, Shown


class SankeyChart(Chart):
    """How much goes from the groups of each dimension to those of the next."""

    type: Literal["sankey"]


def draw(shown: Shown, chart: SankeyChart) -> Drawing:
    """A column of groups per dimension. The same word in two columns is two groups, so nothing runs in a circle."""
    measure, levels = shown.drawn(chart.y)[0], shown.dimensions
    nodes: dict[str, dict[str, Any]] = {}
    flows: dict[tuple[str, str], float] = {}
    for row in shown.rows:
        number = shown.number(row, measure) or 0
        if number <= 0:
            continue
        way = []
        for depth, level in enumerate(levels):
            name = shown.name(row, level)
            identity = f"{depth}:{name}"
            color = shown.color(level, row[shown.at(level)]) or palette.nth(len(nodes))
            nodes.setdefault(identity, {
                "name": identity, "depth": depth, "said": name, "text": name, "itemStyle": {"color": color},
                "key": {str(level["name"]): _plain(row[shown.at(level)])},
            })  # fmt: skip
            way.append(identity)
        for pair in pairwise(way):
            flows[pair] = flows.get(pair, 0.0) + number
    links = [
        {"source": one, "target": other, "value": number, "key": {**nodes[one]["key"], **nodes[other]["key"]},
         "text": f"{nodes[one]['said']} → {nodes[other]['said']}  {shown.words(measure, number)}"}
        for (one, other), number in flows.items()
    ]  # fmt: skip
    series = {
        "type": "sankey", "data": list(nodes.values()), "links": links, "left": 4, "right": 96, "top": 8, "bottom": 8,
        "nodeGap": 10, "nodeWidth": 14, "draggable": False, "lineStyle": {"color": "gradient", "opacity": 0.32},
        "label": {"color": palette.TEXT, "fontSize": 12, "formatter": {"$": "said"}, "overflow": "truncate",
                  "width": 90},
        "emphasis": {"focus": "adjacency"}, "cursor": "pointer",
    }  # fmt: skip
    return {"option": {"tooltip": {"trigger": "item", "confine": True, "formatter": TEXT}, "series": [series]}}


def _plain(value: Any) -> Any:
    return value["id"] if isinstance(value, dict) and "id" in value else value


KIND = ChartKind("sankey", SankeyChart, draw, 2, 5)
