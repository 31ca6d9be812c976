"""A connection that was used last is used next, and nobody gets one that is dead, busy, or waited for elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.kernel.storage import Unit, open_database
from lowcode.kernel.storage.postgresql import PostgresqlDatabase
from tests.support.postgresql import Server

WHO = sa.select(sa.func.pg_backend_pid().label("pid"))


@pytest.fixture(scope="module")
def database(postgresql_server: Server) -> Iterator[PostgresqlDatabase]:
    """An empty database."""
    with postgresql_server.database() as url:
        opened = open_database(url)
        assert isinstance(opened, PostgresqlDatabase)
        yield opened
        opened.close()


def _pid(unit: Unit) -> int:
    found = unit.one(WHO)
    assert found is not None
    return int(found["pid"])


def _used(database: PostgresqlDatabase) -> int:
    with database.transaction() as unit:
        return _pid(unit)


def test_used_again(database: PostgresqlDatabase) -> None:
    """One after the other has the same; two at once have two, and the last one laid down is the next one used."""
    first = _used(database)
    assert first == _used(database)
    with database.transaction() as one:
        here = _pid(one)
        with database.transaction() as other:
            there = _pid(other)
        assert (first, True) == (here, here != there)
        assert there == _used(database)
    assert first == _used(database)
    assert database.pool.checkedout() == 2


def test_a_dead_one_is_not_used(database: PostgresqlDatabase) -> None:
    """The server ended the connection while nobody used it: whoever is next gets another and hears nothing of it."""
    dead = _used(database)
    with database.engine.connect() as own:
        own.execute(sa.select(sa.func.pg_terminate_backend(dead, 5000)))
    assert dead != _used(database)


def test_one_in_a_transaction_is_not_used(database: PostgresqlDatabase) -> None:
    """What somebody began there and did not end is nobody else's."""
    taken = database.at_hand.take()
    busy = taken.connection.info.backend_pid
    taken.connection.execute("BEGIN")
    database.at_hand.lay_down(taken)
    assert taken.connection.closed
    assert busy != _used(database)


def test_more_than_the_pool_holds_go_back(database: PostgresqlDatabase) -> None:
    """Whoever waits for one of the pool waits for none that lies at hand. After a burst no more stay open, in the pool
    and at hand together, than the pool usually holds; closed, nothing stays open."""
    usual = database.pool.size()
    with ExitStack() as stack:
        units: list[Any] = [stack.enter_context(database.transaction()) for _ in range(usual + 15)]
        assert len({_pid(unit) for unit in units}) == usual + 15
        burst = [unit.connection for unit in units]
    assert usual == sum(not each.closed for each in burst)
    assert 0 < database.pool.checkedout() <= usual
    for _ in range(usual):
        _used(database)
    assert usual >= database.pool.checkedin() + database.pool.checkedout()
    database.at_hand.close()
    assert database.pool.checkedout() == 0
    _used(database)
    assert database.pool.checkedout() == 0
