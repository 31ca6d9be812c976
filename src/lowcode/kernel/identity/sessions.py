"""Sessions: begun for whoever was recognised, ended at once for all of a person."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.identity.tokens import digest, fresh
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t

SESSION_LENGTH = timedelta(days=14)

EXPIRED = sa.delete(t.session).where(t.session.c.expires_at < sa.bindparam("now_at", type_=t.session.c.expires_at.type))
END_ALL = tuple(
    sa.delete(table).where(table.c.user == sa.bindparam("user_id")) for table in (t.session, t.pending, t.device)
)


def begin_session(unit: Unit, now: datetime, user_id: int, method: str | None = None) -> dict[str, Any]:
    """A new session of a person who was recognised, by which service; those that ran out are swept away."""
    token, csrf = fresh(), secrets.token_urlsafe(24)
    unit.run(EXPIRED, now_at=now)
    unit.insert(
        t.session, token=digest(token), user=user_id, csrf=csrf, created_at=now, expires_at=now + SESSION_LENGTH,
        method=method,
    )  # fmt: skip
    return {"token": token, "csrf": csrf, "user": user_id, "expires_at": now + SESSION_LENGTH}


def end_sessions(context: Context, unit: Unit, user_id: int) -> None:
    """End every session of a person, now, and every sign-in that is half done; no browser is remembered."""
    for each in END_ALL:
        unit.run(each, user_id=user_id)
    context.host.forget_directory(unit)
