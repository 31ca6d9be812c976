"""Scores learned from the past: how good a model is, who adopts it, and why a record scores as it does."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.rules.scores.judging import area_under, judged
from lowcode.rules.scores.scorers.kind import Example
from lowcode.rules.scores.scorers.logistic import LOGISTIC
from tests.rules.apps import Trial, findings, trial

CARD: dict[str, Any] = {
    "name": "likely", "type": "score_card", "form": "lead", "field": "score", "band_field": "heat",
    "attributes": [
        {"name": "size", "cases": [{"when": "budget >= 1000", "points": 0}, {"when": "budget > 0", "points": 0}]},
        {"name": "place", "cases": [{"when": 'province = "shanghai"', "points": 0}]},
    ],
    "learned": {
        "name": "likelihood", "outcome": 'stage = "won"', "settled": 'stage in ("won", "lost")', "points": 100,
    },
    "bands": [{"name": "hot", "from": 60}, {"name": "warm", "from": 30}, {"name": "cold"}],
}  # fmt: skip


def history(app: Trial, count: int, *, signal: bool = True) -> None:
    """Leads that are won or lost: big ones mostly won, small ones mostly lost (or, without `signal`, by chance)."""
    dice = random.Random(7)
    with app.host.session() as context:
        for number in range(count):
            big, near = number % 2 == 0, number % 3 == 0
            chance = (0.75 if big else 0.2) if signal else 0.5
            values = {"budget": 5000 if big else 10, "province": "shanghai" if near else "beijing"}
            made = context.ask("records.create", type="lead", values=values)
            stage = "won" if dice.random() < chance else "lost"
            context.ask("records.update", type="lead", id=made["id"], values={"stage": stage})


@pytest.mark.requirement("SR20", "X11", "R19")
def test_a_score_is_learned_judged_adopted_and_explained(database_url: str) -> None:
    """A model is learned with an honest report; nothing changes until a person adopts it; then every record is scored
    by it, with what each attribute adds; a later model can be tried and the former taken back."""
    with trial(database_url, CARD) as app:
        app.ask(None, "identity.save_person", login="root", name="Root", roles=["administrator"])
        app.host.forget_directory()
        history(app, 240)
        open_lead = app.create(budget=9000, province="beijing")
        small = app.create(budget=1, province="beijing")
        report = app.ask("root", "rules.learn", card="likely")
        assert (report["number"], report["examples"], report["of_use"]) == (1, 240, True)
        assert 0.65 < report["area"] < 0.9
        assert report["brier"] < report["brier_of_base_rate"]
        assert sum(each["records"] for each in report["calibration"]) == 240
        app.advance(minutes=2)
        assert app.get(open_lead)["score"] == 0
        app.ask("root", "rules.adopt_model", card="likely", number=1)
        app.advance(minutes=2)
        assert app.get(open_lead)["heat"] == "hot" and app.get(small)["heat"] == "cold"
        why = app.ask("ann", "rules.score", card="likely", record=open_lead)
        assert why["version"].endswith(".1")
        (learned,) = [each for each in why["contributions"] if each["sort"] == "learned"]
        assert learned["points"] == learned["raw"] and float(learned["points"]) > 60
        (reason,) = learned["reasons"]
        assert reason["model"] == 1 and reason["log_odds"]["size"].startswith("+")
        app.update(open_lead, budget=2)
        assert app.get(open_lead)["heat"] == "cold"
        app.ask("root", "rules.adopt_model", card="likely", number=0)
        app.advance(minutes=2)
        assert app.get(open_lead)["score"] == 0
        (model,) = app.ask("root", "rules.models", card="likely")["items"]
        assert (model["number"], model["by"], model["adopted_by"], model["in_use"]) == (1, "Root", "Root", False)
        assert model["given_up_at"] > model["adopted_at"]
        assert model["effects"][0]["case"] == "budget >= 1000" and model["effects"][0]["odds"] > 2
        (card,) = app.ask("root", "rules.learning")["items"]
        assert (card["card"], card["records"], card["least"], card["in_use"]) == ("likely", 240, 100, None)
        for refused, operation, asked in (
            (Forbidden, "rules.learn", {}), (NotFound, "rules.adopt_model", {"number": 9}),
        ):  # fmt: skip
            with pytest.raises(refused):
                app.ask("ann" if refused is Forbidden else "root", operation, card="likely", **asked)
        with pytest.raises(NotFound):
            app.ask("root", "rules.learn", card="nothing")


@pytest.mark.requirement("SR20")
def test_too_little_history_is_refused_and_chance_is_called_chance() -> None:
    """Ninety records are too few; and where nothing can be learned the report says that it is of no use."""
    with trial("sqlite://", CARD) as app:
        history(app, 90, signal=False)
        with pytest.raises(Rejected, match="too little history"):
            app.ask(None, "rules.learn", card="likely")
        history(app, 120, signal=False)
        assert app.ask(None, "rules.learn", card="likely")["of_use"] is False


def test_an_unknown_scorer_is_refused() -> None:
    """The nearest is named."""
    wrong = {**CARD, "learned": {**CARD["learned"], "scorer": "logistik"}}
    (found,) = [each for each in findings(wrong) if each.severity == "error"]
    assert (found.code, found.place.pointer) == ("rules.unknown-scorer", "/learned/scorer")
    assert "logistic" in f"{found.message} {found.hint}"


def test_the_weights_are_those_of_the_odds() -> None:
    """One case with known odds: what is learned is what was put in, less a little for the penalty."""
    examples = [Example({"a": "x"}, at % 4 > 0) for at in range(400)] + [
        Example({"a": "y"}, at % 4 == 0) for at in range(400)
    ]
    model = LOGISTIC.learn(examples)
    assert LOGISTIC.predict(model, {"a": "x"}).probability == pytest.approx(0.75, abs=0.01)
    assert LOGISTIC.predict(model, {"a": "y"}).probability == pytest.approx(0.25, abs=0.01)
    assert LOGISTIC.predict(model, {"a": "new"}).probability == pytest.approx(0.5, abs=0.02)


FEATURES = st.fixed_dictionaries({
    "a": st.sampled_from(["x", "y", "z", None]), "n": st.one_of(st.none(), st.floats(-1e6, 1e6, allow_nan=False)),
})  # fmt: skip


@given(st.lists(st.tuples(FEATURES, st.booleans()), min_size=10, max_size=60))
def test_any_history_gives_a_model(rows: list[tuple[Any, bool]]) -> None:
    """Whatever the records: the same model twice, likelihoods between 0 and 1, and parts that add up to it."""
    examples = [Example(features, outcome) for features, outcome in rows]
    model = LOGISTIC.learn(examples)
    assert model == LOGISTIC.learn(examples)
    for each in examples:
        found = LOGISTIC.predict(model, each.features)
        assert 0 <= found.probability <= 1
        assert set(found.parts) == set(each.features)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=40))
def test_the_area_is_the_share_of_pairs_in_order(pairs: list[tuple[float, bool]]) -> None:
    """Counted by hand over every pair."""
    won = [said for said, outcome in pairs if outcome]
    lost = [said for said, outcome in pairs if not outcome]
    points = [(1.0 if a > b else 0.5 if a == b else 0.0) for a in won for b in lost]
    expected = sum(points) / len(points) if points else 0.5
    found = area_under([said for said, _ in pairs], [outcome for _, outcome in pairs])
    assert found == pytest.approx(expected)
    assert judged(LOGISTIC, [Example({"n": said}, outcome) for said, outcome in pairs])["examples"] == len(pairs)
