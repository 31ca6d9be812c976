"""What the designer of rules asks: everything a rule may say is offered with words, a rule as it would be is checked at
its places, and tried for a record with the reason."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from lowcode.rules import words
from lowcode.rules.actions import BUILT_IN
from lowcode.rules.definition import TriggerDocument
from tests.rules.apps import Trial, trial

RULE: dict[str, Any] = {
    "name": "big_lead",
    "title": "A big lead",
    "form": "lead",
    "on": {"created": True},
    "when": 'budget > 500 and grade = "A"',
    "actions": [{"set": {"note": '"call first"'}}],
}


@pytest.fixture
def app(database_url: str) -> Iterator[Trial]:
    """An app with a rule, and somebody who designs."""
    with trial(database_url, RULE) as made:
        made.ask(None, "identity.save_person", login="root", name="Root", roles=["administrator"])
        made.host.forget_directory()
        yield made


def changed(**values: Any) -> dict[str, Any]:
    """The rule with something else in it."""
    return {**copy.deepcopy(RULE), **values}


@pytest.mark.requirement("SP02", "R1")
def test_everything_a_rule_may_say_is_offered_with_words(app: Trial) -> None:
    """Each trigger of the model, each kind of action that the host has, each option and choice of the schema has words;
    what an app has is named by the option that names it."""
    palette = app.ask("root", "rules.rule_palette")
    offered = [each["name"] for each in palette["triggers"]]
    assert sorted(offered) == sorted(TriggerDocument.model_fields.keys() - {"fields"}) == sorted(words.TRIGGERS)
    assert {each["name"] for each in palette["triggers"] if each["alone"]} >= {"schedule", "button", "date"}
    assert [each["name"] for each in palette["kinds"]] == list(words.ACTIONS)
    assert {each.name for each in BUILT_IN} | {"analyse"} == set(words.ACTIONS)
    for each in [*palette["kinds"], *palette["triggers"]]:
        assert each["group"] in words.GROUPS and {"zh-CN", "en"} <= each["title"].keys(), each
    schema = palette["schema"]
    known = {name for part in [schema, *schema["$defs"].values()] for name in part.get("properties", {})}
    spoken = words.OPTIONS.keys() | words.TRIGGERS.keys() | words.ACTIONS.keys()
    units = {"minutes", "hours", "days", "weeks", "months", "years"}
    apart = {"name", "type", "format", "$schema", "actions", "steps"}
    assert known - spoken - units - apart == set()
    assert [each["name"] for each in palette["known"]["rule"]] == ["big_lead"]
    assert {"name": "root", "title": "Root"} in palette["people"]
    assert palette["relations"]["lead"]["visits"] == "visit"


@pytest.mark.requirement("SP02", "X11")
def test_a_rule_is_looked_at_as_it_would_be(app: Trial) -> None:
    """What is wrong is said at its place; what rules that call it may miss is looked at with the app."""
    assert app.ask("root", "rules.check_rule", document=RULE) == {"findings": [], "elsewhere": False}
    assert not app.ask("root", "rules.check_rule", document=changed(when="score > 10"))["elsewhere"]
    assert app.ask("root", "rules.check_rule", document=changed(on={"schedule": {"cron": "0 9 * * *"}}))["elsewhere"]
    found = app.ask("root", "rules.check_rule", document=changed(when="budgett > 1"))
    assert [each["pointer"] for each in found["findings"]] == ["/when"] and "budget" in found["findings"][0]["hint"]
    found = app.ask("root", "rules.check_rule", document=changed(name="another", actions=[{"notify": {"to": []}}]))
    assert found["findings"][0]["pointer"].startswith("/actions/0/notify") and not found["elsewhere"]


@pytest.mark.requirement("R18", "X10")
def test_a_rule_is_tried_before_it_is_published(app: Trial) -> None:
    """For a record: whether it would act, what it would do, and which part of the condition failed. Nothing is done."""
    small, large = app.create(budget=100, grade="A"), app.create(budget=900, grade="A")
    wanted = changed(actions=[{"set": {"note": '"call today"'}}])
    one = app.ask("root", "rules.try_rule", document=wanted, record=large)
    assert one["matches"] and one["steps"][0]["actions"] == [{"set": {"note": "call today"}}]
    other = app.ask("root", "rules.try_rule", document=wanted, record=small)
    assert not other["matches"] and other["steps"][0]["actions"] == []
    assert [(each["text"], each["value"]) for each in other["why"][0]["parts"]] == [
        ("budget > 500", False), ('grade = "A"', True),
    ]  # fmt: skip
    assert app.get(large)["note"] is None
    with pytest.raises(Rejected) as refused:
        app.ask("root", "rules.try_rule", document=changed(when="budgett > 1"), record=large)
    assert [each.pointer for each in refused.value.problems] == ["/document/when"]
