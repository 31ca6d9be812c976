"""What changes is noted by triggers, in the transaction of the change: a save, a roll-up, a repair by hand alike.

They are there only in the databases of apps that ask for a mirror. A table that is made anew by a migration loses
them: that they are missing is seen before a question is answered, and gives the database another identity, by which
every copy knows that it is to be made anew.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.storage import Database, Unit
from lowcode.reports import tables as t

OPERATIONS = ("insert", "update", "delete")


def trigger_names(tables: Iterable[str]) -> dict[str, str]:
    """The name of each trigger, with its table and operation."""
    found: dict[str, str] = {}
    for table in tables:
        mark = hashlib.blake2b(table.encode(), digest_size=8).hexdigest()
        found |= {f"lc_mirror_{mark}_{operation}": f"{operation} {table}" for operation in OPERATIONS}
    return found


def there(database: Database) -> str:
    """The question which triggers there are."""
    if database.dialect_name == "sqlite":
        return "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'lc_mirror_%'"
    return "SELECT tgname FROM pg_trigger WHERE tgname LIKE 'lc_mirror_%' AND NOT tgisinternal"


def set_up(unit: Unit, tables: Sequence[str]) -> str:
    """Put the triggers there, and give the database a new identity."""
    unit.begin()
    change = unit.database.table(t.change).name
    statements = _sqlite if unit.database.dialect_name == "sqlite" else _postgresql
    for each in statements(change, tables):
        unit.command(each)
    identity = secrets.token_hex(8)
    unit.run(sa.delete(t.mirror))
    unit.insert(t.mirror, id=1, identity=identity, purged=0)
    return identity


def _sqlite(change: str, tables: Sequence[str]) -> Iterator[str]:
    for name, made in trigger_names(tables).items():
        operation, _, table = made.partition(" ")
        row = "OLD" if operation == "delete" else "NEW"
        yield f'DROP TRIGGER IF EXISTS "{name}"'
        yield (
            f'CREATE TRIGGER "{name}" AFTER {operation.upper()} ON "{table}" BEGIN '
            f'INSERT INTO "{change}" ("name", "row", "transaction") VALUES (\'{table}\', {row}.id, 0); END'
        )


def _postgresql(change: str, tables: Sequence[str]) -> Iterator[str]:
    """One note for each statement, made of all its rows."""
    function = f"{change}_note"
    columns = '"name", "row", "transaction"'
    take = f'INSERT INTO "{change}" ({columns}) SELECT TG_TABLE_NAME, id, pg_current_xact_id()::text::bigint'
    yield (
        f'CREATE OR REPLACE FUNCTION "{function}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
        f"IF TG_OP = 'DELETE' THEN {take} FROM gone; ELSE {take} FROM came; END IF; RETURN NULL; END $$"
    )
    for name, made in trigger_names(tables).items():
        operation, _, table = made.partition(" ")
        rows = "OLD TABLE AS gone" if operation == "delete" else "NEW TABLE AS came"
        yield (
            f'CREATE OR REPLACE TRIGGER "{name}" AFTER {operation.upper()} ON "{table}" REFERENCING {rows} '
            f'FOR EACH STATEMENT EXECUTE FUNCTION "{function}"()'
        )


def purge(unit: Unit, kept: int) -> None:
    """Forget all notes but the newest; a copy that has not read those that go is made anew."""
    newest = unit.one(sa.select(sa.func.max(t.change.c.id).label("id")))
    until = int((newest and newest["id"]) or 0) - kept
    if until <= 0:
        return
    mark = unit.one(sa.select(sa.func.max(t.change.c.transaction).label("mark")).where(t.change.c.id <= until))
    sqlite = unit.database.dialect_name == "sqlite"
    gone: Any = until if sqlite else int((mark and mark["mark"]) or 0)
    if unit.run(sa.delete(t.change).where(t.change.c.id <= until)):
        unit.run(sa.update(t.mirror).values(purged=gone))
