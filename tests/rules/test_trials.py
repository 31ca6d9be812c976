"""Rules tried out on the past and on a row of records, before anybody trusts them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.kernel.diagnostics import Forbidden, Rejected
from tests.rules.apps import START, Trial, rule, trial

BIG = rule(
    "big",
    {"becomes": "budget > 100"},
    [
        {"notify": {"to": ["owner"], "title": "{{ company }} is big: {{ budget }}"}},
        {"assign": {"field": "owner", "among": {"users": ["boss"]}}},
    ],
)
SILENT = rule(
    "silent",
    {"inactive": {"since": "COALESCE(last_visit_at, assigned_at)", "for": {"days": 7}}},
    {"notify": {"to": ["owner"], "title": "Left alone"}},
    when='stage = "new"',
)
BIRTHDAY = rule(
    "birthday",
    {"date": {"field": "birthday", "before": {"days": 1}, "yearly": True}},
    {"notify": {"to": ["owner"], "title": "Tomorrow"}},
)
WEEKLY = rule(
    "weekly",
    {"schedule": {"cron": "0 9 * * 1"}},
    {"notify": {"to": ["owner"], "title": "Monday"}},
    when='stage = "contacted"',
)


def disarmed(written: dict[str, Any]) -> dict[str, Any]:
    """The rule, written and not enabled."""
    return {**written, "enabled": False}


def replayed(app: Trial, name: str, **more: Any) -> dict[str, Any]:
    """What a rule would have done since the trial began."""
    found: dict[str, Any] = app.ask(None, "rules.backtest", rule=name, since=START - timedelta(hours=1), **more)
    return found


@pytest.mark.requirement("R25", "X4")
def test_a_rule_on_changes_is_replayed(database_url: str) -> None:
    """Each time the condition came true in the past counts, with the values and the people of that time; nothing is
    done. Armed rules show beside it what the log says they did."""
    with trial(database_url, disarmed(BIG)) as app:
        one = app.create(company="Hengqi", budget=50)
        app.advance(days=1)
        app.update(one, budget=150)
        app.advance(days=1)
        app.update(one, budget=20)
        app.advance(days=1)
        app.update(one, budget=300, company="Hengqi Group")
        two = app.create("ben", company="Big from the start", budget=900)
        app.settle()
        assert app.notices("ann") == []
        found = replayed(app, "big")
        assert sorted((each["record"], each["at"], each["actions"][0]["title"]) for each in found["firings"]) == [
            (one, START + timedelta(days=1), "Hengqi is big: ¥150.00"),
            (one, START + timedelta(days=3), "Hengqi Group is big: ¥300.00"),
            (two, START + timedelta(days=3), "Big from the start is big: ¥900.00"),
        ]
        assert (found["count"], found["records"], found["actions"]) == (3, 2, {"notify": 3, "assign": 3})
        assert [(each["name"], each["count"]) for each in found["notices"]] == [("Ann", 2), ("Ben", 1)]
        assert [(each["name"], each["count"]) for each in found["assignments"]] == [("Boss", 3)]
        assert found["logged"] == {"count": 0, "only_replayed": [one, two], "only_logged": []}
        assert app.get(one)["owner"] == app.person("ann")


@pytest.mark.requirement("R25", "X4")
def test_a_rule_on_silence_is_replayed(database_url: str) -> None:
    """A silence that ended counts as well: what was due is asked of the record as it was then."""
    with trial(database_url, disarmed(SILENT)) as app:
        quiet = app.create(assigned_at=START)
        busy = app.create(assigned_at=START)
        moved = app.create(assigned_at=START)
        app.advance(days=5)
        app.create(form="visit", lead=busy, at=app.clock.now())
        app.update(moved, stage="contacted")
        app.advance(days=4)
        app.create(form="visit", lead=quiet, at=app.clock.now())
        app.advance(days=20)
        found = replayed(app, "silent")
        assert sorted((each["record"], each["at"]) for each in found["firings"]) == [
            (quiet, START + timedelta(days=7)),
            (quiet, START + timedelta(days=16)),
            (busy, START + timedelta(days=12)),
        ]
        assert found["assumed"] == ["visits"]


@pytest.mark.requirement("R25", "X4")
def test_dates_and_schedules_are_replayed() -> None:
    """Anniversaries and times of the clock that fell into the stretch, for records that lived and met the condition
    then."""
    with trial("sqlite://", disarmed(BIRTHDAY), disarmed(WEEKLY)) as app:
        born = app.create(birthday=date(1990, 3, 20))
        app.create(birthday=date(1990, 8, 20))
        app.advance(days=10)
        app.update(born, stage="contacted")
        app.advance(days=20)
        assert [(each["record"], each["at"]) for each in replayed(app, "birthday")["firings"]] == [
            (born, START.replace(day=19)),
        ]
        mondays = [START + timedelta(days=14), START + timedelta(days=21), START + timedelta(days=28)]
        assert sorted(each["at"] for each in replayed(app, "weekly")["firings"]) == mondays


@pytest.mark.requirement("R25", "X4")
def test_what_fired_late_is_replayed() -> None:
    """A rule that fires late would have fired in the save that gave the record its date; one that skips, never."""
    on = {"field": "contract_end", "before": {"days": 10}}
    told = {"notify": {"to": ["owner"], "title": "Ends soon"}}
    rules = [rule("skips", {"date": on}, told), rule("fires", {"date": {**on, "late": "fire"}}, told)]
    with trial("sqlite://", *rules) as app:
        app.advance(days=1)
        late = app.create(contract_end=date(2026, 3, 7))
        app.create(contract_end=date(2026, 3, 1))
        app.advance(days=9)
        assert [(each["record"], each["at"]) for each in replayed(app, "fires")["firings"]] == [
            (late, START + timedelta(days=1))
        ]
        assert replayed(app, "fires")["logged"] == {"count": 1, "only_replayed": [], "only_logged": []}
        assert replayed(app, "skips")["count"] == 0


@pytest.mark.requirement("X4", "R25")
def test_a_draft_is_tried_before_it_is_in_the_app() -> None:
    """A rule nobody has saved yet is replayed and simulated; a wrong one is refused with everything that is wrong."""
    with trial("sqlite://") as app:
        one = app.create(company="Hengqi", budget=150)
        app.clock.advance(timedelta(hours=1))
        found = app.ask(None, "rules.backtest", draft=BIG)
        assert [each["record"] for each in found["firings"]] == [one]
        assert app.ask(None, "rules.simulate", draft=BIG, where="budget > 100")["matching"] == [one]
        with pytest.raises(Rejected) as refused:
            app.ask(None, "rules.backtest", draft={**BIG, "when": "budjet > 1"})
        assert [(each.code, each.pointer) for each in refused.value.problems] == [
            ("expressions.unknown-field", "/draft/when")
        ]
        with pytest.raises(Rejected) as refused:
            app.ask(None, "rules.backtest", draft=rule("b", {"button": {"title": "B"}}, {"set": {"note": '"x"'}}))
        assert [each.code for each in refused.value.problems] == ["rules.nothing-to-replay"]
        with pytest.raises(Forbidden):
            app.ask("ann", "rules.backtest", draft=BIG)


budgets = st.integers(0, 200)
steps = st.lists(st.tuples(st.sampled_from(["create", "update", "stage", "wait"]), budgets), min_size=1, max_size=10)


@pytest.mark.requirement("R25", "X4")
@given(steps)
@settings(max_examples=12, deadline=None)
def test_the_replay_is_what_happened(made: list[tuple[str, int]]) -> None:
    """For any row of changes, the replay of an armed rule finds exactly the firings of the run log."""
    watching = rule("watching", {"becomes": "budget > 100"}, {"create": {"form": "task", "values": {"title": '"x"'}}})
    left = rule(
        "left", {"left": {"field": "stage", "state": "new"}}, {"create": {"form": "task", "values": {"title": '"y"'}}}
    )
    waiting = rule(
        "waiting",
        {"inactive": {"since": "assigned_at", "for": {"days": 2}}},
        {"notify": {"to": ["owner"], "title": "z"}},
    )
    with trial("sqlite://", watching, left, waiting) as app:
        leads = [app.create(budget=0, assigned_at=START)]
        for what, number in made:
            app.advance(hours=1)
            if what == "create":
                leads.append(app.create(budget=number, assigned_at=app.clock.now()))
            elif what == "update":
                app.update(leads[number % len(leads)], budget=number)
            elif what == "stage":
                app.update(leads[number % len(leads)], stage="contacted" if number % 2 else "new")
            else:
                app.advance(days=number % 4)
            app.settle()
        app.advance(minutes=1)
        for name in ("watching", "left", "waiting"):
            logged = sorted((each["record"], each["at"]) for each in app.log(name) if each["outcome"] == "done")
            again = replayed(app, name)
            if name != "waiting":
                assert sorted((each["record"], each["at"]) for each in again["firings"]) == logged
            assert sorted(each["record"] for each in again["firings"]) == [record for record, _ in logged]
            assert (again["logged"]["only_replayed"], again["logged"]["only_logged"]) == ([], [])
