"""What goes out: written down in the transaction of the change, sent after it, tried again, never lost from sight."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any

import orjson
import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api import sending
from lowcode.api.advice import advised
from lowcode.api.connectors.http import message_body
from lowcode.api.connectors.kind import Message
from lowcode.api.diagnostics import problem
from lowcode.api.forgetting import ERASED
from lowcode.api.masking import HIDDEN, masked
from lowcode.api.plan import NEWEST, Target, plan_of
from lowcode.api.tables import delivery as table
from lowcode.api.tables import delivery_read as read_table
from lowcode.api.tokens import Tokens
from lowcode.kernel import reasons
from lowcode.kernel.answers import Page, has
from lowcode.kernel.contract import Context, Outcome, Parameters
from lowcode.kernel.diagnostics import Conflict, NotFound, Rejected, SwitchedOff, Text, localized
from lowcode.kernel.records.show import plain
from lowcode.kernel.requests import picked
from lowcode.kernel.storage import sealing

BACKOFF = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds before the next attempt (the schedule Standard Webhooks recommends)."""
WAIT_LIMIT = 86_400
BODY = "api_delivery.body"
"""What a message is sealed for: it may hold a link that lets its reader act, a code, or what a form keeps encrypted."""
FLEETING = "fleeting"
"""The event of a message whose words are taken out as soon as it is delivered, or given up."""
SETTLED = "settled"
"""Stands as what went wrong with a message that was not sent, because what it asked for was decided meanwhile."""

ONE = sa.select(table).where(table.c.id == sa.bindparam("delivery_id"))
SAME = sa.select(table.c.id).where(table.c.message == sa.bindparam("of_message"))
TRIED = (
    sa.update(table)
    .where(table.c.id == sa.bindparam("delivery_id"), table.c.state == "waiting")
    .values(
        state=sa.bindparam("new_state"),
        attempts=table.c.attempts + 1,
        status=sa.bindparam("http_status", type_=sa.Integer),
        answer=sa.bindparam("said"),
        error=sa.bindparam("reason"),
        tried_at=sa.bindparam("at", type_=table.c.tried_at.type),
        next_at=sa.bindparam("again_at", type_=table.c.next_at.type),
    )
)
EMPTY = sa.update(table).where(table.c.id == sa.bindparam("delivery_id")).values(body=sa.bindparam("left"))
CALL_OFF = (
    sa.update(table)
    .where(table.c.id == sa.bindparam("delivery_id"), table.c.state == "waiting")
    .values(state="dead", error=SETTLED, next_at=None, body=sa.bindparam("left"))
)
CALL_OFF_MESSAGE = (
    sa.update(table)
    .where(table.c.message == sa.bindparam("of_message"), table.c.state == "waiting")
    .values(state="dead", error=SETTLED, next_at=None)
)
LATER = (
    sa.update(table)
    .where(table.c.id == sa.bindparam("delivery_id"), table.c.state == "waiting")
    .values(next_at=sa.bindparam("again_at", type_=table.c.next_at.type))
)
RECENT = (
    sa.select(table.c.tried_at)
    .where(table.c.target == sa.bindparam("of_target"))
    .where(table.c.tried_at > sa.bindparam("since_at", type_=table.c.tried_at.type))
    .order_by(table.c.tried_at.desc())
    .limit(sa.bindparam("count", type_=sa.Integer))
)
AGAIN = (
    sa.update(table)
    .where(table.c.id == sa.bindparam("delivery_id"))
    .values(
        state="waiting",
        attempts=0,
        replays=table.c.replays + 1,
        error=None,
        next_at=sa.bindparam("again_at", type_=table.c.next_at.type),
    )
)
READS = (
    sa.select(read_table)
    .where(read_table.c.id < sa.bindparam("before", type_=sa.BigInteger))
    .where(
        sa.or_(
            sa.bindparam("of_delivery", type_=sa.BigInteger).is_(None),
            read_table.c.delivery == sa.bindparam("of_delivery"),
        )
    )
    .order_by(read_table.c.id.desc())
    .limit(sa.bindparam("count", type_=sa.Integer))
)
LIST = (
    sa.select(table)
    .where(table.c.id < sa.bindparam("before", type_=sa.BigInteger))
    .where(sa.or_(sa.bindparam("of_state", type_=sa.Text).is_(None), table.c.state == sa.bindparam("of_state")))
    .where(sa.or_(sa.bindparam("of_target", type_=sa.Text).is_(None), table.c.target == sa.bindparam("of_target")))
    .order_by(table.c.id.desc())
    .limit(sa.bindparam("count", type_=sa.Integer))
)


