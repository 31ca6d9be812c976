"""Where elements stand in a model that nobody drew: columns by their distance from the beginning, a scope around what
is inside it, handlers below everything to which something leads. No arrow runs over an element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lowcode.flows.bpmn.layers import Arrow, Sizes, layered

SIZES = {"event": (36, 36), "gateway": (50, 50), "activity": (120, 80)}
MARGIN, HEAD, UNDER = 40, 40, 40
GAP, RISE, ROOM = 50, 70, 800
NAMED = 130
"""From column to column where an arrow between them has a name."""
ASIDE = 26
"""How far below a shape what leaves its lower border turns aside: below what sits there."""

Spot = tuple[float, float]


@dataclass(slots=True)
class Shape:
    """One element on the page. `level` is the scope it is in, `on` the element it sits on the border of; `aside` is one
    to which no flow leads, and which stands below."""

    id: str
    sort: str
    level: str = ""
    on: str = ""
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    holds: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow, with the name it has."""

    id: str
    source: str
    target: str
    name: str = ""


@dataclass(slots=True)
class Picture:
    """A level, from its own corner on: its size, its shapes and the bends of its arrows."""

    width: float
    height: float
    corners: dict[str, Spot]
    ways: dict[str, list[Spot]]


def arrange(shapes: Sequence[Shape], edges: Sequence[Edge]) -> dict[str, list[Spot]]:
    """Give every shape its place, but for those on borders; how each arrow runs by its id."""
    picture = _level("", shapes, edges)
    by_id = {each.id: each for each in shapes}
    for id, (x, y) in picture.corners.items():
        by_id[id].x, by_id[id].y = x + MARGIN, y + MARGIN
    return {id: [(x + MARGIN, y + MARGIN) for x, y in points] for id, points in picture.ways.items()}


def border(place: int) -> float:
    """How far from the left edge the corner of an event on the lower border is."""
    return 12 + place * 44


def _level(level: str, shapes: Sequence[Shape], edges: Sequence[Edge]) -> Picture:
    by_id = {each.id: each for each in shapes}
    here = [each for each in shapes if each.level == level and not each.on]
    inner: dict[str, Picture] = {}
    for each in here:
        each.width, each.height = SIZES[each.sort]
        if each.holds:
            inner[each.id] = found = _level(each.id, shapes, edges)
            each.width, each.height = found.width + MARGIN, found.height + HEAD + UNDER
    flowing = {each.id for each in here if not each.aside}
    own = [(each, by_id[each.source].on or each.source) for each in edges]
    own = [(each, source) for each, source in own if source in flowing and each.target in flowing]
    width, height = SIZES["activity"]
    boxes = {id: (by_id[id].height, by_id[id].width) for id in flowing}
    sizes = Sizes(height, width, GAP, NAMED if any(each.name for each, _ in own) else RISE, boxes)
    layout = layered(
        [each.id for each in here if not each.aside], [Arrow(source, each.target) for each, source in own], sizes
    )
    picture = Picture(layout.height, layout.width, {}, {})
    for id, (y, x) in layout.at.items():
        picture.corners[id] = (x - by_id[id].width / 2, y - by_id[id].height / 2)
    for (edge, source), way in zip(own, layout.ways, strict=True):
        points = _with_corners([(x, y) for y, x in way])
        if by_id[edge.source].on:
            points = _from_below(edge, points, picture.corners[source], by_id[source].height, shapes)
        picture.ways[edge.id] = points
    _below(picture, [each for each in here if each.aside])
    for id, found in inner.items():
        _put(picture, found, picture.corners[id])
    return picture


def _with_corners(points: Sequence[Spot]) -> list[Spot]:
    """Where it goes aside from column to column, half way between them."""
    found = [points[0]]
    for (x, y), (to, at) in pairwise(points):
        if x != to and y != at:
            found += [((x + to) / 2, y), ((x + to) / 2, at)]
        found.append((to, at))
    return [each for index, each in enumerate(found) if index == 0 or each != found[index - 1]]


def _from_below(edge: Edge, points: list[Spot], corner: Spot, height: float, shapes: Sequence[Shape]) -> list[Spot]:
    """Of an event on the lower border: down, and below its shape to where the others go aside."""
    source = next(each for each in shapes if each.id == edge.source)
    place = [each.id for each in shapes if each.on == source.on].index(edge.source)
    begin = corner[0] + border(place) + SIZES["event"][0] / 2
    under = corner[1] + height + ASIDE
    start = points[0][1]
    turn = next((index for index, (_, y) in enumerate(points) if y != start), None)
    if turn is None:  # straight on to what stands beside it
        (x, _), (to, at) = points[0], points[-1]
        turned = [((x + to) / 2, under), ((x + to) / 2, at), points[-1]]
    else:
        turned = [(points[turn - 1][0], under), *points[turn:]]
    return [(begin, corner[1] + height + SIZES["event"][1] / 2), (begin, under), *turned]


def _below(picture: Picture, handlers: Sequence[Shape]) -> None:
    room, x, y, tall = max(picture.width, ROOM), 0.0, picture.height + GAP if picture.height else 0.0, 0.0
    for each in handlers:
        if x > 0 and x + each.width > room:
            x, y, tall = 0.0, y + tall + GAP, 0.0
        picture.corners[each.id] = (x, y)
        x, tall = x + each.width + GAP, max(tall, each.height)
        picture.width, picture.height = max(picture.width, x - GAP), y + tall


def _put(picture: Picture, inner: Picture, corner: Spot) -> None:
    """What is inside a scope or a handler goes with it."""
    dx, dy = corner[0] + MARGIN / 2, corner[1] + HEAD
    picture.corners.update({id: (x + dx, y + dy) for id, (x, y) in inner.corners.items()})
    picture.ways.update({id: [(x + dx, y + dy) for x, y in points] for id, points in inner.ways.items()})


def named(edges: Sequence[Edge], names: Mapping[str, str]) -> list[Edge]:
    """Each arrow with its name."""
    return [replace(each, name=names.get(each.id, "")) for each in edges]
