"""Labels in ZPL, the language of label printers: codes as the printer's own bars, words drawn or in its fonts.

What the printer has no command for is drawn as dots. A label without places is drawn as one picture.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.printing.blocks.drawing.barcode import NotEncodable, symbols_of
from lowcode.printing.outputs.kind import Draw, OutputMissing

Node = Mapping[str, Any]
MM_PER_INCH, MM_PER_POINT = 25.4, 25.4 / 72
ROLL: Node = {"dots": 203, "letters": "drawn", "font": ""}
DARK = 140
"""A pixel darker than this is a dot."""
ALIGNED = {"left": "L", "center": "C", "right": "R"}
LEVELS = {"low": "L", "medium": "M", "quartile": "Q", "high": "H"}
NO_MARGIN = {"top": 0, "right": 0, "bottom": 0, "left": 0}


def labels(tree: Node, draw: Draw) -> bytes:
    """One label. Raises OutputMissing when the library that reads pictures is not installed."""
    return label(tree, draw).encode()


def label(tree: Node, draw: Draw, copies: int = 1) -> str:
    """The commands for one label, so many times."""
    roll = tree.get("roll") or ROLL
    page = tree["page"]
    dots = roll["dots"]
    right, down = (_dots(each, dots) for each in tree["offset"])
    head = f"^XA^CI28^PW{_dots(page['width'], dots)}^LL{_dots(page['height'], dots)}^LH{max(right, 0)},{max(down, 0)}"
    form = tree["background"]
    if tree["body"] or tree["header"] or tree["footer"] or (form is not None and form["shown"]):
        parts = [_drawn({**tree, "offset": [0, 0]}, draw, 0, 0, dots)]
    else:
        parts = [part for node in tree["placed"] for part in _placed(tree, node, draw, roll)]
    return "\n".join([head, *parts, f"^PQ{copies}^XZ", ""])


def _placed(tree: Node, node: Node, draw: Draw, roll: Node) -> Iterator[str]:
    """What stands at a place: the printer's own command where it has one, else dots."""
    dots, page = roll["dots"], tree["page"]
    width = node["width"] or page["width"] - node["x"]
    if len(node["body"]) == 1:
        own = _own(node["body"][0], node, width, roll, tree["theme"])
        if own is not None:
            yield own
            return
    height = node["height"] or page["height"] - node["y"]
    sheet = {**tree, "page": {"width": width, "height": height, "margin": NO_MARGIN}, "offset": [0, 0],
             "placed": [{**node, "x": 0, "y": 0, "width": width, "height": height, "page": None}]}  # fmt: skip
    yield _drawn(sheet, draw, _dots(node["x"], dots), _dots(node["y"], dots), dots)


def _own(inner: Node, node: Node, width: float, roll: Node, theme: Node) -> str | None:
    dots = roll["dots"]
    x, y = _dots(node["x"], dots), _dots(node["y"], dots)
    at = f"^FO{x},{y}"
    code = inner.get("code")
    if code is not None and not inner.get("caption"):
        return _bars(inner, code, x, y, dots) if code["kind"] == "barcode" else _square(inner, code, x, y, dots)
    bare = roll["letters"] == "printer" and not node.get("shrink")  # a printer's own letters have the size they have
    if inner["type"] == "text" and bare and set(inner["style"]) <= {"size", "align", "weight"}:
        latin = inner["text"].isascii()
        if not latin and not roll["font"]:
            return None
        high = _dots(float(inner["style"].get("size", theme["size"])) * MM_PER_POINT, dots)
        font = f"^A0N,{high},{high}" if latin else f"^A@N,{high},{high},{roll['font']}"
        lines = inner["text"].count("\n") + 1
        align = ALIGNED[inner["style"].get("align", "left")]
        text = r"\&".join(_escaped(line) for line in inner["text"].split("\n"))
        return f"{at}{font}^FB{_dots(width, dots)},{max(lines, 9)},0,{align},0^FH_^FD{text}^FS"
    return None


