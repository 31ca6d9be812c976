"""Blocks without words: `line`, `space`, `page_break`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node
from lowcode.printing.blocks.style import Colour
from lowcode.printing.blocks.values import Facts


class LineBlock(Block):
    """A rule from margin to margin."""

    type: Literal["line"]
    thickness: float = Field(0.6, gt=0, le=20, description="Points.")
    color: Colour | None = None


class SpaceBlock(Block):
    """Blank paper."""

    type: Literal["space"]
    height: float = Field(4.0, gt=0, le=400, description="Millimetres.")


class PageBreakBlock(Block):
    """What follows begins on a new page."""

    type: Literal["page_break"]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A node that is the same for every record."""

    node: Node

    def draw(self, facts: Facts) -> list[Node]:
        """The node."""
        return [self.node]


def compile_line(block: LineBlock, compiling: Compiling, pointer: str) -> Fixed:
    """A rule."""
    colour = {"color": block.color} if block.color else {}
    return Fixed({"type": "line", "thickness": block.thickness, **colour})


def compile_space(block: SpaceBlock, compiling: Compiling, pointer: str) -> Fixed:
    """Blank paper."""
    return Fixed({"type": "space", "height": block.height})


def compile_page_break(block: PageBreakBlock, compiling: Compiling, pointer: str) -> Fixed:
    """A new page."""
    return Fixed({"type": "page_break"})


LINE = BlockKind("line", LineBlock, compile_line, {"zh-CN": "横线", "en": "Line"}, "layout")
SPACE = BlockKind("space", SpaceBlock, compile_space, {"zh-CN": "留白", "en": "Space"}, "layout")
PAGE_BREAK = BlockKind(
    "page_break", PageBreakBlock, compile_page_break, {"zh-CN": "分页", "en": "Page break"}, "layout"
)
