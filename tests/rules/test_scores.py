"""Score cards: the corpus, how scores are kept up to date, and what they set off."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.kernel.diagnostics import Forbidden, NotFound
from tests.rules import apps
from tests.rules.apps import Trial, findings, rule, trial

CORPUS = Path(__file__).parent.parent / "conformance" / "rules"
CASES = json.loads((CORPUS / "scores.json").read_text("utf-8"))
WRONG = json.loads((CORPUS / "score_findings.json").read_text("utf-8"))
BASE = {"name": "heat", "type": "score_card", "form": "lead", "field": "score", "band_field": "heat"}
BANDS = [{"name": "hot", "from": 70}, {"name": "warm", "from": 40}, {"name": "cold"}]
HEAT = {
    **BASE,
    "attributes": [
        {"name": "budget", "cases": [{"when": "budget >= 500", "points": 40}, {"when": "budget >= 100", "points": 20}]},
        {"name": "grade", "cases": [{"when": 'grade = "A"', "points": 20}]},
    ],
    "behaviours": [
        {"name": "visits", "relation": "visits", "at": "at", "points": "10", "cap": 30, "fade": {"half_life": 7}}
    ],
    "bands": BANDS,
}


def score_of(app: Trial, lead: int, card: str = "heat") -> dict[str, Any]:
    """The score of a lead as it is asked for."""
    found: dict[str, Any] = app.ask("ann", "rules.score", card=card, record=lead)
    return found


def task(title: str) -> dict[str, Any]:
    """The action that makes a task."""
    return {"create": {"form": "task", "values": {"title": f'"{title}"'}}}


def visit(app: Trial, lead: int, days_ago: float = 0) -> int:
    """A visit of the lead, some days ago."""
    return app.create(form="visit", lead=lead, at=app.clock.now() - timedelta(days=days_ago))


@pytest.mark.requirement("SR17", "SR18", "SR19", "R18", "R19", "X11")
@pytest.mark.parametrize("group", CASES, ids=lambda each: each["title"])
def test_the_corpus(group: dict[str, Any]) -> None:
    """Each card gives each record the points, the band and the contributions the case says."""
    with trial("sqlite://", {**BASE, **group["card"]}) as app:
        for case in group["cases"]:
            lead = app.create(**case["values"])
            for days in case.get("visits", ()):
                visit(app, lead, days)
            app.settle()
            found = score_of(app, lead)
            record = app.get(lead)
            points = case["points"]
            assert record["score"] == (None if points is None else Decimal(points))
            assert found["points"] == record["score"]
            assert record["heat"] == case.get("band")
            assert {each["part"]: each["points"] for each in found["contributions"]} == case["parts"]


@pytest.mark.parametrize("case", WRONG, ids=lambda each: each["title"])
def test_wrong_cards(case: dict[str, Any]) -> None:
    """The finding says where and what, and how to mend it."""
    card = {**BASE, **case["card"]} if "card" in case else HEAT
    rules = [{"name": "wrong", "form": "lead", **case["rule"]}] if "rule" in case else []
    found = [each for each in findings(card, *rules) if each.severity == "error"]
    assert len(found) == len(case["findings"]), found
    for each, (code, pointer, words) in zip(found, case["findings"], strict=True):
        assert each.place.document == ("rules/wrong.json" if rules else "rules/heat.json")
        assert each.code.startswith("" if code == "shape." else code)
        assert each.place.pointer == pointer
        assert words in f"{each.message} {each.hint}"


@pytest.mark.requirement("R18", "R19", "R20", "SR22")
def test_a_score_follows_what_happens(database_url: str) -> None:
    """The save itself, an event around the record, a day gone by, an event taken back: the score is what the facts
    give, every change is kept, and each contribution says why."""
    with trial(database_url, HEAT) as app:
        lead = app.create(budget=600)
        assert (app.get(lead)["score"], app.get(lead)["heat"]) == (40, "warm")
        app.update(lead, grade="A")
        assert app.get(lead)["score"] == 60
        first = visit(app, lead)
        app.settle()
        assert (app.get(lead)["score"], app.get(lead)["heat"]) == (70, "hot")
        app.advance(days=7)
        assert (app.get(lead)["score"], app.get(lead)["heat"]) == (65, "warm")
        app.ask("ann", "records.delete", type="visit", id=first)
        app.settle()
        assert app.get(lead)["score"] == 60
        found = score_of(app, lead)
        assert [(each["former"], each["points"]) for each in reversed(found["changes"])] == [
            (None, 40), (40, 60), (60, 70), (70, 65), (65, 60),
        ]  # fmt: skip
        budget = found["contributions"][0]
        assert budget["reasons"] == [{"case": "budget >= 500", "note": "", "values": {"budget": "600.00"}}]
        assert found["band"] == {"name": "warm", "title": "warm"}


def test_nobody_sets_a_score_by_hand() -> None:
    """The card owns its field: what a person writes there is replaced by what the facts give."""
    with trial("sqlite://", HEAT) as app:
        lead = app.create(budget=600, score=99)
        app.update(lead, score=1)
        assert app.get(lead)["score"] == 40


@pytest.mark.requirement("R19", "X11")
def test_a_changed_card_scores_everything_anew(database_url: str) -> None:
    """Records that were there before the card, or before its last change, are scored page by page; the change keeps
    which version of the card it was."""
    with trial(database_url) as app:
        leads = [app.create(budget=600) for _ in range(3)]
        lost = app.create(budget=600, stage="lost")
    with republished(database_url, app, HEAT) as again:
        again.advance(minutes=2)
        assert [again.get(each)["score"] for each in leads] == [40, 40, 40]
        first = score_of(again, leads[0])["version"]
    changed = {**HEAT, "when": 'stage <> "lost"', "attributes": [{"name": "budget", "points": "budget / 10"}]}
    with republished(database_url, again, changed) as third:
        third.advance(minutes=2)
        assert [third.get(each)["score"] for each in (*leads, lost)] == [60, 60, 60, None]
        changes = score_of(third, leads[0])["changes"]
        assert [each["points"] for each in changes] == [60, 40]
        assert changes[0]["version"] != first == changes[1]["version"]


@contextmanager
def republished(url: str, before: Trial, *rules: Mapping[str, Any]) -> Iterator[Trial]:
    """The same database under another version of the app."""
    host = apps.host_of(url, *rules, clock=before.clock)
    try:
        host.publish()
        made = Trial(host, before.clock)
        made.settle()
        yield made
    finally:
        host.close()


@pytest.mark.requirement("X11", "SR21")
def test_a_score_sets_rules_off(database_url: str) -> None:
    """Getting into a band, rising over or falling below a number of points: each once, when it happens."""
    rules = (
        rule("gets_hot", {"scored": {"card": "heat", "band": "hot"}}, task("hot")),
        rule("over_65", {"scored": {"card": "heat", "at_least": 65}}, task("over")),
        rule("below_65", {"scored": {"card": "heat", "below": 65}}, task("below")),
    )
    with trial(database_url, HEAT, *rules) as app:
        lead = app.create(budget=600, grade="A")
        app.settle()
        assert [each["title"] for each in app.all()] == ["below"]
        visit(app, lead)
        app.settle()
        assert sorted(each["title"] for each in app.all()) == ["below", "hot", "over"]
        app.advance(days=3)
        app.advance(days=11)
        assert sorted(each["title"] for each in app.all()) == ["below", "below", "hot", "over"]


def test_contributions_hide_what_is_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not see a field sees the points it gave, and not its value."""
    hiding = [{"role": "sales", "can": ["create", "read", "edit"], "hide": ["budget"]}]
    monkeypatch.setattr(apps, "FORMS", ({**apps.LEAD, "permissions": hiding}, *apps.FORMS[1:]))
    with trial("sqlite://", HEAT) as app:
        lead = app.create(None, budget=600, grade="A", owner=app.person("ann"))
        budget, grade, _ = score_of(app, lead)["contributions"]
        assert (budget["points"], budget["reasons"][0]["values"]) == ("40.00", {})
        assert grade["reasons"][0]["values"] == {"grade": "A"}


