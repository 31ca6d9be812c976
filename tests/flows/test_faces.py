"""A kind of step that people cannot recognise in the browser is not finished: each has words, a picture and a form."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lowcode.flows.nodes import BUILT_IN
from lowcode.flows.nodes.kind import NodeKind
from lowcode.flows.words import GROUPS, KINDS, OPTIONS

FACES = Path(__file__).parents[2] / "web" / "packages" / "runtime" / "src" / "flows" / "kinds.tsx"
NAMES = {kind.name for kind in BUILT_IN}


def test_every_kind_of_step_has_its_picture() -> None:
    """The lists are the same, and no two kinds look alike."""
    page = FACES.read_text(encoding="utf-8")
    listed = re.search(r"NODE_ICONS: Record<string, ComponentType> = \{(.*?)\};", page, re.DOTALL)
    assert listed is not None
    faces = dict(re.findall(r"^  (\w+): (\w+),$", listed.group(1), re.MULTILINE))
    assert NAMES == set(faces)
    assert len(set(faces.values())) == len(faces)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_kind_of_step_has_its_words(name: str) -> None:
    """It stands in a group of the palette and is called something in both languages."""
    group, title = KINDS[name]
    assert group in GROUPS
    assert isinstance(title, dict)
    assert {"zh-CN", "en"} == {language for language, word in title.items() if word.strip()}


@pytest.mark.parametrize("kind", BUILT_IN, ids=lambda kind: str(kind.name))
def test_every_kind_of_step_has_its_form(kind: NodeKind) -> None:
    """The designer draws a form of what an author may write: each option is called something in both languages."""
    options = set(kind.document.model_json_schema()["properties"]) - {"type", "id"}
    assert {name: {"zh-CN", "en"} for name in options} == {name: set(OPTIONS.get(name, ())) for name in options}
