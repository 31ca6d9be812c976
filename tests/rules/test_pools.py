"""Pools: who may look, who may claim and how many, what goes back by itself, and what is kept of it."""

from __future__ import annotations

import json
import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected
from tests.rules.apps import findings, rule, trial

CORPUS = Path(__file__).parent.parent / "conformance" / "rules"
WRONG = json.loads((CORPUS / "pool_findings.json").read_text("utf-8"))
POOL: dict[str, Any] = {
    "name": "north",
    "type": "pool",
    "title": "North",
    "form": "lead",
    "where": 'province <> "zhejiang"',
    "members": ["sales"],
    "managers": ["supervisor"],
    "claim": {"per_day": 2, "holding": 3, "holding_where": 'stage <> "won"', "cool_down": {"days": 10}},
    "view": {"fields": ["company", "province", "grade"], "per_day": 2},
    "keep": "former_owner",
    "enter": {"note": '"in the north"', "assigned_at": "blank"},
    "leave": {"note": "blank", "assigned_at": "NOW()"},
    "protect": 'grade = "A"',
    "reclaim": [
        {
            "name": "idle",
            "inactive": {"since": "COALESCE(touched_at, assigned_at)", "for": {"days": 7}},
            "when": 'stage = "new"',
            "warn": [{"after": {"days": 5}, "actions": [{"notify": {"to": ["owner"], "title": "Two days left"}}]}],
            "reason": "{{ company }} was left alone",
        },
        {"name": "ended", "date": {"field": "contract_end", "after": {"days": 30}}, "notify": False},
    ],
}
SOUTH: dict[str, Any] = {
    "name": "south",
    "type": "pool",
    "title": "South",
    "form": "lead",
    "where": 'province = "zhejiang"',
    "members": ["sales"],
    "managers": ["supervisor"],
    "enter": {"province": '"zhejiang"'},
}
CLAIM = rule("claim_it", {"button": {"title": "Claim"}}, {"claim": {"pool": "north"}})


def codes(refused: pytest.ExceptionInfo[Any]) -> list[str]:
    """The codes of a refusal."""
    return [each.code for each in refused.value.problems]


def lead(app: Any, owner: str | None = None, **values: Any) -> int:
    """A lead, of nobody unless said."""
    held = app.person(owner) if owner else None
    return int(app.create(None, owner=held, **{"company": "Hengqi", **values}))


@pytest.mark.requirement("R23", "X8")
def test_a_record_is_claimed_and_given_back(database_url: str) -> None:
    """A record comes in with the values of the pool, is shown in part, opened, claimed and given back; who had it is
    kept, and every move is."""
    with trial(database_url, POOL, SOUTH) as app:
        one = lead(app, province="beijing", budget=5)
        other = lead(app, province="zhejiang")
        assert app.get(one)["note"] == "in the north"
        shown = app.ask("ann", "rules.pool_records", pool="north")
        expected = {"id": one, "version": 1, "company": "Hengqi", "province": "beijing", "grade": None}
        assert shown["items"] == [expected]
        assert [each["id"] for each in app.ask("ann", "rules.pool_records", pool="south")["items"]] == [other]
        assert app.ask("ann", "rules.pool_view", pool="north", record=one)["budget"] == 5
        app.ask("ann", "rules.claim", pool="north", record=one)
        held = app.get(one)
        assert (held["owner"], held["note"], held["assigned_at"]) == (app.person("ann"), None, app.clock.now())
        with pytest.raises(NotFound):
            app.ask("ben", "rules.claim", pool="north", record=one)
        app.clock.advance(timedelta(hours=1))
        app.ask("ann", "rules.release", form="lead", record=one, reason="no need")
        back = app.get(one)
        assert (back["owner"], back["former_owner"], back["note"]) == (None, app.person("ann"), "in the north")
        moves = app.ask("boss", "rules.pool_moves", form="lead", record=one)
        assert [(each["kind"], each["user_name"], each["former_name"], each["reason"]) for each in moves] == [
            ("released", None, "Ann", "no need"), ("claimed", "Ann", None, None), ("entered", None, None, None),
        ]  # fmt: skip


