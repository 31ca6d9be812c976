"""Rules that time sets off: inactivity, dates, schedules, ladders; with a clock that is advanced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lowcode.kernel.identity import APP
from lowcode.rules import stages, ticking
from tests.rules.apps import START, rule, trial

SINCE = "COALESCE(touched_at, assigned_at)"


def note(text: str) -> dict[str, object]:
    """An action that leaves a trace on the record."""
    return {"set": {"note": f'COALESCE(note, "") & "{text}"'}}


@pytest.mark.requirement("R6")
@pytest.mark.requirement("SR03")
def test_inactivity_fires_once_and_begins_anew_after_activity(database_url: str) -> None:
    """The mark is the instant of the record plus the span; a new activity is a new occasion."""
    found = rule("silent", {"inactive": {"since": SINCE, "for": {"hours": 24}}}, note("w"), when="owner is not blank")
    with trial(database_url, found) as app:
        lead = app.create(assigned_at=START)
        ownerless = app.create(assigned_at=START, owner=None)
        app.advance(hours=23, minutes=59)
        assert app.get(lead)["note"] is None
        app.advance(minutes=2)
        app.advance(hours=30)
        assert (app.get(lead)["note"], app.get(ownerless)["note"]) == ("w", None)
        app.update(lead, touched_at=app.clock.now())
        app.advance(hours=25)
        assert app.get(lead)["note"] == "ww"


@pytest.mark.requirement("R24")
@pytest.mark.requirement("SR04")
@pytest.mark.requirement("SR06")
def test_a_ladder_warns_then_escalates_then_returns_to_the_pool(database_url: str) -> None:
    """Warning, supervisor, pool; a follow-up on the way ends the climb."""
    steps = [
        {"after": {"hours": 24}, "actions": [{"notify": {"to": ["owner"], "title": "warn {{ company }}"}}]},
        {
            "after": {"hours": 48},
            "actions": [{"notify": {"to": [{"manager_of": "owner"}], "title": "tell {{ company }}"}}],
        },
        {"after": {"days": 7}, "actions": [{"return_to_pool": {"keep": "former_owner", "reason": "7 days"}}]},
    ]
    found = rule("ladder", {"inactive": {"since": SINCE}}, steps=steps, when="owner is not blank")
    with trial(database_url, found) as app:
        idle, busy = app.create(company="idle", assigned_at=START), app.create(company="busy", assigned_at=START)
        app.advance(hours=25)
        assert app.notices("ann") == ["warn idle", "warn busy"]
        app.update(busy, touched_at=app.clock.now())
        app.advance(hours=24)
        assert app.notices("boss") == ["tell idle"]
        app.advance(days=5)
        kept = app.get(idle)
        assert (kept["owner"], kept["former_owner"]) == (None, app.person("ann"))
        assert app.get(busy)["owner"] == app.person("ann")


@pytest.mark.requirement("R5")
def test_downtime_loses_nothing(database_url: str) -> None:
    """A worker that was down for days catches up: each mark once."""
    found = rule("silent", {"inactive": {"since": SINCE, "for": {"hours": 24}}}, note("w"))
    with trial(database_url, found) as app:
        leads = [app.create(assigned_at=START + timedelta(hours=hour)) for hour in range(5)]
        app.advance(days=9)
        app.settle()
        assert [app.get(each)["note"] for each in leads] == ["w"] * 5


def test_the_condition_is_read_again_when_the_rule_runs(database_url: str) -> None:
    """Between the tick and the delivery somebody did the work: nothing happens, nobody is told."""
    found = rule("silent", {"inactive": {"since": SINCE, "for": {"hours": 24}}}, note("w"), log="all")
    with trial(database_url, found) as app:
        lead = app.create(assigned_at=START)
        app.clock.advance(timedelta(hours=25))
        app.host.tick()
        app.update(lead, touched_at=app.clock.now())
        app.host.deliver()
        assert app.get(lead)["note"] is None
        assert [each["outcome"] for each in app.log("silent")] == ["not_met"]


def test_overdue_records_are_swept_up_when_asked_for(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without `overdue` a mark long past is history; with it, it is found within the hour, and put off once."""
    put_off: list[Any] = []

    def noted(context: Any, firings: Iterable[Any]) -> None:
        put_off.extend(some := list(firings))
        stages.put_off_all(context, some)

    monkeypatch.setattr(ticking, "put_off_all", noted)
    on = {"since": SINCE, "for": {"days": 7}}
    rules = (
        rule("kept", {"inactive": on}, note("k")),
        rule("swept", {"inactive": {**on, "overdue": True}}, note("s")),
    )
    with trial(database_url, *rules) as app:
        lead = app.create(assigned_at=START - timedelta(days=60))
        for _ in range(4):
            app.advance(minutes=50)
        assert app.get(lead)["note"] == "s"
        assert len(put_off) == 1
        app.update(lead, touched_at=START - timedelta(days=30))
        app.advance(hours=2)
        assert (app.get(lead)["note"], len(put_off)) == ("ss", 2)


