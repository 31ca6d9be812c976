"""Reads that wait for PostgreSQL take turns in one thread, and each is as alone as in a thread of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from lowcode.kernel.storage import Database, open_database, quick
from lowcode.kernel.storage.guard import OutOfTime
from lowcode.kernel.storage.turns import in_turn
from tests.support.apart import run_apart

LONG = "SELECT 1 FROM pg_sleep(30)"


@pytest.fixture
def database(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """The server has patience: on a busy machine what is quick may take longer than it has otherwise."""
    monkeypatch.setattr(quick, "MILLISECONDS", 60_000)
    found = open_database(postgresql_url)
    yield found
    found.close()


def ask(database: Database, text: str, seconds: float = 5.0) -> Any:
    """The first value a statement finds, read quickly."""
    with database.guard.quickly(seconds), database.reading() as unit:
        return unit.rows(database.prepare(sa.text(text)), [])[0][0]


async def gathered(*works: Callable[[], Any]) -> list[Any]:
    return await asyncio.gather(*map(in_turn, works), return_exceptions=True)


def test_one_goes_on_while_another_waits(database: Database) -> None:
    """The first waits for a lock that the second, begun after it in the same thread, has to let go of."""
    with psycopg.connect(database.engine.url.set(drivername="postgresql").render_as_string(False)) as holder:
        holder.execute("SELECT pg_advisory_lock(7)")

        def let_go() -> Any:
            return holder.execute("SELECT pg_advisory_unlock(7)").fetchone()

        waits = partial(ask, database, "SELECT pg_advisory_lock(7)")
        taken, released = run_apart(lambda: gathered(waits, let_go))
    assert (True,) == released and not isinstance(taken, BaseException)


def test_each_has_its_own_time_and_its_own_answer(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is stopped stops nobody else; what each asked is what it is answered."""
    monkeypatch.setattr(quick, "MILLISECONDS", 1_000)
    works = [partial(ask, database, f"SELECT {number}") for number in range(20)]
    stopped, *answers = run_apart(lambda: gathered(partial(ask, database, LONG, 0.01), *works))
    assert isinstance(stopped, OutOfTime) and list(range(20)) == answers
    assert not database.guard.on


def test_what_nobody_waits_for_any_more_is_given_up(database: Database) -> None:
    """The request is broken off in the middle of a read: its connection is not used again, others serve on."""

    async def broken_off() -> Any:
        task = asyncio.ensure_future(in_turn(partial(ask, database, "SELECT pg_backend_pid() FROM pg_sleep(0.02)")))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return await in_turn(partial(ask, database, "SELECT 7"))

    assert 7 == run_apart(broken_off)


def test_a_connection_that_is_lost_is_an_error_of_who_had_it(database: Database) -> None:
    """The server ends the connection of one that waits; whoever comes next gets another."""
    killed = """
        SELECT bool_and(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE query LIKE '%now lost%' AND state = 'active' AND pid <> pg_backend_pid()
    """

    async def end() -> Any:
        while not (found := await in_turn(partial(ask, database, killed))):
            await asyncio.sleep(0.01)  # it has not begun yet
        return found

    async def ended() -> list[Any]:
        waits = partial(ask, database, 'SELECT 1 AS "now lost" FROM pg_sleep(30)', 60)
        found = await asyncio.gather(in_turn(waits), end(), return_exceptions=True)
        return [*found, await in_turn(partial(ask, database, "SELECT 7"))]

    lost, done, after = run_apart(ended)
    assert isinstance(lost, psycopg.OperationalError) and done is True and 7 == after


def test_a_loop_begins_once_to_watch_a_connection(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not for each answer anew; and no longer than it is open: its number may be that of another socket then, which the
    loop has to hear. The next loop of the thread begins by itself."""
    begun: list[int] = []
    beginning = asyncio.SelectorEventLoop.add_reader

    def begins(loop: Any, descriptor: int, *more: Any) -> Any:
        begun.append(descriptor)
        return beginning(loop, descriptor, *more)

    async def asked(*, ended: bool) -> list[Any]:
        found = [await in_turn(partial(ask, database, "SELECT 1 FROM pg_sleep(0.001)")) for _ in range(3)]
        (watch,) = database._quick._all.values()  # type: ignore[attr-defined]
        if ended:
            with psycopg.connect(database.engine.url.set(drivername="postgresql").render_as_string(False)) as other:
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [watch.connection.info.backend_pid])
            while watch.loop is not None:
                await asyncio.sleep(0.001)
        return [*found, len(begun), await in_turn(partial(ask, database, "SELECT 7 FROM pg_sleep(0.001)"))]

    async def closed_elsewhere() -> Any:
        await in_turn(partial(ask, database, "SELECT 1"))
        watches = list(database._quick._all.values())  # type: ignore[attr-defined]
        await asyncio.to_thread(database._quick.close)  # type: ignore[attr-defined]
        await asyncio.sleep(0)
        return [(each.loop, each.connection.closed) for each in watches]

    def both() -> list[Any]:
        with monkeypatch.context() as patched:
            patched.setattr(asyncio.SelectorEventLoop, "add_reader", begins)
            found = []
            for work in (partial(asked, ended=False), partial(asked, ended=True), closed_elsewhere):
                begun.clear()
                with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                    found.append(runner.run(work()))
            return found

    with ThreadPoolExecutor(1) as threads:
        found = threads.submit(both).result()
    assert [[1, 1, 1, 1, 7], [1, 1, 1, 1, 7], [(None, True)]] == found
