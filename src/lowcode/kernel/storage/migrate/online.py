"""Large tables: columns converted and computed in small transactions while people work on, and indexes made.

While a large column is converted, triggers note the records that change; they are converted again, the last of them
under the lock of the swap. So nothing depends on a clock, and nothing that was written meanwhile is lost.

PostgreSQL has many writers, and locks the records of a batch. SQLite has one: after each batch it is left to others for
as long as the batch took, because whoever waits in another process finds it free only by looking again and again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from lowcode.kernel.storage.database import Database
from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.conceal import conceal
from lowcode.kernel.storage.migrate.convert import BATCH, Conversion, write_values
from lowcode.kernel.storage.migrate.hand import Hand, index_sql, writer
from lowcode.kernel.storage.migrate.mentions import rename_in_history
from lowcode.kernel.storage.migrate.schema import IndexShape, TableShape
from lowcode.kernel.storage.unit import Unit

Fills = Callable[[Unit, s.Fill, int, int], list[tuple[int, Any]]]
"""The values of a computed column: (id, value) of at most so many records after an id, in the order of ids."""
Told = Callable[[int, int], None]
"""How many of how many rows are done."""

ROUNDS = 20
LONGEST = 0.5
"""Seconds for which the one writer of SQLite is left to others at most, after a batch."""


def noted(table: str) -> str:
    """The table of the records that changed while a column of theirs is converted."""
    return s.hidden_name("changed", table)


def watch(hand: Hand, table: str, building: Collection[str]) -> None:
    """From here on, note which records change, but for the columns that are being filled. Twice is as good as once: a
    key would make writers wait for us."""
    name = noted(table)
    hand.run(f"CREATE TABLE IF NOT EXISTS {hand.table(name)} (id BIGINT NOT NULL)")
    if not hand.postgresql:
        others = ", ".join(f'"{each}"' for each in sorted(hand.columns(table)) if each not in building)
        for event, when in (("insert", "INSERT"), ("update", f"UPDATE OF {others}")):
            trigger = hand.table(f"{name}_{event}")
            hand.run(f"DROP TRIGGER IF EXISTS {trigger}")
            hand.run(
                f"CREATE TRIGGER {trigger} AFTER {when} ON {hand.table(table)}"
                f" BEGIN INSERT INTO {hand.table(name)} VALUES (NEW.id); END"
            )
        return
    hand.run(
        f"CREATE OR REPLACE FUNCTION {hand.table(name + '_note')}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN INSERT INTO {hand.table(name)} VALUES (NEW.id); RETURN NULL; END $$"
    )
    hand.run(f"DROP TRIGGER IF EXISTS {_trigger(hand, name)} ON {hand.table(table)}")
    hand.run(
        f"CREATE TRIGGER {_trigger(hand, name)} AFTER INSERT OR UPDATE ON {hand.table(table)}"
        f" FOR EACH ROW WHEN (current_setting('lowcode.converting', true) IS DISTINCT FROM 'on')"
        f" EXECUTE FUNCTION {hand.table(name + '_note')}()"
    )


def unwatch(hand: Hand, table: str) -> None:
    """No longer."""
    name = noted(table)
    if not hand.postgresql:
        for event in ("insert", "update"):
            hand.run(f"DROP TRIGGER IF EXISTS {hand.table(f'{name}_{event}')}")
        hand.run(f"DROP TABLE IF EXISTS {hand.table(name)}")
        return
    if hand.has_table(table):
        hand.run(f"DROP TRIGGER IF EXISTS {_trigger(hand, name)} ON {hand.table(table)}")
    hand.run(f"DROP FUNCTION IF EXISTS {hand.table(name + '_note')}()")
    hand.run(f"DROP TABLE IF EXISTS {hand.table(name)}")


def _trigger(hand: Hand, name: str) -> str:
    return f'"{hand.prefix}{name}_watch"'


@contextmanager
def batch(database: Database) -> Iterator[Hand]:
    """A small transaction; behind it others have their turn."""
    began = time.monotonic()
    with database.transaction() as unit:
        yield Hand(unit)
    if database.dialect_name == "sqlite":
        time.sleep(min(LONGEST, time.monotonic() - began))


def _held(hand: Hand, table: str, last: int, size: int = BATCH) -> list[tuple[Any, ...]]:
    """The ids of the next batch of records after an id, which nobody else changes meanwhile."""
    lock = " FOR UPDATE" if hand.postgresql else ""
    return hand.rows(f"SELECT id FROM {hand.table(table)} WHERE id > ? ORDER BY id LIMIT {size}{lock}", last)


def size_of(hand: Hand, read: Iterable[str], total: int) -> int:
    """So many records are computed at once: fewer, where each gathers from many rows of the tables that are `read`."""
    most = max(map(hand.roughly, read), default=0)
    return max(1, min(BATCH, BATCH * total // max(most, 1)))


def convert_online(database: Database, conversion: Conversion, told: Told) -> None:
    """Convert a large column in batches; what changes meanwhile is converted again until little is left."""
    total = _reading(database, lambda hand: hand.roughly(conversion.table))
    done, last = 0, 0
    while True:
        with batch(database) as hand:
            quietly(hand)
            rows = _held(hand, conversion.table, last)
            if not rows:
                break
            first, last = rows[0][0], rows[-1][0]
            conversion.some(hand, f"id BETWEEN {first} AND {last}")
        done += len(rows)
        told(done, max(total, done))
    for _ in range(ROUNDS):
        with batch(database) as hand:
            quietly(hand)
            if catch_up(hand, conversion, BATCH) < BATCH:
                break


def catch_up(hand: Hand, conversion: Conversion, limit: int | None = None) -> int:
    """Convert the records that changed since; how many there were."""
    changed = hand.table(noted(conversion.table))
    bounded = f" LIMIT {limit}" if limit is not None else ""
    key = "ctid" if hand.postgresql else "rowid"
    found = hand.rows(f"DELETE FROM {changed} WHERE {key} IN (SELECT {key} FROM {changed}{bounded}) RETURNING id")
    ids = sorted({each[0] for each in found})
    for start in range(0, len(ids), BATCH):
        listed = ", ".join(str(int(each)) for each in ids[start : start + BATCH])
        if conversion.origin is None:  # else each row is looked at beside the value it had before
            hand.run(f'UPDATE {hand.table(conversion.table)} SET "{conversion.target}" = NULL WHERE id IN ({listed})')
        conversion.some(hand, f"id IN ({listed})")
    return len(found)


def quietly(hand: Hand) -> None:
    """What this transaction writes is not noted as a change. (On SQLite no trigger looks at the columns it fills.)"""
    if hand.postgresql:
        hand.run("SET LOCAL lowcode.converting = 'on'")


def fill_online(database: Database, step: s.Fill, read: Collection[str], fills: Fills, told: Told) -> None:
    """Compute a column in batches, each under the locks of its own records only. `read`: the tables it is made of."""
    total = _reading(database, lambda hand: hand.roughly(step.table.name))
    size = _reading(database, lambda hand: size_of(hand, read, total))
    done, last = 0, 0
    while True:
        with batch(database) as hand:
            locked = _held(hand, step.table.name, last, size)
            if not locked:
                return
            fill_batch(hand, step, fills, last, len(locked))
            last = locked[-1][0]
        done += len(locked)
        told(done, max(total, done))


def rename_online(database: Database, step: s.RenameField, told: Told) -> None:
    """Say of a field in a long history by its new name what is said by its old one."""
    assert step.history is not None
    table, old, new = step.history, step.before.name, step.after.name
    _through_history(database, table, lambda hand, within: rename_in_history(hand, table, old, new, within), told)


def conceal_online(database: Database, step: s.Conceal, told: Told) -> None:
    """Say no longer what the values of a field were in a long history."""
    _through_history(database, step.history, lambda hand, within: conceal(hand, step, within), told)


def _through_history(database: Database, table: str, work: Callable[[Hand, str], None], told: Told) -> None:
    """Do something to the entries of a history, some thousand at a time: given the condition of those."""
    total = _reading(database, lambda hand: hand.roughly(table))
    done, last = 0, 0
    while True:
        with batch(database) as hand:
            found = hand.rows(f"SELECT id FROM {hand.table(table)} WHERE id > ? ORDER BY id LIMIT {BATCH}", last)
            if not found:
                return
            first, last = found[0][0], found[-1][0]
            work(hand, f"id BETWEEN {first} AND {last}")
        done += len(found)
        told(done, max(total, done))


def fill_all(hand: Hand, step: s.Fill, fills: Fills) -> None:
    """Compute a column within one transaction."""
    last = 0
    while True:
        found = fill_batch(hand, step, fills, last, BATCH)
        if not found:
            return
        last = found


def fill_batch(hand: Hand, step: s.Fill, fills: Fills, after: int, limit: int) -> int:
    """Compute a column for so many records after an id; the last id, or 0 when there were none."""
    rows = fills(hand.unit, step, after, limit)
    write = writer(step.column.store, hand)
    write_values(
        hand, step.table.name, step.column.name, step.column.store, [(write(value), row) for row, value in rows]
    )
    return int(rows[-1][0]) if rows else 0


def index_online(database: Database, table: TableShape, index: IndexShape) -> None:
    """Make an index: on PostgreSQL while people write. One that broke off earlier is not whole, and is made anew."""
    if database.dialect_name == "sqlite":
        with batch(database) as hand:
            if index.name not in hand.indexes(table.name):
                hand.run(index_sql(hand, table, index))
        return
    with database.reading() as unit:
        hand = Hand(unit, within=False)
        whole = hand.indexes(table.name).get(index.name)
        if whole:
            return
        if whole is False:
            hand.run(f"DROP INDEX CONCURRENTLY {hand.table(index.name)}")
        hand.run(index_sql(hand, table, index, concurrently=True))


def _reading(database: Database, ask: Callable[[Hand], Any]) -> Any:
    with database.reading() as unit:
        return ask(Hand(unit, within=False))
