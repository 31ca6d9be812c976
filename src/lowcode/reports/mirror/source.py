"""The database as a mirror reads it: everything of one reading at one moment, on a connection of its own."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

from lowcode.kernel.storage import Database
from lowcode.kernel.storage.types import json_text

PART = 10_000


class Reading(Protocol):
    """A database at one moment."""

    def rows(self, text: str, *values: Any) -> list[Sequence[Any]]:
        """The rows of a question."""
        ...

    def write(self, text: str, path: Path) -> None:
        """The rows of a question as a file of comma-separated values, nothing where there is no value."""
        ...

    def parts(self, text: str) -> Iterator[list[Sequence[Any]]]:
        """The rows of a question, some at a time."""
        ...

    def among(self, ids: Sequence[int]) -> str:
        """The condition that an id is one of some."""
        ...

    def mark(self) -> int:
        """Up to where everything that happened is part of this moment, in what changes are noted by."""
        ...


class Lite:
    """A reading of SQLite; a moment is the last note that was written."""

    def __init__(self, connection: sqlite3.Connection, change: str) -> None:
        self.connection, self.change = connection, change

    def rows(self, text: str, *values: Any) -> list[Sequence[Any]]:
        return self.connection.execute(text, values).fetchall()

    def write(self, text: str, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            for rows in self.parts(text):
                writer.writerows(rows)

    def parts(self, text: str) -> Iterator[list[Sequence[Any]]]:
        cursor = self.connection.execute(text)
        while rows := cursor.fetchmany(PART):
            yield rows

    def among(self, ids: Sequence[int]) -> str:
        return f" WHERE id IN (SELECT value FROM json_each('{json_text(list(ids))}'))"

    def mark(self) -> int:
        return int(self.rows(f'SELECT coalesce(max(id), 0) FROM "{self.change}"')[0][0])


class Postgres:
    """A reading of PostgreSQL. Notes are committed in another order than they are written, so a moment is the oldest
    transaction that still runs: what is noted from that one on is read again the next time, which does no harm."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection

    def rows(self, text: str, *values: Any) -> list[Sequence[Any]]:
        found: list[Sequence[Any]] = self.connection.execute(text.replace("?", "%s"), values or None).fetchall()
        return found

    def write(self, text: str, path: Path) -> None:
        with path.open("wb") as file, self.connection.cursor().copy(f"COPY ({text}) TO STDOUT (FORMAT csv)") as copy:
            for part in copy:
                file.write(part)

    def parts(self, text: str) -> Iterator[list[Sequence[Any]]]:
        with self.connection.cursor(name="lc_mirror") as cursor:  # kept on the server: a table may be large
            cursor.execute(text)
            while rows := cursor.fetchmany(PART):
                yield rows

    def among(self, ids: Sequence[int]) -> str:
        return f" WHERE id = ANY('{{{','.join(str(int(each)) for each in ids)}}}'::bigint[])"

    def mark(self) -> int:
        return int(self.rows("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")[0][0])


class Source:
    """Where readings come from."""

    def __init__(self, database: Database, change: str) -> None:
        self.database, self.change = database, change
        self._watching: sqlite3.Connection | None = None

    @property
    def errors(self) -> type[Exception]:
        """What the database's driver raises."""
        found: type[Exception] = self.database.engine.dialect.loaded_dbapi.Error
        return found

    def version(self) -> Any:
        """What is another one after anybody's commit: of two readings with one version, both are of the same moment."""
        if self.database.dialect_name == "sqlite":
            if self._watching is None:
                self._watching = self._connection()
            return self._watching.execute("PRAGMA data_version").fetchone()[0]
        pooled = cast(Any, self.database).pool.connect()
        try:
            return pooled.dbapi_connection.execute("SELECT pg_current_snapshot()::text").fetchone()[0]
        finally:
            pooled.close()

    def close(self) -> None:
        """Watch no longer."""
        if self._watching is not None:
            self._watching.close()
            self._watching = None

    def _connection(self) -> sqlite3.Connection:
        path = str(self.database.engine.url.database)
        connection = sqlite3.connect(path, isolation_level=None, timeout=10, check_same_thread=False)
        connection.execute("PRAGMA query_only=ON")
        return connection

    @property
    def possible(self) -> bool:
        """Whether it can be read beside other work: a database in memory has one connection."""
        path = self.database.engine.url.database
        return self.database.dialect_name == "postgresql" or path not in (None, "", ":memory:")

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """A reading of one moment."""
        if self.database.dialect_name == "sqlite":
            with closing(self._connection()) as connection:
                connection.execute("BEGIN")
                yield Lite(connection, self.change)
            return
        pooled = cast(Any, self.database).pool.connect()
        connection = pooled.dbapi_connection
        try:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield Postgres(connection)
        finally:
            connection.execute("ROLLBACK")
            pooled.close()
