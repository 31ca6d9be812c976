"""A unit of work: what one person does at one moment, in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table
from sqlalchemy.sql import ClauseElement, visitors

from lowcode.kernel.diagnostics import LowcodeError
from lowcode.kernel.storage import room
from lowcode.kernel.storage.prepared import Prepared

if TYPE_CHECKING:
    from lowcode.kernel.storage.database import Database
    from lowcode.kernel.storage.watching import Watched

Shows = Mapping[str, Callable[[Any], Any]]
"""What makes JSON of the values of some columns."""


log = logging.getLogger("lowcode.storage")


PIECE = 5000
"""Rows that are taken from the driver at a time, where many are read."""


class StaleWrite(Exception):
    """A write that had to hit a row did not: somebody else changed it first."""


class Unit:
    """Runs statements in the transaction of one piece of work."""

    statements = 0
    """How many were run or kept: whoever wants to know whether a step asked the database compares two readings."""
    only_reads = False
    """Whether nothing is written in it: whatever it is told could as well come from a copy."""
    schema: int | None = None
    """A number that another process changes when it changes a table, where that must be looked at: SQLite would
    take what an older version writes into a column that has another type by now."""
    again: Callable[[Unit], None] | None = None
    """Called before a statement is asked once more because the server had planned it for other tables: raises
    Unavailable where they are not those that whoever asks means."""
    ahead: Any = None
    """What rows that are saved together read of others, looked up for all of them (`records.ahead`)."""
    leaving: frozenset[tuple[str, int]] = frozenset()
    """What is being deleted now with another record: nothing has to hold of it any more."""
    begun = True
    """Whether what follows is one transaction with what it asked before."""
    watched: Watched | None = None
    """The row that it may read without locking it (`watching`); None where it has to lock."""
    _depth = 0

    def __init__(self, database: Database) -> None:
        self.database = database
        self.after_commit: list[Callable[[], None]] = []
        self.after_rollback: list[Callable[[], None]] = []
        self.followed: dict[tuple[str, int], int] = {}
        """What was deleted or emptied because another record was deleted, with the version it had before: whoever named
        both for deletion gets what they asked for."""

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

    def write_many(self, prepared: Prepared, rows: Iterable[Mapping[str, Any]]) -> None:
        """One write for each of many rows, in one go to the driver."""
        raise NotImplementedError

    def new_ids(self, table: Table, count: int) -> list[int]:
        """Ids for new rows, in their order, known before the rows are written."""
        raise NotImplementedError

    def begin(self) -> None:
        """From here on reads and writes belong to one transaction (PostgreSQL begins one only when it is needed)."""

    def command(self, text: str) -> None:
        """Run a plain command on the driver."""
        raise NotImplementedError

    def forget_writes(self) -> None:
        """What was kept back or taken since the savepoint did not happen."""

    def give_back(self) -> None:
        """What was taken outside of the transaction goes back: it did not happen."""

    def _insert(self, table: Table, values: Mapping[str, Any]) -> int | None:
        raise NotImplementedError

    # how it ends

    def committed(self) -> None:
        """Run what was to follow the commit. What is written stays written, so whoever watches cannot undo it."""
        followers, self.after_commit = self.after_commit, []
        for told in followers:
            try:
                told()
            except Exception:
                log.exception("somebody who watches failed; the work is committed all the same")

    def undone(self) -> None:
        """It did not happen: give back what was taken and tell those who relied on it."""
        self.give_back()
        self.after_commit = []
        waiting, self.after_rollback = self.after_rollback, []
        for each in waiting:
            each()

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
            self.command(f"RELEASE {name}")
        except BaseException as error:
            self.forget_writes()
            del self.after_commit[commits:]
            undone = self.after_rollback[rollbacks:]
            del self.after_rollback[rollbacks:]
            for each in undone:
                each()
            _take_back(self, name, error)
            without_room = room.refusal(error)  # of this block alone: whoever catches it goes on
            if without_room is not None:
                raise without_room from error
            raise
        finally:
            self._depth -= 1

    def fetch(self, statement: ClauseElement, shows: Shows | None = None, /, **parameters: Any) -> list[dict[str, Any]]:
        """All rows of a query, as mappings. With `shows`, each value that is not blank as its function there makes it:
        from the driver's row to what leaves the process in one step; give the same mapping for the same statement."""
        prepared = self.database.prepare(statement)
        if prepared.expanding:
            prepared = _expanded(self.database, statement, parameters)
        self.statements += 1
        if shows is None:
            return prepared.rows(self.rows(prepared, prepared.parameters(parameters)))
        found, types = self.database.texts(self, prepared, prepared.parameters(parameters))
        return prepared.rows_shown(found, shows, types)

    def one(self, statement: ClauseElement, **parameters: Any) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        found = self.fetch(statement, **parameters)
        return found[0] if found else None

    def locked(self, statement: ClauseElement, **parameters: Any) -> list[dict[str, Any]]:
        """Rows that belong to this transaction until it ends: of a query `.with_for_update()`, or those that a write
        gives back (`.returning()`)."""
        self.begin()
        return self.fetch(statement, **parameters)

    def run(self, statement: ClauseElement, **parameters: Any) -> int:
        """Run a write; the number of rows it hit."""
        self.begin()
        self.statements += 1
        prepared = self.database.prepare(statement)
        if prepared.expanding:
            prepared = _expanded(self.database, statement, parameters)
        return self.execute(prepared, prepared.parameters(parameters))

    def insert(self, table: Table, **values: Any) -> int | None:
        """Insert a row; its id when the table has one."""
        self.begin()
        self.statements += 1
        return self._insert(table, values)

    def insert_many(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert rows of the same columns."""
        if not rows:
            return
        self.begin()
        self.statements += 1
        self.write_many(self.database.prepare_insert(table, rows[0]), rows)


def locked_with(
    unit: Unit, statement: ClauseElement, then: ClauseElement, **parameters: Any
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows that belong to this transaction until it ends, and those of a query that is made when they are locked."""
    unit.begin()
    unit.statements += 2
    asked = [unit.database.prepare(each) for each in (statement, then)]
    first, second = unit.database.several(unit, [(each, each.parameters(parameters)) for each in asked])
    return asked[0].rows(first), asked[1].rows(second)


def pieces(unit: Unit, statement: ClauseElement, **parameters: Any) -> Iterator[Sequence[Sequence[Any]]]:
    """The driver's rows of a query that finds many, some at a time; read them all before asking anything else."""
    unit.statements += 1
    prepared = unit.database.prepare(statement)
    if prepared.expanding:
        prepared = _expanded(unit.database, statement, parameters)
    return unit.database.pieces(unit, prepared, prepared.parameters(parameters))


def _take_back(unit: Unit, name: str, error: BaseException) -> None:
    """Undo a block. When the transaction is gone with it (disk full, no connection), what went wrong stands first;
    a refusal that somebody may catch and go on from must not hide that."""
    try:
        unit.command(f"ROLLBACK TO {name}")
        unit.command(f"RELEASE {name}")
    except Exception:
        if isinstance(error, LowcodeError):
            raise


def _expanded(database: Database, statement: ClauseElement, parameters: Mapping[str, Any]) -> Prepared:
    """A statement with a list of values, compiled for exactly these values."""

    def fill(bind: Any) -> None:
        if bind.key in parameters:
            bind.value = parameters[bind.key]
            bind.required = False

    # Not `statement.params()`: a statement that carries its values beside it cannot be rolled out.
    kept = {"maintain_key": True, "detect_subquery_cols": True}
    return _Filled(visitors.cloned_traverse(statement, kept, {"bindparam": fill}), database)


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
