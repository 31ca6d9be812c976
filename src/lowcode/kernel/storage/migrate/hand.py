"""How a migration touches a database: plain statements on the connection of one unit, the same words for both kinds.

Statements are written with `?` for values; names are quoted here and get the host's prefix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.storage.migrate.schema import IndexShape, TableShape, type_of
from lowcode.kernel.storage.prepared import NUMERIC_OID
from lowcode.kernel.storage.types import json_text

if TYPE_CHECKING:
    from lowcode.kernel.storage.unit import Unit


TAKEN = "23505"
"""What PostgreSQL says where a value that has to be unique occurs twice."""
HELD = ("55P03", "40P01")
"""What it says where others hold a table: for too long, or while they wait for one of ours."""


def sqlstate(error: Exception) -> str | None:
    """What PostgreSQL calls an error; None for one of another kind. Its driver is an extra, and is not imported for
    this."""
    return getattr(error, "sqlstate", None)


class Hand:
    """A unit of a database, spoken to in plain statements; not `within` a transaction, each stands for itself."""

    def __init__(self, unit: Unit, *, within: bool = True) -> None:
        self.unit = unit
        self.within = within
        self.database = unit.database
        self.prefix = self.database.prefix
        self.postgresql = self.database.dialect_name == "postgresql"

    @property
    def connection(self) -> Any:
        """The driver's connection."""
        if self.within:
            self.unit.begin()
            if self.postgresql:
                self.unit.flush()  # type: ignore[attr-defined]
        return self.unit.connection  # type: ignore[attr-defined]

    def run(self, sql: str, *values: Any) -> int:
        """Run a statement; the number of rows it hit."""
        return int(self.connection.execute(*self._said(sql, values)).rowcount)

    def in_turn(self, statements: Sequence[str]) -> None:
        """Run statements without values one after the other: on PostgreSQL as one message."""
        if self.postgresql:
            self.connection.execute(";\n".join(statements))
            return
        for each in statements:
            self.connection.execute(each)

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        return [tuple(each) for each in self.connection.execute(*self._said(sql, values)).fetchall()]

    def value(self, sql: str, *values: Any) -> Any:
        """The first value of the first row."""
        found = self.connection.execute(*self._said(sql, values)).fetchone()
        return found[0] if found else None

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run a statement for many rows of values."""
        if self.postgresql:
            with self.connection.cursor() as cursor:
                cursor.executemany(sql.replace("?", "%s"), list(rows))
        else:
            self.connection.executemany(sql, rows)

    def _said(self, sql: str, values: Sequence[Any]) -> tuple[Any, ...]:
        if not self.postgresql:
            return (sql, values)
        return (sql.replace("%", "%%").replace("?", "%s"), values) if values else (sql,)

    # -- names --------------------------------------------------------------------------------------------------------

    def table(self, name: str) -> str:
        """A table or index as this host calls it, quoted."""
        return f'"{self.prefix}{name}"'

    def define(self, statement: sa.schema.ExecutableDDLElement) -> None:
        """Run a statement that SQLAlchemy writes: of a table or an index."""
        self.connection.execute(str(statement.compile(dialect=self.database.dialect)))

    def type(self, store: str) -> str:
        """A column type in the words of this database."""
        return str(type_of(store).compile(dialect=self.database.dialect))

    # -- what is there ------------------------------------------------------------------------------------------------

    def has_table(self, name: str) -> bool:
        """Whether there is a table."""
        return bool(self.tables([name]))

    def tables(self, names: Iterable[str]) -> set[str]:
        """Those tables that are there, of some: asked once for all of them."""
        wanted = {self.table(each) if self.postgresql else self.prefix + each: each for each in names}
        if self.postgresql:
            sql = (
                "SELECT name FROM unnest(?::text[]) AS name JOIN pg_class ON oid = to_regclass(name)"
                " WHERE relkind IN ('r', 'p')"
            )
            found = self.rows(sql, list(wanted))
        else:
            sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN (SELECT value FROM json_each(?))"
            found = self.rows(sql, json_text(list(wanted)))
        return {wanted[each[0]] for each in found}

    def columns(self, name: str) -> set[str]:
        """The names of the columns of a table."""
        if self.postgresql:
            found = self.rows(
                "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped",
                self.table(name),
            )
        else:
            found = self.rows("SELECT name FROM pragma_table_info(?)", self.prefix + name)
        return {each[0] for each in found}

    def indexes(self, name: str) -> dict[str, bool]:
        """The indexes of a table, and whether each is whole: a build that broke off leaves one that is not."""
        if self.postgresql:
            found = self.rows(
                "SELECT c.relname, i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
                " WHERE i.indrelid = to_regclass(?)",
                self.table(name),
            )
        else:
            found = self.rows("SELECT name, 1 FROM pragma_index_list(?)", self.prefix + name)
        return {str(each[0]).removeprefix(self.prefix): bool(each[1]) for each in found}

    def count(self, name: str, condition: str = "", *values: Any) -> int:
        """How many rows a table has."""
        where = f" WHERE {condition}" if condition else ""
        return int(self.value(f"SELECT count(*) FROM {self.table(name)}{where}", *values))

    def roughly(self, name: str) -> int:
        """About how many rows a table has, for choosing the way to go: never a scan on PostgreSQL when it is large."""
        if not self.postgresql:
            return self.count(name)
        known = self.value("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(?)", self.table(name))
        pages = self.value(
            "SELECT pg_relation_size(to_regclass(?)) / current_setting('block_size')::int", self.table(name)
        )
        if known is not None and known > 0 and pages:
            return int(known)
        limit = 200_000
        return int(self.value(f"SELECT count(*) FROM (SELECT 1 FROM {self.table(name)} LIMIT {limit}) AS first_rows"))


def reader(store: str, hand: Hand) -> Callable[[Any], Any]:
    """What turns the driver's value into Python's."""
    dialect = hand.database.dialect
    found = type_of(store)._cached_result_processor(dialect, NUMERIC_OID)
    made: Callable[[Any], Any] = found or (lambda value: value)
    return made


def writer(store: str, hand: Hand) -> Callable[[Any], Any]:
    """What turns Python's value into the driver's."""
    dialect = hand.database.dialect
    found = type_of(store)._cached_bind_processor(dialect)
    made: Callable[[Any], Any] = found or (lambda value: value)
    return made


def index_sql(hand: Hand, table: TableShape, index: IndexShape, *, concurrently: bool = False) -> str:
    """The statement that makes an index."""
    unique = "UNIQUE " if index.unique else ""
    online = "CONCURRENTLY " if concurrently else ""
    order = " text_pattern_ops" if index.begins and hand.postgresql else ""
    columns = ", ".join(f'"{each}"{order}' for each in index.columns)
    only = ["deleted_at IS NULL"] if index.live else []
    only += [f'"{each}" IS NOT NULL' for each in index.columns] if index.filled else []
    where = f" WHERE {' AND '.join(only)}" if only else ""
    return f"CREATE {unique}INDEX {online}{hand.table(index.name)} ON {hand.table(table.name)} ({columns}){where}"
