"""What can be asked of rules: press a button, explain a rule, read the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, nearest
from lowcode.kernel.storage import tables as kernel_tables
from lowcode.rules import diagnostics as words
from lowcode.rules import guards
from lowcode.rules import tables as t
from lowcode.rules.batches import operations as batches
from lowcode.rules.firing import fire, prepare
from lowcode.rules.people import linked_in, people_in
from lowcode.rules.plan import OnButton, Rule
from lowcode.rules.reasons import told
from lowcode.rules.stages import plan_of
from lowcode.rules.told import plain
from lowcode.rules.trials.simulate import simulated
from lowcode.rules.waiting import Occasion

LOG = sa.select(t.run).order_by(t.run.c.id.desc()).limit(sa.bindparam("page_limit", type_=sa.Integer))
BEFORE = t.run.c.id < sa.bindparam("before_id", type_=sa.BigInteger)
OF_RULE = t.run.c.rule == sa.bindparam("of_rule")
OF_RECORD = sa.and_(t.run.c.form == sa.bindparam("of_form"), t.run.c.record == sa.bindparam("of_record"))
LOGS = {
    (by_rule, by_record): LOG.where(BEFORE, *([OF_RULE] if by_rule else []), *([OF_RECORD] if by_record else []))
    for by_rule in (False, True)
    for by_record in (False, True)
}
job = kernel_tables.job
FAILED = (
    sa.select(job.c.body, job.c.error, job.c.attempts, job.c.due_at, job.c.state)
    .where(
        job.c.name.in_(("rules.fire", "rules.go_on", "rules.next_piece")),
        job.c.error.is_not(None),
        job.c.state != "done",
    )
    .order_by(job.c.id.desc())
    .limit(200)
)


class Fire(Parameters):
    """A firing that was put off."""

    rule: str
    step: int = 0
    record: int | None = None
    occurrence: str
    actor: int | None = None
    before: Mapping[str, Any] | None = None


class OfRule(Parameters):
    """A rule, by name."""

    rule: str


class Press(OfRule):
    """A person presses the button of a rule on a record."""

    id: int


class Pause(OfRule):
    """Keep a rule from firing, and why."""

    reason: str = Key(min_length=1)


class Explain(OfRule):
    """Why a rule did or did not fire for a record."""

    record: int


class Log(Parameters):
    """What rules did: all of them, of one rule, or for one record; the newest first."""

    rule: str | None = None
    form: str | None = None
    record: int | None = None
    limit: int = Key(50, ge=1, le=500)
    before: int | None = None


def rule_of(context: Context, name: str) -> Rule:
    """The rule of a name. Raises NotFound."""
    rules = plan_of(context.app).rules
    if name not in rules:
        raise NotFound(
            words.problem("no-such-rule", words.NO_SUCH_RULE, "/rule", name=name, near=nearest(name, rules) or "")
        )
    return rules[name]


def run_fire(context: Context, params: Fire) -> str:
    """Fire a rule that was put off; a rule that is no longer there is left alone."""
    rule = plan_of(context.app).rules.get(params.rule)
    if rule is None or all(step.number != params.step for step in rule.steps):
        return "gone"
    occasion = Occasion(params.record, params.occurrence, params.actor, params.before)
    return fire(context, rule, rule.step(params.step), occasion).outcome


def press(context: Context, params: Press) -> Annotated[dict[str, Any], has(outcome=str, actions=list)]:
    """Press a button: the rule fires now, in this transaction, if its condition holds and the person may."""
    rule = rule_of(context, params.rule)
    if not isinstance(rule.trigger, OnButton):
        raise Rejected(words.problem("no-button", words.NO_BUTTON, "/rule", name=rule.name))
    roles = rule.trigger.roles
    if roles is not None and not (roles & context.actor.roles) and not context.actor.is_administrator:
        raise Forbidden(words.problem("not-your-button", words.NOT_YOUR_BUTTON, "/rule"))
    context.ask("records.get", type=rule.form, id=params.id, fields=("id",))
    occasion = Occasion(params.id, f"pressed {context.now().isoformat()}", context.actor.id)
    outcome = fire(context, rule, rule.steps[0], occasion)
    if outcome.outcome == "not_met":
        raise Rejected(words.problem("condition-not-met", words.CONDITION_NOT_MET, "", reason=outcome.reason))
    return {"outcome": outcome.outcome, "actions": list(outcome.actions)}


def run_explain(
    context: Context, params: Explain
) -> Annotated[dict[str, Any], has(rule=str, now=dict | None, why=list, log=list)]:
    """Why a rule did or did not fire for a record: its conditions as they stand, and what the log says of it."""
    rule = rule_of(context, params.rule)
    return {
        "rule": rule.name,
        "title": rule.title,
        "form": rule.form,
        "now": simulated(context, rule, params.record),
        "why": why(context, rule, params.record),
        "log": read_log(context, Log(rule=rule.name, form=rule.form, record=params.record, limit=20))["items"],
    }


def pause_rule(context: Context, params: Pause) -> Annotated[dict[str, Any], has(rule=str, paused=bool)]:
    """Keep a rule from firing until it is resumed. Rules inside a save go on: a save must not change its meaning."""
    rule = rule_of(context, params.rule)
    return {"rule": rule.name, "paused": guards.pause(context, rule, params.reason)}


def resume_rule(context: Context, params: OfRule) -> Annotated[dict[str, Any], has(rule=str, resumed=bool)]:
    """Let a paused rule fire again; what came meanwhile is in the run log and is not made up for."""
    rule = rule_of(context, params.rule)
    resumed = guards.resume(context, rule)
    batches.resume(context, rule.name)
    return {"rule": rule.name, "resumed": resumed}


def paused_rules(context: Context, _: Any) -> list[dict[str, Any]]:
    """The rules that are paused, since when and why."""
    language = context.actor.locale
    return [{**row, "reason": told(row["reason"], language)} for row in context.unit.fetch(guards.ALL_PAUSED)]


def why(context: Context, rule: Rule, record: int) -> list[dict[str, Any]]:
    """Each condition taken apart: every part with its value, and which field was blank."""
    firing = prepare(context, rule, rule.steps[0], Occasion(record, "explained", context.actor.id), simulated=True)
    if firing is None or rule.still is None:
        return []
    return [_parts(rule.still.explain(firing.facts, firing.moment))]


def _parts(trace: Any) -> dict[str, Any]:
    return {
        "text": trace.text,
        "value": plain(trace.value),
        "blanks": list(trace.blanks),
        "parts": [_parts(each) for each in trace.parts],
    }


def read_log(context: Context, params: Log) -> Items:
    """Lines of the run log, and the firings that failed and are tried again or given up."""
    by_record = params.form is not None and params.record is not None
    statement = LOGS[params.rule is not None, by_record]
    items = context.unit.fetch(
        statement,
        page_limit=params.limit,
        before_id=params.before or 2**62,
        of_rule=params.rule,
        of_form=params.form,
        of_record=params.record,
    )
    language = context.actor.locale
    return {
        "items": [{**each, "error": told(each["error"], language)} for each in items],
        "failed": [each for each in _failed(context) if _of(each, params)],
        "labels": _labels(context, items),
        "batches": batches.progress(context, (action for each in items for action in each["actions"])),
        "people": people_in(
            context, ((each["form"], one) for each in items for one in (*each["actions"], *each["conditions"]))
        ),
    }


def _labels(context: Context, items: list[dict[str, Any]]) -> dict[str, dict[int, str]]:
    """What the records of some lines are called, and those in the values they tell of; by form."""
    ids: dict[str, set[int]] = {}
    for each in items:
        if each["form"] in context.app.types and each["record"] is not None:
            ids.setdefault(each["form"], set()).add(each["record"])
        for one in (*each["actions"], *each["conditions"]):
            for form, identity in linked_in(context, each["form"], one):
                if form in context.app.types:
                    ids.setdefault(form, set()).add(identity)
    asked = {form: tuple(sorted(found)) for form, found in ids.items()}
    return {form: context.as_app().ask("records.label", type=form, ids=found) for form, found in asked.items()}


def _failed(context: Context) -> list[dict[str, Any]]:
    return [
        {
            "rule": row["body"].get("rule"),
            "record": row["body"].get("record"),
            "step": row["body"].get("step"),
            "error": row["error"],
            "attempts": row["attempts"],
            "state": row["state"],
            "next_at": row["due_at"],
        }
        for row in context.unit.fetch(FAILED)
    ]


def _of(failed: Mapping[str, Any], params: Log) -> bool:
    return (params.rule in (None, failed["rule"])) and (params.record in (None, failed["record"]))


OPERATIONS = (
    Operation("rules.fire", run_fire, Fire, "internal", summary={"en": "Fire a rule", "zh-CN": "执行规则"}),
    Operation("rules.press", press, Press, summary={"en": "Press a rule's button", "zh-CN": "点击规则按钮"}),
    Operation(
        "rules.explain", run_explain, Explain, "administrator", False,
        {"en": "Why a rule did or did not fire", "zh-CN": "规则为何执行或未执行"},
    ),
    Operation("rules.pause", pause_rule, Pause, "administrator", summary={"en": "Pause a rule", "zh-CN": "暂停规则"}),
    Operation(
        "rules.resume", resume_rule, OfRule, "administrator", summary={"en": "Resume a rule", "zh-CN": "恢复规则"}
    ),
    Operation(
        "rules.paused", paused_rules, access="administrator", writes=False,
        summary={"en": "Paused rules", "zh-CN": "已暂停的规则"},
    ),
    Operation("rules.log", read_log, Log, "administrator", False, {"en": "What rules did", "zh-CN": "规则执行记录"}),
)  # fmt: skip
