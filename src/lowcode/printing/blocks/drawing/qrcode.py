"""A QR code as one SVG path."""

from __future__ import annotations

from typing import Literal


def qrcode_svg(content: str, level: Literal["low", "medium", "quartile", "high"] = "medium") -> str:
    """The code of a text; the modules are one path, so that neighbouring ones never show a seam."""
    import segno  # an optional dependency, at its one door

    code = segno.make(content, error=level[0], micro=False)
    modules = [bytes(row) for row in code.matrix]
    size = len(modules)
    runs = []
    for y, row in enumerate(modules):
        x = 0
        while x < size:
            start = x
            while x < size and row[x]:
                x += 1
            if x > start:
                runs.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
            x += 1
    quiet = 2
    box = size + 2 * quiet
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-{quiet} -{quiet} {box} {box}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M-{quiet}-{quiet}h{box}v{box}h-{box}z"/><path d="{"".join(runs)}"/></svg>'
    )
