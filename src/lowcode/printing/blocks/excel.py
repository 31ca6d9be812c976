"""`excel`: a workbook that somebody made in Excel, with place-holders such as `{{ account.name }}` in its cells.

Sheet rows whose place-holders begin with the name of rows (`{{ items.quantity }}`) are repeated for each of them;
those directly below one another are repeated together. A row with `{{ if stage = "signed" }}` is there only where that
holds. A picture whose description is `{{ qrcode number }}` or `{{ barcode number }}` becomes that code, in its size;
one that begins in a repeated row (`{{ qrcode items.code }}`) comes with each copy of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from lowcode.printing.blocks.drawing.office import Holder
from lowcode.printing.blocks.drawing.workbooks import holders, opened
from lowcode.printing.blocks.files import ByLanguage
from lowcode.printing.blocks.holding import Meaning, OfficeBlock, OfficeFile, office_files
from lowcode.printing.blocks.kind import BlockKind, Compiling, Node
from lowcode.printing.blocks.values import Condition, Facts


class ExcelBlock(OfficeBlock):
    """An Excel file of the app; it is the whole paper, given out as xlsx."""

    type: Literal["excel"]


@dataclass(frozen=True, slots=True)
class Excel:
    """The workbook, understood."""

    files: ByLanguage[OfficeFile]

    def draw(self, facts: Facts) -> list[Node]:
        """One node: the file, what stands in its place-holders, and in those of each repeated row; whose rows those
        are, as rows of the same that are directly below one another are repeated together."""
        file = self.files.of(facts.locale.tag)
        relations = {str(line): rows.path for line, rows in file.held.repeated.items()}
        return [{**file.node("excel", facts, _shown), "relations": relations}]


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
    files = office_files(block, lambda content: holders(opened(content)), compiling, pointer)
    return Excel(files) if files is not None else None


KIND = BlockKind("excel", ExcelBlock, compile_excel, {"zh-CN": "Excel 文件", "en": "Excel file"}, "whole")
