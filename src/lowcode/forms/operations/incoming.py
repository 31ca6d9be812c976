"""The rows of a file on their way in: what was meant by their cells, whether each is new or there already, and then
through the one write path, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from pydantic import Field as Key

from lowcode.forms.operations import cells
from lowcode.forms.operations.above import Above
from lowcode.forms.operations.apart import IN_FILE, SAID, Apart
from lowcode.forms.operations.check import amiss
from lowcode.forms.operations.columns import permitted
from lowcode.forms.operations.duplicates import called, coerced, exact_many, rules_of
from lowcode.forms.operations.linked_cells import without_unchanged
from lowcode.forms.operations.naming import Names, names_records
from lowcode.forms.operations.parts_before import PartsBefore
from lowcode.kernel.contract import Change, Context, Parameters
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.records import collecting, overlaps, save, words
from lowcode.kernel.records.changing import change_many, take_turns
from lowcode.kernel.records.coercing import once_each
from lowcode.kernel.records.creating import create_many, drafted, examine_many
from lowcode.kernel.records.foreseeing import Foreseen
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType

PREVIEW = 20
SEEN = 80
"""Characters of a cell that are shown of a file."""
BY_LINE: dict[str, Any] = {"propertyNames": {"pattern": "^[0-9]{1,7}$"}}
"""Keys that are numbers of rows, as a schema says it."""
AT_ONCE = 1000
"""Rows that are looked at and written in one go."""
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
        default_factory=dict, json_schema_extra=BY_LINE,
        description="By row of the file and field: what stands there instead.",
    )  # fmt: skip
    header_row: int | None = Key(
        None, ge=1, le=100, description="The row of the file in which the titles stand, from 1; left out: looked for."
    )
    dry_run: bool = False


class Keys(Protocol):
    """The keys of the rows so far, and of rows that are only looked at what the parts before said."""

    before: PartsBefore | None

    def expect(self, keys: Sequence[Any], /) -> None:
        """These will be asked for."""
        ...

    def setdefault(self, key: Any, number: int, /) -> int:
        """The row that has the key; this one if none had it before."""
        ...

    def get(self, key: Any, /) -> int | None:
        """The row that has the key, if one had it before."""
        ...


class InMemory(dict[Any, int]):
    """The keys of a file that is read at once."""

    before: PartsBefore | None = None

    def expect(self, keys: Sequence[Any]) -> None:
        """They are at hand."""


class Tried(InMemory):
    """The keys of rows that are gone through before they are saved: nothing of it stays."""

    def __init__(self, seen: Keys) -> None:
        super().__init__()
        self._seen = seen

    def expect(self, keys: Sequence[Any]) -> None:
        """They are looked for among those of the rows before."""
        self._seen.expect(keys)

    def setdefault(self, key: Any, number: int) -> int:
        """The row that has the key; this one if none had it before."""
        found = self._seen.get(key)
        return super().setdefault(key, number) if found is None else found


@dataclass(slots=True)
class Row:
    """One row on its way in."""

    number: int
    values: dict[str, Any]
    shown: dict[str, Any]
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    action: Action = "create"
    id: int | None = None
    version: int | None = None
    awaited: frozenset[str] = frozenset()
    """Fields that name what a row above would make, were this no dry run."""
    before: int | None = None
    """Of a record that was there: the version the save made, and the one before it."""
    cells: Sequence[Any] = ()
    """What stands in the row of the file, with what was corrected."""


def previewed(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The first rows as they come in, and as they stand in the file."""
    return [
        {
            "row": row.number, "action": row.action, "values": row.shown,
            "cells": [(_seen(row, place) or "")[:SEEN] for place in range(len(row.cells))],
        }
        for row in rows[:PREVIEW]
    ]  # fmt: skip


def bring(
    context: Context, params: Import, columns: Sequence[Field | None], keys: tuple[str, ...],
    table: Sequence[Sequence[Any]], first: int, seen: Keys,
) -> Iterator[Row]:  # fmt: skip
    """Save rows of a file, of which the first stands in row `first`, or try them. `seen`: the keys of rows before."""
    record_type, grant = permitted(context, params.form)
    lines = _fixed(table, columns, params.fixes, first)
    above, foreseen = Above(record_type, columns), Foreseen(context, seen.before) if params.dry_run else None
    parts = list(_parts(lines, above, dry=params.dry_run))
    if len(parts) > 1 and not params.dry_run and overlaps.in_turn(context, record_type):
        _take_turns(context, params, columns, keys, parts, first, seen)
    for start, part in parts:
        with collecting.later():
            rows = _rows(context, columns, part, Names(context, columns, part), first + start, shown=start < PREVIEW)
            if params.dry_run:
                above.promised(rows, part, first + start, seen)
            _decide(context, record_type, grant, params, keys, rows, seen)
            without_unchanged(context, record_type, grant, columns, rows)
            tried = None if foreseen is None else Apart(context, record_type, grant, rows, seen, foreseen)
            _save(context, record_type, grant, rows, tried)
        yield from rows
    if foreseen is not None and seen.before is not None:
        seen.before.keep(foreseen)


