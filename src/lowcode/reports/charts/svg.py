"""Pictures of what is words and boxes rather than a chart, as SVG: for paper and letters, without a browser."""

from __future__ import annotations

from html import escape
from unicodedata import east_asian_width

from lowcode.reports.charts import palette

FAMILY = "Noto Sans SC, Noto Sans, sans-serif"
WIDE, NARROW = 1.0, 0.56


def width_of(text: str, size: float) -> float:
    """About how wide a text is: no font is at hand, and Chinese signs are as wide as they are high."""
    return sum(WIDE if east_asian_width(sign) in "WF" else NARROW for sign in text) * size


def fitted(text: str, size: float, room: float) -> str:
    """As much of a text as has room."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


def words(
    x: float, y: float, text: str, size: float = 12, *, color: str = palette.TEXT, weight: int = 400,
    anchor: str = "start", turn: int = 0,
) -> str:  # fmt: skip
    """A line of text; `y` is its base line."""
    turned = f' transform="rotate({turn} {x:.1f} {y:.1f})"' if turn else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{color}" font-weight="{weight}" '
        f'text-anchor="{anchor}"{turned}>{escape(text)}</text>'
    )


def box(x: float, y: float, wide: float, high: float, color: str, corner: float = 0) -> str:
    """A filled rectangle."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(wide, 0):.1f}" height="{max(high, 0):.1f}" rx="{corner:g}" '
        f'fill="{color}"/>'
    )


def line(x1: float, y1: float, x2: float, y2: float, color: str = palette.LINE) -> str:
    """A thin line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{color}"/>'


def path(points: list[tuple[float, float]], color: str, width: float = 2) -> str:
    """A line through points."""
    said = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{said}" fill="none" stroke="{color}" stroke-width="{width:g}" stroke-linejoin="round"/>'


def sheet(width: int, height: int, *parts: str) -> str:
    """The whole picture on white ground."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{FAMILY}">{box(0, 0, width, height, palette.GROUND)}{"".join(parts)}</svg>'
    )
