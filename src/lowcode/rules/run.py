"""What rules mean: values in, verdicts out. Pure: facts, moment and clock are arguments.

`matching` says which rules a save sets off; `verdict` whether a rule still holds when it runs; `told_conditions` what
each of its conditions read and said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Text
from lowcode.rules import reasons
from lowcode.rules.plan import MORNING, OnDate, OnInactive, OnRecord, Rule, SaveKind, Step, Watch
from lowcode.rules.schedules.spans import Span, anniversary, working_of
from lowcode.rules.schedules.windows import day_mark, mark_of

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Expression, Moment

FEW = 4
"""So many conditions are asked one by one sooner than all of them at once."""

Facts = Mapping[str, Any]
Completing = Callable[[Facts, "Expression"], Facts]


@dataclass(frozen=True, slots=True)
class Save:
    """One save as rules see it: the record before (None for a new one) and after, and which fields changed."""

    kind: SaveKind
    values: Facts
    before: Facts | None
    changed: frozenset[str]


def matching(watch: Watch, save: Save, moment: Moment, complete: Completing) -> list[Rule]:
    """The rules a save sets off, in the order of their priority. `moment` knows the old values; `complete` adds to
    values what a condition reads of linked records."""
    values = save.before if save.kind == "delete" and save.before is not None else save.values
    own, linked, asked = watch.own, watch.linked, watch.fused
    if save.kind == "update" and save.before is not None:
        own, linked = watch.own_left(save.changed), watch.linked_left(save.changed)
    if len(own) <= FEW:
        holding = [rule for rule in own if rule.gate is None or rule.gate.test(values, moment)]
    else:
        holding = asked(values, moment, {})
    met = [rule for rule in holding if goes_off(rule, save, moment, complete)]
    if not linked:
        return met
    for rule in linked:
        if (
            rule.gate is not None
            and rule.gate.test(complete(values, rule.gate), moment)
            and goes_off(rule, save, moment, complete)
        ):
            met.append(rule)
    return sorted(met, key=lambda rule: (rule.priority, rule.name))


def goes_off(rule: Rule, save: Save, moment: Moment, complete: Completing) -> bool:
    """Whether a save whose values meet the condition is one that sets the rule off."""
    trigger = rule.trigger
    assert isinstance(trigger, OnRecord)
    if save.kind != "update" or save.before is None:
        return True
    becoming = trigger.becomes is not None or trigger.entered is not None
    counts = (
        (trigger.updated and (not trigger.fields or bool(trigger.fields & save.changed)))
        or (becoming and _can_have_become(rule, save))
        or _left(trigger, save)
    )
    if not counts:
        return False
    edge = rule.edge
    return edge is None or not edge.test(complete(save.before, edge), moment)


def _can_have_become(rule: Rule, save: Save) -> bool:
    """A condition over the record's own values can only have become true when one of them changed."""
    gate = rule.gate
    if gate is None or gate.volatile or gate.rows or any("." in path for path in gate.paths):
        return True
    return bool(rule.watched & save.changed)


def _left(trigger: OnRecord, save: Save) -> bool:
    left = trigger.left
    if left is None or save.before is None:
        return False
    return save.before.get(left.field) in left.states and save.values.get(left.field) not in left.states


def fingerprint(rule: Rule, values: Facts) -> str:
    """What a rule watches, as one short word: the same rule and record fires again in one chain of causes only when
    this is new."""
    watched = sorted((name, repr(values.get(name))) for name in rule.watched)
    return hashlib.blake2b(repr(watched).encode(), digest_size=6).hexdigest()


def cause_of(rule: Rule, record: int | None, mark: str) -> str:
    """How a firing is named in the chain of causes."""
    return f"rule:{rule.name}:{record or ''}:{mark}"


def in_circle(rule: Rule, record: int, mark: str, causes: tuple[str, ...]) -> bool:
    """Whether the chain has been here before, with the same values."""
    return cause_of(rule, record, mark) in causes


# -- when something is due --------------------------------------------------------------------------------------------


def occurrence_of(rule: Rule, facts: Facts, moment: Moment, year: int | None = None) -> str | None:
    """The occasion a record's own date gives a rule; None when the date is blank. For a yearly rule, of a year."""
    trigger = rule.trigger
    if isinstance(trigger, OnInactive):
        value = trigger.since.evaluate(facts, moment)
    elif isinstance(trigger, OnDate):
        value = trigger.value.evaluate(facts, moment)
        if trigger.yearly and value is not None:
            value = anniversary(value, year or moment.today.year, trigger.march)
    else:
        return None
    return words_of(value) if value is not None else None


