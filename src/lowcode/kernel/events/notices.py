"""Notices to people: rows in the app; what goes out by mail or chat is put off till after the commit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Page, has
from lowcode.kernel.contract import BATCH, Context, Operation, Parameters
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.events import ringing, together
from lowcode.kernel.events.each import in_order, once_each, told_of
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.listed import id_in
from lowcode.kernel.storage.types import json_text

TELL = once_each(t.notification, ("at", "title", "text", "form", "record", "key"), ("user", "key"))
TOLD = told_of(TELL, t.notification)


class Send(Parameters):
    """A notice: to whom, the words, what it leads to. With a `key`, each person gets it once."""

    to: tuple[int, ...]
    title: Any
    text: Any = None
    form: str | None = None
    record: int | None = None
    key: str | None = None
    channels: tuple[str, ...] = ("app",)
    batch: str | None = None
    """Part of a batch: each person is told of all of the same name as one, by the words `many` with their `{count}`."""
    many: Any = None
    spanned: bool = False
    """Whether what has this key may have been told in a batch before."""
    urgency: ringing.Urgency = "normal"
    """How the push service of a device hurries."""
    counted: bool = True
    """Whether the answer is how many were told; who does not ask waits for no answer of the database."""


class ListNotices(Parameters):
    """A page of one's notices."""

    unread: bool = False
    limit: int = Key(30, ge=1, le=200)
    after: int | None = None


class Read(Parameters):
    """Which notices were read."""

    ids: tuple[int, ...] = ()
    all: bool = False


class Withdraw(Parameters):
    """The records that notices lead to; with `read` also what was read."""

    form: str
    records: tuple[int, ...]
    read: bool = False


UNREAD = sa.select(sa.func.count().label("count")).where(
    t.notification.c.user == sa.bindparam("me"), t.notification.c.read_at.is_(None)
)


def send(context: Context, params: Send) -> int | None:
    """Tell people something; how many were told, if that is asked."""
    people = tuple(dict.fromkeys(params.to))
    if params.spanned and params.key is not None:
        people = together.untold(context, people, params.key)
    if params.batch is not None:
        notice = {name: getattr(params, name) for name in together.SAID}
        return together.gather(context, people, params.batch, notice, params.key, params.urgency)
    unit, dialect = context.unit, context.unit.database.dialect_name
    outward = [channel for channel in params.channels if channel not in ringing.IN_APP]
    reached = ringing.reachable(context, people)
    notice = {"at": context.now(), "title": params.title, "text": params.text, "form": params.form,
              "record": params.record, "key": params.key}  # fmt: skip
    told: int | None = None
    given = {"of_people": in_order(people), **notice}
    if params.counted or outward or reached:
        new = [row["user"] for row in unit.locked(TOLD[dialect], **given)]
        told, reached = len(new), reached.intersection(new)
    else:
        unit.write(unit.database.prepare(TELL[dialect]), given)
    for channel in outward:
        operation = f"{channel}.notify"
        if operation in context.app.operations and told:
            context.later(
                operation, key=params.key and f"{operation}:{params.key}", to=list(people),
                title=params.title, text=params.text, form=params.form, record=params.record,
            )  # fmt: skip
    if reached:
        chosen = ringing.CHANNEL in params.channels
        ringing.ring(context, sorted(reached), notice, key=params.key, chosen=chosen, urgency=params.urgency)
    context.tell("notification.sent", to=list(people))
    return told


def list_notices(context: Context, params: ListNotices) -> Page:
    """One's notices, the newest first."""
    host: Any = context.host
    statement = host.cached(
        ("notices", params.unread, params.after is not None), lambda: _list(params.unread, params.after is not None)
    )
    rows = context.unit.fetch(statement, me=context.actor.id, before=params.after, count=params.limit + 1)
    items = [_shown(context, row) for row in rows[: params.limit]]
    _lead(context, rows[: params.limit], items)
    following = items[-1]["id"] if len(rows) > params.limit else None
    return {"items": items, "next": following, "unread": count_unread(context)}


