"""A record as it was: `records.restore` makes it so again, `records.undelete` brings a deleted one back.

Both go through the one write path as the person who asks, so permissions, conditions and rules hold, and both are
changes like any other: nothing in the history is taken away, and a restored version can be restored from in turn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import orjson
import sqlalchemy as sa

from lowcode.kernel.answers import Record
from lowcode.kernel.contract import Change, Context, Operation
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, nearest
from lowcode.kernel.records import former, save, words
from lowcode.kernel.records.fields.masking import Untold
from lowcode.kernel.records.keeping import UNKEPT
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.listing import OfType
from lowcode.kernel.records.meanwhile import rows_before
from lowcode.kernel.records.nested import Back, below
from lowcode.kernel.records.operations import Get as GetParameters
from lowcode.kernel.records.operations import get
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.query import was_readable
from lowcode.kernel.records.renamed import by_names_of_now, names_of_now
from lowcode.kernel.records.returning import erased_since, may_bring_back
from lowcode.kernel.records.rollups import hold
from lowcode.kernel.records.taken import unique_problem
from lowcode.kernel.records.upheld import held_from_below, whole
from lowcode.kernel.records.veil import HIDDEN
from lowcode.kernel.records.write import write_change
from lowcode.kernel.storage.types import json_text

Cell = tuple[str, int, str]
"""The way to rows, the id of a row, the name of a column."""


class Restore(OfType):
    """The version that shall be again; `seen` is the version the person saw. `fields`: only these of its fields, where
    others cannot come back (what they linked to is gone) or need not; all when it is left out."""

    id: int
    version: int
    seen: int | None = None
    fields: tuple[str, ...] | None = None


class Undelete(OfType):
    """The deleted record."""

    id: int


def restore(context: Context, params: Restore) -> Record:
    """Make a record what it was; what cannot be set (computed, read-only) stays as it is. The record as it is then; in
    `_left` what was changed since and cannot come back, because nobody knows what it was: passwords, and what was
    encrypted when it was changed by a version of this library that did not keep it; in `_fixed` what is another value
    now and not this person's to set."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    now = get(context, GetParameters(type=params.type, id=params.id))
    if not 1 <= params.version <= now["version"]:
        raise NotFound(words.problem("no-version", "/version", version=params.version, latest=now["version"]))
    grant = host.grant(record_type, context.actor)
    was = as_it_was(context, record_type, params.id, params.version, now)
    values = settable(record_type, grant.fixed, was)
    if params.fields is not None:
        unknown = [name for name in params.fields if name != "owner" and name not in record_type.fields]
        if unknown:
            known = (*record_type.fields, "owner")
            raise Rejected(
                words.problem("unknown-field", f"/fields/{at}", field=name, near=nearest(name, known) or "")
                for at, name in enumerate(params.fields) if name in unknown
            )  # fmt: skip
        values = {name: value for name, value in values.items() if name in params.fields}
        was = {name: value for name, value in was.items() if name in params.fields}
    found: dict[str, Any] = context.ask(
        "records.update", type=params.type, id=params.id, values=values, version=params.seen
    )
    fixed = sorted(_stayed(record_type, grant, was, now, values))
    fixed = [path for path in fixed if not _kept_from(grant.kept, path)]
    return {**found, "_left": left(record_type, grant, was), "_fixed": fixed}


def left(record_type: RecordType, grant: Grant, was: Mapping[str, Any]) -> list[str]:
    """What cannot come back, as far as this person may know of it: `untold` of what is no field any more, or is kept
    from them, is not said."""
    there = {
        f"{way}.{name}".lstrip(".")
        for way, owner in (("", record_type), *record_type.rows_below) for name in owner.fields
    }  # fmt: skip
    return [path for path in untold(was) if path in there and not _kept_from(grant.kept, path)]


def _stayed(
    record_type: RecordType, grant: Grant, was: Mapping[str, Any], now: Mapping[str, Any], set_: Mapping[str, Any]
) -> Iterator[str]:
    """The fields, and columns of rows by their way, that hold something else than they did and were not set: neither
    computed nor behind a mask, and as far as it is known what they held."""
    for name, then in was.items():
        field = record_type.fields.get(name)
        if name in set_ and field is not None and field.rows is not None:
            ways = _stayed_in(field.rows, below(grant.fixed, name), then or (), now.get(name) or ())
            yield from {f"{name}.{way}" for way in ways} - grant.veiled
        elif name not in set_ and name not in grant.veiled and _another(field, name, then, now):
            yield name