@pytest.mark.requirement("R23", "X8")
def test_the_limits_hold_at_every_door(database_url: str) -> None:
    """Claims of a day, records held, the cool-down of who gave a record up: whether by claim, by a button, or by
    writing one's name into the owner; a new day and a manager lift them."""
    with trial(database_url, POOL, CLAIM) as app:
        leads = [lead(app, province="beijing") for _ in range(6)]
        app.ask("ann", "rules.claim", pool="north", record=leads[0])
        app.update(leads[1], owner=app.person("ann"))
        with pytest.raises(Rejected) as refused:
            app.update(leads[2], owner=app.person("ann"))
        assert codes(refused) == ["rules.claims-of-the-day"]
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "rules.press", rule="claim_it", id=leads[2])
        assert codes(refused) == ["rules.claims-of-the-day"]
        app.advance(days=1)
        app.ask("ann", "rules.press", rule="claim_it", id=leads[2])
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "rules.claim", pool="north", record=leads[3])
        assert codes(refused) == ["rules.holding"]
        app.update(leads[0], stage="won")
        app.ask("ann", "rules.claim", pool="north", record=leads[3])
        app.ask("ann", "rules.release", form="lead", record=leads[3])
        app.advance(days=4)
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "rules.claim", pool="north", record=leads[3])
        assert codes(refused) == ["rules.cool-down"]
        app.ask("ben", "rules.claim", pool="north", record=leads[3])
        with pytest.raises(Rejected) as refused:
            app.update(leads[4], owner=app.person("cai"), login="ben")
        assert codes(refused) == ["rules.claim-for-another"]
        app.update(leads[4], owner=app.person("ann"), login="boss")
        assert app.get(leads[4])["owner"] == app.person("ann")


@pytest.mark.requirement("R23", "X8")
def test_what_may_be_seen(database_url: str) -> None:
    """So many records may be opened in a day, the same one again and again; a filter reads only what is shown; who is
    no member sees nothing."""
    with trial(database_url, POOL) as app:
        leads = [lead(app, province="beijing", budget=number) for number in range(3)]
        for record in (leads[0], leads[0], leads[1]):
            app.ask("ann", "rules.pool_view", pool="north", record=record)
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "rules.pool_view", pool="north", record=leads[2])
        assert codes(refused) == ["rules.views-of-the-day"]
        assert app.ask("boss", "rules.pool_view", pool="north", record=leads[2])["budget"] == 2
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "rules.pool_records", pool="north", where="budget > 1")
        assert codes(refused) == ["rules.not-shown"]
        found = app.ask("ann", "rules.pool_records", pool="north", where='province = "beijing"', sort=("company",))
        assert found["count"]["value"] == 3
        (mine,) = app.ask("ann", "rules.pools")
        assert (mine["viewed_today"], mine["views_per_day"], mine["records"]["value"]) == (2, 2, 3)
        app.ask(None, "identity.save_person", login="eve", name="Eve", roles=["director"])
        app.host.forget_directory()
        assert app.ask("eve", "rules.pools") == []
        with pytest.raises(Forbidden):
            app.ask("eve", "rules.pool_records", pool="north")
        with pytest.raises(Forbidden):
            app.ask("ann", "rules.pool_report", pool="north", since=date(2026, 3, 1), until=date(2026, 3, 31))
        with pytest.raises(NotFound):
            app.ask("ann", "rules.pool_records", pool="nord")


@pytest.mark.requirement("R23", "R24", "SR06", "X7", "X8")
def test_what_goes_back_by_itself(database_url: str) -> None:
    """Left alone: first a warning, then the pool; what is protected stays; some time after a date of the record it
    goes back too, and the move says it was taken back and why."""
    with trial(database_url, POOL) as app:
        idle, kept = lead(app, province="beijing"), lead(app, province="beijing", grade="A")
        ended = lead(app, "ben", province="beijing", stage="won", contract_end=date(2026, 3, 3))
        own = next(each["rule"] for each in app.ask(None, "rules.list")["items"] if not each["switchable"])
        with pytest.raises(Rejected) as refused:  # it stands in the pool, and is changed there
            app.ask(None, "rules.switched", rule=own, armed=False)
        assert codes(refused) == ["rules.rule-of-pool"]
        for record in (idle, kept):
            app.ask("ann", "rules.claim", pool="north", record=record)
        app.settle()
        app.advance(days=5, minutes=1)
        assert app.notices("ann") == ["Two days left"]
        app.advance(days=2)
        assert app.get(idle)["owner"] is None
        assert app.get(kept)["owner"] == app.person("ann")
        moves = app.ask("boss", "rules.pool_moves", form="lead", record=idle)
        assert (moves[0]["kind"], moves[0]["reason"], moves[0]["former"]) == (
            "reclaimed", "Hengqi was left alone", app.person("ann"),
        )  # fmt: skip
        app.advance(days=26)
        assert app.get(ended)["owner"] is None
        report = app.ask("boss", "rules.pool_report", pool="north", since=date(2026, 3, 1), until=date(2026, 4, 30))
        assert report["moves"] == {"entered": 2, "claimed": 2, "reclaimed": 2}
        assert {each["name"]: each.get("reclaimed") for each in report["people"]} == {"Ann": 1, "Ben": 1}


