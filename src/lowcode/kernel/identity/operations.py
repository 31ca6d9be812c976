"""What can be asked about people: signing in and out, finding colleagues; `keeping` keeps the directory, `absences`
says who is away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Items, Page, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, Rejected, Unauthenticated, localized
from lowcode.kernel.identity import absences, hours, keeping, password_links, throttle
from lowcode.kernel.identity.directory import User
from lowcode.kernel.identity.keeping import long_enough
from lowcode.kernel.identity.org import directory
from lowcode.kernel.identity.passwords import fits, hashed, stale
from lowcode.kernel.identity.second_factor import enter
from lowcode.kernel.identity.sessions import Came, end_session, end_sessions
from lowcode.kernel.identity.tokens import digest
from lowcode.kernel.identity.words import problem
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.pinyin import spelt

USER = sa.select(t.user).where(t.user.c.login == sa.bindparam("login"))
REHASH = sa.update(t.user).where(t.user.c.id == sa.bindparam("user_id")).values(password=sa.bindparam("new_hash"))
LOCALE = sa.update(t.user).where(t.user.c.id == sa.bindparam("user_id")).values(locale=sa.bindparam("new_locale"))
SESSION = sa.select(t.session).where(t.session.c.token == sa.bindparam("digest"))


class SignIn(Parameters):
    """A name and a password."""

    login: str = Key(max_length=200)
    password: str = Key(max_length=1000)
    address: str = ""
    """Where it comes from, as the door knows it."""
    device: str = ""
    """What a browser shows that need not be asked for a second factor."""


class ChangePassword(Parameters):
    """The password that is, and the one to be."""

    old: str = Key(max_length=1000)
    new: str = Key(max_length=1000)


class Token(Parameters):
    """A session's secret."""

    token: str


class Locale(Parameters):
    """A language tag."""

    locale: str = Key(max_length=35)


class People(Parameters):
    """Which colleagues."""

    search: str | None = None
    ids: tuple[int, ...] = ()
    role: str | None = None
    department: int | None = None
    inactive: bool = False
    """Those too who left."""
    limit: int = Key(50, ge=1, le=500)


class Listed(Parameters):
    """Which people of the directory, and from where on."""

    search: str | None = None
    inactive: bool = False
    """Those too who left."""
    after: int = 0
    """Those that come after the one of this number."""
    limit: int = Key(100, ge=1, le=500)


def sign_in(context: Context, params: SignIn) -> Annotated[dict[str, Any], has()]:
    """Begin a session; its secrets are known to the person alone. Where a second factor is still missing, the answer
    is `{"pending": token}`. Raises TooManyRequests, Unauthenticated.

    A password takes long to check on purpose, so it is checked outside of a transaction: before it the attempt is
    counted as a failure, in one of its own, and after it the session is written."""
    with throttle.in_turn(context, params.login):
        return _signed_in(context, params)


def _signed_in(context: Context, params: SignIn) -> dict[str, Any]:
    claimed = throttle.claim(context, params.login, params.address)
    found = context.unit.one(USER, login=params.login)
    if not fits(params.password, found["password"] if found and found["active"] else None):
        try:
            vouched = _vouched(context, params)
        except Unauthenticated:  # who could say is away: nobody else at this address waits for that
            context.host.write(lambda unit: throttle.forgive(unit, claimed, proven=False))
            raise
        if vouched is None:
            raise Unauthenticated(problem("wrong-password", "/password"))
        return _entered(context, params, vouched, claimed)
    assert found is not None
    renewed = hashed(params.password) if stale(found["password"]) else None

    def work(unit: Unit) -> dict[str, Any]:
        throttle.forgive(unit, claimed)
        if renewed is not None:
            unit.run(REHASH, user_id=found["id"], new_hash=renewed)
        return enter(context, unit, found["id"], device=params.device)

    made: dict[str, Any] = context.host.write(work)
    return made


def _vouched(context: Context, params: SignIn) -> dict[str, Any] | None:
    """Whom the login and password belong to at another service, or why that lets nobody in (`refused`);
    None when nobody."""
    for name in sorted(each for each in context.app.operations if each.endswith(".vouch")):
        found: dict[str, Any] | None = context.as_app().ask(name, login=params.login, password=params.password)
        if found is not None:
            return found
    return None


def _entered(context: Context, params: SignIn, vouched: Mapping[str, Any], claimed: throttle.Claim) -> dict[str, Any]:
    """A session for whom another service vouches, or what is still missing for one. Raises Unauthenticated."""

    def work(unit: Unit) -> dict[str, Any] | None:
        throttle.forgive(unit, claimed)
        if "refused" in vouched:
            return None
        user, method = vouched["user"], vouched["method"]
        return enter(context, unit, user, Came(method), device=params.device, proven=vouched["proven"])

    made: dict[str, Any] | None = context.host.write(work)
    if made is None:
        raise Unauthenticated(vouched["refused"])
    return made