def _stayed_in(
    rows: RecordType, fixed: frozenset[str], was: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """The columns of rows that are there that were not set."""
    there = {row["id"]: row for row in now}
    for row in was:
        known = there.get(row.get("id") or 0, {})
        for name in row.keys() & known.keys():
            field = rows.fields.get(name)
            if field is not None and field.rows is not None:
                inner = _stayed_in(field.rows, below(fixed, name), row[name] or (), known[name] or ())
                yield from (f"{name}.{way}" for way in inner)
            elif field is not None and (name in fixed or field.options.read_only):
                if _another(field, name, row[name], known):
                    yield name


def _another(field: Field | None, name: str, then: Any, now: Mapping[str, Any]) -> bool:
    """Whether a field that is not computed holds something else than it did, as far as that is known."""
    if (field is None and name != "owner") or (field is not None and field.computed) or isinstance(then, Untold):
        return False
    return bool(orjson.loads(json_text(now.get(name))) != then)


def _kept_from(kept: frozenset[str], path: str) -> bool:
    """Whether a field, or rows it lies in, are kept from somebody."""
    steps = path.split(".")
    return any(".".join(steps[: length + 1]) in kept for length in range(len(steps)))


def as_it_was(
    context: Context, record_type: RecordType, identity: int, version: int, now: Mapping[str, Any]
) -> dict[str, Any]:
    """The fields that changed after a version, with what they were then (as JSON, as the history keeps them)."""
    table = record_type.history
    statement = (
        sa.select(table.c.changes)
        .where(table.c.record_id == sa.bindparam("record"), table.c.version > sa.bindparam("version"))
        .order_by(table.c.id.desc())
    )
    values: dict[str, Any] = {}
    cells: set[Cell] = set()
    names = names_of_now(context, record_type)
    for row in context.unit.fetch(statement, record=identity, version=version):
        for name, change in by_names_of_now(names, row["changes"]).items():
            if change == UNKEPT:
                continue
            if isinstance(change, Mapping):
                cells.update(_cells(name, change))
                values[name] = rows_before(values.get(name, now.get(name)) or [], change)
            else:
                values[name] = change[0]
    kept = former.kept_after(context, record_type, identity, version)
    for name, value in values.items():
        field = record_type.fields.get(name)
        if field is not None and field.rows is not None:
            told = _opened_rows(field.rows, now.get(name) or (), value or (), cells, kept)
            values[name] = _as_rows_of(field.rows, now.get(name) or (), told)
        elif value == HIDDEN:
            values[name] = former.opened(record_type, name, 0, kept)
    return values


def _cells(way: str, change: Mapping[str, Any]) -> Iterator[Cell]:
    """The cells of rows that a change changed."""
    for each in change.get("changed") or ():
        for name, inner in each["changes"].items():
            if isinstance(inner, Mapping):
                yield from _cells(f"{way}.{name}", inner)
            else:
                yield way, each["id"], name


def _opened_rows(
    owner: RecordType, now: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]], cells: Set[Cell],
    kept: former.Kept,
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows with what was encrypted in them: of one that is there only what changed since, of others all."""
    there = {row["id"]: row for row in now}
    found = []
    for row in rows:
        known, opened = there.get(row["id"]), dict(row)
        for name, each in owner.fields.items():
            if each.rows is not None:
                before = (known or {}).get(name) or ()
                opened[name] = _opened_rows(each.rows, before, row.get(name) or (), cells, kept)
            elif name in owner.untold and known is not None and (owner.way, row["id"], name) not in cells:
                opened.pop(name, None)
            elif row.get(name) == HIDDEN:
                opened[name] = former.opened(owner, name, row["id"], kept)
        found.append(opened)
    return found


def untold(values: Mapping[str, Any]) -> list[str]:
    """The fields, and columns of rows by their way, whose former values nobody knows: they cannot come back."""
    found: set[str] = set()
    for name, value in values.items():
        if isinstance(value, Untold):
            found.add(name)
        for row in value if isinstance(value, list) else ():
            if isinstance(row, Mapping):
                found.update(f"{name}.{each}" for each in untold(row))
    return sorted(found)


def _as_rows_of(
    owner: RecordType, now: Sequence[Mapping[str, Any]], rows: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:  # fmt: skip
    """Rows in their order; one that is not there any more comes back as a new one, with the rows in it."""
    there = {row["id"]: row for row in now}
    found = []
    for row in sorted(rows, key=lambda row: int(row.get("position") or 0)):
        known = there.get(row.get("id") or 0)
        inner = {
            each.name: _as_rows_of(each.rows, (known or {}).get(each.name) or (), row.get(each.name) or ())
            for each in owner.lines
            if each.rows is not None
        }
        found.append({**row, **inner, "id": None if known is None else row["id"]})
    return found


def settable(record_type: RecordType, fixed: frozenset[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """Those values that this person can set; rows without what is computed in them."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        field = record_type.fields.get(name)
        if name in fixed or (name != "owner" and (field is None or field.computed)):
            continue
        if isinstance(value, Untold) or (field is not None and field.options.read_only):
            continue
        if field is not None and field.rows is not None:
            value = [_settable_row(field.rows, row, below(fixed, name)) for row in value or ()]
        found[name] = value
    return found


