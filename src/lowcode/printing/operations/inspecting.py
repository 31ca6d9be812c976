"""A Word or Excel file before it becomes a template: cleaned, its place-holders listed, and filled once to be seen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected, Report
from lowcode.kernel.storage import files
from lowcode.printing.blocks.drawing import office, workbooks
from lowcode.printing.blocks.drawing.office import Holder, Refused
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.keeping import Compile
from lowcode.printing.operations.making import Maker
from lowcode.printing.operations.reading import read_snapshot

FILE = "templates/{name}.{suffix}"


class InspectParameters(Parameters):
    """The file itself or the id of one that was uploaded, the form it prints, and perhaps a record to fill it with."""

    form: str
    name: str = "uploaded"
    content: bytes | None = None
    file: int | None = None
    id: int | None = None
    language: str | None = None


class Inspecting:
    """The operation of whoever makes templates."""

    def __init__(self, maker: Maker, compile_: Compile) -> None:
        self.maker, self._compile = maker, compile_

    def all(self) -> Iterable[Operation]:
        """The one operation."""
        words = {"en": "Look at a Word or Excel template before it is saved", "zh-CN": "检查 Word 或 Excel 模板"}
        yield Operation(
            "printing.inspect", self.inspect, InspectParameters, "administrator", writes=False, summary=words
        )

    def inspect(self, context: Context, params: InspectParameters) -> dict[str, Any]:
        """The place-holders with what is wrong with each and the nearest name; the definition to save beside the file;
        and the filled document, where a record was named and nothing is wrong."""
        host: Any = context.host
        content = params.content
        if content is None and params.file is not None:
            content = host.files.get(files.find(context, params.file)["digest"])
        if content is None:
            raise Rejected(problem("nothing-to-inspect", "/file"))
        kind, suffix = ("excel", "xlsx") if b"xl/workbook.xml" in content else ("word", "docx")
        path = FILE.format(name=params.name, suffix=suffix)
        try:
            found = _holders(kind, content)
        except Refused as refused:
            raise Rejected(problem(refused.key, "/file", file=path, seen=refused.seen)) from None
        shape = context.app.scope.shapes.records.get(params.form)
        fields = shape.fields.items() if shape is not None else ()
        relations = [name for name, kind in fields if kind.type.kind == "rows"]
        block = {"type": kind, "file": path, "rows": [each for each in relations if _used(each, found)]}
        written = {"name": params.name, "form": params.form, "outputs": [suffix], "body": [block]}
        report = Report()
        plan = self._compile(written, {path: content}, context.app.scope, report)
        answer: dict[str, Any] = {
            "holders": [{"text": each.expression, "decides": each.decides, "in_row": each.line is not None}
                        for each in found],
            "findings": [{"code": each.code, "message": each.message, "hint": each.hint} for each in report],
            "definition": written, "filled": None, "name": None,
        }  # fmt: skip
        if plan is not None and params.id is not None:
            language = params.language or plan.languages[0]
            made = self.maker.make(plan, read_snapshot(context, plan, params.id, language), self.maker.output(suffix))
            answer |= {"filled": made.content, "name": made.name}
        return answer


def _holders(kind: str, content: bytes) -> list[Holder]:
    if kind == "excel":
        return workbooks.holders(workbooks.opened(content))
    return office.holders(office.cleaned(content))


def _used(relation: str, found: list[Any]) -> bool:
    return any(each.line is not None and each.expression.startswith(f"{relation}.") for each in found)
