"""Templates to plans: every expression checked, every row's path resolved, everything that must be read collected."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lowcode.kernel.diagnostics import Place, Report
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.plan import Field
from lowcode.kernel.registry import Registry
from lowcode.kernel.scope import Scope, warn_of_open_braces
from lowcode.kernel.texts import split_template
from lowcode.printing.blocks.formats import Format
from lowcode.printing.blocks.kind import BlockKind, Drawable, Node
from lowcode.printing.blocks.place import has_places, misplaced
from lowcode.printing.blocks.usual import BETWEEN, department, listed, usual_format, usual_of
from lowcode.printing.blocks.values import Condition, Facts, Rows, Value, Wanted, Words
from lowcode.printing.definition import (
    OTHER_FURNITURE,
    MailDefinition,
    PrintTemplate,
    WatermarkDefinition,
)
from lowcode.printing.diagnostics import MESSAGES
from lowcode.printing.outputs.kind import Output
from lowcode.printing.paths import PATH, filters_of, is_formatted, is_role, label_of, owner_of, tie_of, titles_of
from lowcode.printing.plan import Letter, TemplatePlan, Watermark
from lowcode.printing.sheets import attachments_of, background_of, count_of, label_sheet, labels_of, page_of, roll_of

TEXT, NUMBER, BOOLEAN = Type("text"), Type("number", scale=0), Type("boolean")
VARIABLES = {
    "page": TEXT, "pages": TEXT, "copy": NUMBER, "printed_by": TEXT, "currency": TEXT, "currency_name": TEXT,
}  # fmt: skip
"""Names every text of a template may use beside the record's own."""
OFFICE = {"word": ("word-alone", "docx"), "excel": ("excel-alone", "xlsx")}
"""Blocks that are a file somebody made: they are the whole paper, given out as what they are."""


def compile_template(
    document: PrintTemplate,
    source: Any,
    scope: Scope,
    report: Report,
    kinds: Registry[BlockKind],
    files: Mapping[str, bytes],
    outputs: Registry[Output],
    pages_of: Callable[[bytes], int] = count_of,
) -> TemplatePlan | None:
    """One template, or None when its form is unknown. `pages_of`: how many pages a PDF has."""
    if scope.find("form", document.form, source.place("/form"), report) is None or document.form not in scope.records:
        return None
    languages = tuple(getattr(scope.app, "languages", ()) or ("zh-CN",))
    for index, language in enumerate(document.languages):
        if language not in languages:
            place = source.place(f"/languages/{index}")
            report.add(MESSAGES.diagnostic("unknown-language", place, seen=language, known=languages))
    for index, role in enumerate(document.roles):
        scope.find("role", role, source.place(f"/roles/{index}"), report)
    for index, output in enumerate(document.outputs or ()):
        if output not in outputs:
            place = source.place(f"/outputs/{index}")
            report.add(MESSAGES.diagnostic("unknown-output", place, seen=output, known=outputs.names))
    for kind, (key, output) in OFFICE.items():
        if any(block.type == kind for block in document.body) and (
            len(document.body) > 1 or tuple(document.outputs or ()) != (output,)
        ):
            report.add(MESSAGES.diagnostic(key, source.place("/body")))
    gathered = Gathered()
    compiling = Compiler(source, scope, report, kinds, files, document.form, gathered)
    page = document.page
    labels = label_sheet(document, compiling)
    _placed(document, compiling)
    first_header = page.first_header
    used = {path: files[path] for path in sorted(set(_texts(source.data))) if path in files}
    furniture = {name: nodes for name in OTHER_FURNITURE if (nodes := getattr(page, name)) is not None}
    return TemplatePlan(
        name=document.name,
        title=document.title or document.name,
        form=document.form,
        digest=_digest(source.data, used),
        document=source.data,
        files=used,
        languages=tuple(document.languages) or languages,
        currency=document.currency or getattr(scope.app, "currency", None) or "CNY",
        page=page_of(page, labels),
        background=background_of(page.background, compiling, pages_of),
        attachments=attachments_of(document, compiling, scope),
        labels=labels_of(labels) if labels is not None else None,
        roll=roll_of(document),
        theme=document.theme.model_dump(),
        when=compiling.condition(document.when, "/when"),
        message=document.message,
        file_name=compiling.words(document.file_name, "/file_name"),
        reprint=compiling.words(document.reprint, "/reprint"),
        author=compiling.words(document.author, "/author"),
        header=compiling.blocks(page.header, "/page/header"),
        first_header=None if first_header is None else compiling.blocks(first_header, "/page/first_header"),
        footer=compiling.blocks(page.footer, "/page/footer"),
        furniture={name: compiling.blocks(blocks, f"/page/{name}") for name, blocks in furniture.items()},
        watermark=_watermarks(document.watermark, compiling),
        body=compiling.blocks(document.body, "/body"),
        roles=frozenset(document.roles),
        outputs=tuple(each.name for each in outputs if not each.editable)
        if document.outputs is None
        else tuple(document.outputs),
        mail=_letter(document.mail, compiling, outputs),
        needs=gathered.needs(),
        ties=gathered.ties,
        links=frozenset(gathered.links),
        pictures=tuple(gathered.pictures),
        photos=frozenset(gathered.photos),
    )


