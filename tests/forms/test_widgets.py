"""The page has an input and a picture for every field type, and a page for every kind of view, and for no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from lowcode.forms.definition import ViewType
from lowcode.kernel.records.fields import built_in

WIDGETS = Path(__file__).parents[2] / "web" / "packages" / "runtime" / "src" / "widgets"


def test_every_field_type_has_its_widget() -> None:
    """The lists are the same, what is shown and what is typed into, and each widget is a file of its name."""
    index = (WIDGETS / "index.ts").read_text(encoding="utf-8")
    listed = re.search(r"WIDGETS: Record<string, Widget> = \{(.*?)\};", index, re.DOTALL)
    assert listed is not None
    names = set(re.findall(r"\w+", listed.group(1)))
    assert {kind.name for kind in built_in()} | {"lines"} == names
    assert {name for name in names if not (WIDGETS / f"{name}.tsx").is_file()} == set()
    entered = (WIDGETS / "inputs" / "index.ts").read_text(encoding="utf-8")
    assert names == set(re.findall(r"^  (\w+): \w+,$", entered, re.MULTILINE))


def test_every_view_has_its_page() -> None:
    """A list is what stands there without a view; every other kind is a page that is loaded when it is shown."""
    shown = (WIDGETS.parent / "grid" / "page.tsx").read_text(encoding="utf-8")
    listed = re.search(r"const VIEWS = \{(.*?)\};", shown)
    assert listed is not None
    assert set(get_args(ViewType)) - {"grid"} == set(re.findall(r"(\w+):", listed.group(1)))
