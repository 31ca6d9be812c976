"""Rules that a change cannot set off are not asked, and leaving them out changes no answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.kernel.expressions import Moment
from lowcode.rules import sieving
from lowcode.rules.plan import Rule, Watch
from lowcode.rules.run import Save, goes_off, matching
from lowcode.rules.sieving import Sieve
from tests.rules.apps import rule
from tests.rules.test_triggers import plan_of

TASK: dict[str, Any] = {"create": {"form": "task", "values": {"title": '"x"'}}}
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
RULES = (
    rule("big", {"becomes": "budget > 100"}, TASK),
    rule("big_a", {"becomes": 'grade = "A"'}, TASK, when="budget > 100"),
    rule("each", {"becomes": "budget > 100"}, TASK, repeat="each_time"),
    rule("late", {"becomes": "birthday < TODAY()"}, TASK),
    rule("grew", {"becomes": "budget > COALESCE(OLD(budget), 0)"}, TASK),
    rule("any", {"updated": True}, TASK),
    rule("whenever", {"updated": True}, TASK, when='grade = "A"'),
    rule("moved", {"updated": True, "fields": ["grade", "note"]}, TASK, when="budget > 100"),
    rule("left", {"left": {"field": "stage", "state": "new"}}, TASK),
    rule("came", {"entered": {"field": "stage", "state": ["won", "lost"]}}, TASK, when="note is blank"),
    rule("gold", {"becomes": 'account.level = "gold"'}, TASK),
    rule("visits", {"becomes": "COUNT(visits) > 1 and budget > 100"}, TASK),
    *(rule(f"note_{each}", {"becomes": f'note = "{each}"'}, TASK) for each in "abcde"),
)
WATCH = plan_of(*RULES).after["lead", "update"]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "budget": st.none() | st.integers(0, 200).map(Decimal),
    "grade": st.none() | st.sampled_from("AB"),
    "birthday": st.none() | st.sampled_from([date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)]),
    "stage": st.sampled_from(["new", "won", "lost"]),
    "note": st.none() | st.sampled_from("abcde"),
    "account": st.none() | st.integers(1, 2),
}
LEVELS = {1: "gold", 2: "plain", None: None}


def complete(values: Mapping[str, Any], _: Any) -> dict[str, Any]:
    """What is read of records around it."""
    return {**values, "account.level": LEVELS[values["account"]], "visits": [{"at": NOW}] * 3}


def save_of(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Save, Moment]:
    """A save, and when it is looked at."""
    changed = frozenset(name for name in after if after[name] != before[name])
    return Save("update", after, before, changed), Moment(now=NOW, old=before, is_new=False, changed=changed)


def all_asked(watch: Watch, save: Save, moment: Moment) -> list[Rule]:
    """The same, with every rule asked."""
    return [
        each for each in watch.rules
        if (each.gate is None or each.gate.test(complete(save.values, each.gate), moment))
        and goes_off(each, save, moment, complete)
    ]  # fmt: skip


@given(st.fixed_dictionaries(VALUES), st.fixed_dictionaries({}, optional=VALUES))
def test_what_is_left_out_would_not_have_gone_off(before: dict[str, Any], changes: dict[str, Any]) -> None:
    """Whatever changed: the rules that go off are those that do when all are asked, in the same order."""
    save, moment = save_of(before, {**before, **changes})
    assert [each.name for each in all_asked(WATCH, save, moment)] == [
        each.name for each in matching(WATCH, save, moment, complete)
    ]


@given(st.sets(st.sampled_from(sorted(VALUES))))
def test_no_more_rules_are_asked_than_read_what_changed(changed: set[str]) -> None:
    """A rule on other fields is not among those left, nor one of no field that changed; what reads around is."""
    left = {each.name for sieve in (WATCH.own_left, WATCH.linked_left) for each in sieve(frozenset(changed))}
    assert {"any", "each", "visits"} <= left
    for name, reads in (
        ("big", {"budget"}), ("big_a", {"grade"}), ("late", {"birthday"}), ("grew", {"budget"}), ("gold", {"account"}),
        ("moved", {"grade", "note"}), ("whenever", {"grade"}), ("left", {"stage"}), ("came", {"stage"}),
        ("note_a", {"note"}),
    ):  # fmt: skip
        assert (name in left) == bool(reads & changed), name


def test_links_are_not_followed_in_vain() -> None:
    """A condition over a linked record is asked when the link changes, and is not loaded for any other change."""
    before = {"budget": Decimal(1), "grade": None, "birthday": None, "stage": "new", "note": None, "account": 1}
    loaded: list[str] = []

    def counting(values: Mapping[str, Any], expression: Any) -> dict[str, Any]:
        loaded.append(expression.text)
        return complete(values, expression)

    watch = plan_of(*(each for each in RULES if each["name"] == "gold")).after["lead", "update"]
    matching(watch, *save_of(before, {**before, "budget": Decimal(7)}), counting)
    assert [] == loaded
    (found,) = matching(watch, *save_of({**before, "account": 2}, before), counting)
    assert (found.name, len(loaded)) == ("gold", 2)


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app whose fields change in ever other company keeps no more than so many answers, and they are right."""
    monkeypatch.setattr(sieving, "KEPT", 4)
    sieve = Sieve((*WATCH.own, *WATCH.linked), None)
    names = ("grade", "note", "stage")
    seen = set()
    for at in range(2 ** len(names)):
        changed = frozenset(name for bit, name in enumerate(names) if at >> bit & 1)
        assert sieve(changed) == Sieve((*WATCH.own, *WATCH.linked), None)(changed)
        seen.add(len(sieve._known))
    assert max(seen) == 4
