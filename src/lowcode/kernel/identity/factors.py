"""One's own second factor: setting it up, fresh recovery codes, forgetting browsers, taking it away; and a reset by an
administrator for whoever lost both authenticator and codes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, nearest
from lowcode.kernel.identity import second_factor as second
from lowcode.kernel.identity import throttle, totp
from lowcode.kernel.identity.passwords import fits as password_fits
from lowcode.kernel.identity.sessions import end_sessions
from lowcode.kernel.identity.words import problem
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t

LEFT = sa.select(sa.func.count().label("count")).where(t.recovery.c.user == sa.bindparam("user_id"))
DEVICES = sa.select(sa.func.count().label("count")).where(
    t.device.c.user == sa.bindparam("user_id"),
    t.device.c.expires_at > sa.bindparam("now_at", type_=t.device.c.expires_at.type),
)
NEXT = (
    sa.update(t.factor).where(t.factor.c.user == sa.bindparam("user_id")).values(next=sa.bindparam("new_secret"))
)  # fmt: skip
ALL = sa.select(t.factor.c.user, t.factor.c.confirmed_at).where(t.factor.c.confirmed_at.is_not(None))
SHOWN = 500
_LACKING = (
    sa.select(t.user.c.id, t.factor.c.asked_at)
    .join(t.membership, t.membership.c.user == t.user.c.id)
    .outerjoin(t.factor, t.factor.c.user == t.user.c.id)
    .where(t.user.c.active, t.membership.c.role.in_(sa.bindparam("of_roles", expanding=True)))
    .where(t.factor.c.confirmed_at.is_(None))
    .distinct()
)
LACKING = _LACKING.order_by(t.user.c.id).limit(SHOWN)
LACK = sa.select(sa.func.count().label("count")).select_from(_LACKING.subquery())
BY_LOGIN = sa.select(t.user.c.id).where(t.user.c.login == sa.bindparam("of_login"))


class SetUp(Parameters):
    """The password, and a code of the factor there is, if there is one."""

    password: str = Key("", max_length=1000)
    code: str = Key("", max_length=60)


class Code(Parameters):
    """A code of the authenticator, or a recovery code."""

    code: str = Key(max_length=60)


class Reset(Parameters):
    """Whose second factor is taken away."""

    login: str


def state(
    context: Context, _: Nothing
) -> Annotated[
    dict[str, Any], has(set_up=bool, since=str | None, required=bool, password=bool, recovery=int, devices=int)
]:
    """Whether there is one, whether it is needed, how many recovery codes are left and how many browsers remembered."""
    user, unit = _mine(context), context.unit
    row = unit.one(second.FACTOR, user_id=user)
    person = unit.one(second.PERSON, user_id=user)
    assert person is not None
    left, devices = unit.one(LEFT, user_id=user), unit.one(DEVICES, user_id=user, now_at=context.now())
    return {
        "set_up": row is not None and row["confirmed_at"] is not None,
        "since": row["confirmed_at"] if row is not None else None,
        "required": second.required(context, unit, user), "password": person["password"] is not None,
        "recovery": left["count"] if left else 0, "devices": devices["count"] if devices else 0,
    }  # fmt: skip


def set_up(context: Context, params: SetUp) -> Annotated[dict[str, Any], has(secret=str, address=str)]:
    """A new secret for an authenticator, `{"secret", "address"}`; it counts once its code was shown."""
    user = _mine(context)
    person = context.unit.one(second.PERSON, user_id=user)
    assert person is not None
    if person["password"] is not None:
        _check_password(context, person["login"], params.password, person["password"])
    row = context.unit.one(second.FACTOR, user_id=user)
    has = row is not None and row["confirmed_at"] is not None
    if has:
        _check_code(context, user, params.code, lambda unit: True)
    secret = second.sealed(context, user, totp.new_secret())

    def work(unit: Unit) -> None:
        if not unit.run(NEXT, user_id=user, new_secret=secret):
            unit.insert(t.factor, user=user, secret=None, next=secret, last_step=None, confirmed_at=None, asked_at=None)

    context.host.write(work)
    return second.offered(context, user, secret)


def confirm(context: Context, params: Code) -> Annotated[dict[str, Any], has(recovery=list[str])]:
    """The authenticator shows the right code: from now on it counts. The recovery codes are told this once."""
    user = _mine(context)
    row = context.unit.one(second.FACTOR, user_id=user)
    if row is None or row["next"] is None:
        raise Rejected(problem("nothing-to-confirm"))

    def check() -> Any:
        return context.host.write(lambda unit: second.confirmed(context, unit, user, row["next"], params.code))

    codes = second.guarded(context, user, "", check)
    if codes is None:
        raise Rejected(problem("wrong-code", "/code"))
    return {"recovery": codes}


def renew(context: Context, params: Code) -> Annotated[dict[str, Any], has(recovery=list[str])]:
    """Fresh recovery codes; the earlier ones serve no longer."""
    user = _mine(context)
    return {"recovery": _check_code(context, user, params.code, lambda unit: second.new_recovery(unit, user))}


def remove(context: Context, params: Code) -> None:
    """No second factor any longer, for whoever's role does not need one."""
    user = _mine(context)
    if second.required(context, context.unit, user):
        raise Forbidden(problem("factor-needed"))
    _check_code(context, user, params.code, lambda unit: _drop(unit, user))