def words_of(value: date | datetime) -> str:
    """A day or instant as an occurrence is called."""
    return value.isoformat()


def due_at(rule: Rule, step: Step, facts: Facts, moment: Moment) -> datetime | None:
    """The instant at which a record's own date makes a rule due; None when the date is blank."""
    trigger, working = rule.trigger, working_of(moment)
    if isinstance(trigger, OnInactive):
        span = span_of_step(trigger, step)
        value = trigger.since.evaluate(facts, moment)
        if value is None:
            return None
        if trigger.is_day:
            return day_mark(span, 1, MORNING, moment.zone, working)(value)
        return mark_of(value, span, moment.zone, working)
    if isinstance(trigger, OnDate):
        value = trigger.value.evaluate(facts, moment)
        if value is None:
            return None
        if trigger.at is None:
            return value + trigger.sign * (trigger.span.fixed or timedelta())  # type: ignore[no-any-return]
        day = value if trigger.is_day else value.astimezone(moment.zone).date()
        mark = day_mark(trigger.span, trigger.sign, trigger.at, moment.zone, working)
        if not trigger.yearly:
            return mark(day)
        coming = (
            mark(anniversary(day, year, trigger.march))
            for year in range(moment.today.year - 1, moment.today.year + 3)
            if year > day.year
        )
        return next((each for each in coming if each > moment.now), None)
    return None


@dataclass(frozen=True, slots=True)
class Passed:
    """A moment that has passed: the occasion, when it was, and whether the date itself is still ahead."""

    occurrence: str
    mark: datetime
    ahead: bool


def passed(trigger: OnDate, value: Any, moment: Moment) -> Iterator[Passed]:
    """The moments of a date that have passed: one, or of a yearly rule that of the last year and of the coming day."""
    if trigger.at is None:
        mark = value + trigger.sign * (trigger.span.fixed or timedelta())
        if mark <= moment.now:
            yield Passed(words_of(value), mark, value > moment.now)
        return
    day: date = value if trigger.is_day else value.astimezone(moment.zone).date()
    mark_of_day = day_mark(trigger.span, trigger.sign, trigger.at, moment.zone, working_of(moment))
    if not trigger.yearly:
        days = [(words_of(value), day)]
    else:
        years = range(max(day.year, moment.today.year - 2) + 1, moment.today.year + 2)
        days = [(words_of(each), each) for each in (anniversary(day, year, trigger.march) for year in years)]
    for occurrence, each in days:
        mark = mark_of_day(each)
        if mark <= moment.now:
            yield Passed(occurrence, mark, each >= moment.today)


def fires_late(trigger: OnDate, found: Passed) -> bool:
    """Whether a moment that has passed is made up for: a word before a day that is over is of no use."""
    return trigger.fires_late and (trigger.sign > 0 or found.ahead)


def span_of_step(trigger: OnInactive, step: Step) -> Span:
    """How long nothing must have happened for a step."""
    return step.after or trigger.span or Span()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule runs, and if not, why."""

    runs: bool
    reason: Text = ""


RUNS = Verdict(True)


def verdict(rule: Rule, step: Step, facts: Facts, moment: Moment, occurrence: str) -> Verdict:
    """Whether a rule that was found due still is: what it waited for is read again when it runs."""
    trigger = rule.trigger
    if isinstance(trigger, (OnInactive, OnDate)):
        yearly = isinstance(trigger, OnDate) and trigger.yearly
        year = int(occurrence[:4]) if yearly else None
        if occurrence_of(rule, facts, moment, year) != occurrence:
            return Verdict(False, reasons.MOVED)
    waited = step.number > 0 or not isinstance(trigger, OnRecord)
    if waited and rule.still is not None and not rule.still.test(facts, moment):
        return Verdict(False, reasons.NO_LONGER)
    if step.when is not None and not step.when.test(facts, moment):
        return Verdict(False, reasons.NOT_OF_STEP)
    return RUNS


def told_conditions(rule: Rule, step: Step, facts: Facts, moment: Moment) -> list[dict[str, Any]]:
    """Each condition with what it read and whether it is met: for the run log, simulations and explanations."""
    asked = [each for each in (rule.still, step.when) if each is not None]
    return [{"condition": each.text, "met": each.test(facts, moment), "values": _read(each, facts)} for each in asked]


def _read(expression: Expression, facts: Facts) -> dict[str, Any]:
    found = {path: _plain(facts.get(path)) for path in sorted(expression.paths)}
    found.update({relation: f"{len(facts.get(relation) or ())} rows" for relation in sorted(expression.rows)})
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
