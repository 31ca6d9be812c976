"""Brings a notice to the devices of its people: words in each person's language, a job for each device, tried again
until they are too old, and one that is there already replaced by what is newer of the same matter."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api import outward
from lowcode.api.diagnostics import problem
from lowcode.api.push import services
from lowcode.api.push.devices import LASTS, MINE, OF_SESSION, SUBSCRIPTION, OneDevice, by_person, opened
from lowcode.api.push.encryption import MOST, encrypt
from lowcode.api.push.keys import decoded, hidden, pairs_of, proof
from lowcode.kernel.contract import BATCH, Context, Outcome, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, localized
from lowcode.kernel.events import notices, together
from lowcode.kernel.events.deliver import BACKOFF
from lowcode.kernel.identity.rates import Rates
from lowcode.kernel.storage import sealing
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.listed import id_in
from lowcode.kernel.storage.types import json_text

TITLE, TEXT = 120, 500
"""Characters that a device shows of a notice; what is longer is read in the app."""
LIVES = {"low": timedelta(hours=4), "normal": timedelta(days=1), "high": timedelta(days=3)}
"""How long a push service keeps a message for a device that is off, and how long it is tried."""
TIMEOUT = 20
LONGEST_WAIT = 86_400
TRIES_A_MINUTE = 6
TRIAL = {"en": "Notices reach this device", "zh-CN": "此设备可以收到通知"}
TRIAL_TEXT = {"en": "This is a test.", "zh-CN": "这是一条测试通知。"}
THE_ONE = (
    SUBSCRIPTION.id == sa.bindparam("of_id"),
    SUBSCRIPTION.user == sa.bindparam("of_user"),
    SUBSCRIPTION.digest == sa.bindparam("of_digest"),
)
"""The device that a message was meant for, and nothing that has its number since."""
ONE = sa.select(*SUBSCRIPTION).select_from(OF_SESSION).where(*THE_ONE, LASTS)
GONE = sa.delete(t.push_subscription).where(*THE_ONE)
REACHED = (
    sa.update(t.push_subscription)
    .where(*THE_ONE)
    .values(reached_at=sa.bindparam("at", type_=SUBSCRIPTION.reached_at.type))
)
Urgency = Literal["low", "normal", "high"]


class Notify(Parameters):
    """A notice for the devices of people. `once` is the key it has in the app; `chosen`: a definition sends it there,
    so that a device that shows only such ones does."""

    to: tuple[int, ...]
    title: Any
    text: Any = None
    form: str | None = None
    record: int | None = None
    records: tuple[int, ...] | None = None
    once: str | None = None
    chosen: bool = True
    urgency: Urgency = "normal"


class Device(Parameters):
    """A device: its number, whose it is, and the digest of its endpoint. All three are asked for, as a notice is for
    one person: meanwhile the browser may be somebody else's, and the number another browser's."""

    device: int
    user: int
    digest: str


class Push(Device):
    """What one device is to show: `go` is the place in the page that it leads to, `tag` what it replaces. It is worth
    sending until `until`; `brief`: without its text, as the push service would not take it all; `attempt`: so often
    the push service was busy."""

    title: str
    text: str = ""
    form: str | None = None
    record: int | None = None
    records: tuple[int, ...] | None = None
    """What it is about: it is not sent once that is erased."""
    go: str = ""
    tag: str
    urgency: Urgency = "normal"
    until: datetime
    brief: bool = False
    attempt: int = 0


class Again(Push):
    """The same once more, after so many seconds."""

    seconds: int = Key(0, ge=0)


class Gone(Device):
    """A device that is there no more."""


class Reached(Device):
    """A device that was reached."""

    at: datetime


def notify(context: Context, params: Notify) -> dict[str, Any]:
    """A message for each device of these people: `{"devices": how many, "unreached": [who has none]}`."""
    directory = context.host.directory(context.unit)
    people = [each for each in dict.fromkeys(params.to) if each in directory.active]
    rows = context.unit.fetch(
        _of_people(context.unit.database.dialect_name), ids=json_text(people), now_at=context.now()
    )
    if not rows:
        return {"devices": 0, "unreached": list(params.to)}
    shown_to: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        if params.chosen or row["notices"] == "all":
            shown_to.setdefault(row["user"], []).append(row)
    until, tag, made = context.now() + LIVES[params.urgency], _tag(context, params), 0
    for user, shown in shown_to.items():
        locale = directory.users[user].locale or context.app.definition.languages[0]
        title, text = (_short(params.title, locale, TITLE), _short(params.text, locale, TEXT))
        go = _place(context, params, user, title)
        for row in shown:
            context.as_app().later(
                "push.send", **_device(row), title=title, text=text, go=go, tag=tag, urgency=params.urgency,
                until=until, form=params.form, record=params.record, records=params.records,
            )  # fmt: skip
            made += 1
    reachable = {row["user"] for row in rows}
    return {"devices": made, "unreached": [each for each in params.to if each not in reachable]}


def _device(row: Mapping[str, Any]) -> dict[str, Any]:
    """What says which device a message is for."""
    return {"device": row["id"], "user": row["user"], "digest": row["digest"]}


def _asked(params: Device) -> dict[str, Any]:
    return {"of_id": params.device, "of_user": params.user, "of_digest": params.digest}


def _of_people(dialect: str) -> Any:
    return (
        sa.select(*SUBSCRIPTION).select_from(OF_SESSION).where(id_in(SUBSCRIPTION.user, dialect), LASTS)
        .order_by(SUBSCRIPTION.id)
    )  # fmt: skip


def _short(text: Any, locale: str, most: int) -> str:
    """As much of a text as a device shows."""
    found = (localized(text, locale) or "").strip()
    return found if len(found) <= most else f"{found[: most - 1].rstrip()}…"


def _place(context: Context, params: Notify, user: int, title: str) -> str:
    """Where a press on the notice leads this person: to their task, the record, or the list of several."""
    if params.records:
        listed = together.listed({"form": params.form, "records": params.records})
        return f"#/records/{listed['form']}?{urlencode({'where': listed['where'], 'title': title})}"
    if params.form is None or params.record is None:
        return ""
    if params.once is not None:
        try:
            task = notices.led_to(context.as_user(user), (params.once,)).get(params.once)
        except Forbidden:
            task = None
        if task is not None:
            return f"#/tasks/open/{task}"
    return f"#/records/{params.form}/{params.record}"


def _tag(context: Context, params: Notify) -> str:
    """What a newer notice of the same matter replaces: it is of the same batch, about the same record, or has the same
    key. 32 characters from which nobody reads the matter (RFC 8030, 5.4: the push service sees it)."""
    about = params.once or str(context.now())
    if not about.startswith(BATCH) and params.form is not None and params.record is not None:
        about = f"{params.form}/{params.record}"
    return hidden(context.host, about)


def send(context: Context, params: Push) -> Outcome:
    """One attempt to bring a message to a device, outside of any transaction; what came of it is written afterwards."""
    now = context.now()
    row = context.unit.one(ONE, **_asked(params), now_at=now)
    forgotten = Outcome(None, (("push.gone", _named(params)),))
    if row is None:
        return forgotten
    if params.until <= now:
        return Outcome()
    pair = pairs_of(context.host).get(row["server_key"])
    try:
        address = opened(context, row)
    except sealing.SealError:
        return forgotten
    if pair is None or context.host.directory(context.unit).actor(row["user"]) is None:
        return forgotten
    services.check(context.host, address["endpoint"])
    headers = {
        "Authorization": proof(context.host, pair, address["endpoint"], now),
        "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream", "User-Agent": "lowcode",
        "TTL": str(int((params.until - now).total_seconds())), "Urgency": params.urgency, "Topic": params.tag,
    }  # fmt: skip
    body = encrypt(_content(params), decoded(address["p256dh"]), decoded(address["auth"]))
    answer = outward.send(
        address["endpoint"], "POST", headers, body, timeout=TIMEOUT, allowed=context.host.allow_private
    )
    return _judged(params, answer, now)


def _named(params: Device) -> dict[str, Any]:
    return {name: getattr(params, name) for name in Device.model_fields}


def _content(params: Push) -> bytes:
    """What the worker of the page is given."""
    text = "" if params.brief else params.text
    said = {"title": params.title, "text": text, "go": params.go, "tag": params.tag}
    found = json.dumps(said, ensure_ascii=False).encode()
    return found if len(found) <= MOST else json.dumps({**said, "text": "", "go": ""}, ensure_ascii=False).encode()


def _judged(params: Push, answer: outward.Answer, now: datetime) -> Outcome:
    """What an answer of a push service means (RFC 8030). Raises Rejected for what no later attempt changes, OSError for
    what is tried again."""
    status = answer.status
    if 200 <= status < 300:
        return Outcome(None, (("push.reached", {**_named(params), "at": now}),))
    if status in (404, 410):
        return Outcome(None, (("push.gone", _named(params)),))
    sent = params.model_dump()
    if status == 413 and not params.brief:
        return Outcome(None, (("push.again", {**sent, "brief": True}),))
    if (status == 429 or status >= 500) and answer.retry_after is not None:
        step = BACKOFF[min(params.attempt, len(BACKOFF) - 1)]
        wait = min(max(answer.retry_after, step), LONGEST_WAIT)
        return Outcome(None, (("push.again", {**sent, "attempt": params.attempt + 1, "seconds": wait}),))
    if status == 429 or status >= 500:
        raise OSError(f"the push service answered {status}")
    raise Rejected(problem("push-refused", status=status, reason=answer.text[:300].strip()))


def again(context: Context, params: Again) -> None:
    """Once more, when the push service wants it and not sooner than who is away is asked again, unless it is too old by
    then."""
    at = context.now() + timedelta(seconds=params.seconds)
    if at < params.until:
        sent = {name: getattr(params, name) for name in Push.model_fields}
        context.as_app().later("push.send", at=at, **sent)


def gone(context: Context, params: Gone) -> None:
    """The browser took its subscription back, or its session is over."""
    if context.unit.run(GONE, **_asked(params)):
        context.host.forget_directory(context.unit)


def reached(context: Context, params: Reached) -> None:
    """Write down when a device was reached last."""
    context.unit.run(REACHED, **_asked(params), at=params.at)


def attempt(context: Context, params: OneDevice, rates: Rates) -> None:
    """A test for a device of one's own."""
    by_person(context)
    rates.take(f"push {context.actor.id}", TRIES_A_MINUTE, context.now(), "api.too-many")
    row = next(_found(context, params.id), None)
    if row is None:
        raise NotFound(problem("push-no-device", "/id"))
    title, text = (localized(each, context.actor.locale) or "" for each in (TRIAL, TRIAL_TEXT))
    context.as_app().later(
        "push.send", **_device(row), title=title, text=text, tag=hidden(context.host, row["digest"]),
        urgency="high", until=context.now() + timedelta(minutes=10),
    )  # fmt: skip


def _found(context: Context, identity: int) -> Iterator[Mapping[str, Any]]:
    rows = context.unit.fetch(MINE, me=context.actor.id, now_at=context.now())
    return (row for row in rows if row["id"] == identity)
