"""Files of a record behind its paper: PDFs and pictures, with page numbers that go on.

The pages of a PDF stay as they are; the number, and the marks across the page, are laid over them. Everything is done
in a worker: files of strangers are read only there.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.printing.outputs.papers import UnusablePdf, reader_of, sizes_of
from lowcode.printing.outputs.pdf import draw

Node = Mapping[str, Any]
PAGE, PAGES = "\ue000", "\ue001"
MOST_PAGES = 300
BORDER = 12.0
"""Millimetres around a picture."""


class Unappendable(ValueError):
    """A file cannot be appended; its name, and why: `encrypted`, `broken`, `long`."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self.reason = name, reason
        super().__init__(f"{reason}: {name}")


def appended(tree: Node, files: Sequence[Node], contents: Sequence[bytes], fonts: list[str]) -> bytes:
    """The paper with the files behind it. Raises Unappendable."""
    import pypdf  # an optional dependency, at its one door

    pages = [page for file, content in zip(files, contents, strict=True) for page in _pages(tree, file, content)]
    if len(pages) > MOST_PAGES:
        raise Unappendable(str(files[-1]["name"]), "long")
    paper = draw([{**tree, "more": len(pages)}], fonts)[0]
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper))
    first = len(writer.pages)
    overlays = [_over(tree, page, first + place, first + len(pages)) for place, page in enumerate(pages, 1)]
    laid = pypdf.PdfReader(io.BytesIO(draw(overlays, fonts)[0])).pages
    for page, over in zip(pages, laid, strict=True):
        if page["page"] is None:
            writer.add_page(over)
            continue
        added = writer.add_page(page["page"])
        if added.rotation:
            added.transfer_rotation_to_content()
        box = added.cropbox
        added.merge_transformed_page(over, pypdf.Transformation().translate(float(box.left), float(box.bottom)))
    writer.compress_identical_objects()
    raw = io.BytesIO()
    writer.write(raw)
    return raw.getvalue()


def _pages(tree: Node, file: Node, content: bytes) -> list[dict[str, Any]]:
    """The pages of one file: those of a PDF with their sizes, or one sheet for a picture."""
    if file["format"] != "pdf":
        sheet = tree["page"]
        picture = {**file, "type": "image", "data": base64.b64encode(content).decode()}
        return [{"page": None, "width": sheet["width"], "height": sheet["height"], "picture": picture}]
    try:
        sizes = sizes_of(content)
        found = reader_of(content).pages
    except UnusablePdf as wrong:
        raise Unappendable(str(file["name"]), wrong.reason) from None
    if len(sizes) > MOST_PAGES:
        raise Unappendable(str(file["name"]), "long")
    return [
        {"page": page, "width": width, "height": height, "picture": None}
        for page, (width, height) in zip(found, sizes, strict=True)
    ]


def _over(tree: Node, page: Node, number: int, count: int) -> dict[str, Any]:
    """What is laid over a page: its number below, the marks across it, and the picture it is made of."""
    width, height = page["width"], page["height"]
    text = tree["numbering"].replace(PAGE, str(number)).replace(PAGES, str(count))
    look = {"size": 8, "color": "#5d6673", "align": "center"}
    placed: list[dict[str, Any]] = []
    if text:
        placed.append(_at(0.0, height - 9.0, width, 6.0, [{"type": "text", "text": text, "style": look}]))
    if page["picture"] is not None:
        inner = {"fit": True, "width": width - 2 * BORDER, "height": height - 2 * BORDER, "align": "center"}
        placed.insert(0, _at(BORDER, BORDER, inner["width"], inner["height"], [{**page["picture"], **inner}]))
    margin = {"top": 0, "right": 0, "bottom": 0, "left": 0}
    return {
        **tree, "page": {"width": width, "height": height, "margin": margin, "bare": page["picture"] is None},
        "header": [], "first_header": None, "footer": [], "furniture": {}, "reprint": "", "background": None,
        "offset": [0, 0], "placed": placed, "body": [],
    }  # fmt: skip


def _at(x: float, y: float, width: float, height: float, body: list[Any]) -> dict[str, Any]:
    return {"type": "placed", "x": x, "y": y, "width": width, "height": height, "page": None, "body": body}
