"""Records from a file: every row goes through the one write path, and a dry run says what would happen.

`forms.import` saves the good rows and names what is wrong with the others, cell by cell: they can be corrected where
they stand (`fixes`) without another file. Which column fills which field is remembered for files with the same titles.
`undo` takes a batch back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import Field as Key

from lowcode.forms.operations import cells, mappings, sheets
from lowcode.forms.operations.check import examined
from lowcode.forms.operations.duplicates import coerced, exact_many, rules_of
from lowcode.forms.operations.export import importable
from lowcode.forms.operations.naming import Names
from lowcode.forms.tables import batch
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected, localized, nearest
from lowcode.kernel.records import save, words
from lowcode.kernel.records.changing import change_many
from lowcode.kernel.records.creating import create_many, examine_many
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType

PREVIEW, PROBLEMS = 20, 200
AT_ONCE = 1000
"""Rows that are looked at and written in one go."""
ROW_LIMIT = 50_000
NO_COLUMN = {"en": "there is no column '{seen}' in the file. {near}", "zh-CN": "文件中没有列“{seen}”。{near}"}
NO_FIELD = {"en": "there is no field '{seen}' to fill. {near}", "zh-CN": "没有可导入的字段“{seen}”。{near}"}
EMPTY = {"en": "the file has no rows below its titles", "zh-CN": "文件中没有数据行"}
TOO_LARGE = {"en": "at most {limit} rows at once", "zh-CN": "一次最多导入 {limit} 行"}
IN_FILE = {"en": "the same as row {row} of this file", "zh-CN": "与本文件第 {row} 行重复"}
NOT_A_KEY = {"en": "'{seen}' cannot tell records apart here. {near}", "zh-CN": "“{seen}”不能作为匹配依据。{near}"}
Action = Literal["create", "update", "skip", "refuse"]


class Import(Parameters):
    """The file, which of its columns fills which field, and what to do with records that are there already."""

    form: str
    name: str = "file"
    content: bytes
    mapping: Mapping[str, str | None] | None = None
    keys: tuple[str, ...] = Key((), description="The fields by which a record is found; else the form's own rules.")
    duplicates: Literal["create", "update", "skip"] = "create"
    on_error: Literal["skip", "stop"] = Key("skip", description="stop: nothing is saved when a row is refused.")
    fixes: Mapping[int, Mapping[str, Any]] = Key(
        default_factory=dict, description="By row of the file and field: what stands there instead."
    )
    dry_run: bool = False


class Keys(Protocol):
    """The keys of the rows so far."""

    def expect(self, keys: Sequence[Any], /) -> None:
        """These will be asked for."""
        ...

    def setdefault(self, key: Any, number: int, /) -> int:
        """The row that has the key; this one if none had it before."""
        ...


class InMemory(dict[Any, int]):
    """The keys of a file that is read at once."""

    def expect(self, keys: Sequence[Any]) -> None:
        """They are at hand."""


@dataclass
class Row:
    """One row on its way in."""

    number: int
    values: dict[str, Any]
    shown: dict[str, Any]
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    action: Action = "create"
    id: int | None = None
    version: int | None = None
    before: int | None = None
    """Of a record that was there: the version the save made, and the one before it."""


def permitted(context: Context, form: str) -> tuple[RecordType, Grant]:
    """The record type and what the person may do with it, if that is to import."""
    host: Any = context.host
    record_type = record_type_of(context, form)
    grant: Grant = host.grant(record_type, context.actor)
    if not grant.may("import"):
        raise Forbidden(words.problem("may-not", "", action="import", form=form))
    return record_type, grant


def import_file(context: Context, params: Import) -> dict[str, Any]:
    """Save the rows of a file, or say what would happen (`dry_run`)."""
    record_type, grant = permitted(context, params.form)
    table = sheets.read(params.name, params.content, ROW_LIMIT + 1)
    if len(table) < 2:
        raise Rejected(Problem("forms.empty-file", EMPTY, "/file"))
    if len(table) - 1 > ROW_LIMIT:
        raise Rejected(Problem("forms.file-too-large", TOO_LARGE, "/file", {"limit": ROW_LIMIT}))
    titles = [str(each or "").strip() for each in table[0]]
    mapping = params.mapping if params.mapping is not None else mappings.known(context, params.form, titles)
    columns = columns_of(record_type, grant, titles, mapping)
    keys = keys_of(record_type, grant, params.keys, columns)
    rows: list[Row] = []

    def all_of_them() -> None:
        rows.extend(bring(context, params, columns, keys, table[1:], 2, InMemory()))
        if params.on_error == "stop" and not params.dry_run and any(row.action == "refuse" for row in rows):
            raise _Stopped

    try:
        with context.unit.savepoint():
            all_of_them()
    except _Stopped:
        return {**_answer(context, params, titles, columns, rows), "create": 0, "update": 0, "batch": None}
    answer = _answer(context, params, titles, columns, rows)
    if not params.dry_run:
        mappings.remember(context, params.form, titles, [each.name if each else None for each in columns])
        answer["batch"] = _remember(context, params, rows)
    return answer


class _Stopped(Exception):
    """A row was refused, and then nothing is to be saved."""


def bring(
    context: Context, params: Import, columns: Sequence[Field | None], keys: tuple[str, ...],
    table: Sequence[Sequence[Any]], first: int, seen: Keys,
) -> Iterator[Row]:  # fmt: skip
    """Save rows of a file, of which the first stands in row `first`, or try them. `seen`: the keys of rows before."""
    record_type, grant = permitted(context, params.form)
    lines = _fixed(table, columns, params.fixes, first)
    for start in range(0, len(lines), AT_ONCE):
        part = lines[start : start + AT_ONCE]
        rows = list(_rows(context, columns, part, Names(context, columns, part), first + start, shown=start < PREVIEW))
        _decide(context, record_type, grant, params, keys, rows, seen)
        _create(context, record_type, grant, [row for row in rows if row.action == "create"], dry=params.dry_run)
        _update(context, record_type, grant, [
            row for row in rows if row.action == "update" and not row.problems and not params.dry_run
        ])  # fmt: skip
        for row in rows:
            if row.action == "update" and (row.problems or params.dry_run):
                _try(context, record_type, grant, row)
            elif row.problems:
                _refuse(row, [])
        yield from rows


def keys_of(
    record_type: RecordType, grant: Grant, keys: tuple[str, ...], columns: Sequence[Field | None]
) -> tuple[str, ...]:
    """The fields records are found by. Refuses one that the file does not fill, or that cannot be looked up."""
    filled = [each.name for each in columns if each is not None and each.name in record_type.table.c]
    known = [name for name in filled if name not in grant.kept]
    problems = [
        Problem("forms.not-a-key", NOT_A_KEY, "/keys", {"seen": name, "near": nearest(name, known) or ""})
        for name in keys if name not in known
    ]  # fmt: skip
    if problems:
        raise Rejected(problems)
    return keys


def _fixed(
    table: Sequence[Sequence[Any]], columns: Sequence[Field | None], fixes: Mapping[int, Mapping[str, Any]],
    first: int,
) -> list[Sequence[Any]]:  # fmt: skip
    """The rows with the cells that were corrected."""
    places = {each.name: index for index, each in enumerate(columns) if each is not None}
    found = list(table)
    for number, cells_ in fixes.items():
        index = number - first
        if 0 <= index < len(found):
            line = [*found[index], *[None] * (len(columns) - len(found[index]))]
            for name, value in cells_.items():
                if name in places:
                    line[places[name]] = value
            found[index] = line
    return found


def columns_of(
    record_type: RecordType, grant: Grant, titles: Sequence[str], mapping: Mapping[str, str | None] | None
) -> list[Field | None]:
    """The field each column fills; None for a column that is left out."""
    fields = {each.name: each for each in importable(record_type, grant)}
    problems = [
        _unknown("no-column", NO_COLUMN, title, title, titles) for title in mapping or () if title not in titles
    ]
    problems += [
        _unknown("no-field", NO_FIELD, title, name, fields)
        for title, name in (mapping or {}).items()
        if name is not None and name not in fields
    ]
    if problems:
        raise Rejected(problems)
    known: dict[str, Field] = {}
    for each in fields.values():
        spoken = each.title.values() if isinstance(each.title, Mapping) else [localized(each.title)]
        for word in (*spoken, each.name):
            known.setdefault(str(word).strip().casefold(), each)
    found: list[Field | None] = []
    for title in titles:
        if mapping is not None and title in mapping:
            chosen = fields.get(mapping[title] or "")
        else:
            chosen = known.get(title.rstrip("*＊ ").casefold())
        found.append(None if chosen in found else chosen)
    return found


def _unknown(code: str, message: Any, title: str, seen: str, known: Iterable[str]) -> Problem:
    return Problem(f"forms.{code}", message, f"/mapping/{title}", {"seen": seen, "near": nearest(seen, known) or ""})


def _rows(
    context: Context, columns: Sequence[Field | None], table: Sequence[Sequence[Any]], names: Names, first: int, *,
    shown: bool,
) -> Iterator[Row]:  # fmt: skip
    """Cells as what was meant by them. `shown`: the first rows are shown to the person as they stand."""
    zone = context.moment().zone
    read = [None if each is None else (each.name, each, cells.reader(each, zone)) for each in columns]
    for index, line in enumerate(table):
        if list(line).count(None) + list(line).count("") == len(line):
            continue
        row = Row(first + index, {}, {})
        values = row.values
        for each, raw in zip(read, line, strict=False):
            if each is None:
                continue
            name, field_, meant = each
            sent = meant(raw)
            if shown and index < PREVIEW:
                row.shown[name] = None if sent is None else str(raw).strip() if field_.target else sent
            if field_.target is not None and sent is not None:
                sent, problem = names.find(field_, sent)
                if problem is not None:
                    row.problems.append((name, problem))
            values[name] = sent
        yield row


def _decide(
    context: Context, record_type: RecordType, grant: Grant, params: Import, keys: tuple[str, ...],
    rows: Sequence[Row], seen: Keys,
) -> None:  # fmt: skip
    """Whether each row is a new record, or one that is there already: by the keys, or else by the rules for duplicates
    and what is unique."""
    unique = {each.fields for each in record_type.unique}
    open_ = list(rows)
    for fields, match in [(keys, "exact")] if keys else rules_of(record_type, grant):
        if match != "exact" or not open_:
            continue
        keyed = [(row, coerced(record_type, fields, row.values)) for row in open_]
        known = [(row, values) for row, values in keyed if values is not None]
        marks = [(fields, tuple(str(each) for each in values.values())) for _, values in known]
        seen.expect(marks)
        asked = params.duplicates != "create" or fields in unique
        there = exact_many(context, record_type, grant, fields, [each for _, each in known]) if asked and known else ()
        decided = set()
        for (row, _), mark, found in zip(known, marks, there or [None] * len(known), strict=True):
            before = seen.setdefault(mark, row.number)
            if _settled(params, row, fields, before if before != row.number else None, found, unique=fields in unique):
                decided.add(row.number)
        open_ = [row for row in open_ if row.number not in decided]


def _settled(
    params: Import, row: Row, fields: tuple[str, ...], before: int | None, found: int | None, *, unique: bool
) -> bool:
    """Whether a rule decides what becomes of a row: `before` has the same key in the file, `found` is there already."""
    if before is not None and (unique or params.duplicates != "create"):
        if params.duplicates == "skip":
            row.action = "skip"
        else:
            row.problems.append((fields[0], Problem("forms.twice-in-file", IN_FILE, f"/{fields[0]}", {"row": before})))
        return True
    if found is None:
        return False
    if params.duplicates == "create":
        row.problems.append((fields[0], words.problem("taken", f"/{fields[0]}", fields=list(fields))))
        return True
    row.action, row.id = ("update", found) if params.duplicates == "update" else ("skip", found)
    row.values = {name: value for name, value in row.values.items() if value is not None}
    return True


def _create(context: Context, record_type: RecordType, grant: Grant, rows: Sequence[Row], *, dry: bool) -> None:
    """Save the rows that are new, all in one go; of those with a fault, and of all in a dry run, say what is wrong."""
    host: Any = context.host
    plan = host.save_plan(record_type)
    good = [row for row in rows if not row.problems and not dry]
    others = [row for row in rows if row.problems or dry]
    for row, made in zip(good, create_many(context, plan, grant, [row.values for row in good]), strict=True):
        if isinstance(made, tuple):
            _refuse(row, made)
        else:
            row.id = made["id"]
    for row, made in zip(others, examine_many(context, plan, grant, [row.values for row in others]), strict=True):
        _refuse(row, made if isinstance(made, tuple) else ())


def _try(context: Context, record_type: RecordType, grant: Grant, row: Row) -> None:
    """The write path of a change up to the point where it would write."""
    host: Any = context.host
    plan = host.save_plan(record_type)
    try:
        problems = examined(context, plan, save.redraft(context, plan, grant, row.id or 0, row.values, None))
    except Rejected as refused:
        problems = list(refused.problems)
    _refuse(row, problems)


def _update(context: Context, record_type: RecordType, grant: Grant, rows: Sequence[Row]) -> None:
    """Change the records that are there, all in one go."""
    host: Any = context.host
    plan = host.save_plan(record_type)
    sent = [(row.id or 0, row.values) for row in rows]
    for row, made in zip(rows, change_many(context, plan, grant, sent), strict=True):
        if made and isinstance(made[0], int):
            row.before, row.version = made
        else:
            _refuse(row, made)


def _refuse(row: Row, problems: Sequence[Problem]) -> None:
    known = {name for name, _ in row.problems}
    for each in problems:
        name = each.pointer.lstrip("/").partition("/")[0]
        if not (name in known and each.code == "records.required"):  # blank because the cell could not be understood
            row.problems.append((name, each))
    if row.problems:
        row.action = "refuse"


def _answer(
    context: Context, params: Import, titles: Sequence[str], columns: Sequence[Field | None], rows: Sequence[Row]
) -> dict[str, Any]:
    counts = {word: sum(row.action == word for row in rows) for word in ("create", "update", "skip", "refuse")}
    problems = said(context, titles, columns, rows)
    return {
        "dry_run": params.dry_run, "rows": len(rows), "create": counts["create"], "update": counts["update"],
        "skip": counts["skip"], "refused": counts["refuse"],
        "columns": [
            {"title": title, "field": each.name if each else None}
            for title, each in zip(titles, columns, strict=True)
        ],
        "preview": [{"row": row.number, "action": row.action, "values": row.shown} for row in rows[:PREVIEW]],
        "problems": problems[:PROBLEMS],
    }  # fmt: skip


def said(
    context: Context, titles: Sequence[str], columns: Sequence[Field | None], rows: Iterable[Row]
) -> list[dict[str, Any]]:
    """What is wrong, cell by cell, in the person's words."""
    by_field = {each.name: title for each, title in zip(columns, titles, strict=True) if each is not None}
    return [
        {"row": row.number, "field": name or None, "column": by_field.get(name), "code": each.code,
         "detail": each.words(context.actor.locale)}
        for row in rows for name, each in row.problems
    ]  # fmt: skip


