"""Printers and how far each has to be corrected, so that words meet the lines of a form that is printed already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import File, Items
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.making import Maker
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.ruler import test_sheet
from lowcode.printing.tables import printer

MOST = 50.0
"""Millimetres: further off it is not a printer that has to be corrected."""
every_printer = sa.select(printer).order_by(printer.c.name)
one_printer = sa.select(printer).where(printer.c.name == sa.bindparam("of_name"))
correct = (
    sa.update(printer)
    .where(printer.c.name == sa.bindparam("of_name"))
    .values(
        right=sa.bindparam("new_right", type_=sa.Integer), down=sa.bindparam("new_down", type_=sa.Integer),
        set_by=sa.bindparam("new_by", type_=sa.BigInteger), set_at=sa.bindparam("new_at", type_=printer.c.set_at.type),
    )
)  # fmt: skip
take_out = sa.delete(printer).where(printer.c.name == sa.bindparam("of_name"))


class PrinterParameters(Parameters):
    """A printer."""

    name: str = Key(min_length=1, max_length=80)


class CalibrateParameters(PrinterParameters):
    """How far what it prints has to go to the right and down, in millimetres."""

    right: float = Key(ge=-MOST, le=MOST)
    down: float = Key(ge=-MOST, le=MOST)


class TestSheetParameters(Parameters):
    """A printer whose correction is tried; without one the sheet is as it comes."""

    __test__ = False
    printer: str | None = Key(None, max_length=80)
    language: str | None = None


class Calibrating:
    """The operations of printers."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    def all(self) -> Iterable[Operation]:
        """Every operation. Who may print may correct the printer that stands beside them."""
        words = {"en": "Printers that have a correction", "zh-CN": "已校准的打印机"}
        yield Operation("printing.printers", self.printers, writes=False, summary=words)
        words = {"en": "Correct a printer", "zh-CN": "校准打印机"}
        yield Operation("printing.calibrate", self.calibrate, CalibrateParameters, summary=words)
        words = {"en": "Forget a printer", "zh-CN": "删除打印机"}
        yield Operation("printing.forget_printer", self.remove, PrinterParameters, summary=words)
        words = {"en": "A sheet to measure a printer with", "zh-CN": "校准测试页"}
        yield Operation("printing.test_sheet", self.sheet, TestSheetParameters, writes=False, summary=words)

    def printers(self, context: Context, _: Nothing) -> Items:
        """Every printer with its correction."""
        rows = context.unit.fetch(every_printer)
        return {"items": [{**row, "right": row["right"] / 1000, "down": row["down"] / 1000} for row in rows]}

    def calibrate(self, context: Context, params: CalibrateParameters) -> None:
        """Remember the correction of a printer."""
        right, down, by, at = round(params.right * 1000), round(params.down * 1000), context.actor.id, context.now()
        given = {"new_right": right, "new_down": down, "new_by": by, "new_at": at}
        if not context.unit.run(correct, of_name=params.name, **given):
            context.unit.insert(printer, name=params.name, right=right, down=down, set_by=by, set_at=at)

    def remove(self, context: Context, params: PrinterParameters) -> None:
        """Forget a printer. Raises NotFound."""
        if not context.unit.run(take_out, of_name=params.name):
            raise NotFound(problem("no-printer", printer=params.name))

    def sheet(self, context: Context, params: TestSheetParameters) -> File:
        """Crosses and rulers at known places: where they come out says how far the printer is off."""
        chinese = (params.language or context.actor.locale or context.app.definition.languages[0]).startswith("zh")
        tree = test_sheet(offset_of(context, params.printer), params.printer or "", chinese, context.now())
        content = self.maker.workers.draw(tree, packaged_fonts().folders, "pdf")[0]
        return {"name": "calibration.pdf", "media_type": "application/pdf", "content": content}


def offset_of(context: Context, name: str | None) -> tuple[float, float]:
    """The correction of a printer. Raises NotFound."""
    if not name:
        return 0.0, 0.0
    row = context.unit.one(one_printer, of_name=name)
    if row is None:
        raise NotFound(problem("no-printer", printer=name))
    return row["right"] / 1000, row["down"] / 1000


def setting_of(context: Context, background: bool | None, name: str | None) -> dict[str, Any]:
    """How a paper is to be put on its sheet: only what is said, so that other papers say nothing of it."""
    setting: dict[str, Any] = {} if background is None else {"background": background}
    offset = offset_of(context, name)
    return setting | {"offset": list(offset)} if offset != (0.0, 0.0) else setting