def _take_turns(
    context: Context, params: Import, columns: Sequence[Field | None], keys: tuple[str, ...],
    parts: Sequence[tuple[int, Sequence[Sequence[Any]]]], first: int, seen: Keys,
) -> None:  # fmt: skip
    """Before the first of several parts is saved: what any of them changes is held, and then whoever saves ranges of
    the same things is waited for, in one order (`changing.take_turns`). Part by part, two files could wait for one
    another for ever."""
    record_type, grant = permitted(context, params.form)
    host: Any = context.host
    plan, tried = host.save_plan(record_type), Tried(seen)
    new: list[Mapping[str, Any]] = []
    sent: dict[int, Mapping[str, Any]] = {}
    with collecting.later():
        for start, part in parts:
            rows = _rows(context, columns, part, Names(context, columns, part), first + start, shown=False)
            _decide(context, record_type, grant, params, keys, rows, tried)
            new += [row.values for row in rows if row.action == "create" and not row.problems]
            sent |= {row.id: row.values for row in rows if row.action == "update" and row.id is not None}
        take_turns(context, plan, grant, list(sent.items()), drafted(context, plan, grant, new))


def _save(
    context: Context, record_type: RecordType, grant: Grant, rows: Sequence[Row], tried: Apart | None
) -> None:  # fmt: skip
    """Save what was decided on, or try it (`tried`: after what was tried before)."""
    dry = tried is not None
    new, changed = ([row for row in rows if row.action == each] for each in ("create", "update"))
    good, there = ([row for row in each if not row.problems and not dry] for each in (new, changed))
    if good and there:
        sent = [(row.id or 0, row.values) for row in there]
        host: Any = context.host
        plan = host.save_plan(record_type)
        take_turns(context, plan, grant, sent, drafted(context, plan, grant, [row.values for row in good]))
    _create(context, record_type, grant, new, tried)
    _update(context, record_type, grant, there)
    for row in rows:
        if row.action == "update" and (row.problems or dry):
            _try(context, record_type, grant, row, tried)
        elif row.problems:
            _refuse(row, [])
    if tried is not None:
        for row in rows:
            if row.action == "refuse" and not any(each.code in SAID for _, each in row.problems):
                _refuse(row, tried.told(row))  # with all that is to be put right in it


def _parts(lines: Sequence[Sequence[Any]], above: Above, *, dry: bool) -> Iterator[tuple[int, Sequence[Sequence[Any]]]]:
    """What is looked at and written in one go, and where it begins."""
    for start in range(0, len(lines), AT_ONCE):
        some = lines[start : start + AT_ONCE]
        for piece in (some,) if dry else above.pieces(some):
            yield start, piece
            start += len(piece)


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


def _rows(
    context: Context, columns: Sequence[Field | None], table: Sequence[Sequence[Any]], names: Names, first: int, *,
    shown: bool,
) -> list[Row]:  # fmt: skip
    """Cells as what was meant by them, read column by column; blank rows are left out. `shown`: the first rows are
    shown to the person as they stand."""
    zone, width = context.moment().zone, len(columns)
    today = context.now().astimezone(zone).date()
    filled = [
        (first + index, line)
        for index, line in enumerate(table)
        if any(line) or line.count(None) + line.count("") < len(line)
    ]
    lines = [line if len(line) >= width else [*line, *[None] * (width - len(line))] for _, line in filled]
    rows = [Row(number, {}, {}, cells=line) for number, line in filled]
    sent: list[Sequence[Any]] = []
    for each, found in zip(columns, zip(*lines), strict=False):  # noqa: B905 (a row may reach beyond the last column)
        if each is None:
            continue
        raw = list(found)
        for place, key in cells.faults(each, raw):
            rows[place].problems.append((each.name, Problem(f"forms.{key}", cells.FAULTS[key], f"/{each.name}")))
            raw[place] = None
        meant = once_each(cells.column_reader(each, zone, today), raw)
        for place, two in cells.unclear(meant):
            seen = {"seen": str(raw[place]).strip(), "first": two.first, "second": two.second}
            rows[place].problems.append((each.name, Problem("forms.unclear", cells.UNCLEAR, f"/{each.name}", seen)))
            meant[place] = None
        for row, value, cell in zip(rows[:PREVIEW], meant, raw, strict=False) if shown else ():
            row.shown[each.name] = None if value is None else str(cell).strip() if names_records(each) else value
        sent.append(_named(names, each, meant, rows) if names_records(each) else meant)
    fields = [each.name for each in columns if each is not None]
    for row, values in zip(rows, zip(*sent, strict=True), strict=True) if sent else ():
        row.values = dict(zip(fields, values, strict=True))
    for row, (_, line) in zip(rows, filled, strict=True):
        if len(line) < width:  # what a row does not reach was not sent
            beyond = {each.name for each in columns[len(line) :] if each is not None}
            row.values = {name: value for name, value in row.values.items() if name not in beyond}
            row.shown = {name: value for name, value in row.shown.items() if name not in beyond}
    return rows


