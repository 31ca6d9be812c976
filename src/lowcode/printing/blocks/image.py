"""`image`: a picture of the app (a logo), from the folder `templates/`, or pictures that the record holds."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression, File, Template
from lowcode.printing.blocks.files import ByLanguage, each_file
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node, Outline
from lowcode.printing.blocks.pictured import pictures_of
from lowcode.printing.blocks.style import Alignment
from lowcode.printing.blocks.values import Facts, Value, Words

FORMATS = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF8": "gif"}
FAINT = "#5d6673"
GAP = 3.0
ROOM = 180.0
"""Millimetres that pictures share which stand side by side."""


class ImageBlock(Block):
    """A picture."""

    type: Literal["image"]
    file: File | None = Field(None, description="A file of the app, such as templates/logo.png, or one per language.")
    value: Expression | None = Field(None, description="Instead of it a field with pictures, such as contact.photo.")
    most: int = Field(1, ge=1, le=40, description="So many of the field's pictures at most, side by side.")
    width: float | None = Field(None, gt=1, le=400, description="Millimetres.")
    height: float | None = Field(None, gt=1, le=400, description="Millimetres.")
    align: Alignment = "left"
    caption: Template = ""
    without: Template = Field("", description="What stands where the record has no picture.")


@dataclass(frozen=True, slots=True)
class Photos:
    """Pictures of the record, understood. `width` and `height`: the room that each may take; it keeps its shape."""

    value: Value
    most: int
    width: float | None
    height: float | None
    align: str
    caption: Words
    empty: Words

    def draw(self, facts: Facts) -> list[Node]:
        """One node for each, in rows; the words for none."""
        found = pictures_of(self.value, facts, self.most, self.width, self.height)
        caption = self.caption.show(facts)
        nodes = [node | {"align": self.align, "caption": caption, "alt": caption} for node in found]
        if not nodes:
            words = self.empty.show(facts)
            return [{"type": "text", "text": words, "style": {"align": self.align, "color": FAINT}}] if words else []
        if len(nodes) == 1:
            return nodes
        beside = max(1, min(len(nodes), int(ROOM // max(node["width"] + GAP for node in nodes))))
        rows = [nodes[start : start + beside] for start in range(0, len(nodes), beside)]
        return [
            {"type": "columns", "widths": [1.0] * beside, "gap": GAP, "align": "top",
             "columns": [[node] for node in row] + [[] for _ in range(beside - len(row))]}
            for row in rows
        ]  # fmt: skip


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


def compile_image(block: ImageBlock, compiling: Compiling, pointer: str) -> Image | Photos | None:
    """The picture's bytes; a missing file or one that is no picture is a finding."""
    caption = compiling.words(block.caption, f"{pointer}/caption")
    if (block.file is None) == (block.value is None):
        compiling.wrong("file-or-value", pointer)
        return None
    if block.file is None:
        value = compiling.pictured(block.value or "", f"{pointer}/value")
        if value is None:
            return None
        empty = compiling.words(block.without, f"{pointer}/without")
        return Photos(value, block.most, block.width, block.height, block.align, caption, empty)

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
    return Image(pictures, looks, caption)


def format_of(content: bytes) -> str | None:
    """What sort of picture a file is, by how it begins."""
    if content[8:12] == b"WEBP" and content.startswith(b"RIFF"):
        return "webp"
    form = next((form for head, form in FORMATS.items() if content.startswith(head)), None)
    return "svg" if form is None and b"<svg" in content[:1000] else form


def begin_image(outline: Outline) -> dict[str, Any]:
    """The first picture of the app, or the field of the form that holds pictures."""
    if not outline.pictures and outline.photos:
        return {"value": outline.photos[0].path, "width": 40}
    return {"file": next(iter(outline.pictures), ""), "width": 40}


KIND = BlockKind("image", ImageBlock, compile_image, {"zh-CN": "图片", "en": "Picture"}, "pictures", begin_image)