class ListReads(Parameters):
    """A page of those who read messages whole; `delivery`: one message only."""

    delivery: int | None = None
    limit: int = Key(50, ge=1, le=200)
    after: int | None = None


class Asker(Parameters):
    """Who wants the answer: an operation and its parameters, beside which it gets `values`, `status` and `reason`
    (None: it was answered); `inside` and `paths` say what is read of the answer."""

    operation: str
    parameters: Mapping[str, Any] = Key(default_factory=dict)
    inside: str = ""
    paths: tuple[str, ...] = ()


class Send(Parameters):
    """A message for a webhook or connector; `record` says what it is about, `asker` who wants the answer. `message` is
    the number by which both sides know it; left out, it gets one."""

    name: str
    message: str = ""
    record: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    asker: Asker | None = None


class CallOff(Parameters):
    """A message nobody waits for any more."""

    message: str


class OneDelivery(Parameters):
    """A delivery."""

    id: int


class Tried(Parameters):
    """What came of an attempt."""

    id: int
    status: int | None = None
    answer: str | None = None
    error: Text | None = None
    final: bool = False
    partly: bool = False
    """Taken, though not for everybody; the error says for whom not."""
    wait: int | None = None
    values: Mapping[str, Any] = Key(default_factory=dict)
    """What the asker wants of the answer."""


class Postponed(Parameters):
    """A delivery whose turn it is not yet."""

    id: int
    seconds: int


class ListDeliveries(Parameters):
    """A page of deliveries, the newest first."""

    target: str | None = None
    state: str | None = None
    limit: int = Key(50, ge=1, le=200)
    after: int | None = None


def put(
    context: Context, target: str, body: str, event: str, form: str | None, record: int | None, message: str = "",
    asker: Asker | None = None, dead: Text | None = None,
) -> int:  # fmt: skip
    """Write a message down and have it sent after the commit; one whose number is there already is the same. `dead`:
    why it cannot be sent at all."""
    now = context.now()
    if message:
        known = context.unit.one(SAME, of_message=message)
        if known is not None:
            return int(known["id"])
    identity = context.unit.insert(
        table,
        message=message or f"msg_{uuid.uuid4().hex}",
        target=target,
        event=event,
        form=form,
        record=record,
        body=sealing.seal_text(context.host, body, BODY),
        state="waiting" if dead is None else "dead",
        attempts=0,
        replays=0,
        error=reasons.kept(dead),
        created_at=now,
        next_at=now if dead is None else None,
        asker=asker.model_dump() if asker is not None else None,
    )
    assert identity is not None
    if dead is not None:
        return identity
    context.later("api.deliver", key=f"api.deliver:{identity}:0:0", id=identity)
    return identity


def send(context: Context, params: Send) -> int:
    """Send a message to a webhook or connector, for rules and flows; the number of the delivery."""
    plan = plan_of(context)
    target, asker = plan.targets.get(params.name), params.asker
    about = params.record or {}
    form, record = about.get("form"), about.get("id")
    data = params.body
    if target is None:
        gone = _no_target(context, params.name)
        if asker is None or isinstance(gone, SwitchedOff):
            raise gone
        return _unsent(context, params, asker, gone)
    if data is None:
        data = _own_body(context, params.name, form, record)
    try:
        body = written(context, target, data)
    except Rejected as refused:
        if asker is None:
            raise
        return _unsent(context, params, asker, refused)
    return put(context, params.name, body, "sent", form, record, params.message, asker)


def _no_target(context: Context, name: str) -> NotFound:
    off = name in context.app.off_names("webhook") | context.app.off_names("connector")
    return (SwitchedOff if off else NotFound)(problem("no-target", name=name))


def _unsent(context: Context, params: Send, asker: Asker, refused: Rejected) -> int:
    """A message that cannot be sent at all is kept with the reason, and whoever asked is told."""
    about = params.record or {}
    said = reasons.of_refusal(refused)
    kept = orjson.dumps(plain(params.body or {}), option=orjson.OPT_NON_STR_KEYS).decode()
    made = put(context, params.name, kept, "sent", about.get("form"), about.get("id"), params.message, asker, dead=said)
    _tell(context, asker.model_dump(), f"{made}:0", None, said, {})
    return made


def _tell(
    context: Context, asker: Mapping[str, Any], key: str, status: int | None, reason: Text | None,
    values: Mapping[str, Any],
) -> None:  # fmt: skip
    """Tell who asked what came of it."""
    told = {**asker["parameters"], "values": values, "status": status, "reason": reason}
    context.later(asker["operation"], key=f"{asker['operation']}:{key}", **told)