@dataclass(slots=True)
class Gathered:
    """What the expressions of a template read, collected while they are compiled."""

    paths: set[str] = field(default_factory=set)
    rows: dict[str, set[str]] = field(default_factory=dict)
    ties: dict[str, str] = field(default_factory=dict)
    """Of rows of rows: which of their fields names the row they belong to."""
    pictures: list[Wanted] = field(default_factory=list)
    photos: set[tuple[str, str]] = field(default_factory=set)
    """Fields whose pictures are shown, by the rows they stand in ('' of the record itself)."""
    links: set[tuple[str, str]] = field(default_factory=set)
    """Fields that name records of several forms, by the rows they stand in ('' of the record itself)."""

    def add(self, expression: Expression, rows: Rows | None, ties: Mapping[str, str]) -> None:
        """Note what one expression reads, of the record or of a row."""
        if rows is None:
            self.paths |= expression.paths
        else:
            self.rows.setdefault(rows.way or rows.path, set()).update(expression.paths)
        for path, children in expression.rows.items():
            if rows is None:
                self.rows.setdefault(path, set()).update(children)
            else:
                self.tie(f"{rows.path}.{path}", ties[path])
                self.rows[f"{rows.path}.{path}"].update(children)

    def tie(self, way: str, by: str) -> None:
        """Note rows of rows."""
        self.rows.setdefault(way, set()).add(by)
        self.ties[way] = by

    def needs(self) -> Needs:
        """All of it."""
        return Needs(frozenset(self.paths), frozenset((path, frozenset(names)) for path, names in self.rows.items()))


@dataclass(frozen=True, slots=True)
class Guarded:
    """A block with a condition of its own."""

    condition: Condition
    block: Drawable

    def draw(self, facts: Facts) -> list[Node]:
        """The block's nodes where the condition holds."""
        return self.block.draw(facts) if self.condition.holds(facts) else []


