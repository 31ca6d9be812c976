"""Logs are trimmed by night: what is old goes, in pieces, and nothing else does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.engines import built_in
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.events import trimming
from lowcode.kernel.identity import APP, Actor
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.trimmed import Trimmed, logs_of

MORNING = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PAGE = Path("docs/retention.md")
METADATA = (t.metadata, *(each.tables for each in built_in() if each.tables is not None))
LOGS = logs_of(METADATA)


@pytest.fixture
def host(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """An empty app that keeps runs of rules for ten days and notes of readers for ever; pieces are of two rows."""
    monkeypatch.setattr(trimming, "PIECE", 2)
    app = {"app.json": json.dumps(
        {"name": "small", "title": "Small", "zone": "UTC", "keep_days": {"rule_runs": 10, "delivery_reads": None}}
    )}  # fmt: skip
    with Host(app, database_url, clock=FrozenClock(MORNING)) as host:
        host.publish()
        yield host


def row(table: sa.Table, number: int, log: Trimmed, at: datetime, state: str | None) -> dict[str, Any]:
    """A row of a table: something of each column's type, of an instant."""
    made: dict[str, Any] = {}
    for column in table.columns:
        if column.name == "id" or (column.nullable and column.name != "key"):
            continue
        match column.type:
            case sa.Text() | sa.String():
                made[column.name] = f"{column.name}-{number}"
            case sa.LargeBinary():
                made[column.name] = b""
            case sa.Boolean():
                made[column.name] = False
            case sa.Integer() | sa.BigInteger():
                made[column.name] = number
            case _:
                made[column.name] = at if type(column.type).__name__ == "Instant" else {}
    return made | {log.at: at} | ({log.only[0]: state} if log.only is not None and state is not None else {})


def filled(host: Host, now: datetime) -> dict[str, list[datetime]]:
    """Five old rows of each log, an old one that has to stay, and young ones; the instants that have to be left."""
    left: dict[str, list[datetime]] = {}
    with host.database.transaction() as unit:
        for name, (log, table) in LOGS.items():
            days = {"rule_runs": 10, "delivery_reads": 36_000}.get(name, log.days)
            edge = now - timedelta(days=min(days, 20_000))
            old = [(edge - timedelta(seconds=1 + each), each) for each in range(5)]
            young = [(edge + timedelta(days=1, seconds=each), 10 + each) for each in range(3)]
            stays = [(edge - timedelta(hours=1), 20)] if log.only is not None else []
            for at, number in (*old, *stays, *young):
                state = (
                    None if log.only is None else "waiting" if number == 20 else log.only[1][number % len(log.only[1])]
                )
                unit.insert(table, **row(table, number, log, at, state))
            kept = [*stays, *young, *(old if name == "delivery_reads" else ())]
            left[name] = sorted(at for at, _ in kept)
    return left


@pytest.mark.requirement("A7", "SP17")
def test_each_log_is_trimmed_by_night_and_nothing_else(host: Host) -> None:
    """All logs there are: what is older than its days goes, whatever waits and whatever is younger stays."""
    night = MORNING + timedelta(days=1)
    host.tick()
    expected = filled(host, night)
    host.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    host.settle()
    with host.database.reading() as unit:
        for name, (log, table) in LOGS.items():
            if name in ("events", "jobs"):  # the work itself adds to them
                continue
            found = sorted(each["at"] for each in unit.fetch(sa.select(table.c[log.at].label("at"))))
            assert expected[name] == found, name
        jobs = unit.fetch(sa.select(t.job.c.name, t.job.c.state).where(t.job.c.name.like("name-%")))
        assert [] == [each for each in jobs if each["state"] == "dead" and each["name"] < "name-1"]
        trims = unit.fetch(sa.select(t.job.c.body, t.job.c.state).where(t.job.c.name == "logs.trim"))
    assert {"done"} == {each["state"] for each in trims}
    assert 3 == sum(each["body"]["log"] == "rule_runs" for each in trims), "five rows in pieces of two"


def test_a_night_in_which_nothing_is_old_costs_no_job(host: Host) -> None:
    """Logs are looked at, and left alone."""
    host.tick()
    host.clock.advance(timedelta(days=1))  # type: ignore[attr-defined]
    host.settle()
    with host.database.reading() as unit:
        assert [] == unit.fetch(sa.select(t.job.c.id).where(t.job.c.name == "logs.trim"))


def test_an_event_stays_until_its_work_is_in_the_queue(host: Host) -> None:
    """However old it is: nobody may have looked for work meanwhile."""
    with host.session(APP) as context:
        context.tell("something.happened", work=(("logs.trim", {"log": "sessions"}),))
        context.tell("something.happened")
    host.clock.advance(timedelta(days=40))  # type: ignore[attr-defined]
    assert 1 == host.ask(APP, "logs.trim", log="events")
    with host.database.reading() as unit:
        (left,) = unit.fetch(sa.select(t.event.c.work))
    assert left == {"work": [["logs.trim", {"log": "sessions"}]]}
    host.settle()
    assert 1 == host.ask(APP, "logs.trim", log="events")


def test_an_administrator_sees_how_long_logs_are_kept(host: Host) -> None:
    """With what the app says, and how far each goes back."""
    filled(host, MORNING)
    items = {each["log"]: each for each in host.ask(APP, "logs.kept")["items"]}
    assert (10, None, 30) == tuple(items[name]["days"] for name in ("rule_runs", "delivery_reads", "events"))
    assert MORNING - timedelta(days=10, seconds=5) == items["rule_runs"]["oldest"]
    with pytest.raises(Exception, match="may not"):
        host.ask(Actor(id=1), "logs.kept")


def test_the_page_says_of_every_table_what_becomes_of_it() -> None:
    """`docs/retention.md` names each table of the kernel and of the engines once; of logs by their name and days."""
    lines = re.findall(r"^\| `(\w+)` \|(.*)\|$", PAGE.read_text("utf-8"), re.MULTILINE)
    named = [name for name, _ in lines]
    assert sorted(named) == sorted(table.name for each in METADATA for table in each.sorted_tables)
    said = dict(lines)
    assert {} == {
        table.name: (log.name, log.days) for log, table in LOGS.values()
        if f"`{log.name}`" not in said[table.name] or f" {log.days} " not in said[table.name]
    }  # fmt: skip
    assert [] == [name for name, words in lines if len(words.strip()) < 6]
