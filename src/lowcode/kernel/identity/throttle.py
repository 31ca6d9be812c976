"""Guessing passwords is slow: failures are counted per login and per address, in the database, for every process alike.

Some failures are free, because people mistype. After these each one doubles the wait, up to a quarter of an hour; a
success forgets the failures of the login, and a day without one forgets all. The login counts whether or not somebody
is called so, and the answer is the same: who waits learns nothing about who is there.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import TooManyRequests
from lowcode.kernel.identity.rates import network
from lowcode.kernel.identity.words import problem
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t

FREE = {"login": 5, "address": 20}
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)

FIND = sa.select(t.attempt).where(t.attempt.c.name == sa.bindparam("of_name"))
LOCK = FIND.with_for_update()
COUNT = (
    sa.update(t.attempt)
    .where(t.attempt.c.name == sa.bindparam("of_name"))
    .values(
        failures=sa.bindparam("new_failures", type_=sa.Integer),
        at=sa.bindparam("failed_at", type_=t.attempt.c.at.type),
        until=sa.bindparam("wait_until", type_=t.attempt.c.until.type),
    )
)
FORGET = sa.delete(t.attempt).where(t.attempt.c.name == sa.bindparam("of_name"))
FORGET_OLD = sa.delete(t.attempt).where(t.attempt.c.at < sa.bindparam("before_at", type_=t.attempt.c.at.type))


def names(login: str, address: str) -> tuple[tuple[str, str], ...]:
    """What an attempt counts against: (kind, name). Only a digest is kept of what somebody typed."""
    typed = hashlib.sha256(login.strip().casefold().encode("utf-8", "replace")).hexdigest()
    found = [("login", f"login {typed}")]
    return (*found, ("address", f"address {network(address)[:64]}")) if address else tuple(found)


def admit(context: Context, login: str, address: str) -> None:
    """Let an attempt through. Raises TooManyRequests with the seconds to wait."""
    now = context.now()
    waits = []
    for _, name in names(login, address):
        row = context.unit.one(FIND, of_name=name)
        if row is not None and now < row["until"] <= now + LONGEST:
            waits.append(row["until"] - now)
    if waits:
        raise _waiting(max(waits))


def failed(unit: Unit, insert: Any, login: str, address: str, now: datetime) -> None:
    """Count a failure; `insert` is the statement `begin` makes."""
    unit.run(FORGET_OLD, before_at=now - FORGOTTEN)
    for kind, name in names(login, address):
        unit.run(insert, name=name, failures=0, at=now, until=now)
        row = unit.locked(LOCK, of_name=name)[0]
        failures = row["failures"] + 1
        beyond = failures - FREE[kind]
        wait = min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST) if beyond > 0 else timedelta()
        unit.run(COUNT, of_name=name, new_failures=failures, failed_at=now, wait_until=now + wait)


def claim(unit: Unit, insert: Any, login: str, address: str, now: datetime) -> None:
    """Count an attempt as failed before it is looked at, unless somebody has to wait: of many at one moment no more
    are looked at than of as many one after the other. Raises TooManyRequests."""
    for _, name in names(login, address):
        unit.run(insert, name=name, failures=0, at=now, until=now)
        row = unit.locked(LOCK, of_name=name)[0]
        if now < row["until"] <= now + LONGEST:
            raise _waiting(row["until"] - now)
    failed(unit, insert, login, address, now)


def forgive(unit: Unit, address: str, now: datetime) -> None:
    """Take back what `claim` counted against an address, of an attempt that did not fail."""
    for kind, name in names("", address):
        if kind == "address":
            for row in unit.locked(LOCK, of_name=name):
                unit.run(COUNT, of_name=name, new_failures=max(row["failures"] - 1, 0), failed_at=now, wait_until=now)


def _waiting(wait: timedelta) -> TooManyRequests:
    seconds = int(wait.total_seconds()) + 1
    return TooManyRequests(problem("too-many-attempts", seconds=seconds), retry_after=seconds)


def begin(dialect: str) -> Any:
    """The row of a name, unless it is there."""
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values = {column.name: sa.bindparam(column.name, type_=column.type) for column in t.attempt.columns}
    return make(t.attempt).values(values).on_conflict_do_nothing(index_elements=["name"])


def succeeded(unit: Unit, login: str) -> None:
    """Forget the failures of a login; those of an address stay, or one account of one's own would wipe them."""
    for kind, name in names(login, ""):
        if kind == "login":
            unit.run(FORGET, of_name=name)
