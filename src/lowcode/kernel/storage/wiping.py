"""What was taken away for good leaves no copy beside the tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from lowcode.kernel.storage.database import Database

PATIENCE = 0.5
"""Seconds that others wait at most while the log of writes is emptied."""


def has_log(database: Database) -> bool:
    """Whether there is a log of writes that is emptied here: that of a file of SQLite. PostgreSQL cleans up by
    itself."""
    return database.dialect_name == "sqlite" and database.engine.url.database not in (None, "", ":memory:")


def wipe(database: Database) -> bool:
    """After the commit: the log of writes of SQLite still holds it, until others are written over it. It is emptied;
    whether it could be: while somebody reads from it, it cannot."""
    if not has_log(database):
        return True
    path = str(database.engine.url.database)
    with closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as connection:
        ((busy, *_),) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return not busy
