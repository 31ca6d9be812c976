"""Files belong to records: who may read a record may read its files, and nobody claims a file they may not read."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected
from lowcode.kernel.records import words
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import GONE, find

USES = sa.select(t.file_use.c.record_type, t.file_use.c.record_id).where(t.file_use.c.file == sa.bindparam("file_id"))
KNOWN = sa.select(t.file_use.c.file).where(
    t.file_use.c.file == sa.bindparam("file_id"),
    t.file_use.c.record_type == sa.bindparam("form"),
    t.file_use.c.record_id == sa.bindparam("record"),
)


def fields_of(record_type: RecordType) -> tuple[Field, ...]:
    """The fields that hold files."""
    return tuple(each for each in record_type.fields.values() if each.options_type in ("attachment", "image"))


def _new(change: Change, name: str) -> list[int]:
    before = (change.before or {}).get(name) or ()
    return [each for each in change.values.get(name) or () if each not in before]


def check(context: Context, fields: Iterable[Field], change: Change) -> None:
    """A problem for each file that this person may not read, and for what the field does not take."""
    for field in fields:
        options: Any = field.options
        new = _new(change, field.name)
        if new and len(change.values[field.name]) > options.max_files:
            change.problems.append(words.problem("too-many-files", f"/{field.name}", limit=options.max_files))
        for identity in new:
            try:
                file = readable(context, identity)
            except NotFound:
                change.problems.append(words.problem("file-gone", f"/{field.name}", id=identity))
                continue
            problem = _unfit(file, options)
            if problem is not None:
                change.problems.append(Problem(problem.code, problem.message, f"/{field.name}", problem.values))


def _unfit(file: dict[str, Any], options: Any) -> Problem | None:
    """Why a field does not take a file."""
    if options.max_size is not None and file["size"] > options.max_size:
        return words.problem("file-large", "", name=file["name"], limit=options.max_size)
    if options.accept and not any(fnmatch(file["media_type"], each) for each in options.accept):
        return words.problem("file-kind", "", name=file["name"], accept=options.accept)
    return None


def claim(context: Context, fields: Iterable[Field], change: Change) -> None:
    """Remember that the files belong to the record."""
    for field in fields:
        for identity in _new(change, field.name):
            values = {"form": change.record_type.name, "record": change.values["id"]}
            if context.unit.one(KNOWN, file_id=identity, **values) is None:
                context.unit.insert(
                    t.file_use, file=identity, record_type=values["form"], record_id=values["record"]
                )  # fmt: skip


def _shows(context: Context, form: str, record: int, identity: int) -> bool:
    """Whether a record shows the file to the person: not when it lies in a field that is kept from them."""
    host: Any = context.host
    record_type = host.types.get(form)
    if record_type is None:
        return False
    hidden = host.grant(record_type, context.actor).hidden
    names = [each.name for each in fields_of(record_type)]
    seen = [name for name in names if name not in hidden]
    try:
        found = context.ask("records.get", type=form, id=record, fields=("id", *seen))
    except Rejected:
        return False
    return seen == names or any(identity in (found[name] or ()) for name in seen)


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
