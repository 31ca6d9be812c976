"""Expressions in words: titles, options, shares and days as people read them, in both languages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from lowcode.kernel.expressions.spoken import Called, spoken

DATA = json.loads(Path(__file__).with_name("spoken.json").read_text(encoding="utf-8"))
FIELDS = {tuple(path.split(".")): Called(**known) for path, known in DATA["fields"].items()}


@pytest.mark.requirement("W31")
@pytest.mark.parametrize("case", DATA["cases"], ids=lambda case: case[0])
def test_said_in_words(case: Sequence[str]) -> None:
    """What nobody can read any more stays as it is written; what has no words stands with its arguments in words."""
    text, english, chinese = case
    assert spoken(text, FIELDS.get) == {"en": english, "zh-CN": chinese}
