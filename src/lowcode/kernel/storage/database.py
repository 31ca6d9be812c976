"""One database of one host: SQLite or PostgreSQL, its connections, and what differs between the two.

Reads and writes go through a `Unit`. `Database.write(work)` runs a function in a transaction and commits it; on SQLite
saves that arrive together share one commit (`sqlite.py`), on PostgreSQL a lone save is one statement (`postgresql.py`).
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Literal, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql import ClauseElement

from lowcode.kernel.diagnostics import LowcodeError
from lowcode.kernel.storage.guard import Guard
from lowcode.kernel.storage.prepared import Prepared, Types, with_tables
from lowcode.kernel.storage.unit import Unit

Result = TypeVar("Result")

PREPARED_LIMIT = 4096
Trouble = Literal["full", "memory", "busy", "lost", "value"]


class StorageError(LowcodeError):
    """The database cannot be used as asked; the message says what to do."""


class Database:
    """A database and how to talk to it. Make one with `open_database`."""

    dialect_name: str
    watches = False
    """Whether rows are watched here instead of being locked (`watching`)."""

    def __init__(self, engine: sa.Engine, prefix: str = "") -> None:
        self.engine = engine
        self.prefix = prefix
        self.dialect = engine.dialect
        self._tables: dict[sa.Table, sa.Table] = {}
        self._prepared: OrderedDict[int, tuple[ClauseElement, Prepared]] = OrderedDict()
        self.ids_in_hand: dict[str, list[int]] = {}
        """By table; to be dropped where its name may be that of another one now."""
        self._inserts: dict[tuple[str, tuple[str, ...], bool], Prepared] = {}
        self._lock = threading.Lock()
        self.guard = Guard()
        """Limits how long reads of one thread may take: `with database.guard.quickly(0.02)` raises OutOfTime."""

    @property
    def near(self) -> bool:
        """Whether reads may be tried in an event loop: the data are in this process or on this machine."""
        return True

    def pieces(self, unit: Unit, prepared: Prepared, parameters: Any) -> Iterator[Sequence[Sequence[Any]]]:
        """The driver's rows of a query that finds many, some at a time."""
        raise NotImplementedError

    def texts(self, unit: Unit, prepared: Prepared, parameters: Any) -> tuple[Sequence[Sequence[Any]], Types]:
        """Run a query whose values are only shown: the driver may leave some of them as the text the database sent
        (`prepared.AS_TEXT`). The rows, and what finds out the type of each column, none where nothing is left so."""
        return unit.rows(prepared, parameters), tuple

    def several(self, unit: Unit, asked: Sequence[tuple[Prepared, Any]]) -> list[Sequence[Sequence[Any]]]:
        """The driver's rows of queries of one transaction, made one after the other."""
        return [unit.rows(prepared, parameters) for prepared, parameters in asked]

    # -- tables -------------------------------------------------------------------------------------------------------

    def adopt(self, metadata: sa.MetaData, own: sa.MetaData) -> None:
        """Make the tables of an engine known under this host's prefix."""
        for table in metadata.sorted_tables:
            if table not in self._tables and self.prefix:
                self._tables[table] = _with_prefix(table, own, self.prefix)
            elif not self.prefix:
                self._tables[table] = table

    def table(self, table: sa.Table) -> sa.Table:
        """The table as it is called here."""
        return self._tables.get(table, table)

    @property
    def tables(self) -> tuple[sa.Table, ...]:
        """Every adopted table as it is called here."""
        return tuple(self._tables.values())

    def learn(self, functions: Mapping[str, Any]) -> None:
        """Carry out the functions of a host in SQL. PostgreSQL has none of its own: each comes as an element."""

    # -- statements ---------------------------------------------------------------------------------------------------

    def prepare(self, statement: ClauseElement) -> Prepared:
        """The statement as driver text; kept, so that a statement used again costs nothing."""
        key = id(statement)
        found = self._prepared.get(key)
        if found is not None and found[0] is statement:
            return found[1]
        rewritten = with_tables(statement, self._tables) if self.prefix else statement
        prepared = Prepared(rewritten, self.dialect)
        with self._lock:
            self._prepared[key] = (statement, prepared)
            while len(self._prepared) > PREPARED_LIMIT:
                self._prepared.popitem(last=False)
        return prepared

    def prepare_insert(self, table: sa.Table, names: Iterable[str], *, returning: bool = False) -> Prepared:
        """The insert of these columns of a table."""
        ordered = tuple(names)
        key = (table.name, ordered, returning)
        found = self._inserts.get(key)
        if found is None:
            target = self.table(table)
            statement = sa.insert(target).values(
                {name: sa.bindparam(name, type_=target.c[name].type) for name in ordered}
            )
            if returning:
                statement = statement.returning(target.c.id)
            found = self._inserts[key] = Prepared(statement, self.dialect)
        return found

    def forget_statements(self) -> None:
        """Drop everything prepared: the schema changed."""
        with self._lock:
            self._prepared.clear()
            self._inserts.clear()

    # -- work ---------------------------------------------------------------------------------------------------------

    def write(self, work: Callable[[Unit], Result], anywhere: bool = False, again: bool = False) -> Result:
        """Run `work` in a transaction and commit it; an exception undoes all of it. `anywhere` allows another thread to
        run it, with the context variables of this one, where that is quicker: nothing in it may rely on its thread.
        `again` allows to undo it and run it once more: nothing of it may be outside of the unit."""
        raise NotImplementedError

    def transaction(self) -> AbstractContextManager[Unit]:
        """A transaction as a block, for code that cannot be a function; it shares no commit with others."""
        raise NotImplementedError

    def reading(self) -> AbstractContextManager[Unit]:
        """Reads without a transaction of their own."""
        raise NotImplementedError

    def joining(self, connection: sa.Connection) -> AbstractContextManager[Unit]:
        """A unit inside a transaction that somebody else began and will end."""
        raise NotImplementedError

    def is_unique_violation(self, error: Exception) -> str | None:
        """The name of the broken rule (index name or columns) when the driver's error means a value is taken."""
        raise NotImplementedError

    def trouble(self, error: Exception) -> Trouble | None:
        """What a driver's error means when nobody sent anything wrong: the work was undone and may be tried again."""
        raise NotImplementedError

    def files_folder(self) -> str:
        """Where the contents of files are kept when the host does not say: beside the database."""
        path = self.engine.url.database
        if self.dialect_name == "sqlite" and path and path != ":memory:":
            return f"{path}-files"
        return temporary_folder(self.prefix)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def temporary_folder(prefix: str = "") -> str:
    """Where contents lie when nothing says where, and the database has no folder beside it."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    return os.path.join(tempfile.gettempdir(), f"lowcode-files-{user}-{prefix or 'app'}")


def _with_prefix(table: sa.Table, metadata: sa.MetaData, prefix: str) -> sa.Table:
    copied = table.to_metadata(metadata, name=prefix + table.name)
    copied.info.update(table.info)
    for index in copied.indexes:
        if index.name:
            index.name = sa.quoted_name(prefix + str(index.name), None)
    for constraint in copied.constraints:
        if constraint.name and not str(constraint.name).startswith("_"):
            constraint.name = prefix + str(constraint.name)
    return copied


NO_DRIVER = "the driver of this database is not installed; for PostgreSQL: pip install 'lowcode[postgresql]'"


def open_database(target: str | sa.Engine, prefix: str = "") -> Database:
    """A database by URL (`sqlite:///crm.sqlite3`, `postgresql://…`), by file name, or over the host's engine. Raises
    StorageError, also where the driver is not installed: that of PostgreSQL is an extra."""
    if isinstance(target, str):
        url = target if "://" in target or target == "sqlite://" else f"sqlite:///{target}"
        if url.startswith(("postgresql://", "postgres://")):
            url = "postgresql+psycopg://" + url.split("://", 1)[1]
        in_memory = sa.make_url(url).get_backend_name() == "sqlite" and sa.make_url(url).database in (
            None,
            "",
            ":memory:",
        )
        # One connection for all threads, which take turns: a database in memory is gone with its connection.
        shared: dict[str, Any] = {"connect_args": {"check_same_thread": False}, "poolclass": sa.StaticPool}
        try:
            engine = sa.create_engine(url, **(shared if in_memory else {}))
        except ModuleNotFoundError as missing:
            raise StorageError(f"{NO_DRIVER} ({missing})") from None
    else:
        engine = target
    if engine.dialect.name == "sqlite":
        from lowcode.kernel.storage.sqlite import SqliteDatabase

        return SqliteDatabase(engine, prefix)
    if engine.dialect.name == "postgresql":
        if engine.dialect.driver != "psycopg":
            raise StorageError(
                f"PostgreSQL is spoken to through psycopg, not {engine.dialect.driver}: "
                "use a URL beginning with postgresql+psycopg://"
            )
        from lowcode.kernel.storage.postgresql import PostgresqlDatabase

        return PostgresqlDatabase(engine, prefix)
    raise StorageError(f"the database '{engine.dialect.name}' is not supported; use SQLite or PostgreSQL")
