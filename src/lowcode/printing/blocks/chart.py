"""`chart`: a report as a picture, with the numbers that whoever prints may see; its filters speak of the record.

The picture is asked for when the record is read and is kept with what was read: a paper made again shows the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression, Name, Template
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node, Outline
from lowcode.printing.blocks.style import Alignment, Style
from lowcode.printing.blocks.values import Facts, Value, Wanted, Words


class ChartBlock(Block):
    """A report as a picture. Whoever may not see the report, or where a filter is blank, gets the paper without it."""

    type: Literal["chart"]
    report: Name
    filters: dict[Name, Expression] = Field(
        default_factory=dict,
        description="Filters of the report and their values, in terms of the record, such as account: id.",
    )
    width: float = Field(170.0, ge=30, le=400, description="Millimetres.")
    height: float = Field(70.0, ge=20, le=400, description="Millimetres.")
    align: Alignment = "left"
    title: Template = Field("", description="Words above it, that go with it when it is left out.")
    style: Style = Field(Style(bold=True), description="How the title looks.")
    caption: Template = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart, understood: where its picture is found among the facts."""

    key: str
    title: Words
    caption: Words
    node: dict[str, Any]
    style: dict[str, Any]

    def draw(self, facts: Facts) -> list[Node]:
        """One picture, or none where none was given."""
        drawn = facts.pictures.get(self.key)
        if drawn is None:
            return []
        title, caption = self.title.show(facts), self.caption.show(facts)
        words: list[Node] = [{"type": "text", "text": title, "style": self.style}] if title else []
        picture = {"type": "image", "svg": drawn, **self.node, "caption": caption, "alt": title or caption}
        return [{"type": "keep", "body": [*words, picture]}]


def compile_chart(block: ChartBlock, compiling: Compiling, pointer: str) -> Chart | None:
    """The report and the filters it knows; an unknown filter would be a chart of everybody's numbers."""
    filters: dict[str, Value] = {}
    for name, text in block.filters.items():
        value = compiling.bare(text, f"{pointer}/filters/{name}")
        if value is None:
            return None
        filters[name] = value
    if not compiling.picture(Wanted(pointer, block.report, filters, block.width, block.height), pointer):
        return None
    node = {"width": block.width, "height": block.height, "align": block.align}
    title, caption = (compiling.words(getattr(block, each), f"{pointer}/{each}") for each in ("title", "caption"))
    return Chart(pointer, title, caption, node, block.style.plain())


def begin_chart(outline: Outline) -> dict[str, Any]:
    """The first report of the app."""
    return {"report": next(iter(outline.reports), "")}


KIND = BlockKind("chart", ChartBlock, compile_chart, {"zh-CN": "图表", "en": "Chart"}, "pictures", begin_chart)
