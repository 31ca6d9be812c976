"""The page of what goes wrong elsewhere names tests that exist."""

from __future__ import annotations

import ast
import re
from pathlib import Path

PAGE = Path("docs/flow-guarantees.md")


def test_every_test_that_is_named_exists() -> None:
    """Each row names at least one, and nothing else is called a test there."""
    text = PAGE.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| what")]
    named = re.findall(r"`(tests/[^`]+)::([^`]+)`", text)
    known: dict[str, set[str]] = {}
    for path, _ in named:
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
        known[path] = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    assert [] == [f"{path}::{name}" for path, name in named if name not in known[path]]
    assert len(rows) > 20
    assert [] == [row for row in rows if not re.search(r"`tests/[^`]+::[^`]+`", row)]
