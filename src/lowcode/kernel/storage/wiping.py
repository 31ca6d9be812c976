"""What was taken away for good leaves no copy beside the tables."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from lowcode.kernel.storage.database import Database

PATIENCE = 0.5
"""Seconds that others wait at most while the log of writes is emptied."""


def wipe(database: Database) -> None:
    """After the commit: the log of writes of SQLite still holds it, until others are written over it. It is emptied,
    unless somebody reads from it for long. PostgreSQL cleans up by itself."""
    path = database.engine.url.database
    if database.dialect_name == "sqlite" and path not in (None, "", ":memory:"):
        with closing(sqlite3.connect(str(path), timeout=PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
