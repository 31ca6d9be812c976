"""Files belong to records: who may read a record may read its files, and nobody claims a file they may not read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected
from lowcode.kernel.records import file_kinds, words
from lowcode.kernel.records.nested import flattened, rows_at
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import GONE, find
from lowcode.kernel.storage.loose import hold

USES = sa.select(t.file_use.c.record_type, t.file_use.c.record_id).where(t.file_use.c.file == sa.bindparam("file_id"))
KNOWN = sa.select(t.file_use.c.file).where(
    t.file_use.c.file == sa.bindparam("file_id"),
    t.file_use.c.record_type == sa.bindparam("form"),
    t.file_use.c.record_id == sa.bindparam("record"),
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A field that holds files: of the record, or of the rows at a way."""

    way: str
    field: Field

    @property
    def path(self) -> str:
        """How permissions call it: `papers`, `items.drawing`."""
        return f"{self.way}.{self.field.name}".lstrip(".")


def holders_of(record_type: RecordType) -> tuple[Holder, ...]:
    """The fields that hold files, those of rows among them."""
    owners = (("", record_type), *record_type.rows_below)
    return tuple(
        Holder(way, each)
        for way, owner in owners
        for each in owner.fields.values()
        if each.options_type in ("attachment", "image")
    )


def _places(holder: Holder, change: Change) -> Iterator[tuple[str, Sequence[int], list[int]]]:
    """Pointer, files, and those of them that are new there: of the record, or of each of its rows."""
    name = holder.field.name
    if holder.way:
        found = [
            (row.pointer, row.values, row.before or {}) for row in rows_at(change.values, holder.way, change.before)
        ]
    else:
        found = [("", change.values, change.before or {})]
    for pointer, values, before in found:
        files = values.get(name) or ()
        old = before.get(name) or ()
        yield f"{pointer}/{name}", files, [each for each in files if each not in old]


def check(context: Context, holders: Iterable[Holder], change: Change) -> None:
    """A problem for each file that this person may not read, and for what the field does not take."""
    for holder in holders:
        options: Any = holder.field.options
        for pointer, files, new in _places(holder, change):
            if new and len(files) > options.max_files:
                change.problems.append(words.problem("too-many-files", pointer, limit=options.max_files))
            for identity in new:
                try:
                    file = readable(context, identity)
                except NotFound:
                    change.problems.append(words.problem("file-gone", pointer, id=identity))
                    continue
                problem = _unfit(context, file, options)
                if problem is not None:
                    change.problems.append(Problem(problem.code, problem.message, pointer, problem.values))


def _unfit(context: Context, file: dict[str, Any], options: Any) -> Problem | None:
    """Why a field does not take a file."""
    if options.max_size is not None and file["size"] > options.max_size:
        return words.problem("file-large", "", name=file["name"], limit=options.max_size)
    if not options.accept:
        return None
    if not file_kinds.takes(options.accept, file["name"], file["media_type"]):
        return words.problem("file-kind", "", name=file["name"], accept=options.accept)
    host: Any = context.host
    with host.files.open(file["digest"]) as content:
        seen = file_kinds.belied(file["name"], file["media_type"], content.read(file_kinds.HEAD))
    return None if seen is None else words.problem("file-other-inside", "", name=file["name"], seen=seen)


def claim(context: Context, holders: Iterable[Holder], change: Change) -> None:
    """Remember that the files belong to the record. Raises Rejected for one that was collected at this moment."""
    places = [(pointer, each) for holder in holders for pointer, _, new in _places(holder, change) for each in new]
    new = {each for _, each in places}
    gone = new - hold(context.unit, new)
    if gone:
        raise Rejected([words.problem("file-gone", pointer, id=each) for pointer, each in places if each in gone])
    for identity in sorted(new):
        values = {"form": change.record_type.name, "record": change.values["id"]}
        if context.unit.one(KNOWN, file_id=identity, **values) is None:
            context.unit.insert(t.file_use, file=identity, record_type=values["form"], record_id=values["record"])


def _shows(context: Context, form: str, record: int, identity: int) -> bool:
    """Whether a record shows the file to the person: not when it lies in a field that is kept from them."""
    host: Any = context.host
    record_type = host.types.get(form)
    if record_type is None:
        return False
    hidden = host.grant(record_type, context.actor).hidden
    holders = holders_of(record_type)
    seen = [each for each in holders if not _kept(each.path, hidden)]
    names = {each.path.partition(".")[0] for each in seen}
    try:
        found = context.ask("records.get", type=form, id=record, fields=("id", *sorted(names)))
    except Rejected:
        return False
    return len(seen) == len(holders) or any(identity in held(each, found) for each in seen)


def _kept(path: str, hidden: frozenset[str]) -> bool:
    """Whether a field, or rows it lies in, are kept from somebody."""
    steps = path.split(".")
    return any(".".join(steps[: length + 1]) in hidden for length in range(len(steps)))


def held(holder: Holder, values: Mapping[str, Any]) -> set[int]:
    """The files a record has in a field, or in that column of all of its rows."""
    rows = flattened(values, holder.way) if holder.way else [values]
    return {each for row in rows for each in row.get(holder.field.name) or ()}


def readable(context: Context, identity: int) -> dict[str, Any]:
    """The row of a file the person uploaded, or one that belongs to a record they may read. Raises NotFound."""
    found = find(context, identity)
    actor = context.actor
    if actor.is_administrator or (actor.id is not None and found["created_by"] == actor.id and not actor.narrowed):
        return found
    for use in context.unit.fetch(USES, file_id=identity):
        if _shows(context, use["record_type"], use["record_id"], identity):
            return found
    raise NotFound(Problem("files.gone", GONE))
