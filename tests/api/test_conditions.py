"""Filters of endpoints with what was sent put into them."""

from __future__ import annotations

import pytest

from lowcode.api.endpoints.conditions import condition


@pytest.mark.requirement("A2")
@pytest.mark.parametrize(
    ("where", "two", "none"),
    [
        ("g in query.g", 'g in ("A", "B")', "false"),
        ("g IN query.g", 'g IN ("A", "B")', "false"),
        ("((g) in (query.g))", '((g) in ("A", "B"))', "(false)"),
        ("g not in query.g", 'g not in ("A", "B")', "true"),
        ("not (g in query.g)", 'not (g in ("A", "B"))', "not (false)"),
        ("query.g IS BLANK or g in query.g", 'true IS BLANK or g in ("A", "B")', "blank IS BLANK or false"),
    ],
)
def test_a_list_is_looked_for_however_it_is_written(where: str, two: str, none: str) -> None:
    """In capitals and in parentheses as well; nothing is among no values, and everything is not among them."""
    cut = condition(where, {"query.g"})
    assert (two, none, none) == tuple(cut.text({"query.g": each}) for each in (["A", "B"], [], None))
