"""What is kept of messages that come before anybody waits for them: each for one flow, as long as it lives, and given
to it in the order in which they came, once.

A message is given as the app gives it, whoever happens to be there, but for its own sender in their own request; the
history says who sent it and when.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import commands, held
from lowcode.flows.operations.drive import Walk
from lowcode.flows.operations.listening import awaited, listening
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.plan import FlowPlan
from lowcode.flows.tables import instance, message
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Rejected
from lowcode.kernel.identity import Actor
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.storage.watching import take, take_of

MOST = 100
"""So many messages of one name wait for one flow of a record; who sends another is refused until some are taken."""

_ALIVE = (
    message.c.record_type == given("type"),
    message.c.record_id == given("record"),
    message.c.state == "waiting",
    message.c.expires_at > given("now"),
)
HEADS = (message.c.id, message.c.name, message.c.flow, message.c.sender, message.c.roles, message.c.sent_at)
ALIVE = sa.select(*HEADS).where(*_ALIVE).order_by(message.c.id)
CROWDED = (
    sa.select(message.c.flow)
    .where(*_ALIVE, message.c.name == given("name"), message.c.flow.in_(given("flows", expanding=True)))
    .group_by(message.c.flow)
    .having(sa.func.count() > given("most", type_=sa.Integer))
)
RUNNING_LOCKED = (
    sa.select(instance)
    .where(instance.c.record_type == given("type"), instance.c.record_id == given("record"))
    .where(instance.c.running.is_not(None))
    .order_by(instance.c.id)
    .with_for_update()
)
"""All locks at once, in the order in which everybody takes them."""
RUNNING_TAKEN = take_of(RUNNING_LOCKED)
BODY = sa.select(message.c.body).where(message.c.id == given("message_id"))
TAKE = (
    sa.update(message)
    .where(message.c.id == given("message_id"), message.c.state == "waiting")
    .values(state="received", received_at=given("now"), instance=given("new_instance"))
)
FREE = sa.update(message).where(message.c.key == given("of_key"), message.c.expires_at <= given("now")).values(key=None)
KEPT = sa.select(message.c.id, message.c.body).where(message.c.key == given("of_key"))
EXPIRE = sa.update(message).where(*_ALIVE).values(expires_at=given("now"))

Row = dict[str, Any]
Roles = frozenset[str]


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it was sent. `key` is its sender's own id of it, `keep` how long they want it to live."""

    name: str
    record_type: str
    record_id: int
    body: Mapping[str, Any]
    key: str | None = None
    keep: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """Of each message that was taken, how many tokens it moved and whether a flow began; and the flows whose instance
    of this record was locked: whoever begins to wait in one of them comes later, and looks for itself."""

    taken: Mapping[int, tuple[int, int]]
    locked: frozenset[str]


def keeping(context: Context, sent: Sent) -> Iterator[tuple[FlowPlan, datetime]]:
    """The flows that keep a message, and until when: at most as long as the flow says."""
    for plan in flows_of(context).of_form(sent.record_type):
        if sent.name not in plan.messages:
            continue
        span, now = plan.messages[sent.name], context.now()
        ends = [span.after(context.moment())] if span is not None else []
        if sent.keep is not None:
            ends.append(now + sent.keep)
        if ends and min(ends) > now:
            yield plan, min(ends)


def keep(context: Context, plan: FlowPlan, sent: Sent, until: datetime) -> int | None:
    """The row of a message for one flow; None when its sender has sent it already. Rejected when they used its id for
    another."""
    unit, now, actor = context.unit, context.now(), context.actor
    key = None
    if sent.key is not None:
        key = f"{plan.name}:{sent.record_type}:{sent.record_id}:{sent.name}:{actor.id or 0}:{sent.key}"
        unit.run(FREE, of_key=key, now=now)
        if _is_there(context, key, sent):
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
        if key is None or unit.database.is_unique_violation(error) is None:
            raise
        _is_there(context, key, sent)  # the same at the same moment, and it was first
        return None


def _is_there(context: Context, key: str, sent: Sent) -> bool:
    """Whether a message of this id lives already. Rejected when it says something else."""
    row = context.unit.one(KEPT, of_key=key)
    if row is not None and row["body"] != dict(sent.body):
        raise Rejected(problem("flows.another-message", "/message_id", id=sent.key, name=sent.name))
    return row is not None


def refuse_crowd(context: Context, sent: Sent, flows: Collection[str]) -> None:
    """Conflict when more wait for one of these flows than may."""
    where = {"type": sent.record_type, "record": sent.record_id, "name": sent.name, "now": context.now()}
    for row in context.unit.fetch(CROWDED, **where, flows=sorted(flows), most=MOST):
        title = flows_of(context).flows[row["flow"]].title
        raise Conflict(problem("flows.too-many-messages", name=sent.name, flow=title, most=MOST))


def expire(context: Context, record_type: str, record_id: int) -> None:
    """A record goes away: nobody will take what is kept for it."""
    context.unit.run(EXPIRE, type=record_type, record=record_id, now=context.now())


