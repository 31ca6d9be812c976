"""The steps rules lend to every save: set (200), refuse (350, after formulas are computed anew), watch (500)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lowcode.kernel.contract import Change, Context, PutOff, Stage, StageRun, Wanted, Work
from lowcode.kernel.records.completing import complete, lacks
from lowcode.kernel.records.facts import needs_of
from lowcode.kernel.records.plan import Follower
from lowcode.kernel.records.rounding import rounded
from lowcode.rules.actions.kind import Action, Effect, Firing
from lowcode.rules.actions.refuse import Refusal
from lowcode.rules.actions.set import SetFields
from lowcode.rules.firing import own_needs, plain_before, stop
from lowcode.rules.plan import Rule, RulesPlan, Step, Watch
from lowcode.rules.reasons import EXIT, filled
from lowcode.rules.run import Completing, Save, fingerprint, goes_off, in_circle, matching
from lowcode.rules.schedules.spans import working_of
from lowcode.rules.schedules.windows import mark_of
from lowcode.rules.waiting import Occasion

if TYPE_CHECKING:
    from lowcode.kernel.records.plan import RecordType


def plan_of(app: Any) -> RulesPlan:
    """The plan of this engine in an app."""
    plan = app.plans["rules"]
    assert isinstance(plan, RulesPlan)
    return plan


def _watches(app: Any, record_type: RecordType, phase: str) -> dict[str, Watch]:
    gathered = getattr(plan_of(app), phase)
    return {kind: watch for (form, kind), watch in gathered.items() if form == record_type.name}


def _completing(context: Context, record_type: RecordType) -> Completing:
    """Adds to values what an expression reads of linked records."""

    def completed(values: Mapping[str, Any], expression: Any) -> Mapping[str, Any]:
        needs = needs_of((expression,))
        if all(path in values for path in needs.paths) and not any(
            name not in values or lacks(values[name] or (), paths) for name, paths in needs.rows
        ):
            return values
        return complete(context, record_type, values, needs)

    return completed


def _save(change: Change) -> Save:
    return Save(change.kind, change.values, change.before, change.changed)


def _moment(context: Context, change: Change, save: Save) -> Any:
    return context.moment(old=change.before, is_new=change.before is None, changed=save.changed)


def set_stage(app: Any, record_type: RecordType) -> StageRun | None:
    """Rules of the phase before that give fields values, or do what a kind of a plug-in does inside the save."""
    return _before_stage(app, record_type, refusing=False)


def refuse_stage(app: Any, record_type: RecordType) -> StageRun | None:
    """Rules of the phase before that refuse the save."""
    return _before_stage(app, record_type, refusing=True)


def _before_stage(app: Any, record_type: RecordType, *, refusing: bool) -> StageRun | None:
    watches = _watches(app, record_type, "before")

    def now(action: Action) -> bool:
        return (action.kind == "refuse") == refusing

    if not any(now(action) for watch in watches.values() for rule in watch.rules for action in rule.steps[0].actions):
        return None

    def run(context: Context, change: Change) -> None:
        watch = watches.get(change.kind)
        if watch is None:
            return
        save, complete = _save(change), _completing(context, record_type)
        moment = _moment(context, change, save)
        for rule in matching(watch, save, moment, complete):
            for action in rule.steps[0].actions:
                if now(action):
                    facts: Mapping[str, Any] = change.values
                    for need in action.needs:
                        facts = complete(facts, need)
                    firing = Firing(context, rule, None, dict(facts), moment, change=change)
                    _apply(action.effect(firing), record_type, change, firing)

    return run


def _apply(effect: Effect, record_type: RecordType, change: Change, firing: Firing) -> None:
    if isinstance(effect, SetFields):
        for name, value in effect.values.items():
            field = record_type.fields.get(name)
            change.values[name] = rounded(field, value) if field is not None else value
    elif isinstance(effect, Refusal):
        change.problems.append(effect.problem)
    else:
        effect.apply(firing)


def watch_stage(app: Any, record_type: RecordType) -> StageRun | None:
    """Rules of the phase after: found here, while before and after are at hand; they run once the save is committed."""
    watches = _watches(app, record_type, "after")
    if not watches:
        return None
    if "update" in watches:
        follower = _follower(watches["update"])
        record_type.extras["refreshed"] = (*record_type.extras.get("refreshed", ()), follower)

    def run(context: Context, change: Change) -> None:
        watch = watches.get(change.kind)
        if watch is None:
            return
        save = _save(change)
        matched = matching(watch, save, _moment(context, change, save), _completing(context, record_type))
        if matched:
            change.asks.append(lambda later, identity: _at_once(later, matched, change, identity))
            timed = [rule for rule in matched if rule.ends is None and any(step.after for step in rule.steps)]
            if timed:
                change.after.append(PutOff(lambda later, identity: _afterwards(later, timed, change, identity)))

    return run


def _follower(watch: Watch) -> Follower:
    """Roll-ups change when other records are saved: rules that read them notice it all the same."""

    def refreshed(context: Context, identity: int, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        rules = [rule for rule in watch.rules if rule.watched & now.keys()]
        conditions = [each for rule in rules for each in (rule.gate, rule.edge, *own_needs(rule)) if each is not None]
        facts = context.facts(rules[0].form or "", [identity], conditions).get(identity, {})
        values = {**facts, **now}
        save = Save("update", values, {**values, **was}, frozenset(now))
        moment = context.moment(old=save.before, is_new=False, changed=save.changed)
        for rule in rules:
            met = rule.gate is None or rule.gate.test(values, moment)
            if met and goes_off(rule, save, moment, lambda facts, _: facts):
                mark = fingerprint(rule, values)
                if not context.causes or not in_circle(rule, identity, mark, context.causes):
                    occurrence = f"r{context.now().isoformat()} {mark}"
                    put_off(context, rule, Occasion(identity, occurrence, context.actor.id, plain_before(rule, was)))

    return Follower(frozenset().union(*(rule.watched for rule in watch.rules)), refreshed)


def _at_once(context: Context, rules: list[Rule], change: Change, identity: int) -> list[Work]:
    """What rules do as soon as the save is committed. One that goes in a circle is stopped, and the log says so."""
    ends: list[Work] = []
    firings: list[Work] = []
    for rule, occasion, circle in _occasions(context, rules, change, identity):
        if circle:
            why = "in a circle: " + " → ".join(context.causes)
            stop(context, rule, rule.steps[0], occasion, why, time.perf_counter())
        elif rule.ends is not None:
            ends.append(("rules.end_waits", _ending(rule, occasion)))
        else:
            for step in rule.steps:
                if step.wait is None and step.after is None:
                    firings.append(("rules.fire", firing_of(rule, step, occasion)))
    return ends + firings


def _afterwards(context: Context, rules: list[Rule], change: Change, identity: int) -> None:
    """The steps of rules whose time counts from now."""
    put_off_all(
        context,
        (
            (rule, occasion, step.number)
            for rule, occasion, circle in _occasions(context, rules, change, identity)
            for step in rule.steps
            if step.after is not None and not circle
        ),
        counted=True,
    )


def _occasions(
    context: Context, rules: list[Rule], change: Change, identity: int
) -> Iterator[tuple[Rule, Occasion, bool]]:
    """The occasion a save is for each rule, and whether the rule goes in a circle."""
    occurrence, actor, causes = f"v{change.values.get('version')}", context.actor.id, context.causes
    for rule in rules:
        occasion = Occasion(identity, occurrence, actor, plain_before(rule, change.before))
        circle = bool(causes) and in_circle(rule, identity, fingerprint(rule, change.values), causes)
        yield rule, occasion, circle


AT_ONCE = 1000
"""Firings that are written in one go."""

Firings = Iterable[tuple[Rule, Occasion, int | None]]


def put_off(context: Context, rule: Rule, occasion: Occasion, *, step: int | None = None) -> None:
    """Ask for a rule to be fired after the commit; its later steps when their time has come."""
    put_off_all(context, ((rule, occasion, step),))


def put_off_all(context: Context, firings: Firings, *, counted: bool = False) -> None:
    """The same of several, all in one go; of a step where it is named, otherwise of all that wait for none. `counted`:
    the time of a step that is named counts from now. Whatever is asked for, an occasion is taken once
    (`firing.take`)."""
    app = context.as_app()
    wanted: list[Wanted] = []
    ends: list[Wanted] = []
    for rule, occasion, step in firings:
        if rule.ends is not None:
            ends.append(Wanted(_ending(rule, occasion)))
            continue
        for each in rule.steps:
            if each.wait is None and (step is None or each.number == step):
                at = _time_of(context, each) if counted or step is None else None
                key = f"rules:{rule.name}:{occasion.record or 0}:{occasion.occurrence}:{each.number}"
                wanted.append(Wanted(firing_of(rule, each, occasion), at, key))
        if len(wanted) >= AT_ONCE:
            app.later_many("rules.fire", wanted)
            wanted = []
    if ends:
        app.later_many("rules.end_waits", ends)
    if wanted:
        app.later_many("rules.fire", wanted)


def _ending(rule: Rule, occasion: Occasion) -> dict[str, Any]:
    """What ends the waits of another rule is asked with."""
    reason = filled(EXIT, condition=rule.gate.text if rule.gate is not None else "")
    return {"rule": rule.ends, "record": occasion.record, "reason": reason}


def firing_of(rule: Rule, step: Step, occasion: Occasion) -> dict[str, Any]:
    """What a firing is asked with: as little as says it, for it is written in every save that sets off a rule."""
    asked: dict[str, Any] = {"rule": rule.name, "record": occasion.record, "occurrence": occasion.occurrence}
    if step.number:
        asked["step"] = step.number
    if occasion.actor is not None:
        asked["actor"] = occasion.actor
    if occasion.before:
        asked["before"] = dict(occasion.before)
    return asked


def _time_of(context: Context, step: Step) -> datetime | None:
    """When a step is due whose time counts from now."""
    if step.after is None:
        return None
    moment = context.moment()
    return mark_of(context.now(), step.after, moment.zone, working_of(moment))


STAGES = (
    Stage("rules.set", 200, set_stage),
    Stage("rules.refuse", 350, refuse_stage),
    Stage("rules.watch", 500, watch_stage),
)
