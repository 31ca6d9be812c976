"""Rules that wait between their actions: durable, ended by a condition, an action or a person, once at a time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from tests.rules.apps import PEOPLE, START, Trial, host_of, rule, trial


def told(title: str) -> dict[str, Any]:
    """An action that tells the owner something."""
    return {"notify": {"to": ["owner"], "title": title}}


def care(**more: Any) -> dict[str, Any]:
    """A letter at once, after three days, after ten: as long as the lead is won."""
    actions = [
        told("welcome"),
        {"wait": {"for": {"days": 3}}},
        told("first steps"),
        {"wait": {"for": {"days": 7}, "at": "10:30"}},
        told("how is it"),
    ]
    return rule("care", {"becomes": 'stage = "won"'}, actions, **more)


@pytest.mark.requirement("SR31")
def test_a_sequence_goes_on_when_its_time_has_come(database_url: str) -> None:
    """Each part once, at its hour, from where the one before it ended; who is on the way is known meanwhile."""
    with trial(database_url, care()) as app:
        lead = app.create()
        app.update(lead, stage="won")
        app.settle()
        (on_the_way,) = app.ask(None, "rules.waiting", form="lead", record=lead)["items"]
        assert (on_the_way["rule"], on_the_way["step"], on_the_way["due_at"]) == ("care", 1, START + timedelta(days=3))
        app.advance(days=2, hours=23)
        assert app.notices("ann") == ["welcome"]
        app.advance(hours=1)
        assert app.notices("ann") == ["welcome", "first steps"]
        app.clock.set((START + timedelta(days=10)).replace(hour=2, minute=29))
        app.settle()
        assert app.notices("ann") == ["welcome", "first steps"]
        app.advance(minutes=1)
        assert app.notices("ann") == ["welcome", "first steps", "how is it"]
        assert [(each["step"], each["outcome"]) for each in app.log("care")] == [(0, "done"), (1, "done"), (2, "done")]
        assert app.ask(None, "rules.waiting")["items"] == []


def test_a_sequence_ends_when_its_condition_no_longer_holds() -> None:
    """What set it off is asked again when a wait is over."""
    with trial("sqlite://", care()) as app:
        lead = app.create()
        app.update(lead, stage="won")
        app.settle()
        app.update(lead, stage="lost")
        app.advance(days=30)
        assert app.notices("ann") == ["welcome"]
        assert [each["error"] for each in app.log("care")] == [None, "the condition no longer holds"]


@pytest.mark.requirement("SR31")
def test_an_exit_ends_a_sequence_at_once(database_url: str) -> None:
    """Its condition comes true for an instant, long before the wait is over: that is enough, and it may begin anew."""
    with trial(database_url, care(exit='note = "stop"')) as app:
        lead = app.create()
        app.update(lead, stage="won")
        app.settle()
        app.update(lead, note="stop")
        app.settle()
        assert app.ask(None, "rules.waiting")["items"] == []
        assert [each["outcome"] for each in app.log("care")] == ["done", "ended"]
        app.update(lead, note="go", stage="lost")
        app.update(lead, stage="won")
        app.settle()
        app.advance(days=3)
        assert app.notices("ann") == ["welcome", "welcome", "first steps"]


def test_an_exit_may_ask_what_happened_since() -> None:
    """A visit after the rule set out ends it; one before does not."""
    with trial("sqlite://", care(exit="last_visit_at > started_at")) as app:
        leads = [app.create(), app.create()]
        for lead in leads:
            app.create(form="visit", lead=lead, at=START - timedelta(days=1))
            app.update(lead, stage="won")
        app.settle()
        app.create(form="visit", lead=leads[0], at=START + timedelta(hours=5))
        app.advance(days=3)
        assert [each["record"] for each in app.log("care") if each["step"] == 1 and each["outcome"] == "done"] == [
            leads[1]
        ]


def test_a_record_is_on_its_way_once_at_a_time() -> None:
    """Set off again meanwhile, the rule lets the first go on."""
    with trial("sqlite://", care(log="all")) as app:
        lead = app.create()
        for stage in ("won", "lost", "won"):
            app.update(lead, stage=stage)
            app.settle()
        app.advance(days=3)
        assert app.notices("ann") == ["welcome", "first steps"]
        assert "it is on its way for this record already" in [each["error"] for each in app.log("care")]


@pytest.mark.parametrize("moved", [-20, 0, 20])
def test_a_date_that_is_waited_for_may_move(moved: int) -> None:
    """Earlier or later: the rule goes on when the date as it is now has come."""
    renewal = rule(
        "renewal", {"becomes": 'stage = "won"'}, [{"wait": {"until": "contract_end", "at": "09:00"}}, told("now")]
    )
    with trial("sqlite://", renewal) as app:
        lead = app.create(contract_end=date(2026, 4, 30))
        app.update(lead, stage="won")
        app.advance(days=5)
        end = date(2026, 4, 30) + timedelta(days=moved)
        app.update(lead, contract_end=end)
        for day in range(70):
            app.clock.set(START + timedelta(days=6 + day))
            app.settle()
            assert app.notices("ann") == (["now"] if app.clock.now().date() >= end else [])


def test_a_blank_date_is_not_waited_for() -> None:
    """From the start, or because it was taken out."""
    renewal = rule("renewal", {"becomes": 'stage = "won"'}, [told("a"), {"wait": {"until": "contract_end"}}, told("b")])
    with trial("sqlite://", renewal) as app:
        blank, emptied = app.create(), app.create(contract_end=date(2026, 4, 30))
        for lead in (blank, emptied):
            app.update(lead, stage="won")
        app.settle()
        app.update(emptied, contract_end=None)
        app.advance(days=2)
        assert [each["outcome"] for each in app.log("renewal")] == ["done", "done", "ended"]
        app.advance(days=90)
        assert app.notices("ann") == ["a", "a"]


def test_what_was_made_before_a_wait_is_known_after_it(database_url: str) -> None:
    """An account made by the first part is given to the lead by the second, which knows when the rule set out."""
    visit = rule(
        "visit",
        {"becomes": 'stage = "won"'},
        [
            {"create": {"form": "account", "values": {"name": "company"}, "as": "made"}},
            {"wait": {"for": {"days": 1}}},
            {"set": {"account": "made", "touched_at": "started_at"}},
        ],
    )
    with trial(database_url, visit) as app:
        lead = app.create(company="North")
        app.update(lead, stage="won")
        app.settle()
        app.advance(days=1)
        found = app.get(lead)
        assert app.get(found["account"], "account")["name"] == "North"
        assert found["touched_at"] == START


def test_a_sequence_outlives_the_process(tmp_path: Any) -> None:
    """The host is closed and opened again, and the clock has jumped a month: the rest is done once."""
    url, clock = f"sqlite:///{tmp_path}/kept.db", FrozenClock(START)
    host = host_of(url, care(), clock=clock)
    host.publish()
    with host.session(APP) as context:
        for person in PEOPLE:
            context.ask("identity.save_person", **person)
    host.forget_directory()
    app = Trial(host, clock)
    app.update(app.create(), stage="won")
    app.settle()
    host.close()
    clock.advance(timedelta(days=31))
    host = host_of(url, care(), clock=clock)
    try:
        again = Trial(host, clock)
        for _ in range(3):
            again.advance(days=8)
        assert again.notices("ann") == ["welcome", "first steps", "how is it"]
    finally:
        host.close()


def test_another_rule_or_a_person_ends_a_sequence(database_url: str) -> None:
    """`stop` of another rule, and the operation an administrator asks."""
    silence = rule("silence", {"becomes": 'note = "quiet"'}, {"stop": {"rule": "care"}})
    with trial(database_url, care(), silence) as app:
        leads = [app.create(), app.create()]
        for lead in leads:
            app.update(lead, stage="won")
        app.settle()
        app.update(leads[0], note="quiet")
        app.settle()
        ended = app.ask(None, "rules.end_waits", rule="care", record=leads[1], reason="asked not to be written to")
        assert ended == {"rule": "care", "ended": 1}
        assert app.ask(None, "rules.end_waits", rule="care", record=leads[1])["ended"] == 0
        app.advance(days=30)
        assert app.notices("ann") == ["welcome", "welcome"]
        reasons = [each["error"] for each in app.log("care") if each["outcome"] == "ended"]
        assert reasons == ["stopped by silence", "asked not to be written to"]


@pytest.mark.requirement("SR31", "X4")
def test_a_sequence_is_replayed_and_simulated() -> None:
    """A back-test shows every part at its time, and none after the exit; a simulation shows what waits."""
    with trial("sqlite://", {**care(exit='note = "stop"'), "enabled": False}) as app:
        stays, leaves = app.create(), app.create()
        for lead in (stays, leaves):
            app.update(lead, stage="won")
        app.advance(days=5)
        app.update(leaves, note="stop")
        app.advance(days=20)
        found = app.ask(None, "rules.backtest", rule="care", since=START - timedelta(days=1))
        told = sorted((each["record"], each["step"], (each["at"] - START).days) for each in found["firings"])
        assert told == [(stays, 0, 0), (stays, 1, 3), (stays, 2, 10), (leaves, 0, 0), (leaves, 1, 3)]
