"""Rules tried out on records as they are: what they would do now, and whom they would give a row of records to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.identity import org
from lowcode.rules.assigning import AssignAction, Assignment, Rehearsal
from lowcode.rules.firing import prepare, preview
from lowcode.rules.plan import OnDate, OnInactive, Rule, Step
from lowcode.rules.reasons import NO_RECORD
from lowcode.rules.run import due_at, told_conditions
from lowcode.rules.waiting import Occasion


def simulated(context: Context, rule: Rule, record: int | None) -> dict[str, Any]:
    """What a rule would do now for a record; nothing is changed, nobody is told."""
    steps = [_simulated_step(context, rule, step, record) for step in rule.steps]
    return {"record": record, "matches": any(step["matches"] for step in steps), "steps": steps}


def _simulated_step(context: Context, rule: Rule, step: Step, record: int | None) -> dict[str, Any]:
    firing = prepare(context, rule, step, Occasion(record, "simulated", context.actor.id), simulated=True)
    if firing is None:
        return {"step": step.number, "matches": False, "reason": localized(NO_RECORD, context.actor.locale)}
    conditions = told_conditions(rule, step, firing.facts, firing.moment)
    due = due_at(rule, step, firing.facts, firing.moment)
    timely = not isinstance(rule.trigger, OnInactive) or (due is not None and due <= firing.moment.now)
    if isinstance(rule.trigger, OnDate):
        timely = due is not None
    matches = timely and all(each["met"] for each in conditions)
    return {
        "step": step.number,
        "matches": matches,
        "due_at": due.isoformat() if due is not None else None,
        "conditions": conditions,
        "actions": preview(firing, step) if matches else [],
    }


def assigned(context: Context, rule: Rule, records: Sequence[int]) -> dict[str, Any]:
    """To whom a rule would give records one after the other: turns and loads go on from one to the next, and nothing
    is written. `people` says how many each would get."""
    rehearsal = Rehearsal()
    results = []
    shares: Counter[int | None] = Counter()
    for record in records:
        for step in rule.steps:
            actions = [each for each in step.actions if isinstance(each, AssignAction)]
            if not actions:
                continue
            firing = prepare(context, rule, step, Occasion(record, "simulated", context.actor.id), simulated=True)
            if firing is None:
                continue
            for action in actions:
                found = action.rehearsed(firing, rehearsal)
                user = found.choice.user
                if user is not None:
                    rehearsal.given[user] = rehearsal.given.get(user, 0) + 1
                shares[user] += 1
                results.append({"record": record, **_said(found, context.actor.locale), "name": _name(context, user)})
    people = [{"user": user, "name": _name(context, user), "records": count} for user, count in shares.most_common()]
    return {"rule": rule.name, "results": results, "people": people}


def _said(found: Assignment, language: str | None) -> dict[str, Any]:
    """What an assignment tells, its reasons in one language."""
    told = dict(found.told())
    passed = {user: localized(each, language) for user, each in told["passed_over"].items()}
    return {**told, "reason": localized(told["reason"], language), "passed_over": passed}


def _name(context: Context, user: int | None) -> str | None:
    found = org.user(context, user) if user is not None else None
    return found.name if found is not None else None
