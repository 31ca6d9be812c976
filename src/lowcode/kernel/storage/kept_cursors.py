"""Cursors that stay with their connection, one for each statement that is asked on it again and again.

A new cursor of psycopg copies what it knows of types, and looks up for each column what makes a value of it: a third of
what the driver takes for a point query. One that is given the same statement again (the very same object) has all of
that at hand. It is read out before anything else is asked, and keeps no rows.

Not for a pipeline, where the answers are read when everything is sent: there each statement has a cursor of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

MOST = 128
"""Statements that a connection has cursors for; those that were made first make room."""
KEPT = "lowcode_cursors"
"""Where they stand among the attributes of the connection, so that they go with it."""


class Kept(psycopg.RawCursor[Any]):
    """A cursor that can be emptied."""

    def empty(self) -> None:
        """Let go of the rows. What reads values keeps how, but not the answer it read last."""
        self._reset()
        self._tx.set_pgresult(None, set_loaders=False)


def read(
    connection: psycopg.Connection[Any], text: str, given: Any, prepare: bool | None, kind: type[Kept]
) -> tuple[Sequence[Sequence[Any]], psycopg.pq.abc.PGresult | None]:
    """The rows of a query, and the answer they came with."""
    cursor, query = _cursor(connection, text, kind)
    cursor.execute(query, given, prepare=prepare)
    rows, answer = cursor.fetchall(), cursor.pgresult
    cursor.empty()
    return rows, answer


def write(connection: psycopg.Connection[Any], text: str, given: Any) -> None:
    """Run a statement whose answer nobody reads."""
    cursor, query = _cursor(connection, text, Kept)
    cursor.execute(query, given, prepare=True)
    cursor.empty()


def _cursor(connection: psycopg.Connection[Any], text: str, kind: type[Kept]) -> tuple[Kept, bytes]:
    """The cursor of a statement, and the statement as it was given to it before."""
    kept: dict[tuple[str, type[Kept]], tuple[Kept, bytes]] = connection.__dict__.setdefault(KEPT, {})
    found = kept.get((text, kind))
    if found is None:
        if len(kept) >= MOST:
            del kept[next(iter(kept))]
        found = kept[text, kind] = kind(connection), text.encode()
    return found