def made_by(rows: Sequence[Row]) -> dict[str, Any]:
    """What has to be known to take it back."""
    return {
        "created": [row.id for row in rows if row.action == "create"],
        "updated": [
            {"id": row.id, "version": row.version, "before": row.before} for row in rows
            if row.action == "update" and row.version != row.before
        ],
    }  # fmt: skip


def _remember(context: Context, params: Import, rows: Sequence[Row]) -> int | None:
    return context.unit.insert(
        batch, form=params.form, name=params.name, at=context.now(), actor=context.actor.id,
        **made_by(rows),
    )  # fmt: skip


class Columns(Parameters):
    """The titles of a file, and the person who brings it in (None: the app itself)."""

    form: str
    actor: int | None
    titles: tuple[str, ...] = ()
    mapping: Mapping[str, str | None] | None = None
    remember: bool = False


class Rows(Columns):
    """Some rows of a file, of which the first stands in row `first`, and how they are to be brought in."""

    name: str
    asked: Mapping[str, Any]
    lines: Sequence[Sequence[Any]]
    first: int
    seen: Any


def import_columns(context: Context, params: Columns) -> list[str | None]:
    """Which column fills which field for the person, if they may import; `remember` it for the next time."""
    person = _person(context, params.actor)
    record_type, grant = permitted(person, params.form)
    if not params.titles:
        return []
    known = params.mapping if params.mapping is not None else mappings.known(person, params.form, params.titles)
    fields = [each.name if each else None for each in columns_of(record_type, grant, params.titles, known)]
    if params.remember:
        mappings.remember(person, params.form, params.titles, fields)
    return fields


