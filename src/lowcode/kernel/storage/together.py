"""Several writes as one statement of PostgreSQL: `WITH w0 AS (UPDATE …), w1 AS (INSERT …) SELECT …`.

Each statement of a transaction costs its parameters, its answer and a turn of the driver, often more than what it
writes. Parts of one statement see what was there before it, and not one another; so only writes that do not meet are
made one, and only when they come again and again, because a statement is planned first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.dml import OnConflictDoNothing
from sqlalchemy.sql import visitors

from lowcode.kernel.storage.prepared import Prepared

Write = tuple[Prepared, Mapping[str, Any], bool]
"""A write that is kept back: its statement, the values, and whether it has to hit a row."""
USUAL = 3
"""From the so-manieth time on the same writes are one statement."""
NEVER = -1
MANY = 32
"""More writes than this are not made one statement."""
KNOWN = 4096
"""So many different sequences of writes are remembered."""


class Together:
    """The statements that writes to one database were made of."""

    def __init__(self) -> None:
        self._texts: dict[tuple[bool, tuple[tuple[int, bool], ...]], tuple[str, tuple[int, ...]]] = {}
        self._usual: dict[tuple[int, ...], int] = {}
        self._kept: list[Prepared] = []  # the keys are made of their identities

    def fits(self, writes: Sequence[Write], *, alone: bool = False) -> bool:
        """Whether writes of a transaction are sent as one statement. `alone`: then it is all of the transaction, and
        saves beginning and ending it as well."""
        if not 1 < len(writes) <= MANY:
            return False
        key = tuple(id(prepared) for prepared, *_ in writes)
        times = self._usual.get(key)
        if times is None:
            if len(self._usual) >= KNOWN:
                self.forget()
            self._kept.extend(prepared for prepared, *_ in writes)
            times = 0 if apart([prepared for prepared, *_ in writes]) else NEVER
        self._usual[key] = times + 1 if 0 <= times < USUAL else times
        return times >= USUAL or (alone and times >= 0)

    def text(self, writes: Sequence[Write], *, alone: bool = False) -> tuple[str, tuple[int, ...]]:
        """The statement, and in which order it takes the values of the writes. When one that has to hit a row hits
        none, it answers with no row; `alone`, it fails, as nobody could undo it: it divides by how many were hit."""
        key = alone, tuple((id(prepared), must_hit) for prepared, _, must_hit in writes)
        found = self._texts.get(key)
        if found is None:
            found = self._texts[key] = _combined(writes, alone=alone)
            self._kept.extend(prepared for prepared, *_ in writes)
        return found

    def forget(self) -> None:
        """Drop all of them: the schema changed."""
        self._texts, self._usual, self._kept = {}, {}, []


def _combined(writes: Sequence[Write], *, alone: bool) -> tuple[str, tuple[int, ...]]:
    """Rows of one table are one insert, so that they get their ids in their order. PostgreSQL carries out the last of
    such parts first, so they stand there from the last write to the first: rows that others want as well are then taken
    in the order of the writes, as they are where each goes by itself, and two saves do not wait for one another. What
    has to hit comes before all of them, as the answer asks for it, in the order of the writes as well."""
    places: dict[int, list[int]] = {}
    for place, (prepared, *_) in enumerate(writes):
        places.setdefault(id(prepared), []).append(place)
    pieces, guards, before = [], [], 0
    groups = list(reversed(places.values()))
    for index, same in enumerate(groups):
        prepared, _, must_hit = writes[same[0]]
        text = _rows(prepared, len(same), before)
        before += len(prepared.names) * len(same)
        pieces.append(f"w{index} AS ({text}{' RETURNING 1' if must_hit else ''})")
        if must_hit:
            guards.append(f"1 / (SELECT count(*) FROM w{index})" if alone else f"EXISTS (SELECT FROM w{index})")
    guards.reverse()
    order = tuple(place for same in groups for place in same)
    answer = " + ".join(guards) if alone and guards else f"1 WHERE {' AND '.join(guards)}" if guards else "1"
    return f"WITH {', '.join(pieces)} SELECT {answer}", order


def _rows(prepared: Prepared, count: int, before: int) -> str:
    """A write whose parameters come after so many others; of several rows, when it adds them."""
    text = prepared.numbered(before)
    if count == 1:
        return text
    width = len(prepared.names)
    head, row, tail = parts_of(text)
    more = (parts_of(prepared.numbered(before + width * each))[1] for each in range(1, count))
    return head + ", ".join((row, *more)) + tail


def parts_of(insert: str) -> tuple[str, str, str]:
    """An insert before, of and after the values of its row."""
    begin = insert.index(" VALUES (") + len(" VALUES ")
    depth = 0
    for place in range(begin, len(insert)):
        depth += {"(": 1, ")": -1}.get(insert[place], 0)
        if depth == 0:
            return insert[:begin], insert[begin : place + 1], insert[place + 1 :]
    raise ValueError(insert)


def apart(writes: Sequence[Prepared]) -> bool:
    """Whether no write meets rows of another, so that it does not matter that none sees what the others did, nor in
    which order they are done: into each table go any number of new rows of the same columns, after one change at most,
    which leaves alone what is unique."""
    added: dict[str, Prepared] = {}
    changed: dict[str, set[str]] = {}
    for write in writes:
        statement = write.statement
        if not isinstance(statement, sa.Insert | sa.Update) or not isinstance(statement.table, sa.Table):
            return False
        name = statement.table.name
        if isinstance(statement, sa.Update):
            if name in added or name in changed:
                return False
            changed[name] = {str(getattr(each, "name", each)) for each in statement._values or {}}
            continue
        if name in added and (added[name] is not write or not _adds_one(statement)):
            return False
        if name in changed and not (_adds_one(statement) and _unique(statement.table).isdisjoint(changed[name])):
            return False
        added[name] = write
    return True


def unmet(query: str, writes: Iterable[Write]) -> bool:
    """Whether a query has no word of a table that writes which are kept back change: it may be asked before them."""
    changed = (getattr(prepared.statement, "table", None) for prepared, *_ in writes)
    return all(isinstance(table, sa.Table) and table.name not in query for table in changed)


def _adds_one(statement: sa.Insert) -> bool:
    """Whether an insert adds a row, or nothing where there is one already, and changes none."""
    clause = statement._post_values_clause
    more = statement._multi_values or statement.select is not None
    return not more and (clause is None or isinstance(clause, OnConflictDoNothing))


def _unique(table: sa.Table) -> set[str]:
    """The columns by which rows of a table exclude one another; all of them where an index is written as text."""
    found = {column.name for column in table.primary_key}
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            found |= {column.name for column in constraint.columns}
    for index in table.indexes:
        parts = [*index.expressions, index.dialect_options["postgresql"]["where"]] if index.unique else ()
        for element in (each for part in parts if part is not None for each in visitors.iterate(part)):
            if isinstance(element, sa.TextClause):
                return set(table.c.keys())
            if isinstance(element, sa.Column):
                found.add(element.name)
    return found
