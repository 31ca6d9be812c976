"""The part of a model that says where everything stands."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from lowcode.flows.bpmn.arranging import SIZES, Edge, Shape, Spot, arrange, border
from lowcode.flows.bpmn.placing import placed, way
from lowcode.flows.bpmn.xml import tag

LABEL = (90, 14)
"""How large the name of an arrow is."""


def as_drawn(shapes: Iterable[Shape], places: Mapping[str, Sequence[float]]) -> None:
    """Every shape stands where it was drawn, but for those on borders."""
    for each in shapes:
        if not each.on:
            each.x, each.y, each.width, each.height = places[each.id]


def on_borders(shapes: Sequence[Shape]) -> None:
    """What sits on the border of another shape."""
    by_id = {each.id: each for each in shapes}
    for host in by_id:
        for index, each in enumerate([each for each in shapes if each.on == host]):
            each.width, each.height = SIZES["event"]
            around = by_id[host]
            each.x = around.x + border(index)
            each.y = around.y + around.height - each.height / 2


def diagram(
    process: str, shapes: Sequence[Shape], edges: Sequence[Edge], drawing: Mapping[str, Any]
) -> ET.Element:  # fmt: skip
    """Where everything stands: as it was drawn elsewhere (`drawing`), or arranged."""
    places = placed(drawing, (each.id for each in shapes if not each.on))
    ways: dict[str, list[Spot]] = {}
    if places is None:
        ways = arrange(shapes, edges)
    else:
        as_drawn(shapes, places)
        met: Counter[str] = Counter()
        drawn = ((edge.id, way(drawing, edge.source, edge.target, met)) for edge in edges)
        ways = {id: points for id, points in drawn if points}
    on_borders(shapes)
    by_id = {each.id: each for each in shapes}
    named: Counter[Spot] = Counter()
    root = ET.Element(tag("bpmndi:BPMNDiagram"), id=f"diagram_{process}")
    plane = ET.SubElement(root, tag("bpmndi:BPMNPlane"), id=f"plane_{process}", bpmnElement=process)
    for each in shapes:
        shape = ET.SubElement(plane, tag("bpmndi:BPMNShape"), id=f"shape_{each.id}", bpmnElement=each.id)
        if each.holds:
            shape.set("isExpanded", "true")
        _bounds(shape, each.x, each.y, each.width, each.height)
    for edge in edges:
        line = ET.SubElement(plane, tag("bpmndi:BPMNEdge"), id=f"edge_{edge.id}", bpmnElement=edge.id)
        points = ways.get(edge.id) or _straight(by_id[edge.source], by_id[edge.target])
        for x, y in points:
            ET.SubElement(line, tag("di:waypoint"), x=f"{x:g}", y=f"{y:g}")
        if edge.name and places is None:
            x, y = _middle(points)
            above = (LABEL[1] + 4) * (1 + named[x, y])  # where two meet, one name stands above the other
            named[x, y] += 1
            _bounds(ET.SubElement(line, tag("bpmndi:BPMNLabel")), x - LABEL[0] / 2, y - above, *LABEL)
    return root


def _bounds(holder: ET.Element, x: float, y: float, width: float, height: float) -> None:
    sides = {"x": x, "y": y, "width": width, "height": height}
    ET.SubElement(holder, tag("dc:Bounds"), {key: f"{value:g}" for key, value in sides.items()})


def _middle(points: Sequence[Spot]) -> Spot:
    """Where the name stands: in the first room between two columns, at the height at which it leaves it, where those
    of the others do not."""
    turn = next(((x, after[1]) for (x, y), after in pairwise(points) if x == after[0] and y != after[1]), None)
    if turn:
        return turn
    (x, y), (to, _) = next((piece for piece in pairwise(points) if piece[1][0] - piece[0][0] >= LABEL[0]), points[:2])
    return (x + to) / 2, y


def _straight(source: Shape, target: Shape) -> list[Spot]:
    """From the border (or, of an event on one, the bottom) to the nearest side of something on no way of its own."""
    begin = (source.x + source.width / 2, source.y + source.height)
    end = (target.x + target.width / 2, target.y)
    if target.y >= begin[1]:
        middle = (begin[1] + end[1]) / 2
        return [begin, (begin[0], middle), (end[0], middle), end]
    return [(source.x + source.width, begin[1] - source.height / 2), (target.x, target.y + target.height / 2)]
