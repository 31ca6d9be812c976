"""The database fails: disk full, locked, connection cut. A clear refusal, nothing half-done, and work goes on after."""

from __future__ import annotations

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.diagnostics import Unavailable
from lowcode.kernel.events.deliver import CRASHES, Delivery
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.sqlite import SqliteDatabase, SqliteUnit
from tests.faults.app import assert_all_done, assert_whole, effect, opened, rows

ENTRY = {"text": "a", "lines": [{"part": "a"}]}


def save(host: Host, **values: Any) -> int:
    """A new entry."""
    made = host.ask(host.actor("li"), "records.create", type="entry", values={**ENTRY, **values})
    return int(made["id"])


@pytest.fixture
def host(tmp_path: Path) -> Any:
    """The app on SQLite."""
    with opened(f"sqlite:///{tmp_path}/faults.sqlite3") as found:
        yield found


def writer(host: Host) -> sqlite3.Connection:
    """The connection that writes."""
    assert isinstance(host.database, SqliteDatabase)
    return host.database.writer.connection


def code(refused: Unavailable) -> str:
    """The code of a refusal."""
    return refused.problems[0].code


def test_disk_full(host: Host) -> None:
    """A save that does not fit is refused and leaves nothing; small ones go on, and all when there is room again."""
    save(host)
    pages = writer(host).execute("PRAGMA page_count").fetchone()[0]
    writer(host).execute(f"PRAGMA max_page_count={pages + 3}")
    with pytest.raises(Unavailable) as refused:
        save(host, note="x" * 19_000)
    assert "storage.full" == code(refused.value)
    with pytest.raises(Unavailable), host.session(host.actor("li")) as context:
        context.ask("records.create", type="entry", values=ENTRY)
        context.ask("records.create", type="entry", values={**ENTRY, "note": "x" * 19_000})
    assert 1 == len(assert_whole(host))
    writer(host).execute("PRAGMA max_page_count=100000")
    save(host, note="x" * 19_000)
    host.deliver()
    assert 2 == len(assert_whole(host))
    assert_all_done(host)


def test_disk_full_for_all_of_a_group(host: Host) -> None:
    """When a fault ends the transaction that several share, each is refused: nobody is told that it is saved."""
    undone: list[str] = []
    database = host.database
    assert isinstance(database, SqliteDatabase)

    def fits(unit: Any) -> None:
        unit.after_rollback.append(lambda: undone.append("fits"))
        unit.insert(effect, what="put", about=1)

    def fills(unit: SqliteUnit) -> None:
        unit.after_rollback.append(lambda: undone.append("fills"))
        unit.connection.execute("ROLLBACK")  # as SQLite itself does when it cannot go on
        raise sqlite3.OperationalError("database or disk is full")

    with database.collecting() as group:
        database.write(fits)
        with pytest.raises(sqlite3.OperationalError):
            database.write(fills)  # type: ignore[arg-type]
    assert group.pending
    assert isinstance(group.error, sqlite3.OperationalError)
    assert ["fills", "fits"] == undone
    database.commit_collected()
    save(host)
    assert 1 == len(assert_whole(host))
    assert [] == rows(host, sa.select(effect))


def broken(unit: Any) -> None:
    """A write that the database refuses at the commit."""
    unit.connection.execute("INSERT INTO orphan VALUES (1)")


