"""Sessions: begun for whoever was recognised, ended at once for all of a person."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.identity.tokens import digest, fresh
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t

SESSION_LENGTH = timedelta(days=14)

EXPIRED = sa.delete(t.session).where(t.session.c.expires_at < sa.bindparam("now_at", type_=t.session.c.expires_at.type))
KNOWN = sa.select(t.session).where(
    t.session.c.known_as == sa.bindparam("of_known"), t.session.c.method == sa.bindparam("of_method")
)
END_ONE = sa.delete(t.session).where(t.session.c.token == sa.bindparam("of_token"))
SILENCE = sa.delete(t.push_subscription).where(t.push_subscription.c.session == sa.bindparam("of_token"))
END_PENDING = sa.delete(t.pending).where(
    t.pending.c.known_as == sa.bindparam("of_known"), t.pending.c.method == sa.bindparam("of_method")
)
END_ALL = tuple(
    sa.delete(table).where(table.c.user == sa.bindparam("user_id"))
    for table in (t.session, t.pending, t.device, t.push_subscription, t.password_link)
)


@dataclass(frozen=True, slots=True)
class Came:
    """How somebody came: by which service (None: a password), what it calls them, by which it may end their sessions,
    and what it wants to hear when this one ends."""

    method: str | None = None
    known_as: str | None = None
    said: Mapping[str, str] | None = None


BY_PASSWORD = Came()


def begin_session(unit: Unit, now: datetime, user_id: int, came: Came = BY_PASSWORD) -> dict[str, Any]:
    """A new session of a person who was recognised, by which service; those that ran out are swept away."""
    token, csrf = fresh(), secrets.token_urlsafe(24)
    unit.run(EXPIRED, now_at=now)
    unit.insert(
        t.session, token=digest(token), user=user_id, csrf=csrf, created_at=now, expires_at=now + SESSION_LENGTH,
        method=came.method, known_as=came.known_as, said=dict(came.said) if came.said else None,
    )  # fmt: skip
    return {"token": token, "csrf": csrf, "user": user_id, "expires_at": now + SESSION_LENGTH}


def end_session(unit: Unit, token: str) -> None:
    """End one session, by its digest; the browser it was in shows no more notices."""
    unit.run(END_ONE, of_token=token)
    unit.run(SILENCE, of_token=token)


def end_known(
    context: Context, unit: Unit, came: Came, until: datetime, which: Callable[[Mapping[str, str]], bool]
) -> int:
    """End the sessions of somebody a service knows, begun until then, and of them those that `which` takes by what was
    said when each began; sign-ins that are half done end too. How many sessions there were."""
    known = {"of_method": came.method, "of_known": came.known_as}
    ended = [
        row["token"] for row in unit.fetch(KNOWN, **known) if row["created_at"] <= until and which(row["said"] or {})
    ]
    for token in ended:
        end_session(unit, token)
    unit.run(END_PENDING, **known)
    context.host.forget_directory(unit)
    return len(ended)


def end_sessions(context: Context, unit: Unit, user_id: int) -> None:
    """End every session of a person, now, and every sign-in that is half done; no browser is remembered or
    shows notices."""
    for each in END_ALL:
        unit.run(each, user_id=user_id)
    context.host.forget_directory(unit)