def deliver(context: Context, record_type: str, record_id: int, mine: Collection[int] = ()) -> Delivered:
    """Give what is kept for a record to whoever waits for it, always the oldest that anybody takes now: what one has
    moved may wait for one that came before it. `mine` are those that this actor has just sent."""
    about = {"type": record_type, "record": record_id}
    rows = context.unit.fetch(ALIVE, **about, now=context.now())
    taken: dict[int, tuple[int, int]] = {}
    running: dict[str, Row] = {}
    while rows:
        running = {row["flow"]: row for row in take(context.unit, RUNNING_LOCKED, RUNNING_TAKEN, **about)}
        flows = dict.fromkeys(row["flow"] for row in rows)
        takers = {flow: _takers(context, flow, running.get(flow), record_type, record_id) for flow in flows}
        next_one = next((row for row in rows if _taken_by(row, takers[row["flow"]])), None)
        if next_one is None:
            break
        rows.remove(next_one)
        acting = context if next_one["id"] in mine else context.as_app()
        stands = running.get(next_one["flow"])
        moved = _to_instance(acting, next_one, stands) if stands is not None else 0
        begun = _to_start(acting, next_one, record_id) if stands is None else 0
        if moved or begun:
            taken[next_one["id"]] = (moved, begun)
    return Delivered(taken, frozenset(running))


def _takers(
    context: Context, flow: str, running: Row | None, record_type: str, record_id: int
) -> list[tuple[str, Roles]]:
    """What a flow of a record takes at this moment, by name and by who may send it: what its instance waits for, or
    what begins it."""
    if running is None:
        plan = flows_of(context).flows.get(flow)
        begins = plan is not None and plan.form == record_type and plan.starts.on == "message"
        if plan is None or not begins or not begins_now(context, plan, "message", plan.starts.name, record_id):
            return []
        return [(plan.starts.name, plan.starts.roles)]
    if held.keeps(context, running):  # delivered when it is resumed
        return []
    try:
        walk = commands.stand(context, running)
    except Conflict:  # its version cannot be read any more
        return []
    return [(catch.name, catch.roles) for _, catch, _ in listening(walk.plan, walk.state) if catch.what == "message"]


def _taken_by(row: Row, takers: list[tuple[str, Roles]]) -> bool:
    return any(name == row["name"] and _allowed(row, roles) for name, roles in takers)


def _allowed(row: Row, roles: Roles) -> bool:
    """Whether its sender might send it there, as they were when they sent it."""
    return row["roles"] is None or bool(roles.intersection(row["roles"]))


def receive(
    walk: Walk,
    name: str,
    body: Mapping[str, Any],
    allowed: Callable[[Roles], bool],
    take: Callable[[], bool] | None = None,
    **said: Any,
) -> tuple[int, int]:
    """Every token of an instance that waits for a message goes on, if `allowed` says so of who may send it; how many
    did, and how many were refused. `take` is asked before the first, and may find that it is gone; `said` stands in the
    history."""
    moved = refused = 0
    for node, catch, answer in list(listening(walk.plan, walk.state)):
        if catch.what == "message" and catch.name == name and awaited(walk.plan, walk.state, answer):
            if not allowed(catch.roles):
                refused += 1
                continue
            if not moved and take is not None and not take():
                break
            walk.note("message", node.id, message=name, body=dict(body), **said)
            walk.answer(answer)
            moved += 1
    return moved, refused


def _to_instance(context: Context, row: Row, stands: Row) -> int:
    """The instance that runs for the record, and waits for the message."""
    walk = commands.stand(context, stands)
    body = (context.unit.one(BODY, message_id=row["id"]) or {}).get("body") or {}
    said = {"sender": row["sender"], "sent_at": row["sent_at"].isoformat()}
    taken = _taking(context, row, stands["id"])
    moved, _ = receive(walk, row["name"], body, lambda roles: _allowed(row, roles), taken, **said)
    if moved:
        walk.finish()
    return moved


def _to_start(context: Context, row: Row, record_id: int) -> int:
    """The flow itself, which the message begins."""
    try:
        with context.unit.savepoint():
            begun = commands.begin(context, flows_of(context).flows[row["flow"]], record_id, row["sender"])
            if not _taking(context, row, begun)():
                raise Conflict([])
    except Conflict:  # it began meanwhile, or the message was taken
        return 0
    return 1


def begins_now(context: Context, plan: FlowPlan, on: str, name: str, record_id: int) -> bool:
    """Whether a message or a signal begins a flow for a record: it is there, no flow runs for it, and the condition
    holds."""
    starts = plan.starts
    if starts.on != on or starts.name != name or commands.is_running(context, plan, record_id):
        return False
    read = [Needs(frozenset({"deleted_at"}), frozenset()), *([starts.when] if starts.when is not None else [])]
    found = context.as_app().facts(plan.form, [record_id], read)
    if record_id not in found or found[record_id]["deleted_at"] is not None:
        return False
    return starts.when is None or starts.when.test(found[record_id], context.moment())


def may_send(actor: Actor, roles: frozenset[str]) -> bool:
    """Whether somebody may send what is taken from these roles."""
    return actor.is_app or actor.is_administrator or bool(actor.roles & roles)


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


def _taking(context: Context, row: Row, instance_id: int) -> Callable[[], bool]:
    """Take a message, once: whoever comes second finds it gone."""
    return lambda: context.unit.run(TAKE, message_id=row["id"], now=context.now(), new_instance=instance_id) == 1
