"""Expected and found are compared as a reader would: by value, not by spelling."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lowcode.testing.matching import differences, matches

EQUAL: list[tuple[Any, Any]] = [
    (12.5, Decimal("12.50")),
    ("12.5", Decimal("12.50")),
    (3, Decimal(3)),
    (None, ""),
    ("", None),
    (True, True),
    ("2026-03-09", date(2026, 3, 9)),
    ("09:00", time(9)),
    ("2026-03-09T09:00", datetime(2026, 3, 9, 9, tzinfo=ZoneInfo("Asia/Shanghai"))),
    ("2026-03-09T01:00:00+00:00", datetime(2026, 3, 9, 9, tzinfo=ZoneInfo("Asia/Shanghai"))),
    (7, {"id": 7, "label": "Acme"}),
    ("Acme", {"id": 7, "label": "Acme"}),
    (["a", "b"], {"b", "a"}),
    ({"a": 1}, {"a": 1, "b": 2}),
    ([{"a": 1}], [{"a": Decimal(1), "b": 2}]),
    ({"not": 1}, 2),
    ({"contains": "b"}, "abc"),
    ({"contains": {"a": 1}}, [{"a": 2}, {"a": 1, "b": 3}]),
    ({"one_of": [1, 2]}, 2),
    ({"at_least": 2}, Decimal("2.5")),
    ({"at_most": "2026-03-09"}, date(2026, 3, 1)),
    ({"blank": True}, None),
    ({"blank": False}, "a"),
]

DIFFERENT: list[tuple[Any, Any]] = [
    (1, True),
    (0, None),
    ("1", "01"),
    ([1], [1, 2]),
    ({"a": 1}, {"b": 1}),
    ({"a": 1}, None),
    ("2026-03-09T09:00", datetime(2026, 3, 9, 9, 1, tzinfo=UTC)),
    ({"not": 2}, 2),
    ({"at_least": 3}, None),
    ({"contains": "x"}, None),
    ({"blank": True}, 0),
]


@pytest.mark.parametrize(("expected", "actual"), EQUAL)
def test_what_is_the_same(expected: Any, actual: Any) -> None:
    """These are the same to a reader."""
    assert matches(expected, actual)


@pytest.mark.parametrize(("expected", "actual"), DIFFERENT)
def test_what_differs(expected: Any, actual: Any) -> None:
    """These are not."""
    assert not matches(expected, actual)


def test_a_difference_has_a_place() -> None:
    """Every difference is named with its place, not the first only."""
    found = list(differences({"a": 1, "b": [{"c": "x"}]}, {"a": 2, "b": [{"c": "y"}]}))
    assert ["/a: expected 1, found 2", '/b/0/c: expected "x", found "y"'] == [str(each) for each in found]


def test_texts_match_by_a_part_where_asked() -> None:
    """Notices are found by some of their words."""
    assert matches({"title": "Acme"}, {"title": "Acme is waiting"}, part=True)
    assert not matches({"title": "Acme"}, {"title": "Acme is waiting"})
