"""`image`: a picture of the app (a logo), from the folder `templates/`."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import File, Template
from lowcode.printing.blocks.files import ByLanguage, each_file
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node, Outline
from lowcode.printing.blocks.style import Alignment
from lowcode.printing.blocks.values import Facts, Words

FORMATS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}


class ImageBlock(Block):
    """A picture."""

    type: Literal["image"]
    file: File = Field(description="A file of the app, such as templates/logo.png, or one per language.")
    width: float | None = Field(None, gt=1, le=400, description="Millimetres.")
    height: float | None = Field(None, gt=1, le=400, description="Millimetres.")
    align: Alignment = "left"
    caption: Template = ""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture, understood."""

    pictures: ByLanguage[dict[str, Any]]
    looks: dict[str, Any]
    caption: Words

    def draw(self, facts: Facts) -> list[Node]:
        """One node with the picture in it."""
        picture = self.pictures.of(facts.locale.tag)
        return [{"type": "image", **picture, **self.looks, "caption": self.caption.show(facts)}]


def compile_image(block: ImageBlock, compiling: Compiling, pointer: str) -> Image | None:
    """The picture's bytes; a missing file or one that is no picture is a finding."""

    def picture(file: str, content: bytes, at: str) -> dict[str, Any] | None:
        form = format_of(content)
        if form is None:
            compiling.wrong("no-picture", at, seen=file)
            return None
        return {"data": base64.b64encode(content).decode(), "format": form}

    pictures = each_file(block.file, compiling, f"{pointer}/file", picture)
    if pictures is None:
        return None
    looks = {"align": block.align, "width": block.width, "height": block.height}
    return Image(pictures, looks, compiling.words(block.caption, f"{pointer}/caption"))


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
