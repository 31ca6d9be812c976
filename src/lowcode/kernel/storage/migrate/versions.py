"""The versions that were applied to a database: reading and writing `lc_applied`.

A row is written once and changed in two ways only: its `state` goes on (`preparing`, `finishing`, `applied`), and
`undone_at` is set when a later row undid it. The newest row that is not `preparing` says how the tables are.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson

from lowcode.kernel.definitions import Documents, SourceDocument, load
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.storage.database import StorageError
from lowcode.kernel.storage.migrate.hand import Hand, reader, writer
from lowcode.kernel.storage.migrate.schema import Schema
from lowcode.kernel.storage.types import json_text

State = Literal["preparing", "finishing", "applied"]

CREATE = """CREATE TABLE IF NOT EXISTS {table} (version INTEGER NOT NULL PRIMARY KEY, at {instant} NOT NULL,
 actor BIGINT, digest TEXT NOT NULL, documents {json} NOT NULL, schema {json} NOT NULL, steps {json} NOT NULL,
 undone_at {instant})"""
LATER = ("shape TEXT", "state TEXT", "undoes INTEGER")
"""Columns that a table made by an early version of the library may lack."""
COLUMNS = "version, at, actor, digest, shape, state, undoes, undone_at, schema, steps"


@dataclass(frozen=True)
class Applied:
    """One row of `lc_applied`; `documents` are read apart, for they are long."""

    version: int
    at: datetime | None
    actor: int | None
    digest: str
    shape: str
    state: State
    undoes: int | None
    undone_at: datetime | None
    schema: Schema
    steps: tuple[Mapping[str, Any], ...]


def prepare(hand: Hand) -> None:
    """Make `lc_applied` itself, which everything else is compared with."""
    table = hand.table("lc_applied")
    hand.run(CREATE.format(table=table, instant=hand.type("instant"), json=hand.type("json")))
    there = hand.columns("lc_applied")
    for each in LATER:
        if each.partition(" ")[0] not in there:
            hand.run(f"ALTER TABLE {table} ADD COLUMN {each}")


def known(hand: Hand) -> bool:
    """Whether this database has been applied to in any way."""
    return hand.has_table("lc_applied") and "state" in hand.columns("lc_applied")


def latest(hand: Hand) -> Applied | None:
    """How the tables are now."""
    return _one(hand, "state <> 'preparing'")


def preparing(hand: Hand) -> Applied | None:
    """An apply that broke off, or runs, before anything of it was seen."""
    return _one(hand, "state = 'preparing'")


def version(hand: Hand, number: int) -> Applied:
    """One version. Raises StorageError when there is none."""
    found = _one(hand, "version = ?", number)
    if found is None:
        raise StorageError(f"version {number} was never applied to this database")
    return found


def fingerprint(hand: Hand) -> tuple[int, str, str, str] | None:
    """Version, digest, shape and state of the newest row, without its long parts: for finding that nothing changed."""
    found = hand.rows(
        f"SELECT version, digest, shape, state FROM {hand.table('lc_applied')} WHERE state IS NOT NULL"
        " ORDER BY version DESC LIMIT 1"
    )
    return (int(found[0][0]), str(found[0][1]), str(found[0][2]), str(found[0][3])) if found else None


def in_use(hand: Hand) -> tuple[int, str] | None:
    """Version and digest of what the tables are now: for finding that another process applied one."""
    found = hand.rows(
        f"SELECT version, digest FROM {hand.table('lc_applied')} WHERE state <> 'preparing'"
        " ORDER BY version DESC LIMIT 1"
    )
    return (int(found[0][0]), str(found[0][1])) if found else None


def stack(hand: Hand) -> list[int]:
    """The versions that count, the newest last: without those undone and those that undid."""
    found = hand.rows(
        f"SELECT version FROM {hand.table('lc_applied')} WHERE state <> 'preparing' AND undoes IS NULL"
        " AND undone_at IS NULL ORDER BY version"
    )
    return [int(each[0]) for each in found]


def listed(hand: Hand) -> list[Applied]:
    """Every version, the newest first."""
    rows = hand.rows(f"SELECT {COLUMNS} FROM {hand.table('lc_applied')} WHERE state IS NOT NULL ORDER BY version DESC")
    return [_applied(hand, each) for each in rows]


def _one(hand: Hand, condition: str, *values: Any) -> Applied | None:
    sql = f"SELECT {COLUMNS} FROM {hand.table('lc_applied')} WHERE {condition} ORDER BY version DESC LIMIT 1"
    rows = hand.rows(sql, *values)
    return _applied(hand, rows[0]) if rows else None


def _applied(hand: Hand, row: tuple[Any, ...]) -> Applied:
    instant, plain = reader("instant", hand), reader("json", hand)
    number, at, actor, digest, shape, state, undoes, undone_at, schema, steps = row
    return Applied(
        number, instant(at), actor, digest, shape or "", state, undoes, instant(undone_at),
        Schema.from_json(plain(schema)), tuple(plain(steps)),
    )  # fmt: skip


# -- writing ----------------------------------------------------------------------------------------------------------


def insert(hand: Hand, row: Applied, documents: Mapping[str, Any]) -> None:
    """Write a version."""
    instant = writer("instant", hand)
    marks = ", ".join(["?"] * 7 + ["?::jsonb" if hand.postgresql else "?"] * 3)
    hand.run(
        f"INSERT INTO {hand.table('lc_applied')} (version, at, actor, digest, shape, state, undoes, documents, schema,"
        f" steps) VALUES ({marks})",
        row.version, instant(row.at), row.actor, row.digest, row.shape, row.state, row.undoes,
        json_text(documents), json_text(row.schema.as_json()), json_text(row.steps),
    )  # fmt: skip
    if row.undoes is not None and row.state != "preparing":
        mark_undone(hand, row.undoes, row.version, row.at)


def mark_undone(hand: Hand, first: int, before: int, at: datetime | None) -> None:
    """The versions from one on do not count any more."""
    table = hand.table("lc_applied")
    sql = f"UPDATE {table} SET undone_at = ? WHERE version >= ? AND version < ? AND undone_at IS NULL"
    hand.run(sql, writer("instant", hand)(at), first, before)


def replace_schema(hand: Hand, number: int, schema: Schema, shape: str) -> None:
    """Say of a version that its tables are these: after a restore, which makes tables as this library does."""
    mark = "?::jsonb" if hand.postgresql else "?"
    sql = f"UPDATE {hand.table('lc_applied')} SET schema = {mark}, shape = ? WHERE version = ?"
    hand.run(sql, json_text(schema.as_json()), shape, number)


def go_on(hand: Hand, number: int, state: State) -> None:
    """The next state of a version."""
    hand.run(f"UPDATE {hand.table('lc_applied')} SET state = ? WHERE version = ?", state, number)


def delete(hand: Hand, number: int) -> None:
    """Forget a version of which nothing was ever seen."""
    hand.run(f"DELETE FROM {hand.table('lc_applied')} WHERE version = ? AND state = 'preparing'", number)


# -- documents --------------------------------------------------------------------------------------------------------


def packed(documents: Documents) -> dict[str, Any]:
    """The documents and files of an app as the JSON that is kept."""
    files = {
        path: base64.b64encode(zlib.compress(content, 6)).decode("ascii") for path, content in documents.files.items()
    }
    return {"documents": {each.path: text_of(each) for each in documents}, "files": files}


def text_of(document: SourceDocument) -> str:
    """A document as its author wrote it."""
    return document.source.text or json.dumps(document.data, ensure_ascii=False, indent=2) + "\n"


def documents(hand: Hand, number: int, engines: Iterable[str] = ()) -> Documents:
    """The documents of a version, as they were applied, for engines of these names."""
    return load(contents(kept(hand, number)), Report(), engines=engines)


def kept(hand: Hand, number: int) -> Mapping[str, Any]:
    """What is kept of a version beside its schema: `documents` and `files` by path; for one that was published while
    the app ran `running`, the words of its changes; `over`, what stands over the folder (`publishing.merging`)."""
    raw = hand.value(f"SELECT documents FROM {hand.table('lc_applied')} WHERE version = ?", number)
    found: Mapping[str, Any] = raw if isinstance(raw, Mapping) else orjson.loads(raw)
    return found


def texts(hand: Hand, number: int) -> Mapping[str, str]:
    """The texts of the documents of a version, by path, without its files."""
    part = "documents->'documents'" if hand.postgresql else "json_extract(documents, '$.documents')"
    raw = hand.value(f"SELECT {part} FROM {hand.table('lc_applied')} WHERE version = ?", number)
    found: Mapping[str, str] = raw if isinstance(raw, Mapping) else orjson.loads(raw or "{}")
    return found


def told(hand: Hand, limit: int) -> list[dict[str, Any]]:
    """The newest versions: when, by whom, what each took back, and for those published while the app ran (`running`)
    the words of their changes."""
    part = "documents->'running'" if hand.postgresql else "json_extract(documents, '$.running')"
    rows = hand.rows(
        f"SELECT version, at, actor, undoes, undone_at, {part} FROM {hand.table('lc_applied')}"
        " WHERE state <> 'preparing' ORDER BY version DESC LIMIT ?", limit,
    )  # fmt: skip
    instant = reader("instant", hand)
    return [
        {"version": number, "at": instant(at), "actor": actor, "undoes": undoes, "undone_at": instant(undone_at),
         "running": orjson.loads(running) if isinstance(running, str) else running}
        for number, at, actor, undoes, undone_at, running in rows
    ]  # fmt: skip


def of_document(hand: Hand, path: str, limit: int) -> list[dict[str, Any]]:
    """One document in the newest versions: when, by whom, and its text; None where it was not there."""
    each = "(SELECT value FROM json_each(documents, '$.documents') WHERE key = ?)"  # a name, whatever is in it
    part = "documents->'documents'->>?" if hand.postgresql else each
    rows = hand.rows(
        f"SELECT version, at, actor, {part} FROM {hand.table('lc_applied')}"
        " WHERE state <> 'preparing' ORDER BY version DESC LIMIT ?", path, limit,
    )  # fmt: skip
    instant = reader("instant", hand)
    return [{"version": number, "at": instant(at), "actor": actor, "text": text} for number, at, actor, text in rows]


def contents(kept: Mapping[str, Any]) -> dict[str, bytes]:
    """What is kept, as the files of a folder."""
    found = {path: str(text).encode() for path, text in kept.get("documents", {}).items()}
    return found | {path: zlib.decompress(base64.b64decode(each)) for path, each in kept.get("files", {}).items()}