@pytest.mark.parametrize("way", ["shared", "alone"])
def test_a_failed_commit(host: Host, way: str) -> None:
    """A commit that fails undoes the work, runs what was to follow a rollback, and leaves the writer usable."""
    writer(host).execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    writer(host).execute("CREATE TABLE orphan (id INTEGER REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
    told: list[str] = []

    def work(unit: Any) -> None:
        unit.after_commit.append(lambda: told.append("commit"))
        unit.after_rollback.append(lambda: told.append("rollback"))
        unit.insert(effect, what="put", about=1)
        broken(unit)

    with pytest.raises(sqlite3.IntegrityError):
        if way == "shared":
            host.database.write(work)
        else:
            with host.database.transaction() as unit:
                work(unit)
    assert ["rollback"] == told
    assert [] == rows(host, sa.select(effect))
    save(host)
    assert 1 == len(assert_whole(host))


def test_a_transaction_inside_a_write_is_refused(host: Host) -> None:
    """It would commit the half of the work around it that is done."""

    def work(unit: Any) -> None:
        unit.insert(effect, what="put", about=1)
        with host.session():
            pass

    with pytest.raises(RuntimeError, match="use the unit of the running work"):
        host.write(work)
    assert [] == rows(host, sa.select(effect))


def test_whoever_watches_cannot_undo(url: str) -> None:
    """A listener that fails after the commit does not turn a saved record into an error."""

    def fails(*_: Any) -> None:
        raise ZeroDivisionError

    with opened(url) as host:
        heard: list[str] = []
        host.listeners += [fails, lambda event, *_: heard.append(event)]
        save(host)
        assert ["record.created"] == heard
        assert 1 == len(assert_whole(host))


def test_locked_by_another_program(host: Host) -> None:
    """Another program holds the file: a clear refusal after the time-out; then work goes on."""
    save(host)
    writer(host).execute("PRAGMA busy_timeout=50")
    other = sqlite3.connect(str(host.database.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as refused:
        save(host)
    assert "storage.busy" == code(refused.value)
    with pytest.raises(Unavailable), host.session(host.actor("li")):
        pass
    other.execute("ROLLBACK")
    other.close()
    save(host)
    assert 2 == len(assert_whole(host))


OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def cut(outside: sa.Engine) -> None:
    """The server ends every other connection; waits until they are gone."""
    with outside.connect() as connection:
        connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) {OTHERS}"))
        until = time.monotonic() + 30
        while connection.scalar(sa.text(f"SELECT count(*) {OTHERS}")):
            assert time.monotonic() < until
            time.sleep(0.01)


@pytest.mark.postgresql
def test_connections_cut(postgresql_url: str) -> None:
    """The server ends every connection: in the middle of a piece of work, right before its commit, and while idle."""
    outside = sa.create_engine(postgresql_url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")

    with opened(postgresql_url) as host:
        save(host)
        undone: list[str] = []
        for begun in (False, True):
            with pytest.raises(Unavailable) as refused, host.session(host.actor("li")) as context:
                context.unit.after_rollback.append(lambda: undone.append("rollback"))
                if begun:
                    context.unit.begin()
                context.ask("records.create", type="entry", values=ENTRY)
                cut(outside)
            assert "storage.lost" == code(refused.value)
        assert ["rollback", "rollback"] == undone
        with pytest.raises(Unavailable), host.session(host.actor("li")) as context:
            context.ask("records.create", type="entry", values=ENTRY)
            with context.unit.savepoint():
                cut(outside)
                context.ask("records.create", type="entry", values=ENTRY)
        assert 1 == len(assert_whole(host))
        threads = [threading.Thread(target=save, args=(host,)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        cut(outside)  # the pool is full of dead connections now
        for _ in range(3):
            save(host)
        assert 10 == len(assert_whole(host))
        host.deliver()
        assert_all_done(host)
    outside.dispose()


@pytest.mark.postgresql
def test_a_delivery_cut(postgresql_url: str) -> None:
    """The connection of a worker is cut while it runs a job: the job is tried again, and its effect is there once."""
    outside = sa.create_engine(postgresql_url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with opened(postgresql_url) as host:
        save(host)
        delivery = Delivery(host)
        usual = delivery._perform

        def perform(context: Any, job: dict[str, Any]) -> Any:
            answer = usual(context, job)
            if job["attempts"] == 1:
                cut(outside)
            return answer

        delivery._perform = perform  # type: ignore[method-assign]
        delivery.deliver()
        assert {"ready"} == {row["state"] for row in rows(host, sa.select(t.job)) if row["name"] == "ledger.heard"}
        host.write(lambda unit: unit.run(sa.update(t.job).values(due_at=host.clock.now())))
        host.deliver()
        assert_all_done(host)
    outside.dispose()


def test_a_job_that_kills_its_workers(url: str) -> None:
    """What ends every worker that takes it is put aside with its reason, and the jobs after it are done."""
    with opened(url) as host:
        save(host)
        host.write(lambda unit: unit.run(sa.update(t.job).values(attempts=CRASHES)))
        save(host)
        host.deliver()
        states = {row["id"]: (row["state"], row["error"]) for row in rows(host, sa.select(t.job))}
        assert "dead" == states[1][0]
        assert "WorkersDied" in str(states[1][1])
        assert {"done"} == {state for identity, (state, _) in states.items() if identity > 1}
