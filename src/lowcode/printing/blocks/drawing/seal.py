"""A round red company seal (公章) drawn from the firm's name.

The characters are outlines taken from the packaged serif face, so the seal looks the same in every browser and on
paper, and needs no font where it is shown. Each has the room its face gives it, so that a name in Latin letters, or in
both, is cut as evenly as one in Chinese. It is a drawing for papers the app is entitled to seal: a template's
`stamp` block says when, and the print is recorded.
"""

from __future__ import annotations

import math
from functools import lru_cache
from io import BytesIO
from pathlib import Path

RED = "#d7191c"
RADIUS = 100.0
RIM = 86.0
"""How far out characters reach."""
NARROWED = 0.86
"""How wide a character is cut, of its height, where there is room."""


@lru_cache(maxsize=256)
def seal_svg(company: str, title: str = "", code: str = "", font: str = "", color: str = RED) -> str:
    """The seal: firm's name round the upper arc, a star, the seal's title below it, its number round the lower arc."""
    ring = f'<circle r="{RADIUS - 3:g}" fill="none" stroke="{color}" stroke-width="5.2"/>'
    inner = f'<circle r="{RADIUS - 9.5:g}" fill="none" stroke="{color}" stroke-width="0.8"/>'
    pieces = [ring, inner, _star(26.0, -4.0 if title else 0.0)]
    outlines = _Outlines(Path(font))
    # Above a title the name ends earlier, so that its first and last characters stand clear of it.
    most = 222.0 if title else 262.0
    if company:
        places, room = outlines.places(company)
        size = min(30.0, 420.0 / room)
        pieces += _around(outlines, company, RIM - size / 2, size, min(most, 27.0 * places[-1]))
    if title:
        pieces.append(outlines.row(title, min(18.0, 94.0 / outlines.places(title)[1]), 0.0, 56.0))
    if code:
        pieces += _around(outlines, code, 83.0, 9.0, spread=min(90.0, 6.6 * len(code)), below=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -100 200 200"><g fill="{color}" stroke="{color}" '
        f'stroke-width="0" fill-opacity="0.88" stroke-opacity="0.88">{"".join(pieces)}</g></svg>'
    )


def _star(radius: float, y: float) -> str:
    points = []
    for corner in range(10):
        reach = radius if corner % 2 == 0 else radius * 0.382
        angle = math.radians(-90 + 36 * corner)
        points.append(f"{reach * math.cos(angle):.2f},{reach * math.sin(angle) + y:.2f}")
    return f'<polygon points="{" ".join(points)}"/>'


def _around(
    outlines: _Outlines, text: str, radius: float, size: float, spread: float, below: bool = False
) -> list[str]:
    """Characters standing on a circle, spread over an angle, upright at its middle."""
    places, _ = outlines.places(text)
    step = spread / places[-1] if places[-1] else 0.0
    width = min(NARROWED, radius * math.radians(step) * 0.94 / size) if step else NARROWED
    pieces = []
    for place, character in zip(places, text, strict=True):
        offset = -spread / 2 + step * place if step else 0.0
        angle = -offset if below else offset
        direction = math.radians(90.0 + angle if below else -90.0 + angle)
        x, y = radius * math.cos(direction), radius * math.sin(direction)
        pieces.append(outlines.glyph(character, size, x, y, angle, width))
    return pieces


class _Outlines:
    """Characters of a face as SVG paths, centred where they are put."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def places(self, text: str) -> tuple[list[float], float]:
        """Where the middle of each character stands behind that of the first, and the room of all, in their height."""
        rooms = [advance / units for _, advance, units in (_outline(self._path, each) for each in text)]
        middles, end = [], 0.0
        for room in rooms:
            middles.append(end + room / 2)
            end += room
        return [each - middles[0] for each in middles], end or 1.0

    def glyph(
        self, character: str, size: float, x: float, y: float, angle: float = 0.0, width: float = NARROWED
    ) -> str:
        """One character, its middle at a point, turned by an angle. Narrowed, as seals are cut: more, the longer."""
        outline, advance, units = _outline(self._path, character)
        scale = size / units
        return (
            f'<path transform="translate({x:.2f} {y:.2f}) rotate({angle:.2f}) scale({scale * width:.5f} {-scale:.5f}) '
            f'translate({-advance / 2:g} {-0.38 * units:g})" stroke-width="{units * 0.01:g}" d="{outline}"/>'
        )

    def row(self, text: str, size: float, x: float, y: float) -> str:
        """Characters side by side, centred."""
        places, _ = self.places(text)
        start = x - size * places[-1] / 2
        each = zip(places, text, strict=True)
        return "".join(self.glyph(character, size, start + size * place, y) for place, character in each)


@lru_cache(maxsize=2048)
def _outline(path: Path, character: str) -> tuple[str, float, float]:
    from fontTools.pens.svgPathPen import SVGPathPen  # an optional dependency, at its one door

    font = _font(path)
    name = font.getBestCmap().get(ord(character), ".notdef")
    glyphs = font.getGlyphSet()
    pen = SVGPathPen(glyphs, ntos=lambda number: f"{number:.0f}")
    glyphs[name].draw(pen)
    return pen.getCommands(), float(glyphs[name].width), float(font["head"].unitsPerEm)


@lru_cache(maxsize=4)
def _font(path: Path):  # type: ignore[no-untyped-def]
    from fontTools.ttLib import TTFont  # an optional dependency, at its one door

    return TTFont(BytesIO(path.read_bytes()), lazy=True)
