"""Notices of one batch, told as one: forty leads of an import are one notice and one letter for each who gets some.

What is to be told of each record is a row of its own (`lc_batch_notice`), so that two who work on a batch never wait
for one another, and one that dies leaves all or nothing of what it told. A moment later the rows become one notice,
which grows and is unread again while the batch goes on; a letter waits until nothing more has come for a while.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context, Operation, Parameters, Wanted
from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.events import ringing
from lowcode.kernel.events.each import in_order, once_each, told_of
from lowcode.kernel.links import link_to
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.listed import id_in, text_in
from lowcode.kernel.storage.types import json_text

SOON = 2
"""So many seconds are told of at a time."""
QUIET = timedelta(minutes=1)
"""A letter goes, and a device rings again, when a batch has brought nothing more for so long."""
NAMED, LISTED, LETTERED = 5, 500, 50
"""So many records are named in a notice, so many at most are led to, and so many at most stand in a letter."""
MORE = {"zh-CN": "… 还有 {more} 条", "en": "… and {more} more"}
SAID = ("title", "text", "many", "form", "record", "channels")
MESSAGE = "api.message"
"""What brings a message to people by a connector, where the app has any."""

NOTICE, EACH = t.notification.c, t.batch_notice.c
OF_BATCH = (EACH.user == sa.bindparam("of_user"), EACH.key == sa.bindparam("of_key"))
NOW = sa.bindparam("now_at", type_=EACH.at.type)
TOLD = sa.update(t.batch_notice).where(*OF_BATCH, EACH.told_at.is_(None)).values(told_at=NOW)
TAKE = TOLD.returning(EACH.id, EACH.channels)
SENT = sa.update(t.batch_notice).where(*OF_BATCH, EACH.told_at.is_not(None), EACH.sent_at.is_(None))
SEND = SENT.values(sent_at=NOW).returning(*t.batch_notice.c)
GROWING = sa.select(EACH.id).where(*OF_BATCH, EACH.told_at > sa.bindparam("until", type_=EACH.told_at.type))
FIRST = (
    sa.select(EACH.title, EACH.text, EACH.many, EACH.form, EACH.record)
    .where(*OF_BATCH)
    .order_by(EACH.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
COUNT = sa.select(sa.func.count().label("count")).where(*OF_BATCH)
TOLD_OF = COUNT.where(EACH.told_at.is_not(None))
OF_NOTICE = (NOTICE.user == sa.bindparam("of_user"), NOTICE.key == sa.bindparam("of_key"))
THERE = sa.select(NOTICE.id, NOTICE.read_at).where(*OF_NOTICE).with_for_update()
SHOWN = sa.select(NOTICE.title, NOTICE.text, NOTICE.form, NOTICE.record, NOTICE.records, NOTICE.read_at).where(
    *OF_NOTICE
)
GONE = sa.delete(t.notification).where(*OF_NOTICE)
WORDS = ("at", "title", "text", "form", "record", "records")
RENEW = (
    sa.update(t.notification)
    .where(*OF_NOTICE)
    .values({name: sa.bindparam(f"new_{name}", type_=NOTICE[name].type) for name in WORDS})
)
UNREAD = sa.update(t.notification).where(*OF_NOTICE).values(read_at=None)


GATHER = told_of(once_each(t.batch_notice, ("key", "at", "once", *SAID), ("user", "once")), t.batch_notice)
BEGIN = once_each(t.notification, ("key", "at", "title"), ("user", "key"))


class OfBatch(Parameters):
    """What a person is told of a batch."""

    user: int
    batch: str


class Together(OfBatch):
    """The same, and how a device is hurried with it."""

    urgency: ringing.Urgency = "normal"


class Letter(OfBatch):
    """The same, as far as it was told by then."""

    until: datetime


class Ring(Letter):
    """The same for devices. `chosen`: a definition asked for this channel."""

    urgency: ringing.Urgency = "normal"
    chosen: bool = False


def untold(context: Context, people: Sequence[int], key: str) -> tuple[int, ...]:
    """Who has not been told what has this key, alone or in a batch."""
    told: set[int] = set()
    for column, of_key in ((EACH.user, EACH.once), (NOTICE.user, NOTICE.key)):
        rows = context.unit.fetch(sa.select(column).where(of_key == sa.bindparam("of_key")), of_key=key)
        told |= {row["user"] for row in rows}
    return tuple(each for each in people if each not in told)


def alone(context: Context, batches: Sequence[str]) -> dict[str, str]:
    """By what key a person would have been told of one record alone, of each batch that is told of so."""
    chosen = (EACH.user == sa.bindparam("me"), EACH.once.is_not(None))
    among = text_in(EACH.key, context.unit.database.dialect_name, "keys")
    statement = sa.select(EACH.key, EACH.once).where(*chosen, among)
    rows = context.unit.fetch(statement, me=context.actor.id, keys=json_text(list(batches)))
    return {row["key"]: row["once"] for row in rows}


def gather(
    context: Context, people: Sequence[int], batch: str, notice: Mapping[str, Any], once: str | None,
    urgency: ringing.Urgency = "normal",
) -> int:  # fmt: skip
    """Keep what is to be told of a record of a batch; of how many people it is new."""
    unit, now = context.unit, context.now()
    insert = GATHER[unit.database.dialect_name]
    kept = {**notice, "channels": list(notice["channels"])}
    given = {"of_people": in_order(people), "key": batch, "at": now, "once": once, **kept}
    new = [row["user"] for row in unit.locked(insert, **given)]
    soon = datetime.fromtimestamp((int(now.timestamp()) // SOON + 1) * SOON, UTC)
    # without a key: one that is done already would hide what a slow transaction brings after it
    asked = [Wanted({"user": user, "batch": batch, "urgency": urgency}, soon) for user in new]
    if asked:
        context.as_app().later_many("notifications.together", asked)
    return len(new)


def together(context: Context, params: Together) -> int:
    """Tell a person what is new of a batch, with all that was told of it before, as one; how much is new."""
    asked = {"of_user": params.user, "of_key": params.batch}
    new = context.unit.locked(TAKE, now_at=context.now(), **asked)
    if not new:
        return 0
    words = _renew(context, params.user, params.batch)
    context.unit.run(UNREAD, **asked)
    channels = {channel for row in new for channel in row["channels"]}
    if words is not None and ringing.reachable(context, (params.user,)):
        _ring(context, params, words, channels, len(new))
    if channels - ringing.IN_APP:
        context.as_app().later(
            "notifications.letter", at=context.now() + QUIET, user=params.user, batch=params.batch,
            until=context.now().isoformat(),
        )  # fmt: skip
    context.tell("notification.sent", to=[params.user])
    return len(new)


def _ring(context: Context, params: Together, words: Mapping[str, Any], channels: set[str], new: int) -> None:
    """Devices ring at once for the first that a batch brings, and for all that follows when it has brought nothing more
    for a while."""
    rung = Ring(user=params.user, batch=params.batch, until=context.now(), urgency=params.urgency,
                chosen=ringing.CHANNEL in channels)  # fmt: skip
    told = context.unit.one(TOLD_OF, of_user=params.user, of_key=params.batch)
    if told is not None and int(told["count"]) > new:
        context.as_app().later("notifications.ring", at=context.now() + QUIET, **rung.model_dump())
        return
    ringing.ring(context, (rung.user,), words, key=rung.batch, chosen=rung.chosen, urgency=rung.urgency)


def ring(context: Context, params: Ring) -> bool:
    """Show on a person's devices how far a batch has come, if it has brought nothing more since; whether it was."""
    asked = {"of_user": params.user, "of_key": params.batch}
    if context.unit.one(GROWING, until=params.until, **asked) is not None:
        return False  # a later one tells of this as well
    notice = context.unit.one(SHOWN, **asked)
    if notice is None or notice["read_at"] is not None:
        return False
    ringing.ring(context, (params.user,), notice, key=params.batch, chosen=params.chosen, urgency=params.urgency)
    return True


