"""PostgreSQL: the way to the server and back is what costs, so writes wait and go together.

Connections are in autocommit. A unit reads without a transaction and keeps its writes (`postgresql_unit`); what is one
statement in the end goes with those of others (`sharing`). A row that would be locked is watched (`watching`).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, TypeVar, cast

import orjson
import psycopg
import sqlalchemy as sa
from psycopg.types.json import set_json_loads
from sqlalchemy import Table

from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.storage.at_hand import AtHand
from lowcode.kernel.storage.database import Database, Trouble
from lowcode.kernel.storage.guard import OutOfTime
from lowcode.kernel.storage.kept_plans import KeptPlans
from lowcode.kernel.storage.postgresql_unit import PostgresqlUnit, run
from lowcode.kernel.storage.prepared import Prepared, Types
from lowcode.kernel.storage.quick import QuickConnections, readable, text_cursor, types_of
from lowcode.kernel.storage.sharing import SharedSaves
from lowcode.kernel.storage.together import Together
from lowcode.kernel.storage.unit import PIECE, StaleWrite, Unit
from lowcode.kernel.storage.watching import Watched

Result = TypeVar("Result")

ID_BLOCK = 64
IN_CHUNKS = 170000
"""From this version on libpq takes several rows at a time."""
ENTANGLED = 3
"""So often work is done once more that the server undid because it and others waited for one another; whoever comes
once more waits for those that went on."""
TROUBLES: Mapping[str, Trouble] = {"53100": "full", "53200": "memory", "53": "busy", "40": "busy", "55": "busy"}


def _alive(connection: psycopg.Connection[Any]) -> bool:
    """Whether an idle connection is one: the server has something to say to it only when it ends it."""
    return not connection.closed and not readable(connection.fileno())


def _refuse_dead(connection: psycopg.Connection[Any]) -> None:
    """Whoever takes a connection gets a living one: an idle connection with something to read was ended by the server.

    Looking costs a microsecond; asking the server (`SELECT 1`) would cost as much as the query itself.
    """
    if not _alive(connection):
        raise sa.exc.DisconnectionError("the server ended an idle connection")


def _written(database: PostgresqlDatabase, work: Callable[[Unit], Result], again: bool) -> Result:
    watch, entangled = Watched() if again else None, False
    try:
        with database.transaction(watch) as unit:
            return work(unit)
    except psycopg.errors.DeadlockDetected:
        if not again:
            raise
        entangled = True
    except Exception as error:  # when a server is lost on the way nobody knows what became of it
        lost = isinstance(error, (psycopg.OperationalError, OutOfTime))
        if lost or watch is None or watch.sure:
            raise
    # Those that went on may have changed what was read anew before they ended.
    passing = (psycopg.errors.DeadlockDetected, *((Conflict, StaleWrite) if entangled else ()))
    for _ in range(ENTANGLED):
        with suppress(*passing), database.transaction() as unit:
            return work(unit)
    with database.transaction() as unit:
        return work(unit)


class PostgresqlDatabase(Database):
    """A PostgreSQL database through psycopg."""

    dialect_name = "postgresql"
    watches = True

    def __init__(self, engine: sa.Engine, prefix: str = "") -> None:
        super().__init__(engine, prefix)
        # A pool of our own over the same creator: these connections are in autocommit, the host program's are not.
        # Whoever gives one back has ended what it began (`release`).
        self.pool = sa.QueuePool(
            engine.pool._creator, pool_size=20, max_overflow=20, reset_on_return=None, dialect=engine.dialect
        )
        sa.event.listen(self.pool, "connect", self._on_connect)
        sa.event.listen(self.pool, "checkout", self._on_checkout)
        self.kept_plans = KeptPlans()
        self.together = Together()
        self._block_lock = threading.Lock()
        self.at_hand = AtHand(self.pool, _alive, self.kept_plans.refresh)
        self._quick = QuickConnections(self.pool, self.kept_plans.refresh)
        self._text_cursor = text_cursor()
        self.shared = SharedSaves(self._uncounted, _alive)
        self._beside: psycopg.Connection[Any] | None = None
        self._beside_lock = threading.Lock()

    @staticmethod
    def _on_connect(connection: psycopg.Connection[Any], _: Any) -> None:
        connection.autocommit = True
        connection.prepare_threshold = 3
        set_json_loads(orjson.loads, connection)
        connection.execute("SET timezone = 'UTC'")

    def _on_checkout(self, connection: psycopg.Connection[Any], *_: Any) -> None:
        _refuse_dead(connection)
        self.kept_plans.refresh(connection)

    def next_ids(self, name: str, unit: PostgresqlUnit, count: int) -> list[int]:
        """The next ids of a table, in their order; they come in blocks, so that a save does not ask the server for
        one."""
        with self._block_lock:
            block = self.ids_in_hand.get(name) or []
            found = [block.pop() for _ in range(min(count, len(block)))]
            if len(found) < count:
                size = max(ID_BLOCK, count - len(found))
                block = self.ids_in_hand[name] = self._from_sequence(name, unit.connection, size)
                found += [block.pop() for _ in range(count - len(found))]
            return found

    @staticmethod
    def _from_sequence(name: str, connection: psycopg.Connection[Any], count: int) -> list[int]:
        """So many ids, the first one last."""
        rows = connection.execute(
            "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", (f'"{name}_id_seq"', count)
        ).fetchall()
        return sorted((int(row[0]) for row in rows), reverse=True)

    def prepare_insert(self, table: Table, names: Iterable[str], *, returning: bool = False) -> Prepared:
        """The insert; with it COPY, when it says nothing but values of columns."""
        found = super().prepare_insert(table, names, returning=returning)
        if found.copy is None:
            plain = not returning and set(found.names) <= set(table.c.keys()) and not found.defaults
            quoted = self.dialect.identifier_preparer
            columns = ", ".join(quoted.quote(name) for name in found.names)
            found.copy = f"COPY {quoted.format_table(self.table(table))} ({columns}) FROM STDIN" if plain else ""
        return found

    def beside(self, statement: sa.sql.ClauseElement, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a write that is committed at once, on a connection of its own, which no pool counts: whoever
        holds one of the pool's must not wait for another."""
        prepared = self.prepare(statement)
        with self._beside_lock:
            connection = self._beside
            if connection is None or not _alive(connection):
                connection = self._beside = self._uncounted()
            return prepared.rows(run(connection, prepared.text, prepared.parameters(parameters)).fetchall())

    def _uncounted(self) -> psycopg.Connection[Any]:
        """A connection beside the pool."""
        made = cast(psycopg.Connection[Any], self.engine.pool._creator())  # type: ignore[call-arg]
        self._on_connect(made, None)
        return made

    def forget_statements(self) -> None:
        """Drop everything prepared."""
        super().forget_statements()
        self.kept_plans.changed()
        self.together.forget()
        self.ids_in_hand.clear()

    def write(self, work: Callable[[Unit], Result], anywhere: bool = False, again: bool = False) -> Result:
        """Run `work` in a transaction of its own, in this thread: each has its connection. `again`: it may watch a row
        instead of locking it, and is then done once more where somebody else was first, whatever came of that, or
        where the server undid it so that others go on that waited for it as it did for them."""
        return _written(self, work, again)

    @contextmanager
    def transaction(self, watch: Watched | None = None) -> Iterator[Unit]:
        """A transaction as a block; with `watch` one row may be read without locking it."""
        unit = PostgresqlUnit(self)
        unit.watched = watch
        try:
            yield unit
            unit.commit()
        except BaseException:
            unit.rollback()
            unit.undone()
            raise
        finally:
            unit.release()
        unit.committed()

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """Reads without a transaction; quick ones on a connection that this thread keeps for them."""
        quick = self._quick.take() if self.guard.on else None
        unit = PostgresqlUnit(self, reading=quick)
        unit.only_reads = True
        try:
            yield unit
        finally:
            unit.release()
            if quick is not None:
                self._quick.give_back(quick)

    @property
    def near(self) -> bool:
        """Whether the server runs on this machine: then a point query takes less time than handing it to a thread."""
        host = self.engine.url.host or str(self.engine.url.query.get("host", ""))
        return host in ("", "localhost", "127.0.0.1", "::1") or host.startswith("/")

    def texts(self, unit: Unit, prepared: Prepared, parameters: Any) -> tuple[Sequence[Sequence[Any]], Types]:
        """Run a query whose values are only shown: instants, decimals and days stay the text that the server sent."""
        assert isinstance(unit, PostgresqlUnit)
        rows, answer = unit.answered(prepared, parameters, self._text_cursor)
        return rows, partial(types_of, answer)

    def several(self, unit: Unit, asked: Sequence[tuple[Prepared, Any]]) -> list[Sequence[Sequence[Any]]]:
        """Run them on one way to the server."""
        assert isinstance(unit, PostgresqlUnit)
        return [answer.fetchall() for answer in unit._send(*((each.text, given) for each, given in asked))]

    def pieces(self, unit: Unit, prepared: Prepared, parameters: Any) -> Iterator[Sequence[Sequence[Any]]]:
        """Run a query, and take its rows from the connection as they come: no cursor, no transaction. It sees what the
        unit wrote."""
        assert isinstance(unit, PostgresqlUnit)
        if unit.waits:
            unit.begin()
            unit.flush()
        size = PIECE if psycopg.pq.version() >= IN_CHUNKS else 1
        with psycopg.RawCursor(unit.connection) as cursor:
            rows: list[Any] = []
            for row in cursor.stream(prepared.text.encode(), parameters, size=size):
                rows.append(row)
                if len(rows) >= PIECE:
                    yield rows
                    rows = []
            if rows:
                yield rows

    @contextmanager
    def joining(self, connection: sa.Connection) -> Iterator[Unit]:
        """Work in the host program's transaction."""
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, psycopg.Connection)
        unit = PostgresqlUnit(self, raw)
        yield unit
        unit.commit()

    def is_unique_violation(self, error: Exception) -> str | None:
        """The name of the unique index."""
        if isinstance(error, psycopg.errors.UniqueViolation):
            return error.diag.constraint_name or ""
        return None

    def trouble(self, error: Exception) -> Trouble | None:
        """By SQLSTATE (`TROUBLES`); 08 and 57 or no word at all: the server is gone."""
        if isinstance(error, sa.exc.TimeoutError):
            return "busy"
        if isinstance(error, psycopg.DataError):
            return "value"
        if not isinstance(error, psycopg.OperationalError):
            return None
        return TROUBLES.get(error.sqlstate or "") or TROUBLES.get((error.sqlstate or "08")[:2], "lost")

    def close(self) -> None:
        """Close every connection."""
        self._quick.close()
        self.shared.close()
        if self._beside is not None:
            self._beside.close()
        self.at_hand.close()
        super().close()
