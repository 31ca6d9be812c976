"""SQLite's planner is told how much there is: a list of a team's records comes in the order of an index."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import database, prepared, statistics
from lowcode.kernel.storage import tables as t

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FORM = {
    "name": "note",
    "fields": [
        {"name": "text", "type": "text"},
        {"name": "kind", "type": "text", "index": True},
        {"name": "size", "type": "integer"},
    ],
    "permissions": [{"role": "sales", "can": ["read"], "where": "owner in TEAM()"}],
}
NUMBERS = itertools.count()
APP_JSON = {"name": "small", "zone": "UTC", "roles": [{"name": "sales"}]}


@pytest.fixture
def host(database_url: str) -> Iterator[Host]:
    documents = {"app.json": json.dumps(APP_JSON), "forms/note.json": json.dumps(FORM)}
    with Host(documents, database_url, clock=FrozenClock(MORNING)) as host:
        host.publish()
        with host.session() as context:
            context.ask("identity.save_person", login="ada", name="Ada", roles=["sales"])
        yield host


def add(host: Host, rows: int, kind: str = "closed") -> None:
    """Notes, all of one owner and of one kind."""
    table, owner = host.types["note"].table, host.directory().by_login["ada"].id
    with host.session() as context:
        ids = context.unit.new_ids(table, rows)
        at = context.now()
        context.unit.insert_many(table, [
            {"id": each, "version": 1, "created_at": at + timedelta(seconds=number), "created_by": owner,
             "updated_at": at, "updated_by": owner, "owner": owner, "deleted_at": None,
             "text": "x", "kind": kind, "size": number}
            for number, each in enumerate(ids)
        ])  # fmt: skip


def later(host: Host, minutes: int = 6) -> None:
    """Some minutes go by."""
    clock: Any = host.clock
    host.tick()
    clock.advance(timedelta(minutes=minutes))
    host.tick()
    host.settle()


def looked(host: Host) -> dict[str, int]:
    """Which tables of records were looked through, up to which row."""
    with host.database.reading() as unit:
        return {row["name"]: row["reached"] for row in unit.fetch(sa.select(t.analysed))}


def plan(host: Host, **asked: Any) -> str:
    """How a page of the notes of somebody's team is found by the connection that a thread has."""
    seen: list[tuple[str, Any]] = []
    with host.database.reading() as unit:
        unit_rows = type(unit).rows

        def noted(self: Any, prepared: Any, parameters: Any) -> Any:
            seen.append((prepared.text, parameters))
            return unit_rows(self, prepared, parameters)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(type(unit), "rows", noted)
            host.context(unit, host.actor("ada")).ask("records.list", type="note", **asked)
        text, parameters = next(each for each in seen if "ORDER BY" in each[0])
        connection: Any = unit.connection  # type: ignore[attr-defined]
        anew = f"EXPLAIN QUERY PLAN {text} -- {next(NUMBERS)}"  # the driver keeps a plan by the text that asked for it
        return str(connection.execute(anew, parameters).fetchall())


def test_tables_that_grow_are_looked_through(host: Host, database_url: str) -> None:
    """A table of some size once it has grown by half, and no other; PostgreSQL does it by itself."""
    if not database_url.startswith("sqlite"):
        add(host, 1500)
        later(host)
        assert looked(host) == {}
        return
    add(host, 900)
    later(host)
    assert looked(host) == {}, "few rows are read at once, whatever the plan"
    add(host, 900)
    later(host)
    first = looked(host)
    assert first.keys() == {"note"} and first["note"] >= 1800
    add(host, 500)
    later(host)
    assert looked(host) == first, "less than half as many more"
    add(host, 2000)
    later(host)
    last = looked(host)
    assert last["note"] > first["note"]
    with host.session() as context:
        context.unit.command("DELETE FROM sqlite_stat1")
    with host.database.reading() as unit:
        assert statistics.outdated(unit, host.app.metadata.tables) == ["note"], "as after a restore"


def test_looking_again_writes_no_statement_anew(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every few minutes all tables are asked how far they are: in a statement that is made once for an app."""
    for _ in range(2):  # by then each timer has asked what it asks
        later(host)
    made: list[str] = []

    def noted(statement: Any, dialect: Any) -> prepared.Prepared:
        made.append(str(statement))
        return prepared.Prepared(statement, dialect)

    monkeypatch.setattr(database, "Prepared", noted)
    later(host)
    assert made == []


def test_a_list_goes_by_the_order_that_is_asked_for(tmp_path: Path) -> None:
    """Not by the index of the owner, whose records would all be read and sorted; connections that were open learn of
    it, those of another process as well."""
    url = f"sqlite:///{tmp_path / 'notes.sqlite3'}"
    documents = {"app.json": json.dumps(APP_JSON), "forms/note.json": json.dumps(FORM)}
    clock = FrozenClock(MORNING)
    with Host(documents, url, clock=clock) as host, Host(documents, url, clock=clock) as other:
        host.publish()
        with host.session(APP) as context:
            context.ask("identity.save_person", login="ada", name="Ada", roles=["sales"])
        host.forget_directory()
        add(host, 3000)
        assert all("note__owner" in plan(each) for each in (host, other))
        later(host)
        for each in (host, other):
            found = plan(each)
            assert "note__created" in found and "TEMP B-TREE" not in found


def test_the_few_that_are_open_are_found_among_the_many_that_are_closed(tmp_path: Path) -> None:
    """By the index of their kind, although nearly all records are of one: an average says nothing of a choice."""
    url = f"sqlite:///{tmp_path / 'notes.sqlite3'}"
    documents = {"app.json": json.dumps(APP_JSON), "forms/note.json": json.dumps(FORM)}
    with Host(documents, url, clock=FrozenClock(MORNING)) as host:
        host.publish()
        with host.session(APP) as context:
            context.ask("identity.save_person", login="ada", name="Ada", roles=["sales"])
        host.forget_directory()
        add(host, 3000)
        add(host, 5, "open")
        later(host)
        assert "note__kind" in plan(host, where='kind = "open"')
        assert "note__created" in plan(host)


def test_what_was_looked_through_is_left_alone(host: Host, database_url: str) -> None:
    """However often it is asked: tables without anything to say of them, too."""
    add(host, 1500)
    later(host)
    with host.database.reading() as unit:
        before = unit.fetch(sa.select(t.analysed))
    later(host)
    later(host)
    with host.database.reading() as unit:
        assert unit.fetch(sa.select(t.analysed)) == before


def test_an_index_that_is_new_is_looked_through(tmp_path: Path) -> None:
    """A field that gets an index on a table that is full."""
    url = f"sqlite:///{tmp_path / 'notes.sqlite3'}"
    documents = {"app.json": json.dumps(APP_JSON), "forms/note.json": json.dumps(FORM)}
    clock = FrozenClock(MORNING)
    with Host(documents, url, clock=clock) as host:
        host.publish()
        with host.session(APP) as context:
            context.ask("identity.save_person", login="ada", name="Ada", roles=["sales"])
        host.forget_directory()
        add(host, 2000)
        later(host)
        first = looked(host)
    wider = {**FORM, "fields": [*FORM["fields"][:2], {"name": "size", "type": "integer", "index": True}]}
    with Host({**documents, "forms/note.json": json.dumps(wider)}, url, clock=clock) as host:
        host.publish()
        later(host)
        assert looked(host) == first
        with host.database.reading() as unit:
            known = unit.fetch(sa.select(sa.column("idx")).select_from(sa.table("sqlite_stat1")))
    assert "note__size" in {row["idx"] for row in known}
