"""SQLite: one writer whose commits are shared (`shared_commit`), readers of their own."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import Table

from lowcode.kernel.expressions.functions import Function, catalogue
from lowcode.kernel.expressions.sql.sqlite_functions import Programs
from lowcode.kernel.storage.database import Database, StorageError, Trouble
from lowcode.kernel.storage.guard import STEPS, OutOfTime
from lowcode.kernel.storage.prepared import Prepared
from lowcode.kernel.storage.shared_commit import Collected, Writer, schema_number
from lowcode.kernel.storage.unit import PIECE, StaleWrite, Unit

Result = TypeVar("Result")

ID_BLOCK = 64
CHECKPOINT = 4000
"""Pages of the log (16 MB) after which they are taken into the file: the pages that every save touches go there once in
four thousand instead of once in a thousand, 3 % of a save; more makes the log slower than it saves."""
TROUBLES: Mapping[int, Trouble] = {
    sqlite3.SQLITE_FULL: "full", sqlite3.SQLITE_BUSY: "busy", sqlite3.SQLITE_LOCKED: "busy",
    sqlite3.SQLITE_IOERR: "lost",
    sqlite3.SQLITE_CANTOPEN: "lost", sqlite3.SQLITE_READONLY: "lost",
}  # fmt: skip
NEXT_BLOCK = (
    "INSERT INTO {table} (name, next) VALUES (?, ? + 1) ON CONFLICT (name) DO UPDATE SET next = next + ? RETURNING next"
)


class SqliteUnit(Unit):
    """Statements on one SQLite connection inside a transaction."""

    database: SqliteDatabase

    def __init__(self, database: SqliteDatabase, connection: sqlite3.Connection, blocks: dict[str, list[int]]) -> None:
        super().__init__(database)
        self.connection = connection
        self._blocks = blocks
        self._taken: list[str] = []

    def rows(self, prepared: Prepared, parameters: Any) -> Sequence[Sequence[Any]]:
        """Run a query on the driver."""
        try:
            return self.connection.execute(prepared.text, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if self.database.guard.on and error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise OutOfTime from None
            raise

    def execute(self, prepared: Prepared, parameters: Any) -> int:
        """Run a write on the driver; the number of rows it hit."""
        return self.connection.execute(prepared.text, parameters).rowcount

    def write(self, prepared: Prepared, values: Mapping[str, Any], *, must_hit: bool = False) -> None:
        """Write at once: there is no way to the server to save."""
        self.statements += 1
        hit = self.connection.execute(prepared.text, prepared.parameters(values)).rowcount
        if must_hit and hit == 0:
            raise StaleWrite

    def write_many(self, prepared: Prepared, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows."""
        self.statements += 1
        self.connection.executemany(prepared.text, prepared.tuples(rows))

    def command(self, text: str) -> None:
        """Run a plain command."""
        self.connection.execute(text)

    def forget_writes(self) -> None:
        """Blocks of ids that were taken go back with the counter."""
        self.give_back()

    def _insert(self, table: Table, values: Mapping[str, Any]) -> int | None:
        prepared = self.database.prepare_insert(table, values)
        return self.connection.execute(prepared.text, prepared.parameters(values)).lastrowid

    def new_ids(self, table: Table, count: int) -> list[int]:
        """The next ids of the block in hand; a new block moves the counter in this transaction."""
        block = self._blocks.get(table.name)
        found: list[int] = []
        if block is None or block[1] - block[0] + 1 < count:
            found = [] if block is None else list(range(block[0], block[1] + 1))
            size = max(ID_BLOCK, count - len(found))
            sql = NEXT_BLOCK.format(table=f'"{self.database.prefix}lc_sequence"')
            end = self.connection.execute(sql, (table.name, size, size)).fetchone()[0]
            block = self._blocks[table.name] = [end - size, end - 1]
            self._taken.append(table.name)
        begin = block[0]
        block[0] += count - len(found)
        found += range(begin, block[0])
        return found

    def give_back(self) -> None:
        """The transaction did not happen, so neither did the blocks it took."""
        for name in self._taken:
            self._blocks.pop(name, None)