def _renew(context: Context, user: int, key: str) -> Mapping[str, Any] | None:
    """Say a notice anew from what there is to tell: its words; where that is nothing, it goes."""
    unit, asked = context.unit, {"of_user": user, "of_key": key}
    if not unit.locked(THERE, **asked):
        begun = {"of_people": in_order([user]), "key": key, "at": context.now(), "title": ""}
        unit.run(BEGIN[unit.database.dialect_name], **begun)
        unit.locked(THERE, **asked)  # from here on it belongs to this transaction, whoever was first
    rows = unit.fetch(FIRST, most=LISTED, **asked)
    if not rows:
        unit.run(GONE, **asked)
        return None
    found = unit.one(COUNT, **asked)
    count = int(found["count"]) if found else len(rows)
    words = _words(context, rows, count)
    unit.run(RENEW, **{f"new_{name}": words[name] for name in WORDS if name != "at"}, new_at=context.now(), **asked)
    return words


def _words(context: Context, rows: Sequence[Mapping[str, Any]], count: int) -> dict[str, Any]:
    """One alone as it is; several by their number, with the first of them."""
    if count == 1:
        return {**rows[0], "records": None}
    languages: Sequence[str] = context.app.definition.languages
    alike = all(row["title"] == rows[0]["title"] for row in rows)  # then what each is about tells them apart
    said = [row["text"] if alike and row["text"] else row["title"] for row in rows[:NAMED]]
    lines = {language: [f"• {_line(each, language)}" for each in said] for language in languages}
    ids = list(dict.fromkeys(row["record"] for row in rows if row["record"] is not None))
    return {
        "title": _counted(rows[-1]["many"], count, languages),
        "text": {language: "\n".join(each + _more(count - NAMED, language)) for language, each in lines.items()},
        "form": rows[0]["form"],
        "record": None,
        "records": ids or None,
    }


