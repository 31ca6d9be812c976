"""Large files brought in behind the scenes, part by part: progress to be seen, to be cancelled, taken back as one.

The file is read once, row after row, into parts of some hundred rows (`forms_import_part`); each part is a job and a
transaction of its own that ends by asking for the next. A large workbook is read in stretches, by a process that reads
on while what it has read is brought in (`reading_ahead`). So memory does not grow with the file, other people's saves
come in between, and a worker that dies loses nothing: its part did not happen, and is done by another.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import islice
from typing import IO, Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.operations import parts, sheets
from lowcode.forms.operations.columns import permitted, titled, told
from lowcode.forms.operations.incoming import BY_LINE
from lowcode.forms.operations.laying import Laying, Overtaken, reads
from lowcode.forms.operations.parts_before import PartsBefore
from lowcode.forms.operations.reading_ahead import Gone, Place, Readers
from lowcode.forms.operations.runs import (
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
from lowcode.kernel.answers import has
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
READ = ("reading", "running", "done", "cancelled", "stopping", "stopped", "undoing", "undone", "halted")
"""States in which the titles are known and fit the fields they are to fill."""
AT_ONCE = 20
"""Parts written in one transaction while the file is read."""
STRETCH = 100
"""Parts that are laid out at once of those that a process has read meanwhile."""
ASIDE = frozenset({"more", "reads_on", "reader", "unreadable"})
"""What is kept with the options of an import, and is none for its rows."""
WORDS = ("create", "update", "skip", "refuse")
ONE_PART = sa.select(part_table).where(
    part_table.c.run == sa.bindparam("run_id"), part_table.c.number == sa.bindparam("part_number")
)

PART_MADE = (
    sa.update(part_table)
    .where(part_table.c.run == sa.bindparam("run_id"), part_table.c.number == sa.bindparam("part_number"))
    .values(made=sa.bindparam("part_made", type_=part_table.c.made.type), rows=sa.null())
)


Progress = Annotated[
    dict[str, Any],
    has(
        run=int, state=str, total=int, done=int, error=object, rows=int, create=int, update=int, skip=int, refused=int
    ),
]  # fmt: skip
"""How far a file is brought in."""


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


def start(context: Context, params: Start) -> Annotated[dict[str, Any], has(run=int)]:
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


def read(context: Context, params: Run, readers: Readers) -> Outcome:
    """Lay the file out in parts, a large workbook in stretches. It runs outside of any transaction, and writes some
    parts at a time."""
    host: Any = context.host
    run = host.write(lambda unit: _begun(host.context(unit, context.actor), params.run))
    found: dict[str, Any] = {"run": params.run}
    if run is None:
        return Outcome(then=(("forms.run_import", found),))
    found["reader"] = run["asked"]["reader"]
    try:
        rows = [readable(context, each) for each in (run["file"], *run["asked"].get("more", ()))]
        pieces = tuple((row["digest"], row["size"]) for row in rows)
        with io.BufferedReader(sheets.Joined(host.files.open, pieces)) as source:
            found |= _lay_out(host, run, source, Place(readers, (run["id"], pieces)))
    except Overtaken:
        return Outcome()
    except Rejected as refused:
        detail = "; ".join(each.words(locale_of(context, run)) for each in refused.problems)
        return Outcome(then=(("forms.run_import", {**found, "error": detail}),))
    return Outcome(then=(("forms.run_import", found),))


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
    behind = part_table.c.number >= sa.literal(run["part"])  # what another reader left that died
    context.unit.run(sa.delete(part_table).where(part_table.c.run == identity, behind))
    return {**run, **changes}


def _lay_out(host: Any, run: Mapping[str, Any], source: IO[bytes], place: Place) -> dict[str, Any]:
    """Write the parts, all that are left or those of a stretch: in which row the titles stand, the titles, how many
    rows there are so far, and whether there are more."""
    asked, laid = run["asked"], run["total"]
    if laid:
        found = _read_ahead(host, run, place)
        if found is not None:
            return found
    with place.begin(source, PART, PART * AT_ONCE, wanted=not laid) as reader:
        source.seek(0)
        with closing(sheets.stream(run["name"], source)) as rows:
            head, titles, below = titled(rows, host.types[run["form"]], asked["mapping"], asked.get("header_row"))
            laying = Laying(host, run, head, AT_ONCE)
            for first, lines in _parts(islice(below, laid, None), head + 1 + laid):
                laying.add(first, len(lines), parts.packed(lines))
                if reader is not None:
                    reader.read_on(head, laying.total)
                    break
            else:
                if reader is not None:
                    reader.ended = True
        if not laying.total:
            raise Rejected(Problem("forms.empty-file", EMPTY, "/file"))
        laying.write()
        more = reader is not None and not reader.ended
    return {"head": head, "titles": titles, "total": laying.total, "more": more}


def _read_ahead(host: Any, run: Mapping[str, Any], place: Place) -> dict[str, Any] | None:
    """Write what a process has read meanwhile; None where there is none that goes on from here."""
    laying = Laying(host, run, run["asked"]["header_row"], AT_ONCE)
    try:
        with place.lent(laying.first) as reader:
            if reader is None:
                return None
            for first, count, rows in reader.take(STRETCH):
                laying.add(first, count, rows)
            laying.write()
            more = not reader.ended
    except Gone:
        return None
    return {"head": laying.head, "titles": run["titles"], "total": laying.total, "more": more}


def _parts(rows: Iterator[list[Any]], first: int) -> Iterator[tuple[int, list[list[Any]]]]:
    """Some hundred rows at a time, with the number of the first."""
    return parts.cut(rows, first, PART, PART * AT_ONCE)


class Running(Run):
    """What was found in the file, or why it could not be read."""

    reader: int = 0
    titles: tuple[str, ...] = ()
    total: int = 0
    head: int = 1
    more: bool = False
    error: str | None = None


def run_import(context: Context, params: Running) -> None:
    """The file, or a stretch of it, is laid out: go on with the first of its parts."""
    run = locked(context, params.run)
    if run["state"] in ENDED:
        clear(context, params.run)
    if not reads(run, params.reader):
        return
    if params.error is not None:
        _unreadable(context, run, params.error)
        return
    asked = {**run["asked"], "header_row": params.head, "reads_on": params.more}
    if not params.more:
        asked.pop("reader", None)
    change(context, params.run, state="running", titles=list(params.titles), total=params.total, asked=asked)
    context.later("forms.import_part", run=params.run, number=run["part"])


def _unreadable(context: Context, run: Mapping[str, Any], error: str) -> None:
    """Nothing comes in of a file that cannot be read to its end: what has come in by then is taken back."""
    if run["part"] == 1 or run["asked"]["dry_run"]:
        break_off(context, run["id"], "failed", error)
        return
    change(context, run["id"], state="stopping", error=error, asked={**run["asked"], "unreadable": error})
    context.later("forms.undo_part", run=run["id"], number=run["part"] - 1)


def import_part(context: Context, params: Part) -> None:
    """Bring one part in, as the person who began it, and ask for the next."""
    run = going(context, params.run, ("running",), params.number)
    if run is None or run["part"] != params.number:
        return
    part = context.unit.one(ONE_PART, run_id=params.run, part_number=params.number)
    if part is None and run["asked"].get("reads_on"):
        change(context, params.run, state="reading")
        context.later("forms.read_import", run=params.run)
        return
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
    asked = {name: each for name, each in run["asked"].items() if name not in ASIDE}
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


def progress(context: Context, params: Run) -> Progress:
    """How far it is: the answer of `forms.import`, with `state`, `total` and `done`, and whether it `reads_on`, so that
    `total` is not all yet; of what is taken back, how many records were `kept`, as others worked on them, and of how
    many something is `left` that cannot come back."""
    run = mine(context, params.run)
    columns = _columns(context, run) if run["titles"] and run["state"] in READ else []
    known = told(context, *permitted(context, run["form"]), run["titles"], columns)
    counts = run["counts"]
    return {
        "run": run["id"], "state": run["state"], "total": run["total"], "done": run["done"], "error": run["error"],
        "reads_on": run["asked"].get("reads_on", False),
        "dry_run": run["asked"]["dry_run"], "rows": run["done"], "create": counts["create"],
        "update": counts["update"], "skip": counts["skip"], "refused": counts["refuse"],
        "kept": counts.get("kept", 0), "left": counts.get("left", 0),
        **known, "preview": run["preview"], "problems": run["problems"], "header_row": run["asked"].get("header_row"),
    }  # fmt: skip


def resume(context: Context, params: Run) -> Progress:
    """Go on where it came to a halt."""
    mine(context, params.run)
    taken_up(context, locked(context, params.run))
    return progress(context, params)


def cancel(context: Context, params: Run, readers: Readers) -> Progress:
    """Stop after the part at hand; what came in stays, and can be taken back."""
    mine(context, params.run)
    readers.drop(params.run)
    if locked(context, params.run)["state"] in ("reading", "running", "halted"):
        break_off(context, params.run, "cancelled")
    return progress(context, params)


def undo(context: Context, params: Run) -> Progress:
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
        error = run["asked"].get("unreadable") if run["state"] == "stopping" else None
        ended = "undone" if run["state"] == "undoing" else "failed" if error else "stopped"
        break_off(context, params.run, ended, error)
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


def operations(readers: Readers) -> tuple[Operation, ...]:
    """All of them; which workbooks are read ahead is known in one process."""
    reading = _operation(
        "read_import", partial(read, readers=readers), Run, "internal", ("Read a file", "读取文件"), writes=False,
        outside=True, given_up=HALT,
    )  # fmt: skip
    stopping = _operation(
        "cancel_import", partial(cancel, readers=readers), Run, "signed-in", ("Stop an import", "取消导入")
    )
    return (reading, stopping, *OPERATIONS)


OPERATIONS = (
    _operation("start_import", start, Start, "signed-in", ("Bring a large file in", "后台导入")),
    _operation("import_progress", progress, Run, "signed-in", ("How an import gets on", "导入进度"), writes=False),
    _operation(
        "resume_import", resume, Run, "signed-in", ("Go on with an import that came to a halt", "继续中途停下的导入")
    ),
    _operation("undo_run", undo, Run, "signed-in", ("Take a large import back", "撤销后台导入")),
    _operation("run_import", run_import, Running, "internal", ("Begin an import", "开始导入")),
    _operation("import_part", import_part, Part, "internal", ("Bring a part in", "导入一批"), given_up=HALT),
    _operation("undo_part", undo_part, Part, "internal", ("Take a part back", "撤销一批"), given_up=HALT),
    _operation("halt_import", given_up, GivenUp, "internal", ("Say that an import came to a halt", "标记导入中途停下")),
)