def written(context: Context, target: Target, values: Mapping[str, Any]) -> str:
    """The body of a message. Raises Rejected when the values are not enough for one."""
    if target.kind is None:
        return message_body(target.name, context.now(), values)
    try:
        return target.kind.write(target.document, Message(target.name, context.now(), values))
    except ValueError as error:
        raise Rejected(problem("no-message", name=target.name, reason=reasons.reason_of(error))) from None


def _own_body(context: Context, name: str, form: str | None, record: int | None) -> Mapping[str, Any]:
    """The body a webhook's document gives for a record."""
    watched = next((each for each in plan_of(context).watched if each.target == name and each.form == form), None)
    if watched is None or not watched.body or record is None or form is None:
        return {"form": form, "id": record} if form else {}
    acting = context.as_app()
    facts = acting.facts(form, [record], watched.told).get(record, {})
    return watched.message(facts, acting.moment()) if facts else {"form": form, "id": record}


def deliver(context: Context, params: OneDelivery, tokens: Tokens) -> Outcome:
    """One attempt, outside of any transaction; what came of it is written afterwards."""
    row = context.unit.one(ONE, delivery_id=params.id)
    if row is None or row["state"] != "waiting":
        return Outcome()
    target = plan_of(context).targets.get(row["target"])
    if target is None:
        gone = _no_target(context, row["target"])
        if isinstance(gone, SwitchedOff):
            raise gone
        return _tried(params.id, error=reasons.of_refusal(gone), final=True)
    wait = _turn(context, target, row)
    if wait:
        return Outcome(None, (("api.postponed", {"id": params.id, "seconds": wait}),))
    asker = row["asker"]
    kept = sending.CONSULT_KEPT if asker else sending.ANSWER_KEPT
    sent = sending.send(context, target, tokens, row["message"], _body(context, row), kept)
    values: Mapping[str, Any] = {}
    if asker and sent.error is None:
        values = read_answer(sent.answer or "", asker["inside"], asker["paths"])
    answer = (sent.answer or "")[: sending.ANSWER_KEPT] if sent.answer is not None else None
    return _tried(params.id, **{**asdict(sent), "answer": answer}, values=values)


def read_answer(text: str, inside: str, paths: Iterable[str]) -> dict[str, Any]:
    """The values of some paths of an answer, as JSON; of one that is no JSON they are blank."""
    try:
        found = json.loads(text, parse_float=Decimal) if text else None
    except (ValueError, RecursionError):
        found = None
    read: dict[str, Any] = plain(picked(found, inside, paths))
    return read


def _turn(context: Context, target: Target, row: Mapping[str, Any]) -> int:
    """Seconds to wait until the service's limit a minute lets another message through."""
    if target.limit is None:
        return 0
    now = context.now()
    since = now - timedelta(minutes=1)
    recent = context.unit.fetch(RECENT, of_target=target.name, since_at=since, count=target.limit)
    if len(recent) < target.limit:
        return 0
    return max(1, 60 - int((now - recent[-1]["tried_at"]).total_seconds()))


def _tried(identity: int, **what: Any) -> Outcome:
    return Outcome(what, (("api.tried", {"id": identity, **what}),))


def postponed(context: Context, params: Postponed) -> None:
    """Not yet: the limit a minute is used up. It is no attempt."""
    row = context.unit.one(ONE, delivery_id=params.id)
    if row is None or row["state"] != "waiting":
        return
    at = context.now() + timedelta(seconds=params.seconds)
    context.unit.run(LATER, delivery_id=params.id, again_at=at)
    key = f"api.deliver:{params.id}:{row['replays']}:{row['attempts']}:{at.timestamp()}"
    context.later("api.deliver", at=at, key=key, id=params.id)


def tried(context: Context, params: Tried) -> None:
    """Write down what came of an attempt, and try again later if it was not the last."""
    row = context.unit.one(ONE, delivery_id=params.id)
    if row is None:
        return
    state, again = "delivered", None
    if params.error is not None and not params.partly:
        left = not params.final and row["attempts"] < len(BACKOFF)
        state = "waiting" if left else "dead"
        if left:
            wait = max(_wait(row), min(params.wait or 0, WAIT_LIMIT))
            again = context.now() + timedelta(seconds=wait)
    hit = context.unit.run(
        TRIED,
        delivery_id=params.id,
        new_state=state,
        http_status=params.status,
        said=params.answer,
        reason=reasons.kept(params.error),
        at=context.now(),
        again_at=again,
    )
    if hit and again is None and row["event"] == FLEETING:
        context.unit.run(EMPTY, delivery_id=params.id, left=_shown(context, row))
    if hit and again is None and row["asker"]:
        reason = params.error if state == "dead" else None
        _tell(context, row["asker"], f"{params.id}:{row['replays']}", params.status, reason, params.values)
    if hit and again is not None:
        key = f"api.deliver:{params.id}:{row['replays']}:{row['attempts'] + 1}"
        context.later("api.deliver", at=again, key=key, id=params.id)


