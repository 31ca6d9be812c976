"""Blocks that hold blocks: `columns`, `keep` (together on one page), `when` (else), `each` (once per row)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Drawable, Node, Outline, draw_all
from lowcode.printing.blocks.style import Millimetres
from lowcode.printing.blocks.values import Condition, Facts, Rows

if TYPE_CHECKING:
    from lowcode.printing.blocks.kind import AnyBlock


class ColumnsBlock(Block):
    """Blocks side by side."""

    type: Literal["columns"]
    columns: list[list[AnyBlock]] = Field(min_length=1, max_length=6)
    widths: list[float] | None = Field(None, description="The shares of the columns, such as [2, 1].")
    gap: Millimetres = 6.0
    align: Literal["top", "middle", "bottom"] = "top"


class KeepBlock(Block):
    """Blocks that no page break divides."""

    type: Literal["keep"]
    body: list[AnyBlock]


class WhenBlock(Block):
    """Blocks printed where the condition holds, others where it does not."""

    type: Literal["when"]
    body: list[AnyBlock]
    otherwise: list[AnyBlock] = Field(default_factory=list)


class EachBlock(Block):
    """Blocks printed once per row."""

    type: Literal["each"]
    rows: Expression
    where: Expression | None = None
    body: list[AnyBlock]


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side, understood."""

    columns: tuple[tuple[Drawable, ...], ...]
    options: dict[str, Any]

    def draw(self, facts: Facts) -> list[Node]:
        """One node that holds the columns' nodes."""
        return [{"type": "columns", **self.options, "columns": [draw_all(column, facts) for column in self.columns]}]


@dataclass(frozen=True, slots=True)
class Keep:
    """Blocks kept together, understood."""

    body: tuple[Drawable, ...]

    def draw(self, facts: Facts) -> list[Node]:
        """One node that holds the others."""
        nodes = draw_all(self.body, facts)
        return [{"type": "keep", "body": nodes}] if nodes else []


@dataclass(frozen=True, slots=True)
class When:
    """A fork, understood."""

    condition: Condition
    body: tuple[Drawable, ...]
    otherwise: tuple[Drawable, ...]

    def draw(self, facts: Facts) -> list[Node]:
        """The nodes of one side."""
        return draw_all(self.body if self.condition.holds(facts) else self.otherwise, facts)


@dataclass(frozen=True, slots=True)
class Each:
    """Repeated blocks, understood."""

    rows: Rows
    body: tuple[Drawable, ...]

    def draw(self, facts: Facts) -> list[Node]:
        """The nodes of every row."""
        return [node for row in self.rows.of(facts) for node in draw_all(self.body, row)]


def compile_columns(block: ColumnsBlock, compiling: Compiling, pointer: str) -> Columns:
    """Each column; shares that do not fit their number are a finding."""
    widths = block.widths or [1.0] * len(block.columns)
    if len(widths) != len(block.columns):
        compiling.wrong("widths", f"{pointer}/widths", seen=len(widths), columns=len(block.columns))
        widths = [1.0] * len(block.columns)
    columns = tuple(
        compiling.blocks(column, f"{pointer}/columns/{index}") for index, column in enumerate(block.columns)
    )
    return Columns(columns, {"widths": widths, "gap": block.gap, "align": block.align})


def compile_keep(block: KeepBlock, compiling: Compiling, pointer: str) -> Keep:
    """Its blocks."""
    return Keep(compiling.blocks(block.body, f"{pointer}/body"))


def compile_when(block: WhenBlock, compiling: Compiling, pointer: str) -> When | None:
    """Its condition and both sides; without a condition there is nothing to decide."""
    if block.when is None:
        compiling.wrong("no-condition", pointer)
        return None
    condition = compiling.condition(block.when, f"{pointer}/when")
    body = compiling.blocks(block.body, f"{pointer}/body")
    otherwise = compiling.blocks(block.otherwise, f"{pointer}/otherwise")
    return When(condition, body, otherwise) if condition is not None else None


def compile_each(block: EachBlock, compiling: Compiling, pointer: str) -> Each | None:
    """Its rows, and its blocks in terms of one row."""
    rows = compiling.rows(block.rows, block.where, f"{pointer}/rows")
    if rows is None:
        return None
    return Each(rows, compiling.within(rows).blocks(block.body, f"{pointer}/body"))


def begin_each(outline: Outline) -> dict[str, Any]:
    """Once per row of the first rows of the form."""
    return {"rows": next(iter(outline.rows), ""), "body": []}


COLUMNS = BlockKind(
    "columns",
    ColumnsBlock,
    compile_columns,
    {"zh-CN": "分栏", "en": "Columns"},
    "layout",
    lambda _: {"columns": [[], []]},
)
KEEP = BlockKind(
    "keep", KeepBlock, compile_keep, {"zh-CN": "不分页", "en": "Keep together"}, "layout", lambda _: {"body": []}
)
WHEN = BlockKind(
    "when", WhenBlock, compile_when, {"zh-CN": "条件", "en": "Condition"}, "layout", lambda _: {"when": "", "body": []}
)
EACH = BlockKind("each", EachBlock, compile_each, {"zh-CN": "逐行重复", "en": "Repeat"}, "layout", begin_each)
