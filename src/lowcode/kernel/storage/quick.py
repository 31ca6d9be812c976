"""Quick reads of PostgreSQL: connections on which the server stops what takes long, and cursors that read no more than
has to be read."""

from __future__ import annotations

import select
import threading
from collections.abc import Callable
from typing import Any, cast

import orjson
import psycopg
import sqlalchemy as sa
from psycopg.adapt import AdaptersMap
from psycopg.types.json import set_json_loads
from psycopg.types.string import TextLoader

from lowcode.kernel.storage.kept_cursors import Kept
from lowcode.kernel.storage.prepared import AS_TEXT
from lowcode.kernel.storage.turns import Watch, yields

MILLISECONDS = 50
"""After so long the server stops a query of which an event loop hoped that it would be quick."""
IDLE = psycopg.pq.TransactionStatus.IDLE


class QuickConnections:
    """The connections on which each thread reads what has to be quick. Work that takes turns in one thread (`turns`)
    has one each."""

    def __init__(self, pool: sa.Pool, refresh: Callable[[psycopg.Connection[Any]], None]) -> None:
        """`refresh` is called with each that is taken again."""
        self._pool = pool
        self._refresh = refresh
        self._here = threading.local()
        self._all: dict[psycopg.Connection[Any], Watch] = {}

    def take(self) -> psycopg.Connection[Any]:
        """A living connection, the caller's until it is given back in the same thread."""
        free: list[psycopg.Connection[Any]] = self._here.__dict__.setdefault("free", [])
        while free:
            found = free.pop()
            if not found.closed and not readable(found.fileno()):
                self._refresh(found)
                return found
            self._let_go(found)
        taken = self._pool.connect()
        taken.detach()
        found = cast(psycopg.Connection[Any], taken.dbapi_connection)
        found.execute(f"SET statement_timeout = {MILLISECONDS}")
        self._all[found] = yields(found)
        return found

    def give_back(self, connection: psycopg.Connection[Any]) -> None:
        """Keep it for the next quick read, unless this one was broken off in the middle."""
        if connection.pgconn.transaction_status == IDLE:
            self._here.free.append(connection)
        else:
            self._let_go(connection)

    def _let_go(self, connection: psycopg.Connection[Any]) -> None:
        self._all.pop(connection).close()

    def close(self) -> None:
        """Close all of them, whatever thread they are of."""
        for each in list(self._all.values()):
            each.close()


def readable(descriptor: int) -> bool:
    """Whether something arrived on a socket."""
    if not hasattr(select, "poll"):
        return bool(select.select([descriptor], [], [], 0)[0])
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    return bool(waiting.poll(0))


def text_cursor() -> type[Kept]:
    """A cursor that leaves instants, decimals and days as the text that the server sent (`prepared.AS_TEXT`)."""
    as_text = AdaptersMap(psycopg.adapters)
    set_json_loads(orjson.loads, as_text)
    for each in AS_TEXT:
        as_text.register_loader(each, TextLoader)

    class TextCursor(Kept):
        @property
        def adapters(self) -> AdaptersMap:
            return as_text

    return TextCursor


def types_of(answer: psycopg.pq.abc.PGresult | None) -> tuple[int, ...]:
    """The type of each column of what was found."""
    return tuple(answer.ftype(column) for column in range(answer.nfields)) if answer is not None else ()
