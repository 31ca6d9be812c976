"""A row that is watched instead of locked: whoever is overtaken does it once more, and nobody hears of it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam as given

from lowcode.kernel.diagnostics import Conflict, Problem
from lowcode.kernel.storage import StaleWrite, Unit, open_database
from lowcode.kernel.storage.postgresql import PostgresqlDatabase
from lowcode.kernel.storage.tables import Id
from lowcode.kernel.storage.watching import SEEN, settle, take, take_of, watched
from tests.kernel.storage.test_sharing import Saving
from tests.support.postgresql import Server

metadata = sa.MetaData()
pot = sa.Table(
    "pot", metadata, sa.Column("id", Id, primary_key=True), sa.Column("sum", sa.Integer), sa.Column("name", sa.Text)
)
coin = sa.Table(
    "coin",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("pot", sa.BigInteger),
    sa.Column("spent", sa.Text),
)
other = sa.Table("other", metadata, sa.Column("id", Id, primary_key=True), sa.Column("word", sa.Text))
_SEEN = sa.select(pot, SEEN.label("seen")).subquery()
READ = sa.select(_SEEN, coin.c.spent).where(coin.c.id == given("of_coin"), coin.c.pot == _SEEN.c.id)
LOCK = sa.select(pot).where(pot.c.id == given("of_pot")).with_for_update()
TAKE = take_of(LOCK)
ONE = pot.c.id == given("row_id")
SET = sa.update(pot).where(ONE).values(sum=given("new_sum"))
AS_SEEN = SEEN == given("row_seen")
SPEND = sa.update(coin).where(coin.c.pot == given("of_pot"), coin.c.spent.is_(None)).values(spent=given("by"))
NOTHING: Callable[[str], None] = lambda place: None  # noqa: E731


@pytest.fixture(params=["", "own_"])
def database(request: pytest.FixtureRequest, postgresql_server: Server) -> Iterator[PostgresqlDatabase]:
    """A pot with two coins, with a prefix to the tables and without."""
    with postgresql_server.database() as url:
        opened = open_database(url, request.param)
        assert isinstance(opened, PostgresqlDatabase)
        own = sa.MetaData()
        opened.adopt(metadata, own)
        (own if request.param else metadata).create_all(opened.engine)
        with opened.transaction() as unit:
            unit.insert(pot, id=1, sum=0, name="")
            unit.insert_many(coin, [{"id": number, "pot": 1, "spent": None} for number in (1, 2)])
        yield opened
        opened.close()


HOW = ("", "begins", "takes")
LEAVES = ("takes", "locks")
"""Does not write the row itself."""


class Payer:
    """Adds one to what they saw in the pot, and spends the coins that nobody had; counts how often they tried."""

    def __init__(self, database: PostgresqlDatabase, name: str, how: str = "", meanwhile: Any = NOTHING) -> None:
        self.database, self.name, self.how, self.meanwhile = database, name, how, meanwhile
        self.tries = 0
        self.ways: list[str] = []

    def pay(self) -> int:
        """What was in the pot, seen by whoever adds to it."""
        return self.database.write(self._work, again=self.how != "locks")

    def _work(self, unit: Unit) -> int:
        self.tries += 1
        row = watched(unit, READ, sa.update(pot).where(ONE, AS_SEEN).values(name=pot.c.name), (coin,), of_coin=1)
        self.ways.append("locks" if row is None else "watches")
        if row is None:
            (row,) = take(unit, LOCK, TAKE, of_pot=1)
        self.meanwhile("read")
        if self.how == "begins":
            with unit.savepoint():
                unit.insert(other, word=self.name)
        unit.write(self.database.prepare(SPEND), {"of_pot": 1, "by": self.name})
        if self.how in LEAVES:
            unit.write(self.database.prepare_insert(other, ("word",)), {"word": self.name})
        else:
            settle(unit, SET, SET.where(AS_SEEN), row["id"], new_sum=row["sum"] + 1)
        self.meanwhile("written")
        return int(row["sum"])


def _found(database: PostgresqlDatabase, what: sa.ColumnElement[Any]) -> list[Any]:
    with database.reading() as unit:
        return [row["found"] for row in unit.fetch(sa.select(what.label("found")).order_by(sa.text("1")))]


def test_who_meets_nobody_sends_one_statement(database: PostgresqlDatabase) -> None:
    """No transaction is begun, and what was written goes the way of what is shared."""
    carried: list[str] = []
    carry = database.shared.carry
    database.shared.carry = lambda text, *rest: carried.append(text) or carry(text, *rest)  # type: ignore[method-assign,func-returns-value]
    begun: list[bool] = []

    def work(unit: Unit) -> None:
        payer._work(unit)
        assert unit.one(sa.select(other.c.id)) is None  # not of the tables that are written: asked before them
        begun.append(unit.begun)

    payer = Payer(database, "ann")
    database.write(work, again=True)
    assert (begun, payer.ways, len(carried)) == ([False], ["watches"], 1)
    assert (_found(database, pot.c.sum), _found(database, coin.c.spent)) == ([1], ["ann", "ann"])


def test_who_asks_for_what_they_wrote_is_told(database: PostgresqlDatabase) -> None:
    """Then a transaction is needed, and the row is theirs in it."""

    def work(unit: Unit) -> tuple[Any, bool]:
        payer._work(unit)
        found = unit.one(sa.select(pot.c.sum))
        return found, unit.begun

    payer = Payer(database, "ann")
    assert database.write(work, again=True) == ({"sum": 1}, True)
    assert payer.ways == ["watches"]


MOMENTS = [*product(HOW, (*HOW, "locks"), ("read", "written"))]


@pytest.mark.parametrize("database", [""], indirect=True)
def test_any_two_are_as_one_after_the_other(database: PostgresqlDatabase) -> None:
    """Whatever each does and whenever the second comes, what is left is what the one leaves after the other: who only
    takes the row and writes something else of it counts as well."""
    for mine, theirs, moment in MOMENTS:
        if (mine, moment) == ("begins", "written"):
            continue  # it holds the row by then: the second waits for the end
        with database.transaction() as unit:
            unit.run(sa.update(pot).values(sum=0))
            unit.run(sa.update(coin).values(spent=None))
            unit.run(sa.delete(other))
        second = Payer(database, "ben", theirs)
        came: list[int] = []

        def meanwhile(place: str, moment: str = moment, second: Payer = second, came: list[int] = came) -> None:
            if place == moment and not came:
                came.append(second.pay())

        first = Payer(database, "ann", mine, meanwhile)
        seen = first.pay()
        added = {"ann": mine not in LEAVES, "ben": theirs not in LEAVES}
        case = (mine, theirs, moment)
        assert (came, seen) == ([0], int(added["ben"])), case
        assert _found(database, pot.c.sum) == [sum(added.values())], case
        assert _found(database, coin.c.spent) == ["ben", "ben"], case  # the second came first, and nothing was left
        words = [name for name, how in (("ann", mine), ("ben", theirs)) if how]
        assert sorted(_found(database, other.c.word)) == words, case
        assert (first.ways, second.ways) == (["watches", "locks"], ["locks" if theirs == "locks" else "watches"]), case


@pytest.mark.parametrize("database", [""], indirect=True)
def test_who_waits_for_somebody_who_holds_the_row_is_overtaken(database: PostgresqlDatabase) -> None:
    """Also by somebody who leaves it as it was; and by nobody who gave up."""
    for gives_up in (False, True):
        with database.engine.connect() as there:
            transaction = there.begin()
            there.execute(TAKE, {"of_pot": 1})
            payer = Payer(database, "ann")
            paying = threading.Thread(target=payer.pay)
            paying.start()
            while not _waiting(database):
                assert paying.is_alive()
            transaction.rollback() if gives_up else transaction.commit()
            paying.join(30)
        assert payer.ways == (["watches"] if gives_up else ["watches", "locks"])
    assert _found(database, pot.c.sum) == [2]


def _waiting(database: PostgresqlDatabase) -> bool:
    with database.engine.connect() as connection:
        asked = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        return bool(connection.exec_driver_sql(asked).scalar_one())


@pytest.mark.parametrize("database", [""], indirect=True)
def test_two_of_one_batch_are_not_lost(database: PostgresqlDatabase) -> None:
    """Both saw the same row and are sent together: one of them does it once more."""
    payers = [Payer(database, name) for name in ("ann", "ben", "cai")]
    works: list[Callable[[], Any]] = [payer.pay for payer in payers]
    assert Saving(database, *works).begin().end() == {}
    assert _found(database, pot.c.sum) == [3]
    assert sorted(payer.tries for payer in payers) == [1, 2, 2]


@pytest.mark.parametrize("database", [""], indirect=True)
def test_a_refusal_is_said_by_who_holds_the_row(database: PostgresqlDatabase) -> None:
    """What was refused by a view that was old is not heard; what would be refused anyway is, and who holds the row is
    refused at once. A server that is lost is nothing to do again after."""
    other_payer = Payer(database, "ben")
    tries: list[str] = []

    def refused(seen: int, before: Callable[[Unit], Any], error: Exception) -> Callable[[Unit], None]:
        def work(unit: Unit) -> None:
            row = watched(unit, READ, sa.update(pot).where(ONE, AS_SEEN).values(name=pot.c.name), (), of_coin=1)
            tries.append("locks" if row is None else "watches")
            if row is None:
                (row,) = take(unit, LOCK, TAKE, of_pot=1)
            before(unit)
            if row["sum"] == seen:
                raise error

        return work

    conflict = Conflict(Problem("test.empty", {"en": "empty"}))

    def overtaken(unit: Unit) -> None:
        if not other_payer.tries:
            other_payer.pay()

    database.write(refused(0, overtaken, conflict), again=True)
    assert tries == ["watches", "locks"]
    for before, error, expected in (
        (lambda unit: None, conflict, ["watches", "locks"]),
        (lambda unit: None, ValueError("old"), ["watches", "locks"]),
        (lambda unit: unit.run(SPEND, of_pot=1, by="ann"), conflict, ["watches"]),
        (lambda unit: None, psycopg.OperationalError("gone"), ["watches"]),
    ):
        tries.clear()
        with pytest.raises(type(error)):
            database.write(refused(1, before, error), again=True)
        assert tries == expected


@pytest.mark.parametrize("database", [""], indirect=True)
def test_who_goes_on_after_being_told_is_stopped(database: PostgresqlDatabase) -> None:
    """Code on the way may take a stale write for one of its own, and make a refusal of it that somebody catches."""
    second = Payer(database, "ben")

    def work(unit: Unit) -> None:
        seen = watched(unit, READ, sa.update(pot).where(ONE, AS_SEEN).values(name=pot.c.name), (), of_coin=1)
        row = seen or take(unit, LOCK, TAKE, of_pot=1)[0]
        if not second.tries:
            second.pay()
        with contextlib.suppress(StaleWrite):
            unit.insert(other, word="told")
        settle(unit, SET, SET.where(AS_SEEN), row["id"], new_sum=row["sum"] + 1)

    database.write(work, again=True)
    assert (_found(database, pot.c.sum), _found(database, other.c.word)) == ([2], ["told"])


def test_work_that_may_not_be_done_again_locks(database: PostgresqlDatabase) -> None:
    """So does what has begun a transaction before."""
    payer = Payer(database, "ann")
    database.write(payer._work)

    def begun(unit: Unit) -> None:
        unit.insert(other, word="first")
        payer._work(unit)

    database.write(begun, again=True)
    assert (payer.ways, _found(database, pot.c.sum)) == (["locks", "locks"], [2])
