"""Which occasions a rule would have had in a stretch of time, for one record with its past. Pure.

Saves are walked through one by one, and asked what the stages of a save ask; instants a time rule waits for are read
off every value the record's dates have had, and asked again at the instant they were due.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from lowcode.rules.plan import MORNING, OnDate, OnInactive, OnRecord, Rule, SaveKind, Step
from lowcode.rules.run import Save, fires_late, goes_off, passed, span_of_step
from lowcode.rules.schedules.spans import anniversary, working_of
from lowcode.rules.schedules.windows import day_mark, mark_of
from lowcode.rules.trials.lifetime import Entry, Lifetime
from lowcode.rules.watching import kinds_of

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Moment

INSTANT = timedelta(microseconds=1)
KINDS: Mapping[str, SaveKind] = {"created": "create", "updated": "update", "deleted": "delete"}


@dataclass(frozen=True)
class Replayed:
    """One firing that would have been: when, which step, on which facts, at which moment."""

    at: datetime
    step: Step
    facts: dict[str, Any]
    moment: Moment
    started: datetime | None = None
    """When the rule had set out, for what stands after a wait."""


@dataclass(frozen=True)
class Stretch:
    """The time that is replayed: after `since`, up to and including `until`."""

    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        """Whether an instant lies in it."""
        return self.since < at <= self.until


def replay(rule: Rule, life: Lifetime, stretch: Stretch, now: Moment) -> Iterator[Replayed]:
    """The firings of a rule for one record, in the order of time."""
    trigger = rule.trigger
    if isinstance(trigger, OnRecord):
        yield from _saves(rule, trigger, life, stretch, now)
    elif isinstance(trigger, (OnInactive, OnDate)):
        yield from _instants(rule, trigger, life, stretch, now)


def at_times(rule: Rule, life: Lifetime, times: list[datetime], now: Moment) -> Iterator[Replayed]:
    """The firings of a scheduled rule for one record, at the times of its schedule."""
    for at in times:
        if life.lived(at):
            moment = replace(now, now=at)
            facts = life.as_of(at, moment)
            if rule.when is None or rule.when.test(facts, moment):
                first = Replayed(at, rule.steps[0], facts, moment)
                yield first
                yield from after_waits(rule, life, first, Stretch(at, now.now))


def after_waits(rule: Rule, life: Lifetime, first: Replayed, stretch: Stretch) -> Iterator[Replayed]:
    """What stands after each wait, when its time had come, the condition still held and nothing had ended it."""
    at, step = first.at, rule.after(first.step)
    while step is not None and step.wait is not None:
        moment = replace(first.moment, now=at)
        due = step.wait.due(life.as_of(at, moment), moment, at, started_at=first.at)
        if due is None or not life.lived(due) or not stretch.holds(due):
            return
        at, moment = due, replace(first.moment, now=due)
        facts = life.as_of(at, moment)
        ended = rule.exit is not None and rule.exit.test(facts, moment, started_at=first.at)
        if ended or not _met(rule, step, facts, moment):
            return
        yield Replayed(at, step, facts, moment, first.at)
        step = rule.after(step)


# -- saves ------------------------------------------------------------------------------------------------------------


def _saves(rule: Rule, trigger: OnRecord, life: Lifetime, stretch: Stretch, now: Moment) -> Iterator[Replayed]:
    kinds = kinds_of(trigger)
    for index, entry in enumerate(life.entries):
        kind = KINDS.get(entry.kind)
        if kind in kinds and kind is not None and stretch.holds(entry.at):
            before = life.versions[index - 1] if index else None
            found = _of_save(rule, life, entry, kind, before, life.versions[index], now)
            if found is not None:
                yield from _steps(rule, life, found, stretch)
    if "update" in kinds:
        yield from _around(rule, life, stretch, now)


def _of_save(
    rule: Rule, life: Lifetime, entry: Entry, kind: SaveKind, before: Any, after: Any, now: Moment
) -> Replayed | None:  # fmt: skip
    plain = replace(now, now=entry.at, me=entry.actor)
    facts = life.as_of(entry.at, plain, after)
    was = life.as_of(entry.at - INSTANT, plain, before) if before is not None and kind != "create" else None
    save = Save(kind, facts, was, frozenset(entry.changes))
    return _asked(rule, save, entry.at, plain)


def _asked(rule: Rule, save: Save, at: datetime, plain: Moment) -> Replayed | None:
    moment = replace(plain, old=save.before, is_new=save.kind == "create", changed=save.changed)
    values = save.before if save.kind == "delete" and save.before is not None else save.values
    if rule.gate is not None and not rule.gate.test(values, moment):
        return None
    if not goes_off(rule, save, moment, lambda facts, _: facts):
        return None
    return Replayed(at, rule.steps[0], dict(values), moment)


def _around(rule: Rule, life: Lifetime, stretch: Stretch, now: Moment) -> Iterator[Replayed]:
    """Roll-ups that changed because a record around this one was made."""
    fields = life.record_type.fields
    gathered = {
        name: frozenset(field.expression.rows)
        for name in rule.watched
        if (field := fields.get(name)) is not None and field.expression is not None and field.expression.rows
    }
    relations = frozenset(each for names in gathered.values() for each in names)
    own = {each.at for each in life.entries}
    for at in life.turning_points(relations):
        if at in own or not stretch.holds(at) or not life.lived(at):
            continue
        plain = replace(now, now=at)
        facts, was = life.as_of(at, plain), life.as_of(at - INSTANT, plain)
        changed = frozenset(name for name in gathered if facts.get(name) != was.get(name))
        found = _asked(rule, Save("update", facts, was, changed), at, plain) if changed else None
        if found is not None:
            yield from _steps(rule, life, found, stretch)


def _steps(rule: Rule, life: Lifetime, found: Replayed, stretch: Stretch) -> Iterator[Replayed]:
    """What was set off, and its later steps when their time has come and the condition still held."""
    for step in rule.steps:
        if step.wait is not None:
            return
        if step.after is None:
            if step.when is None or step.when.test(found.facts, found.moment):
                yield found
                yield from after_waits(rule, life, found, stretch)
            continue
        at = mark_of(found.at, step.after, found.moment.zone, working_of(found.moment))
        if not stretch.holds(at) or not life.lived(at):
            continue
        moment = replace(found.moment, now=at)
        facts = life.as_of(at, moment)
        if _met(rule, step, facts, moment):
            yield Replayed(at, step, facts, moment)


def _met(rule: Rule, step: Step, facts: Mapping[str, Any], moment: Moment) -> bool:
    still = rule.still is None or rule.still.test(facts, moment)
    return still and (step.when is None or step.when.test(facts, moment))


# -- instants ---------------------------------------------------------------------------------------------------------


def _instants(
    rule: Rule, trigger: OnInactive | OnDate, life: Lifetime, stretch: Stretch, now: Moment
) -> Iterator[Replayed]:  # fmt: skip
    value = trigger.since if isinstance(trigger, OnInactive) else trigger.value
    relations = frozenset(name for name, rows in life.now.items() if isinstance(rows, list))
    values: dict[Any, None] = {}
    for at in life.turning_points(relations) or [stretch.since]:
        moment = replace(now, now=at)
        found = value.evaluate(life.as_of(at, moment), moment)
        if found is not None:
            values[found] = None
    firings = list(_late(rule, trigger, life, stretch, now)) if isinstance(trigger, OnDate) else []
    for each in values:
        for step in rule.steps:
            if step.wait is not None:
                break
            for due in _due(trigger, step, each, stretch, now):
                moment = replace(now, now=due)
                if not stretch.holds(due) or not life.lived(due):
                    continue
                facts = life.as_of(due, moment)
                if value.evaluate(facts, moment) == each and _met(rule, step, facts, moment):
                    firings.append(Replayed(due, step, facts, moment))
                    firings += after_waits(rule, life, firings[-1], stretch)
    yield from sorted(firings, key=lambda each: each.at)


def _late(rule: Rule, trigger: OnDate, life: Lifetime, stretch: Stretch, now: Moment) -> Iterator[Replayed]:
    """What fired in the save that gave the record its date, because the moment of it had passed."""
    was = None
    for at in life.turning_points(name for name, rows in life.now.items() if isinstance(rows, list)):
        moment = replace(now, now=at)
        facts = life.as_of(at, moment)
        value, former = trigger.value.evaluate(facts, moment), was
        was = value
        if value is None or value == former or not stretch.holds(at) or not life.lived(at):
            continue
        late = any(fires_late(trigger, each) for each in passed(trigger, value, moment))
        for step in rule.steps:
            if late and step.wait is None and _met(rule, step, facts, moment):
                yield (found := Replayed(at, step, facts, moment))
                yield from after_waits(rule, life, found, stretch)


def _due(
    trigger: OnInactive | OnDate, step: Step, value: Any, stretch: Stretch, now: Moment
) -> Iterator[datetime]:  # fmt: skip
    """The instants at which a value of a date was due: several for a yearly rule."""
    zone, working = now.zone, working_of(now)
    if isinstance(trigger, OnInactive):
        span = span_of_step(trigger, step)
        yield (
            day_mark(span, 1, MORNING, zone, working)(value) if trigger.is_day else mark_of(value, span, zone, working)
        )
    elif trigger.at is None:
        yield value + trigger.sign * (trigger.span.fixed or timedelta())
    else:
        day = value if trigger.is_day else value.astimezone(zone).date()
        mark = day_mark(trigger.span, trigger.sign, trigger.at, zone, working)
        if not trigger.yearly:
            yield mark(day)
            return
        for year in range(stretch.since.year - 1, stretch.until.year + 2):
            if year > day.year:
                yield mark(anniversary(day, year, trigger.march))
