"""Messages for the flows of a record. Whoever waits goes on, and flows begin; one that comes before anybody waits is
kept for a flow as long as it lives, and such are taken in the order in which they came, once, by whoever waits first.

Who sends and who begins to wait need not see one another: whoever commits last finds the other (decision 0160).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy import bindparam as given

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations import commands, held, store
from lowcode.flows.operations.drive import running_key
from lowcode.flows.operations.keeping import (
    Sent,
    begin_by,
    deliver,
    keep,
    keeping,
    may_send,
    receive,
    refuse_crowd,
)
from lowcode.flows.operations.listening import listening
from lowcode.flows.operations.once import Requested
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.views import Names
from lowcode.flows.plan import FlowPlan
from lowcode.flows.tables import instance, message
from lowcode.kernel.answers import Page, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Conflict, Forbidden, Text
from lowcode.kernel.texts import whole_in

State = Literal["waiting", "received", "expired"]
NEWEST = 2**62

VERSION_OF_RUNNING = sa.select(instance.c.digest).where(instance.c.running == given("key"))
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
    held: int = 0
    crowded: list[ReceiveParameters] = field(default_factory=list)


def send(context: Context, sent: Sent) -> dict[str, Any]:
    """Something happened outside: every token that waits for it goes on, flows that it begins begin, and flows that
    keep it keep it if nothing of them waits. Forbidden when none of them takes it from this person."""
    came = publish(context, sent)
    for found in context.unit.fetch(store.WAITING_OF_RECORD, type=sent.record_type, record=sent.record_id):
        row = commands.lock(context, found["id"])
        if row is not None and row["running"] is not None and row["flow"] not in came.flows:
            _offer(context, sent, row, came)
    came.begun += begin_by(context, "message", sent.name, sent.record_type, sent.record_id, came.flows)
    if came.refused and not (came.moved + came.begun + came.kept or came.known):
        raise Forbidden(problem("flows.may-not-send", name=sent.name))
    if came.crowded and not (came.moved + came.begun + came.kept + came.held or came.known):
        raise _crowded(sent.name)
    for each in came.crowded:  # it was said, and others heard it: it is not said again
        context.as_app().later("flows.receive", **each.model_dump())
    return {
        "moved": came.moved,
        **({"begun": came.begun} if came.begun else {}),
        "kept": came.kept,
        **({"until": came.until} if came.kept else {}),
        **({"known": True} if came.known else {}),
        **({"suspended": came.suspended} if came.suspended else {}),
    }


def _offer(context: Context, sent: Sent, row: dict[str, Any], came: Came) -> None:
    """An instance whose flow keeps nothing of it. One that is suspended gets what another flow says when it is resumed;
    a person or a program is told that it was not heard."""
    actor, still = context.actor, held.stands_still(context, row)
    came.suspended += still
    still = still or (actor.is_app and held.keeps(context, row))
    try:
        walk = commands.stand(context, row, suspended=True)
    except Conflict:  # its version cannot be read any more
        return
    if still:
        waits = any((each.what, each.name) == ("message", sent.name) for _, each, _ in listening(walk.plan, walk.state))
        if actor.is_app and waits:
            params = ReceiveParameters(instance=row["id"], name=sent.name, body=dict(sent.body))
            if held.is_crowded(context, row, "flows.receive"):
                came.crowded.append(params)
            else:
                commands.held_back(context, row, "flows.receive", params)
                came.held += 1
        return
    moved, refused = receive(walk, sent.name, sent.body, lambda roles: may_send(actor, roles))
    came.moved, came.refused = came.moved + moved, came.refused + refused
    if moved:
        walk.finish()


def publish(context: Context, sent: Sent) -> Came:
    """Keep a message for every flow that keeps it, and deliver what can be delivered now, the oldest first."""
    came = Came()
    mine: dict[int, str] = {}
    for plan, until in keeping(context, sent):
        if not any(may_send(context.actor, roles) for roles in _takers(context, plan, sent)):
            came.refused += 1
            continue
        came.flows.add(plan.name)
        row = keep(context, plan, sent, until)
        came.known = came.known or row is None
        if row is not None:
            mine[row] = plan.name
            came.until = max(until, came.until or until)
    if not mine:
        return came
    delivered = deliver(context, sent.record_type, sent.record_id, mine.keys())
    for id, (moved, begun) in delivered.taken.items():
        if id in mine:
            came.moved, came.begun = came.moved + moved, came.begun + begun
            del mine[id]
    came.kept = len(mine)
    if mine:
        refuse_crowd(context, sent, set(mine.values()))
    if set(mine.values()) - delivered.locked:  # one that nobody sees yet may be beginning to wait
        context.as_app().later("flows.deliver", form=sent.record_type, id=sent.record_id)
    return came


def _takers(context: Context, plan: FlowPlan, sent: Sent) -> list[frozenset[str]]:
    """Everything of a flow that takes a message, by the roles of those who may send it there; what runs for the record
    waits for what the version says under which it began."""
    found = plan.takers(sent.name)
    row = context.unit.one(VERSION_OF_RUNNING, key=running_key(plan, sent.record_id))
    if row is None or row["digest"] == plan.digest:
        return found
    try:
        return [*found, *flows_of(context).at(context, row["digest"]).waits_for(sent.name)]
    except Hindered:  # it cannot be read any more
        return found


class MessageParameters(Requested):
    """A message for the flows of a record. `message_id` is the sender's own name for it: sent again while the first one
    lives, it is known and nothing is done; with another body it is refused. `keep_seconds` is how long it lives where a
    flow keeps it until somebody waits for it, at most what the flow says; 0: not at all."""

    name: str
    form: str
    id: int
    body: dict[str, Any] = Field(default_factory=dict)
    message_id: str | None = Field(None, min_length=1, max_length=200)
    keep_seconds: int | None = Field(None, ge=0, le=366 * 86400)


class RecordParameters(Parameters):
    """A record for which messages are kept."""

    form: str
    id: int


class ReceiveParameters(Parameters):
    """A message that another flow has said while an instance that waited for it was suspended."""

    instance: int
    name: str
    body: dict[str, Any] = Field(default_factory=dict)


class ListParameters(Parameters):
    """Those that wait, were received, or expired before anybody waited; the newest first."""

    state: State = "waiting"
    limit: int = Field(50, ge=1, le=200)
    after: str | None = None


def send_message(context: Context, params: MessageParameters) -> Annotated[dict[str, Any], has(moved=int, kept=int)]:
    """Something happened outside that flows of a record wait for."""
    context.ask("records.get", type=params.form, id=params.id, fields=("id",))
    keep = timedelta(seconds=params.keep_seconds) if params.keep_seconds is not None else None
    return send(context, Sent(params.name, params.form, params.id, params.body, params.message_id, keep))


def deliver_kept(context: Context, params: RecordParameters) -> None:
    """Somebody began to wait, or a message was kept: after that commit, give what is there."""
    deliver(context, params.form, params.id)


def receive_held(context: Context, params: ReceiveParameters) -> None:
    """An instance was resumed: it hears what was said meanwhile, if it still waits for it."""
    row = commands.lock(context, params.instance)
    if row is None or row["running"] is None:
        return
    if held.keeps(context, row) and held.is_crowded(context, row, "flows.receive"):  # the job asks again later
        raise _crowded(params.name)
    if commands.held_back(context, row, "flows.receive", params):
        return
    walk = commands.stand(context, row)
    if receive(walk, params.name, params.body, lambda roles: True)[0]:
        walk.finish()


def _crowded(name: str) -> Conflict:
    return Conflict(problem("flows.too-many-held", name=name, most=held.MOST))


def list_messages(context: Context, params: ListParameters) -> Page:
    """The messages that are or were kept, and how many of each sort."""
    now = context.now()
    before = whole_in(params.after or "") or NEWEST
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


SENDING = Operation(
    "flows.message", send_message, MessageParameters, summary={"en": "Send a message to flows", "zh-CN": "触发"}
)
OPERATIONS = (
    Operation("flows.deliver", deliver_kept, RecordParameters, "internal"),
    Operation("flows.receive", receive_held, ReceiveParameters, "internal", sealed=True),
    Operation(
        "flows.messages", list_messages, ListParameters, "administrator", writes=False,
        summary={"en": "Messages that are kept", "zh-CN": "保留的消息"},
    ),
)  # fmt: skip