class Compiler:
    """What the kinds of blocks ask while they are compiled (`blocks.kind.Compiling`)."""

    def __init__(
        self,
        source: Any,
        scope: Scope,
        report: Report,
        kinds: Registry[BlockKind],
        files: Mapping[str, bytes],
        record: str,
        gathered: Gathered,
        inside: Rows | None = None,
    ) -> None:
        self._source, self._scope, self._report, self._kinds = source, scope, report, kinds
        self.files = files
        self._record, self._gathered, self._inside = record, gathered, inside

    def within(self, rows: Rows) -> Compiler:
        """The same, for what is said about one row."""
        return Compiler(
            self._source, self._scope, self._report, self._kinds, self.files, rows.record, self._gathered, rows
        )

    def wrong(self, key: str, pointer: str, **values: Any) -> None:
        """A finding at a place of the template."""
        self._report.add(MESSAGES.diagnostic(key, self._place(pointer), **values))

    def value(self, text: str, pointer: str, form: Format = "auto") -> Value | None:
        """An expression whose value is shown; a record is shown by the field that names it, its `id` by the number."""
        several = self._known(text.strip())
        if several is not None and several.several:
            return _all_of(self, text.strip(), several, pointer)
        expression = self._expression(text, pointer)
        if expression is None:
            return None
        called = expression.type.target
        if called is not None and text.strip().rpartition(".")[2] != "id":
            expression = _named(self, expression, text.strip(), pointer)
            if expression is None:
                return None
        if not self._noted(expression, text, pointer):
            return None
        if called == "department" and text.strip().rpartition(".")[2] != "id":
            return Value(expression, form, usual=department)
        known = self._known(text.strip())
        titled = expression.type.kind in ("choice", "multi") or is_role(known)
        options = titles_of(known, self._scope) if titled else {}
        scale = known.type.scale if known is not None and known.options_type == "money" else None
        if known is not None and known.options_type == "link_any":
            self._gathered.links.add((self._inside.way or self._inside.path if self._inside else "", text.strip()))
        currency, beside = _currency(self, known, text.strip(), pointer)
        return Value(
            expression, usual_format(known, form), options, is_formatted(known), usual_of(known), scale, currency,
            beside,
        )  # fmt: skip

    def bare(self, text: str, pointer: str) -> Value | None:
        """An expression whose value is handed on and not shown."""
        expression = self._expression(text, pointer)
        return Value(expression) if expression is not None and self._noted(expression, text, pointer) else None

    def holds_pictures(self, path: str) -> bool:
        """Whether a path is a field of pictures."""
        known = self._known(path.strip())
        return known is not None and known.options_type == "image"

    def pictured(self, path: str, pointer: str) -> Value | None:
        """A field that holds pictures; noted, so that their contents are read with the record."""
        known = self._known(path.strip())
        if known is None or known.options_type not in ("image", "attachment"):
            if self._expression(path, pointer) is not None:
                self.wrong("not-pictures", pointer, seen=path)
            return None
        self._gathered.photos.add((self._inside.way or self._inside.path if self._inside else "", path.strip()))
        return self.bare(path, pointer)

    def picture(self, wanted: Wanted, pointer: str) -> bool:
        """Note that the picture of a report is needed; whether there is such a report with such filters."""
        if self._inside is not None:
            self.wrong("chart-in-rows", pointer, seen=wanted.report)
            return False
        asked = self._scope.find("report", wanted.report, self._place(f"{pointer}/report"), self._report)
        known = filters_of(asked, self._scope) if asked is not None else frozenset(wanted.filters)
        for name in wanted.filters.keys() - known:
            self.wrong(
                "chart-filter", f"{pointer}/filters/{name}", seen=name, report=wanted.report, known=sorted(known)
            )
        self._gathered.pictures.append(wanted)
        return asked is not None

    def condition(self, text: str | None, pointer: str) -> Condition | None:
        """An expression that holds or not."""
        if text is None:
            return None
        expression = self._expression(text, pointer, BOOLEAN)
        if expression is None or not self._noted(expression, text, pointer):
            return None
        return Condition(expression)

    def words(self, text: Any, pointer: str) -> Words:
        """A text with values in it, in every language it has."""
        by_language = text if isinstance(text, Mapping) else {"": text or ""}
        parts: dict[str, tuple[str | Value, ...]] = {}
        for tag, words in by_language.items():
            said: list[str | Value] = []
            for is_expression, part in split_template(str(words)):
                at = f"{pointer}/{tag}" if tag else pointer
                if not is_expression:
                    warn_of_open_braces(part, self._place(at), self._report)
                shown = self.value(part, at) if is_expression else part
                if shown is not None:
                    said.append(shown)
            parts[tag] = tuple(said)
        return Words(parts)

    def rows(self, path: str, where: str | None, pointer: str) -> Rows | None:
        """The rows at a path, such as `items` or `account.contacts`."""
        tie = self._tie(path.strip())
        if self._inside is not None and tie is None:
            self.wrong("rows-in-rows", pointer, seen=path)
            return None
        expression = self._expression(path, pointer) if not PATH.match(path.strip()) else None
        found = self._field(path.strip()) if expression is None else None
        kind = found.type if found is not None else expression.type if expression is not None else None
        if kind is None:
            self._expression(path, pointer)  # for its own finding: an unknown name, with the nearest
            return None
        if kind.kind != "rows" or kind.record is None or found is None:
            self.wrong("not-rows", pointer, seen=path, kind=kind.text)
            return None
        rows = Rows(path.strip(), kind.record)
        if self._inside is not None and tie is not None:
            rows = replace(rows, way=f"{self._inside.path}.{rows.path}")
            self._gathered.tie(rows.way, tie)
        else:
            self._gathered.rows.setdefault(rows.path, set())
        if where is None:
            return rows
        return replace(rows, where=self.within(rows).condition(where, f"{pointer.rpartition('/')[0]}/where"))

    def blocks(self, blocks: Iterable[Any], pointer: str) -> tuple[Drawable, ...]:
        """Blocks inside a block, each with its own condition."""
        compiled: list[Drawable] = []
        for index, block in enumerate(blocks):
            at = f"{pointer}/{index}"
            drawable = self._kinds[block.type].compile(block, self, at)
            if drawable is None:
                continue
            if block.when is not None and block.type not in ("when", "stamp"):
                condition = self.condition(block.when, f"{at}/when")
                drawable = Guarded(condition, drawable) if condition is not None else drawable
            compiled.append(drawable)
        return tuple(compiled)

    def title_of(self, path: str) -> Any:
        """The title of the field at a path, or nothing."""
        known = self._known(path.strip())
        return known.title if known is not None else ""

    def _place(self, pointer: str) -> Place:
        place: Place = self._source.place(pointer)
        return place

    def _expression(self, text: str, pointer: str, expect: Type | None = None) -> Expression | None:
        shape = self._scope.shapes.records.get(self._record)
        own = shape.fields if shape is not None else {}
        variables = {name: kind for name, kind in VARIABLES.items() if name not in own}
        if self._inside is not None and "line" not in own:
            variables["line"] = NUMBER
        place = self._place(pointer)
        return self._scope.expression(
            text, place, self._report, record=self._record, variables=variables, expect=expect
        )

    def _noted(self, expression: Expression, text: str, pointer: str) -> bool:
        ties = {path: self._tie(path) for path in expression.rows} if self._inside is not None else {}
        known = {path: by for path, by in ties.items() if by is not None}
        if len(known) < len(ties):
            self.wrong("rows-in-rows", pointer, seen=text)
            return False
        self._gathered.add(expression, self._inside, known)
        return True

    def _tie(self, path: str) -> str | None:
        """Which field of the rows at a path names the row they belong to; None where rows of rows end."""
        inside = self._inside is not None and bool(self._inside.way)
        return None if inside else tie_of(self._scope, self._record, path)

    def _known(self, path: str) -> Field | None:
        """The field at the end of a path of links."""
        before, _, name = path.rpartition(".")
        owner = self._scope.records.get(owner_of(self._scope, self._record, before) or "") if PATH.match(path) else None
        return owner.fields.get(name) if owner is not None else None

    def _field(self, path: str) -> Any:
        before, _, name = path.rpartition(".")
        shape = self._scope.shapes.records.get(owner_of(self._scope, self._record, before) or "")
        return shape.fields.get(name) if shape is not None else None


