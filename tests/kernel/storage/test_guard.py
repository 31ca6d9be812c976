"""A read that has to be quick is stopped when it is not, and only then."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from lowcode.kernel.storage import open_database
from lowcode.kernel.storage.guard import OutOfTime

LONG = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1e8) SELECT max(i) FROM n",
    "postgresql": "SELECT 1 FROM pg_sleep(30)",
}


def test_a_long_read_is_stopped_within_its_time(database_url: str) -> None:
    """The time counts in this block and this thread alone; the connection serves on."""
    database = open_database(database_url)
    short, long = sa.text("SELECT 7 AS found"), sa.text(LONG[database.dialect_name])
    with database.guard.quickly(0.02), database.reading() as unit, pytest.raises(OutOfTime):
        unit.rows(database.prepare(long), [])
    with database.guard.quickly(5), database.reading() as unit:
        assert 7 == unit.rows(database.prepare(short), [])[0][0]
    assert not database.guard.on
    database.close()


@pytest.mark.parametrize(("wall", "stopped"), [(30.0, False), (0.03, True)])
def test_waiting_for_the_processor_is_not_held_against_a_read(tmp_path: object, wall: float, stopped: bool) -> None:
    """A busy machine lets a quick read wait, here by a sleep: that is not counted, up to a limit of its own."""
    database = open_database(f"sqlite:///{tmp_path}/busy.sqlite3")
    some = database.prepare(sa.text(LONG["sqlite"].replace("1e8", "3000")))
    with database.guard.quickly(0.02, wall), database.reading() as unit:
        time.sleep(0.04)
        if stopped:
            with pytest.raises(OutOfTime):
                unit.rows(some, [])
        else:
            assert [(3000,)] == [tuple(each) for each in unit.rows(some, [])]
    database.close()
