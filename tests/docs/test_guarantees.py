"""The page of what goes wrong elsewhere names tests and stories that exist."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

PAGE = Path("docs/flow-guarantees.md")
STORIES = Path("tests/conformance/flows/stories")
STORY = re.compile(r"`(\w+\.json): ([^`]+)`")
TEST = re.compile(r"`(tests/[^`]+)::([^`]+)`")


def rows() -> list[str]:
    """The rows of its tables."""
    text = PAGE.read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| what")]


def test_every_test_that_is_named_exists() -> None:
    """Each row names at least one, and nothing else is called a test there."""
    named = TEST.findall(PAGE.read_text(encoding="utf-8"))
    known: dict[str, set[str]] = {}
    for path, _ in named:
        tree = ast.parse(Path(path).read_text(encoding="utf-8"))
        known[path] = {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
    assert [] == [f"{path}::{name}" for path, name in named if name not in known[path]]
    assert len(rows()) > 30
    assert [] == [row for row in rows() if not TEST.search(row)]


def test_every_story_that_is_named_is_told() -> None:
    """A row that rests on the corpus of stories says which; each is one story, by how its rule begins."""
    rules = {
        path.name: [case["rule"] for case in json.loads(path.read_text(encoding="utf-8"))]
        for path in STORIES.glob("*.json")
    }
    resting = [row for row in rows() if "tests/flows/test_stories.py" in row]
    assert [] == [row for row in resting if not STORY.search(row)]
    named = STORY.findall(PAGE.read_text(encoding="utf-8"))
    assert len(named) >= len(resting) > 3
    assert [] == [
        f"{name}: {rule}" for name, rule in named if 1 != sum(each.startswith(rule) for each in rules.get(name, ()))
    ]
