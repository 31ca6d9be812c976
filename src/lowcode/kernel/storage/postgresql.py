"""PostgreSQL: the way to the server and back is what costs, so writes wait and go together.

Connections are in autocommit. A unit reads without a transaction and keeps its writes; if nothing forced a transaction
before the end, the writes become one statement (`WITH w0 AS (UPDATE …), w1 AS (INSERT …) SELECT …`), atomic by itself
and one way to the server (measured 3.5 times the usual begin, three writes, commit: forms_reports.md 2.3).
A write that must hit a row divides by the number of rows it hit: none makes the whole statement fail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import chain, islice
from typing import Any, TypeVar, cast

import orjson
import psycopg
import sqlalchemy as sa
from psycopg.types.json import set_json_loads
from sqlalchemy import Table

from lowcode.kernel.storage.database import Database, Trouble
from lowcode.kernel.storage.guard import OutOfTime
from lowcode.kernel.storage.kept_plans import KeptPlans, once_more
from lowcode.kernel.storage.prepared import Prepared, Types
from lowcode.kernel.storage.quick import IDLE, QuickConnections, readable, text_cursor, types_of
from lowcode.kernel.storage.sharing import SharedSaves
from lowcode.kernel.storage.together import Together, Write
from lowcode.kernel.storage.unit import PIECE, StaleWrite, Unit

Result = TypeVar("Result")

ID_BLOCK = 64
PIPELINES = psycopg.Pipeline.is_supported()
"""Whether libpq sends several statements before it reads the first answer."""
FEW = 20
"""Rows that are inserted one by one: for fewer, copying takes one way to the server more."""
IN_CHUNKS = 170000
"""From this version on libpq takes several rows at a time."""
TROUBLES: Mapping[str, Trouble] = {"53": "full", "40": "busy", "55": "busy"}


class PostgresqlUnit(Unit):
    """Statements on one PostgreSQL connection, taken when first needed."""

    database: PostgresqlDatabase

    def __init__(
        self,
        database: PostgresqlDatabase,
        joined: psycopg.Connection[Any] | None = None,
        reading: psycopg.Connection[Any] | None = None,
    ) -> None:
        super().__init__(database)
        self._pooled: Any = None
        self._connection = joined or reading
        self._joined = joined is not None
        self._begun = joined is not None
        self._opening = False
        """Whether the transaction has yet to be begun on the server, together with the first statement of it."""
        self._pending: list[Write] = []

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The driver's connection."""
        if self._connection is None:
            self._pooled = self.database.pool.connect()
            self._connection = self._pooled.dbapi_connection
        assert self._connection is not None
        return self._connection

    @property
    def waits(self) -> bool:
        """Whether something is to be sent before a statement."""
        return self._opening or bool(self._pending)

    def begin(self) -> None:
        """What follows is one transaction."""
        if not self._begun:
            self._begun = self._opening = True

    def rows(self, prepared: Prepared, parameters: Any) -> Sequence[Sequence[Any]]:
        """Run a query; it sees what this unit wrote."""
        return self.answered(prepared, parameters)[0]

    def answered(
        self, prepared: Prepared, parameters: Any, cursor: type[psycopg.RawCursor[Any]] = psycopg.RawCursor
    ) -> tuple[Sequence[Sequence[Any]], psycopg.Cursor[Any]]:
        """The rows of a query, and the cursor that read them."""
        if self._pending:
            self.begin()
        try:
            prepare = False if prepared.anew else None
            answered = self._send((prepared.text, parameters), prepare=prepare, cursor=cursor)[0]
            return answered.fetchall(), answered
        except psycopg.errors.QueryCanceled:
            if self.database.guard.on:
                raise OutOfTime from None
            raise

    def execute(self, prepared: Prepared, parameters: Any) -> int:
        """Run a write; the number of rows it hit."""
        self.begin()
        return self._send((prepared.text, parameters))[0].rowcount

    def write(self, prepared: Prepared, values: Mapping[str, Any], *, must_hit: bool = False) -> None:
        """Keep a write until the end, or until something needs to see it."""
        self.statements += 1
        self._pending.append((prepared, values, must_hit))

    def write_many(self, prepared: Prepared, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows: many new ones are copied, others go to the server without waiting for the answer to each."""
        self.begin()
        self._send()
        self.statements += 1
        rows = iter(rows)
        first = list(islice(rows, FEW))
        with psycopg.RawCursor(self.connection) as cursor:
            if not prepared.copy or len(first) < FEW:
                cursor.executemany(prepared.text, map(prepared.parameters, chain(first, rows)))
                return
            with cursor.copy(prepared.copy.encode()) as copy:
                for row in prepared.tuples(chain(first, rows)):
                    copy.write_row(row)

    def _send(
        self, *asked: tuple[str, Any], last: str = "", prepare: bool | None = None,
        cursor: type[psycopg.RawCursor[Any]] = psycopg.RawCursor,
    ) -> list[psycopg.Cursor[Any]]:  # fmt: skip
        """Send what was kept back, what is asked, and `last`: all on one way to the server. The answers to what is
        asked; `prepare`: whether it keeps a plan there, None once it was asked some times; `cursor`: what reads the
        answers."""
        connection = self.connection
        if not self._opening and not self._pending and not last and len(asked) == 1:
            ask = partial(_run, connection, *asked[0], prepare=prepare, cursor=cursor)
            return [once_more(self, connection, ask)]
        if last and any(must_hit for *_, must_hit in self._pending):
            self._send()
        pending, self._pending = self._pending, []
        opening, self._opening = self._opening, False
        several = opening + len(pending) + len(asked) + bool(last) > 1 and PIPELINES

        def exchange() -> tuple[list[psycopg.Cursor[Any]], list[psycopg.Cursor[Any]]]:
            with connection.pipeline() if several else nullcontext():
                if opening:
                    connection.execute("BEGIN")
                hits = self._send_writes(pending)
                answers = [_run(connection, text, given, prepare=prepare, cursor=cursor) for text, given in asked]
                if last:
                    connection.execute(last.encode())
            return hits, answers

        hits, answers = once_more(self, connection, exchange)
        if any(hit.rowcount == 0 for hit in hits):
            raise StaleWrite
        return answers

    def _send_writes(self, pending: Sequence[Write]) -> list[psycopg.Cursor[Any]]:
        """Send what was kept back, as one statement where that means the same, and what comes after a lock apart from
        what comes before it; the answers that have no row where something did not hit the one it had to."""
        held = next((place for place, (one, *_) in enumerate(pending) if isinstance(one.statement, sa.Select)), 0)
        if held:
            return [*self._send_writes(pending[:held]), *self._send_writes(pending[held:])]
        if self.database.together.fits(pending):
            return [_run(self.connection, *self._as_one(pending), prepare=True)]
        answers = [(_run(self.connection, one.text, one.parameters(values)), hits) for one, values, hits in pending]
        return [answer for answer, must_hit in answers if must_hit]

    def flush(self) -> None:
        """Send what was kept back."""
        if self.waits:
            self._send()

    def command(self, text: str) -> None:
        """Run a plain command. What has to hit is seen to have hit before it."""
        if any(must_hit for *_, must_hit in self._pending):
            self._send()
        self._send((text, None))

    def forget_writes(self) -> None:
        """Writes that were kept back are dropped."""
        self._pending = []

    def _insert(self, table: Table, values: Mapping[str, Any]) -> int | None:
        has_id = "id" in table.c and "id" not in values
        prepared = self.database.prepare_insert(table, values, returning=has_id)
        (cursor,) = self._send((prepared.text, prepared.parameters(values)))
        return int(cursor.fetchone()[0]) if has_id else values.get("id")  # type: ignore[index]

    def new_ids(self, table: Table, count: int) -> list[int]:
        """The next ids of the block this process holds."""
        return self.database.next_ids(table.name, self, count)

    def commit(self) -> None:
        """End the work: one statement when that is all there is."""
        if self._opening:  # nothing was asked in it
            self._begun = self._opening = False
        if len(self._pending) > 1 and not self._begun and not self.database.together.fits(self._pending, alone=True):
            self.begin()
        if self._begun:
            self._send(last="" if self._joined else "COMMIT")
        elif len(self._pending) == 1 and not self._pending[0][2]:
            prepared, values, _ = self._pending[0]
            _run(self.connection, prepared.text, prepared.parameters(values))
        elif self._pending:
            text, given = self._as_one(self._pending, alone=True)
            shared = PIPELINES and all(hits or one.adds or one.by for one, _, hits in self._pending)
            if not shared or not self.database.shared.carry(text, given, _holds(self._pending)):
                try:
                    _run(self.connection, text, given, prepare=True)
                except psycopg.errors.DivisionByZero:
                    raise StaleWrite from None
        self._pending = []

    def _as_one(self, pending: Sequence[Write], *, alone: bool = False) -> tuple[str, list[Any]]:
        """The statement for all that was kept back, and its parameters."""
        combined, order = self.database.together.text(pending, alone=alone)
        return combined, [value for place in order for value in pending[place][0].parameters(pending[place][1])]

    def rollback(self) -> None:
        """Nothing of it happened. A connection that is gone needs no word: the server undoes what it began."""
        self._pending = []
        if (
            self._begun
            and not self._opening
            and not self._joined
            and self._connection is not None
            and not self._connection.closed
        ):
            try:
                self._connection.execute("ROLLBACK")
            except psycopg.OperationalError:
                self._connection.close()

    def release(self) -> None:
        """Give the connection back."""
        if self._pooled is not None:
            assert self._connection is not None
            if self._connection.pgconn.transaction_status != IDLE:
                self._pooled.invalidate()
            self._pooled.close()
            self._pooled = self._connection = None


def _holds(writes: Iterable[Write]) -> tuple[tuple[str, int], ...]:
    """The rows that writes change by their id alone: other saves may want the same ones."""
    found = [(one.statement.table.name, values[one.by]) for one, values, _ in writes if one.by]  # type: ignore[attr-defined]
    return tuple(sorted(found))


def _run(
    connection: psycopg.Connection[Any], text: str, given: Any, prepare: bool | None = None,
    cursor: type[psycopg.RawCursor[Any]] = psycopg.RawCursor,
) -> psycopg.Cursor[Any]:  # fmt: skip
    """Run a statement whose parameters are numbered: the driver has nothing to look for in its text."""
    return cursor(connection).execute(text.encode(), given, prepare=prepare)


def _alive(connection: psycopg.Connection[Any]) -> bool:
    """Whether an idle connection is one: the server has something to say to it only when it ends it."""
    return not connection.closed and not readable(connection.fileno())


def _refuse_dead(connection: psycopg.Connection[Any]) -> None:
    """Whoever takes a connection gets a living one: an idle connection with something to read was ended by the server.

    Looking costs a microsecond; asking the server (`SELECT 1`) would cost as much as the query itself.
    """
    if not _alive(connection):
        raise sa.exc.DisconnectionError("the server ended an idle connection")


class PostgresqlDatabase(Database):
    """A PostgreSQL database through psycopg."""

    dialect_name = "postgresql"

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
        self._blocks = self.ids_in_hand
        self._block_lock = threading.Lock()
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
            block = self._blocks.get(name) or []
            found = [block.pop() for _ in range(min(count, len(block)))]
            if len(found) < count:
                size = max(ID_BLOCK, count - len(found))
                block = self._blocks[name] = self._from_sequence(name, unit.connection, size)
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
            return prepared.rows(_run(connection, prepared.text, prepared.parameters(parameters)).fetchall())

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

    def write(self, work: Callable[[Unit], Result], anywhere: bool = False) -> Result:
        """Run `work` in a transaction of its own, in this thread: each has its connection."""
        with self.transaction() as unit:
            result = work(unit)
        return result

    @contextmanager
    def transaction(self) -> Iterator[Unit]:
        """A transaction as a block."""
        unit = PostgresqlUnit(self)
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
        rows, cursor = unit.answered(prepared, parameters, self._text_cursor)
        return rows, partial(types_of, cursor)

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
        """By SQLSTATE: 53 no room, 40 and 55 somebody else holds it, 08 and 57 or no word at all the server is gone."""
        if isinstance(error, sa.exc.TimeoutError):
            return "busy"
        if isinstance(error, psycopg.DataError):
            return "value"
        if not isinstance(error, psycopg.OperationalError):
            return None
        kind = (error.sqlstate or "08")[:2]
        return TROUBLES.get(kind, "lost")

    def close(self) -> None:
        """Close every connection."""
        self._quick.close()
        self.shared.close()
        if self._beside is not None:
            self._beside.close()
        self.pool.dispose()
        super().close()
