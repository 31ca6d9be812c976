"""HTML written by template texts: only the closed set of elements passes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.printing.blocks.rich import rich_content
from lowcode.printing.outputs.html import nodes

CASES = json.loads((Path(__file__).parents[1] / "conformance/printing/rich.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_only_known_elements_pass(case: dict[str, Any]) -> None:
    """Unknown elements lose their tags, dangerous ones their words too, attributes all but alignment and span."""
    assert rich_content(case["text"]) == case["gives"]


def test_deep_nesting_ends() -> None:
    """However deep a text nests, the tree has a bound."""
    written = nodes([{"type": "rich", "content": rich_content("<div>" * 5000 + "x"), "style": {}}])
    assert written.count("<div>") <= 24 and "x" in written
