"""Words for people by whatever channel an app has: its own list, letters, a chat, a text message.

`api.message` is the one operation for it. A channel is `app`, `mail`, `push` (people's devices), or the name of a
connector whose kind reaches people. Recipients are people of the directory by their number, or addresses of the
channel's sort (a phone, a mail address, an account); a room needs none.
"""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.api import deliveries, sending
from lowcode.api.advice import advised
from lowcode.api.connectors.kind import BUILT_IN_CHANNELS, Button, Channel, Notice, Settled, channel_of
from lowcode.api.diagnostics import problem
from lowcode.api.plan import Target, plan_of
from lowcode.api.tables import account as account_table
from lowcode.api.tokens import Tokens
from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Nothing, Parameters
from lowcode.kernel.diagnostics import NotFound, Rejected, Text, localized, nearest

BUILT_IN = BUILT_IN_CHANNELS
REACHES = {"app": "account", "mail": "email", "push": "device"}
LOOK = {"en": "Open", "zh-CN": "查看"}
TRIAL = {"en": "A test", "zh-CN": "测试消息"}
TRIAL_TEXT = {"en": "This connector works.", "zh-CN": "连接正常。"}
ACCOUNTS = sa.select(account_table.c.user, account_table.c.account).where(
    account_table.c.connector == sa.bindparam("of_connector")
)
UNLINK = sa.delete(account_table).where(
    account_table.c.connector == sa.bindparam("of_connector"), account_table.c.account == sa.bindparam("of_account")
)


class Send(Parameters):
    """A message for people: `to` are numbers of the directory or addresses, `values` what a template of the channel
    needs besides, `picture` a PNG in base64 for channels that show pictures, `key` makes it go out once."""

    channel: str
    to: tuple[int | str, ...] = ()
    title: Any = ""
    text: Any = ""
    link: str = ""
    form: str | None = None
    record: int | None = None
    values: Mapping[str, Any] = Key(default_factory=dict)
    picture: str = ""
    key: str | None = None
    buttons: tuple[Mapping[str, Any], ...] = ()
    """What can be decided from the message: `{"title", "url"}` each."""
    status: Any = ""
    fleeting: bool = False
    """It holds something that lets its reader act: its words are taken out of the log as soon as it is delivered."""


class Settle(Parameters):
    """What a message asked for was decided: its delivery, the status in words, and whether it was a yes or a no.
    `locale`: the language of whoever it was sent to."""

    delivery: int
    status: Any
    locale: str | None = None
    outcome: Literal["yes", "no", "other"] = "other"


class Try(Parameters):
    """A connector to try out: to whom a channel writes, or the values of a message."""

    connector: str
    to: tuple[int | str, ...] = ()
    values: Mapping[str, Any] = Key(default_factory=dict)


class Consult(Parameters):
    """A question to the program behind a connector: the values of the message."""

    connector: str
    values: Mapping[str, Any] = Key(default_factory=dict)


class Link(Parameters):
    """Who somebody is at a service."""

    connector: str
    account: str = Key(min_length=1, max_length=600)
    login: str


def channels(context: Context, _: Nothing) -> Items:
    """The channels of the app, how each reaches people, and whether it shows pictures."""
    found: list[dict[str, Any]] = [
        {"name": name, "title": name, "reach": REACHES[name], "pictures": False} for name in BUILT_IN
    ]
    for target in plan_of(context).targets.values():
        channel = channel_of(target.kind, target.document)
        if channel is not None:
            title = localized(target.title, context.actor.locale)
            pictures = channel.show is not None
            found.append({"name": target.name, "title": title, "reach": channel.reach, "pictures": pictures})
    return {"items": found}


