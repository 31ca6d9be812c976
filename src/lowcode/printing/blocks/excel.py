"""`excel`: a workbook that somebody made in Excel, with place-holders such as `{{ account.name }}` in its cells.

Sheet rows whose place-holders begin with the name of rows (`{{ items.quantity }}`) are repeated for each of them;
those directly below one another are repeated together. A row with `{{ if stage = "signed" }}` is there only where that
holds. A picture whose description is `{{ qrcode number }}` or `{{ barcode number }}` becomes that code, in its size.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression
from lowcode.printing.blocks.drawing.office import Holder
from lowcode.printing.blocks.drawing.workbooks import holders, opened
from lowcode.printing.blocks.holding import Held, Meaning, bytes_of, understand
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node
from lowcode.printing.blocks.values import Condition, Facts


class ExcelBlock(Block):
    """An Excel file of the app; it is the whole paper, given out as xlsx."""

    type: Literal["excel"]
    file: str = Field(description="A file of the app, such as templates/statement.xlsx.")
    rows: list[Expression] = Field(
        default_factory=list,
        description="The rows its sheets repeat, such as items; place-holders begin with the name.",
    )


@dataclass(frozen=True, slots=True)
class Excel:
    """The workbook, understood."""

    content: str
    held: Held

    def draw(self, facts: Facts) -> list[Node]:
        """One node: the file, what stands in its place-holders, and in those of each repeated row."""
        held = self.held
        return [{"type": "excel", "file": self.content, "values": held.singles(facts, _shown),
                 "lines": held.lines(facts, _shown),
                 "relations": {str(line): rows.path for line, rows in held.repeated.items()},
                 "decides": [holder.decides for holder in held.holders]}]  # fmt: skip


def _shown(meaning: Meaning, facts: Facts, holder: Holder) -> dict[str, str] | None:
    """The words of a place-holder, and the bare number or day where it has a cell to itself; of a condition that does
    not hold None."""
    if isinstance(meaning, Condition):
        return {"text": "yes"} if meaning.holds(facts) else None
    if meaning is None:
        return {"text": ""}
    shown = {"text": meaning.show(facts)}
    return {**shown, **_bare(meaning.of(facts), facts)} if holder.alone else shown


def _bare(value: Any, facts: Facts) -> dict[str, str]:
    match value:
        case bool():
            return {}
        case int() | Decimal():
            return {"number": str(value)}
        case datetime():
            return {"day": value.astimezone(facts.locale.zone).replace(tzinfo=None).isoformat()}
        case date():
            return {"day": value.isoformat()}
        case _:
            return {}


def compile_excel(block: ExcelBlock, compiling: Compiling, pointer: str) -> Excel | None:
    """Its place-holders, each with a finding of its own where it names something unknown."""
    content = bytes_of(block.file, compiling, pointer)
    if content is None:
        return None
    held = understand(block.file, lambda: holders(opened(content)), block.rows, compiling, pointer)
    return Excel(base64.b64encode(content).decode(), held) if held is not None else None


KIND = BlockKind("excel", ExcelBlock, compile_excel, {"zh-CN": "Excel 文件", "en": "Excel file"}, "whole")
