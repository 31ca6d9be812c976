"""Pictures of a print tree as pixels, for outputs that take no drawings: seals, codes and logos as PNG."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import Any

from lowcode.printing.outputs.kind import Draw

FINER = 4.0
"""A drawing is set this much larger than it is shown, so that it stays sharp on paper."""
THEME = {"color": "#000000", "accent": "#000000", "font": "sans", "size": 10}
NO_MARGIN = {"top": 0, "right": 0, "bottom": 0, "left": 0}


def picture_maker(draw: Draw, at: str) -> Callable[[Mapping[str, Any]], bytes]:
    """A function from a node with a picture to the bytes of a PNG, JPEG or GIF; the same drawing is set once."""
    made: dict[tuple[str, float, float], bytes] = {}

    def pixels(node: Mapping[str, Any]) -> bytes:
        if "svg" not in node and node["format"] != "svg":
            return base64.b64decode(node["data"])
        drawing = node["svg"] if "svg" in node else base64.b64decode(node["data"]).decode()
        width = float(node.get("width") or node.get("size") or 40.0)
        height = float(node.get("height") or node.get("size") or width)
        key = (drawing, width, height)
        if key not in made:
            made[key] = draw(_sheet(drawing, width * FINER, height * FINER, at), "png")[0]
        return made[key]

    return pixels


def _sheet(drawing: str, width: float, height: float, at: str) -> dict[str, Any]:
    """A paper of the size of the drawing, with nothing else on it and nothing behind it."""
    node = {"type": "image", "svg": drawing, "width": width, "align": "left"}
    return {
        "title": "", "author": "", "language": "en", "region": None, "at": at, "theme": THEME,
        "page": {"width": width, "height": height, "margin": NO_MARGIN, "bare": True},
        "header": [], "first_header": None, "footer": [], "furniture": {}, "reprint": "", "watermark": None,
        "body": [node],
    }  # fmt: skip