def import_rows(context: Context, params: Rows) -> dict[str, Any]:
    """Bring some rows of a file in as the person: counts, problems, what the first look like, what was made."""
    person = _person(context, params.actor)
    asked = Import(form=params.form, content=b"", name=params.name, **params.asked)
    record_type, grant = permitted(person, params.form)
    known = asked.mapping if asked.mapping is not None else mappings.known(person, params.form, params.titles)
    columns = columns_of(record_type, grant, params.titles, known)
    keys = keys_of(record_type, grant, asked.keys, columns)
    rows = list(bring(person, asked, columns, keys, params.lines, params.first, params.seen))
    return {
        "counts": {word: sum(row.action == word for row in rows) for word in ("create", "update", "skip", "refuse")},
        "problems": said(person, params.titles, columns, rows),
        "preview": [{"row": row.number, "action": row.action, "values": row.shown} for row in rows[:PREVIEW]],
        "made": None if asked.dry_run else made_by(rows),
    }


def _person(context: Context, actor: int | None) -> Context:
    """Whoever brings the file in: their permissions hold for every row."""
    return context.as_app() if actor is None else context.as_user(actor)


OPERATIONS = (
    Operation("forms.import", import_file, Import, summary={"en": "Records from a file", "zh-CN": "导入记录"}),
    Operation("forms.import_columns", import_columns, Columns, "internal"),
    Operation("forms.import_rows", import_rows, Rows, "internal"),
)