def _named(names: Names, field: Field, column: Sequence[Any], rows: Sequence[Row]) -> list[Any]:
    """The records that the cells of a column name; what is wrong with a name is noted at its row."""
    meant = names.of_column(field, column)
    for row, (_, problem) in zip(rows, meant, strict=True):
        if problem is not None:
            row.problems.append((field.name, problem))
    return [value for value, _ in meant]


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
        marks = [(fields, called(record_type, values)) for _, values in known]
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


def _create(
    context: Context, record_type: RecordType, grant: Grant, rows: Sequence[Row], tried: Apart | None
) -> None:  # fmt: skip
    """Save the rows that are new, all in one go; of those with a fault, and of all in a dry run, say what is wrong."""
    host: Any = context.host
    dry = tried is not None
    plan = host.save_plan(record_type)
    for row in rows:
        if "owner" in row.values and row.values["owner"] is None:  # nobody is named: whoever brings it in
            row.values["owner"] = context.actor.id
    good = [row for row in rows if not row.problems and not dry]
    faulty, fine = [row for row in rows if row.problems], [row for row in rows if dry and not row.problems]
    for row, made in zip(good, create_many(context, plan, grant, [row.values for row in good]), strict=True):
        if isinstance(made, tuple):
            _refuse(row, made)
        else:
            row.id = made["id"]

    def against(index: int, plan: save.SavePlan, change: Change) -> tuple[Problem, ...]:
        assert tried is not None
        return tried.against(fine[index], plan, change)

    for some, asked in ((faulty, None), (fine, against)):
        looked = examine_many(context, plan, grant, [row.values for row in some], asked) if some else ()
        for row, made in zip(some, looked, strict=True):
            _refuse(row, made if isinstance(made, tuple) else ())


def _try(
    context: Context, record_type: RecordType, grant: Grant, row: Row, tried: Apart | None
) -> None:  # fmt: skip
    """The write path of a change up to the point where it would write."""
    host: Any = context.host
    plan = host.save_plan(record_type)
    try:
        change = save.redraft(context, plan, grant, row.id or 0, row.values, None)
        problems = amiss(context, plan, change)
        if tried is not None and not problems and not row.problems:
            problems = [*tried.against(row, plan, change)]
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
    known = {name for name, _ in row.problems} | row.awaited
    for each in problems:
        name = each.pointer.lstrip("/").partition("/")[0]
        follows = each.code == "records.required" or not each.code.startswith("records.")
        if not (name in known and follows):  # blank because the cell could not be understood, and what follows from it
            row.problems.append((name, each))
            known |= {name} - {""}
    if row.problems:
        row.action = "refuse"


def said(
    context: Context, titles: Sequence[str], columns: Sequence[Field | None], rows: Iterable[Row]
) -> list[dict[str, Any]]:
    """What is wrong, cell by cell, in the person's words, and what stands there (`seen`): to be corrected in place."""
    by_field = {each.name: title for each, title in zip(columns, titles, strict=True) if each is not None}
    places = {each.name: index for index, each in enumerate(columns) if each is not None}
    return [
        {"row": row.number, "field": name or None, "column": by_field.get(name), "code": each.code,
         "detail": each.words(context.actor.locale), "seen": _seen(row, places.get(name))}
        for row in rows for name, each in row.problems
    ]  # fmt: skip


def _seen(row: Row, place: int | None) -> str | None:
    """What stands in a cell, as somebody would type it; None where the file has no column for it."""
    if place is None:
        return None
    value = row.cells[place] if place < len(row.cells) else None
    return "" if value is None else str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def made_by(rows: Sequence[Row]) -> dict[str, Any]:
    """What has to be known to take it back."""
    return {
        "created": [row.id for row in rows if row.action == "create"],
        "updated": [
            {"id": row.id, "version": row.version, "before": row.before} for row in rows
            if row.action == "update" and row.version != row.before
        ],
    }  # fmt: skip
