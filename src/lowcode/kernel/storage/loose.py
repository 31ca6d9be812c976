"""Files that nothing refers to: uploaded and never saved with anything.

A column that holds ids of files, or digests of contents, says so in its `info`: `refers`, and where not every row is
meant `counts` or `without`, values by column, or `while`, a column that then has a value. It may be a number, a text or
JSON in which they stand anywhere. What any such column names is kept. Whoever writes a reference holds the file first
(`hold`), so that no file goes between the look at it and the reference: where they meet, the file has gone before and
the reference is refused, or it stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.listed import id_in
from lowcode.kernel.storage.types import Json, json_text
from lowcode.kernel.storage.unit import Unit

FILE, CONTENTS = "file", "contents"
LOOKED_AT = 20_000
"""So many files are looked at in one transaction: most are held, and nobody waits for a long one."""
ROWS = 2000
"""So much JSON is looked through at a time."""
NUMBERS = re.compile(r"\d{1,18}")
DIGESTS = re.compile(r"[0-9a-f]{64}")
Tables = Iterable[sa.MetaData]
HELD = {
    dialect: sa.select(t.file.c.id)
    .where(id_in(t.file.c.id, dialect))
    .order_by(t.file.c.id)
    .with_for_update(read=True, key_share=True)
    for dialect in ("sqlite", "postgresql")
}
"""Made once: a statement that names each file would be compiled at every save."""


def tables_of(app: Any) -> tuple[sa.MetaData, ...]:
    """The tables of the kernel and of the engines of an app."""
    return (t.metadata, *(each.tables for each in app.engines if each.tables is not None))


def referring(tables: Tables, what: str) -> Iterator[tuple[sa.Column[Any], sa.ColumnElement[bool]]]:
    """The columns that name files (`file`) or contents (`contents`), each with the condition of the rows that count."""
    for metadata in tables:
        for table in metadata.sorted_tables:
            for column in table.c:
                if what in column.info.get("refers", ()):
                    counted = [table.c[name].in_(values) for name, values in column.info.get("counts", {}).items()]
                    without = [~table.c[name].in_(values) for name, values in column.info.get("without", {}).items()]
                    during = [table.c[column.info["while"]].is_not(None)] if "while" in column.info else []
                    yield column, sa.and_(sa.true(), *counted, *without, *during)


def unheld(tables: Tables) -> sa.ColumnElement[bool]:
    """The files that no column of numbers names."""
    plain = [found for found in referring(tables, FILE) if not isinstance(found[0].type, Json)]
    return sa.and_(
        sa.true(),
        *(~sa.exists(sa.select(sa.literal(1)).where(column == t.file.c.id, counts)) for column, counts in plain),
    )


def hold(unit: Unit, ids: Iterable[int]) -> set[int]:
    """Those of some files that are there; they stay until this transaction ends."""
    listed = sorted(set(ids))
    if not listed:
        return set()
    return {row["id"] for row in unit.locked(HELD[unit.database.dialect_name], ids=json_text(listed))}


def take(
    unit: Unit, tables: Sequence[sa.MetaData], before: datetime, after: int, most: int
) -> tuple[int, list[str], int | None]:
    """Take away a piece of the files older than `before` that nothing refers to, those behind the number `after`: how
    many went, the digests of their contents, and the number to go on behind where there may be more."""
    old = sa.and_(t.file.c.created_at < before, t.file.c.id > after)
    looked = sa.select(t.file.c.id).where(old).order_by(t.file.c.id).limit(LOOKED_AT).subquery()
    row = unit.one(sa.select(sa.func.max(looked.c.id).label("last")))
    if row is None or row["last"] is None:
        return 0, [], None
    asked = sa.select(t.file.c.id).where(old, t.file.c.id <= row["last"], unheld(tables))
    asked = asked.order_by(t.file.c.id).limit(most)
    found = [each["id"] for each in unit.locked(asked.with_for_update(skip_locked=True))]
    if not found:
        return 0, [], row["last"]
    gone, digests = _taken(unit, tables, found)
    return gone, digests, found[-1] if len(found) == most else row["last"]


def drop(unit: Unit, tables: Sequence[sa.MetaData], chosen: sa.ColumnElement[bool]) -> list[str]:
    """Take away those of the files a condition chooses that no column of numbers names: the digests of their contents.
    For files whose numbers were told to nobody: no JSON is looked through, as they can stand in none."""
    asked = sa.select(t.file.c.id).where(chosen, unheld(tables)).order_by(t.file.c.id)
    found = [each["id"] for each in unit.locked(asked.with_for_update(skip_locked=True))]
    if not found:
        return []
    # What was referred to while the lock was waited for is seen by a statement that begins behind it.
    gone = sa.delete(t.file).where(t.file.c.id.in_(found), unheld(tables)).returning(t.file.c.digest)
    return sorted({each["digest"] for each in unit.locked(gone)})


def _taken(unit: Unit, tables: Sequence[sa.MetaData], found: Sequence[int]) -> tuple[int, list[str]]:
    """Take away those of some files, which are locked, that nothing refers to: how many, and their contents."""
    # What was referred to while the lock was waited for is seen by statements that begin behind it.
    own = t.file.c.id.in_(found)
    still = {row["id"]: row["digest"] for row in unit.fetch(sa.select(t.file).where(own, unheld(tables)))}
    named = _named(unit, tables, FILE, NUMBERS, {str(each) for each in still})
    gone = sorted(each for each in still if str(each) not in named)
    if gone:
        unit.run(sa.delete(t.file).where(t.file.c.id.in_(gone)))
    return len(gone), sorted({still[each] for each in gone})


def unused_contents(unit: Unit, tables: Sequence[sa.MetaData], digests: Iterable[str]) -> list[str]:
    """Those of some digests that nothing refers to."""
    left = set(digests)
    for column, counts in referring(tables, CONTENTS):
        if left and not isinstance(column.type, Json):
            asked = sa.select(column.label("digest")).where(column.in_(sorted(left)), counts).distinct()
            left -= {row["digest"] for row in unit.fetch(asked)}
    return sorted(left - _named(unit, tables, CONTENTS, DIGESTS, left))


def _named(unit: Unit, tables: Tables, what: str, words: re.Pattern[str], wanted: set[str]) -> set[str]:
    """Which of some numbers or digests stand anywhere in JSON that refers to files."""
    found: set[str] = set()
    if not wanted:
        return found
    for column, counts in referring(tables, what):
        if isinstance(column.type, Json):
            for text in _texts(unit, column, counts):
                found |= wanted.intersection(words.findall(text))
    return found


def _texts(unit: Unit, column: sa.Column[Any], counts: sa.ColumnElement[bool]) -> Iterator[str]:
    """The JSON of a column as texts, some rows at a time."""
    (key,) = column.table.primary_key
    asked = sa.select(key.label("key"), sa.cast(column, sa.Text).label("text")).where(column.is_not(None), counts)
    asked = asked.order_by(key).limit(ROWS)
    rows = unit.fetch(asked)
    behind = asked.where(key > sa.bindparam("behind", type_=key.type))
    while rows:
        yield from (row["text"] for row in rows)
        rows = unit.fetch(behind, behind=rows[-1]["key"]) if len(rows) == ROWS else []