def _settable_row(rows: RecordType, values: Mapping[str, Any], fixed: frozenset[str]) -> dict[str, Any]:
    """A row that is there without what this person may not set; one that comes back comes whole, or what is kept from
    whoever brings it back would be lost."""
    back = values.get("id") is None
    found: dict[str, Any] = Back(id=None) if back else {"id": values["id"]}
    for name, each in rows.fields.items():
        if name not in values or ((name in fixed or each.options.read_only) and not back):
            continue
        if each.rows is not None:
            found[name] = [_settable_row(each.rows, row, below(fixed, name)) for row in values[name] or ()]
        elif not each.computed and not isinstance(values[name], Untold):
            found[name] = values[name]
    return found


def undelete(context: Context, params: Undelete) -> Record:
    """Bring a deleted record back: by whoever may `restore` it, or deleted it and may delete it."""
    record_type = record_type_of(context, params.type)
    return bring_back(context, record_type, return_of(context, record_type, params.id, holding=True))


def bring_back(context: Context, record_type: RecordType, change: Change) -> dict[str, Any]:
    """What `return_of` made, done. Raises Rejected for what is against it."""
    host: Any = context.host
    if change.problems:
        raise Rejected(change.problems)
    assert change.before is not None
    gone = {"deleted_at": (change.before["deleted_at"], None)}
    try:
        with whole(context, host.save_plan(record_type)):
            write_change(context, host.save_plan(record_type), change, gone, [])
    except Exception as error:
        raise unique_problem(context, record_type, error) or error from None
    return change.values


def return_of(
    context: Context, record_type: RecordType, identity: int, *, with_another: bool = False, holding: bool = False
) -> Change:
    """What bringing a record back would make of it, with everything that is against it; nothing is written. Raises
    NotFound, Forbidden, and Rejected for what does not come back at all. `with_another`: it comes back with the record
    with which it was deleted, whoever may bring that one back. `holding`: it is brought back in this transaction."""
    host: Any = context.host
    plan, grant = host.save_plan(record_type), host.grant(record_type, context.actor)
    if holding and held_from_below(host, plan):
        hold(context, record_type, (identity,))
    before = save.load(context, plan, identity)
    gone = before is not None and before["deleted_at"] is not None
    if before is None or not gone or not (with_another or was_readable(context, record_type, identity)):
        raise NotFound(words.problem("not-found", "", form=record_type.name, id=identity))
    if not (with_another or may_bring_back(context, plan, grant, before)):
        raise Forbidden(words.problem("may-not", "", action="restore", form=record_type.name))
    if erased_since(context, record_type, before):
        raise Rejected(words.problem("erased", ""))
    values = {
        **before, "version": before["version"] + 1, "updated_at": context.now(), "updated_by": context.actor.id,
        "deleted_at": None,
    }  # fmt: skip
    change = Change(record_type, "update", values, before, frozenset())
    save.examine(context, plan, change)
    return change


OPERATIONS = (
    Operation("records.restore", restore, Restore, summary={"en": "Restore a version", "zh-CN": "恢复到某个版本"}),
    Operation("records.undelete", undelete, Undelete, summary={"en": "Bring back", "zh-CN": "恢复已删除的记录"}),
)
