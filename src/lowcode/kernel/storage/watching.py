"""A row that is read without being locked, and has to be the same one when what follows from it is written.

A lock costs PostgreSQL a transaction: it is begun, the row is written to say who holds it, and the commit is a way to
the server by itself; and what has a transaction of its own goes with nobody else's (`sharing`). Who decides seldom
meets anybody. So the row is read as it stands, with the number of the transaction that wrote it (`SEEN`), and what
follows is one statement whose first part hits that version of the row, or nothing of it happens.

Where a transaction is needed on the way, it begins by taking that version of the row. Whoever was overtaken, or was
refused something before the row was theirs, does the whole work once more in a transaction that locks first
(`Database.write`): what a person hears is always said by somebody who held the row.

This is only as good as a lock where nobody who holds one leaves the row as it was: whoever watches would not see that
they had been there. So on a database where rows are watched a lock is a new version of the row (`take`).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql import ClauseElement

from lowcode.kernel.storage.together import Write

if TYPE_CHECKING:
    from lowcode.kernel.storage.unit import Unit

SEEN = sa.cast(sa.column("xmin"), sa.Text)
"""The version of a row in a statement over its table alone: which transaction wrote it."""


class Watched:
    """The row that one piece of work has read without locking it: at most one, the first that would be locked."""

    __slots__ = ("guards", "placed", "proved", "row", "settled", "take")

    def __init__(self) -> None:
        self.row: tuple[str, int] | None = None
        """Its table and id; None as long as nothing was read so."""
        self.take: Write | None = None
        """The write that hits the row if it is the one that was read."""
        self.guards: Collection[str] = ()
        """The tables whose rows of it are changed by nobody but who has this row."""
        self.settled = False
        """Whether that write is what becomes of the row, and not only a new version of it."""
        self.placed = False
        """Whether it stands before all other writes of the work."""
        self.proved = False
        """Whether it has hit: the row belongs to the work, and was the same one all the time."""

    @property
    def sure(self) -> bool:
        """Whether what the work was told is what somebody who holds the row is told."""
        return self.row is None or self.proved

    def kept(self, waiting: list[Write]) -> list[Write]:
        """What is kept back, of which `waiting` is in the order it goes: what becomes of the row comes before it."""
        return [self.take, *waiting] if self.take is not None and self.settled and not self.placed else waiting

    def first(self, waiting: list[Write]) -> list[Write]:
        """The same with that write before all others, once: from now on it stands there."""
        if self.take is None or self.placed:
            return waiting
        self.placed = True
        return [self.take, *waiting]

    def hit(self) -> None:
        """All that was sent and had to hit has hit."""
        self.proved = self.placed

    def lost(self, waiting: list[Write]) -> bool:
        """Whether that write was sent and did not hit, of whoever was told so and went on all the same."""
        return self.placed and not self.proved and not (waiting and waiting[0] is self.take)


def watched(
    unit: Unit, statement: ClauseElement, take: ClauseElement, guards: Collection[sa.Table], **parameters: Any
) -> dict[str, Any] | None:
    """A row of `statement` that is read without a lock: its id in `id` and its version in `seen`. None where there is
    none, or where it has to be locked: in a transaction that has begun, on SQLite, where the work cannot be done once
    more or watches one already. `take` is an update of the row `row_id` if its version is `row_seen`; `guards`: the
    tables whose rows of it nobody changes who does not have it."""
    watch = unit.watched
    if watch is None or watch.row is not None or unit.begun:
        return None
    row = unit.one(statement, **parameters)
    if row is None or unit.begun:  # what was written before had to be seen by it
        return None
    prepared = unit.database.prepare(take)
    watch.take = prepared, {"row_id": row["id"], "row_seen": row.pop("seen")}, True
    watch.row = prepared.statement.table.name, row["id"]  # type: ignore[attr-defined]
    watch.guards = frozenset(unit.database.table(table).name for table in guards)
    return row


def settle(unit: Unit, usual: ClauseElement, version: ClauseElement, row_id: int, **values: Any) -> None:
    """Write a row that this work holds or watches: with `usual` (by `row_id`), or, while nothing holds it, before all
    that was written so far with `version`, which hits the version that was read (`row_seen`) and no other."""
    watch, prepare = unit.watched, unit.database.prepare
    if watch is None or watch.take is None or watch.placed or watch.settled or watch.take[1]["row_id"] != row_id:
        unit.write(prepare(usual), {**values, "row_id": row_id})
        return
    unit.statements += 1
    watch.take = prepare(version), {**values, **watch.take[1]}, True
    watch.settled = True


def take(unit: Unit, lock: ClauseElement, update: ClauseElement, **parameters: Any) -> list[dict[str, Any]]:
    """Rows that belong to this transaction until it ends: by `lock`, or, where rows are watched, by `update`, which
    changes nothing and gives them back."""
    return unit.locked(update if unit.database.watches else lock, **parameters)


def take_of(lock: sa.Select[Any]) -> sa.Update:
    """The update that takes the rows of a query over one table, and changes nothing: it makes a new version of each.
    Rows of a query that says in which order are locked in that order before."""
    (table,) = lock.get_final_froms()
    assert isinstance(table, sa.Table)
    ordered = bool(lock._order_by_clauses)
    which = table.c.id.in_(lock.with_only_columns(table.c.id)) if ordered else lock.whereclause
    assert which is not None
    same = next(column for column in table.c if not column.primary_key and not column.index and not column.unique)
    return sa.update(table).where(which).values({same.name: same}).returning(*table.c)
