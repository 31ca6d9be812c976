"""A piece of work on PostgreSQL: reads without a transaction as long as none is needed, and writes that wait.

What was written is kept back until something has to see it or the work ends. If nothing forced a transaction before,
the writes become one statement (`together`), atomic by itself and one way to the server (measured 3.5 times the usual
begin, three writes, commit: forms_reports.md 2.3). A write that must hit a row divides by the number of rows it hit:
none makes the whole statement fail.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

import psycopg
from sqlalchemy import Select, Table

from lowcode.kernel.storage.at_hand import Taken
from lowcode.kernel.storage.guard import OutOfTime
from lowcode.kernel.storage.kept_cursors import Kept, read, write
from lowcode.kernel.storage.kept_plans import once_more
from lowcode.kernel.storage.prepared import Prepared
from lowcode.kernel.storage.together import Write, unmet
from lowcode.kernel.storage.unit import StaleWrite, Unit
from lowcode.kernel.storage.watching import Watched

if TYPE_CHECKING:
    from lowcode.kernel.storage.postgresql import PostgresqlDatabase

PIPELINES = psycopg.Pipeline.is_supported()
"""Whether libpq sends several statements before it reads the first answer."""
FEW = 20
"""Rows that are inserted one by one: for fewer, copying takes one way to the server more."""


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
        self._taken: Taken | None = None
        self._connection = joined or reading
        self._joined = joined is not None
        self.begun = joined is not None
        self._opening = False
        """Whether the transaction has yet to be begun on the server, together with the first statement of it."""
        self._pending: list[Write] = []

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The driver's connection."""
        if self._connection is None:
            self._taken = self.database.at_hand.take()
            self._connection = self._taken.connection
        return self._connection

    @property
    def waits(self) -> bool:
        """Whether something is to be sent before a statement."""
        return self._opening or bool(_kept(self.watched, self._pending))

    def begin(self) -> None:
        """What follows is one transaction."""
        if not self.begun:
            self.begun = self._opening = True
            if self.watched is not None:
                self._pending = self.watched.first(self._pending)

    def rows(self, prepared: Prepared, parameters: Any) -> Sequence[Sequence[Any]]:
        """Run a query; it sees what this unit wrote."""
        return self.answered(prepared, parameters)[0]

    def answered(
        self, prepared: Prepared, parameters: Any, kind: type[Kept] = Kept
    ) -> tuple[Sequence[Sequence[Any]], psycopg.pq.abc.PGresult | None]:
        """The rows of a query, and the answer they came with."""
        apart = not self.begun and _apart(prepared.text, self.watched, self._pending)
        if self.waits and not apart:
            self.begin()
        try:
            prepare = False if prepared.anew else None
            if apart or not (self._joined or self._opening or self._pending):
                ask = partial(read, self.connection, prepared.text, parameters, prepare, kind)
                return once_more(self, self.connection, ask)
            (cursor,) = self._send((prepared.text, parameters), prepare=prepare, cursor=kind)
            return cursor.fetchall(), cursor.pgresult
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
        _write_rows(self.connection, prepared, iter(rows))

    def _send(
        self, *asked: tuple[str, Any], last: str = "", prepare: bool | None = None,
        cursor: type[psycopg.RawCursor[Any]] = psycopg.RawCursor,
    ) -> list[psycopg.Cursor[Any]]:  # fmt: skip
        """Send what was kept back, what is asked, and `last`: all on one way to the server. The answers to what is
        asked; `prepare`: whether it keeps a plan there, None once it was asked some times; `cursor`: what reads the
        answers."""
        connection = self.connection
        if not self._opening and not self._pending and not last and len(asked) == 1:
            return [_ask(self, *asked[0], prepare, cursor)]
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
                answers = [run(connection, text, given, prepare=prepare, cursor=cursor) for text, given in asked]
                if last:
                    connection.execute(last.encode())
            return hits, answers

        hits, answers = once_more(self, connection, exchange)
        if any(hit.rowcount == 0 for hit in hits):
            raise StaleWrite
        if self.watched is not None:
            self.watched.hit()
        return answers

    def _send_writes(self, pending: Sequence[Write]) -> list[psycopg.Cursor[Any]]:
        """Send what was kept back, as one statement where that means the same, and what comes after a lock apart from
        what comes before it; the answers that have no row where something did not hit the one it had to."""
        held = next((place for place, (one, *_) in enumerate(pending) if isinstance(one.statement, Select)), 0)
        if held:
            return [*self._send_writes(pending[:held]), *self._send_writes(pending[held:])]
        if self.database.together.fits(pending):
            return [run(self.connection, *self._as_one(pending), prepare=True)]
        answers = [(run(self.connection, one.text, one.parameters(values)), hits) for one, values, hits in pending]
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
        watch = self.watched
        if self._opening:  # nothing was asked in it
            self.begun = self._opening = False
        if watch is not None and watch.lost(self._pending):
            raise StaleWrite
        if watch is not None and watch.kept(self._pending):
            self._pending = watch.first(self._pending)
        writes, shared = self._pending, self.database.shared
        if len(writes) > 1 and not self.begun and not self.database.together.fits(writes, alone=True):
            self.begin()
        if self.begun:
            self._send(last="" if self._joined else "COMMIT")
        elif len(writes) == 1 and not writes[0][2]:
            run(self.connection, writes[0][0].text, writes[0][0].parameters(writes[0][1]))
        elif writes:
            text, given = self._as_one(writes, alone=True)
            if not _alike(writes, watch) or not shared.carry(text, given, _holds(writes, watch)):
                try:
                    write(self.connection, text, given)
                except psycopg.errors.DivisionByZero:
                    raise StaleWrite from None
        self._pending = []
        if watch is not None:
            watch.hit()

    def _as_one(self, pending: Sequence[Write], *, alone: bool = False) -> tuple[str, list[Any]]:
        """The statement for all that was kept back, and its parameters."""
        combined, order = self.database.together.text(pending, alone=alone)
        return combined, [value for place in order for value in pending[place][0].parameters(pending[place][1])]

    def rollback(self) -> None:
        """Nothing of it happened. A connection that is gone needs no word: the server undoes what it began."""
        self._pending = []
        connection, own = self._connection, self.begun and not self._opening and not self._joined
        if own and connection is not None and not connection.closed:
            try:
                connection.execute("ROLLBACK")
            except psycopg.OperationalError:
                connection.close()

    def release(self) -> None:
        """Give the connection back."""
        if self._taken is not None:
            self.database.at_hand.lay_down(self._taken)
            self._taken = self._connection = None