def call_off(context: Context, params: CallOff) -> None:
    """Send a message no more, if it still waits to be sent: nobody waits for what would be answered."""
    context.unit.run(CALL_OFF_MESSAGE, of_message=params.message)


def settled(context: Context, identity: int) -> Mapping[str, Any] | None:
    """A message that was delivered, to be changed there; one that waits is called off, and None is returned."""
    row = context.unit.one(ONE, delivery_id=identity)
    if row is not None and row["state"] == "waiting":
        context.unit.run(CALL_OFF, delivery_id=identity, left=_shown(context, row))
    return row if row is not None and row["state"] == "delivered" else None


def _wait(row: Mapping[str, Any]) -> int:
    """The pause before the next attempt, spread by up to a tenth so that many do not come at once."""
    pause = BACKOFF[row["attempts"]]
    return pause + int(row["message"][-4:], 16) % (pause // 10 + 1)


def deliveries(context: Context, params: ListDeliveries) -> Page:
    """What went out and what came of it; of the messages themselves only as much as tells them apart."""
    before = params.after if params.after is not None else NEWEST
    rows = context.unit.fetch(
        LIST, before=before, of_state=params.state, of_target=params.target, count=params.limit + 1
    )
    items = [_told(context, {**row, "body": _shown(context, row)}) for row in rows[: params.limit]]
    return {"items": items, "next": items[-1]["id"] if len(rows) > params.limit else None}


def delivery(
    context: Context, params: OneDelivery
) -> Annotated[
    dict[str, Any], has(id=int, message=str, target=str, event=object, state=str, attempts=int, created_at=str)
]:
    """One of them whole, with what was said: for whoever has to find out why the other side did not take it. That they
    read it is written down."""
    row = context.unit.one(ONE, delivery_id=params.id)
    if row is None:
        raise NotFound(problem("no-row", id=params.id))
    actor = context.actor
    context.unit.insert(
        read_table, delivery=params.id, target=row["target"], at=context.now(), by=actor.id, key=actor.key or None
    )
    return _told(context, {**row, "body": _body(context, row)})


def _told(context: Context, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its reason in the language of whoever reads it, and what to do where the status says it."""
    locale, hint = context.actor.locale, advised(row["status"]) if row["error"] else None
    return {
        **row, "error": reasons.told(row["error"], locale), "hint": None if hint is None else localized(hint, locale)
    }  # fmt: skip


def _body(context: Context, row: Mapping[str, Any]) -> str:
    """The message as it goes out. Raises SealError when it does not open."""
    return sealing.opened_text(context.host, row["body"], BODY)


def _shown(context: Context, row: Mapping[str, Any]) -> str | None:
    """The message with its words hidden; hidden whole where its key is gone."""
    try:
        return masked(_body(context, row))
    except sealing.SealError:
        return HIDDEN


def reads(context: Context, params: ListReads) -> Page:
    """Who read messages whole, and when: of one message or of all, the newest first."""
    before = params.after if params.after is not None else NEWEST
    rows = context.unit.fetch(READS, before=before, of_delivery=params.delivery, count=params.limit + 1)
    items = [dict(row) for row in rows[: params.limit]]
    return {"items": items, "next": items[-1]["id"] if len(rows) > params.limit else None}


def redeliver(context: Context, params: OneDelivery) -> None:
    """Send again, under the same id, so that the other side can tell that it is the same message."""
    row = context.unit.one(ONE, delivery_id=params.id)
    if row is None:
        raise NotFound(problem("no-row", id=params.id))
    if row["error"] == ERASED:
        raise Conflict(problem("message-forgotten"))
    if row["event"] == FLEETING and row["state"] != "waiting":
        raise Conflict(problem("message-fleeting"))
    context.unit.run(AGAIN, delivery_id=params.id, again_at=context.now())
    context.later("api.deliver", key=f"api.deliver:{params.id}:{row['replays'] + 1}:0", id=params.id)
