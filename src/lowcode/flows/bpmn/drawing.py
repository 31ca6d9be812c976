"""Where elements stand: columns by their distance from the beginning, rows in the order in which they come, a scope
around what is inside it."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lowcode.flows.bpmn.placing import placed, way
from lowcode.flows.bpmn.xml import tag

SIZES = {"event": (36, 36), "gateway": (50, 50), "activity": (120, 80)}
COLUMN, ROW, MARGIN, ASIDE = 190, 130, 40, 16


@dataclass(slots=True)
class Shape:
    """One element on the page. `level` is the scope it is in, `on` the element it sits on the border of; `room` is how
    far its column reaches to both sides of it, and its row below it."""

    id: str
    sort: str
    level: str = ""
    on: str = ""
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    holds: bool = False
    room: tuple[float, float] = (0, 0)


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow."""

    id: str
    source: str
    target: str


def place(shapes: Sequence[Shape], edges: Iterable[Edge]) -> None:
    """Give every shape its place, but for those on borders."""
    by_id = {each.id: each for each in shapes}
    following: dict[str, list[str]] = {}
    for edge in edges:
        source = by_id[edge.source].on or edge.source
        following.setdefault(source, []).append(edge.target)
    _level("", shapes, by_id, following, MARGIN, MARGIN)


def as_drawn(shapes: Iterable[Shape], places: Mapping[str, Sequence[float]]) -> None:
    """Every shape stands where it was drawn, but for those on borders."""
    for each in shapes:
        if not each.on:
            each.x, each.y, each.width, each.height = places[each.id]


def on_borders(shapes: Sequence[Shape]) -> None:
    """What sits on the border of another shape."""
    by_id = {each.id: each for each in shapes}
    for host in by_id:
        border = [each for each in shapes if each.on == host]
        for index, each in enumerate(border):
            each.width, each.height = SIZES["event"]
            around = by_id[host]
            each.x = around.x + 12 + index * 44
            each.y = around.y + around.height - 18


def _level(
    level: str,
    shapes: Sequence[Shape],
    by_id: Mapping[str, Shape],
    following: Mapping[str, list[str]],
    x: float,
    y: float,
) -> tuple[float, float]:
    """Place one level from a corner on; its width and height."""
    here = [each for each in shapes if each.level == level and not each.on]
    ranks = _ranks([each.id for each in here], following)
    rows: dict[int, float] = {}
    columns: dict[int, float] = {}
    for each in here:
        each.width, each.height = SIZES[each.sort]
        if each.holds:
            inner = _level(each.id, shapes, by_id, following, 0, 0)
            each.width, each.height = inner[0] + MARGIN, inner[1] + MARGIN
        rank = ranks[each.id]
        columns[rank] = max(columns.get(rank, 0), each.width)
    left: dict[int, float] = {}
    at = x
    for rank in sorted(columns):
        left[rank] = at
        at += max(columns[rank] + 70, COLUMN)
    bottom = y
    for each in here:
        rank = ranks[each.id]
        top = rows.get(rank, y)
        each.x, each.y = left[rank] + (columns[rank] - each.width) / 2, top
        rows[rank] = top + max(each.height + 50, ROW)
        each.room = ((columns[rank] - each.width) / 2, rows[rank] - 50 - top - each.height)
        bottom = max(bottom, top + each.height)
        if each.holds:
            _move(each, shapes, each.x + MARGIN / 2, each.y + MARGIN / 2)
    return at - x, bottom - y + MARGIN


def _move(scope: Shape, shapes: Sequence[Shape], dx: float, dy: float) -> None:
    for each in shapes:
        if each.level == scope.id and not each.on:
            each.x, each.y = each.x + dx, each.y + dy
            if each.holds:
                _move(each, shapes, dx, dy)


def _ranks(ids: Sequence[str], following: Mapping[str, list[str]]) -> dict[str, int]:
    known = set(ids)
    reached = {target for id in ids for target in following.get(id, ()) if target != id}
    ranks = {id: 0 for id in ids if id not in reached} or {ids[0]: 0} if ids else {}
    queue = deque(ranks)
    while queue:
        id = queue.popleft()
        for target in following.get(id, ()):
            if target in known and target not in ranks:
                ranks[target] = ranks[id] + 1
                queue.append(target)
    return {id: ranks.get(id, 0) for id in ids}


def diagram(
    process: str, shapes: Sequence[Shape], edges: Iterable[Edge], drawing: Mapping[str, Any]
) -> ET.Element:  # fmt: skip
    """The part of the document that says where everything stands: as it was drawn elsewhere (`drawing`) or in rows."""
    edges, places = list(edges), placed(drawing, (each.id for each in shapes if not each.on))
    if places is None:
        place(shapes, edges)
    else:
        as_drawn(shapes, places)
    on_borders(shapes)
    by_id = {each.id: each for each in shapes}
    root = ET.Element(tag("bpmndi:BPMNDiagram"), id=f"diagram_{process}")
    plane = ET.SubElement(root, tag("bpmndi:BPMNPlane"), id=f"plane_{process}", bpmnElement=process)
    for each in shapes:
        shape = ET.SubElement(plane, tag("bpmndi:BPMNShape"), id=f"shape_{each.id}", bpmnElement=each.id)
        if each.holds:
            shape.set("isExpanded", "true")
        bounds = {"x": each.x, "y": each.y, "width": each.width, "height": each.height}
        ET.SubElement(shape, tag("dc:Bounds"), {key: f"{value:g}" for key, value in bounds.items()})
    met: Counter[str] = Counter()
    for edge in edges:
        line = ET.SubElement(plane, tag("bpmndi:BPMNEdge"), id=f"edge_{edge.id}", bpmnElement=edge.id)
        found = way(drawing, edge.source, edge.target, met) if places is not None else None
        for x, y in found or _way(by_id[edge.source], by_id[edge.target]):
            ET.SubElement(line, tag("di:waypoint"), x=f"{x:g}", y=f"{y:g}")
    return root


def _way(source: Shape, target: Shape) -> list[tuple[float, float]]:
    """From the right (or, of an event on a border, the bottom) to the left, with a bend where rows differ. What leads
    back, or from a border, runs between columns and rows, and not through what stands there."""
    end = (target.x, target.y + target.height / 2)
    before = target.x - target.room[0] - ASIDE
    if source.on:
        begin = (source.x + source.width / 2, source.y + source.height)
        lane = begin[1] + ASIDE
        return [begin, (begin[0], lane), (before, lane), (before, end[1]), end]
    begin = (source.x + source.width, source.y + source.height / 2)
    if end[0] < begin[0]:
        lane = max(each.y + each.height + each.room[1] for each in (source, target)) + ASIDE
        after = begin[0] + source.room[0] + ASIDE
        return [begin, (after, begin[1]), (after, lane), (before, lane), (before, end[1]), end]
    if begin[1] == end[1]:
        return [begin, end]
    middle = (begin[0] + end[0]) / 2
    return [begin, (middle, begin[1]), (middle, end[1]), end]