def test_working_days_are_counted(database_url: str) -> None:
    """Two working days after Friday morning is Tuesday morning."""
    found = rule("silent", {"inactive": {"since": SINCE, "for": {"days": 2, "working": True}}}, note("w"))
    with trial(database_url, found) as app:
        lead = app.create(assigned_at=START + timedelta(days=4))
        app.advance(days=7, hours=23)
        assert app.get(lead)["note"] is None
        app.advance(hours=1, minutes=1)
        assert app.get(lead)["note"] == "w"


@pytest.mark.requirement("R4")
def test_days_before_a_date(database_url: str) -> None:
    """N days before, at a time of day in the app's zone; a date that moves moves the occasion."""
    found = rule("renew", {"date": {"field": "contract_end", "before": {"days": 10}, "at": "10:30"}}, note("r"))
    with trial(database_url, found) as app:
        lead = app.create(contract_end="2026-03-20")
        app.advance(days=8, hours=1, minutes=29)
        assert app.get(lead)["note"] is None
        app.advance(minutes=1)
        assert app.get(lead)["note"] == "r"
        app.update(lead, contract_end="2026-04-20")
        app.advance(days=60)
        assert app.get(lead)["note"] == "rr"


@pytest.mark.requirement("R4", "R5")
@pytest.mark.parametrize("looked_at", [True, False], ids=["clock looked at", "not looked at"])
def test_a_date_whose_moment_has_passed(database_url: str, looked_at: bool) -> None:
    """Ten days before the end, and the record is made, or gets its date, three days before it: skipped unless the rule
    fires late; a day that is over is told of by no rule before it. When the clock was looked at changes nothing."""
    before = {"field": "contract_end", "before": {"days": 10}}
    rules = (
        rule("skips", {"date": before}, note("s")),
        rule("fires", {"date": {**before, "late": "fire"}}, note("f")),
        rule("after", {"date": {"field": "contract_end", "after": {"days": 1}, "late": "fire"}}, note("a")),
        rule("born", {"date": {"field": "birthday", "before": {"days": 5}, "yearly": True, "late": "fire"}}, note("b")),
    )
    with trial(database_url, *rules) as app:
        early = app.create(contract_end="2026-04-30")
        app.clock.advance(timedelta(days=20))
        if looked_at:
            app.settle()
        made = app.create(contract_end="2026-03-25", birthday="1990-03-24")
        over = app.create(contract_end="2026-03-10", birthday="1990-03-15")
        moved = app.create(contract_end="2026-06-30")
        app.update(moved, contract_end="2026-03-25")
        app.settle()
        assert sorted(app.get(made)["note"]) == ["b", "f"]
        assert (app.get(moved)["note"], app.get(over)["note"], app.get(early)["note"]) == ("f", "a", None)
        app.advance(days=39)
        assert sorted(app.get(made)["note"]) == ["a", "b", "f"]
        assert (app.get(moved)["note"], app.get(over)["note"]) == ("fa", "a")
        assert sorted(app.get(early)["note"]) == ["f", "s"]


def test_a_date_and_time_counts_to_the_minute(database_url: str) -> None:
    """Thirty minutes before a meeting, without a time of day."""
    found = rule("soon", {"date": {"field": "meeting_at", "before": {"minutes": 30}}}, note("m"))
    with trial(database_url, found) as app:
        lead = app.create(meeting_at=START + timedelta(hours=2))
        app.advance(minutes=89)
        assert app.get(lead)["note"] is None
        app.advance(minutes=1)
        assert app.get(lead)["note"] == "m"


@pytest.mark.requirement("SR08")
@pytest.mark.requirement("SR09")
def test_birthdays_come_every_year_and_29_february_on_the_28th(database_url: str) -> None:
    """The day before the birthday, each year once, also after a long downtime."""
    found = rule(
        "birthday", {"date": {"field": "birthday", "before": {"days": 1}, "yearly": True, "at": "09:00"}}, note("b")
    )
    with trial(database_url, found) as app:
        march, leap = app.create(birthday="1980-03-10"), app.create(birthday="1988-02-29")
        app.advance(days=8)
        assert (app.get(march)["note"], app.get(leap)["note"]) == ("b", None)
        app.advance(days=350)
        assert (app.get(march)["note"], app.get(leap)["note"]) == ("b", None)
        app.clock.set(START.replace(year=2027, month=2, day=27))
        app.settle()
        assert (app.get(march)["note"], app.get(leap)["note"]) == ("b", "b")
        app.advance(days=400)
        occurrences = [each["occurrence"] for each in app.log("birthday") if each["record"] == march]
        assert occurrences == ["2026-03-10", "2028-03-10"]


