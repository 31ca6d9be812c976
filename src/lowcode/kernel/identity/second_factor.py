"""The second step of signing in: who has a second factor, or needs one by their role, shows it before a session begins.

Whoever showed the first factor gets a *pending* sign-in of ten minutes, known to their browser alone. It becomes a
session with a code of the authenticator (each code serves once), or a recovery code (each serves once). Who needs a
factor and has none sets one up on the way. Guessing is slowed down as with passwords, and a right password forgets no
wrong code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import Field as Key
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Rejected, Unauthenticated, localized
from lowcode.kernel.identity import throttle, totp
from lowcode.kernel.identity.sessions import BY_PASSWORD, Came, begin_session
from lowcode.kernel.identity.tokens import digest, fresh
from lowcode.kernel.identity.words import problem
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.crypto import SECRET, Keyring, possible

WAY = timedelta(minutes=10)
RECOVERY_CODES = 10

PERSON = sa.select(t.user).where(t.user.c.id == sa.bindparam("user_id"))
ROLES = sa.select(t.membership.c.role).where(t.membership.c.user == sa.bindparam("user_id"))
FACTOR = sa.select(t.factor).where(t.factor.c.user == sa.bindparam("user_id"))
DROP_RECOVERY = sa.delete(t.recovery).where(t.recovery.c.user == sa.bindparam("user_id"))
DROP_DEVICES = sa.delete(t.device).where(t.device.c.user == sa.bindparam("user_id"))
PENDING = sa.select(t.pending).where(t.pending.c.token == sa.bindparam("of_token"))
TAKE = sa.delete(t.pending).where(t.pending.c.token == sa.bindparam("of_token"))
OLD_PENDING = sa.delete(t.pending).where(
    t.pending.c.expires_at < sa.bindparam("now_at", type_=t.pending.c.expires_at.type)
)
DEVICE = sa.select(t.device).where(t.device.c.token == sa.bindparam("of_token"))
OLD_DEVICES = sa.delete(t.device).where(
    t.device.c.expires_at < sa.bindparam("now_at", type_=t.device.c.expires_at.type)
)
ASKED = (
    sa.update(t.factor)
    .where(t.factor.c.user == sa.bindparam("user_id"), t.factor.c.asked_at.is_(None))
    .values(asked_at=sa.bindparam("now_at", type_=t.factor.c.asked_at.type))
)
CLEAR = (
    sa.update(t.factor)
    .where(t.factor.c.user == sa.bindparam("user_id"))
    .values(secret=None, next=None, last_step=None, confirmed_at=None)
)
STEP = (
    sa.update(t.factor)
    .where(t.factor.c.user == sa.bindparam("user_id"))
    .where(sa.or_(t.factor.c.last_step.is_(None), t.factor.c.last_step < sa.bindparam("new_step", type_=sa.BigInteger)))
    .values(last_step=sa.bindparam("new_step", type_=sa.BigInteger))
)
USE_RECOVERY = sa.delete(t.recovery).where(
    t.recovery.c.user == sa.bindparam("user_id"), t.recovery.c.digest == sa.bindparam("of_digest")
)


class PendingToken(Parameters):
    """A sign-in that is half done, as its browser knows it."""

    token: str


class ShowFactor(Parameters):
    """The second factor of a sign-in that is half done."""

    token: str
    code: str = Key(max_length=60)
    remember: bool = False
    address: str = ""


def enter(
    context: Context,
    unit: Unit,
    user: int,
    came: Came = BY_PASSWORD,
    *,
    device: str = "",
    place: str = "",
    proven: bool = False,
) -> dict[str, Any]:
    """A session for somebody who showed the first factor, or `{"pending": token}` while the second is missing.

    `proven`: the service they came by has asked for a second factor itself."""
    now = context.now()
    has = _has(unit, user)
    if proven or not (has or required(context, unit, user)):
        return begin_session(unit, now, user, came)
    if has and device:
        known = unit.one(DEVICE, of_token=digest(device))
        if known is not None and known["user"] == user and known["expires_at"] > now:
            return begin_session(unit, now, user, came)
    token = fresh()
    secret = None if has else sealed(context, user, totp.new_secret())
    unit.run(OLD_PENDING, now_at=now)
    if not has and not unit.run(ASKED, user_id=user, now_at=now):
        begin = context.host.cached("factor-begin", lambda: _begin(unit.database.dialect_name))
        unit.run(begin, user=user, secret=None, next=None, last_step=None, confirmed_at=None, asked_at=now)
    unit.insert(
        t.pending, token=digest(token), user=user, method=came.method, place=place, secret=secret,
        expires_at=now + WAY, known_as=came.known_as, said=dict(came.said) if came.said else None,
    )  # fmt: skip
    return {"pending": token, "user": user}


def _begin(dialect: str) -> Any:
    """The row of somebody who was asked, unless it is there: they may come by two browsers at one moment."""
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values = {column.name: sa.bindparam(column.name, type_=column.type) for column in t.factor.columns}
    return make(t.factor).values(values).on_conflict_do_nothing(index_elements=["user"])


def required(context: Context, unit: Unit, user: int) -> bool:
    """Whether somebody's roles ask for a second factor."""
    roles = set(context.app.definition.second_factor.roles)
    return bool(roles) and any(row["role"] in roles for row in unit.fetch(ROLES, user_id=user))


