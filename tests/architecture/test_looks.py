"""Colours stand once, by day and by night; what the server draws is known to the page."""

from __future__ import annotations

import re
from pathlib import Path

from lowcode.reports.charts import palette

ROOT = Path(__file__).parents[2]
STYLES = ROOT / "web" / "app" / "src" / "styles"
NIGHT = ROOT / "web" / "packages" / "drawing" / "src" / "night.ts"
CHARTS = ROOT / "src" / "lowcode" / "reports" / "charts"
COLOR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(")
OWN = {*palette.SERIES, *palette.SOLID.values(), palette.GOOD, palette.BAD}
"""Colours that mean something, and are the same by day and by night."""
SERVER_ONLY = {"ranking.py"}
"""Drawn for letters and papers only; the page has its own."""


def test_only_the_tokens_have_colours() -> None:
    """A style sheet that names a colour would be right in one of the two looks."""
    found = {
        f"{file.name}: {line.strip()}"
        for file in STYLES.glob("*.css")
        if file.name != "tokens.css"
        for line in file.read_text("utf-8").splitlines()
        if COLOR.search(line)
    }
    assert set() == found


def test_the_page_knows_every_ink_of_a_chart() -> None:
    """What a chart says of words, lines and grounds has another colour at night."""
    known = set(re.findall(r'"(#[0-9a-f]{6})":', NIGHT.read_text("utf-8")))
    used = {
        color
        for file in CHARTS.glob("*.py")
        if file.name not in SERVER_ONLY
        for color in re.findall(r'"(#[0-9a-fA-F]{6})"', file.read_text("utf-8"))
    }
    assert set() == used - known - OWN
    assert set() == known - used
