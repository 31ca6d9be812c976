"""`place`: blocks at a place of the sheet in millimetres, for forms that are printed already and for labels.

Nothing else makes way for it. For rows it comes once per row, so much further down each time, and goes on with the
next page after so many.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field

from lowcode.kernel.definitions.documents import Expression, Template
from lowcode.printing.blocks.fields import value_or_words
from lowcode.printing.blocks.formats import Format
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Drawable, Node, draw_all
from lowcode.printing.blocks.style import PLAIN, Millimetres, Style
from lowcode.printing.blocks.values import Facts, Rows, Value, Words

if TYPE_CHECKING:
    from lowcode.printing.blocks.kind import AnyBlock

WORDS = {"zh-CN": "文字", "en": "Text"}


class PlaceBlock(Block):
    """A value, words, or blocks, so far from the left and upper edge of the sheet."""

    type: Literal["place"]
    x: float = Field(ge=0, le=2000, description="Millimetres from the left edge of the sheet.")
    y: float = Field(ge=0, le=2000, description="Millimetres from its upper edge.")
    width: float | None = Field(None, gt=0, le=2000, description="Millimetres; left out, up to the right edge.")
    height: float | None = Field(None, gt=0, le=2000, description="Millimetres; what is higher is cut off.")
    shrink: bool = Field(
        False, description="What is higher than `height` is set smaller instead, down to half of its size."
    )
    page: int | Literal["every"] = Field(1, description="The page it stands on, from 1; `every` for all of them.")
    value: Expression | None = None
    text: Template | None = Field(None, description="Words instead of a single value.")
    format: Format = "auto"
    boxes: Millimetres | None = Field(
        None, gt=0, description="Each character has a box so wide, as forms have them for numbers and amounts."
    )
    style: Style = PLAIN
    body: list[AnyBlock] = Field(default_factory=list, description="Blocks instead of a value or words.")
    rows: Expression | None = Field(None, description="Rows of the record: it comes once for each.")
    where: Expression | None = None
    step: Millimetres = Field(8.0, description="How much further down each row stands.")
    per_page: int = Field(1, ge=1, le=500, description="So many rows on a page; more go on with the next.")


@dataclass(frozen=True, slots=True)
class Place:
    """A place, understood."""

    node: dict[str, Any]
    page: int | None
    shown: Value | Words | None
    boxes: float | None
    style: dict[str, Any]
    body: tuple[Drawable, ...]
    rows: Rows | None
    step: float
    per_page: int

    def draw(self, facts: Facts) -> list[Node]:
        """One node; for rows one per row."""
        if self.rows is None:
            return self._at(facts, 0.0, self.page)
        nodes = []
        for number, row in enumerate(self.rows.of(facts)):
            page, place = divmod(number, self.per_page)
            nodes += self._at(row, place * self.step, (self.page or 1) + page)
        return nodes

    def _at(self, facts: Facts, down: float, page: int | None) -> list[Node]:
        inner = self._inside(facts)
        return (
            [{"type": "placed", **self.node, "y": self.node["y"] + down, "page": page, "body": inner}] if inner else []
        )

    def _inside(self, facts: Facts) -> list[Node]:
        if self.shown is None:
            return draw_all(self.body, facts)
        text = self.shown.show(facts)
        if not text:
            return []
        if self.boxes is not None:
            return [{"type": "boxes", "text": text, "box": self.boxes, "style": self.style}]
        return [{"type": "text", "text": text, "style": self.style}]


def compile_place(block: PlaceBlock, compiling: Compiling, pointer: str) -> Place | None:
    """Its rows where it has some, and what stands there."""
    rows = None
    inner = compiling
    if block.rows is not None:
        rows = compiling.rows(block.rows, block.where, f"{pointer}/rows")
        if rows is None:
            return None
        inner = compiling.within(rows)
    shown: Value | Words | None = None
    if not block.body or block.value is not None or block.text is not None:
        shown = value_or_words(block.value, block.text, block.format, inner, pointer)
        if shown is None:
            return None
    node: dict[str, Any] = {"x": block.x, "y": block.y, "width": block.width, "height": block.height}
    if block.shrink:
        node["shrink"] = True
    page = None if block.page == "every" else block.page
    body = inner.blocks(block.body, f"{pointer}/body")
    return Place(node, page, shown, block.boxes, block.style.plain(), body, rows, block.step, block.per_page)


def has_places(blocks: list[Any]) -> bool:
    """Whether anything stands at a place."""
    return any(isinstance(block, PlaceBlock) or _holds(block) for block in blocks)


def misplaced(blocks: list[Any], pointer: str) -> Iterator[str]:
    """Where a place stands inside something that has a place of its own; only `when` has none."""
    for index, block in enumerate(blocks):
        at = f"{pointer}/{index}"
        if block.type == "when":
            yield from misplaced(block.body, f"{at}/body")
            yield from misplaced(block.otherwise, f"{at}/otherwise")
        elif _holds(block):
            yield at


def _holds(block: Block) -> bool:
    return any(isinstance(each, PlaceBlock) for each in _inside(block))


def _inside(value: Any) -> Iterator[Any]:
    """Every block inside a block."""
    for name in type(value).model_fields:
        waiting = [getattr(value, name)]
        while waiting:
            each = waiting.pop()
            if isinstance(each, list):
                waiting += each
            elif isinstance(each, Block):
                yield each
                yield from _inside(each)
            elif isinstance(each, BaseModel):
                yield from _inside(each)


KIND = BlockKind(
    "place", PlaceBlock, compile_place, {"zh-CN": "定位（套打）", "en": "At a place"}, "layout",
    lambda _: {"x": 20, "y": 20, "text": dict(WORDS)},
)  # fmt: skip