def _write_rows(connection: psycopg.Connection[Any], prepared: Prepared, rows: Iterator[Mapping[str, Any]]) -> None:
    first = list(islice(rows, FEW))
    with psycopg.RawCursor(connection) as cursor:
        if not prepared.copy or len(first) < FEW:
            cursor.executemany(prepared.text, map(prepared.parameters, chain(first, rows)))
            return
        with cursor.copy(prepared.copy.encode()) as copy:
            for row in prepared.tuples(chain(first, rows)):
                copy.write_row(row)


def _holds(writes: Iterable[Write], watch: Watched | None) -> tuple[tuple[str, int], ...]:
    """The rows that writes change by their id alone, and the one that is watched: other saves may want the same."""
    found = [(one.statement.table.name, values[one.by]) for one, values, _ in writes if one.by]  # type: ignore[attr-defined]
    if watch is not None and watch.row is not None:
        found.append(watch.row)
    return tuple(sorted(found))


def _alike(writes: Iterable[Write], watch: Watched | None) -> bool:
    """Whether writes go with those of others: of new rows, of rows that have to be hit or are named by their id, and
    of rows that nobody changes without the row that is watched."""
    guards = watch.guards if watch is not None else ()
    return PIPELINES and all(
        hits or one.adds or one.by or one.statement.table.name in guards  # type: ignore[attr-defined]
        for one, _, hits in writes
    )


def _kept(watch: Watched | None, waiting: list[Write]) -> list[Write]:
    return waiting if watch is None else watch.kept(waiting)


def _apart(query: str, watch: Watched | None, waiting: list[Write]) -> bool:
    """Whether a query is asked before what is kept back: of whoever watches a row, where it reads nothing of it."""
    return watch is not None and watch.take is not None and unmet(query, watch.kept(waiting))


def _ask(
    unit: PostgresqlUnit, text: str, given: Any, prepare: bool | None, cursor: type[psycopg.RawCursor[Any]]
) -> psycopg.Cursor[Any]:
    """Ask one thing, and send nothing of what is kept back."""
    return once_more(unit, unit.connection, partial(run, unit.connection, text, given, prepare=prepare, cursor=cursor))


def run(
    connection: psycopg.Connection[Any], text: str, given: Any, prepare: bool | None = None,
    cursor: type[psycopg.RawCursor[Any]] = psycopg.RawCursor,
) -> psycopg.Cursor[Any]:  # fmt: skip
    """Run a statement whose parameters are numbered: the driver has nothing to look for in its text."""
    return cursor(connection).execute(text.encode(), given, prepare=prepare)
