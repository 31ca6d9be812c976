"""A Word, Excel or PDF file before it becomes a template: cleaned, its place-holders listed with what is wrong and what
could stand there, and filled once to be seen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Diagnostic, Rejected, Report
from lowcode.kernel.storage import files
from lowcode.printing.blocks.drawing import office, workbooks
from lowcode.printing.blocks.drawing.office import HOLDER, Holder, Refused
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.keeping import Compile
from lowcode.printing.operations.making import Maker
from lowcode.printing.operations.reading import read_snapshot
from lowcode.printing.outputs.papers import REASONS, UnusablePdf
from lowcode.printing.outputs.pdf_forms import placed
from lowcode.printing.outputs.worker.forms import FormFile, FormFiles
from lowcode.printing.plan import TemplatePlan

FILE = "templates/{name}.{suffix}"
SUFFIXES = {"word": "docx", "excel": "xlsx", "pdf": "pdf"}
OWNER = {"zh-CN": "负责人", "en": "Owner"}
PERSON = {"name": {"zh-CN": "姓名", "en": "Name"}, "email": {"zh-CN": "邮箱", "en": "E-mail"}}
"""What may be printed of somebody a record leads to."""
OUTPUTS = {"word": ["docx"], "excel": ["xlsx"], "pdf": ["html", "pdf", "png"]}


class UploadedParameters(Parameters):
    """The file itself or the id of one that was uploaded, the form it prints, and perhaps a record to fill it with."""

    form: str
    title: str = Key("", max_length=200)
    roles: tuple[str, ...] = ()
    content: bytes | None = None
    file: int | None = None
    id: int | None = None
    language: str | None = None


class InspectParameters(UploadedParameters):
    """The same, under the name it may get."""

    name: str = "uploaded"


class HoldersParameters(Parameters):
    """A form."""

    form: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked at."""

    kind: str
    path: str
    file_name: str
    content: bytes
    document: dict[str, Any]
    holders: tuple[Holder, ...]
    findings: tuple[Diagnostic, ...]
    plan: TemplatePlan | None


class Inspecting:
    """The operations of whoever makes templates."""

    def __init__(self, maker: Maker, compile_: Compile, forms: FormFiles) -> None:
        self.maker, self._compile, self._forms = maker, compile_, forms

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        words = {"en": "Look at a template file before it is saved", "zh-CN": "检查模板文件"}
        yield Operation(
            "printing.inspect", self.inspect, InspectParameters, "administrator", writes=False, summary=words
        )
        words = {"en": "What may stand in a template of a form", "zh-CN": "可用的占位符"}
        yield Operation(
            "printing.holders", self.available, HoldersParameters, "administrator", writes=False, summary=words
        )

    def inspect(
        self, context: Context, params: InspectParameters
    ) -> Annotated[dict[str, Any], has(kind=str, holders=list[dict], findings=list[dict])]:
        """The place-holders with what is wrong with each and the nearest name; the definition to save beside the file;
        and the filled document, where a record was named and nothing is wrong."""
        looked = self.look(context, params)
        about = [{"text": each.expression, "decides": each.decides, "in_row": each.line is not None,
                  "at": _place(each.at), "beside": each.beside,
                  **_wrong(each, looked.findings, context.actor.locale)}
                 for each in looked.holders]  # fmt: skip
        answer: dict[str, Any] = {
            "kind": looked.kind,
            "holders": about,
            "findings": [
                {"code": each.code, "message": message, "hint": hint}
                for each in looked.findings for message, hint in (each.told(context.actor.locale),)
            ],
            "definition": looked.document, "filled": None, "name": None, "media_type": None,
        }  # fmt: skip
        if looked.plan is not None and params.id is not None:
            answer |= self._filled(context, looked.plan, looked.kind, params.id, params.language)
        return answer

    def look(self, context: Context, params: Any) -> Looked:
        """What a file holds. Raises Rejected where it may not be used at all."""
        content, file_name = self._content(context, params)
        kind = kind_of(content)
        path = FILE.format(name=params.name, suffix=SUFFIXES[kind])
        document: dict[str, Any] = {"name": params.name, "title": params.title or params.name, "form": params.form}
        if params.roles:
            document["roles"] = list(params.roles)
        document["outputs"] = OUTPUTS[kind]
        form: FormFile | None = None
        try:
            if kind == "pdf":
                form = self._forms.read(content)
                found = [each.holder for each in form.fields]
            else:
                found = _holders(kind, content)
        except Refused as refused:
            raise Rejected(problem(refused.key, "/file", file=file_name, seen=refused.seen)) from None
        except UnusablePdf as wrong:
            raise Rejected(problem("form-unreadable", "/file", file=file_name, reason=REASONS[wrong.reason])) from None
        relations = [each for each in _relations(context, params.form) if _used(each, found)]
        if form is not None:
            if not form.fields:
                raise Rejected(problem("no-fields", "/file", file=file_name))
            document |= placed(form.sizes[0], form.fields, relations, path)
        else:
            document["body"] = [{"type": kind, "file": path, "rows": relations}]
        report = Report()
        plan = self._compile(document, {path: content}, context.app.scope, report)
        return Looked(kind, path, file_name, content, document, tuple(found), tuple(report), plan)

    def tried(self, context: Context, looked: Looked, params: UploadedParameters) -> None:
        """Fill it with the record that was named, else with the newest that the person may read: what goes wrong is
        said before anything is saved."""
        identity = params.id
        if identity is None:
            newest = context.ask("records.list", type=params.form, sort=("-id",), limit=1, fields=("id",))["items"]
            identity = newest[0]["id"] if newest else None
        if identity is not None and looked.plan is not None:
            self._filled(context, looked.plan, looked.kind, identity, params.language)

    def available(
        self, context: Context, params: HoldersParameters
    ) -> Annotated[dict[str, Any], has(own=list[dict], linked=list[dict], rows=list[dict])]:
        """The fields of the form, those of the records and people it links to, and those of its rows and of what they
        link to, with their titles."""
        records = context.app.scope.records
        record = records.get(params.form)
        if record is None:
            raise Rejected(problem("unknown-form", "/form", form=params.form))
        rows = []
        for field in record.fields.values():
            if field.type.kind != "rows":
                continue
            inner, before = records.get(field.type.record or ""), f"{field.name}."
            items, further = (_plain(inner, before), _linked(records, inner, before)) if inner is not None else ([], [])
            rows.append({"path": field.name, "title": field.title, "items": items, "linked": further})
        linked = [*_linked(records, record), _person("owner", OWNER)]
        return {"own": _plain(record), "linked": linked, "rows": rows}

    def lines_of(self, context: Context, row: Mapping[str, Any]) -> Iterator[str]:
        """What a kept file says, line by line: to be compared with another version."""
        host: Any = context.host
        content = host.files.get(row["content"])
        if row["kind"] == "pdf":
            for each in self._forms.read(content).fields:
                yield f"{each.page}: {each.x:g}/{each.y:g} {each.holder.expression}"
        elif row["kind"] == "excel":
            yield from workbooks.lines_of(workbooks.opened(content))
        else:
            yield from office.lines_of(office.cleaned(content))

    def _filled(
        self, context: Context, plan: TemplatePlan, kind: str, identity: int, language: str | None
    ) -> dict[str, Any]:
        output = self.maker.output(SUFFIXES[kind])
        made = self.maker.make(plan, read_snapshot(context, plan, identity, language or plan.languages[0]), output)
        return {"filled": made.content, "name": made.name, "media_type": output.media_type}

    def _content(self, context: Context, params: UploadedParameters) -> tuple[bytes, str]:
        if params.content is not None:
            return params.content, params.title or "file"
        if params.file is None:
            raise Rejected(problem("nothing-to-inspect", "/file"))
        host: Any = context.host
        row = files.find(context, params.file)
        return host.files.get(row["digest"]), PurePath(row["name"]).name


