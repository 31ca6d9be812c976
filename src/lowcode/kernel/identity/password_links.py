"""A password by a letter: whoever forgot theirs asks for a link, an administrator sends one to somebody new, and who
has the letter chooses the password.

Nobody learns who is there by asking: the answer is the same and takes as long, because who is meant is looked up by a
job. A link serves once and for a while; a newer one, another password and the end of all sessions end it. Somebody who
signs in by another service alone has no password here, and gets no link by asking for one. A second factor is asked for
afterwards, as ever. Decision 0250.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.kernel.identity import throttle
from lowcode.kernel.identity.directory import User
from lowcode.kernel.identity.keeping import long_enough, user_called
from lowcode.kernel.identity.org import directory
from lowcode.kernel.identity.passwords import hashed
from lowcode.kernel.identity.sessions import end_sessions
from lowcode.kernel.identity.tokens import digest, fresh
from lowcode.kernel.identity.words import LETTERS, problem
from lowcode.kernel.links import public_url
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t

ASKED_FOR = timedelta(hours=1)
INVITED = timedelta(days=7)
PLACE = "#/password/"
"""The place of the page that asks for the new password. What stands behind `#` is sent to no server."""
FIND = sa.select(t.password_link).where(t.password_link.c.token == sa.bindparam("digest"))
LOCK = FIND.with_for_update()
END = sa.delete(t.password_link).where(
    (t.password_link.c.user == sa.bindparam("user_id"))
    | (t.password_link.c.expires_at < sa.bindparam("now_at", type_=t.password_link.c.expires_at.type))
)
PASSWORD = sa.select(t.user.c.password).where(t.user.c.id == sa.bindparam("user_id"))
CHANGE = sa.update(t.user).where(t.user.c.id == sa.bindparam("user_id")).values(password=sa.bindparam("new_hash"))


class AskLink(Parameters):
    """Who somebody says they are: a login, or an e-mail address that one person alone has."""

    name: str = Key(min_length=1, max_length=320)
    address: str = ""
    """Where it comes from, as the door knows it."""


class Meant(Parameters):
    """What somebody typed."""

    name: str


class Invite(Parameters):
    """A person, by login."""

    login: str


class UseLink(Parameters):
    """The word of a link, and the password to be."""

    token: str = Key(max_length=200)
    new: str = Key(max_length=1000)
    address: str = ""


def offered(host: Any) -> bool:
    """Whether links can be sent: somebody sends letters, and the host says where its page is."""
    ready = "mail.ready" in host.app.operations and host.ask(host.app_actor, "mail.ready")
    return bool(ready) and bool(public_url(host))


def ask_link(context: Context, params: AskLink) -> None:
    """Send a link to whoever is called so, if anybody is. Raises TooManyRequests, or Rejected: no mail server."""
    host: Any = context.host
    name = params.name.strip()
    throttle.claim(context, name, params.address, "letter ")
    if not offered(host):
        raise Rejected(problem("no-letters"))
    host.write(lambda unit: host.context(unit, host.app_actor).later("identity.send_password_link", name=name))


def send_link(context: Context, params: Meant) -> None:
    """The letter to the one who is meant; nobody hears where nobody is, or where their password is not kept here."""
    user = _called(context, params.name)
    if user is None or not user.email or not user.active:
        return
    found = context.unit.one(PASSWORD, user_id=user.id)
    if found is not None and found["password"] is not None:
        _write(context, user, "link", ASKED_FOR)


def invite(context: Context, params: Invite) -> None:
    """Send a link to somebody who is to choose their first password, or another. Raises Rejected where that cannot be:
    no letters are sent, there is no address, or the person has left."""
    everybody = directory(context)
    user = everybody.users[user_called(everybody, params.login, "/login")]
    if not offered(context.host):
        raise Rejected(problem("no-letters"))
    if not user.active:
        raise Rejected(problem("invited-left", "/login", name=user.name))
    if not user.email:
        raise Rejected(problem("invited-nowhere", "/login", name=user.name))
    _write(context, user, "invitation", INVITED)


def use_link(context: Context, params: UseLink) -> Annotated[dict[str, Any], has(login=str)]:
    """Set the password of whoever the link is for, and end every session of theirs; `{"login"}` says whom it belongs
    to. Raises Rejected for a link that serves no longer, TooManyRequests for who tries many.

    As at a sign-in, what takes long stands outside of the transaction."""
    host: Any = context.host
    known = digest(params.token)
    claimed = throttle.claim(context, known, params.address, "link ")
    found = context.unit.one(FIND, digest=known)
    if found is None or found["expires_at"] <= context.now():
        raise Rejected(problem("link-over"))
    long_enough(context, params.new, "/new")
    new_hash = hashed(params.new)

    def work(unit: Unit) -> dict[str, Any]:
        rows = unit.locked(LOCK, digest=known)
        user = directory(context).users.get(found["user"])
        if not rows or user is None or not user.active:
            raise Rejected(problem("link-over"))
        throttle.forgive(unit, claimed)
        unit.run(CHANGE, user_id=user.id, new_hash=new_hash)
        end_sessions(context, unit, user.id)
        return {"login": user.login}

    made: dict[str, Any] = host.write(work)
    return made


def _called(context: Context, name: str) -> User | None:
    everybody = directory(context)
    by_login = everybody.by_login.get(name)
    if by_login is not None:
        return by_login
    there = [each for each in everybody.users.values() if each.active and (each.email or "").lower() == name.lower()]
    return there[0] if len(there) == 1 else None


def _write(context: Context, user: User, kind: str, lasts: timedelta) -> None:
    """The link and its letter; of a person one link serves, the newest."""
    host: Any = context.host
    token, now = fresh(), context.now()
    context.unit.run(END, user_id=user.id, now_at=now)
    context.unit.insert(t.password_link, token=digest(token), user=user.id, expires_at=now + lasts)
    app = localized(host.app.definition.called, user.locale)
    until = f"{(now + lasts).astimezone(host.app.zone):%Y-%m-%d %H:%M}"
    subject, text = (localized(LETTERS[f"{kind}-{part}"], user.locale) for part in ("subject", "text"))
    told = {"name": user.name, "login": user.login, "app": app, "until": until}
    context.later(
        "mail.send", to=user.email, name=user.name, subject=subject.format(**told),
        text=text.format(**told, link=f"{public_url(host)}/{PLACE}{token}"), message=digest(f"letter {token}")[:40],
    )  # fmt: skip


OPERATIONS = (
    Operation(
        "identity.ask_password_link", ask_link, AskLink, "anyone", writes=False,
        summary={"en": "Send me a link to set my password", "zh-CN": "发送重设密码的链接"},
    ),
    Operation("identity.send_password_link", send_link, Meant, "internal", sealed=True),
    Operation(
        "identity.use_password_link", use_link, UseLink, "anyone", writes=False,
        summary={"en": "Set my password by a link", "zh-CN": "通过链接设置密码"},
    ),
    Operation(
        "identity.invite", invite, Invite, "administrator",
        summary={"en": "Send somebody a link to choose their password", "zh-CN": "发送设置密码的邀请"},
    ),
)  # fmt: skip
