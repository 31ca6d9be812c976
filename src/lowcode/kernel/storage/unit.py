"""A unit of work: what one person does at one moment, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table
from sqlalchemy.sql import ClauseElement

from lowcode.kernel.storage.prepared import Prepared

if TYPE_CHECKING:
    from lowcode.kernel.storage.database import Database


class StaleWrite(Exception):
    """A write that had to hit a row did not: somebody else changed it first."""


class Unit:
    """Runs statements in the transaction of one piece of work."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.after_commit: list[Callable[[], None]] = []
        self.after_rollback: list[Callable[[], None]] = []
        self._depth = 0

    # what a dialect provides

    def rows(self, prepared: Prepared, parameters: Any) -> Sequence[Sequence[Any]]:
        """Run a query on the driver."""
        raise NotImplementedError

    def execute(self, prepared: Prepared, parameters: Any) -> int:
        """Run a write on the driver; the number of rows it hit."""
        raise NotImplementedError

    def write(self, prepared: Prepared, values: Mapping[str, Any], *, must_hit: bool = False) -> None:
        """A write whose answer nobody needs before the commit; with `must_hit`, StaleWrite if no row was hit."""
        raise NotImplementedError

    def new_id(self, table: Table) -> int:
        """An id for a new row, known before the row is written."""
        raise NotImplementedError

    def begin(self) -> None:
        """From here on reads and writes belong to one transaction (PostgreSQL begins one only when it is needed)."""

    def command(self, text: str) -> None:
        """Run a plain command on the driver."""
        raise NotImplementedError

    def forget_writes(self) -> None:
        """What was kept back or taken since the savepoint did not happen."""

    def _insert(self, table: Table, values: Mapping[str, Any]) -> int | None:
        raise NotImplementedError

    # what everybody uses

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is written in the block happens whole or, when it raises, not at all; the transaction goes on."""
        self.begin()
        self._depth += 1
        name = f"part_{self._depth}"
        commits, rollbacks = len(self.after_commit), len(self.after_rollback)
        self.command(f"SAVEPOINT {name}")
        try:
            yield
            self.begin()  # writes that were kept back belong to the block
        except BaseException:
            self.forget_writes()
            self.command(f"ROLLBACK TO {name}")
            del self.after_commit[commits:]
            undone = self.after_rollback[rollbacks:]
            del self.after_rollback[rollbacks:]
            for each in undone:
                each()
            raise
        finally:
            self.command(f"RELEASE {name}")
            self._depth -= 1

    def fetch(self, statement: ClauseElement, **parameters: Any) -> list[dict[str, Any]]:
        """All rows of a query, as mappings."""
        prepared = self.database.prepare(statement)
        if prepared.expanding:
            prepared = self._expanded(statement, parameters)
        return prepared.rows(self.rows(prepared, prepared.parameters(parameters)))

    def fetch_shown(
        self, statement: ClauseElement, shows: Mapping[str, Callable[[Any], Any]], **parameters: Any
    ) -> list[dict[str, Any]]:
        """All rows of a query, each value that is not blank as its function in `shows` makes it: from the driver's row
        to what leaves the process in one step. Give the same mapping for the same statement."""
        prepared = self.database.prepare(statement)
        if prepared.expanding:
            prepared = self._expanded(statement, parameters)
        return prepared.rows_shown(self.rows(prepared, prepared.parameters(parameters)), shows)

    def one(self, statement: ClauseElement, **parameters: Any) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        found = self.fetch(statement, **parameters)
        return found[0] if found else None

    def locked(self, statement: ClauseElement, **parameters: Any) -> list[dict[str, Any]]:
        """Rows of a query that belong to this transaction until it ends; give it `.with_for_update()`."""
        self.begin()
        return self.fetch(statement, **parameters)

    def run(self, statement: ClauseElement, **parameters: Any) -> int:
        """Run a write; the number of rows it hit."""
        self.begin()
        prepared = self.database.prepare(statement)
        if prepared.expanding:
            prepared = self._expanded(statement, parameters)
        return self.execute(prepared, prepared.parameters(parameters))

    def run_many(self, statement: ClauseElement, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run one write for many rows of parameters."""
        self.begin()
        prepared = self.database.prepare(statement)
        for row in rows:
            self.execute(prepared, prepared.parameters(row))

    def insert(self, table: Table, **values: Any) -> int | None:
        """Insert a row; its id when the table has one."""
        self.begin()
        return self._insert(table, values)

    def insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows of the same columns."""
        if not rows:
            return
        self.begin()
        prepared = self.database.prepare_insert(table, rows[0])
        for row in rows:
            self.execute(prepared, prepared.parameters(row))

    def _expanded(self, statement: ClauseElement, parameters: Mapping[str, Any]) -> Prepared:
        """A statement with a list of values, compiled for exactly these values."""
        known = {name: value for name, value in parameters.items() if name in self._bind_names(statement)}
        filled = statement.params(**known) if known else statement
        return _Filled(filled, self.database)

    @staticmethod
    def _bind_names(statement: ClauseElement) -> frozenset[str]:
        return frozenset(getattr(statement.compile(), "binds", {}))


class _Filled(Prepared):
    """A statement compiled with its lists rolled out; its parameters are already in it."""

    def __init__(self, statement: ClauseElement, database: Database) -> None:
        from lowcode.kernel.storage.prepared import with_tables

        rewritten = with_tables(statement, database._tables) if database.prefix else statement
        super().__init__(_RolledOut(rewritten), database.dialect)  # type: ignore[arg-type]
        self.statement = statement

    def parameters(self, values: Mapping[str, Any]) -> Any:
        """The values the statement was compiled with."""
        return super().parameters({})


class _RolledOut:
    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement

    def compile(self, dialect: Any) -> Any:
        return self._statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