def kind_of(content: bytes) -> str:
    """What sort of template a file is, by what is in it."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    return "excel" if b"xl/workbook.xml" in content else "word"


def _relations(context: Context, form: str) -> list[str]:
    shape = context.app.scope.shapes.records.get(form)
    fields = shape.fields.items() if shape is not None else ()
    return [name for name, kind in fields if kind.type.kind == "rows"]


def _holders(kind: str, content: bytes) -> list[Holder]:
    if kind == "excel":
        return workbooks.holders(workbooks.opened(content))
    return office.holders(office.cleaned(content))


def _used(relation: str, found: list[Holder]) -> bool:
    return any(each.line is not None and each.expression.startswith(f"{relation}.") for each in found)


def _wrong(holder: Holder, findings: tuple[Diagnostic, ...], locale: str | None) -> dict[str, Any]:
    """The finding that speaks of a place-holder."""
    said, rest = holder.expression, holder.expression.partition(".")[2]
    here = [
        each for each in findings
        if (each.code == "printing.open-holder") == holder.open
        and (not holder.at or each.place.pointer.endswith(f"/{holder.at}"))
    ]  # fmt: skip
    alone = len(here) == 1 and (holder.open or len(HOLDER.findall(holder.beside)) < 2)
    for each in here:
        if (alone and holder.at) or f"'{said}'" in each.message or (rest and f"'{rest}'" in each.message):
            message, hint = each.told(locale)
            return {"wrong": message, "hint": hint}
    return {"wrong": None, "hint": None}


def _place(at: str) -> dict[str, str]:
    """Where a place-holder stands, in words; a cell is called by what Excel calls it."""
    chinese = re.sub(r"(?<!!)paragraph (\d+)$", r"第 \1 段", at)
    chinese = re.sub(r"picture (\d+)$", r"第 \1 张图片", chinese)
    for part, words in (("header", "页眉"), ("footer", "页脚")):
        chinese = re.sub(rf"^{part}(\d*) ", rf"{words} \1 ", chinese)
    return {"en": at[:1].upper() + at[1:] if "!" not in at else at, "zh-CN": chinese}


def _plain(record: Any, before: str = "") -> list[dict[str, Any]]:
    """The fields of a record but for its rows."""
    return [_about(f"{before}{each.name}", each) for each in record.fields.values() if each.type.kind != "rows"]


def _linked(records: Mapping[str, Any], record: Any, before: str = "") -> list[dict[str, Any]]:
    """What its fields lead to: other records, and people."""
    found = []
    for field in record.fields.values():
        path, target = f"{before}{field.name}", records.get(field.type.target or "")
        if field.type.kind == "user":
            found.append(_person(path, field.title or field.name))
        elif target is not None and field.type.kind != "rows":
            found.append({"path": path, "title": field.title or field.name, "items": _plain(target, f"{path}.")})
    return found


def _person(path: str, title: Any) -> dict[str, Any]:
    items = [{"path": f"{path}.{name}", "title": words, "type": "text"} for name, words in PERSON.items()]
    return {"path": path, "title": title, "items": items}


def _about(path: str, field: Any) -> dict[str, Any]:
    return {"path": path, "title": field.title or field.name, "type": field.type.kind}