def forget_devices(context: Context, _: Nothing) -> None:
    """Every browser is asked again."""
    context.unit.run(second.DROP_DEVICES, user_id=_mine(context))


def reset(context: Context, params: Reset) -> None:
    """Take somebody's second factor away, who lost it; all their sessions end, and they are told."""
    if context.actor.key:
        raise Forbidden(problem("not-by-key"))
    row = context.unit.one(BY_LOGIN, of_login=params.login)
    if row is None:
        near = nearest(params.login, context.host.directory(context.unit).by_login) or ""
        raise NotFound(problem("unknown", "/login", login=params.login, near=near))
    _drop(context.unit, row["id"])
    end_sessions(context, context.unit, row["id"])
    context.tell("identity.factor_reset", user=row["id"], login=params.login)


def held(context: Context, _: Nothing) -> Items:
    """Who has a second factor; whom the rules of the app ask for one and who has none, when they were first `asked` and
    `until` when they may sign in without (`missing`: the first five hundred of `missing_count`); and those rules
    (`roles`, `remember_days`, `grace_days`)."""
    rules = context.app.definition.second_factor
    rows = context.unit.fetch(LACKING, of_roles=list(rules.roles)) if rules.roles else []
    more = context.unit.one(LACK, of_roles=list(rules.roles)) if len(rows) == SHOWN else None
    return {
        "items": [{"user": row["user"], "since": row["confirmed_at"]} for row in context.unit.fetch(ALL)],
        "missing": [
            {"user": row["id"], "asked": row["asked_at"], "until": _until(context, row["asked_at"])} for row in rows
        ],
        "missing_count": len(rows) if more is None else more["count"],
        "roles": list(rules.roles), "remember_days": rules.remember_days, "grace_days": rules.grace_days,
    }  # fmt: skip


def _until(context: Context, asked: datetime | None) -> datetime | None:
    """Until when somebody may sign in without; None before they are first asked, and when it is over."""
    until = asked + timedelta(days=context.app.definition.second_factor.grace_days) if asked is not None else None
    return until if until is not None and until > context.now() else None


def _drop(unit: Unit, user: int) -> bool:
    for each in (second.CLEAR, second.DROP_RECOVERY, second.DROP_DEVICES):
        unit.run(each, user_id=user)
    return True


def _mine(context: Context) -> int:
    if context.actor.key:
        raise Forbidden(problem("not-by-key"))
    if context.actor.id is None:
        raise Forbidden(problem("not-by-key"))
    return context.actor.id


def _check_password(context: Context, login: str, sent: str, stored: str) -> None:
    claimed = throttle.claim(context, login, "")
    if not password_fits(sent, stored):
        raise Rejected(problem("wrong-own-password", "/password"))
    context.host.write(lambda unit: throttle.forgive(unit, claimed))


def _check_code(context: Context, user: int, code: str, then: Any) -> Any:
    """What follows from a right code, in the transaction that uses it up. Raises Rejected, TooManyRequests."""

    def work(unit: Unit) -> Any:
        return then(unit) if second.fits(context, unit, user, code) else None

    found = second.guarded(context, user, "", lambda: context.host.write(work))
    if found is None:
        raise Rejected(problem("wrong-code", "/code"))
    return found


OPERATIONS = (
    Operation("identity.pending", second.pending, second.PendingToken, "internal", writes=False),
    Operation("identity.show_factor", second.show, second.ShowFactor, "internal", writes=False),
    Operation("identity.put_off_factor", second.put_off, second.PendingToken, "internal", writes=False),
    Operation("identity.factor", state, writes=False, summary={"en": "My second factor", "zh-CN": "我的二次验证"}),
    Operation(
        "identity.set_up_factor", set_up, SetUp, writes=False,
        summary={"en": "Set up a second factor", "zh-CN": "设置二次验证"},
    ),
    Operation(
        "identity.confirm_factor", confirm, Code, writes=False,
        summary={"en": "Confirm a second factor", "zh-CN": "确认二次验证"},
    ),
    Operation(
        "identity.renew_recovery", renew, Code, writes=False,
        summary={"en": "Fresh recovery codes", "zh-CN": "重新生成恢复码"},
    ),
    Operation(
        "identity.remove_factor", remove, Code, writes=False,
        summary={"en": "Take my second factor away", "zh-CN": "停用二次验证"},
    ),
    Operation(
        "identity.forget_devices", forget_devices,
        summary={"en": "Ask in every browser again", "zh-CN": "忘记已信任的浏览器"},
    ),
    Operation(
        "identity.reset_factor", reset, Reset, "administrator",
        summary={"en": "Reset somebody's second factor", "zh-CN": "重置用户的二次验证"},
    ),
    Operation(
        "identity.factors", held, access="administrator", writes=False,
        summary={"en": "Who has a second factor", "zh-CN": "二次验证使用情况"},
    ),
)  # fmt: skip
