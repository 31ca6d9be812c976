"""Pictures of an office file that become codes: the drawing, and the picture that shows it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from lowcode.printing.blocks.drawing.barcode import NotEncodable, barcode_svg
from lowcode.printing.blocks.drawing.office import parsed
from lowcode.printing.blocks.drawing.qrcode import qrcode_svg
from lowcode.printing.outputs.archive import written

ART = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
IMAGE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
EMU_PER_MM = 36000
CODES = 90_000
"""The numbers of pictures that are codes begin here: Word and Excel count theirs from 1."""
Pixels = Callable[[Mapping[str, Any]], bytes]


def code_svg(kind: str, text: str) -> str:
    """The drawing of a code; nothing where there is no text, or the code cannot hold it."""
    try:
        return (qrcode_svg(text) if kind == "qrcode" else barcode_svg(text)) if text else ""
    except NotEncodable:
        return ""


def show(parts: dict[str, bytes], path: str, shown: Any, extent: Any, drawing: str, pixels: Pixels) -> None:
    """Let a picture (`a:blip`) of a member show a drawing, in the size it has."""
    width, height = (int(extent.get(each)) / EMU_PER_MM if extent is not None else 25.0 for each in ("cx", "cy"))
    media = f"{path.partition('/')[0]}/media"
    number = sum(each.startswith(f"{media}/code") for each in parts) + 1
    parts[f"{media}/code{number}.png"] = pixels({"svg": drawing, "width": max(width, 5.0), "height": max(height, 5.0)})
    folder, name = posixpath.split(path)
    rels = f"{folder}/_rels/{name}.rels"
    root = parsed(parts[rels])
    identity = f"code{number}"
    root.append(root.makeelement(RELATION, {"Id": identity, "Type": IMAGE, "Target": f"/{media}/code{number}.png"}))
    parts[rels] = written(root)
    shown.set(f"{R}embed", identity)
    for child in list(shown):
        shown.remove(child)
    types = parsed(parts["[Content_Types].xml"])
    if not any(str(each.get("Extension", "")).lower() == "png" for each in types):
        types.insert(0, types.makeelement(f"{TYPES}Default", {"Extension": "png", "ContentType": "image/png"}))
        parts["[Content_Types].xml"] = written(types)
