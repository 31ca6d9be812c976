"""Messages for the flows of a record. Whoever waits goes on, and flows begin; one that comes before anybody waits is
kept for a flow as long as it lives, and such are taken in the order in which they came, once, by whoever waits first.

Who sends and who begins to wait need not see one another: each looks again after its own commit, and whoever commits
last finds the other (decision 0160).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy import bindparam as given

from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import commands, store
from lowcode.flows.operations.drive import Walk
from lowcode.flows.operations.listening import awaited, listening
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.views import Names
from lowcode.flows.plan import FlowPlan
from lowcode.flows.tables import message
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Conflict, Forbidden, Text
from lowcode.kernel.identity import Actor

State = Literal["waiting", "received", "expired"]
NEWEST = 2**62

ALIVE = (
    sa.select(message)
    .where(message.c.record_type == given("type"), message.c.record_id == given("record"))
    .where(message.c.state == "waiting", message.c.expires_at > given("now"))
    .order_by(message.c.id)
)
TAKE = (
    sa.update(message)
    .where(message.c.id == given("message_id"), message.c.state == "waiting")
    .values(state="received", received_at=given("now"), instance=given("new_instance"))
)
FREE = sa.update(message).where(message.c.key == given("of_key"), message.c.expires_at <= given("now")).values(key=None)
KEPT = sa.select(message.c.id).where(message.c.key == given("of_key"))
LISTED = (
    sa.select(message).where(message.c.id < given("before")).order_by(message.c.id.desc()).limit(
        given("page", type_=sa.Integer)
    )
)  # fmt: skip
IN_STATE = {
    "waiting": (message.c.state == "waiting", message.c.expires_at > given("now")),
    "received": (message.c.state == "received",),
    "expired": (message.c.state == "waiting", message.c.expires_at <= given("now")),
}
LIST = {state: LISTED.where(*conditions) for state, conditions in IN_STATE.items()}
COUNT = sa.select(
    *(sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0)).label(state) for state, conditions in IN_STATE.items())
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it was sent. `key` is its sender's own id of it, `keep` how long they want it to live."""

    name: str
    record_type: str
    record_id: int
    body: Mapping[str, Any]
    key: str | None = None
    keep: timedelta | None = None


@dataclass(slots=True)
class Came:
    """What came of it: how many tokens went on and how many flows began; how many flows keep it and until when; and
    those whose turn this is, so that nobody else delivers it to them."""

    flows: set[str] = field(default_factory=set)
    refused: int = 0
    moved: int = 0
    begun: int = 0
    kept: int = 0
    until: datetime | None = None
    known: bool = False
    suspended: int = 0


def may_send(actor: Actor, roles: frozenset[str]) -> bool:
    """Whether somebody may send what is taken from these roles."""
    return actor.is_app or actor.is_administrator or bool(actor.roles & roles)


def send(context: Context, sent: Sent) -> dict[str, Any]:
    """Something happened outside: every token that waits for it goes on, flows that it begins begin, and flows that
    keep it keep it if nothing of them waits. Forbidden when none of them takes it from this person."""
    came = publish(context, sent)
    actor = context.actor
    for found in context.unit.fetch(store.WAITING_OF_RECORD, type=sent.record_type, record=sent.record_id):
        row = commands.lock(context, found["id"])
        if row is None or row["running"] is None or row["flow"] in came.flows:
            continue
        if row["suspended_at"] is not None:
            came.suspended += 1
            continue
        walk = commands.stand(context, row)
        moved, refused = receive(walk, sent.name, sent.body, lambda roles: may_send(actor, roles))
        came.moved, came.refused = came.moved + moved, came.refused + refused
        walk.finish()
    came.begun += begin_by(context, "message", sent.name, sent.record_type, sent.record_id, came.flows)
    if came.refused and not (came.moved + came.begun + came.kept or came.known):
        raise Forbidden(problem("flows.may-not-send", name=sent.name))
    return {
        "moved": came.moved,
        **({"begun": came.begun} if came.begun else {}),
        "kept": came.kept,
        **({"until": came.until} if came.kept else {}),
        **({"known": True} if came.known else {}),
        **({"suspended": came.suspended} if came.suspended else {}),
    }


