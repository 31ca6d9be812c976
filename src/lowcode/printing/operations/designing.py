"""What the designer asks: which blocks there are and what each may say, what is wrong with a template, how it looks.

A template that is designed is a document like any other: it is checked by the compiler and set by the renderer that
publishing and printing use, with a record the person may see.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions.designing import palette
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.diagnostics import NotFound, Rejected, Report
from lowcode.kernel.records.visible import without_what_is_kept
from lowcode.kernel.registry import Registry
from lowcode.printing.blocks.image import FORMATS, format_of
from lowcode.printing.blocks.kind import BlockKind, Offer, Outline
from lowcode.printing.blocks.words import CHOICES, GROUPS, OPTIONS
from lowcode.printing.blocks.words import VARIABLES as VARIABLES_SAID
from lowcode.printing.compile import OFFICE, VARIABLES
from lowcode.printing.definition import NUMBERING
from lowcode.printing.diagnostics import problem, wrong_template
from lowcode.printing.operations.drafting import NAME, document_of, draft_of, pictures_of
from lowcode.printing.operations.making import Maker
from lowcode.printing.operations.permitting import plans_of
from lowcode.printing.operations.reading import read_snapshot
from lowcode.printing.plan import TemplatePlan

PLAIN_KINDS = frozenset({"text", "number", "choice", "date", "datetime", "boolean"})
MOST_PAGES = 20
"""More pages than this are not looked at."""


class FormParameters(Parameters):
    """A form."""

    form: str


class BeginParameters(FormParameters):
    """A form, and what the template is to be called; perhaps a template of the app that it begins as a copy of."""

    name: str = Key(pattern=NAME)
    title: str | Mapping[str, str] = ""
    like: str | None = None


class NamedParameters(Parameters):
    """A template by its name."""

    name: str = Key(pattern=NAME)


class DesignedParameters(Parameters):
    """A template as it is designed, with pictures that were uploaded for it, by their path."""

    document: Mapping[str, Any]
    files: Mapping[str, int] = {}


class PreviewParameters(DesignedParameters):
    """The same, and the record it is filled with."""

    id: int
    language: str | None = None


class Designing:
    """The operations of the designer."""

    def __init__(self, maker: Maker, kinds: Registry[BlockKind], model: Any) -> None:
        self.maker, self._kinds, self._model = maker, kinds, model
        self._schema: dict[str, Any] | None = None

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        for name, run, parameters, words in (
            ("palette", self.palette, FormParameters, {"en": "Blocks for the designer", "zh-CN": "设计器区块"}),
            ("design", self.design, NamedParameters, {"en": "A template, to be designed", "zh-CN": "打开模板设计"}),
            ("begin", self.begin, BeginParameters, {"en": "A template to begin with", "zh-CN": "模板初稿"}),
            ("check", self.check, DesignedParameters, {"en": "What is wrong with a template", "zh-CN": "检查模板"}),
            ("preview", self.preview, PreviewParameters, {"en": "Pages of a template", "zh-CN": "预览模板"}),
        ):
            yield Operation(f"printing.{name}", run, parameters, "administrator", writes=False, summary=words)

    def palette(
        self, context: Context, params: FormParameters
    ) -> Annotated[dict[str, Any], has(schema=dict, kinds=list[dict], words=dict)]:
        """Every kind of block with what a new one says, the schema of what may be written, the words for all of it,
        and the pictures and functions there are."""
        outline = self._outline(context, params.form)
        schema = self._described()
        return {
            "schema": schema,
            "kinds": [{"name": kind.name, "title": kind.title or kind.name, "group": kind.group,
                       "whole": kind.name in OFFICE, "begin": self._begun(kind, outline)} for kind in self._kinds],
            "words": {"groups": GROUPS, "options": OPTIONS, "choices": CHOICES},
            "variables": [{"path": name, "title": VARIABLES_SAID.get(name, name)} for name in VARIABLES],
            "pictures": list(outline.pictures),
            "reports": list(outline.reports),
            "outputs": [output.name for output in self.maker.outputs],
            **palette(context),
        }  # fmt: skip

    def design(
        self, context: Context, params: NamedParameters
    ) -> Annotated[dict[str, Any], has(name=str, published=dict | None, base=str | None, draft=dict | None)]:
        """What the app says of a template and what somebody is drafting; whether the app has changed since."""
        written, base = document_of(context, params.name)
        draft = draft_of(context, params.name)
        if written is None and draft is None:
            raise NotFound(problem("no-template", template=params.name))
        return {"name": params.name, "published": written, "base": base, "draft": draft}

    def begin(
        self, context: Context, params: BeginParameters
    ) -> Annotated[dict[str, Any], has(document=dict, taken=bool)]:
        """A template to begin with: its title, the fields of the form, a table of its first rows, and page numbers;
        or a copy of another."""
        outline = self._outline(context, params.form)
        title = params.title or params.name
        taken = document_of(context, params.name)[0] is not None
        if params.like is not None:
            written, _ = document_of(context, params.like)
            if written is None:
                raise NotFound(problem("no-template", template=params.like))
            return {"document": {**written, "name": params.name, "title": title}, "taken": taken}
        body: list[dict[str, Any]] = [
            {"type": "text", "text": title, "style": {"size": 18, "bold": True, "align": "center", "padding": 2}},
            {"type": "fields", "items": [{"value": each.path} for each in outline.fields[:12]] or [{"text": ""}]},
        ]
        for path, fields in outline.rows.items():
            if fields and path not in ("comments",):
                columns = [{"number": True}, *({"value": each.path} for each in fields[:6])]
                body += [{"type": "space", "height": 3}, {"type": "table", "rows": path, "columns": columns}]
                break
        small = {"size": 8, "align": "center", "color": "#5d6673"}
        footer = [{"type": "text", "text": dict(NUMBERING), "style": small}]
        document = {"name": params.name, "title": title, "form": params.form, "page": {"footer": footer}, "body": body}
        return {"document": document, "taken": taken}

    def check(
        self, context: Context, params: DesignedParameters
    ) -> Annotated[dict[str, Any], has(findings=list[dict])]:
        """Everything that is wrong, each at the place in the document."""
        _, report = self._understood(context, params)
        return {
            "findings": [
                {"code": each.code, "pointer": each.place.pointer, "severity": each.severity, "message": message,
                 "hint": hint}
                for each in report
                for message, hint in (each.told(context.actor.locale),)
            ]
        }  # fmt: skip

    def preview(
        self, context: Context, params: PreviewParameters
    ) -> Annotated[dict[str, Any], has(pages=list[str], missing=list)]:
        """The pages as pictures, exactly as they are printed, whatever state the record is in. Nothing is counted."""
        plan, report = self._understood(context, params)
        if plan is None:
            raise wrong_template(report)
        context.ask("records.get", type=plan.form, id=params.id, fields=("id",))
        language = params.language if params.language in plan.languages else plan.languages[0]
        snapshot = read_snapshot(context, plan, params.id, language)
        with without_what_is_kept(context):
            pages, missing = self.maker.pages(plan, snapshot, MOST_PAGES)
        return {"pages": [base64.b64encode(each).decode() for each in pages], "missing": missing, "language": language}

    def _understood(self, context: Context, params: DesignedParameters) -> tuple[TemplatePlan | None, Report]:
        report = Report()
        plans = plans_of(context)
        document, name = dict(params.document), params.document.get("name")
        if plans.understand is None or not isinstance(name, str):
            raise Rejected(problem("no-template", "/document/name", template=str(name)))
        found: Mapping[str, bytes] = {
            **context.app.documents.files,
            **pictures_of(context, name, params.files),
        }
        return plans.understand(document, found, context.app.scope, report), report

    def _outline(self, context: Context, form: str) -> Outline:
        records, scope = context.app.scope.records, context.app.scope
        record = records.get(form)
        if record is None:
            raise Rejected(problem("unknown-form", "/form", form=form))
        rows = {
            each.name: tuple(_offers(records[each.type.record], records))
            for each in record.fields.values()
            if each.type.kind == "rows" and each.type.record in records
        }
        pictures = tuple(sorted(path for path, content in context.app.documents.files.items() if _is_picture(content)))
        photos = tuple(
            Offer(each.name, each.title or each.name, "image")
            for each in record.fields.values() if each.options_type == "image"
        )  # fmt: skip
        offers = tuple(_offers(record, records))
        return Outline(offers, rows, pictures, tuple(sorted(scope.names("report"))), photos)

    def _described(self) -> dict[str, Any]:
        if self._schema is None:
            self._schema = schema_of(self._model)
        return self._schema

    def _begun(self, kind: BlockKind, outline: Outline) -> dict[str, Any]:
        if kind.begin is not None:
            return {"type": kind.name, **kind.begin(outline)}
        schema = self._described()
        held = schema["properties"]["body"]["items"]["discriminator"]["mapping"][kind.name]
        blank: dict[str, Any] = _blank({"$ref": held}, schema["$defs"])
        return blank


def _offers(record: Any, records: Mapping[str, Any]) -> Iterable[Offer]:
    """The fields whose values can be shown as words."""
    for field in record.fields.values():
        target = field.type.target
        named = target in ("user", "department") or (target in records and records[target].label is not None)
        if field.type.kind in PLAIN_KINDS or (target is not None and named):
            yield Offer(field.name, field.title or field.name, field.type.kind)


def _is_picture(content: bytes) -> bool:
    return content.startswith(tuple(FORMATS)) or format_of(content[:1000]) is not None


def _blank(schema: Mapping[str, Any], kinds: Mapping[str, Any]) -> Any:
    """The least that a schema takes."""
    if "$ref" in schema:
        return _blank(kinds[schema["$ref"].rpartition("/")[2]], kinds)
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return _blank(schema["anyOf"][0], kinds)
    match schema.get("type"):
        case "object":
            return {name: _blank(schema["properties"][name], kinds) for name in schema.get("required", ())}
        case "array":
            return [_blank(schema["items"], kinds) for _ in range(schema.get("minItems", 0))]
        case "number" | "integer":
            return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        case "boolean":
            return False
        case _:
            return next(iter(schema.get("enum", ())), "")
