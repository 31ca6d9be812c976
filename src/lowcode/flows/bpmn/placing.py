"""How a model was drawn elsewhere: the places of its steps and the bends of its arrows, which stand in the document
under `x-bpmn` and are drawn so again as long as each step has its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from lowcode.flows.bpmn.xml import Element

DRAWING = "drawing"
"""Where it stands beside what else others said of a model."""
SIDES = ("x", "y", "width", "height")


def drawing_of(
    root: Element, nodes: Sequence[str], flows: Iterable[Element], called: Callable[[str], str]
) -> dict[str, Any]:
    """Where each node stands and how the arrows between two of them run; empty where one of them has no place, or shows
    nothing of what is in it. `called` is the node that an element became."""
    shapes, lines = _drawn(root)
    places, known = {}, set(nodes)
    for id, shape in shapes.items():
        bounds = next((each for each in shape.children if each.name == "Bounds"), None)
        name = called(id)
        if name not in known or bounds is None:
            continue
        if shape.attributes.get("isExpanded") == "false":
            return {}
        places[name] = [_number(bounds.attributes.get(side)) for side in SIDES]
    if places.keys() != known or any(None in each for each in places.values()):
        return {}
    places = {name: places[name] for name in nodes}
    ways: dict[str, Any] = {}
    met: Counter[str] = Counter()
    for flow in _as_they_go_out(root, flows):
        ends = [called(flow.attributes.get(key, "")) for key in ("sourceRef", "targetRef")]
        line, name = lines.get(flow.id), _name(ends[0], ends[1], met)
        if line is None or not places.keys() >= set(ends):
            continue
        points = [[_number(each.attributes.get(side)) for side in "xy"] for each in line.children if _is_point(each)]
        if len(points) > 1 and all(None not in each for each in points):
            ways[name] = points
    return {"places": places, **({"ways": ways} if ways else {})}


def placed(drawing: Mapping[str, Any], ids: Iterable[str]) -> Mapping[str, Sequence[float]] | None:
    """Where everything stands; None where something came to it since, or what is written there is no place."""
    places = drawing.get("places") if isinstance(drawing, Mapping) else None
    if not isinstance(places, Mapping):
        return None
    fit = all(_fits(places.get(id), len(SIDES)) for id in ids)
    return places if fit else None


def way(drawing: Mapping[str, Any], source: str, target: str, met: Counter[str]) -> list[tuple[float, float]] | None:
    """How an arrow runs; None where nobody drew it. `met` counts the arrows between two steps that were asked for."""
    ways, name = drawing.get("ways"), _name(source, target, met)
    points = ways.get(name) if isinstance(ways, Mapping) else None
    if not isinstance(points, list) or len(points) < 2 or not all(_fits(each, 2) for each in points):
        return None
    return [(x, y) for x, y in points]


def _name(source: str, target: str, met: Counter[str]) -> str:
    """What an arrow is called: by its ends, and the second between the same two by its number as well."""
    ends = f"{source} {target}"
    met[ends] += 1
    return ends if met[ends] == 1 else f"{ends} {met[ends]}"


def _as_they_go_out(root: Element, flows: Iterable[Element]) -> list[Element]:
    """Arrows in the order in which they are written out again: of a branch what is left over comes last."""
    rest, waiting = set(), [root]
    while waiting:
        each = waiting.pop()
        waiting += each.children
        rest.add(each.attributes.get("default"))
    return sorted(flows, key=lambda flow: flow.id in rest)


def _drawn(root: Element) -> tuple[dict[str, Element], dict[str, Element]]:
    shapes: dict[str, Element] = {}
    lines: dict[str, Element] = {}
    waiting = [root]
    while waiting:
        each = waiting.pop()
        waiting += each.children
        if each.name in ("BPMNShape", "BPMNEdge"):
            (shapes if each.name == "BPMNShape" else lines)[each.attributes.get("bpmnElement", "")] = each
    return shapes, lines


def _fits(value: Any, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(type(each) in (int, float) for each in value)


def _is_point(element: Element) -> bool:
    return element.name == "waypoint"


def _number(text: str | None) -> int | None:
    """A whole number of points: none that a modeller draws is smaller."""
    try:
        found = float(text or "")
    except ValueError:
        return None
    return round(found) if abs(found) < 1e6 else None