def _list(unread: bool, after: bool) -> Any:
    statement = sa.select(t.notification).where(t.notification.c.user == sa.bindparam("me"))
    if unread:
        statement = statement.where(t.notification.c.read_at.is_(None))
    if after:
        statement = statement.where(t.notification.c.id < sa.bindparam("before", type_=sa.BigInteger))
    return statement.order_by(t.notification.c.id.desc()).limit(sa.bindparam("count", type_=sa.Integer))


def _shown(context: Context, row: Mapping[str, Any]) -> dict[str, Any]:
    locale = context.actor.locale
    record = None
    if row["form"] and row["record"]:
        record = {"form": row["form"], "id": row["record"], "label": ""}
    listed = {"list": together.listed(row)} if row["form"] and row["records"] else {}
    return {
        "id": row["id"], "at": row["at"], "title": localized(row["title"], locale),
        "text": localized(row["text"], locale), "read": row["read_at"] is not None, "record": record,
        **listed,
    }  # fmt: skip


def _lead(context: Context, rows: Sequence[Mapping[str, Any]], items: Sequence[dict[str, Any]]) -> None:
    """What engines know of where their notices lead: to a task that is open still."""
    keys = [row["key"] for row in rows if row["key"] and row["record"]]
    tasks = led_to(context, keys)
    for row, item in zip(rows, items, strict=True):
        if row["key"] in tasks:
            item["task"] = tasks[row["key"]]


def led_to(context: Context, keys: Iterable[str]) -> dict[str, Any]:
    """The open task of this person that each of some notices leads to, by their keys."""
    asked = {key: key for key in keys}
    gathered = [key for key in asked if key.startswith(BATCH)]
    if gathered:
        asked.update(together.alone(context, gathered))
    found: dict[str, Any] = {}
    for engine in context.app.engines if asked else ():
        operation = f"{engine.name}.leads"
        if operation in context.app.operations:
            tasks = context.ask(operation, keys=list(asked.values()))["tasks"]
            found |= {key: tasks[sought] for key, sought in asked.items() if sought in tasks}
    return found


def count_unread(context: Context) -> int:
    """How many notices wait."""
    row = context.unit.one(UNREAD, me=context.actor.id)
    return int(row["count"]) if row else 0


def read(context: Context, params: Read) -> Annotated[dict[str, Any], has(unread=int)]:
    """Mark notices as read."""
    statement = (
        sa.update(t.notification)
        .where(t.notification.c.user == context.actor.id, t.notification.c.read_at.is_(None))
        .values(read_at=context.now())
    )
    if not params.all:
        statement = statement.where(t.notification.c.id.in_(params.ids))
    context.unit.run(statement)
    return {"unread": count_unread(context)}


def withdraw(context: Context, params: Withdraw) -> int:
    """Take back what nobody has read yet about records that were made by mistake; how many notices. One that tells of
    others as well tells of those alone."""
    notice, ids = t.notification.c, json_text(list(params.records))
    about = (notice.form == sa.literal(params.form), id_in(notice.record, context.unit.database.dialect_name))
    unread = () if params.read else (notice.read_at.is_(None),)
    gone = context.unit.locked(sa.delete(t.notification).where(*about, *unread).returning(notice.user), ids=ids)
    people = [row["user"] for row in gone] + together.withdraw(context, params.form, ids, read=params.read)
    if people:
        context.tell("notification.sent", to=sorted(set(people)))
    return len(people)


OPERATIONS = (
    *together.OPERATIONS,
    Operation(
        "notifications.withdraw",
        withdraw,
        Withdraw,
        "internal",
        summary={"en": "Take notices back", "zh-CN": "撤回通知"},
    ),
    Operation("notifications.send", send, Send, "internal", summary={"en": "Tell people", "zh-CN": "通知"}),
    Operation(
        "notifications.list", list_notices, ListNotices, writes=False, summary={"en": "My notices", "zh-CN": "我的通知"}
    ),
    Operation("notifications.read", read, Read, summary={"en": "Mark as read", "zh-CN": "标为已读"}),
)
