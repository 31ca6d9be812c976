"""Passwords, secrets and encrypted fields: shown one at a time and remembered, tried, and encrypted anew.

`records.reveal` shows a secret to whoever may `reveal`, and writes into the record's history that it did.
`records.verify_password` says whether a password fits. `records.reencrypt` writes what is encrypted with an older key,
or not at all, with the newest: after a key was added. (A field that becomes encrypted takes its values along.)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context, Operation
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, nearest
from lowcode.kernel.identity import Actor
from lowcode.kernel.identity.passwords import fits
from lowcode.kernel.records import former, query, save, words
from lowcode.kernel.records.facts import moment_parameters
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.listing import OfType
from lowcode.kernel.records.nested import Row, rows_at
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.veil import HIDDEN
from lowcode.kernel.records.write import HISTORY_COLUMNS
from lowcode.kernel.storage.migrate.convert import write_values
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.online import batch
from lowcode.kernel.storage.sealed import Sealed

BATCH = 500


class OneField(OfType):
    """A field of one record; of a row in it the column by its way (`accounts.pin`) and the id of the row."""

    id: int
    field: str
    row: int | None = None


class Attempt(OneField):
    """A password that somebody typed."""

    password: str


def reveal(context: Context, params: OneField) -> str | None:
    """The value of a secret; that it was shown, to whom and when, stands in the record's history."""
    host: Any = context.host
    record_type, _ = _field(context, params, "secret")
    grant = host.grant(record_type, context.actor)
    steps = params.field.split(".")
    kept = any(".".join(steps[: length + 1]) in grant.kept for length in range(len(steps)))
    if kept or not grant.may("reveal"):
        raise Forbidden(words.problem("may-not", "", action="reveal", form=record_type.name))
    found = _row(context, record_type, params, "reveal")
    context.unit.write(
        context.unit.database.prepare_insert(record_type.history, HISTORY_COLUMNS),
        {
            "record_id": params.id, "version": found["version"], "at": context.now(), "actor": context.actor.id,
            "kind": "revealed", "changes": found["told"],
        },
    )  # fmt: skip
    return None if found["value"] is None else str(found["value"])


def verify_password(context: Context, params: Attempt) -> bool:
    """Whether the password of a record is this one."""
    record_type, _ = _field(context, params, "password")
    found = _row(context, record_type, params, "read")
    return fits(params.password, found["value"])


def reencrypt(context: Context, params: OfType) -> int:
    """Write with the newest key what is encrypted with another, or not yet; how many records that were. Some hundred at
    a time, each in a transaction of its own: people work on, and what breaks off goes on when it is asked again. It is
    refused within another transaction: it would wait for what that holds, for ever."""
    host: Any = context.host
    if not context.unit.only_reads:
        raise Rejected(words.problem("in-a-transaction", "", name="records.reencrypt"))
    record_type = record_type_of(context, params.type)
    _in_pieces(host, context.actor, lambda inner, after: former.reseal(inner, record_type, after))
    owners = (record_type, *(rows for _, rows in record_type.rows_below))
    return sum(_in_pieces(host, context.actor, partial(_reencrypt, owner)) for owner in owners)


def _in_pieces(host: Any, actor: Actor, work: Callable[[Context, int], tuple[int, int]]) -> int:
    """Do work that begins behind an id and says how many it wrote and behind which to go on, 0 at the end."""
    written, after = 0, 0
    while True:
        with batch(host.database) as hand:
            count, after = work(host.context(hand.unit, actor), after)
        written += count
        if not after:
            return written


def _reencrypt(record_type: RecordType, context: Context, after: int) -> tuple[int, int]:
    table = record_type.table
    sealed = [(column, column.type) for column in table.columns if isinstance(column.type, Sealed)]
    if not sealed:
        return 0, 0
    held = [sa.type_coerce(column, sa.Text).label(column.name) for column, _ in sealed]
    page = (
        sa.select(table.c.id, *held).where(table.c.id > sa.bindparam("after")).order_by(table.c.id)
        .limit(sa.bindparam("page_limit", type_=sa.Integer)).with_for_update()
    )  # fmt: skip
    rows = context.unit.locked(page, after=after, page_limit=BATCH)
    hand, written = Hand(context.unit), set()
    name = table.name.removeprefix(context.unit.database.prefix)
    for column, type_ in sealed:
        keys, place, searchable = type_.keys, type_.place, type_.searchable
        new = [
            (keys.seal(keys.open(stored, place), place, searchable=searchable), row["id"]) for row in rows
            if (stored := row[column.name]) is not None and not keys.is_current(stored, searchable=searchable)
        ]  # fmt: skip
        write_values(hand, name, column.name, "text", new)
        written |= {identity for _, identity in new}
    return len(written), rows[-1]["id"] if len(rows) == BATCH else 0


def _field(context: Context, params: OneField, kind: str) -> tuple[RecordType, Field]:
    record_type = record_type_of(context, params.type)
    known = {
        f"{way}.{each.name}".lstrip("."): each
        for way, owner in (("", record_type), *record_type.rows_below)
        for each in owner.fields.values()
        if each.options_type == kind
    }
    if params.field not in known:
        near = nearest(params.field, known) or ""
        raise Rejected(words.problem("unknown-field", "/field", field=params.field, form=record_type.name, near=near))
    return record_type, known[params.field]


def _row(context: Context, record_type: RecordType, params: OneField, action: str) -> dict[str, Any]:
    """The stored value, if this person may do this with this record, and what its history says of showing it."""
    host: Any = context.host
    grant = host.grant(record_type, context.actor)
    joins, conditions = query.secured(context, record_type, grant)
    own = grant.condition(action, joins)
    way, _, name = params.field.rpartition(".")
    column = joins.root.c.id if way else joins.column(name)
    statement = (
        sa.select(joins.root.c.version, column.label("value")).select_from(joins.origin)
        .where(joins.root.c.id == params.id, *conditions, *(() if own is None else (own,)))
    )  # fmt: skip
    found = context.unit.one(statement, **moment_parameters(context, statement))
    if found is None:
        raise NotFound(words.problem("not-found", "", form=record_type.name, id=params.id))
    if not way:
        return {**found, "told": {name: [HIDDEN, HIDDEN]}}
    record = save.load(context, host.save_plan(record_type), params.id) or {}
    row = next((each for each in rows_at(record, way) if each.values["id"] == params.row), None)
    if row is None:
        raise NotFound(words.problem("unknown-row", "/row", id=params.row))
    return {**found, "value": row.values[name], "told": _told(way, name, row)}


def _told(way: str, name: str, row: Row) -> dict[str, Any]:
    """That a column of a row was shown, as the history keeps changes of rows."""
    lying_in = [row.values, *row.around[:-1]]
    told: dict[str, Any] = {name: [HIDDEN, HIDDEN]}
    for step, values in zip(reversed(way.split(".")), lying_in, strict=True):
        told = {step: {"added": [], "removed": [], "changed": [{"id": values["id"], "changes": told}]}}
    return told


OPERATIONS = (
    Operation("records.reveal", reveal, OneField, summary={"en": "Show a secret", "zh-CN": "查看保密内容"}),
    Operation(
        "records.verify_password", verify_password, Attempt, "internal", writes=False,
        summary={"en": "Whether a password fits", "zh-CN": "验证密码"},
    ),
    Operation(
        "records.reencrypt", reencrypt, OfType, "administrator", outside=True,
        summary={"en": "Encrypt with the newest key", "zh-CN": "用新密钥重新加密"},
    ),
)  # fmt: skip
