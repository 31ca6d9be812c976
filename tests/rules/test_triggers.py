"""Which saves set a rule off: the cases of the corpus, pure, without a database."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.app import compile_app
from lowcode.forms.engine import Forms
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Moment
from lowcode.kernel.operations import kernel_operations
from lowcode.rules.engine import Rules
from lowcode.rules.plan import RulesPlan
from lowcode.rules.run import Save, matching
from tests.rules.apps import documents, rule

CASES = json.loads((Path(__file__).parent.parent / "conformance" / "rules" / "triggers.json").read_text("utf-8"))
BLANK: dict[str, Any] = {"grade": None, "budget": None, "stage": None, "note": None}


def plan_of(*rules: dict[str, Any]) -> RulesPlan:
    """The plan of some rules on leads."""
    report = Report()
    app = compile_app(load(documents(rules), report), [Forms(), Rules()], kernel_operations(), report=report)
    assert app is not None, str(report)
    plan = app.plans["rules"]
    assert isinstance(plan, RulesPlan)
    return plan


def record(written: dict[str, Any]) -> dict[str, Any]:
    """A record of the corpus as Python has it."""
    budget = written.get("budget")
    return {**BLANK, **written, "budget": Decimal(budget) if budget is not None else None}


def fires(plan: RulesPlan, written: dict[str, Any]) -> list[str]:
    """The rules a save of the corpus sets off."""
    before = record(written["before"]) if "before" in written else None
    kind = written.get("kind", "create" if before is None else "update")
    values = record(written["values"]) if "values" in written else dict(before or {})
    watch = plan.after.get(("lead", kind))
    changed = frozenset(name for name, each in values.items() if each != (before or BLANK)[name])
    moment = Moment(now=datetime(2026, 3, 2, tzinfo=UTC), old=before, is_new=before is None, changed=changed)
    save = Save(kind, values, before, changed)
    return [each.name for each in matching(watch, save, moment, lambda facts, _: facts)] if watch is not None else []


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R2")
@pytest.mark.parametrize("case", CASES, ids=lambda each: each["title"])
def test_the_corpus(case: dict[str, Any]) -> None:
    """Each save fires the rule or does not."""
    more = {key: case[key] for key in ("when", "repeat") if key in case}
    plan = plan_of(rule("it", case["on"], {"set": {"former_owner": "owner"}}, **more))
    assert [bool(fires(plan, save)) for save in case["saves"]] == [save["fires"] for save in case["saves"]]


def corpus_rule(at: int) -> dict[str, Any]:
    """The rule of one case, with a name and a priority of its own."""
    case = CASES[at]
    more = {key: case[key] for key in ("when", "repeat") if key in case}
    return rule(f"r{at:02}", case["on"], {"set": {"former_owner": "owner"}}, priority=at % 3, **more)


ALONE = [plan_of(corpus_rule(at)) for at in range(len(CASES))]
ALL = plan_of(*(corpus_rule(at) for at in range(len(CASES))))
values = st.fixed_dictionaries(
    {
        "grade": st.sampled_from([None, "A", "B", "C"]),
        "budget": st.sampled_from([None, "5", "11", "12"]),
        "stage": st.sampled_from(["new", "won", "lost"]),
        "note": st.sampled_from([None, "a", "b"]),
    }
)


@settings(max_examples=200, deadline=None)
@given(st.none() | values, values)
def test_many_rules_fused_are_each_rule_alone(before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    """What a save sets off does not depend on which other rules are armed; the order is that of priority, then name."""
    save = {"values": after, **({"before": before} if before is not None else {})}
    together = fires(ALL, save)
    assert together == sorted(together, key=lambda name: (int(name[1:]) % 3, name))
    assert set(together) == {f"r{at:02}" for at in range(len(CASES)) if fires(ALONE[at], save)}
