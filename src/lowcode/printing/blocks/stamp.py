"""`stamp`: the firm's round red seal, laid over what stands there, only where its condition holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Template
from lowcode.printing.blocks.drawing.seal import RED, seal_svg
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node
from lowcode.printing.blocks.style import Alignment, Colour
from lowcode.printing.blocks.values import Condition, Facts, Words


class Seal(Block):
    """What a seal shows and where it lies, from where the block stands. `when` should name the states that allow it."""

    text: Template = Field(description="The firm's name, round the upper arc.")
    label: Template = Field("", description="The words under the star, such as 合同专用章.")
    code: Template = Field("", description="The seal's registered number, round the lower arc.")
    size: float = Field(40.0, ge=15, le=80, description="Millimetres; a company seal has 40.")
    color: Colour = RED
    align: Alignment = "right"
    right: float = Field(0.0, ge=-200, le=200, description="Millimetres to the right of where it would lie.")
    down: float = Field(0.0, ge=-200, le=200, description="Millimetres further down; negative lifts it.")


class StampBlock(Seal):
    """A seal by itself."""

    type: Literal["stamp"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A seal, understood."""

    text: Words
    label: Words
    code: Words
    when: Condition | None
    options: dict[str, Any]
    color: str

    def node(self, facts: Facts) -> Node | None:
        """The seal, or None where its condition does not hold."""
        if self.when is not None and not self.when.holds(facts):
            return None
        company = self.text.show(facts)
        face = facts.faces.get("serif", "")
        svg = seal_svg(company, self.label.show(facts), self.code.show(facts), face, self.color)
        return {"type": "stamp", "svg": svg, "alt": company, **self.options}

    def draw(self, facts: Facts) -> list[Node]:
        """One node, or none."""
        node = self.node(facts)
        return [node] if node is not None else []


def compile_stamp(block: Seal, compiling: Compiling, pointer: str) -> Stamp:
    """A seal; one that is always shown is worth a warning."""
    if block.when is None:
        compiling.wrong("always-sealed", pointer)
    return Stamp(
        compiling.words(block.text, f"{pointer}/text"),
        compiling.words(block.label, f"{pointer}/label"),
        compiling.words(block.code, f"{pointer}/code"),
        compiling.condition(block.when, f"{pointer}/when"),
        {"size": block.size, "align": block.align, "right": block.right, "down": block.down},
        block.color,
    )


KIND = BlockKind(
    "stamp", StampBlock, compile_stamp, {"zh-CN": "印章", "en": "Seal"}, "signing",
    lambda _: {"text": {"zh-CN": "公司名称", "en": "Company"}, "label": {"zh-CN": "合同专用章", "en": "CONTRACT"}},
)  # fmt: skip