def send(context: Context, params: Send) -> dict[str, Any]:
    """Tell people by a channel: `{"deliveries": [number], "unreached": [whoever has no address there]}`."""
    if params.channel in BUILT_IN:
        return _built_in(context, params)
    target = plan_of(context).targets.get(params.channel)
    channel = channel_of(target.kind, target.document) if target is not None else None
    if target is None or channel is None:
        known = [*BUILT_IN, *(each["name"] for each in channels(context, Nothing())["items"])]
        raise NotFound(
            problem("no-channel", "/channel", name=params.channel, near=nearest(params.channel, known) or "")
        )
    unreached: list[int | str] = []
    made: list[int] = []
    for notice in _notices(context, params, target, channel, unreached):
        body = deliveries.written(context, target, channel.say(target.document, notice))
        once = _once(params, notice)
        event = deliveries.FLEETING if params.fleeting else "message"
        made.append(deliveries.put(context, target.name, body, event, params.form, params.record, once))
        shown = _picture(params, target, channel, notice)
        if shown is not None:
            body = deliveries.written(context, target, shown)
            made.append(
                deliveries.put(context, target.name, body, "message", params.form, params.record, once and f"{once}p")
            )
    return {"deliveries": made, "unreached": unreached}


def _button(written: Mapping[str, Any], locale: str) -> Button:
    return Button(_words(written["title"], locale), str(written["url"]))


def settle(context: Context, params: Settle) -> None:
    """Make a message say that what it asked for is decided, where its service can; one that has not gone out yet is not
    sent any more."""
    row = deliveries.settled(context, params.delivery)
    if row is None:
        return
    target = plan_of(context).targets.get(row["target"])
    channel = channel_of(target.kind, target.document) if target is not None else None
    if target is None or channel is None or channel.settle is None:
        return
    status = _words(params.status, params.locale or context.app.definition.languages[0])
    values = channel.settle(target.document, Settled(row["answer"] or "", status, params.outcome))
    if values is not None:
        body = deliveries.written(context, target, values)
        deliveries.put(context, target.name, body, "message", row["form"], row["record"], f"{row['message']}s")


def _picture(params: Send, target: Target, channel: Channel, notice: Notice) -> Mapping[str, Any] | None:
    """The values of the message that is the picture, where one is given and the channel takes it."""
    if not params.picture or channel.show is None:
        return None
    return channel.show(target.document, notice, base64.b64decode(params.picture))


def _once(params: Send, notice: Notice) -> str:
    """The number of the message, the same for the same key and people: it goes out once however often it is said."""
    if params.key is None:
        return ""
    about = f"{params.key}|{params.channel}|{notice.to}"
    return f"msg_{hashlib.sha256(about.encode()).hexdigest()[:32]}"


def _notices(
    context: Context, params: Send, target: Target, channel: Channel, unreached: list[int | str]
) -> Iterator[Notice]:
    """One notice per message: people who read the same language together, as many as the service takes at once."""
    by_locale: dict[str, list[str]] = {}
    first = context.app.definition.languages[0]
    for who, locale in _addressed(context, params, target, channel, unreached):
        by_locale.setdefault(locale or first, []).append(who)
    if not by_locale and channel.reach == "room":
        by_locale[first] = []
    for locale, addresses in by_locale.items():
        title, text = _words(params.title, locale), _words(params.text, locale)
        for at in range(0, max(1, len(addresses)), channel.most):
            part = tuple(addresses[at : at + channel.most])
            look, buttons = _words(LOOK, locale), tuple(_button(each, locale) for each in params.buttons)
            status = _words(params.status, locale)
            yield Notice(part, title, text or title, params.link, params.values, look, buttons, status)


def _words(text: Text, locale: str) -> str:
    return localized(text, locale) or ""


def _addressed(
    context: Context, params: Send, target: Target, channel: Channel, unreached: list[int | str]
) -> Iterator[tuple[str, str | None]]:
    """The address of each recipient, once, with the language; who has none is named in `unreached`."""
    people = context.host.directory(context.unit).users
    accounts: dict[int, str] = {}
    if channel.reach == "account" and any(isinstance(each, int) for each in params.to):
        accounts = {row["user"]: row["account"] for row in context.unit.fetch(ACCOUNTS, of_connector=target.name)}
    seen: set[str] = set()
    for each in params.to:
        person = people.get(each) if isinstance(each, int) else None
        address: str | None = each if isinstance(each, str) else None
        if person is not None and person.active:
            by = {"email": person.email, "phone": person.phone, "room": person.phone}
            address = accounts.get(person.id) if channel.reach == "account" else by[channel.reach]
        if not address:
            unreached.append(each)
        elif address not in seen:
            seen.add(address)
            yield address, person.locale if person is not None else None