def _line(text: Any, language: str) -> str:
    return (localized(text, language) or "").partition("\n")[0]


def _counted(many: Any, count: int, languages: Sequence[str]) -> Text:
    return {language: (localized(many, language) or "").replace("{count}", str(count)) for language in languages}


def _more(more: int, language: str) -> list[str]:
    return [(localized(MORE, language) or "").replace("{more}", str(more))] if more > 0 else []


def listed(row: Mapping[str, Any]) -> dict[str, Any]:
    """Where a notice of several records leads: to the list of those."""
    return {"form": row["form"], "where": f"id in ({', '.join(str(int(each)) for each in row['records'])})"}


def letter(context: Context, params: Letter) -> int:
    """One letter of what is new of a batch, when it has brought nothing more for a while; of how many records."""
    asked = {"of_user": params.user, "of_key": params.batch}
    if context.unit.one(GROWING, until=params.until, **asked) is not None:
        return 0  # a later one tells of this as well
    rows = sorted(context.unit.locked(SEND, now_at=context.now(), **asked), key=lambda row: row["id"])
    if not rows:
        return 0
    words = {**_words(context, rows, len(rows))} | ({"text": _letter(context, rows)} if len(rows) > 1 else {})
    said = {name: words[name] for name in ("title", "text", "form", "record")}
    for channel in dict.fromkeys(each for row in rows for each in row["channels"] if each not in ringing.IN_APP):
        operation = f"{channel}.notify"
        key = f"{operation}:{params.batch}:{params.user}:{rows[-1]['id']}"
        if operation in context.app.operations:
            context.later(operation, key=key, to=[params.user], **said)
        elif MESSAGE in context.app.operations:
            link = link_to(context, words["form"], words["record"])
            context.ask(MESSAGE, channel=channel, to=(params.user,), key=key, link=link, **said | {
                "text": said["text"] or ""})  # fmt: skip
    return len(rows)


def _letter(context: Context, rows: Sequence[Mapping[str, Any]]) -> Text:
    """The list of a letter: each with its words and its address."""

    def line(row: Mapping[str, Any], language: str) -> str:
        parts = (f"• {localized(row['title'], language)}", localized(row["text"], language),
                 link_to(context, row["form"], row["record"]))  # fmt: skip
        return "\n  ".join(each for each in parts if each)

    languages: Sequence[str] = context.app.definition.languages
    return {
        language: "\n".join([*(line(row, language) for row in rows[:LETTERED]), *_more(len(rows) - LETTERED, language)])
        for language in languages
    }


def withdraw(context: Context, form: str, ids: str, *, read: bool) -> list[int]:
    """Take back what was to be told of some records; whose notices changed by that: those that are unread, and with
    `read` all of them."""
    unit = context.unit
    about = (EACH.form == sa.literal(form), id_in(EACH.record, unit.database.dialect_name))
    gone = unit.locked(sa.delete(t.batch_notice).where(*about).returning(EACH.user, EACH.key), ids=ids)
    changed = []
    for user, key in sorted({(row["user"], row["key"]) for row in gone}):
        there = unit.locked(THERE, of_user=user, of_key=key)
        if there and (read or there[0]["read_at"] is None):
            _renew(context, user, key)
            changed.append(user)
    return changed


OPERATIONS = (
    Operation(
        "notifications.together", together, Together, "internal",
        summary={"en": "Tell of a batch as one", "zh-CN": "合并通知"},
    ),
    Operation(
        "notifications.ring", ring, Ring, "internal",
        summary={"en": "Show a batch on devices", "zh-CN": "在设备上合并通知"},
    ),
    Operation(
        "notifications.letter", letter, Letter, "internal",
        summary={"en": "One letter of a batch", "zh-CN": "合并发送邮件"},
    ),
)  # fmt: skip
