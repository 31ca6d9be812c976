"""What the designer of score cards asks: the card as it would be is looked at and tried, how it was comes back, and the
records it scores follow it while one looks."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.publishing import former
from lowcode.rules.scores import keeping
from tests.rules.apps import Trial, trial
from tests.rules.test_scores import HEAT as WRITTEN
from tests.rules.test_scores import visit

HEAT: dict[str, Any] = dict(WRITTEN)
PATH = "rules/heat.json"


@pytest.fixture
def app(database_url: str) -> Iterator[Trial]:
    """An app with a card, and somebody who designs."""
    with trial(database_url, HEAT) as made:
        made.ask(None, "identity.save_person", login="root", name="Root", roles=["administrator"])
        made.host.forget_directory()
        yield made


def changed(**values: Any) -> dict[str, Any]:
    """The card with something else in it."""
    return {**copy.deepcopy(HEAT), **values}


def publish(app: Trial, document: dict[str, Any]) -> None:
    """Look, and do."""
    seen = app.ask("root", "app.plan", documents={PATH: document})
    assert seen["findings"] == []
    app.ask("root", "app.publish", documents={PATH: document}, plan=seen["plan"], allow=seen["consents"])


@pytest.mark.requirement("SR17", "X11")
def test_a_card_is_looked_at_as_it_would_be(app: Trial) -> None:
    """Nothing is wrong with it as it is; what is wrong is said at its place; another field or band may be missed
    elsewhere, other points are nobody else's."""
    assert app.ask("root", "rules.check_score", document=HEAT) == {
        "findings": [], "elsewhere": False, "scores": "score",
    }  # fmt: skip
    parts = copy.deepcopy(HEAT["attributes"])
    parts[0]["cases"][0]["points"] = 50
    assert not app.ask("root", "rules.check_score", document=changed(attributes=parts))["elsewhere"]
    assert app.ask("root", "rules.check_score", document=changed(bands=[{"name": "hot", "from": 10}]))["elsewhere"]
    parts[0]["cases"][0]["when"] = "budgett >= 1"
    found = app.ask("root", "rules.check_score", document=changed(attributes=parts))
    assert [each["pointer"] for each in found["findings"]] == ["/attributes/0/cases/0/when"]
    assert "budget" in found["findings"][0]["hint"] and found["scores"] is None
    with pytest.raises(Rejected) as refused:
        app.ask("root", "rules.try_score", document=changed(attributes=parts))
    assert ["/document/attributes/0/cases/0/when"] == [each.pointer for each in refused.value.problems]
    found = app.ask("root", "rules.check_score", document={"name": "heat", "type": "score_card", "form": "lead"})
    assert found["findings"] and found["elsewhere"]
    (told,) = app.ask("root", "rules.scores")["items"]
    assert (told["card"], told["form"], told["parts"]) == ("heat", "lead", 3)
    assert app.ask("root", "rules.score_palette")["relations"]["lead"]["visits"] == "visit"


@pytest.mark.requirement("SR17", "R18", "X8")
def test_a_card_is_tried_before_it_is_published(app: Trial) -> None:
    """For a record with every contribution, and for a set: who would change band. Nothing of it is kept."""
    small, large = app.create(budget=150, company="Small"), app.create(budget=900, grade="A", company="Large")
    visit(app, small)
    app.settle()
    bands = [{"name": "hot", "from": 60}, {"name": "warm", "from": 30}, {"name": "cold"}]
    behaviours = [{**HEAT["behaviours"][0], "points": "15"}]
    wanted = changed(bands=bands, behaviours=behaviours)
    one = app.ask("root", "rules.try_score", document=wanted, record=small)["results"]
    assert [(each["points"], each["band"], each["had"], each["band_had"], each["label"]) for each in one] == [
        (35, "warm", 30, "cold", "Small")
    ]
    assert {each["part"]: each["points"] for each in one[0]["contributions"]} == {
        "budget": "20.00", "grade": "0.00", "visits": "15.00",
    }  # fmt: skip
    all_ = app.ask("root", "rules.try_score", document=wanted)
    assert (all_["looked_at"], all_["bands"], all_["bands_had"]) == (
        2, {"hot": 1, "warm": 1}, {"warm": 1, "cold": 1},
    )  # fmt: skip
    assert {each["record"] for each in all_["results"] if each["band"] != each["band_had"]} == {small, large}
    assert 1 == app.ask("root", "rules.try_score", document=wanted, where="budget > 500")["looked_at"]
    assert app.get(small)["heat"] == "cold"


