"""The way out of what rules write to people: each message is a row with a key, so that it goes out once; it waits for
its hour, is counted against what its recipient may get, and is handed to its channel after the commit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.contract import Operation, Parameters
from lowcode.kernel.diagnostics import Rejected, Text, localized
from lowcode.kernel.links import link_to
from lowcode.kernel.storage import sealing
from lowcode.rules import diagnostics as words
from lowcode.rules import reasons, turns
from lowcode.rules import tables as t

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context

MAIL = "mail"
PLACE = "rule_message"
SEALED = ("subject", "text", "values")
"""What a message says: it may hold a link that lets its reader act, or what a form keeps encrypted (decision 0126). Its
enclosures are named by digest, and stay open: contents that no column names are collected (decision 0135)."""
COLUMNS = (
    "channel", "address", "user", "name", "subject", "text", "language", "values", "form", "record", "rule", "by",
    "key", "most", "within", "files", "at", "due_at", "state",
)  # fmt: skip
ONE = sa.select(t.message).where(t.message.c.id == sa.bindparam("message_id"))
OF_KEY = sa.select(t.message.c.id).where(t.message.c.key == sa.bindparam("of_key"))
COUNT = sa.select(sa.func.count().label("count")).where(
    t.message.c.channel == sa.bindparam("channel"),
    t.message.c.address == sa.bindparam("address"),
    t.message.c.state == "sent",
    t.message.c.sent_at > sa.bindparam("since", type_=t.message.c.sent_at.type),
)
SETTLE = (
    sa.update(t.message)
    .where(t.message.c.id == sa.bindparam("message_id"))
    .values(
        state=sa.bindparam("new_state"),
        reason=sa.bindparam("why", type_=sa.Text),
        sent_at=sa.bindparam("now_at", type_=t.message.c.sent_at.type),
    )
)


def _insert_once(dialect: str) -> Any:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {name: sa.bindparam(name, type_=t.message.c[name].type) for name in COLUMNS}
    return insert(t.message).values(values).on_conflict_do_nothing(index_elements=["key"])


INSERT = {dialect: _insert_once(dialect) for dialect in ("sqlite", "postgresql")}


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many messages one recipient gets by a channel in a span of time."""

    most: int
    within: timedelta


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message for one recipient: an address of the channel's sort, or a person of the directory."""

    channel: str
    to: str | int
    subject: Any
    text: Any
    key: str
    name: str = ""
    language: str | None = None
    form: str | None = None
    record: int | None = None
    rule: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    allowance: Allowance | None = None
    files: Sequence[Mapping[str, Any]] = ()
    by: int | None = None


class Dispatch(Parameters):
    """A message whose hour has come."""

    message: int


def put(context: Context, letter: Outgoing) -> bool:
    """Write a message down, to go out at its hour; False when one of its key was written before."""
    unit, now = context.unit, context.now()
    made = unit.run(
        INSERT[unit.database.dialect_name],
        channel=letter.channel,
        address=str(letter.to),
        user=letter.to if isinstance(letter.to, int) else None,
        name=letter.name,
        language=letter.language,
        **sealed(context, subject=letter.subject, text=letter.text, values=dict(letter.values)),
        files=list(letter.files),
        form=letter.form,
        record=letter.record,
        rule=letter.rule,
        by=letter.by,
        key=letter.key,
        most=letter.allowance.most if letter.allowance else None,
        within=int(letter.allowance.within.total_seconds()) if letter.allowance else None,
        at=now,
        due_at=letter.at or now,
        state="waiting",
    )
    if not made:
        return False
    row = unit.one(OF_KEY, of_key=letter.key)
    assert row is not None
    context.as_app().later("rules.dispatch", at=letter.at, key=f"rules.dispatch:{row['id']}", message=row["id"])
    return True


def sealed(context: Context, **said: Any) -> dict[str, Any]:
    """The words of a message as they are kept."""
    return {name: value if value is None else sealing.seal(context.host, value, PLACE) for name, value in said.items()}


def opened(context: Context, row: Mapping[str, Any]) -> dict[str, Any]:
    """A message with its words. Raises SealError where the key is gone."""
    return {**row, **{name: sealing.opened(context.host, row[name], PLACE) for name in SEALED}}


def dispatch(context: Context, params: Dispatch) -> str:
    """Hand a message to its channel, unless its recipient has had enough: sent, dropped or unsent."""
    row = context.unit.one(ONE, message_id=params.message)
    if row is None or row["state"] != "waiting":
        return "gone"
    if row["most"] is not None and _had_enough(context, row):
        had = reasons.filled(reasons.HAD_ENOUGH, address=row["address"], most=row["most"])
        return _settle(context, row, "dropped", had)
    try:
        with context.unit.savepoint():
            _hand_over(context.as_app(), opened(context, row))
    except Rejected as refused:
        return _settle(context, row, "unsent", reasons.of_refusal(refused))
    return _settle(context, row, "sent", None)


def _had_enough(context: Context, row: Mapping[str, Any]) -> bool:
    turns.lock(context.unit, f"messages:{row['channel']}:{row['address']}")
    since = context.now() - timedelta(seconds=row["within"])
    found = context.unit.one(COUNT, channel=row["channel"], address=row["address"], since=since)
    return found is not None and int(found["count"]) >= row["most"]


def _settle(context: Context, row: Mapping[str, Any], state: str, why: Text | None) -> str:
    why = reasons.kept(why)
    context.unit.run(SETTLE, message_id=row["id"], new_state=state, why=why, now_at=context.now())
    return state


def _hand_over(context: Context, row: Mapping[str, Any]) -> None:
    """After the commit the channel does the rest: it tries again, and lists what failed."""
    by_letter = row["channel"] == MAIL and row["user"] is None
    operation = "mail.send" if by_letter else "api.message"
    if operation not in context.app.operations:
        raise Rejected(words.problem("no-channel", words.NO_CHANNEL, "/channel", name=row["channel"]))
    if by_letter and not context.ask("mail.ready"):
        raise Rejected(words.problem("no-mail-server", words.NO_MAIL_SERVER))
    if by_letter:
        language = row["language"] or context.app.definition.languages[0]
        subject = localized(row["subject"], language)
        name = hashlib.sha256(row["key"].encode()).hexdigest()[:40]
        files = {"files": row["files"]} if row["files"] else {}
        context.later(
            "mail.send", key=f"mail.send:{name}", to=row["address"], name=row["name"] or "", subject=subject,
            text=localized(row["text"], language) or subject, message=name, form=row["form"], record=row["record"],
            **files,
        )  # fmt: skip
        return
    said = {"title": _said(row, "subject"), "text": _said(row, "text"), "values": row["values"]}
    to = row["address"] if row["user"] is None else row["user"]
    context.ask(
        "api.message", channel=row["channel"], to=(to,), form=row["form"], record=row["record"], key=row["key"],
        link=link_to(context, row["form"], row["record"]) if row["user"] is not None else "", **said,
    )  # fmt: skip


def _said(row: Mapping[str, Any], name: str) -> Any:
    """The words in the language of the recipient, where one was named; else in all, and the channel chooses."""
    return localized(row[name], row["language"]) if row["language"] else row[name]


OPERATIONS = (
    Operation(
        "rules.dispatch", dispatch, Dispatch, "internal", summary={"en": "Hand over a message", "zh-CN": "发送消息"}
    ),
)
