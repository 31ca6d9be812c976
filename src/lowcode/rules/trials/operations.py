"""What can be asked to try rules out: `rules.simulate`, `rules.simulate_assignment`, `rules.backtest`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field as Key
from pydantic import model_validator

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, Report, nearest
from lowcode.rules import diagnostics as words
from lowcode.rules.compile import compile_draft
from lowcode.rules.people import people_in
from lowcode.rules.plan import OnButton, OnEvent, Rule
from lowcode.rules.stages import plan_of
from lowcode.rules.trials.backtest import backtest
from lowcode.rules.trials.replay import Stretch
from lowcode.rules.trials.simulate import assigned, simulated

MONTH = timedelta(days=30)


class OfTried(Parameters):
    """A rule of the app, armed or not, or a draft of one that is not in the app yet."""

    rule: str | None = None
    draft: Mapping[str, Any] | None = None

    @model_validator(mode="after")
    def _one(self) -> OfTried:
        if (self.rule is None) == (self.draft is None):
            raise Unfit(
                "name a 'rule' of the app, or give a 'draft' of one", "请用 rule 指定应用中的规则，或用 draft 给出草稿"
            )
        return self


class Simulate(OfTried):
    """Try a rule out: on one record, or on the records for which `where` holds."""

    record: int | None = None
    where: str | None = None
    limit: int = Key(100, ge=1, le=1000)


class SimulateAssignment(Simulate):
    """The same of whom records are given to; `matching`: only those that would set the rule off now."""

    matching: bool = False


class Backtest(OfTried):
    """Replay a rule over a stretch of the past; the last thirty days unless said. `limit`: records looked at."""

    since: datetime | None = None
    until: datetime | None = None
    limit: int = Key(1000, ge=1, le=10_000)


def tried_rule(context: Context, params: OfTried) -> Rule:
    """The rule to be tried. Raises NotFound, and Rejected with everything that is wrong with a draft."""
    plan = plan_of(context.app)
    if params.draft is None:
        rules = {**plan.disarmed, **plan.rules}
        name = params.rule or ""
        if name not in rules:
            near = nearest(name, rules) or ""
            raise NotFound(words.problem("no-such-rule", words.NO_SUCH_RULE, "/rule", name=name, near=near))
        return rules[name]
    engine = next(each for each in context.app.engines if each.name == "rules")
    found = compile_draft(params.draft, context.app.scope, engine.kinds, plan)
    if isinstance(found, Report):
        raise Rejected([Problem(each.code, each.text, f"/draft{each.place.pointer}") for each in found])
    assert isinstance(found, Rule)
    return found


def simulate(
    context: Context, params: Simulate
) -> Annotated[dict[str, Any], has(rule=str, looked_at=int, matching=list[int], results=list)]:
    """What a rule would do now; nothing is changed, nobody is told."""
    rule = tried_rule(context, params)
    if rule.form is None:
        alone = [simulated(context, rule, None)]
        return {"rule": rule.name, "looked_at": 0, "matching": [], "results": alone, **called(context, rule, alone)}
    ids = _ids(context, rule, params)
    results = [simulated(context, rule, each) for each in ids]
    matched = [each["record"] for each in results if each["matches"]]
    named = called(context, rule, results)
    return {"rule": rule.name, "looked_at": len(ids), "matching": matched, "results": results, **named}


def called(context: Context, rule: Rule, results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What the records and people of a trial are called."""
    ids = tuple(each["record"] for each in results if each["record"] is not None)
    actions = [each for result in results for step in result["steps"] for each in step.get("actions", ())]
    labels = context.ask("records.label", type=rule.form, ids=ids) if rule.form is not None and ids else {}
    return {"labels": labels, "people": people_in(context, ((rule.form, each) for each in actions))}


def simulate_assignment(
    context: Context, params: SimulateAssignment
) -> Annotated[dict[str, Any], has(rule=str, results=list, people=list)]:
    """To whom a rule would give records one after the other, why, and how many each person would get."""
    rule = tried_rule(context, params)
    ids = sorted(_ids(context, rule, params))
    if params.matching:
        ids = [each for each in ids if simulated(context, rule, each)["matches"]]
    labels = context.ask("records.label", type=rule.form, ids=tuple(ids)) if ids else {}
    return {**assigned(context, rule, ids), "labels": labels}


def _ids(context: Context, rule: Rule, params: Simulate) -> list[int]:
    if params.record is not None:
        return [params.record]
    page = context.ask(
        "records.list", type=rule.form, where=params.where, fields=("id",), limit=params.limit, sort=("-id",)
    )
    return [row["id"] for row in page["items"]]


def run_backtest(
    context: Context, params: Backtest
) -> Annotated[
    dict[str, Any],
    has(rule=str, since=str, until=str, looked_at=int, firings=list, count=int, records=int, actions=dict),
]:
    """What a rule would have done in a stretch of the past: the records, the messages, the reassignments."""
    rule = tried_rule(context, params)
    if rule.form is None or isinstance(rule.trigger, (OnButton, OnEvent)):
        raise Rejected(words.problem("nothing-to-replay", words.NOTHING_TO_REPLAY, "/rule", rule=rule.name))
    until = params.until or context.now()
    return backtest(context, rule, Stretch(params.since or until - MONTH, until), params.limit)


OPERATIONS = (
    Operation(
        "rules.simulate", simulate, Simulate, "administrator", False, {"en": "Try a rule out", "zh-CN": "试运行规则"}
    ),
    Operation(
        "rules.simulate_assignment", simulate_assignment, SimulateAssignment, "administrator", False,
        {"en": "Try an assignment out", "zh-CN": "试算分配"},
    ),
    Operation(
        "rules.backtest", run_backtest, Backtest, "administrator", False,
        {"en": "Test a rule on the past", "zh-CN": "规则回测"},
    ),
)  # fmt: skip
