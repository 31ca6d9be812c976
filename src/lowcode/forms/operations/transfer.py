"""Records from a file: every row goes through the one write path, and a dry run says what would happen.

`forms.import` saves the good rows and names what is wrong with the others, cell by cell: they can be corrected where
they stand (`fixes`) without another file. Which column fills which field is remembered for files with the same titles.
`undo` takes a batch back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import uuid4

from lowcode.forms.operations import mappings, sheets
from lowcode.forms.operations.columns import columns_of, keys_of, permitted, remembered, titled, told
from lowcode.forms.operations.incoming import Import, InMemory, Row, bring, made_by, previewed, said
from lowcode.forms.tables import batch
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters, in_batch
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.records.plan import Field

PROBLEMS = 200
ROW_LIMIT = 50_000
EMPTY = {"en": "the file has no rows below its titles", "zh-CN": "文件中没有数据行"}
TOO_LARGE = {"en": "at most {limit} rows at once", "zh-CN": "一次最多导入 {limit} 行"}


def import_file(
    context: Context, params: Import
) -> Annotated[
    dict[str, Any],
    has(
        dry_run=bool,
        rows=int,
        create=int,
        update=int,
        skip=int,
        refused=int,
        columns=list[dict],
        preview=list[dict],
        problems=list[dict],
        header_row=int | None,
    ),
]:
    """Save the rows of a file, or say what would happen (`dry_run`)."""
    context = in_batch(context, f"import:{uuid4().hex}")
    record_type, grant = permitted(context, params.form)
    table = sheets.read(params.name, params.content, ROW_LIMIT + 1)
    if len(table) < 2:
        raise Rejected(Problem("forms.empty-file", EMPTY, "/file"))
    if len(table) - 1 > ROW_LIMIT:
        raise Rejected(Problem("forms.file-too-large", TOO_LARGE, "/file", {"limit": ROW_LIMIT}))
    head, titles, below = titled(iter(table), record_type, params.mapping, params.header_row)
    lines = list(below)
    if not lines:
        raise Rejected(Problem("forms.empty-file", EMPTY, "/file"))
    mapping = params.mapping if params.mapping is not None else remembered(context, record_type, grant, titles)
    columns = columns_of(record_type, grant, titles, mapping)
    keys = keys_of(record_type, grant, params.keys, columns)
    rows: list[Row] = []

    def all_of_them() -> None:
        rows.extend(bring(context, params, columns, keys, lines, head + 1, InMemory()))
        if params.on_error == "stop" and not params.dry_run and any(row.action == "refuse" for row in rows):
            raise _Stopped

    try:
        with context.unit.savepoint():
            all_of_them()
    except _Stopped:
        stopped = {"create": 0, "update": 0, "batch": None}
        return {**_answer(context, params, titles, columns, rows), "header_row": head, **stopped}
    answer = {**_answer(context, params, titles, columns, rows), "header_row": head}
    if not params.dry_run:
        mappings.remember(context, params.form, titles, [each.name if each else None for each in columns])
        answer["batch"] = _remember(context, params, rows)
    return answer


class _Stopped(Exception):
    """A row was refused, and then nothing is to be saved."""


def _answer(
    context: Context, params: Import, titles: Sequence[str], columns: Sequence[Field | None], rows: Sequence[Row]
) -> dict[str, Any]:
    counts = {word: sum(row.action == word for row in rows) for word in ("create", "update", "skip", "refuse")}
    problems = said(context, titles, columns, rows)
    return {
        "dry_run": params.dry_run, "rows": len(rows), "create": counts["create"], "update": counts["update"],
        "skip": counts["skip"], "refused": counts["refuse"],
        **told(context, *permitted(context, params.form), titles, [each.name if each else None for each in columns]),
        "preview": previewed(rows),
        "problems": problems[:PROBLEMS],
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
    lines: Any
    """Sequences of cells: not looked at once more, they come from the parts of a file that was read."""
    first: int
    seen: Any


def import_columns(context: Context, params: Columns) -> list[str | None]:
    """Which column fills which field for the person, if they may import; `remember` it for the next time."""
    person = _person(context, params.actor)
    record_type, grant = permitted(person, params.form)
    if not params.titles:
        return []
    known = params.mapping if params.mapping is not None else remembered(person, record_type, grant, params.titles)
    fields = [each.name if each else None for each in columns_of(record_type, grant, params.titles, known)]
    if params.remember:
        mappings.remember(person, params.form, params.titles, fields)
    return fields


def import_rows(context: Context, params: Rows) -> dict[str, Any]:
    """Bring some rows of a file in as the person: counts, problems, what the first look like, what was made."""
    person = _person(context, params.actor)
    asked = Import(form=params.form, content=b"", name=params.name, **params.asked)
    record_type, grant = permitted(person, params.form)
    known = asked.mapping if asked.mapping is not None else remembered(person, record_type, grant, params.titles)
    columns = columns_of(record_type, grant, params.titles, known)
    keys = keys_of(record_type, grant, asked.keys, columns)
    rows = list(bring(person, asked, columns, keys, params.lines, params.first, params.seen))
    return {
        "counts": {word: sum(row.action == word for row in rows) for word in ("create", "update", "skip", "refuse")},
        "problems": said(person, params.titles, columns, rows),
        "preview": previewed(rows),
        "made": None if asked.dry_run else made_by(rows),
    }


def _person(context: Context, actor: int | None) -> Context:
    """Whoever brings the file in: their permissions hold for every row."""
    return context.as_app() if actor is None else context.as_user(actor)


OPERATIONS = (
    Operation(
        "forms.import", import_file, Import, verb="import", summary={"en": "Records from a file", "zh-CN": "导入记录"}
    ),
    Operation("forms.import_columns", import_columns, Columns, "internal"),
    Operation("forms.import_rows", import_rows, Rows, "internal"),
)