def pending(context: Context, params: PendingToken) -> dict[str, Any] | None:
    """What is missing: `{"step": "code"}`, or `{"step": "setup"}` with what an authenticator takes; None when nothing
    is on the way."""
    row = _pending(context, params.token)
    if row is None:
        return None
    days = context.app.definition.second_factor.remember_days
    if row["secret"] is None:
        return {"step": "code", "remember_days": days}
    until = grace(context, row["user"])
    return {"step": "setup", "remember_days": days, "until": until, **offered(context, row["user"], row["secret"])}


def grace(context: Context, user: int) -> datetime | None:
    """Until when somebody who needs a factor, and has none, may sign in without; None where they may not (any more)."""
    days = context.app.definition.second_factor.grace_days
    row = context.unit.one(FACTOR, user_id=user) if days else None
    if row is None or row["asked_at"] is None or row["confirmed_at"] is not None:
        return None
    until: datetime = row["asked_at"] + timedelta(days=days)
    return until if until > context.now() else None


def put_off(context: Context, params: PendingToken) -> dict[str, Any]:
    """The session of somebody who sets a factor up another time, within their grace: `{"made", "place"}`. Raises
    Unauthenticated."""
    row, now = _pending(context, params.token), context.now()
    if row is None:
        raise Unauthenticated(problem("sign-in-again"))
    if row["secret"] is None or grace(context, row["user"]) is None:
        raise Unauthenticated(problem("second-factor"))

    def work(unit: Unit) -> dict[str, Any] | None:
        if _has(unit, row["user"]) or not unit.run(TAKE, of_token=digest(params.token)):
            return None  # another browser set one up meanwhile, or used this sign-in
        return begin_session(unit, now, row["user"], Came(row["method"], row["known_as"], row["said"]))

    made = context.host.write(work)
    if made is None:
        raise Unauthenticated(problem("sign-in-again"))
    return {"made": made, "place": row["place"]}


def show(context: Context, params: ShowFactor) -> dict[str, Any]:
    """The session: `{"made", "place", "device", "recovery"}`. Raises Unauthenticated, TooManyRequests.

    `device` remembers the browser where that was wished; `recovery` are the codes of a factor that was set up now."""
    row = _pending(context, params.token)
    if row is None:
        raise Unauthenticated(problem("sign-in-again"))
    user, host, now = row["user"], context.host, context.now()

    def work(unit: Unit) -> dict[str, Any] | None:
        recovery = None
        if row["secret"] is not None:
            if _has(unit, user):  # another browser set one up meanwhile: this sign-in begins anew
                return None
            recovery = confirmed(context, unit, user, row["secret"], params.code)
            if recovery is None:
                return None
        elif not fits(context, unit, user, params.code):
            return None
        if not unit.run(TAKE, of_token=digest(params.token)):
            return None
        device = _remembered(context, unit, user) if params.remember else None
        made = begin_session(unit, now, user, Came(row["method"], row["known_as"], row["said"]))
        return {"made": made, "place": row["place"], "device": device, "recovery": recovery}

    found = guarded(context, user, params.address, lambda: host.write(work))
    if found is None:
        raise Unauthenticated(problem("wrong-code", "/code"))
    return found  # type: ignore[no-any-return]