def change_password(context: Context, params: ChangePassword) -> None:
    """A new password, for whoever knows the old one. Every session of the person ends: one may be a thief's."""
    login = context.actor.login
    if context.actor.key:
        raise Forbidden(problem("not-by-key"))
    claimed = throttle.claim(context, login, "")
    found = context.unit.one(USER, login=login)
    if found is None or not fits(params.old, found["password"]):
        raise Rejected(problem("wrong-own-password", "/old"))
    context.host.write(lambda unit: throttle.forgive(unit, claimed))
    long_enough(context, params.new, "/new")
    new_hash = hashed(params.new)

    def work(unit: Unit) -> None:
        unit.run(REHASH, user_id=found["id"], new_hash=new_hash)
        end_sessions(context, unit, found["id"])

    context.host.write(work)


def sign_out(context: Context, params: Token) -> None:
    """End a session."""
    end_session(context.unit, digest(params.token))
    context.host.forget_directory(context.unit)


def session_of(context: Context, params: Token) -> dict[str, Any] | None:
    """The session of a secret, while it lasts."""
    found = context.unit.one(SESSION, digest=digest(params.token))
    return found if found is not None and found["expires_at"] > context.now() else None


def set_locale(context: Context, params: Locale) -> None:
    """Remember a person's language."""
    context.unit.run(LOCALE, user_id=context.actor.id, new_locale=params.locale)
    context.host.forget_directory(context.unit)


def _is_called(user: User, words: str) -> bool:
    """Whether a person is found by what somebody typed: part of the name or the login, or how the name is spelt, whole
    or by its initials."""
    if words in user.name.lower() or words in user.login.lower():
        return True
    letters = words.replace(" ", "").replace("'", "")
    return letters.isascii() and any(each.startswith(letters) for each in spelt(user.name) if letters)


def people(context: Context, params: People) -> Items:
    """Colleagues, for pickers."""
    everybody = directory(context)
    found = []
    words = (params.search or "").strip().lower()
    for user in sorted(everybody.users.values(), key=lambda each: each.id):
        if params.ids and user.id not in params.ids:
            continue
        if not params.ids and not params.inactive and not user.active:
            continue
        if params.role is not None and params.role not in user.roles:
            continue
        if params.department is not None and user.department != params.department:
            continue
        if words and not _is_called(user, words):
            continue
        department = everybody.departments.get(user.department) if user.department is not None else None
        found.append(
            {
                "id": user.id, "login": user.login, "label": user.name,
                "title": localized(user.title, context.actor.locale),
                "department": localized(department.title, context.actor.locale) if department else None,
            }
        )  # fmt: skip
    return {"items": found[: params.limit]}


def listed(context: Context, params: Listed) -> Page:
    """People as whoever keeps the directory sees them, a page of them by their numbers; `next` is what to go on after.
    What they are called by elsewhere, their department and manager, is what `identity.save_person` takes."""
    everybody = directory(context)
    words = (params.search or "").strip().lower()
    found = [
        user
        for _, user in sorted(everybody.users.items())
        if user.id > params.after and (user.active or params.inactive) and (not words or _is_called(user, words))
    ]
    shown = found[: params.limit]
    names = {each.id: each.name for each in everybody.departments.values()}
    logins: dict[int | None, str] = {each.id: each.login for each in everybody.users.values()}
    return {
        "items": [
            {
                "id": each.id, "login": each.login, "name": each.name, "title": each.title, "email": each.email,
                "phone": each.phone, "locale": each.locale, "active": each.active,
                "department": names.get(each.department or 0),
                "manager": logins.get(each.manager),
                "roles": sorted(each.roles),
            }
            for each in shown
        ],
        "next": shown[-1].id if len(found) > len(shown) else None,
        "departments": [
            {
                "name": each.name, "title": each.title, "parent": names.get(each.parent or 0),
                "head": logins.get(each.head),
            }
            for each in everybody.departments.values()
        ],
    }  # fmt: skip


def departments(context: Context, _: Nothing) -> Items:
    """Every department."""
    found = directory(context).departments.values()
    return {
        "items": [
            {
                "id": each.id,
                "label": localized(each.title, context.actor.locale),
                "parent": each.parent,
                "head": each.head,
            }
            for each in found
        ]
    }


OPERATIONS = (
    Operation("identity.sign_in", sign_in, SignIn, "anyone", writes=False, summary={"en": "Sign in", "zh-CN": "登录"}),
    Operation(
        "identity.change_password", change_password, ChangePassword, writes=False,
        summary={"en": "Change my password", "zh-CN": "修改密码"},
    ),
    Operation("identity.sign_out", sign_out, Token, "anyone", summary={"en": "Sign out", "zh-CN": "退出"}),
    Operation("identity.session", session_of, Token, "internal", writes=False),
    Operation("identity.set_locale", set_locale, Locale, summary={"en": "Choose a language", "zh-CN": "选择语言"}),
    Operation("identity.people", people, People, writes=False, summary={"en": "Find colleagues", "zh-CN": "查找同事"}),
    Operation(
        "identity.directory", listed, Listed, "administrator", writes=False,
        summary={"en": "List people and departments", "zh-CN": "列出人员与部门"},
    ),
    Operation("identity.departments", departments, writes=False, summary={"en": "Departments", "zh-CN": "部门"}),
    *keeping.OPERATIONS,
    *password_links.OPERATIONS,
    *absences.OPERATIONS,
    *hours.OPERATIONS,
)  # fmt: skip