class SqliteDatabase(Database):
    """A SQLite file (or memory)."""

    dialect_name = "sqlite"

    def __init__(self, engine: sa.Engine, prefix: str = "") -> None:
        super().__init__(engine, prefix)
        self.programs = Programs()
        path = engine.url.database
        self.in_memory = path in (None, "", ":memory:")
        self._path = path or ":memory:"
        connection = self._raw() if self.in_memory else self._connect()
        if self.in_memory:
            connection.isolation_level = None
            self._configure(connection)
        self._blocks = self.ids_in_hand
        self.writer = Writer(connection, lambda raw: SqliteUnit(self, raw, self._blocks))
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, cached_statements=1024)
        self._configure(connection)
        return connection

    def _raw(self) -> sqlite3.Connection:
        """The driver's connection of the engine's one connection: a database in memory is gone with it."""
        self._kept = self.engine.raw_connection()
        return cast(sqlite3.Connection, self._kept.dbapi_connection)

    def _configure(self, connection: sqlite3.Connection) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=10000",
            "foreign_keys=ON",
            "secure_delete=ON",  # what is taken away is written over; whether that is so otherwise, each build says
            f"wal_autocheckpoint={CHECKPOINT}",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        self.programs.install(connection)

    def learn(self, functions: Mapping[str, Function]) -> None:
        """Carry out these functions in SQL, on every connection from now on."""
        known = self.programs.functions
        if functions == known:
            return
        if known is not catalogue():
            raise StorageError("two hosts with different functions cannot share one database object; open one for each")
        self.programs = Programs(functions)
        for connection in (self.writer.connection, *self._readers):
            self.programs.install(connection)

    # -- writing ------------------------------------------------------------------------------------------------------

    def write(self, work: Callable[[Unit], Result], anywhere: bool = False, again: bool = False) -> Result:
        """Run `work` in a savepoint of the open group, and return when the group is committed. There is one writer at a
        time: nothing is done `again`."""
        return self.writer.write(work, anywhere)

    def collecting(self) -> AbstractContextManager[Collected]:
        """Within this block a write leaves its commit to `commit_collected`."""
        return self.writer.collecting()

    def commit_collected(self) -> list[Any]:
        """Commit what was collected; the waiters to wake."""
        return self.writer.commit_collected()

    def transaction(self) -> AbstractContextManager[Unit]:
        """A transaction of its own as a block."""
        return self.writer.alone()

    # -- reading ------------------------------------------------------------------------------------------------------

    def reading(self) -> AbstractContextManager[Unit]:
        """This thread's reader; in memory, the one connection there is."""
        if self.in_memory:
            return self._in_turn()
        connection = getattr(self._local, "reader", None)
        if connection is None:
            connection = self._local.reader = self._connect()
            connection.execute("PRAGMA query_only=ON")
            connection.execute("PRAGMA temp_store=FILE")  # what is kept in memory is sorted twice as slowly, and whole
            connection.set_progress_handler(self.guard.over, STEPS)
            self._readers.append(connection)
        unit = SqliteUnit(self, connection, {})
        unit.only_reads = True
        return nullcontext(unit)

    @contextmanager
    def _in_turn(self) -> Iterator[Unit]:
        with self.writer.queue.turn():
            unit = SqliteUnit(self, self.writer.connection, self._blocks)
            unit.only_reads = True
            yield unit

    def pieces(self, unit: Unit, prepared: Prepared, parameters: Any) -> Iterator[Sequence[Sequence[Any]]]:
        """Run a query, and step through it."""
        assert isinstance(unit, SqliteUnit)
        cursor = unit.connection.execute(prepared.text, parameters)
        try:
            while rows := cursor.fetchmany(PIECE):
                yield rows
        finally:
            cursor.close()

    @contextmanager
    def joining(self, connection: sa.Connection) -> Iterator[Unit]:
        """Work in the host program's transaction."""
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        self.programs.install(raw)
        unit = SqliteUnit(self, raw, {})
        unit.schema = schema_number(raw)
        yield unit

    def is_unique_violation(self, error: Exception) -> str | None:
        """`UNIQUE constraint failed: index 'name'` or `…: table.column`."""
        words = str(error)
        if isinstance(error, sqlite3.IntegrityError) and words.startswith("UNIQUE constraint failed: "):
            return words.removeprefix("UNIQUE constraint failed: ").removeprefix("index ").strip("'")
        return None

    def trouble(self, error: Exception) -> Trouble | None:
        """By SQLite's result code (the low byte says which kind)."""
        if isinstance(error, (OverflowError, sqlite3.DataError)):
            return "value"
        code = getattr(error, "sqlite_errorcode", None)
        return None if code is None else TROUBLES.get(code & 0xFF)

    def close(self) -> None:
        """Close every connection."""
        with self.writer.queue.turn():
            self.writer.commit_group()
            for connection in self._readers:
                connection.close()
            self._readers.clear()
            if not self.in_memory:
                self.writer.connection.close()
        super().close()