@pytest.mark.requirement("R3")
def test_schedules_run_for_each_record_that_meets_the_condition(database_url: str) -> None:
    """Cron in the app's zone; what was missed is caught up by policy; without a form it runs once."""
    daily = {"schedule": {"cron": "0 9 * * 1-5"}}
    rules = (
        rule("latest", daily, note("l"), when='grade = "A"'),
        rule("every", daily, note("e"), when='grade = "A"', catch_up="all"),
        rule("day", daily, note("d"), when="contract_end = TODAY()", catch_up="all"),
        rule("idle", daily, note("i"), when='COUNT(tasks, done is blank or not done) = 0 and grade = "A"'),
        {"name": "report", "on": daily, "actions": [{"create": {"form": "task", "values": {"title": '"report"'}}}]},
    )
    with trial(database_url, *rules) as app:
        lead, other = app.create(grade="A"), app.create(grade="B", contract_end="2026-03-05")
        app.advance(days=1)
        assert (sorted(app.get(lead)["note"]), app.get(other)["note"]) == (["e", "i", "l"], None)
        app.create(form="task", lead=lead)
        app.advance(days=6)
        assert sorted(app.get(lead)["note"]) == ["e"] * 5 + ["i"] + ["l"] * 2
        assert app.get(other)["note"] == "d"  # the day it was meant for was missed, and is made up for as that day
        assert [each["title"] for each in app.all() if each["title"]] == ["report"] * 2


@pytest.mark.requirement("R3")
def test_every_time_that_was_missed_is_made_up_for() -> None:
    """Each on its own, or one for all of them, as the rule says."""
    every = {"schedule": {"every": {"hours": 6}}}
    made = [{"create": {"form": "task", "values": {"title": '"all"'}}}]
    rules = (
        {"name": "all", "on": every, "catch_up": "all", "actions": made},
        {"name": "latest", "on": every, "actions": [{"create": {"form": "task", "values": {"title": '"latest"'}}}]},
    )
    with trial("sqlite://", *rules) as app:
        app.settle()
        before = len(app.all())
        app.advance(days=1)
        assert sorted(each["title"] for each in app.all()[before:]) == ["all"] * 4 + ["latest"]


@pytest.mark.requirement("SR25")
def test_steps_after_an_event(database_url: str) -> None:
    """SR25: quoted → a reminder after 7 days, unless it moved on."""
    steps = [{"after": {"days": 7}, "actions": [note("7")]}, {"after": {"days": 14}, "actions": [note("14")]}]
    found = rule("quoted", {"entered": {"field": "stage", "state": "contacted"}}, steps=steps)
    with trial(database_url, found) as app:
        moved, still = app.create(), app.create()
        for lead in (moved, still):
            app.update(lead, stage="contacted")
        app.advance(days=8)
        app.update(moved, stage="won")
        app.advance(days=7)
        assert (app.get(moved)["note"], app.get(still)["note"]) == ("7", "714")


def test_two_workers_fire_an_occasion_once(database_url: str) -> None:
    """Whoever delivers a second time finds the occasion taken."""
    with trial(database_url, rule("once", {"created": True}, note("x"))) as app:
        lead = app.create()
        parameters = {"rule": "once", "record": lead, "occurrence": "v1"}
        assert app.host.ask(APP, "rules.fire", **parameters) == "done"
        assert app.host.ask(APP, "rules.fire", **parameters) == "again"
        app.settle()
        assert app.get(lead)["note"] == "x"


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_and_nothing_happens_twice(seed: int, tmp_path: Path) -> None:
    """Workers stop, start anew and find the clock set back: each mark that passed fired exactly once, no other did."""
    chance = Random(seed)
    found = rule("silent", {"inactive": {"since": SINCE, "for": {"hours": 24}}}, note("w"))
    with trial(f"sqlite:///{tmp_path / 'chance.sqlite3'}", found) as app:
        marks = {}
        for _ in range(30):
            since = START + timedelta(minutes=chance.randint(-1000, 6000))
            marks[app.create(assigned_at=since)] = since + timedelta(hours=24)
        latest = START
        for _ in range(40):
            app.clock.advance(
                timedelta(minutes=chance.choice([-90, -5, 0, 1, 3, 60, 400, 1500]), seconds=chance.random())
            )
            latest = max(latest, app.clock.now())
            app.host.tick()
            if chance.random() < 0.7:
                app.host.deliver()
        app.clock.set(latest + timedelta(minutes=2))
        app.settle()
        fired = [each["record"] for each in app.log("silent")]
        assert sorted(fired) == sorted(lead for lead, mark in marks.items() if START < mark <= app.clock.now())
