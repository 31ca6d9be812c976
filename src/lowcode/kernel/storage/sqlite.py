"""SQLite: one writer whose commits are shared, readers of their own.

A commit costs an fsync (a quarter of a millisecond and more); the work of a save costs a tenth of that. So people who
save at the same time share a commit: each runs in a savepoint of the open transaction, and the last one in the queue
commits for all. Everybody returns only after the commit, so durability is the same (measured ten times the rate:
forms_reports.md 2.3). One writer also means that SQLITE_BUSY never reaches a person.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import Table

from lowcode.kernel.expressions.sql.sqlite_functions import install
from lowcode.kernel.storage.database import Database
from lowcode.kernel.storage.prepared import Prepared
from lowcode.kernel.storage.unit import StaleWrite, Unit

Result = TypeVar("Result")

GROUP_LIMIT = 64
ID_BLOCK = 64
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
        return self.connection.execute(prepared.text, parameters).fetchall()

    def execute(self, prepared: Prepared, parameters: Any) -> int:
        """Run a write on the driver; the number of rows it hit."""
        return self.connection.execute(prepared.text, parameters).rowcount

    def write(self, prepared: Prepared, values: Mapping[str, Any], *, must_hit: bool = False) -> None:
        """Write at once: there is no way to the server to save."""
        hit = self.connection.execute(prepared.text, prepared.parameters(values)).rowcount
        if must_hit and hit == 0:
            raise StaleWrite

    def command(self, text: str) -> None:
        """Run a plain command."""
        self.connection.execute(text)

    def forget_writes(self) -> None:
        """Blocks of ids that were taken go back with the counter."""
        self.give_back()

    def _insert(self, table: Table, values: Mapping[str, Any]) -> int | None:
        prepared = self.database.prepare_insert(table, values)
        return self.connection.execute(prepared.text, prepared.parameters(values)).lastrowid

    def new_id(self, table: Table) -> int:
        """The next id of the block in hand; a new block moves the counter in this transaction."""
        block = self._blocks.get(table.name)
        if block is None or block[0] > block[1]:
            sql = NEXT_BLOCK.format(table=f'"{self.database.prefix}lc_sequence"')
            end = self.connection.execute(sql, (table.name, ID_BLOCK, ID_BLOCK)).fetchone()[0]
            block = self._blocks[table.name] = [end - ID_BLOCK, end - 1]
            self._taken.append(table.name)
        identity = block[0]
        block[0] += 1
        return identity

    def give_back(self) -> None:
        """The transaction did not happen, so neither did the blocks it took."""
        for name in self._taken:
            self._blocks.pop(name, None)


class _Group:
    """People whose saves share one commit."""

    __slots__ = ("done", "error", "size", "units")

    def __init__(self) -> None:
        self.done = threading.Event()
        self.error: BaseException | None = None
        self.size = 0
        self.units: list[SqliteUnit] = []


class Collected:
    """The writes of one request whose commit is still to come."""

    def __init__(self, database: SqliteDatabase) -> None:
        self.database = database
        self._groups: list[tuple[SqliteUnit, _Group]] = []

    @property
    def pending(self) -> bool:
        """Whether anything was written."""
        return bool(self._groups)

    @property
    def waiters(self) -> list[Any]:
        """Those to be woken after the commit."""
        return self.database._waiters

    @property
    def error(self) -> BaseException | None:
        """Why the commit failed, if it did."""
        return next((group.error for _, group in self._groups if group.error is not None), None)

    def add(self, unit: SqliteUnit, group: _Group) -> None:
        """A write is done but for its commit."""
        self._groups.append((unit, group))

    def told(self) -> None:
        """Run what was to follow the commit."""
        for unit, _ in self._groups:
            for told in unit.after_commit:
                told()


class SqliteDatabase(Database):
    """A SQLite file (or memory)."""

    dialect_name = "sqlite"

    def __init__(self, engine: sa.Engine, prefix: str = "") -> None:
        super().__init__(engine, prefix)
        path = engine.url.database
        self.in_memory = path in (None, "", ":memory:")
        self._path = path or ":memory:"
        self._foreign: Any = engine.raw_connection() if self.in_memory else None
        self._writer = self._foreign.dbapi_connection if self.in_memory else self._connect()
        if self.in_memory:
            self._writer.isolation_level = None
            self._configure(self._writer)
        self._mutex = threading.RLock()
        self._count = threading.Lock()
        self._waiting = 0
        self._group: _Group | None = None
        self._blocks: dict[str, list[int]] = {}
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._waiters: list[Any] = []

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, cached_statements=1024)
        self._configure(connection)
        return connection

    @staticmethod
    def _configure(connection: sqlite3.Connection) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "busy_timeout=10000",
            "foreign_keys=ON",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        install(connection)

    def create_tables(self) -> None:
        """Create the adopted tables; in memory there is one connection only, so it is used."""
        if not self.in_memory:
            return super().create_tables()
        with self._mutex, self._own_engine().begin() as connection:
            for table in self.tables:
                table.create(connection, checkfirst=True)
        return None

    def create_record_tables(self, metadata: sa.MetaData) -> None:
        """Create tables of record types; in memory there is one connection only."""
        if not self.in_memory:
            return super().create_record_tables(metadata)
        with self._mutex, self._own_engine().begin() as connection:
            self._create_all(connection, metadata)
        return None

    def _own_engine(self) -> sa.Engine:
        return sa.create_engine("sqlite://", creator=lambda: self._writer, poolclass=sa.StaticPool)

    # -- writing ------------------------------------------------------------------------------------------------------

    def write(self, work: Callable[[Unit], Result]) -> Result:
        """Run `work` in a savepoint of the open group, and return when the group is committed."""
        with self._count:
            self._waiting += 1
        self._mutex.acquire()
        nested = self._group is not None and getattr(self._local, "inside", False)
        collected: Collected | None = getattr(self._local, "collected", None)
        try:
            with self._count:
                self._waiting -= 1
            if nested:
                raise RuntimeError("a write inside a write: use the unit of the running work")
            unit, group, result = self._run_in_group(work, hold=collected is not None)
        finally:
            self._mutex.release()
        if collected is not None:
            collected.add(unit, group)
            return result
        group.done.wait()
        if group.error is not None:
            raise group.error
        for told in unit.after_commit:
            told()
        return result

    def _run_in_group(self, work: Callable[[Unit], Result], hold: bool = False) -> tuple[SqliteUnit, _Group, Result]:
        group = self._group
        if group is None:
            self._writer.execute("BEGIN IMMEDIATE")
            group = self._group = _Group()
        self._writer.execute("SAVEPOINT work")
        unit = SqliteUnit(self, self._writer, self._blocks)
        self._local.inside = True
        try:
            result = work(unit)
        except BaseException:
            self._writer.execute("ROLLBACK TO work")
            self._writer.execute("RELEASE work")
            unit.give_back()
            self._finish(group)
            for undone in unit.after_rollback:
                undone()
            raise
        finally:
            self._local.inside = False
        self._writer.execute("RELEASE work")
        group.size += 1
        group.units.append(unit)
        if not hold:
            self._finish(group)
        return unit, group, result

    def _finish(self, group: _Group) -> None:
        """Commit for everybody, unless somebody is queued who will."""
        if self._waiting and group.size < GROUP_LIMIT:
            return
        self.commit_group()

    def commit_group(self) -> None:
        """End the open group. The caller holds the mutex."""
        group, self._group = self._group, None
        if group is None:
            return
        try:
            self._writer.execute("COMMIT")
        except BaseException as error:
            group.error = error
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            for unit in group.units:
                unit.give_back()
        finally:
            group.done.set()

    # -- sharing a commit in an event loop ------------------------------------------------------------------------------

    @contextmanager
    def collecting(self) -> Iterator[Collected]:
        """Within this block a write leaves its commit to `commit_collected`: for event loops, which cannot wait."""
        collected = Collected(self)
        self._local.collected = collected
        try:
            yield collected
        finally:
            self._local.collected = None

    def commit_collected(self) -> list[Any]:
        """Commit what was collected; the waiters to wake."""
        with self._mutex:
            self.commit_group()
        waiters, self._waiters = self._waiters, []
        return waiters

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """A transaction of its own as a block."""
        with self._mutex:
            self.commit_group()
            self._writer.execute("BEGIN IMMEDIATE")
            unit = SqliteUnit(self, self._writer, self._blocks)
            self._local.inside = True
            try:
                yield unit
            except BaseException:
                self._writer.execute("ROLLBACK")
                unit.give_back()
                raise
            else:
                self._writer.execute("COMMIT")
            finally:
                self._local.inside = False
        for told in unit.after_commit:
            told()

    # -- reading ------------------------------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """This thread's reader; in memory, the one connection there is."""
        if self.in_memory:
            with self._mutex:
                yield SqliteUnit(self, self._writer, self._blocks)
            return
        connection = getattr(self._local, "reader", None)
        if connection is None:
            connection = self._local.reader = self._connect()
            connection.execute("PRAGMA query_only=ON")
            with self._count:
                self._readers.append(connection)
        yield SqliteUnit(self, connection, {})

    @contextmanager
    def joining(self, connection: sa.Connection) -> Iterator[Unit]:
        """Work in the host program's transaction."""
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        install(raw)
        unit = SqliteUnit(self, raw, {})
        yield unit

    def is_unique_violation(self, error: Exception) -> str | None:
        """`UNIQUE constraint failed: index 'name'` or `…: table.column`."""
        words = str(error)
        if isinstance(error, sqlite3.IntegrityError) and words.startswith("UNIQUE constraint failed: "):
            return words.removeprefix("UNIQUE constraint failed: ").removeprefix("index ").strip("'")
        return None

    def close(self) -> None:
        """Close every connection."""
        with self._mutex:
            self.commit_group()
            for connection in self._readers:
                connection.close()
            self._readers.clear()
            if not self.in_memory:
                self._writer.close()
        super().close()