def attempt(context: Context, params: Try, tokens: Tokens) -> dict[str, Any]:
    """Try a connector out, now: `{"done", "status", "answer", "error", "hint"}`; `hint` is what to do where the status
    says it. A channel sends a short message."""
    target = plan_of(context).targets.get(params.connector)
    if target is None:
        raise NotFound(problem("no-target", "/connector", name=params.connector))
    channel = channel_of(target.kind, target.document)
    values: Mapping[str, Any] = params.values
    if channel is not None:
        title, text = (localized(each, context.actor.locale) for each in (TRIAL, TRIAL_TEXT))
        unreached: list[int | str] = []
        asked = Send(channel=target.name, to=params.to, title=title, text=text, values=params.values)
        notice = next(_notices(context, asked, target, channel, unreached), None)
        if notice is None:
            raise Rejected(problem("unreached", "/to", name=target.name))
        values = channel.say(target.document, notice)
    body = deliveries.written(context, target, values)
    sent = sending.send(context, target, tokens, f"msg_{uuid.uuid4().hex}", body)
    hint = advised(sent.status) if sent.error is not None else None
    return {
        "done": sent.error is None, "status": sent.status, "answer": sent.answer, "error": _said(context, sent),
        "hint": None if hint is None else localized(hint, context.actor.locale),
    }  # fmt: skip


def consult(context: Context, params: Consult, tokens: Tokens) -> dict[str, Any]:
    """Ask now and answer with what was said: `{"answer", "error", "final"}`; for who needs the answer and not only that
    the message arrived. `final`: asking again would not change it."""
    target = plan_of(context).targets.get(params.connector)
    if target is None:
        raise NotFound(problem("no-target", "/connector", name=params.connector))
    body = deliveries.written(context, target, params.values)
    message = f"msg_{uuid.uuid4().hex}"
    sent = sending.send(context, target, tokens, message, body, kept=sending.CONSULT_KEPT)
    return {"answer": sent.answer, "error": _said(context, sent), "final": sent.final}


def _said(context: Context, sent: sending.Sent) -> str | None:
    """Why it was not sent, in the language of whoever asked."""
    return localized(sent.error, context.actor.locale) if sent.error is not None else None


def _built_in(context: Context, params: Send) -> dict[str, Any]:
    """By the list of notices in the app, or by letter."""
    people = [each for each in params.to if isinstance(each, int)]
    addresses = [each for each in params.to if isinstance(each, str)]
    told = {"title": params.title, "text": params.text or None, "form": params.form, "record": params.record}
    if params.channel == "app":
        context.ask("notifications.send", to=tuple(people), channels=("app",), key=params.key, **told)
        return {"deliveries": [], "unreached": addresses}
    if params.channel == "push":
        rung = context.as_app().ask("push.notify", to=tuple(people), once=params.key, **told)
        return {"deliveries": [], "unreached": [*rung["unreached"], *addresses]}
    directory = context.host.directory(context.unit).users
    unreached: list[int | str] = [each for each in people if each not in directory or not directory[each].email]
    context.ask("mail.notify", to=people, **told)
    first = context.app.definition.languages[0]
    for address in dict.fromkeys(addresses):
        subject, text = _words(params.title, first), _words(params.text, first)
        about = f"{params.key or context.now()}|{address}|{subject}|{text}"
        message = hashlib.sha256(about.encode()).hexdigest()[:40]
        context.later("mail.send", key=f"mail.send:{message}", to=address, subject=subject or text[:80],
                      text=text or subject, message=message, form=params.form, record=params.record)  # fmt: skip
    return {"deliveries": [], "unreached": unreached}


def link(context: Context, params: Link) -> None:
    """Say who somebody is at a service that messages go to or people sign in by."""
    plan = plan_of(context)
    if params.connector not in {*plan.targets, *plan.directories, *(each.accounts for each in plan.sign_ins.values())}:
        raise NotFound(problem("no-target", "/connector", name=params.connector))
    user = context.host.directory(context.unit).by_login.get(params.login)
    if user is None:
        raise Rejected(problem("no-person", "/login", login=params.login))
    remember(context, params.connector, params.account, user.id)


def remember(context: Context, connector: str, account: str, user: int) -> None:
    """Keep whose an account is."""
    context.unit.run(UNLINK, of_connector=connector, of_account=account)
    context.unit.insert(account_table, connector=connector, account=account, user=user)