def _bars(inner: Node, code: Node, x: int, y: int, dots: int) -> str | None:
    """Code 128: as wide bars as fit, in the middle of their place as in the preview."""
    try:
        modules = 11 * len(symbols_of(code["data"])) + 2
    except NotEncodable:
        return None
    room = _dots(inner["width"], dots)
    bar = max(room // modules, 1)
    at = f"^FO{x + max(room - bar * modules, 0) // 2},{y}"
    return f"{at}^BY{bar}^BCN,{_dots(inner['height'], dots)},N,N,N,A^FH_^FD{_escaped(code['data'])}^FS"


def _square(inner: Node, code: Node, x: int, y: int, dots: int) -> str:
    """QR: as large squares as fit, in the middle of their place; printers put it a bar's height lower, so that height
    is one dot."""
    import segno  # an optional dependency, at its one door

    made = segno.make(code["data"], error=code["level"][0], micro=False)
    room, squares = _dots(inner["width"], dots), made.symbol_size(border=0)[0]
    square = min(max(room // squares, 1), 10)
    aside = max(room - square * squares, 0) // 2
    return (
        f"^FO{x + aside},{y + aside}^BY1,2,1^BQN,2,{square}^FH_^FD{LEVELS[code['level']]}A,{_escaped(code['data'])}^FS"
    )


def _escaped(text: str) -> str:
    """Words in a field: signs that would begin a command are written by their numbers."""
    return "".join(f"_{ord(each):02X}" if each in "^~_\\" or ord(each) < 32 else each for each in text)


def _dots(millimetres: float, dots: int) -> int:
    return round(millimetres / MM_PER_INCH * dots)


# -- pictures as dots -----------------------------------------------------------------------------------------------


def _drawn(tree: Node, draw: Draw, x: int, y: int, dots: int) -> str:
    """A tree drawn as dots at a place."""
    rows = dots_of(draw({**tree, "dots": dots}, "png")[0])
    wide = len(rows[0]) if rows else 0
    if not any(any(row) for row in rows):
        return ""
    whole = wide * len(rows)
    return f"^FO{x},{y}^GFA,{whole},{whole},{wide},{packed(rows)}^FS"


def dots_of(picture: bytes) -> list[bytes]:
    """A PNG as rows of dots, eight in a byte; a dot is black."""
    try:
        from PIL import Image  # an optional dependency, at its one door
    except ImportError as error:
        raise OutputMissing("labels in ZPL need Pillow: install lowcode[labels]") from error
    with Image.open(io.BytesIO(picture)) as opened:
        white = Image.new("RGBA", opened.size, "white")
        grey = Image.alpha_composite(white, opened.convert("RGBA")).convert("L")
    marks = grey.point([255 if level < DARK else 0 for level in range(256)], mode="1")
    wide = (marks.width + 7) // 8
    content = marks.tobytes()
    return [content[at : at + wide] for at in range(0, len(content), wide)]


def packed(rows: list[bytes]) -> str:
    """Rows in the short form of hexadecimals: `,` for the rest is white, `!` for the rest is black, `:` for the same
    again, and letters for how often a sign is repeated."""
    parts: list[str] = []
    before: bytes | None = None
    for row in rows:
        parts.append(":" if row == before else _row(row.hex().upper()))
        before = row
    return "".join(parts)


def _row(text: str) -> str:
    end = ""
    for sign, mark in (("0", ","), ("F", "!")):
        left = text.rstrip(sign)
        if len(left) < len(text):
            text, end = left, mark
            break
    return "".join(_times(len(list(group))) + sign for sign, group in itertools.groupby(text)) + end


def _times(count: int) -> str:
    """How often, as letters: `z` is 400, `g` 20, `Y` 19, `G` 1; once is not said."""
    if count == 1:
        return ""
    letters = "z" * (count // 400)
    twenties, ones = divmod(count % 400, 20)
    return letters + (chr(ord("f") + twenties) if twenties else "") + (chr(ord("F") + ones) if ones else "")
