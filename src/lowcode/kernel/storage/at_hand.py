"""Connections that were in use a moment ago, for whoever needs one next.

A pool looks after each connection that it gives out and takes back: a record of it, events, a reference that notices
when it is forgotten, a queue with a lock. That takes longer than the statement for which most connections are taken. So
some stay with the one who had them last, taken out of the pool for as long as they lie here, and the last one laid down
is the first one taken up. Whoever takes one up finds out whether it is alive, as the pool does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import psycopg
from sqlalchemy import PoolProxiedConnection, QueuePool

from lowcode.kernel.storage.kept_plans import IDLE


class Taken:
    """A connection in somebody's hands."""

    __slots__ = ("connection", "pooled")

    def __init__(self, pooled: PoolProxiedConnection) -> None:
        connection: Any = pooled.dbapi_connection
        self.pooled = pooled
        self.connection: psycopg.Connection[Any] = connection

    def throw_away(self) -> None:
        """Close the connection: nobody knows in what it is."""
        self.pooled.invalidate()
        self.pooled.close()


class AtHand:
    """What of a pool lies at hand. `alive`: whether an idle connection is one; `refresh` is called with each that is
    taken up again."""

    def __init__(
        self,
        pool: QueuePool,
        alive: Callable[[psycopg.Connection[Any]], bool],
        refresh: Callable[[psycopg.Connection[Any]], None],
    ) -> None:
        self._pool = pool
        self._alive = alive
        self._refresh = refresh
        self._lying: list[Taken] = []
        self._closed = False

    def take(self) -> Taken:
        """A living connection that nobody else has."""
        while True:
            try:
                found = self._lying.pop()
            except IndexError:  # nobody looks before, as another thread may be faster
                return Taken(self._pool.connect())
            if self._alive(found.connection):
                self._refresh(found.connection)
                return found
            found.throw_away()

    def lay_down(self, taken: Taken) -> None:
        """Somebody is done with it. One on which something is still under way is closed, and so is one more than the
        pool usually holds, of those that nobody uses, here and there; where more are out than that it goes back, so
        that nobody waits there for what lies here."""
        unused = len(self._lying) + self._pool.checkedin()
        if taken.connection.pgconn.transaction_status != IDLE or unused >= self._pool.size():
            taken.throw_away()
        elif self._closed or self._pool.checkedout() > self._pool.size():
            taken.pooled.close()
        else:
            self._lying.append(taken)
            if self._closed:  # meanwhile
                self.close()

    def close(self) -> None:
        """Close all of them, with what lies in the pool."""
        self._closed = True
        while self._lying:
            self._lying.pop().pooled.close()
        self._pool.dispose()
