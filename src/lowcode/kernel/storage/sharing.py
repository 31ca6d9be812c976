"""Saves of one moment go to a PostgreSQL server together.

A save is one statement by itself (`together`). Of people who save at once each would send its own on its own
connection, and switching between sixteen threads and sixteen processes of the server costs more than what they do. So
whoever finds the connection free sends what all have ready, in one transaction and on one way to the server; who comes
meanwhile is ready for the next. Everybody returns only after the commit.

Nobody pays for another's trouble. The connection waits for no lock longer than `PATIENCE`; and when anything of what
was sent fails, nothing of it has happened, and each does its own alone, in its thread and on its connection, and hears
its own error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import psycopg

from lowcode.kernel.storage.kept_cursors import write
from lowcode.kernel.storage.queueing import Item, Queue

MOST = 64
"""So many saves share one transaction."""
PATIENCE = 50
"""Milliseconds. Less than the second after which PostgreSQL looks for a deadlock: whoever else is in one, is not in it
because of this."""


class Ready(Item):
    """A statement that waits to be sent."""

    __slots__ = ("alone", "error", "given", "holds", "text")

    def __init__(self, text: str, given: Sequence[Any], holds: tuple[tuple[str, int], ...]) -> None:
        super().__init__(anywhere=True)
        self.text = text
        self.given = given
        self.holds = holds
        self.alone = False
        """Whether it is left to its own thread."""
        self.error: BaseException | None = None


class SharedSaves:
    """The connection on which the saves of this process are sent. `connect` opens one that is in autocommit."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], alive: Callable[[Any], bool]) -> None:
        self._connect = connect
        self._alive = alive
        self._connection: psycopg.Connection[Any] | None = None
        self._batch: list[Ready] = []
        self._queue: Queue[Ready] = Queue(self._take, self._pause)

    def carry(self, text: str, given: Sequence[Any], holds: tuple[tuple[str, int], ...] = ()) -> bool:
        """Send a statement with those of others, and return when it is committed; False when it has to be sent alone.
        `holds`: the rows it changes that others may want as well; of each transaction they are taken in one order, so
        that two processes do not wait for one another.
        Raises OperationalError when the server was lost: then nobody knows what became of it."""
        own = Ready(text, given, holds)
        self._queue.through(own)
        if own.error is not None:
            error, own.error = own.error, None
            raise error
        return not own.alone

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()

    def _take(self, item: Ready) -> None:
        self._batch.append(item)

    def _pause(self) -> None:
        if self._batch and (len(self._batch) >= MOST or not self._queue.items):
            batch, self._batch = self._batch, []
            self._send(batch)

    def _send(self, batch: Sequence[Ready]) -> None:
        error: BaseException | None = None
        alone = answered = False
        try:
            self._run(sorted(batch, key=lambda each: each.holds))
            answered = True
        except psycopg.Error as failed:
            answered, alone = True, self._connection is None or not self._connection.broken
            error = None if alone else failed
        finally:
            if not answered:
                error = psycopg.OperationalError("interrupted while it was on its way")
            if error is not None:
                self.close()
            for each in batch:
                each.alone, each.error, each.done = alone, error, True
                each.wake()

    def _run(self, batch: Sequence[Ready]) -> None:
        connection = self._connection
        if connection is None or not self._alive(connection):
            self.close()
            self._connection = None
            connection = self._connect()
            connection.execute(f"SET lock_timeout = {PATIENCE}")
            self._connection = connection
        if len(batch) == 1:
            write(connection, batch[0].text, batch[0].given)
            return
        with connection.pipeline():  # up to its end the server takes them for one transaction
            for each in batch:
                _send(connection, each)


def _send(connection: psycopg.Connection[Any], ready: Ready) -> None:
    psycopg.RawCursor(connection).execute(ready.text.encode(), ready.given, prepare=True)
