"""What the page's builder of conditions writes back means what it read: `conformance/rules/clauses.json`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lowcode.kernel.expressions.canonical import canonical
from lowcode.kernel.expressions.parse import parse

CORPUS = Path(__file__).parents[2] / "conformance" / "rules" / "clauses.json"


@pytest.mark.requirement("SP02", "R1")
def test_what_is_written_back_is_the_same_tree() -> None:
    """The page is held to the same pairs by `rule_clauses.test.ts`."""
    cases = json.loads(CORPUS.read_text(encoding="utf-8"))["cases"]
    trees = [[canonical(parse(text), {}) for text in pair] for pair in cases]
    assert len(trees) > 30
    assert [read for read, _ in trees] == [written for _, written in trees]