@pytest.mark.requirement("X11")
def test_a_card_is_tried_out() -> None:
    """What a card would give stands beside what records have; nothing is changed. Only an administrator may ask."""
    with trial("sqlite://", HEAT) as app:
        leads = [app.create(budget=600), app.create(budget=200)]
        found = app.ask(None, "rules.try_card", card="heat", where="budget > 300")
        assert [(each["record"], each["points"], each["had"]) for each in found["results"]] == [(leads[0], 40, 40)]
        assert found["bands"] == {"warm": 1}
        with pytest.raises(Forbidden):
            app.ask("ann", "rules.try_card", card="heat")
        with pytest.raises(NotFound, match="heet"):
            app.ask("ann", "rules.score", card="heet", record=leads[0])


@pytest.mark.requirement("R18")
@given(
    st.lists(st.tuples(st.sampled_from(["visit", "budget", "day", "gone"]), st.integers(0, 9)), max_size=8),
    st.data(),
)
@settings(max_examples=8, deadline=None)
def test_the_score_does_not_depend_on_the_way(steps: list[tuple[str, int]], data: st.DataObject) -> None:
    """However changes come, one by one or several in one transaction, the score at the end is the one that a try of
    the card gives."""
    with trial("sqlite://", HEAT) as app:
        lead = app.create(budget=600)
        visits: list[int] = []
        for what, number in steps:
            if what == "visit":
                with app.host.session(app.host.actor("ann")) as context:
                    for days in range(data.draw(st.integers(1, 3))):
                        at = app.clock.now() - timedelta(days=number + days)
                        made = context.ask("records.create", type="visit", values={"lead": lead, "at": at})
                        visits.append(made["id"])
            elif what == "budget":
                app.update(lead, budget=number * 100)
            elif what == "day":
                app.advance(days=number)
            elif visits:
                app.ask("ann", "records.delete", type="visit", id=visits.pop())
        app.advance(minutes=2)
        tried = app.ask(None, "rules.try_card", card="heat", record=lead)["results"][0]
        assert app.get(lead)["score"] == tried["points"]
