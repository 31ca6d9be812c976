"""Large files brought in behind the scenes, part by part: progress to be seen, to be cancelled, taken back as one.

The file is read once, row after row, into parts of some hundred rows (`forms_import_part`); each part is a job and a
transaction of its own that ends by asking for the next. So memory does not grow with the file, other people's saves
come in between, and a worker that dies loses nothing: its part did not happen, and is done by another.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.operations import parts, sheets
from lowcode.forms.operations.columns import permitted, titled, told
from lowcode.forms.operations.incoming import BY_LINE
from lowcode.forms.operations.parts_before import PartsBefore
from lowcode.forms.operations.runs import (
    LOCKED,
    NO_RUN,
    GivenUp,
    Run,
    break_off,
    change,
    clear,
    given_up,
    going,
    locale_of,
    locked,
    mine,
    phase,
    taken_up,
)
from lowcode.forms.tables import ENDED, UNDOABLE
from lowcode.forms.tables import import_key as key_table
from lowcode.forms.tables import import_part as part_table
from lowcode.forms.tables import import_run as run_table
from lowcode.kernel.contract import Context, Operation, Outcome, Parameters, in_batch
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected
from lowcode.kernel.records import collecting
from lowcode.kernel.records.attachments import readable
from lowcode.kernel.records.facts import text_in
from lowcode.kernel.storage.loose import hold
from lowcode.kernel.storage.types import json_text

EMPTY = {"en": "the file has no rows below its titles", "zh-CN": "文件中没有数据行"}
PREVIEW, PROBLEMS = 20, 1000
PART = 1000
ROWS = 1_048_575
READ = ("running", "done", "cancelled", "stopping", "stopped", "undoing", "undone", "halted")
"""States in which the titles are known and fit the fields they are to fill."""
AT_ONCE = 20
"""Parts written in one transaction while the file is read."""
TOO_LARGE = {"en": "at most {limit} rows in a file", "zh-CN": "文件最多 {limit} 行"}
WORDS = ("create", "update", "skip", "refuse")
ONE_PART = sa.select(part_table).where(
    part_table.c.run == sa.bindparam("run_id"), part_table.c.number == sa.bindparam("part_number")
)

PART_MADE = (
    sa.update(part_table)
    .where(part_table.c.run == sa.bindparam("run_id"), part_table.c.number == sa.bindparam("part_number"))
    .values(made=sa.bindparam("part_made", type_=part_table.c.made.type), rows=sa.null())
)


class Start(Parameters):
    """A file that was uploaded (`api/files`), and how it is to be brought in; as `forms.import` has it."""

    form: str
    file: int
    more: tuple[int, ...] = Key(
        (), max_length=500, description="Further pieces of the file, in order, when one upload does not take it whole."
    )
    mapping: Mapping[str, str | None] | None = None
    keys: tuple[str, ...] = ()
    duplicates: Literal["create", "update", "skip"] = "create"
    on_error: Literal["skip", "stop"] = "skip"
    fixes: Mapping[int, Mapping[str, Any]] = Key(default_factory=dict, json_schema_extra=BY_LINE)
    header_row: int | None = Key(None, ge=1, le=100)
    dry_run: bool = False


class Part(Run):
    """One of its parts."""

    number: int


def start(context: Context, params: Start) -> dict[str, Any]:
    """Begin; `run` tells how it gets on (`forms.import_progress`)."""
    context.as_app().ask("forms.import_columns", form=params.form, actor=context.actor.id)
    hold(context.unit, (params.file, *params.more))
    file, *_ = [readable(context, each) for each in (params.file, *params.more)]
    asked = params.model_dump(mode="json", exclude={"form", "file"})
    identity = context.unit.insert(
        run_table, form=params.form, name=file["name"], actor=context.actor.id, at=context.now(), ended_at=None,
        state="reading", file=params.file, asked=asked, titles=[], total=0, done=0, part=1,
        counts=dict.fromkeys(WORDS, 0), preview=[], problems=[], error=None,
    )  # fmt: skip
    context.later("forms.read_import", run=identity)
    return {"run": identity}


def read(context: Context, params: Run) -> Outcome:
    """Lay the file out in parts. It runs outside of any transaction, and writes some parts at a time."""
    host: Any = context.host
    run = host.write(lambda unit: _begun(host.context(unit, context.actor), params.run))
    found: dict[str, Any] = {"run": params.run}
    if run is None:
        return Outcome(then=(("forms.run_import", found),))
    found["reader"] = run["asked"]["reader"]
    try:
        rows = [readable(context, each) for each in (run["file"], *run["asked"].get("more", ()))]
        pieces = ((row["digest"], row["size"]) for row in rows)
        with io.BufferedReader(sheets.Joined(host.files.open, pieces)) as source:
            head, titles, total = _lay_out(host, run, sheets.stream(run["name"], source))
    except Overtaken:
        return Outcome()
    except Rejected as refused:
        detail = "; ".join(each.words(locale_of(context, run)) for each in refused.problems)
        return Outcome(then=(("forms.run_import", {**found, "error": detail}),))
    found |= {"titles": titles, "total": total, "head": head}
    return Outcome(then=(("forms.run_import", found),))


class Overtaken(Exception):
    """The import was broken off, or another reader began to read its file: this one stops."""


def _begun(context: Context, identity: int) -> dict[str, Any] | None:
    """The import, which this reader reads from now on, and no reader before it any more, whether that died on the way
    or not; None where it is not to be read."""
    run = locked(context, identity)
    if phase(run) != "reading":
        return None
    asked = {**run["asked"], "reader": run["asked"].get("reader", 0) + 1}
    asked.pop("halted", None)
    changes = {"state": "reading", "error": None, "ended_at": None, "asked": asked}
    change(context, identity, **changes)
    context.unit.run(sa.delete(part_table).where(part_table.c.run == identity))
    return {**run, **changes}


def _reads(run: Mapping[str, Any], reader: int) -> bool:
    by: int = run["asked"].get("reader", 0)
    return run["state"] == "reading" and by == reader


def _lay_out(host: Any, run: Mapping[str, Any], rows: Iterator[list[Any]]) -> tuple[int, list[str], int]:
    """Write the parts; in which row the titles stand, the titles, and how many rows there are."""
    asked = run["asked"]
    head, titles, below = titled(rows, host.types[run["form"]], asked["mapping"], asked.get("header_row"))
    waiting: list[dict[str, Any]] = []
    number, last = 0, head

    def write(several: list[dict[str, Any]]) -> None:
        def work(unit: Any) -> None:
            (now,) = unit.locked(LOCKED, run_id=run["id"])
            if not _reads(now, asked["reader"]):
                raise Overtaken
            unit.insert_many(part_table, several)

        host.write(work)

    for first, lines in _parts(below, head + 1):
        number += 1
        last = first + len(lines) - 1
        if last - head > ROWS:
            raise Rejected(Problem("forms.file-too-large", TOO_LARGE, "/file", {"limit": ROWS}))
        waiting.append({"run": run["id"], "number": number, "first": first, "rows": parts.packed(lines), "made": None})
        if len(waiting) == AT_ONCE:
            write(waiting)
            waiting = []
    if not number:
        raise Rejected(Problem("forms.empty-file", EMPTY, "/file"))
    if waiting:
        write(waiting)
    return head, titles, last - head


def _parts(rows: Iterator[list[Any]], first: int) -> Iterator[tuple[int, list[list[Any]]]]:
    """Some hundred rows at a time, with the number of the first; blank ones at the end are left out."""
    lines: list[list[Any]] = []
    filled = 0
    for row in rows:
        lines.append(row)
        filled = len(lines) if any(row) or row.count("") + row.count(None) < len(row) else filled
        if len(lines) >= PART and filled == len(lines):
            yield first, lines
            first, lines, filled = first + len(lines), [], 0
        elif len(lines) >= PART * AT_ONCE:  # a sheet that goes on without anything in it
            return
    if filled:
        yield first, lines[:filled]


class Running(Run):
    """What was found in the file, or why it could not be read."""

    reader: int = 0
    titles: tuple[str, ...] = ()
    total: int = 0
    head: int = 1
    error: str | None = None


def run_import(context: Context, params: Running) -> None:
    """The file is laid out: begin with the first part."""
    run = locked(context, params.run)
    if run["state"] in ENDED:
        clear(context, params.run)
    if not _reads(run, params.reader):
        return
    if params.error is not None:
        break_off(context, params.run, "failed", params.error)
        return
    asked = {**run["asked"], "header_row": params.head}
    asked.pop("reader", None)
    change(context, params.run, state="running", titles=list(params.titles), total=params.total, asked=asked)
    context.later("forms.import_part", run=params.run, number=1)


def import_part(context: Context, params: Part) -> None:
    """Bring one part in, as the person who began it, and ask for the next."""
    run = going(context, params.run, ("running",), params.number)
    if run is None or run["part"] != params.number:
        return
    part = context.unit.one(ONE_PART, run_id=params.run, part_number=params.number)
    if part is None:
        _finish(context, run)
        return
    try:
        _bring(context, run, part)
    except Rejected as refused:
        detail = "; ".join(each.words(locale_of(context, run)) for each in refused.problems)
        break_off(context, params.run, "failed", detail)


def _bring(context: Context, run: Mapping[str, Any], part: Mapping[str, Any]) -> None:
    seen = Seen(context, run["id"])
    asked = {name: each for name, each in run["asked"].items() if name != "more"}
    with collecting.later():
        lines = parts.unpacked(part["rows"])
    found = in_batch(context, f"import:{run['id']}").as_app().ask(
        "forms.import_rows", form=run["form"], actor=run["actor"], titles=run["titles"], name=run["name"],
        asked=asked, lines=lines, first=part["first"], seen=seen,
    )  # fmt: skip
    seen.keep()
    counts = {word: run["counts"][word] + found["counts"][word] for word in WORDS}
    changes = {
        "counts": counts, "done": run["done"] + len(lines), "part": run["part"] + 1,
        "problems": [*run["problems"], *found["problems"]][:PROBLEMS],
        "preview": [*run["preview"], *found["preview"]][:PREVIEW],
    }  # fmt: skip
    dry = run["asked"]["dry_run"]
    if not dry:
        context.unit.run(
            PART_MADE, run_id=run["id"], part_number=part["number"], part_made={**found["made"], "lines": len(lines)}
        )
    if counts["refuse"] and run["asked"]["on_error"] == "stop" and not dry:
        change(context, run["id"], **{**changes, "state": "stopping"})
        context.later("forms.undo_part", run=run["id"], number=part["number"])
        return
    change(context, run["id"], **changes)
    context.later("forms.import_part", run=run["id"], number=part["number"] + 1)


class Seen:
    """The keys of the rows of the parts before: in the database, because a file has as many as it likes."""

    def __init__(self, context: Context, run: int) -> None:
        self._unit, self._run = context.unit, run
        self._new: dict[str, int] = {}
        self._known: dict[str, int] = {}
        self._seen = context.host.cached("import-seen", lambda: _seen(context.unit.database.dialect_name))
        self.before = PartsBefore(context, run)

    def expect(self, keys: Sequence[Any]) -> None:
        """Look these up at once."""
        listed = json_text([_digest(each) for each in keys])
        rows = self._unit.fetch(self._seen, run_id=self._run, digests=listed)
        self._known.update({row["digest"]: row["row"] for row in rows})

    def setdefault(self, key: Any, number: int) -> int:
        """The row that has the key, this one if none had it before; only of keys that were expected."""
        digest = _digest(key)
        found = self._known.get(digest)
        return self._new.setdefault(digest, number) if found is None else found

    def get(self, key: Any) -> int | None:
        """The row that has the key, if one had it before; only of keys that were expected."""
        digest = _digest(key)
        return self._known.get(digest, self._new.get(digest))

    def keep(self) -> None:
        """Write down the new ones."""
        rows = [{"run": self._run, "digest": digest, "row": number} for digest, number in self._new.items()]
        self._unit.insert_many(key_table, rows)


def _digest(key: Any) -> str:
    return hashlib.sha256(repr(key).encode()).hexdigest()[:40]


def _seen(dialect: str) -> sa.Select[Any]:
    columns = key_table.c
    return sa.select(columns.digest, columns.row).where(
        columns.run == sa.bindparam("run_id"), text_in(columns.digest, dialect, "digests")
    )


def _finish(context: Context, run: Mapping[str, Any]) -> None:
    change(context, run["id"], state="done", ended_at=context.now())
    clear(context, run["id"])
    if not run["asked"]["dry_run"]:
        _columns(context, run, remember=True)


def progress(context: Context, params: Run) -> dict[str, Any]:
    """How far it is: the answer of `forms.import`, with `state`, `total` and `done`; of what is taken back, how many
    records were `kept`, as others worked on them, and of how many something is `left` that cannot come back."""
    run = mine(context, params.run)
    columns = _columns(context, run) if run["titles"] and run["state"] in READ else []
    known = told(context, *permitted(context, run["form"]), run["titles"], columns)
    counts = run["counts"]
    return {
        "run": run["id"], "state": run["state"], "total": run["total"], "done": run["done"], "error": run["error"],
        "dry_run": run["asked"]["dry_run"], "rows": run["done"], "create": counts["create"],
        "update": counts["update"], "skip": counts["skip"], "refused": counts["refuse"],
        "kept": counts.get("kept", 0), "left": counts.get("left", 0),
        **known, "preview": run["preview"], "problems": run["problems"], "header_row": run["asked"].get("header_row"),
    }  # fmt: skip


def resume(context: Context, params: Run) -> dict[str, Any]:
    """Go on where it came to a halt."""
    mine(context, params.run)
    taken_up(context, locked(context, params.run))
    return progress(context, params)


def cancel(context: Context, params: Run) -> dict[str, Any]:
    """Stop after the part at hand; what came in stays, and can be taken back."""
    mine(context, params.run)
    if locked(context, params.run)["state"] in ("reading", "running", "halted"):
        break_off(context, params.run, "cancelled")
    return progress(context, params)


def undo(context: Context, params: Run) -> dict[str, Any]:
    """Take back all that came in, part by part, the last first."""
    mine(context, params.run)
    run = locked(context, params.run)
    if run["asked"]["dry_run"] or run["state"] not in UNDOABLE:
        raise NotFound(Problem("forms.no-batch", NO_RUN, "/run", {"id": params.run}))
    change(context, params.run, state="undoing", done=0, error=None)
    context.later("forms.undo_part", run=params.run, number=run["part"] - 1)
    return progress(context, params)


def undo_part(context: Context, params: Part) -> None:
    """Take one part back, and ask for the one before it."""
    run = going(context, params.run, ("undoing", "stopping"), params.number)
    if run is None or params.number >= run["part"]:  # which another job of it took back already
        return
    part = context.unit.one(ONE_PART, run_id=params.run, part_number=params.number)
    if part is None:
        ended = {"undoing": "undone", "stopping": "stopped"}[run["state"]]
        break_off(context, params.run, ended)
        context.unit.run(sa.delete(part_table).where(part_table.c.run == params.run))
        return
    if part["made"] is not None:
        part_of = in_batch(context, f"undo:{run['id']}").as_app()
        back = part_of.ask("forms.take_back", form=run["form"], actor=run["actor"], made=part["made"])
        counts = {**run["counts"], **{word: run["counts"].get(word, 0) + len(back[word]) for word in ("kept", "left")}}
        change(context, params.run, counts=counts)
        context.unit.run(
            sa.update(part_table).where(part_table.c.run == params.run, part_table.c.number == params.number)
            .values(made=sa.null())
        )  # fmt: skip
        if run["state"] == "undoing":
            lines = part["made"].get(
                "lines", PART
            )  # of one that came in before they were counted, as many as most have
            change(context, params.run, done=run["done"] + lines)
    change(context, params.run, part=params.number)
    context.later("forms.undo_part", run=params.run, number=params.number - 1)


def _columns(context: Context, run: Mapping[str, Any], *, remember: bool = False) -> list[str | None]:
    """Which column fills which field."""
    found: list[str | None] = context.as_app().ask(
        "forms.import_columns", form=run["form"], actor=run["actor"], titles=run["titles"],
        mapping=run["asked"]["mapping"], remember=remember,
    )  # fmt: skip
    return found


def _operation(name: str, run: Any, params: Any, access: Any, summary: Sequence[str], **more: Any) -> Operation:
    return Operation(f"forms.{name}", run, params, access, summary={"en": summary[0], "zh-CN": summary[1]}, **more)


HALT = "forms.halt_import"
OPERATIONS = (
    _operation("start_import", start, Start, "signed-in", ("Bring a large file in", "后台导入")),
    _operation("import_progress", progress, Run, "signed-in", ("How an import gets on", "导入进度"), writes=False),
    _operation(
        "resume_import", resume, Run, "signed-in", ("Go on with an import that came to a halt", "继续中途停下的导入")
    ),
    _operation("cancel_import", cancel, Run, "signed-in", ("Stop an import", "取消导入")),
    _operation("undo_run", undo, Run, "signed-in", ("Take a large import back", "撤销后台导入")),
    _operation(
        "read_import", read, Run, "internal", ("Read a file", "读取文件"), writes=False, outside=True, given_up=HALT
    ),
    _operation("run_import", run_import, Running, "internal", ("Begin an import", "开始导入")),
    _operation("import_part", import_part, Part, "internal", ("Bring a part in", "导入一批"), given_up=HALT),
    _operation("undo_part", undo_part, Part, "internal", ("Take a part back", "撤销一批"), given_up=HALT),
    _operation("halt_import", given_up, GivenUp, "internal", ("Say that an import came to a halt", "标记导入中途停下")),
)