@pytest.mark.requirement("X8")
def test_a_record_goes_to_another_pool(database_url: str) -> None:
    """A manager moves it: it gets the values of the other pool and lies there; one that does not fit is refused."""
    with trial(database_url, POOL, SOUTH) as app:
        one = lead(app, province="beijing")
        with pytest.raises(Forbidden):
            app.ask("ann", "rules.transfer", pool="north", record=one, to="south")
        app.ask("boss", "rules.transfer", pool="north", record=one, to="south", reason="nearer")
        assert app.get(one)["province"] == "zhejiang"
        assert [each["id"] for each in app.ask("ann", "rules.pool_records", pool="south")["items"]] == [one]
        with pytest.raises(Rejected) as refused:
            app.ask("boss", "rules.transfer", pool="south", record=one, to="north")
        assert codes(refused) == ["rules.not-for-that-pool"]
        assert app.get(one)["note"] == "in the north"


@pytest.mark.requirement("R23", "X8")
def test_two_claims_at_once(database_url: str) -> None:
    """Of two people who claim the same record one gets it; of two claims of one person with one left in the day, one
    is granted."""
    one_a_day = {**POOL, "claim": {"per_day": 1}}
    with trial(database_url, one_a_day) as app:
        contested = lead(app, province="beijing")
        assert sorted(at_once(app, ("ann", contested), ("ben", contested))) == ["claimed", "refused"]
        leads = [lead(app, province="beijing") for _ in range(2)]
        assert sorted(at_once(app, ("cai", leads[0]), ("cai", leads[1]))) == ["claimed", "refused"]
        assert sum(app.get(each)["owner"] == app.person("cai") for each in leads) == 1


def at_once(app: Any, *claims: tuple[str, int]) -> list[str]:
    """What becomes of claims that are made at the same instant."""
    begin, outcomes = threading.Barrier(len(claims)), []

    def claim(login: str, record: int) -> None:
        begin.wait()
        try:
            app.ask(login, "rules.claim", pool="north", record=record)
            outcomes.append("claimed")
        except (Rejected, NotFound, Conflict):
            outcomes.append("refused")

    threads = [threading.Thread(target=claim, args=each) for each in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.requirement("R23")
def test_giving_back() -> None:
    """Only who has a record, or a manager, gives it back; and only where a pool takes it."""
    with trial("sqlite://", SOUTH) as app:
        north, south = lead(app, "ann", province="beijing"), lead(app, "ann", province="zhejiang")
        with pytest.raises(Forbidden):
            app.ask("ben", "rules.release", form="lead", record=south)
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "rules.release", form="lead", record=north)
        assert codes(refused) == ["rules.no-pool-for-it"]
        app.ask("boss", "rules.release", form="lead", record=south)
        with pytest.raises(Rejected) as refused:
            app.ask("boss", "rules.release", form="lead", record=south)
        assert codes(refused) == ["rules.nobody-has-it"]


@pytest.mark.parametrize("case", WRONG, ids=lambda each: each["title"])
def test_wrong_pools(case: dict[str, Any]) -> None:
    """The finding stands in the pool, also when it is about a rule that takes records back."""
    written = {**POOL, **case.get("pool", {})}
    rules = [{"name": "wrong", "form": "lead", **case["rule"]}] if "rule" in case else []
    found = [each for each in findings(written, *rules) if each.severity == "error"]
    assert [(each.code, each.place.document, each.place.pointer) for each in found] == [
        (code, "rules/wrong.json" if rules else "rules/north.json", pointer) for code, pointer, _ in case["findings"]
    ]
    for each, (_, _, words) in zip(found, case["findings"], strict=True):
        assert words in f"{each.message} {each.hint}"
