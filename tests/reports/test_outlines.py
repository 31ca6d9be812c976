"""Outlines for pictures: as many points as are seen, and every place is still there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.reports.outlines import decoded, for_pictures, thin, thinned
from lowcode.reports.pictures import built

POINTS = st.lists(st.tuples(st.floats(0, 60), st.floats(0, 60)), min_size=3, max_size=40)


@pytest.mark.parametrize("name", ["china"])
def test_every_place_is_still_there(name: str) -> None:
    """The same places, each with an outline, drawn with a fraction of the points."""
    text = built(f"maps/{name}.json")
    whole: dict[str, Any] = json.loads(thinned(text, 0.0))
    less: dict[str, Any] = json.loads(for_pictures(text))
    assert [each["properties"] for each in less["features"]] == [each["properties"] for each in whole["features"]]
    assert all(each["geometry"]["coordinates"] for each in less["features"])
    counts = [
        sum(len(ring) for each in world["features"] for part in each["geometry"]["coordinates"] for ring in part)
        for world in (less, whole)
    ]
    assert counts[0] * 3 < counts[1]


def test_an_encoded_ring_is_read() -> None:
    """Differences in signs: the first point from the offset, each other one from the one before."""
    assert decoded("B@@B", (1024, 2048), 1024) == [(1025 / 1024, 2.0), (1025 / 1024, 2049 / 1024)]


@given(POINTS, st.floats(0, 5))
def test_no_point_goes_that_is_seen(ring: list[tuple[float, float]], tolerance: float) -> None:
    """Ends stay, what stays was there in that order, and with no tolerance nothing that is off the line goes."""
    found = thin(ring, tolerance)
    assert (found[0], found[-1]) == (ring[0], ring[-1])
    rest = iter(ring)
    assert all(any(point == other for other in rest) for point in found)
    assert len(thin(ring, 1000.0)) <= 3
