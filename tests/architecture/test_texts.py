"""The words of the page stand in several files and are one table: a name that stands twice says one thing for both."""

from __future__ import annotations

import re

from tests.architecture.measure import ROOT

TEXTS = ROOT / "web" / "packages" / "kit" / "src"
NAME = re.compile(r"^ {2}(\w+): \[", re.MULTILINE)


def test_no_two_texts_go_by_one_name() -> None:
    """What is added last would be said where the other is meant."""
    places: dict[str, list[str]] = {}
    for path in sorted(TEXTS.glob("texts*.ts")):
        for name in NAME.findall(path.read_text(encoding="utf-8")):
            places.setdefault(name, []).append(path.name)
    assert len(places) > 500
    assert {} == {name: files for name, files in places.items() if len(files) > 1}
