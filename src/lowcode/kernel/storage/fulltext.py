"""Words looked up by an index of the database: FTS5 beside the table on SQLite, GIN over its tokens on PostgreSQL.

The tokens are made before (`records.searchwords`), one blank between two, so that both databases find the same:
neither cuts text into words by rules of its own. The database keeps the index in step with the table, in the
transaction that writes it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

WORDS = "words"
"""The column of the tokens."""


def statements(table: str, postgresql: bool) -> Iterator[str]:
    """What makes the index of a table that was just made."""
    if postgresql:
        tokens = f"array_to_tsvector(string_to_array({WORDS}, ' '))"
        yield f'CREATE INDEX "{table}_{WORDS}" ON "{table}" USING gin ({tokens})'
        return
    beside = f"{table}_fts"
    yield (
        f"CREATE VIRTUAL TABLE \"{beside}\" USING fts5({WORDS}, content='{table}', content_rowid='id', detail=none, "
        "columnsize=0, tokenize='unicode61 remove_diacritics 0')"
    )
    add = f'INSERT INTO "{beside}" (rowid, {WORDS}) VALUES (new.id, new.{WORDS});'
    drop = f'INSERT INTO "{beside}" ("{beside}", rowid, {WORDS}) VALUES (\'delete\', old.id, old.{WORDS});'
    yield f'CREATE TRIGGER "{table}_added" AFTER INSERT ON "{table}" BEGIN {add} END'
    yield f'CREATE TRIGGER "{table}_removed" AFTER DELETE ON "{table}" BEGIN {drop} END'
    yield f'CREATE TRIGGER "{table}_changed" AFTER UPDATE ON "{table}" BEGIN {drop} {add} END'


def merged(table: str, postgresql: bool) -> Iterator[str]:
    """What takes words out of the index for good that no row has any more: FTS5 keeps them till parts are merged."""
    if not postgresql:
        yield f'INSERT INTO "{table}_fts" ("{table}_fts") VALUES (\'optimize\')'


PAGES = 500
"""So many pages are merged at once: a small part of a second."""


def merge_some(connection: sqlite3.Connection, table: str, begins: bool) -> bool:
    """A piece of the same on SQLite, so that whoever saves does not wait for a large index; whether anything is left.

    A negative number begins to merge all parts of the index into one, a positive one goes on with that; what changes
    nothing but itself says that it is done (sqlite.org/fts5.html, "The merge command")."""
    before = connection.total_changes
    pages = -PAGES if begins else PAGES
    connection.execute(f'INSERT INTO "{table}_fts" ("{table}_fts", rank) VALUES (\'merge\', {pages})')
    return connection.total_changes - before >= 2


def matching(table: sa.Table, dialect: str, wanted: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether the tokens of a row are those wanted, in the words of the database's own query language."""
    if dialect == "sqlite":
        beside = sa.table(f"{table.name}_fts", sa.column("rowid"), sa.column(f"{table.name}_fts"))
        return table.c.id.in_(sa.select(beside.c.rowid).where(beside.c[f"{table.name}_fts"].op("MATCH")(wanted)))
    vector = sa.func.array_to_tsvector(sa.func.string_to_array(table.c.words, sa.text("' '")), type_=TSVECTOR)
    return vector.op("@@", is_comparison=True)(sa.cast(wanted, TSQUERY))
