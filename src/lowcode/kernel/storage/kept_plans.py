"""Plans that PostgreSQL keeps of statements, for each connection its own.

A statement that was asked some times is known to the server by a name. When a column gets another type it refuses the
name for good ("cached plan must not change result type"), although the same text is a good statement of the new table.
So whoever goes on with other tables has each connection forget its names before it is used again; and what was under
way in the moment of the exchange is asked once more, where nothing of its transaction was done yet.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg

from lowcode.kernel.storage.troubles import planned_before

if TYPE_CHECKING:
    from lowcode.kernel.storage.postgresql_unit import PostgresqlUnit

Result = TypeVar("Result")

IDLE = psycopg.pq.TransactionStatus.IDLE


def forget(connection: psycopg.Connection[Any]) -> None:
    """Let the server and the driver forget what a connection has names for, and a transaction that failed: the driver
    does so when it is told to roll back, and not each time that a statement says so."""
    if connection.pgconn.transaction_status == IDLE:
        connection.execute("BEGIN")
    connection.rollback()


def once_more(unit: PostgresqlUnit, connection: psycopg.Connection[Any], ask: Callable[[], Result]) -> Result:
    """What `ask` answers; asked again when a kept plan is one of other tables and no transaction was under way, so that
    nothing of it was done: if the tables are those the unit means (`Unit.again`)."""
    alone = connection.pgconn.transaction_status == IDLE
    try:
        return ask()
    except psycopg.errors.FeatureNotSupported as error:
        if not planned_before(error):
            raise
        if not alone:
            unit.database.kept_plans.doubt(connection)
            raise
        forget(connection)
    if unit.again is not None:
        unit.again(unit)
    return ask()


class KeptPlans:
    """Which connections of a database keep plans of tables as they are."""

    def __init__(self) -> None:
        self._changes = 0
        self._seen: weakref.WeakKeyDictionary[psycopg.Connection[Any], int] = weakref.WeakKeyDictionary()

    def changed(self) -> None:
        """The tables are others: every connection forgets its plans before it is used again."""
        self._changes += 1

    def refresh(self, connection: psycopg.Connection[Any]) -> None:
        """Somebody takes a connection that is idle; one that was not seen before keeps no plans."""
        changes = self._changes
        if self._seen.setdefault(connection, changes) != changes:
            forget(connection)
            self._seen[connection] = changes

    def doubt(self, connection: psycopg.Connection[Any]) -> None:
        """A connection keeps a plan of former tables: it forgets before it is used again."""
        self._seen[connection] = -1