@pytest.mark.requirement("SR22", "R18")
def test_records_follow_a_changed_card(app: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is published is worked off in pieces; how much is left is told meanwhile."""
    monkeypatch.setattr(keeping, "PAGE", 2)
    leads = [app.create(budget=600) for _ in range(5)]
    app.settle()
    assert app.ask("root", "rules.score_progress", card="heat") == {
        "card": "heat", "model": None, "records": 5, "left": 0,
    }  # fmt: skip
    parts = copy.deepcopy(HEAT["attributes"])
    parts[0]["cases"][0]["points"] = 75
    publish(app, changed(attributes=parts))
    assert app.ask("root", "rules.score_progress", card="heat")["left"] == 5
    app.advance(minutes=2)
    assert app.ask("root", "rules.score_progress", card="heat")["left"] == 0
    assert {(app.get(each)["score"], app.get(each)["heat"]) for each in leads} == {(75, "hot")}


@pytest.mark.requirement("SR17")
def test_how_a_card_was(app: Trial) -> None:
    """Every version in which it changed, in words, with its text; a version in which something else changed is not
    among them; an old one is published again as any other document."""
    parts = copy.deepcopy(HEAT["attributes"])
    parts[0]["cases"][0]["points"] = 75
    publish(app, changed(attributes=parts))
    other = {"rules/other.json": {"name": "other", "form": "lead", "on": {"created": True}, "actions": [
        {"set": {"note": '"x"'}}]}}  # fmt: skip
    seen = app.ask("root", "app.plan", documents=other)
    app.ask("root", "app.publish", documents=other, plan=seen["plan"], allow=seen["consents"])
    publish(app, changed(attributes=parts, title={"en": "Heat", "zh-CN": "热度"}))
    items = app.ask("root", "app.document_versions", path=PATH)["items"]
    assert [(each["version"], each["by"]) for each in items] == [(4, "Root"), (2, "Root"), (1, None)]
    assert "75" in items[1]["changes"][0]["en"] and items[2]["changes"] == []
    assert json.loads(items[2]["document"]) == HEAT
    publish(app, json.loads(items[2]["document"]))
    (newest,) = app.ask("root", "app.document_versions", path=PATH, limit=1)["items"]
    assert json.loads(newest["document"]) == HEAT
    assert app.ask("root", "app.document_versions", path="rules/none.json")["items"] == []


def test_the_oldest_that_is_looked_at_is_not_the_first(app: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """Versions in which a card stayed as it was are no beginning of it, however few are looked through."""
    publish(app, changed(title={"en": "Heat", "zh-CN": "热度"}))
    publish(app, changed(title={"en": "Warmth", "zh-CN": "热度"}))
    monkeypatch.setattr(former, "LOOKED_AT", 2)
    items = app.ask("root", "app.document_versions", path=PATH)["items"]
    assert [(each["version"], bool(each["changes"])) for each in items] == [(3, True), (2, True)]
    monkeypatch.setattr(former, "LOOKED_AT", 1)
    for number in range(2):
        other = {f"rules/other_{number}.json": {"name": f"other_{number}", "form": "lead", "on": {"created": True},
                 "actions": [{"set": {"note": '"x"'}}]}}  # fmt: skip
        seen = app.ask("root", "app.plan", documents=other)
        app.ask("root", "app.publish", documents=other, plan=seen["plan"], allow=seen["consents"])
    assert app.ask("root", "app.document_versions", path=PATH)["items"] == []


@pytest.mark.parametrize(
    "path", [f'{PATH}"x', f'{PATH}"[0', '"', "", "rules/'x'; --.json", "$.documents", "rules\\heat.json"]
)
def test_a_path_is_no_language(app: Trial, path: str) -> None:
    """What is asked for is a name; of one that no document has there is nothing to tell."""
    assert app.ask("root", "app.document_versions", path=path)["items"] == []


def test_only_administrators_design(app: Trial) -> None:
    """A draft may name every field of a form."""
    for operation, asked in (
        ("rules.check_score", {"document": HEAT}), ("rules.try_score", {"document": HEAT}), ("rules.scores", {}),
        ("rules.score_palette", {}), ("rules.score_progress", {"card": "heat"}),
        ("app.document_versions", {"path": PATH}),
    ):  # fmt: skip
        with pytest.raises(Forbidden):
            app.ask("ann", operation, **asked)
