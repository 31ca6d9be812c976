"""Applying whole or not at all: killed, raced, blocked, under load; and what an apply leaves alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from lowcode import publishing
from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.diagnostics import Unavailable
from lowcode.kernel.identity import APP, Actor
from lowcode.kernel.storage import StorageError
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.migrate import ApplyBusy, ApplyStale, alone, apply, online
from lowcode.kernel.storage.migrate.alone import BESIDE
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.types import Json
from lowcode.publishing import running
from tests.kernel.storage.firm import CASES, opened, read, schema, write
from tests.kernel.storage.victim import die
from tests.support.forked import run_forked

CASE: dict[str, Any] = json.loads((CASES / "several-at-once.json").read_text("utf-8"))
PLACES: dict[str, Any] = json.loads((CASES / "lines-change-places.json").read_text("utf-8"))
SMALL, LARGE = 100_000, 1
"""From how many rows on the long way is gone: never in a test, or always."""


def filled(url: str, case: dict[str, Any] = CASE, **options: Any) -> dict[str, Any]:
    """The first version of the case with its rows; what is there."""
    with opened(url, case["before"], **options) as host:
        host.publish()
        write(host, case["rows"])
        return read(host)


def run_until(url: str, large: int, point: int, case: str = "several-at-once") -> int:
    """Apply the second version in a process that kills itself at a point; its return code."""
    return run_forked(die, url, case, large, point)


@pytest.mark.requirement("X2", "X15")
@pytest.mark.parametrize(("large", "point"), [(SMALL, 1), (SMALL, 7), (LARGE, 1), (LARGE, 9), (LARGE, 13)])
def test_killed_on_the_way(database_url: str, large: int, point: int) -> None:
    """After kill -9 the old or the new version is there, and the next apply brings the new one whole; undo works."""
    before = filled(database_url)
    assert run_until(database_url, large, point) == -9
    with opened(database_url, CASE["before"]) as host, host.database.engine.connect() as connection:
        versions = connection.execute(sa.select(t.applied.c.version, t.applied.c.state)).all()
        swapped = (2, "finishing") in {tuple(row) for row in versions}
        if not swapped:
            assert read(host) == before  # the old version is in use as ever
    with opened(database_url, CASE["after"]) as host:
        host.publish()
        assert read(host) == CASE["rows_after"]
        assert host.plan().empty
        host.undo()
    with opened(database_url, CASE["before"]) as host:
        assert read(host) == before
        left = sa.inspect(host.database.engine).get_table_names()
        assert not [name for name in left if name.startswith("_changed")]
    if database_url.startswith("sqlite"):
        assert not list(Path(database_url.removeprefix("sqlite:///")).parent.glob(f"*{BESIDE}"))


@pytest.mark.requirement("X2", "X15")
@pytest.mark.parametrize(("large", "point"), [(SMALL, 6), (LARGE, 11)])
def test_killed_while_lines_change_places(database_url: str, large: int, point: int) -> None:
    """Tables and indexes under names that others have in the middle are those of before, or those of after."""
    before = filled(database_url, PLACES)
    assert run_until(database_url, large, point, "lines-change-places") == -9
    with opened(database_url, PLACES["before"]) as host:
        assert read(host) == before
    with opened(database_url, PLACES["after"]) as host:
        publishing.apply(host, publishing.plan(host, large=large))
        assert read(host) == PLACES["rows_after"]
        told = host.ask(APP, "records.history", type="quote", id=1)[-1]["changes"]
        assert [row["what"] for row in told["fees"][1]] == ["x", "y"]
        assert [row["what"] for row in told["items"][1]] == ["z"]
        host.undo()
    with opened(database_url, PLACES["before"]) as host:
        assert read(host) == before


def test_large_tables_take_the_long_way_to_the_same_end(database_url: str) -> None:
    """In parts, with indexes made afterwards, the result is that of one transaction."""
    filled(database_url)
    with opened(database_url, CASE["after"]) as host:
        said: list[str] = []
        publishing.apply(
            host, publishing.plan(host, large=LARGE), ["*"], lambda words, done, total: said.append(words["en"])
        )
        assert read(host) == CASE["rows_after"]
        assert host.plan().empty
        long = schema(host)
        assert "deal: make index on note" in said
    with opened(database_url, CASE["after"], prefix="other_") as host:
        host.publish()
        other = {name.removeprefix("other_"): each for name, each in schema(host).items()}
        assert {name.removeprefix("other_") for name in other["deal"]} == set(long["deal"])


MANY = {
    "sqlite": "INSERT INTO deal (id, version, created_at, updated_at, amount) WITH RECURSIVE numbers (n) AS (SELECT 1"
    " UNION ALL SELECT n + 1 FROM numbers WHERE n < 12000) SELECT n, 1, '2026-03-02T01:00:00.000000Z',"
    " '2026-03-02T01:00:00.000000Z', CAST(n % 1000 AS TEXT) FROM numbers",
    "postgresql": "INSERT INTO deal (id, version, created_at, updated_at, amount)"
    " SELECT n, 1, now(), now(), mod(n, 1000)::text FROM generate_series(1, 12000) AS n",
}


@pytest.mark.requirement("SP06", "X15")
def test_people_work_on_while_a_type_changes(database_url: str) -> None:
    """What is written while a large column is converted is converted too; nothing that was acknowledged is lost."""
    with opened(database_url, [{"name": "deal", "fields": [{"name": "amount", "type": "text"}]}]) as first:
        first.publish()
        with first.database.engine.begin() as connection:
            connection.exec_driver_sql(MANY[first.database.dialect_name])
        written: dict[int, str] = {}
        begun, ended = threading.Event(), threading.Event()

        def work() -> None:
            number = 0
            while not ended.is_set():
                number += 1
                identity = number * 7919 % 12000 + 1
                try:
                    version = first.ask(APP, "records.get", type="deal", id=identity, fields=("version",))["version"]
                    first.ask(
                        APP, "records.update", type="deal", id=identity, version=version,
                        values={"amount": str(100_000 + number)},
                    )  # fmt: skip
                except Exception:
                    return  # the old version has gone from under us: the swap has happened
                written[identity] = f"{100_000 + number}.00"
                begun.set()

        person = threading.Thread(target=work)
        person.start()
        assert begun.wait(60)
        with opened(database_url, [{"name": "deal", "fields": [{"name": "amount", "type": "money"}]}]) as second:
            earlier = len(written)
            publishing.apply(second, publishing.plan(second, large=LARGE))
            assert len(written) > earlier
            ended.set()
            person.join(60)
            table = second.types["deal"].table
            with second.database.engine.connect() as connection:
                rows = connection.execute(sa.select(table.c.id, table.c.amount)).all()
            found: dict[int, str] = {row[0]: f"{row[1]:f}" for row in rows}
    assert {identity: found[identity] for identity in written} == written
    others = {identity: f"{identity % 1000}.00" for identity in found if identity not in written}
    assert {identity: found[identity] for identity in others} == others


def test_one_of_two_wins(database_url: str) -> None:
    """A plan made before another apply is refused; two that publish at once both end at the version."""
    filled(database_url)
    with opened(database_url, CASE["after"]) as one, opened(database_url, CASE["after"]) as two:
        plan = two.plan()
        threads = [threading.Thread(target=each.publish) for each in (one, two)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert one.plan().empty
        assert read(two) == CASE["rows_after"]
        with one.database.engine.connect() as connection:
            assert connection.execute(sa.select(sa.func.count()).select_from(t.applied)).scalar() == 2
        with pytest.raises(ApplyStale, match="plan again"):
            two.apply(plan)


def test_another_process_is_applying(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so instead of waiting for long."""
    monkeypatch.setattr(alone, "PATIENCE", 0.05)
    before = filled(database_url)
    with (
        opened(database_url, CASE["after"]) as one,
        opened(database_url, CASE["after"]) as two,
        alone.alone(one.database),
        pytest.raises(ApplyBusy, match="another process"),
    ):
        two.apply()
    with opened(database_url, CASE["before"]) as host:
        assert read(host) == before


