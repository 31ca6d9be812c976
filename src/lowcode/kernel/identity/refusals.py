"""What was refused, and to whom: written down at the door, seen by administrators, kept for a while, changed by nobody.

A line says when, from where, who (where that is known), what was asked and under which code it was refused. It holds no
secret: neither what was sent nor the part of an address that is one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import AwareDatetime
from pydantic import Field as Key

from lowcode.kernel.answers import Page
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.identity.org import directory
from lowcode.kernel.identity.words import problem
from lowcode.kernel.storage import tables as t

MOST = 50_000
"""Lines that are kept however young they are."""
SWEPT = 200
"""Every so many lines the older ones are taken away."""

LIST = (
    sa.select(t.refusal)
    .where(t.refusal.c.id < sa.bindparam("before_id", type_=sa.BigInteger))
    .where(sa.or_(sa.bindparam("of_user", type_=sa.BigInteger).is_(None), t.refusal.c.user == sa.bindparam("of_user")))
    .where(sa.or_(sa.bindparam("of_code", type_=sa.Text).is_(None), t.refusal.c.code == sa.bindparam("of_code")))
    .where(sa.or_(sa.bindparam("from_", type_=sa.Text).is_(None), t.refusal.c.address == sa.bindparam("from_")))
    .where(t.refusal.c.at >= sa.bindparam("since_at", type_=t.refusal.c.at.type))
    .where(t.refusal.c.at < sa.bindparam("until_at", type_=t.refusal.c.at.type))
    .order_by(t.refusal.c.id.desc())
    .limit(sa.bindparam("page_limit", type_=sa.Integer))
)
CODES = (
    sa.select(t.refusal.c.code, sa.func.count().label("count")).group_by(t.refusal.c.code).order_by(t.refusal.c.code)
)
OLD = sa.delete(t.refusal).where(t.refusal.c.at < sa.bindparam("before_at", type_=t.refusal.c.at.type))
BEYOND = sa.delete(t.refusal).where(t.refusal.c.id <= sa.bindparam("last_id", type_=sa.BigInteger))
FIRST_DAY, LAST_DAY = "0001-01-02T00:00:00+00:00", "9999-12-30T00:00:00+00:00"


class Note(Parameters):
    """A refusal to be written down. `more` were left out before it, because one address was refused too often."""

    code: str
    status: int
    what: str
    address: str = ""
    user: int | None = None
    key: str = ""
    more: int = 0


class ListRefusals(Parameters):
    """Which refusals, the newest first."""

    code: str | None = None
    login: str | None = None
    address: str | None = None
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    before: int = Key(2**62, description="The number of the last line of the page before.")
    limit: int = Key(50, ge=1, le=500)


def note(context: Context, params: Note) -> None:
    """Write a refusal down; now and then take away what is too old to be kept."""
    unit, now = context.unit, context.now()
    identity = unit.insert(
        t.refusal, at=now, code=params.code[:100], status=params.status, what=params.what[:200],
        address=params.address[:100], user=params.user, key=params.key[:40], more=params.more,
    )  # fmt: skip
    if identity is not None and identity % SWEPT == 0:
        unit.run(OLD, before_at=now - timedelta(days=context.app.definition.keep_refusals_days))
        unit.run(BEYOND, last_id=identity - MOST)


def refusals(context: Context, params: ListRefusals) -> Page:
    """A page of them, and which codes there are."""
    if context.actor.key:
        raise Forbidden(problem("not-by-key"))
    people = directory(context)
    user = people.by_login.get(params.login) if params.login else None
    if params.login and user is None:
        return {"items": [], "next": None, "codes": _codes(context)}
    rows = context.unit.fetch(
        LIST, before_id=params.before, of_user=user.id if user else None, of_code=params.code, from_=params.address,
        since_at=params.since or datetime.fromisoformat(FIRST_DAY),
        until_at=params.until or datetime.fromisoformat(LAST_DAY), page_limit=params.limit + 1,
    )  # fmt: skip
    items = []
    for row in rows[: params.limit]:
        who = people.users.get(row["user"])
        items.append({**row, "user": {"id": who.id, "label": who.name, "login": who.login} if who else None})
    return {
        "items": items,
        "next": items[-1]["id"] if len(rows) > params.limit else None,
        "codes": _codes(context),
        "kept_days": context.app.definition.keep_refusals_days,
    }


def _codes(context: Context) -> list[dict[str, Any]]:
    return context.unit.fetch(CODES)


OPERATIONS = (
    Operation("identity.note_refusal", note, Note, "internal"),
    Operation(
        "identity.refusals", refusals, ListRefusals, "administrator", writes=False,
        summary={"en": "What was refused", "zh-CN": "拒绝记录"},
    ),
)  # fmt: skip
