"""Guessing passwords is slow: failures are counted per login and per address, in the database, for every process alike.

Some failures are free, because people mistype. After these each one doubles the wait, up to a quarter of an hour; a
success forgets the failures of the login, and a day without one forgets all. The login counts whether or not somebody
is called so, and the answer is the same: who waits learns nothing about who is there.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
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
TURN_SECONDS = 2.0
"""So long an attempt waits for another of its login, and then goes on beside it: nobody holds a login up."""
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


def names(login: str, address: str, matter: str = "") -> tuple[tuple[str, str], ...]:
    """What an attempt counts against: (kind, name), for each matter by itself. Only a digest is kept of what somebody
    typed."""
    typed = hashlib.sha256(login.strip().casefold().encode("utf-8", "replace")).hexdigest()
    found = [("login", f"{matter}login {typed}")]
    return (*found, ("address", f"{matter}address {network(address)[:64]}")) if address else tuple(found)


class Turns:
    """Who of one login is looked at in this process: one attempt after the other, so that right passwords that come at
    one moment do not count as failures of one another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._busy: dict[str, tuple[threading.Lock, int]] = {}

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        """Wait for the others of a name, if it does not take too long."""
        with self._lock:
            mine, waiting = self._busy.get(name, (threading.Lock(), 0))
            self._busy[name] = mine, waiting + 1
        held = mine.acquire(timeout=TURN_SECONDS)
        try:
            yield
        finally:
            if held:
                mine.release()
            with self._lock:
                waiting = self._busy[name][1] - 1
                if waiting:
                    self._busy[name] = mine, waiting
                else:
                    del self._busy[name]


def in_turn(context: Context, login: str) -> AbstractContextManager[None]:
    """An attempt of a login, after those of the same login that came before it."""
    host: Any = context.host
    turns: Turns = host.cached("sign-in-turns", Turns)
    return turns.turn(login.strip().casefold())


@dataclass(frozen=True, slots=True)
class Claim:
    """An attempt that counts as failed until it is forgiven: at what moment, and what stood at each name before."""

    at: datetime
    before: Mapping[tuple[str, str], Mapping[str, Any]]


def claim(context: Context, login: str, address: str, matter: str = "") -> Claim:
    """Count an attempt as failed before it is looked at, unless somebody has to wait: of many at one moment no more
    are looked at than of as many one after the other. Raises TooManyRequests with the seconds to wait."""
    host: Any = context.host
    now, counted = context.now(), names(login, address, matter)
    _admit((context.unit.one(FIND, of_name=name) for _, name in counted), now)  # whoever has to wait costs no write
    insert = host.cached("attempt-begin", lambda: _begin(host.database.dialect_name))

    def work(unit: Unit) -> Claim:
        unit.run(FORGET_OLD, before_at=now - FORGOTTEN)
        before = {}
        for kind, name in counted:
            unit.run(insert, name=name, failures=0, at=now, until=now)
            before[kind, name] = unit.locked(LOCK, of_name=name)[0]
        _admit(before.values(), now)
        for (kind, name), row in before.items():
            failures = row["failures"] + 1
            unit.run(COUNT, of_name=name, new_failures=failures, failed_at=now, wait_until=now + _wait(kind, failures))
        return Claim(now, before)

    made: Claim = host.write(work)
    return made


def forgive(unit: Unit, claimed: Claim, *, proven: bool = True) -> None:
    """An attempt did not fail. The failures of its login are forgotten; of an address only this one is taken back, or
    one account of one's own would wipe them. Where nothing was `proven`, it stays with the login."""
    for (kind, name), before in claimed.before.items():
        if kind == "login":
            if proven:
                unit.run(FORGET, of_name=name)
            continue
        for row in unit.locked(LOCK, of_name=name):
            failures, at = max(row["failures"] - 1, 0), row["at"]
            until = at + _wait("address", failures)
            if failures == before["failures"] and at == claimed.at:  # nobody else failed since
                at, until = before["at"], before["until"]
            unit.run(COUNT, of_name=name, new_failures=failures, failed_at=at, wait_until=until)


def _admit(rows: Iterable[Mapping[str, Any] | None], now: datetime) -> None:
    waits = [row["until"] - now for row in rows if row is not None and now < row["until"] <= now + LONGEST]
    if waits:
        raise _waiting(max(waits))


def _wait(kind: str, failures: int) -> timedelta:
    beyond = failures - FREE[kind]
    return min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST) if beyond > 0 else timedelta()


def _waiting(wait: timedelta) -> TooManyRequests:
    seconds = int(wait.total_seconds()) + 1
    return TooManyRequests(problem("too-many-attempts", seconds=seconds), retry_after=seconds)


def _begin(dialect: str) -> Any:
    """The row of a name, made unless it is there; it stays locked, so that nobody takes it away before it is read."""
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values = {column.name: sa.bindparam(column.name, type_=column.type) for column in t.attempt.columns}
    made = make(t.attempt).values(values)
    return made.on_conflict_do_update(index_elements=["name"], set_={"name": made.excluded.name})