def test_no_file_can_be_locked(tmp_path: Path) -> None:
    """Where there is no room or no right for it, nobody is told that another process is at work."""
    filled(url := f"sqlite:///{tmp_path / 'firm.sqlite3'}")
    (tmp_path / f"firm.sqlite3{BESIDE}").mkdir()
    with opened(url, CASE["after"]) as host, pytest.raises(StorageError, match="cannot be locked") as refused:
        host.apply()
    assert not isinstance(refused.value, ApplyBusy)


def test_a_table_in_use(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An apply waits for its locks for a moment only, so that nobody queues behind it; then nothing has happened."""
    monkeypatch.setattr(apply, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(apply, "ATTEMPTS", 2)
    before = filled(postgresql_url)
    with opened(postgresql_url, CASE["after"]) as host, host.database.engine.begin() as reader:
        reader.exec_driver_sql("SELECT count(*) FROM deal")
        with pytest.raises(ApplyBusy, match="in use"):
            host.apply()
    with opened(postgresql_url, CASE["before"]) as host:
        assert read(host) == before


def test_a_large_table_is_waited_for_a_moment_only(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where its new columns and its notes are made, as everybody queues behind the locks of those."""
    waited, watch = set(), online.watch

    def asked(hand: Hand, table: str, building: Collection[str]) -> None:
        waited.add(hand.value("SHOW lock_timeout"))
        watch(hand, table, building)

    monkeypatch.setattr(online, "watch", asked)
    filled(postgresql_url)
    with opened(postgresql_url, CASE["after"]) as host:
        publishing.apply(host, publishing.plan(host, large=LARGE), ["*"])
    assert waited == {apply.LOCK_TIMEOUT}


def test_values_that_become_equal(database_url: str) -> None:
    """A unique rule over a column that changes its type at once is found broken when it is made; nothing happens."""
    code = {"name": "code", "type": "text"}
    with opened(database_url, [{"name": "part", "fields": [code]}]) as host:
        host.publish()
        write(host, {"part": [{"code": "1"}, {"code": "1.0"}]})
        before = read(host)
    unique = {**code, "type": "integer", "unique": True}
    with (
        opened(database_url, [{"name": "part", "fields": [unique]}]) as host,
        pytest.raises(StorageError, match="more than once"),
    ):
        host.apply(allow=["*"])
    with opened(database_url, [{"name": "part", "fields": [code]}]) as host:
        assert read(host) == before


def test_hosts_beside_one_another(database_url: str) -> None:
    """Two apps in one database: what one applies and undoes leaves the other's tables and rows as they were."""
    filled(database_url, prefix="a_")
    other = filled(database_url, prefix="b_")
    with opened(database_url, CASE["after"], prefix="a_") as host:
        host.publish()
        assert read(host) == CASE["rows_after"]
    with opened(database_url, CASE["before"], prefix="b_") as host:
        assert host.plan().empty
        assert read(host) == other
    with opened(database_url, CASE["after"], prefix="a_") as host:
        host.undo()
    with opened(database_url, CASE["before"], prefix="b_") as host:
        assert read(host) == other


def test_nothing_changed(database_url: str) -> None:
    """Publishing again writes nothing; other words in a document are a version of their own."""
    filled(database_url)
    for title, count in (("", 1), ("", 1), ("Deal", 2), ("Deal", 2)):
        named = {"title": title} if title else {}
        with opened(database_url, [{**CASE["before"][0], **named}]) as host:
            host.publish()
            with host.database.engine.connect() as connection:
                assert connection.execute(sa.select(sa.func.count()).select_from(t.applied)).scalar() == count


def test_a_database_from_before_versions_were_kept(database_url: str) -> None:
    """Tables that are there are taken as they are; what is missing is added, and every row stays."""
    before = filled(database_url)
    more = [{**CASE["before"][0], "fields": [*CASE["before"][0]["fields"], {"name": "note", "type": "text"}]}]
    with opened(database_url, more) as host:
        with host.database.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE lc_applied")
        host.publish()
        assert read(host) == {"deal": [{**each, "note": None} for each in before["deal"]]}
        assert host.plan().empty


class Later(Forms):
    """The forms engine of a later release, with other tables of its own."""

    tables = sa.MetaData()


sa.Table(
    "forms_import", Later.tables,
    sa.Column("id", t.Id, primary_key=True, autoincrement=True), sa.Column("form", sa.Text, nullable=False),
    sa.Column("name", sa.Text), sa.Column("rows", sa.Integer, nullable=False), sa.Column("errors", Json),
    sa.Index("forms_import_form", "form"),
)  # fmt: skip


@pytest.mark.requirement("X2")
def test_a_later_release_of_the_library(database_url: str) -> None:
    """Its own tables go through the same comparison: columns come and go, rows stay, and undo leaves them alone."""
    before = filled(database_url)
    with opened(database_url, CASE["before"]) as host, host.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO forms_import (id, form, name, at, created, updated)"
            " VALUES (1, 'deal', 'a.csv', '2026-03-02', '[]', '[]')"
        )
    with Host(_documents("before"), database_url, engines=(Later(),)) as host:
        host.publish()
        with host.database.engine.connect() as connection:
            found = connection.exec_driver_sql("SELECT id, form, name, rows, errors FROM forms_import").all()
            assert [tuple(each) for each in found] == [(1, "deal", "a.csv", 0, None)]
        assert read(host) == before
        with pytest.raises(publishing.CannotUndo):
            host.undo()
    with Host(_documents("after"), database_url, engines=(Later(),)) as host:
        host.publish()
        host.undo()
    with Host(_documents("before"), database_url, engines=(Later(),)) as host:
        assert host.plan().empty
        assert read(host) == before


