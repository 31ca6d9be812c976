"""Outlines of a map with as many points as a picture shows: fewer, where several would fall on one dot. Pure.

The page's outlines are drawn at any size and can be come closer to; a picture for a letter has one size. Drawing costs
by the point, so each ring is thinned once, when the map is first drawn (Douglas and Peucker's way).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

SCALE = 1024
"""What a whole number of an encoded ring counts in a degree, where the file does not say."""

Point = tuple[float, float]


def thinned(text: str, tolerance: float) -> str:
    """GeoJSON, plain or encoded as ECharts has it, as plain GeoJSON with rings no further off than a tolerance in
    degrees. A ring that is smaller than that altogether is left out, unless it is all there is of a place."""
    world: dict[str, Any] = json.loads(text)
    scale = float(world.pop("UTF8Scale", None) or SCALE)
    encoded = bool(world.pop("UTF8Encoding", False))
    for feature in world["features"]:
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        offsets = shape.pop("encodeOffsets", None)
        offsets = offsets if shape["type"] == "MultiPolygon" or offsets is None else [offsets]
        polygons = [
            [
                decoded(ring, offsets[at][place], scale) if encoded else [(each[0], each[1]) for each in ring]
                for place, ring in enumerate(part)
            ]
            for at, part in enumerate(parts)
        ]
        kept = [_polygon(each, tolerance) for each in polygons]
        if not any(kept):
            kept = [max(polygons, key=lambda each: len(each[0]))]
        feature["geometry"] = {"type": "MultiPolygon", "coordinates": [each for each in kept if each]}
    return json.dumps(world, ensure_ascii=False)


def decoded(ring: str, offset: Sequence[int], scale: float) -> list[Point]:
    """The points of a ring that is written as differences in signs of text."""
    x, y = offset
    found = []
    for at in range(0, len(ring), 2):
        dx, dy = ord(ring[at]) - 64, ord(ring[at + 1]) - 64
        x += (dx >> 1) ^ -(dx & 1)
        y += (dy >> 1) ^ -(dy & 1)
        found.append((x / scale, y / scale))
    return found


def _polygon(rings: Sequence[list[Point]], tolerance: float) -> list[list[Point]]:
    """The outer ring and the holes that are large enough to be seen; nothing when the outer one is not."""
    kept = [thin(ring, tolerance) for ring in rings]
    return [each for each in kept if len(each) >= 4] if len(kept[0]) >= 4 else []


def thin(ring: list[Point], tolerance: float) -> list[Point]:
    """The points a line keeps when no point that goes was further off the line than a tolerance."""
    if len(ring) < 3:
        return ring
    keep = {0, len(ring) - 1}
    far = max(range(len(ring)), key=lambda at: abs(ring[at][0] - ring[0][0]) + abs(ring[at][1] - ring[0][1]))
    keep.add(far)  # a ring begins where it ends: it is two lines
    waiting = [(0, far), (far, len(ring) - 1)]
    while waiting:
        first, last = waiting.pop()
        worst, off = first, tolerance * tolerance
        for at in range(first + 1, last):
            away = _off(ring[at], ring[first], ring[last])
            if away > off:
                worst, off = at, away
        if worst != first:
            keep.add(worst)
            waiting += [(first, worst), (worst, last)]
    return [ring[at] for at in sorted(keep)]


def _off(point: Point, start: Point, end: Point) -> float:
    """The square of the distance of a point from a line."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length if length else 0.0
    along = min(1.0, max(0.0, along))
    x, y = point[0] - start[0] - along * dx, point[1] - start[1] - along * dy
    return x * x + y * y


def span_of(world: Mapping[str, Any]) -> float:
    """How many degrees wide plain outlines are."""
    xs: list[float] = [
        point[0]
        for feature in world["features"]
        for part in feature["geometry"]["coordinates"]
        for ring in part
        for point in ring
    ]
    return max(xs) - min(xs)


def for_pictures(text: str) -> str:
    """Outlines as a picture of some thousand dots across shows them."""
    fine = json.loads(thinned(text, 0.0))
    return thinned(json.dumps(fine), span_of(fine) / DOTS)


DOTS = 800
"""How many dots a picture is wide at most: what is smaller is not seen."""
