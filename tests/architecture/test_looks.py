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


def test_a_component_is_not_dressed_as_something_else() -> None:
    """A class that a sheet gives to a component (`.lc-x.ant-y`) is no other sheet's class of a part of the page: the
    component would get the spaces of that part."""
    selectors = {
        (file.name, each.strip())
        for file in STYLES.glob("*.css")
        for block in re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.DOTALL))
        for each in block.split(",")
    }
    parts = {(name, each) for name, each in selectors if re.fullmatch(r"\.lc-[\w-]+", each)}
    found = {
        (part, name, other)
        for name, each in selectors
        if (match := re.fullmatch(r"(\.lc-[\w-]+)\.ant-[\w-]+", each)) is not None
        for other, part in parts
        if part == match[1] and other != name
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


def test_words_stand_out_from_their_grounds() -> None:
    """Every pair of colours that words are set in, by day and by night: at least 4.5 to 1 (WCAG 1.4.3)."""
    said = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\);", (STYLES / "tokens.css").read_text("utf-8"))
    looks = {name: (day, night) for name, day, night in said}
    grounds = ("paper", "ground", "side", "soft", "pale", "high", "hover", "chosen", "lane")
    pairs = {("text", each) for each in grounds} | {("quiet", each) for each in grounds if each != "chosen"}
    pairs |= {("primary", each) for each in ("paper", "ground", "side", "soft", "high", "hover", "primary-pale")}
    pairs |= {("on-primary", "primary"), ("good", "paper"), ("bad", "paper"), ("primary-ink", "primary-pale")}
    pairs |= {(f"{each}-ink", f"{each}-pale") for each in ("good", "warn", "bad")}
    pairs |= {(name, f"{name.removesuffix('-text')}-ground") for name in looks if name.endswith("-text")}
    assert len(pairs) > 40
    faint = {
        f"{word} on {ground} by {when}": round(apart, 2)
        for word, ground in pairs
        for at, when in enumerate(("day", "night"))
        if (apart := contrast(looks[word][at], looks[ground][at])) < 4.5
    }
    assert faint == {}


def contrast(one: str, other: str) -> float:
    """How far two colours are apart, as WCAG counts."""

    def light(color: str) -> float:
        channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)
