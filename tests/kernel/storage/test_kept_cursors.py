"""A statement that is asked again is asked by the cursor that has asked it: nothing is left in it, and what it finds is
what is there now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.storage import Database, kept_cursors, open_database

ALL = sa.text("SELECT * FROM shelf ORDER BY id")


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    found = open_database(postgresql_url)
    found.write(lambda unit: unit.command("CREATE TABLE shelf (id int, worth numeric(9, 2), read_on date)"))
    found.write(lambda unit: unit.command("INSERT INTO shelf VALUES (1, 2.50, '2026-03-01')"))
    yield found
    found.close()


def shelf(database: Database) -> Any:
    """The rows of the table, and the cursors of the connection that read them."""
    with database.reading() as unit:
        rows = unit.rows(database.prepare(ALL), [])
        return rows, list(unit.connection.__dict__[kept_cursors.KEPT].values())  # type: ignore[attr-defined]


def test_a_cursor_is_kept_with_nothing_in_it(database: Database) -> None:
    first, cursors = shelf(database)
    again, others = shelf(database)
    assert (first, [id(each) for each, _ in cursors]) == (again, [id(each) for each, _ in others])
    assert [(None, None)] == [(each.pgresult, each._tx.pgresult) for each, _ in others]


def test_another_type_is_read_as_what_it_is_now(database: Database) -> None:
    """The table changes under the statement, and the server has planned it already."""
    for _ in range(6):
        before, _ = shelf(database)
    change = "ALTER TABLE shelf ALTER worth TYPE text, ALTER id TYPE numeric, ALTER read_on TYPE timestamp"
    database.write(lambda unit: unit.command(change))
    database.forget_statements()
    after, _ = shelf(database)
    assert ["int", "Decimal", "date"] == [type(each).__name__ for each in before[0]]
    assert ["Decimal", "str", "datetime"] == [type(each).__name__ for each in after[0]]


def test_the_first_make_room(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_cursors, "MOST", 2)
    with database.reading() as unit:
        for number in (1, 2, 3, 1):
            assert [(number,)] == unit.rows(database.prepare(sa.text(f"SELECT {number}")), [])
        assert 2 == len(unit.connection.__dict__[kept_cursors.KEPT])  # type: ignore[attr-defined]
