"""Wrong first data: every row that cannot be written is told with its file and line, all of them at once."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import DefinitionError
from lowcode.kernel.identity import APP
from lowcode.seeding import seed
from tests.definitions.test_wrong import GOOD

CASES: dict[str, tuple[str, Any, tuple[str, str, str]]] = {
    "a file of no form": (
        "seed/10_acount.json",
        [{"company": "Acme"}],
        ("", "seed.unknown-form", "Did you mean 'account'?"),
    ),
    "a key no row has": (
        "seed/20_quote.json",
        [{"account": "@acme"}],
        ("/0/account", "seed.unknown-key", "There is none yet."),
    ),
    "an owner nobody knows": (
        "seed/10_account.json",
        [{"company": "Acme", "owner": "anne"}],
        ("/0/owner", "seed.unknown-person", "Did you mean 'ann'?"),
    ),
    "a row the form refuses": (
        "seed/10_account.json",
        [{"company": "Acme", "grade": "z"}],
        ("/0/grade", "seed.refused", "Correct the row, or what the form asks of it."),
    ),
    "a time no clock shows": (
        "seed/10_account.json",
        [{"company": "Acme", "@at": {"days": -1, "time": "25:00"}}],
        ("/0/@at/time", "seed.bad-time", 'Write hours and minutes, for instance {"days": 3, "time": "14:30"}.'),
    ),
    "a deed at a time no clock shows": (
        "seed/deeds.json",
        [{"by": "ann", "at": {"days": -1, "time": "noon"}, "ask": "records.list", "with": {"type": "account"}}],
        ("/0/at/time", "seed.bad-time", 'Write hours and minutes, for instance {"days": 3, "time": "14:30"}.'),
    ),
    "a deed of nobody": (
        "seed/deeds.json",
        [{"by": "anne", "ask": "records.create"}],
        ("/0/by", "seed.unknown-person", "Did you mean 'ann'?"),
    ),
    "a deed with a part too many": (
        "seed/deeds.json",
        [{"by": "ann", "ask": "records.list", "wiht": {}}],
        ("/0/wiht", "seed.unknown-part", "Did you mean 'with'?"),
    ),
    "a deed about what no deed made": (
        "seed/deeds.json",
        [{"by": "ann", "ask": "records.get", "with": {"type": "account", "id": "@acme"}}],
        ("/0/with/id", "seed.unknown-key", "Known: @ann."),
    ),
    "a deed that is refused": (
        "seed/deeds.json",
        [{"by": "ann", "ask": "records.create", "with": {"type": "account", "values": {"company": "A", "grade": "z"}}}],
        ("/0/with/grade", "seed.deed-refused", "Let somebody do it who may, or correct what is asked."),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_wrong_row_is_explained(case: tuple[str, Any, tuple[str, str, str]]) -> None:
    """A row that cannot be written has a message with its place and a cure."""
    path, rows, expected = case
    with Host({**GOOD, path: json.dumps(rows)}) as host:
        host.publish()
        with pytest.raises(DefinitionError) as refused:
            seed(host)
    found = [
        (each.place.document, each.place.pointer, each.code, each.hint)
        for each in refused.value.report
        if each.place.line
    ]
    assert found == [(path, *expected)]


def test_rows_are_made_by_their_owner_whatever_their_role() -> None:
    """First data tells who did what, and what was long ago is not judged by the roles of today."""
    form = {
        "name": "job",
        "fields": [
            {
                "name": "stage",
                "type": "state",
                "states": [{"name": "new"}, {"name": "done"}],
                "transitions": [{"from": "new", "to": "done", "roles": ["boss"]}],
            }
        ],
        "permissions": [{"role": "boss", "can": ["create", "read", "edit"]}],
    }
    rows = [
        {"owner": "ann", "stage": "done"},
        {"owner": "ann", "@by": "bob", "@stages": [{"state": "new", "at": {"days": -2}}], "stage": "done"},
        {"stage": "new"},
    ]
    people = {"users": [{"login": "ann", "name": "Ann"}, {"login": "bob", "name": "Bob"}]}
    documents = {
        "app.json": {"name": "a", "roles": [{"name": "boss"}]},
        "forms/job.json": form,
        "seed/people.json": people,
        "seed/10_job.json": rows,
    }
    with Host(documents) as host:
        host.publish()
        assert 3 == seed(host, passwords=False)
        names = {user.id: user.login for user in host.directory().users.values()}
        found = host.ask(APP, "records.list", type="job", fields=("created_by", "stage"), sort=("id",))["items"]
    assert [("ann", "done"), ("bob", "done"), (None, "new")] == [
        (names.get(each["created_by"]), each["stage"]) for each in found
    ]


DESK: dict[str, Any] = {
    "app.json": {"name": "a", "zone": "Asia/Shanghai", "roles": [{"name": "boss"}, {"name": "staff"}]},
    "forms/job.json": {
        "name": "job",
        "label": "name",
        "fields": [
            {"name": "name", "type": "text"},
            {"name": "due_on", "type": "date"},
            {
                "name": "stage",
                "type": "state",
                "states": [{"name": "new"}, {"name": "asked"}, {"name": "done"}],
                "transitions": [{"from": "new", "to": "asked"}, {"from": "asked", "to": "done", "roles": ["boss"]}],
            },
        ],
        "permissions": [{"role": "staff", "can": ["create", "read", "edit"]}],
    },
    "flows/asking.json": {
        "name": "asking",
        "form": "job",
        "start": {"on": "transition", "field": "stage", "to": "asked"},
        "runs_as": "app",
        "nodes": [
            {"id": "start", "type": "start", "to": "boss"},
            {
                "id": "boss",
                "type": "approve",
                "title": "Boss",
                "approvers": [{"role": "boss"}],
                "approved": "mark",
                "rejected": "end",
            },
            {"id": "mark", "type": "set", "values": {"stage": '"done"'}, "to": "end"},
            {"id": "end", "type": "end"},
        ],
    },
    "seed/people.json": {
        "users": [
            {"login": "ann", "name": "Ann", "roles": ["staff"]},
            {"login": "bob.b", "name": "Bob", "roles": ["staff", "boss"]},
        ]
    },
    "seed/10_job.json": [{"@key": "first", "name": "first", "owner": "ann"}],
}


def asked(job: str, hours: float) -> dict[str, Any]:
    values = {"stage": "asked", "due_on": {"days": 1}}
    given = {"type": "job", "id": job, "values": values}
    return {"by": "ann", "at": {"hours": -hours}, "ask": "records.update", "with": given}


def test_an_appointment_is_at_its_time_whenever_the_app_is_opened() -> None:
    """In the zone of the app, on the day there: at half past midnight in Shanghai it is yesterday in London."""
    form = {"name": "visit", "fields": [{"name": "at", "type": "datetime"}, {"name": "on", "type": "date"}]}
    row = {"at": {"days": 3, "time": "14:30"}, "on": {"days": 3, "time": "14:30"}, "@at": {"days": -2, "time": "8:05"}}
    documents = {**DESK, "forms/visit.json": form, "seed/10_visit.json": [row]}
    with Host(documents, clock=FrozenClock(datetime(2026, 3, 1, 16, 30, tzinfo=UTC))) as host:
        host.publish()
        seed(host, forms=["visit"], passwords=False)
        found = host.ask(APP, "records.list", type="visit", fields=("at", "on", "created_at"))["items"][0]
    assert datetime(2026, 3, 5, 6, 30, tzinfo=UTC) == found["at"]
    assert date(2026, 3, 5) == found["on"]
    assert datetime(2026, 2, 28, 0, 5, tzinfo=UTC) == found["created_at"]


def test_people_go_on_with_the_first_rows() -> None:
    """What they ask is asked by their rights, at its time, and what follows has followed: one task is decided, one
    waits, and the clock of the host is as it was."""
    second = {"type": "job", "values": {"name": "b"}}
    made = {"by": "ann", "at": {"hours": -29}, "ask": "records.create", "with": second, "key": "other"}
    deeds = [
        asked("@first", 30),
        made,
        {"by": "bob.b", "at": {"hours": -20}, "ask": "flows.list_tasks", "key": "mine"},
        {
            "by": "bob.b",
            "at": {"hours": -20},
            "ask": "flows.decide",
            "with": {"task": "@mine.items.0.id", "decision": "approve"},
        },
        {
            "by": "ann",
            "at": {"hours": -19},
            "ask": "forms.comment",
            "with": {"form": "job", "id": "@other", "text": "@Bob asks", "mentions": ["@bob.b"]},
        },
        asked("@other", 2),
    ]
    clock = FrozenClock(datetime(2026, 3, 4, 4, tzinfo=UTC))
    with Host({**DESK, "seed/deeds.json": deeds}, clock=clock) as host:
        host.publish()
        assert 1 == seed(host, passwords=False)
        assert host.clock is clock
        bob = host.actor("bob.b")
        jobs = host.ask(bob, "records.list", type="job", fields=("stage", "due_on"), sort=("id",))["items"]
        tasks = host.ask(bob, "flows.list_tasks")["items"]
        others = host.ask(bob, "flows.list_tasks", state="done")["items"]
    assert [("done", date(2026, 3, 5)), ("asked", date(2026, 3, 5))] == [
        (each["stage"], each["due_on"]) for each in jobs
    ]
    assert [(2, clock.now() - timedelta(hours=2))] == [(each["record"]["id"], each["created_at"]) for each in tasks]
    assert [(1, clock.now() - timedelta(hours=20))] == [(each["record"]["id"], each["decided_at"]) for each in others]


def test_deeds_are_left_out_where_few_rows_are_wanted() -> None:
    """A test that wants some forms only has none of what was done with the others."""
    with Host({**DESK, "seed/deeds.json": [asked("@first", 1)]}) as host:
        host.publish()
        seed(host, forms=["job"], passwords=False)
        assert [] == host.ask(host.actor("bob.b"), "flows.list_tasks")["items"]
