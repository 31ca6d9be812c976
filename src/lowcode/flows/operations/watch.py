"""What the flow engine does in a save: keep a record closed while it is approved, begin flows, stop those of a record
that goes away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import calls, commands, keeping, store
from lowcode.flows.operations.drive import running_key
from lowcode.flows.operations.foreseen import Foreseen
from lowcode.flows.plan import FlowPlan, Start
from lowcode.kernel.contract import Change, Context, Stage, StageRun
from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.records.plan import RecordType


def _flows(app: Any, record_type: RecordType) -> list[FlowPlan]:
    found: list[FlowPlan] = app.plans["flows"].of_form(record_type.name)
    return found


def prepare_lock(app: Any, record_type: RecordType) -> StageRun | None:
    """Only records that some flow accompanies can be locked."""
    return keep_closed if _flows(app, record_type) else None


def prepare_start(app: Any, record_type: RecordType) -> StageRun | None:
    """Watch for what begins a flow, and for the end of a record."""
    flows = _flows(app, record_type)
    if not flows:
        return None
    waiting = [flow for flow in flows if flow.starts.on != "manual"]
    return lambda context, change: watch(context, change, waiting)


def keep_closed(context: Context, change: Change) -> None:
    """Refuse an edit while the record is approved, except by the people asked, of the fields their step opens."""
    if change.before is None or context.actor.is_app:
        return
    touched = {name for name in change.sent if change.values.get(name) != change.before.get(name)}
    if change.kind == "update" and not touched:
        return
    for permitted in left_open(context, change.record_type.name, change.before["id"]):
        refused = touched - permitted
        if change.kind == "delete" or refused:
            pointers = [f"/{name}" for name in sorted(refused)] if change.kind == "update" else [""]
            change.problems.extend(problem("flows.record-locked", pointer) for pointer in pointers)
            return


def left_open(context: Context, record_type: str, record_id: int) -> Iterator[frozenset[str]]:
    """The locks of a record that is being approved: of each, the fields it leaves open to this person."""
    for row in context.unit.fetch(store.RUNNING_OF_RECORD, type=record_type, record=record_id):
        if isinstance(context, Foreseen) and row["id"] == context.instance:
            continue
        yield from _open_to(context.actor.id, row)


def locks_of(
    context: Context, record_type: str, ids: Iterable[int], person: int | None
) -> Iterator[tuple[int, frozenset[str]]]:
    """The locks of several records: the record of each, and the fields it leaves open to a person."""
    for row in context.unit.fetch(store.RUNNING_OF_RECORDS, type=record_type, records=list(ids)):
        for left in _open_to(person, row):
            yield row["record_id"], left


def _open_to(person: int | None, row: Mapping[str, Any]) -> Iterator[frozenset[str]]:
    for lock in row["locks"] or ():
        yield frozenset(lock["editable"]) if person in lock["people"] else frozenset()


def prepare_leave(app: Any, record_type: RecordType) -> StageRun | None:
    """Watch for records that leave the state in which a flow began."""
    flows = [flow for flow in _flows(app, record_type) if flow.starts.leaving != "nothing"]
    return (lambda context, change: leave(context, change, flows)) if flows else None


def leave(context: Context, change: Change, flows: Sequence[FlowPlan]) -> None:
    """The record leaves the state in which a flow began: refused, or the flow is stopped once it is written."""
    before = change.before
    if change.kind != "update" or before is None:
        return
    for flow in flows:
        name, target = flow.starts.field, flow.starts.target
        assert name is not None
        old, new = before.get(name), change.values.get(name)
        if old == new or old not in target or new in target or not _runs(context, flow, before["id"]):
            continue
        if flow.starts.leaving == "refuse" and _held_to_all(change.record_type, name, old, new):
            change.problems.append(problem("flows.work-left", f"/{name}", flow=flow.title))
        else:
            change.after.append(partial(_stop_running, flow))


def _runs(context: Context, flow: FlowPlan, record_id: int) -> bool:
    walked = isinstance(context, Foreseen) and context.flow == flow.name
    return walked or commands.is_running(context, flow, record_id)


def _held_to_all(record_type: RecordType, name: str, old: Any, new: Any) -> bool:
    """Whether a move has to meet everything that is asked in the state it leaves."""
    options: Any = record_type.fields[name].options
    ways = [each for each in getattr(options, "transitions", ()) if each.to == new and each.starts_at(old)]
    return all(each.gates == "all" for each in ways)


def _stop_running(flow: FlowPlan, context: Context, record_id: int) -> None:
    for row in context.unit.fetch(store.RUNNING, key=running_key(flow, record_id)):
        commands.cancel(context.as_app(), row["id"], None)


def watch(context: Context, change: Change, flows: Sequence[FlowPlan]) -> None:
    """Begin what this save begins, when it is written; the person who saved is the starter."""
    if change.kind == "delete":
        change.after.append(lambda context, record_id: _stop_all(context, change.record_type.name, record_id))
        return
    gone_at = None if change.before is None else change.before.get("deleted_at")
    if gone_at is not None:
        change.after.append(
            lambda context, record_id: commands.set_back(context, change.record_type.name, record_id, gone_at)
        )
        return
    if change.kind == "update":
        change.after.append(lambda context, record_id: calls.look_later(context, change.record_type.name, record_id))
    for flow in flows:
        if begins(flow.starts, change):
            change.after.append(partial(_begin, flow, change))


def begins(start: Start, change: Change) -> bool:
    """Whether a save is of the sort that begins a flow; its condition is looked at when the save is written."""
    before: Mapping[str, Any] | None = change.before
    match start.on:
        case "created":
            return change.kind == "create"
        case "updated":
            return change.kind == "update" and (not start.fields or bool(start.fields & change.changed))
        case "transition":
            assert start.field is not None
            old = before.get(start.field) if before is not None else None
            new = change.values.get(start.field)
            return new != old and new in start.target and (not start.source or old in start.source)
        case _:
            return False


def _begin(flow: FlowPlan, change: Change, context: Context, record_id: int) -> None:
    when = flow.starts.when
    if when is not None:
        moment = context.moment(old=change.before, is_new=change.before is None, changed=change.changed)
        facts = context.as_app().facts(flow.form, [record_id], [when])
        if record_id not in facts or not when.test(facts[record_id], moment):
            return
    if not commands.is_running(context, flow, record_id):
        starter = context.actor.id if context.actor.id is not None else change.values.get("owner")
        commands.begin(context, flow, record_id, starter)


def _stop_all(context: Context, record_type: str, record_id: int) -> None:
    for row in context.unit.fetch(store.RUNNING_OF_RECORD, type=record_type, record=record_id):
        if row["begins"]:  # its first steps are being walked, and one of them led here
            raise Conflict(problem("flows.own-record"))
        commands.cancel(context, row["id"], None, gone=True)
    keeping.expire(context, record_type, record_id)


STAGES = (
    Stage("flows.lock", 50, prepare_lock),
    Stage("flows.leave", 60, prepare_leave),
    Stage("flows.watch", 500, prepare_start),
)
