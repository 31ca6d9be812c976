"""What becomes of an answer to a request that a rule made: fields of its record are set, and the run log says so."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from pydantic import Field as Key

from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Rejected, Text
from lowcode.kernel.requests import Answered, answer_values, refusal_values
from lowcode.rules import reasons
from lowcode.rules.actions.request import RequestAction
from lowcode.rules.firing import Outcome, acting_for, log, moment_of
from lowcode.rules.plan import Rule, Step
from lowcode.rules.stages import plan_of
from lowcode.rules.told import plain
from lowcode.rules.waiting import Occasion


class Came(Parameters):
    """The answer to the request of an action, or why it was refused (`reason`)."""

    rule: str
    step: int
    action: int
    asked: tuple[str, str]
    """Connector and operation: the action at this place may be another one by now."""
    record: int
    actor: int | None = None
    values: Mapping[str, Any] = Key(default_factory=dict)
    status: int | None = None
    reason: Text | None = None


def answered(context: Context, params: Came) -> str:
    """Set what the rule sets from the answer. A rule that is another by now, and a record that is gone, are left
    alone; an answer whose values do not fit is a refusal, and so is one whose fields may not be set."""
    found = _action(plan_of(context.app).rules.get(params.rule), params)
    if found is None:
        return "gone"
    rule, step, action = found
    occasion = Occasion(params.record, f"answered {context.now().isoformat()}", params.actor)
    came, started = Answered(params.values, params.status, params.reason), time.perf_counter()
    if came.reason is None:
        try:
            with context.unit.savepoint():
                return _set(context, rule, step, action, occasion, came, started)
        except NotFound:
            return "gone"
        except Rejected as refused:
            came = Answered(came.values, came.status, reasons.of_refusal(refused))
        except ValueError as wrong:
            came = Answered(came.values, came.status, str(wrong))
    return _set(context, rule, step, action, occasion, came, started)


def _action(rule: Rule | None, params: Came) -> tuple[Rule, Step, RequestAction] | None:
    if rule is None or rule.form is None:
        return None
    step = next((each for each in rule.steps if each.number == params.step), None)
    if step is None or params.action >= len(step.actions):
        return None
    action: Any = step.actions[params.action]
    same = isinstance(action, RequestAction) and (action.request.connector, action.request.operation) == params.asked
    return (rule, step, action) if same else None


def _set(
    context: Context, rule: Rule, step: Step, action: RequestAction, occasion: Occasion, came: Answered, started: float
) -> str:  # fmt: skip
    """The fields of the record that the answer, or the refusal, sets."""
    request = action.request
    sets = request.sets if came.reason is None else request.refused
    language = context.app.definition.languages[0]
    more = answer_values(request.types, came) if came.reason is None else refusal_values(came, language)
    acting = acting_for(context, rule, occasion)
    assert occasion.record is not None and rule.form is not None
    facts = acting.facts(rule.form, [occasion.record], list(sets.values())) if sets else {occasion.record: {}}
    if occasion.record not in facts:
        return "gone"
    moment = moment_of(context, acting, occasion)
    values = {name: each.evaluate(facts[occasion.record], moment, **more) for name, each in sets.items()}
    if values:
        acting.ask("records.update", type=rule.form, id=occasion.record, values=values)
    name = f"{request.connector}: {request.operation}"
    told = {"answered": name, "status": came.status, "set": plain(values)}
    if came.reason is not None:
        told["refused"] = came.reason
    log(context, rule, step, occasion, Outcome("done", (told,), reason=came.reason or ""), started)
    return "answered" if came.reason is None else "refused"


OPERATIONS = (Operation("rules.answered", answered, Came, "internal", sealed=True),)
