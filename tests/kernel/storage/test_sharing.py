"""Saves of one moment share a transaction, and nobody pays for another's trouble."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam as given

from lowcode.kernel.storage import StaleWrite, open_database
from lowcode.kernel.storage.postgresql import PostgresqlDatabase
from lowcode.kernel.storage.tables import Id
from tests.support.postgresql import Server

metadata = sa.MetaData()
seat = sa.Table("seat", metadata, sa.Column("id", Id, primary_key=True), sa.Column("name", sa.Text, unique=True))
note = sa.Table("note", metadata, sa.Column("id", Id, primary_key=True), sa.Column("seat", sa.BigInteger))
RENAME = sa.update(seat).where(seat.c.id == given("of_seat")).values(name=given("new_name"))
SLOW = """
create function dawdle() returns trigger language plpgsql as
$$ begin if new.name = 'slow' then perform pg_sleep(20); end if; return new; end $$;
create trigger dawdle before insert on seat for each row execute function dawdle()
"""


@pytest.fixture
def database(postgresql_server: Server) -> Iterator[PostgresqlDatabase]:
    """A database in which each seat has a name of its own."""
    with postgresql_server.database() as url:
        opened = open_database(url)
        assert isinstance(opened, PostgresqlDatabase)
        opened.adopt(metadata, sa.MetaData())
        metadata.create_all(opened.engine)
        yield opened
        opened.close()


def _add(database: PostgresqlDatabase, number: int, name: str) -> None:
    with database.transaction() as unit:
        unit.write(database.prepare_insert(seat, ("id", "name")), {"id": number, "name": name})
        unit.write(database.prepare_insert(note, ("seat",)), {"seat": number})


def _rename(database: PostgresqlDatabase, number: int, name: str) -> None:
    with database.transaction() as unit:
        unit.write(database.prepare(RENAME), {"of_seat": number, "new_name": name}, must_hit=True)
        unit.write(database.prepare_insert(note, ("seat",)), {"seat": number})


class Saving:
    """Pieces of work that come while the connection is taken, and so are sent together."""

    def __init__(self, database: PostgresqlDatabase, *works: Callable[[], None]) -> None:
        self.database, self.errors = database, dict[int, BaseException]()
        self.ended = [threading.Event() for _ in works]
        self.threads = [threading.Thread(target=self._do, args=each) for each in enumerate(works)]

    def _do(self, place: int, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            self.errors[place] = error
        self.ended[place].set()

    def begin(self) -> Saving:
        """Start all of them, and let them go when all wait."""
        queue = self.database.shared._queue
        with queue.turn():
            for thread in self.threads:
                thread.start()
            while len(queue.items) < len(self.threads):
                time.sleep(0.001)
        return self

    def end(self) -> dict[int, BaseException]:
        """Wait for all of them; what they raised, by their place."""
        for thread in self.threads:
            thread.join(30)
            assert not thread.is_alive()
        return self.errors


def _names(database: PostgresqlDatabase) -> list[str]:
    with database.reading() as unit:
        return [row["name"] for row in unit.fetch(sa.select(seat.c.name).order_by(seat.c.id))]


def _counts(database: PostgresqlDatabase) -> tuple[int, int]:
    """How many transactions wrote the seats that stand, and how many notes there are."""
    with database.engine.begin() as connection:
        found = connection.exec_driver_sql(
            "select (select count(distinct xmin::text) from seat), (select count(*) from note)"
        ).one()
        return found[0], found[1]


def test_who_saves_at_once_shares_a_transaction(database: PostgresqlDatabase) -> None:
    """Each gets its rows, and there was one commit."""
    works = [lambda number=number: _add(database, number, f"seat {number}") for number in range(12)]
    assert Saving(database, *works).begin().end() == {}
    assert _names(database) == [f"seat {number}" for number in range(12)]
    assert _counts(database) == (1, 12)


def test_rows_that_others_may_want_are_taken_in_one_order(database: PostgresqlDatabase) -> None:
    """Whoever comes first: two processes that change the same rows never wait for one another."""
    for number in range(6):
        _add(database, number, f"seat {number}")

    def rename(number: int) -> None:
        with database.transaction() as unit:
            unit.write(database.prepare_insert(note, ("seat",)), {"seat": number + 100})
            unit.write(database.prepare(RENAME), {"of_seat": number, "new_name": f"renamed {number}"})

    works = [lambda number=number: rename(number) for number in (4, 1, 5, 0, 3, 2)]
    assert Saving(database, *works).begin().end() == {}
    assert _names(database) == [f"renamed {number}" for number in range(6)]
    assert _counts(database) == (1, 12)
    with database.reading() as unit:
        rows = unit.fetch(sa.select(note.c.seat).where(note.c.seat >= 100).order_by(note.c.id))
    assert [row["seat"] for row in rows] == [100, 101, 102, 103, 104, 105]


def test_an_error_is_that_of_its_own_save_alone(database: PostgresqlDatabase) -> None:
    """A name that is taken and a seat that is gone are refused to whoever asked; the others are written."""
    _add(database, 1, "window")
    _add(database, 5, "middle")
    errors = (
        Saving(
            database,
            lambda: _add(database, 2, "door"),
            lambda: _add(database, 3, "window"),
            lambda: _rename(database, 77, "nobody's"),
            lambda: _rename(database, 5, "aisle"),
            lambda: _add(database, 4, "back"),
        )
        .begin()
        .end()
    )
    assert {place: type(error) for place, error in errors.items()} == {1: psycopg.errors.UniqueViolation, 2: StaleWrite}
    assert sorted(_names(database)) == ["aisle", "back", "door", "window"]
    assert _counts(database)[1] == 5


def test_who_waits_for_a_lock_waits_alone(database: PostgresqlDatabase) -> None:
    """A long transaction holds a name that one of three wants: the two others are done while it does."""
    with database.engine.connect() as other:
        transaction = other.begin()
        other.execute(sa.insert(seat).values(id=9, name="held"))
        saving = Saving(
            database,
            lambda: _add(database, 1, "first"),
            lambda: _add(database, 2, "held"),
            lambda: _add(database, 3, "third"),
        ).begin()
        assert saving.ended[0].wait(10)
        assert saving.ended[2].wait(10)
        assert not saving.ended[1].wait(0.2)
        _add(database, 4, "later")
        transaction.rollback()
    assert saving.end() == {}
    assert _names(database) == ["first", "held", "third", "later"]


def test_a_connection_that_was_ended_is_replaced(database: PostgresqlDatabase) -> None:
    """Ended while idle, nobody notices."""
    _add(database, 1, "before")
    while _end_all_but(database):
        time.sleep(0.01)
    _add(database, 2, "after")
    assert _names(database) == ["before", "after"]


def test_a_server_lost_on_the_way_is_said_to_each(database: PostgresqlDatabase) -> None:
    """Nobody can know what became of it, so nobody does it again; the next save finds a server."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql(SLOW)
    saving = Saving(database, lambda: _add(database, 1, "quick"), lambda: _add(database, 2, "slow")).begin()
    while not _end_all_but(database, "and wait_event = 'PgSleep'"):
        time.sleep(0.01)
    errors = saving.end()
    assert {place: database.trouble(error) for place, error in errors.items() if isinstance(error, Exception)} == {
        0: "lost",
        1: "lost",
    }
    _add(database, 3, "again")
    assert _names(database) == ["again"]


@pytest.mark.parametrize(("state", "trouble"), [("53100", "full"), ("53200", "memory"), ("53300", "busy")])
def test_what_the_server_has_too_little_of_is_said(database: PostgresqlDatabase, state: str, trouble: str) -> None:
    """No room on the disk, no memory (where the table of locks is full), no connection left: three different cures."""
    raised = f"do $$ begin raise exception using errcode = '{state}'; end $$"
    with database.engine.connect() as connection, pytest.raises(sa.exc.OperationalError) as failed:
        connection.exec_driver_sql(raised)
    assert isinstance(failed.value.orig, Exception)
    assert trouble == database.trouble(failed.value.orig)


def _end_all_but(database: PostgresqlDatabase, where: str = "") -> int:
    """End the other connections to this database; how many they were."""
    with database.engine.begin() as connection:
        found = connection.exec_driver_sql(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            f" where pid <> pg_backend_pid() and datname = current_database() {where}"
        )
        return int(found.scalar_one())