def publish(context: Context, sent: Sent) -> Came:
    """Keep a message for every flow that keeps it, and deliver what can be delivered now, the oldest first."""
    came = Came()
    mine: set[int] = set()
    for plan, until in _keeping(context, sent):
        came.flows.add(plan.name)
        if not any(may_send(context.actor, roles) for roles in plan.takers(sent.name)):
            came.refused += 1
            continue
        row = _keep(context, plan, sent, until)
        came.known = came.known or row is None
        if row is not None:
            mine.add(row)
            came.until = max(until, came.until or until)
    if not mine:
        return came
    for id, (moved, begun) in deliver(context, sent.record_type, sent.record_id).items():
        if id in mine:
            came.moved, came.begun = came.moved + moved, came.begun + begun
            mine.discard(id)
    came.kept = len(mine)
    if mine:
        context.as_app().later("flows.deliver", form=sent.record_type, id=sent.record_id)
    return came


def _keeping(context: Context, sent: Sent) -> Iterator[tuple[FlowPlan, datetime]]:
    """The flows that keep a message, and until when."""
    for plan in flows_of(context).of_form(sent.record_type):
        if sent.name not in plan.messages:
            continue
        span, now = plan.messages[sent.name], context.now()
        until = now + sent.keep if sent.keep is not None else span.after(context.moment()) if span is not None else now
        if until > now:
            yield plan, until


def _keep(context: Context, plan: FlowPlan, sent: Sent, until: datetime) -> int | None:
    """The row of a message for one flow; None when one of this id lives already."""
    unit, now, actor = context.unit, context.now(), context.actor
    key = None
    if sent.key is not None:
        key = f"{plan.name}:{sent.record_type}:{sent.record_id}:{sent.name}:{sent.key}"
        unit.run(FREE, of_key=key, now=now)
        if unit.one(KEPT, of_key=key) is not None:
            return None
    everything = actor.is_app or actor.is_administrator
    try:
        with unit.savepoint():
            return unit.insert(
                message,
                name=sent.name,
                flow=plan.name,
                record_type=sent.record_type,
                record_id=sent.record_id,
                body=dict(sent.body),
                key=key,
                sender=actor.id,
                roles=None if everything else sorted(actor.roles),
                state="waiting",
                sent_at=now,
                expires_at=until,
            )
    except Exception as error:
        if unit.database.is_unique_violation(error) is None:
            raise
        return None  # the same at the same moment, and it was first


def deliver(context: Context, record_type: str, record_id: int) -> dict[int, tuple[int, int]]:
    """Give what is kept for a record to whoever waits for it, in the order in which it came: of each message that was
    taken, how many tokens it moved and whether a flow began."""
    found: dict[int, tuple[int, int]] = {}
    alive = context.unit.fetch(ALIVE, type=record_type, record=record_id, now=context.now())
    if alive:  # all locks at once, in the order in which everybody takes them
        context.unit.locked(store.RUNNING_OF_RECORD_LOCKED, type=record_type, record=record_id)
    for row in alive:
        moved = _to_instance(context, row)
        begun = _to_start(context, row) if not moved else 0
        if moved or begun:
            found[row["id"]] = (moved, begun)
    return found


def receive(walk: Walk, name: str, body: Mapping[str, Any], allowed: Any, take: Any = None) -> tuple[int, int]:
    """Every token of an instance that waits for a message goes on, if `allowed` says so of who may send it; how many
    did, and how many were refused. `take` is asked before the first, and may find that it is gone."""
    moved = refused = 0
    for node, catch, answer in list(listening(walk.plan, walk.state)):
        if catch.what == "message" and catch.name == name and awaited(walk.plan, walk.state, answer):
            if not allowed(catch.roles):
                refused += 1
                continue
            if not moved and take is not None and not take():
                break
            walk.note("message", node.id, message=name, body=dict(body))
            walk.answer(answer)
            moved += 1
    return moved, refused


def _to_instance(context: Context, row: Mapping[str, Any]) -> int:
    """The instance that runs for the record, if it waits for the message now."""
    key = f"{row['flow']}:{row['record_type']}:{row['record_id']}"
    running = context.unit.one(store.RUNNING, key=key)
    instance = commands.lock(context, running["id"]) if running is not None else None
    if instance is None or instance["running"] is None or instance["suspended_at"] is not None:
        return 0
    try:
        walk = commands.stand(context, instance)
    except Conflict:  # its version cannot be read any more
        return 0
    taken = _taking(context, row, instance["id"])
    moved, _ = receive(walk, row["name"], row["body"], lambda roles: _allowed(row, roles), taken)
    if moved:
        walk.finish()
    return moved


