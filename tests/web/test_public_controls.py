"""Controls of public forms ask for as much as a field holds, in the browser's own way."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.web.controls import control

CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"type": "date"}, 'type="date"', "2026-03-01"),
    ({"type": "date", "precision": "day"}, 'type="date"', "2026-03-01"),
    ({"type": "date", "precision": "month"}, 'type="month" placeholder="2026-03"', "2026-03"),
    ({"type": "date", "precision": "year"}, 'type="text" inputmode="numeric" maxlength="4"', "2026"),
]
"""A field, what it is typed into, and what of its default stands there."""


@pytest.mark.requirement("SF05")
def test_a_month_is_asked_for_as_a_month() -> None:
    """Nobody chooses a day where none is meant."""
    for field, typed, value in CASES:
        drawn, grouped = control({"name": "x", "default": "2026-03-01", **field}, "X", "en", None, None, "…", False)
        assert (drawn, grouped) == (f'<input {typed} id="f-x" aria-describedby="e-x" value="{value}">', False)


def test_numbers_say_their_unit() -> None:
    """In the language of the page; text has none."""
    number = {"name": "x", "type": "number", "unit": {"zh-CN": "公斤", "en": "kg"}}
    units = [
        control(field, "X", language, None, None, "…", False)[0].partition("<span>")[2].partition("</span>")[0]
        for language in ("zh-CN", "en")
        for field in (number, {**number, "type": "percent"}, {"name": "x", "type": "money", "currency": "CNY"})
    ]
    assert units == ["公斤", "%", "CNY", "kg", "%", "CNY"]
    assert "unit" not in control({"name": "x", "type": "text"}, "X", "en", None, None, "…", False)[0]
