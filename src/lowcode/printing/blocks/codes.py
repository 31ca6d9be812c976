"""`qrcode` and `barcode`: a text a machine reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Template
from lowcode.printing.blocks.drawing.barcode import NotEncodable, barcode_svg
from lowcode.printing.blocks.drawing.qrcode import qrcode_svg
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node, Outline
from lowcode.printing.blocks.style import Alignment
from lowcode.printing.blocks.values import Facts, Words


class QrcodeBlock(Block):
    """A QR code."""

    type: Literal["qrcode"]
    text: Template
    size: float = Field(22.0, gt=4, le=200, description="Millimetres.")
    level: Literal["low", "medium", "quartile", "high"] = "medium"
    align: Alignment = "left"
    caption: Template = ""


class BarcodeBlock(Block):
    """A bar code of the kind Code 128."""

    type: Literal["barcode"]
    text: Template
    width: float = Field(50.0, gt=10, le=200, description="Millimetres.")
    height: float = Field(12.0, gt=3, le=100, description="Millimetres.")
    align: Alignment = "left"
    caption: Template = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A code, understood."""

    words: Words
    caption: Words
    drawn: Callable[[str], str]
    node: dict[str, Any]
    about: dict[str, str]
    """What a printer that knows codes is told instead of the picture."""

    def draw(self, facts: Facts) -> list[Node]:
        """One picture; none for a blank text, and its plain words where the code cannot hold them."""
        text = self.words.show(facts, bare=True)
        if not text:
            return []
        try:
            svg = self.drawn(text)
        except NotEncodable:
            return [{"type": "text", "text": text, "style": {"align": self.node["align"]}}]
        node = {"type": "image", "svg": svg, **self.node, "caption": self.caption.show(facts), "alt": text}
        return [node | {"code": {**self.about, "data": text}}]


def compile_qrcode(block: QrcodeBlock, compiling: Compiling, pointer: str) -> Code:
    """A square code."""
    level = block.level
    return Code(
        compiling.words(block.text, f"{pointer}/text"),
        compiling.words(block.caption, f"{pointer}/caption"),
        lambda text: qrcode_svg(text, level),
        {"width": block.size, "height": block.size, "align": block.align},
        {"kind": "qrcode", "level": level},
    )


def compile_barcode(block: BarcodeBlock, compiling: Compiling, pointer: str) -> Code:
    """Bars."""
    return Code(
        compiling.words(block.text, f"{pointer}/text"),
        compiling.words(block.caption, f"{pointer}/caption"),
        barcode_svg,
        {"width": block.width, "height": block.height, "align": block.align},
        {"kind": "barcode"},
    )


def begin_code(outline: Outline) -> dict[str, Any]:
    """What names the record."""
    return {"text": next((f"{{{{ {each.path} }}}}" for each in outline.fields if each.kind == "text"), "")}


QRCODE = BlockKind("qrcode", QrcodeBlock, compile_qrcode, {"zh-CN": "二维码", "en": "QR code"}, "pictures", begin_code)
BARCODE = BlockKind(
    "barcode", BarcodeBlock, compile_barcode, {"zh-CN": "条形码", "en": "Bar code"}, "pictures", begin_code
)
