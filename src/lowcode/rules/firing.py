"""A rule fires for a record: once per occasion, in one transaction, with every condition and action in the run log."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.changes import TooMany
from lowcode.kernel.diagnostics import ChainTooLong, Forbidden, Rejected, Text
from lowcode.kernel.identity import org
from lowcode.kernel.records.facts import Needs, id_in
from lowcode.kernel.records.holding import hold
from lowcode.kernel.records.show import from_plain
from lowcode.kernel.storage.types import json_text
from lowcode.rules import diagnostics as words
from lowcode.rules import guards
from lowcode.rules import tables as t
from lowcode.rules.actions.kind import Firing
from lowcode.rules.plan import OnButton, OnSchedule, Rule, Step
from lowcode.rules.reasons import IN_A_CIRCLE, PERSON_LEFT, filled, kept
from lowcode.rules.run import cause_of, fingerprint, told_conditions, verdict
from lowcode.rules.selecting import paths
from lowcode.rules.told import plain
from lowcode.rules.waiting import NOBODY, Begun, Occasion, begin, on_its_way, variables_of

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context
    from lowcode.kernel.expressions import Moment


def _occurrence_once(dialect: str) -> Any:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {
        name: sa.bindparam(name, type_=t.occurrence.c[name].type) for name in ("rule", "record", "occurrence", "at")
    }
    return insert(t.occurrence).values(values).on_conflict_do_nothing()


FIRED = {
    dialect: sa.select(t.occurrence.c.record, t.occurrence.c.occurrence).where(
        t.occurrence.c.rule == sa.bindparam("rule"), id_in(t.occurrence.c.record, dialect, "records")
    )
    for dialect in ("sqlite", "postgresql")
}
ONCE = {dialect: _occurrence_once(dialect) for dialect in ("sqlite", "postgresql")}


GONE = Needs(frozenset({"deleted_at"}), frozenset())


class InTheBin(Exception):
    """A record for which a rule would fire is deleted."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a firing: done, not_met, ended (by the exit of the rule, between its actions), again (it had fired
    on this occasion), gone (no such record), held (until the record is back), stopped (by a guard), paused."""

    outcome: str
    actions: tuple[Mapping[str, Any], ...] = ()
    conditions: tuple[Mapping[str, Any], ...] = ()
    reason: Text = ""


def fire(context: Context, rule: Rule, step: Step, occasion: Occasion, begun: Begun | None = None) -> Outcome:
    """Fire a step of a rule: conditions are read again, the occasion is taken, the actions run in their order, and
    what stands after a wait is put off. `begun`: the rule is on its way for this record."""
    started = time.perf_counter()
    why = guards.paused(context, rule)
    if why is not None:
        outcome = Outcome("paused", reason=why)
        log(context, rule, step, occasion, outcome, started)
        return outcome
    why = guards.over_limit(context, rule)
    if why is not None:
        return stop(context, rule, step, occasion, why, started)
    try:
        prepared = _prepared(context, rule, step, occasion, begun)
    except InTheBin:
        return Outcome("held")
    except Forbidden:
        outcome = Outcome("stopped", reason=PERSON_LEFT)
        log(context, rule, step, occasion, outcome, started)
        return outcome
    except ChainTooLong as chain:
        return stop(context, rule, step, occasion, filled(IN_A_CIRCLE, chain=str(chain)), started)
    if prepared is None:
        return Outcome("gone")
    asked = _time_of(rule, occasion, prepared.moment) if begun is None else prepared.moment
    conditions = tuple(told_conditions(rule, step, prepared.facts, asked))
    found = verdict(rule, step, prepared.facts, asked, occasion.occurrence)
    if found.runs and rule.waits:
        found = on_its_way(prepared, occasion, first=begun is None)
    if not found.runs:
        outcome = Outcome("not_met", (), conditions, found.reason)
        if rule.log_all or step.number:
            log(context, rule, step, occasion, outcome, started)
        return outcome
    try:
        told = _taken(prepared, step, occasion)
    except TooMany as many:
        return _refuse(context, rule, step, occasion, many, started)
    if told is None:
        return Outcome("again")
    outcome = Outcome("done", tuple(told), conditions)
    log(context, rule, step, occasion, outcome, started)
    return outcome


def _prepared(context: Context, rule: Rule, step: Step, occasion: Occasion, begun: Begun | None) -> Firing | None:
    """Everything a firing needs. Raises InTheBin when it is held until the record is back."""
    try:
        return prepare(context, rule, step, occasion, begun=begun)
    except InTheBin:
        if held_back(context, rule, step, occasion):
            raise
        return prepare(context, rule, step, occasion, begun=begun)  # it is back since


def held_back(
    context: Context, rule: Rule, step: Step, occasion: Occasion, *, wait: int | None = None
) -> bool:  # fmt: skip
    """Whether the record of a rule is in the bin, so that what is due now is held until it is back (`returning`)."""
    if rule.form is None or occasion.record is None or rule.after_deletion(step):
        return False
    host: Any = context.host
    for locked in (False, True):
        if locked:
            hold(context, host.types[rule.form], (occasion.record,))  # whoever brings it back comes before, or after
        found = context.as_app().facts(rule.form, [occasion.record], [GONE]).get(occasion.record)
        if found is None or found["deleted_at"] is None:
            return False
    context.unit.insert(
        t.held,
        form=rule.form,
        record=occasion.record,
        rule=rule.name,
        step=step.number,
        occurrence=occasion.occurrence,
        actor=occasion.actor,
        before=dict(occasion.before) if occasion.before else None,
        wait=wait,
    )
    return True


def _taken(firing: Firing, step: Step, occasion: Occasion) -> list[Mapping[str, Any]] | None:
    """Take the occasion and act; None when it was taken before. All of it or nothing: where an action may find that it
    means too many records, what happened before it is undone."""
    context, rule = firing.context, firing.rule
    several = any(getattr(each, "which", None) is not None for each in step.actions)
    with context.unit.savepoint() if several else nullcontext():
        if not take(context, rule, step, occasion):
            return None
        told = _act(firing, step)
        following = rule.after(step)
        if following is not None:
            told.append(begin(firing, following, occasion))
        return told


def _refuse(context: Context, rule: Rule, step: Step, occasion: Occasion, many: TooMany, started: float) -> Outcome:
    """An action means more records than it may: whoever pressed the button is told at once; of a rule that nobody
    waits for, the run log and the administrators are."""
    said = words.problem(
        "too-many-records", words.TOO_MANY_RECORDS, "", rule=rule.name, form=many.form, count=many.count, most=many.most
    )
    if isinstance(rule.trigger, OnButton):
        raise Rejected(said)
    told = {language: said.words(language) for language in ("zh-CN", "en")}
    guards.tell_administrators(context, told, f"too-many:{rule.name}:{context.now().date().isoformat()}")
    return stop(context, rule, step, occasion, told, started)


def stop(context: Context, rule: Rule, step: Step, occasion: Occasion, why: Text, started: float) -> Outcome:
    """Do not fire: a guard says so. The run log keeps it, and a rule that is stopped again and again is paused."""
    stopped = Outcome("stopped", reason=why)
    log(context, rule, step, occasion, stopped, started)
    guards.stopped(context, rule, why)
    return stopped


def prepare(
    context: Context, rule: Rule, step: Step, occasion: Occasion, *, simulated: bool = False, begun: Begun | None = None
) -> Firing | None:
    """Everything a firing needs: who acts, the facts of the record, the moment. None when the record is gone."""
    acting = acting_for(context, rule, occasion)
    facts: dict[str, Any] = {}
    if rule.form is not None and occasion.record is not None:
        loaded = acting.facts(rule.form, [occasion.record], [*rule.needs(step), *own_needs(rule), GONE])
        if occasion.record not in loaded:
            return None
        facts = loaded[occasion.record]
        if not simulated and facts["deleted_at"] is not None and not rule.after_deletion(step):
            raise InTheBin
        if not simulated:
            acting = acting.caused_by(cause_of(rule, occasion.record, fingerprint(rule, facts)))  # type: ignore[attr-defined]
    moment = moment_of(context, acting, occasion, rule)
    key = f"{rule.name}:{occasion.record or NOBODY}:{occasion.occurrence}:{step.number}"
    variables = {"@key": f"rule:{key}"} | (variables_of(begun, moment.now) if rule.waits else {})
    return Firing(acting, rule, occasion.record, facts, moment, variables, simulated=simulated)


def moment_of(context: Context, acting: Context, occasion: Occasion, rule: Rule | None = None) -> Moment:
    """What expressions are asked against: whoever set the rule off is ME(), as whom ever it acts."""
    before = read_before(context, rule, occasion.before) if rule is not None and occasion.before else None
    moment = acting.moment(old=before) if before is not None else acting.moment()
    if occasion.actor is not None and moment.me is None:
        actor = org.directory(context).actor(occasion.actor)
        if actor is not None:
            return replace(moment, me=actor.id, roles=actor.roles, team=actor.team, units=actor.units)
    return moment


def _time_of(rule: Rule, occasion: Occasion, moment: Moment) -> Moment:
    """The moment the conditions of a rule are asked for: that of a schedule is the time it was meant for."""
    if not isinstance(rule.trigger, OnSchedule):
        return moment
    return replace(moment, now=datetime.fromisoformat(occasion.occurrence))


def own_needs(rule: Rule) -> tuple[Any, ...]:
    """The watched fields: their values make the mark by which a circle is known."""
    record_fields = {name for name in rule.watched if rule.gate is None or name not in rule.gate.rows}
    return (paths(*record_fields),) if record_fields else ()


def acting_for(context: Context, rule: Rule, occasion: Occasion) -> Context:
    """As the app, or as whoever set the rule off. Raises Forbidden when that person is no longer active: what they were
    permitted is not made into what the app is."""
    if rule.run_as == "actor" and occasion.actor is not None:
        return context.as_user(occasion.actor)
    return context.as_app()


def take(context: Context, rule: Rule, step: Step, occasion: Occasion) -> bool:
    """Take the occasion; False when it was taken before."""
    unit = context.unit
    written = unit.run(
        ONCE[unit.database.dialect_name],
        rule=rule.name,
        record=occasion.record or NOBODY,
        occurrence=f"{occasion.occurrence}#{step.number}",
        at=context.now(),
    )
    return written > 0


def fired_on(context: Context, rule: Rule, step: Step, records: Sequence[int]) -> set[tuple[int, str]]:
    """The records, of some, for which a step has fired, each with its occasions."""
    mark = f"#{step.number}"
    unit = context.unit
    found = unit.fetch(FIRED[unit.database.dialect_name], rule=rule.name, records=json_text(list(records)))
    return {(row["record"], row["occurrence"].removesuffix(mark)) for row in found if row["occurrence"].endswith(mark)}


def _act(firing: Firing, step: Step) -> list[Mapping[str, Any]]:
    """The actions in their order; each sees what the ones before it set."""
    told = []
    key = firing.variables["@key"]
    for at, action in enumerate(step.actions):
        firing.variables["@key"], firing.at = f"{key}:{at}", (step.number, at)
        load_missing(firing, action)
        effect = action.effect(firing)
        told.append(effect.told())
        effect.apply(firing)
    return told


def load_missing(firing: Firing, action: Any) -> None:
    """Load what an earlier action has outdated: paths below a link it set."""
    if firing.rule.form is None or firing.record_id is None:
        return
    missing = [need for need in action.needs if any(path not in firing.facts for path in need.paths)]
    if missing:
        loaded = firing.context.facts(firing.rule.form, [firing.record_id], missing)
        for path, value in loaded.get(firing.record_id, {}).items():
            firing.facts.setdefault(path, value)


def preview(firing: Firing, step: Step) -> list[Mapping[str, Any]]:
    """What the actions would do, without doing it."""
    return [action.effect(firing).told() for action in step.actions]


def log(context: Context, rule: Rule, step: Step, occasion: Occasion, outcome: Outcome, started: float) -> None:
    """Write a line of the run log."""
    context.unit.insert(
        t.run,
        rule=rule.name,
        step=step.number,
        form=rule.form,
        record=occasion.record,
        occurrence=occasion.occurrence,
        at=context.now(),
        outcome=outcome.outcome,
        conditions=list(outcome.conditions),
        actions=list(outcome.actions),
        causes=list(context.causes),
        actor=occasion.actor,
        error=kept(outcome.reason),
        microseconds=int((time.perf_counter() - started) * 1_000_000),
    )


def plain_before(rule: Rule, before: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What the record was, as far as later actions ask for it, as JSON."""
    if before is None:
        return None
    wanted = {path for step in rule.steps for need in step.needs for path in getattr(need, "old", ())}
    return {name: plain(before.get(name)) for name in wanted} or None


def read_before(context: Context, rule: Rule, before: Mapping[str, Any] | None) -> dict[str, Any]:
    """The same from JSON, as values of the fields' types."""
    host: Any = context.host
    fields = host.app.scope.shapes.records[rule.form].fields
    return {
        name: None if value is None or name not in fields else from_plain(fields[name].type, value)
        for name, value in (before or {}).items()
    }
