"""One process at a time applies to a database."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from lowcode.kernel.storage.database import Database, StorageError
from lowcode.kernel.storage.migrate.hand import Hand

BESIDE = "-apply"
"""Behind the name of a SQLite file: the file that whoever applies to it has locked, and takes away at the end. A lock
ends with its process, however that ends; a row that says who is at work would stay."""
GONE = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY)
"""What SQLite says of a file that was taken away while it waited for it, among others."""
TRIES = 50
PATIENCE = 1.0
"""Seconds until another process is said to be at work."""


class ApplyBusy(StorageError):
    """Another process is applying to this database, or people hold it for too long; nothing was changed."""


@contextmanager
def alone(database: Database) -> Iterator[None]:
    """Keep other processes from applying. Raises ApplyBusy, and StorageError where that cannot be had."""
    if database.dialect_name != "postgresql":
        path = database.engine.url.database
        with contextlib.nullcontext() if path in (None, "", ":memory:") else _locked(f"{path}{BESIDE}"):
            yield
        return
    with database.reading() as unit:
        hand = Hand(unit, within=False)
        key = f"lowcode {hand.prefix} {hand.value('SELECT current_schema()')}"
        if not hand.value("SELECT pg_try_advisory_lock(hashtext(?))", key):
            raise _busy()
        try:
            yield
        finally:
            hand.run("SELECT pg_advisory_unlock(hashtext(?))", key)


@contextmanager
def _locked(path: str) -> Iterator[None]:
    """Hold a file that nobody else holds."""
    connection = _taken(path)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # where an open file cannot be taken away, it stays, empty and unlocked
            os.unlink(path)
        connection.close()


def _taken(path: str) -> sqlite3.Connection:
    """A connection that has a file locked, which is still the file of that name then. (Only SQLite opens it: a process
    that closes a file in any other way lets go of all its locks on it.)"""
    for left in reversed(range(TRIES)):
        before = _identity(path)
        connection = _opened(path, patient=left > 0)
        if connection is None:
            continue
        if before is not None and _identity(path) == before:
            return connection
        connection.close()  # it is there only now; or whoever had it took it away, and others lock another one
    raise _busy()


def _opened(path: str, *, patient: bool) -> sqlite3.Connection | None:
    """A connection that has a file locked; None where the file went away meanwhile, `patient` with that. Raises
    ApplyBusy where another one has it locked, StorageError where none can have."""
    connection = None
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE, check_same_thread=False)
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise _busy() from None
        if patient and code in GONE:
            return None
        raise StorageError(
            f"{path}, which keeps two processes from applying at once, cannot be locked: {error}; nothing was changed. "
            "Beside the database there must be room, and the right to make files"
        ) from error
    return connection


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _busy() -> ApplyBusy:
    return ApplyBusy("another process is applying to this database; try again when it is done")
