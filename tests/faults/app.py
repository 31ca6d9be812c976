"""An app in which all that happens leaves a trace that can be counted: records, history, events, jobs, effects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel

from lowcode.engines import built_in
from lowcode.host import Host
from lowcode.kernel.clock import Clock
from lowcode.kernel.contract import Context, Event, Handler, Operation, Parameters, Stage, Timer
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.tables import Id
from tests.flows.app import approval, document, documents, settle_people

ENTRY = {
    "name": "entry",
    "title": "Entry",
    "label": "text",
    "fields": [
        {"name": "text", "type": "text"},
        {"name": "note", "type": "long_text"},
        {"name": "number", "type": "serial", "pattern": "N{000000}"},
        {"name": "lines", "type": "lines", "fields": [{"name": "part", "type": "text"}]},
    ],
    "permissions": [{"role": "sales", "can": ["create", "read", "edit", "delete", "import"]}],
}
PIECE = {
    "name": "piece", "title": "Piece",
    "fields": [{"name": "text", "type": "text"}, {"name": "of", "type": "link", "to": "entry"}],
    "permissions": [{"role": "sales", "can": ["read"]}],
}  # fmt: skip
MARK = {
    "name": "mark", "form": "entry", "on": {"becomes": 'text = "go"'},
    "actions": [{"update": {"form": "piece", "where": "created_at is not blank", "values": {"text": "text"}}}],
}  # fmt: skip
"""Writes to every piece, in a batch when there are many."""
YEARLY = document(
    "yearly",
    nodes=[
        {"id": "start", "type": "start", "to": "mark"},
        {"id": "mark", "type": "set", "values": {"note": 'COALESCE(note, "") & "I"'}, "to": "end"},
        {"id": "end", "type": "end"},
    ],
    start={"on": "schedule", "schedule": {"cron": "0 9 1 2 *"}, "when": 'number = "due"'},
    withdraw={},
)
"""The clock begins it, once a year."""
PAID = document(
    "paid",
    nodes=[
        {"id": "start", "type": "start", "to": "one"},
        {"id": "one", "type": "task", "assignees": [{"user": "li"}], "to": "wait"},
        {"id": "wait", "type": "wait", "events": [{"message": "paid", "roles": ["finance"], "to": "mark"}]},
        {"id": "mark", "type": "set", "values": {"note": 'COALESCE(note, "") & "I"'}, "to": "end"},
        {"id": "end", "type": "end", "outcome": "approved"},
    ],
    start={"on": "manual"},
    messages=[{"name": "paid", "keep": {"days": 1}}],
    withdraw={},
)
"""Waits for a message, and keeps one that comes before."""
COUNTERSIGN = document(nodes=approval({"user": "fang"}, {"user": "feng"}, mode="all"))
FORMER = document(nodes=[
    {**each, **({"id": "looked"} if each["id"] == "ask" else {"to": "looked"} if each["id"] == "start" else {})}
    for each in approval({"user": "fang"})
])  # fmt: skip
"""The version before it: one person, in a step of another name."""

metadata = sa.MetaData()
effect = sa.Table(
    "ledger_effect",
    metadata,
    sa.Column("id", Id, primary_key=True, autoincrement=True),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("about", sa.BigInteger, nullable=False),
)
"""One row per effect, and nothing that would keep a second one out."""


class Put(Parameters):
    """An effect to be written."""

    what: str
    about: int


def put(context: Context, params: Put) -> None:
    """Write an effect."""
    context.unit.insert(effect, what=params.what, about=params.about)


class Ledger:
    """An engine that listens to every new entry and every timer, and counts."""

    name = "ledger"
    tables: sa.MetaData | None = metadata
    documents: Mapping[str, type[BaseModel]] = {}

    def __init__(self, timers: Iterable[Timer] = ()) -> None:
        self.timers = tuple(timers)

    def declare(self, documents: Any, scope: Any, report: Any) -> None: ...

    def compile(self, documents: Any, scope: Any, report: Any) -> None: ...

    def operations(self) -> Iterable[Operation]:
        return (Operation("ledger.put", put, Put, "internal"),)

    def stages(self) -> Iterable[Stage]:
        return ()

    def handlers(self, plan: Any) -> Iterable[Handler | Timer]:
        return (Handler("ledger.heard", "record.created", heard, frozenset({"entry"})), *self.timers)


def heard(context: Context, event: Event) -> None:
    """An entry was made: write it down, and have it written down again after the commit, once."""
    assert event.record_id is not None
    context.unit.insert(effect, what="heard", about=event.record_id)
    for _ in range(2):
        context.later("ledger.put", key=f"ledger.put:{event.record_id}", what="put", about=event.record_id)


def every_hour(context: Context, since: Any, until: Any) -> None:
    """A timer that counts its windows."""
    context.unit.insert(effect, what="hour", about=int(until.timestamp()))


HOURLY = Timer("ledger.hourly", every_hour, cron="0 * * * *", catch_up="all")


def opened(
    url: str, clock: Clock | None = None, timers: Iterable[Timer] = (), countersign: Mapping[str, Any] = COUNTERSIGN
) -> Host:
    """The app on a database; tables and people are made when there are none."""
    host = Host(
        {
            **documents(countersign, YEARLY, PAID), "forms/entry.json": ENTRY, "forms/piece.json": PIECE,
            "rules/mark.json": MARK,
        },
        url, clock=clock, engines=(*built_in(), Ledger(timers)),
    )  # fmt: skip
    host.publish()
    if not host.directory().users:
        with host.session(APP) as context:
            settle_people(context)
        host.forget_directory()
    return host


def rows(host: Host, statement: sa.Select[Any]) -> list[dict[str, Any]]:
    """What is really in the database."""
    with host.database.reading() as unit:
        return unit.fetch(statement)


def effects(host: Host) -> dict[tuple[str, int], int]:
    """How often each effect was written."""
    found: dict[tuple[str, int], int] = {}
    for row in rows(host, sa.select(effect)):
        found[row["what"], row["about"]] = found.get((row["what"], row["about"]), 0) + 1
    return found


def assert_whole(host: Host) -> dict[int, str]:
    """Record, lines, history, event and job agree, whatever was going on; the texts of the entries by id."""
    entry = host.types["entry"]
    assert entry.fields["lines"].rows is not None
    entries = {row["id"]: row for row in rows(host, sa.select(entry.table))}
    versions: dict[int, list[int]] = {}
    for row in rows(host, sa.select(entry.history)):
        versions.setdefault(row["record_id"], []).append(row["version"])
    assert {identity: list(range(1, row["version"] + 1)) for identity, row in entries.items()} == {
        identity: sorted(found) for identity, found in versions.items()
    }
    lines: dict[int, int] = {}
    for row in rows(host, sa.select(entry.fields["lines"].rows.table)):
        lines[row["parent"]] = lines.get(row["parent"], 0) + 1
    assert dict.fromkeys(entries, 1) == lines
    told = [row for row in rows(host, sa.select(t.event)) if row["record_type"] == "entry"]
    assert sorted(entries) == sorted(row["record_id"] for row in told if row["name"] == "record.created")
    jobs = [row for row in rows(host, sa.select(t.job)) if row["name"] == "ledger.heard"]
    assert sorted(entries) == sorted(row["body"]["record_id"] for row in jobs)
    numbers = sorted(row["number"] for row in entries.values())
    assert len(set(numbers)) == len(numbers), "a serial number was given twice"
    return {identity: row["text"] for identity, row in entries.items()}


def assert_all_done(host: Host) -> None:
    """Every job is done, and each effect was written exactly once."""
    waiting = [row for row in rows(host, sa.select(t.job)) if row["state"] != "done"]
    assert [] == [(row["name"], row["state"], row["error"]) for row in waiting]
    entries = [row["id"] for row in rows(host, sa.select(host.types["entry"].table.c.id))]
    expected = {(what, identity): 1 for identity in entries for what in ("heard", "put")}
    assert expected == {key: count for key, count in effects(host).items() if key[0] != "hour"}


LONGER_THAN_A_LEASE = timedelta(minutes=6)