def _documents(which: str) -> Any:
    from tests.kernel.storage.firm import documents

    return documents(CASE[which])


@pytest.mark.requirement("X15")
def test_history_follows_a_rename(database_url: str) -> None:
    """What a record's history says of fields is said of their names now, also when two exchange theirs."""
    first, second = {"name": "a", "type": "text", "id": "1"}, {"name": "b", "type": "text", "id": "2"}
    with opened(database_url, [{"name": "part", "fields": [first, second]}]) as host:
        host.publish()
        write(host, {"part": [{"a": "x", "b": "y"}]})
    with opened(database_url, [{"name": "part", "fields": [{**first, "name": "b"}, {**second, "name": "a"}]}]) as host:
        host.publish()
        changes = host.ask(APP, "records.history", type="part", id=1)[0]["changes"]
        assert (changes["b"], changes["a"]) == ([None, "x"], [None, "y"])
        host.undo()
    with opened(database_url, [{"name": "part", "fields": [first, second]}]) as host:
        changes = host.ask(APP, "records.history", type="part", id=1)[0]["changes"]
        assert (changes["a"], changes["b"]) == ([None, "x"], [None, "y"])


@pytest.mark.requirement("X15")
def test_history_of_rows_follows_a_rename(database_url: str) -> None:
    """Columns of rows, of rows in them, and these rows themselves; a version from before is restored by the names of
    now; and back again."""

    def form(rows: str, columns: tuple[str, str], inner: str, column: str) -> list[dict[str, Any]]:
        one = {"name": column, "type": "text", "id": "4"}
        deep = {"name": inner, "type": "lines", "id": "3", "fields": [one]}
        own = [{"name": each, "type": "text", "id": str(at)} for at, each in enumerate(columns)]
        return [{"name": "part", "fields": [{"name": rows, "type": "lines", "id": "2", "fields": [*own, deep]}]}]

    first, then = form("items", ("a", "b"), "bits", "x"), form("rows", ("b", "a"), "dots", "y")
    with opened(database_url, first) as host:
        host.publish()
        write(host, {"part": [{"items": [{"a": "1", "b": "2", "bits": [{"x": "3"}]}]}]})
        [row] = host.ask(APP, "records.get", type="part", id=1)["items"]
        bits = [{"id": row["bits"][0]["id"], "x": "5"}, {"x": "6"}]
        values = {"items": [{"id": row["id"], "a": "4", "bits": bits}]}
        host.ask(APP, "records.update", type="part", id=1, values=values)
    with opened(database_url, then) as host:
        host.publish()
        newer, older = (each["changes"]["rows"] for each in host.ask(APP, "records.history", type="part", id=1)[:2])
        [changed] = newer["changed"]
        assert changed["changes"]["b"] == ["1", "4"] and "a" not in changed["changes"]
        assert changed["changes"]["dots"]["changed"][0]["changes"] == {"y": ["3", "5"]}
        assert changed["changes"]["dots"]["added"][0]["y"] == "6"
        assert (older[1][0]["b"], older[1][0]["a"], older[1][0]["dots"][0]["y"]) == ("1", "2", "3")
        host.ask(APP, "records.restore", type="part", id=1, version=1)
        [row] = host.ask(APP, "records.get", type="part", id=1)["rows"]
        assert (row["b"], row["a"], [each["y"] for each in row["dots"]]) == ("1", "2", ["3"])
        host.undo()
    with opened(database_url, first) as host:
        oldest = host.ask(APP, "records.history", type="part", id=1)[-1]["changes"]["items"]
        assert (oldest[1][0]["a"], oldest[1][0]["bits"][0]["x"]) == ("1", "3")


