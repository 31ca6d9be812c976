"""What the lines of a business card are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.forms.cards import parts
from lowcode.forms.cards.parts import FILLED, LINES, LONGEST, Line, understood

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "cards.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_what_a_card_says(case: dict[str, Any]) -> None:
    """Chinese and Latin cards, with labels and without; what cannot be told is left for the person."""
    lines = [Line(each) if isinstance(each, str) else Line(**each) for each in case["card"]]
    found = understood(lines)
    assert (case["parts"], tuple(case["rest"])) == (found.parts, found.rest)


@given(st.lists(st.builds(Line, st.text(max_size=60), st.floats(0, 1000)), max_size=12))
def test_any_lines_are_a_card(lines: list[Line]) -> None:
    """Whatever is read, each part is one it may be, is not blank, and has room in a field."""
    found = understood(lines)
    assert found.parts.keys() <= set(FILLED)
    assert all(0 < len(each) <= LONGEST for each in found.parts.values())


@pytest.mark.parametrize("unit", ["a", "1", "a.", "市", "手机 ", "road "])
def test_a_page_is_read_in_time_that_grows_with_it(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No pattern meets a text longer than a line of a card, and of a page no more than a card has room for."""
    seen: list[str] = []
    said = parts._said

    def looked_at(text: str, found: dict[str, str]) -> str:
        seen.append(text)
        return said(text, found)

    monkeypatch.setattr(parts, "_said", looked_at)
    understood([Line(unit * 50_000)])
    assert max(map(len, seen)) <= LONGEST
    assert len(seen) <= LINES
