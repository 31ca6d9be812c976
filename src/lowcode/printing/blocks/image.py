"""`image`: a picture of the app (a logo), from the folder `templates/`."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Template
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node, Outline
from lowcode.printing.blocks.style import Alignment
from lowcode.printing.blocks.values import Facts, Words

FORMATS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}


class ImageBlock(Block):
    """A picture."""

    type: Literal["image"]
    file: str = Field(description="A file of the app, such as templates/logo.png.")
    width: float | None = Field(None, gt=1, le=400, description="Millimetres.")
    height: float | None = Field(None, gt=1, le=400, description="Millimetres.")
    align: Alignment = "left"
    caption: Template = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, understood."""

    node: dict[str, Any]
    caption: Words

    def draw(self, facts: Facts) -> list[Node]:
        """One node with the picture in it."""
        return [{**self.node, "caption": self.caption.show(facts)}]


def compile_image(block: ImageBlock, compiling: Compiling, pointer: str) -> Image | None:
    """The picture's bytes; a missing file or one that is no picture is a finding."""
    content = compiling.files.get(block.file)
    if content is None:
        compiling.wrong("no-file", f"{pointer}/file", seen=block.file, known=list(compiling.files))
        return None
    form = format_of(content)
    if form is None:
        compiling.wrong("no-picture", f"{pointer}/file", seen=block.file)
        return None
    data = base64.b64encode(content).decode()
    node: dict[str, Any] = {"type": "image", "data": data, "format": form, "align": block.align}
    node |= {"width": block.width, "height": block.height}
    return Image(node, compiling.words(block.caption, f"{pointer}/caption"))


def format_of(content: bytes) -> str | None:
    """What sort of picture a file is, by how it begins."""
    if content[8:12] == b"WEBP" and content.startswith(b"RIFF"):
        return "webp"
    form = next((form for head, form in FORMATS.items() if content.startswith(head)), None)
    return "svg" if form is None and b"<svg" in content[:1000] else form


def begin_image(outline: Outline) -> dict[str, Any]:
    """The first picture of the app."""
    return {"file": next(iter(outline.pictures), ""), "width": 40}


KIND = BlockKind("image", ImageBlock, compile_image, {"zh-CN": "图片", "en": "Picture"}, "pictures", begin_image)