def _all_of(compiler: Compiler, text: str, field: Field, pointer: str) -> Value | None:
    """The names of all whom a field names, in its order."""
    label = label_of(compiler._scope, field.target or "")
    if label is None:
        compiler.wrong("no-label", pointer, seen=text, record=field.target or "")
        return None
    joined = f'TEXTJOIN("{BETWEEN}", {text}.{label})'
    expression = compiler._expression(joined, pointer)
    found = expression is not None and compiler._noted(expression, joined, pointer)
    how = department if field.target == "department" else listed
    return Value(expression, usual=how) if expression is not None and found else None


def _currency(
    compiler: Compiler, known: Field | None, path: str, pointer: str
) -> tuple[str | None, Expression | None]:  # fmt: skip
    """The currency an amount is in by its field: always, or as the field beside it says."""
    if known is None or known.options_type != "money":
        return None, None
    options: Any = known.options
    beside = f"{path.rpartition('.')[0]}.{options.currency_from}".lstrip(".") if options.currency_from else None
    expression = compiler._expression(beside, pointer) if beside is not None else None
    if expression is None or beside is None or not compiler._noted(expression, beside, pointer):
        return options.currency, None
    return options.currency, expression


def _named(compiler: Compiler, expression: Expression, text: str, pointer: str) -> Expression | None:
    """The expression that shows a record's name instead of its number."""
    target = expression.type.target or ""
    label = label_of(compiler._scope, target)
    if label is not None and PATH.match(text):
        return compiler._expression(f"{text}.{label}", pointer)
    compiler.wrong("no-label", pointer, seen=text, record=target)
    return None


def _watermarks(written: WatermarkDefinition | list[WatermarkDefinition], compiling: Compiler) -> tuple[Watermark, ...]:
    single = not isinstance(written, list)
    watermarks = []
    for index, each in enumerate([written] if isinstance(written, WatermarkDefinition) else written):
        at = "/watermark" if single else f"/watermark/{index}"
        words, when = compiling.words(each.text, f"{at}/text"), compiling.condition(each.when, f"{at}/when")
        watermarks.append(Watermark(words, when, each.size, each.color))
    return tuple(watermarks)


def _letter(mail: MailDefinition | None, compiling: Compiler, outputs: Registry[Output]) -> Letter | None:
    if mail is None:
        return None
    for index, output in enumerate(mail.attach):
        if output not in outputs:
            compiling.wrong("unknown-output", f"/mail/attach/{index}", seen=output, known=outputs.names)
    to, name, subject, text = (
        compiling.words(getattr(mail, each), f"/mail/{each}") for each in ("to", "name", "subject", "text")
    )
    return Letter(to, name, subject, text, tuple(mail.attach), mail.body)


def _placed(document: PrintTemplate, compiling: Compiler) -> None:
    """What stands at a place of the sheet stands nowhere else, and only where pages are set by us."""
    placed = document.page.background is not None or has_places(document.body)
    for index, output in enumerate(document.outputs or ()):
        if placed and output in ("docx", "xlsx"):
            compiling.wrong("placed-output", f"/outputs/{index}", seen=output)
    for at in misplaced(document.body, "/body"):
        compiling.wrong("misplaced", at)
    for name in ("header", "first_header", "footer", *OTHER_FURNITURE):
        blocks = getattr(document.page, name) or ()
        for index, block in enumerate(blocks):
            if block.type == "place":
                compiling.wrong("misplaced", f"/page/{name}/{index}")


def _digest(data: Any, files: Mapping[str, bytes]) -> str:
    """What a version of a template is: its words and the pictures it uses."""
    digest = hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode())
    for path, content in sorted(files.items()):
        digest.update(f"\0{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
