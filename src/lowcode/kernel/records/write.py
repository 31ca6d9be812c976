"""What a save writes: the record and its rows, its history, its stage intervals and the event, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context, Work
from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.records import former, searching, trees, words
from lowcode.kernel.records.attachments import claim
from lowcode.kernel.records.keeping import UNKEPT
from lowcode.kernel.records.rollups import refresh_own, refresh_parents
from lowcode.kernel.records.veil import HIDDEN
from lowcode.kernel.storage import StaleWrite

if TYPE_CHECKING:
    from lowcode.kernel.records.save import SavePlan

HISTORY_COLUMNS = ("record_id", "version", "at", "actor", "kind", "changes")
ENTERED_COLUMNS = ("record_id", "field", "came_from", "state", "entered_at", "actor")


def write_new(context: Context, plan: SavePlan, change: Change) -> None:
    unit, values = context.unit, change.values
    database = unit.database
    identity = values["id"]
    unit.write(database.prepare_insert(plan.record_type.table, plan.columns), values)
    for lines in plan.lines:
        lines.insert(context, identity, values[lines.name])
    if plan.searching is not None:
        searching.write_new(context, plan.searching, values)
    _record(context, plan, change, "created", kept_of(plan, values))
    for state in plan.record_type.states:
        enter_state(context, plan, identity, state.name, None, values[state.name], values["created_at"])
    _follow(context, plan, change)


def kept_of(plan: SavePlan, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the history keeps of a new record."""
    found = plan.keep(values)
    for lines in plan.lines:
        if lines.name in found:
            found[lines.name] = lines.told(found[lines.name])
    return found


def write_change(
    context: Context, plan: SavePlan, change: Change, changed: Mapping[str, tuple[Any, Any]], rows: Sequence[Any]
) -> None:
    unit, values = context.unit, change.values
    if plan.record_type.tree is not None:
        trees.settle(context, change)
    try:
        unit.write(unit.database.prepare(plan.update), update_parameters(plan, change), must_hit=True)
    except StaleWrite:
        raise stale(plan, values["id"]) from None
    for lines, difference in zip(plan.lines, rows, strict=False):
        lines.write(context, values["id"], difference)
    if plan.searching is not None:
        searching.write_change(context, plan.searching, values, changed)
    if change.before is not None:
        former.keep(context, plan, values["version"], change.before, changed, rows)
    history = history_of(plan, changed, rows)
    back = change.before is not None and change.before["deleted_at"] is not None
    word = "deleted" if change.kind == "delete" else "restored" if back else "updated"
    _record(context, plan, change, word, history)
    for state in plan.record_type.states:
        if state.name in changed:
            old, new = changed[state.name]
            leave_state(context, plan, values["id"], state.name, values["updated_at"])
            enter_state(context, plan, values["id"], state.name, old, new, values["updated_at"])
    _follow(context, plan, change)


def update_parameters(plan: SavePlan, change: Change) -> dict[str, Any]:
    """What the update of a record is run with."""
    parameters = {f"set_{name}": change.values[name] for name in plan.written}
    parameters.update(was_id=change.values["id"], was_version=change.before["version"] if change.before else 0)
    return parameters


def history_of(plan: SavePlan, changed: Mapping[str, tuple[Any, Any]], rows: Sequence[Any]) -> dict[str, Any]:
    """What the history keeps of a change: of what is confidential, or has no history, that it changed, and not from
    what to what."""
    hidden, kept = plan.confidential, plan.history
    history: dict[str, Any] = {
        name: UNKEPT if name not in kept else _pair(pair, hidden=name in hidden)
        for name, pair in changed.items()
        if name in kept or name in plan.coercers
    }
    for lines, difference in zip(plan.lines, rows, strict=False):
        if difference:
            links = lines.name in plan.record_type.joins and lines.name not in kept
            history[lines.name] = UNKEPT if links else difference.as_history()
    return history


def _pair(pair: tuple[Any, Any], *, hidden: bool) -> list[Any]:
    return [None if each is None else HIDDEN for each in pair] if hidden else list(pair)


def stale(plan: SavePlan, identity: int) -> Conflict:
    return Conflict(words.problem("changed-meanwhile", "", form=plan.record_type.name, id=identity))


def _record(context: Context, plan: SavePlan, change: Change, word: str, history: Mapping[str, Any]) -> None:
    """History and event, in the same transaction as the change; then what must follow it."""
    unit, values = context.unit, change.values
    now, actor = values["updated_at"], context.actor.id
    record_type, identity = plan.record_type, values["id"]
    insert = unit.database.prepare_insert
    unit.write(
        insert(record_type.history, HISTORY_COLUMNS),
        {
            "record_id": identity,
            "version": values["version"],
            "at": now,
            "actor": actor,
            "kind": word,
            "changes": history,
        },
    )
    context.tell(
        f"record.{word}", record_type=record_type.name, record_id=identity, work=work_of(context, change),
        version=values["version"], changed=sorted(history),
    )  # fmt: skip


def work_of(context: Context, change: Change) -> Sequence[Work]:
    """What a save sets off, to go with its event."""
    identity = change.values["id"]
    return [each for ask in change.asks for each in ask(context, identity)] if change.asks else ()


def _follow(context: Context, plan: SavePlan, change: Change) -> None:
    """What must follow, last of all: it may save the same record again, and then all of this save stands before it."""
    if plan.files:
        claim(context, plan.files, change)
    if plan.gathered and change.before is not None:
        refresh_own(context, plan, change)
    if plan.watched:
        refresh_parents(context, plan, (change,))
    for after in change.after:
        after(context, change.values["id"])


def enter_state(
    context: Context, plan: SavePlan, identity: int, name: str, old: str | None, new: str | None, at: datetime
) -> None:
    assert plan.record_type.stages is not None
    context.unit.write(
        context.unit.database.prepare_insert(plan.record_type.stages, ENTERED_COLUMNS),
        {
            "record_id": identity,
            "field": name,
            "came_from": old,
            "state": new,
            "entered_at": at,
            "actor": context.actor.id,
        },
    )


def leave_state(context: Context, plan: SavePlan, identity: int, name: str, at: datetime) -> None:
    """Close the interval: the move writes when the state before it ended, and how long it had lasted."""
    stages = plan.record_type.stages
    assert stages is not None
    cache = plan.extra
    if "open" not in cache:
        cache["open"] = (
            sa.select(stages.c.id, stages.c.entered_at)
            .where(stages.c.record_id == sa.bindparam("record"), stages.c.field == sa.bindparam("name"))
            .where(stages.c.left_at.is_(None))
        )
        cache["close"] = (
            sa.update(stages)
            .where(stages.c.id == sa.bindparam("was"))
            .values(left_at=sa.bindparam("left"), seconds=sa.bindparam("spent"))
        )
    for row in context.unit.fetch(cache["open"], record=identity, name=name):
        spent = int((at - row["entered_at"]).total_seconds())
        context.unit.write(
            context.unit.database.prepare(cache["close"]), {"was": row["id"], "left": at, "spent": spent}
        )