def _to_start(context: Context, row: Mapping[str, Any]) -> int:
    """The flow itself, if the message begins it and it does not run for the record."""
    plan = flows_of(context).flows.get(row["flow"])
    if plan is None or plan.form != row["record_type"] or not _allowed(row, plan.starts.roles):
        return 0
    if not begins_now(context, plan, "message", row["name"], row["record_id"]):
        return 0
    try:
        with context.unit.savepoint():
            begun = commands.begin(context, plan, row["record_id"], row["sender"])
            if not _taking(context, row, begun)():
                raise Conflict([])
    except Conflict:  # it began meanwhile, or the message was taken
        return 0
    return 1


def begins_now(context: Context, plan: FlowPlan, on: str, name: str, record_id: int) -> bool:
    """Whether a message or a signal begins a flow for a record: it does not run, and its condition holds."""
    starts = plan.starts
    if starts.on != on or starts.name != name or commands.is_running(context, plan, record_id):
        return False
    if starts.when is None:
        return True
    facts = context.as_app().facts(plan.form, [record_id], [starts.when])
    return record_id in facts and starts.when.test(facts[record_id], context.moment())


def begin_by(
    context: Context, on: str, name: str, record_type: str, record_id: int, without: Collection[str] = ()
) -> int:
    """Begin the flows of a form that a signal or a message begins, unless they are running for the record."""
    begun = 0
    for plan in flows_of(context).of_form(record_type):
        may = on != "message" or may_send(context.actor, plan.starts.roles)
        if plan.name in without or not may or not begins_now(context, plan, on, name, record_id):
            continue
        try:
            commands.begin(context, plan, record_id, context.actor.id)
        except Conflict:  # it began meanwhile
            continue
        begun += 1
    return begun


def _taking(context: Context, row: Mapping[str, Any], instance: int) -> Any:
    """Take a message, once: whoever comes second finds it gone."""
    return lambda: context.unit.run(TAKE, message_id=row["id"], now=context.now(), new_instance=instance) == 1


def _allowed(row: Mapping[str, Any], roles: frozenset[str]) -> bool:
    return row["roles"] is None or bool(roles.intersection(row["roles"]))


class RecordParameters(Parameters):
    """A record for which messages are kept."""

    form: str
    id: int


class ListParameters(Parameters):
    """Those that wait, were received, or expired before anybody waited; the newest first."""

    state: State = "waiting"
    limit: int = Field(50, ge=1, le=200)
    after: str | None = None


def deliver_kept(context: Context, params: RecordParameters) -> None:
    """Somebody began to wait, or a message was kept: after that commit, give what is there."""
    deliver(context, params.form, params.id)


def list_messages(context: Context, params: ListParameters) -> dict[str, Any]:
    """The messages that are or were kept, and how many of each sort."""
    now = context.now()
    before = int(params.after) if params.after and params.after.isdecimal() else NEWEST
    page = {"before": before, "page": params.limit + 1, **({} if params.state == "received" else {"now": now})}
    rows = context.unit.fetch(LIST[params.state], **page)
    counted = context.unit.one(COUNT, now=now) or {}
    return {
        "items": _shown(context, rows[: params.limit], params.state),
        "next": str(rows[params.limit - 1]["id"]) if len(rows) > params.limit else None,
        "counts": {state: int(counted.get(state) or 0) for state in LIST},
    }


def _shown(context: Context, rows: Sequence[dict[str, Any]], state: State) -> list[dict[str, Any]]:
    names, flows = Names(context, rows), flows_of(context).flows
    return [
        {
            **{key: row[key] for key in ("id", "name", "sent_at", "expires_at", "received_at", "instance")},
            "state": state,
            "title": _called(flows.get(row["flow"]), row["name"]),
            "flow": {"name": row["flow"], "title": flows[row["flow"]].title if row["flow"] in flows else row["flow"]},
            "sender": names.person(row["sender"]),
            "record": names.record(row),
        }
        for row in rows
    ]


def _called(plan: FlowPlan | None, name: str) -> Text:
    """What its flow calls a message."""
    said = plan.document.get("messages", ()) if plan is not None else ()
    title: Text = next((each.get("title") for each in said if each["name"] == name), None) or name
    return title


OPERATIONS = (
    Operation("flows.deliver", deliver_kept, RecordParameters, "internal"),
    Operation(
        "flows.messages", list_messages, ListParameters, "administrator", writes=False,
        summary={"en": "Messages that are kept", "zh-CN": "保留的消息"},
    ),
)  # fmt: skip