def guarded(context: Context, user: int, address: str, check: Any) -> Any:
    """A check of a code, slowed down after failures; it counts as one before it is made. Raises TooManyRequests."""
    claimed = throttle.claim(context, f"\0second factor {user}", address)
    found = check()
    if found is not None:
        context.host.write(lambda unit: throttle.forgive(unit, claimed))
    return found


def fits(context: Context, unit: Unit, user: int, code: str) -> bool:
    """Whether a code is one of the person's authenticator, or a recovery code. It serves once."""
    row = unit.one(FACTOR, user_id=user)
    if row is None or row["confirmed_at"] is None or row["secret"] is None:
        return False
    step = totp.step_shown(opened(context, user, row["secret"]), code, context.now())
    if step is not None:
        return bool(unit.run(STEP, user_id=user, new_step=step))
    return bool(unit.run(USE_RECOVERY, user_id=user, of_digest=digest(totp.plain(code))))


def confirmed(context: Context, unit: Unit, user: int, secret: str, code: str) -> list[str] | None:
    """A sealed secret becomes the person's factor when its code is shown; the recovery codes, or None."""
    step = totp.step_shown(opened(context, user, secret), code, context.now())
    if step is None:
        return None
    values = {"secret": secret, "next": None, "last_step": step, "confirmed_at": context.now()}
    if not unit.run(sa.update(t.factor).where(t.factor.c.user == user).values(**values)):
        unit.insert(t.factor, user=user, asked_at=None, **values)
    unit.run(DROP_DEVICES, user_id=user)
    return new_recovery(unit, user)


def new_recovery(unit: Unit, user: int) -> list[str]:
    """Fresh recovery codes; earlier ones serve no longer."""
    unit.run(DROP_RECOVERY, user_id=user)
    codes = [totp.recovery_code() for _ in range(RECOVERY_CODES)]
    for code in codes:
        unit.insert(t.recovery, digest=digest(totp.plain(code)), user=user)
    return codes


def offered(context: Context, user: int, secret: str) -> dict[str, Any]:
    """What an authenticator takes: the secret as text and as an address for a QR code."""
    row = context.unit.one(PERSON, user_id=user)
    assert row is not None
    definition = context.app.definition
    issuer = localized(definition.title, row["locale"] or definition.languages[0]) or definition.name
    plain = opened(context, user, secret)
    return {"secret": plain, "address": totp.address(plain, row["login"], issuer)}


def sealed(context: Context, user: int, secret: str) -> str:
    """A secret as it is kept: it opens for this person only. Raises Rejected when the host has no keys."""
    return _keys(context).seal(secret, f"lc_factor/{user}", searchable=False)


def opened(context: Context, user: int, kept: str) -> str:
    """A secret that was kept."""
    return _keys(context).open(kept, f"lc_factor/{user}")


def _keys(context: Context) -> Keyring:
    written = context.host.secret(SECRET)
    if not written or not possible():
        raise Rejected(problem("no-keys", name=SECRET))
    keys: Keyring = context.host.cached(("keyring", written), lambda: Keyring.parse(written))
    return keys


def _has(unit: Unit, user: int) -> bool:
    row = unit.one(FACTOR, user_id=user)
    return row is not None and row["confirmed_at"] is not None


def _pending(context: Context, token: str) -> Mapping[str, Any] | None:
    row = context.unit.one(PENDING, of_token=digest(token)) if token else None
    return row if row is not None and row["expires_at"] > context.now() else None


def _remembered(context: Context, unit: Unit, user: int) -> str | None:
    """A word by which this browser is known next time."""
    days = context.app.definition.second_factor.remember_days
    if not days:
        return None
    token, now = fresh(), context.now()
    unit.run(OLD_DEVICES, now_at=now)
    unit.insert(t.device, token=digest(token), user=user, created_at=now, expires_at=now + timedelta(days=days))
    return token