def test_every_version_is_recorded(database_url: str) -> None:
    """What was applied, by whom, which steps, and what was taken back again."""
    filled(database_url)
    with opened(database_url, CASE["after"]) as host:
        host.apply(actor=Actor(7, "ann", "Ann"))
        host.undo()
        with host.database.engine.connect() as connection:
            columns = (t.applied.c.version, t.applied.c.actor, t.applied.c.state, t.applied.c.undoes)
            rows = [tuple(row) for row in connection.execute(sa.select(*columns).order_by(t.applied.c.version))]
            undone = connection.execute(sa.select(t.applied.c.version).where(t.applied.c.undone_at.is_not(None))).all()
            steps = connection.execute(sa.select(t.applied.c.steps).where(t.applied.c.version == 2)).scalar()
        assert rows == [(1, None, "applied", None), (2, 7, "applied", None), (3, None, "applied", 2)]
        assert [tuple(row) for row in undone] == [(2,)]
        assert steps is not None
        renamed = {"before": {"id": "title", "name": "title"}, "after": {"id": "name", "name": "name"}}
        assert {"step": "RenameColumn", "table": {"id": "deal", "name": "deal"}, **renamed} in steps


@pytest.mark.requirement("X15")
def test_a_long_history_follows_a_rename(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the version is in use already; what breaks off is finished by the next apply. Where another field takes the
    old name, the history is written with the swap."""
    old, new = {"name": "a", "type": "text", "id": "1"}, {"name": "b", "type": "text", "id": "1"}
    with opened(database_url, [{"name": "part", "fields": [old]}]) as host:
        host.publish()
        write(host, {"part": [{"a": "x"}, {"a": "y"}]})

    def broken(*_: Any) -> None:
        raise KeyboardInterrupt

    def told(host: Host) -> list[dict[str, Any]]:
        return [host.ask(APP, "records.history", type="part", id=each)[-1]["changes"] for each in (1, 2)]

    with opened(database_url, [{"name": "part", "fields": [new]}]) as host:
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(online, "rename_online", broken)
            publishing.apply(host, publishing.plan(host, large=LARGE))
        with host.database.engine.connect() as connection:
            kept = connection.execute(sa.select(host.types["part"].history.c.changes)).scalars().all()
        assert [{"a": [None, "x"]}, {"a": [None, "y"]}] == kept
        assert [{"b": [None, "x"]}, {"b": [None, "y"]}] == told(host)
        assert "x" == host.ask(APP, "records.get", type="part", id=1)["b"]
        host.publish()
        assert [{"b": [None, "x"]}, {"b": [None, "y"]}] == told(host)
        assert host.plan().empty
    again = [{"name": "part", "fields": [{**new, "name": "c"}, {"name": "b", "type": "text", "id": "2"}]}]
    with opened(database_url, again) as host:
        publishing.apply(host, publishing.plan(host, large=LARGE))
        with host.database.engine.connect() as connection:
            assert {"applied"} == set(connection.execute(sa.select(t.applied.c.state)).scalars())
        assert [{"c": [None, "x"]}, {"c": [None, "y"]}] == told(host)


@pytest.mark.requirement("X15")
def test_an_older_version_writes_nothing(database_url: str) -> None:
    """Into tables that another process has changed: SQLite would take a text into a column of numbers, PostgreSQL
    refuses it in words of its own. Who tries again is answered by the new version."""
    with opened(database_url, [{"name": "part", "fields": [{"name": "price", "type": "text"}]}]) as older:
        older.publish()
        write(older, {"part": [{"price": "5"}]})
        with opened(database_url, [{"name": "part", "fields": [{"name": "price", "type": "money"}]}]) as newer:
            newer.publish()
            with pytest.raises(Unavailable, match="try again"):
                older.ask(APP, "records.update", type="part", id=1, values={"price": "7"})
            running.follow(older, at_once=True)
            older.ask(APP, "records.update", type="part", id=1, values={"price": "8"})
            assert "8.00" == f"{newer.ask(APP, 'records.get', type='part', id=1)['price']:f}"


@pytest.mark.requirement("X15")
def test_a_record_is_touched_while_an_undo_converts(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A value that did not convert comes back as it was, also of a record somebody works on meanwhile; one that was
    taken away meanwhile stays away."""

    def form(kind: str) -> list[dict[str, Any]]:
        return [{"name": "deal", "fields": [{"name": "amount", "type": kind}, {"name": "note", "type": "text"}]}]

    with opened(database_url, form("text")) as host:
        host.publish()
        write(host, {"deal": [{"amount": "about 500"}, {"amount": "5"}, {"amount": "6"}]})
    with opened(database_url, form("money")) as host:
        publishing.apply(host, publishing.plan(host, large=LARGE), ["*"])
        convert = online.convert_online

        def and_touch(*given: Any) -> None:
            convert(*given)
            for identity, values in ((1, {"note": "touched"}), (2, {"amount": "7"}), (3, {"amount": None})):
                host.ask(APP, "records.update", type="deal", id=identity, values=values)

        monkeypatch.setattr(online, "convert_online", and_touch)
        publishing.apply(host, publishing.plan_undo(host, LARGE)[0], ["*"])
    with opened(database_url, form("text")) as host:
        found = [(each["amount"], each["note"]) for each in read(host)["deal"]]
        assert [("about 500", "touched"), ("7.00", None), (None, None)] == found


def test_a_new_app_is_a_few_messages(postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its hundred tables are looked for once and made in one message: each more is a way to the server and back."""
    sent: list[str] = []
    execute = psycopg.Connection.execute

    def counted(connection: Any, query: Any, *rest: Any, **options: Any) -> Any:
        sent.append(str(query))
        return execute(connection, query, *rest, **options)

    monkeypatch.setattr(psycopg.Connection, "execute", counted)
    with opened(postgresql_url, CASE["before"]) as host:
        host.publish()
        assert len(sa.inspect(host.database.engine).get_table_names()) > 40
    assert len(sent) < 45, "\n".join(each[:100] for each in sent)
