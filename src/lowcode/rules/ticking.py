"""Time sets rules off: each tick asks one statement which records are due, and puts their firing off till after it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from lowcode.kernel.contract import Event, Handler, Timer
from lowcode.kernel.records.selecting import PAGE, select_records
from lowcode.rules.due import Due, due_records
from lowcode.rules.firing import fired_on
from lowcode.rules.plan import OnEvent, OnInactive, OnSchedule, Rule, RulesPlan, Step
from lowcode.rules.stages import put_off, put_off_all
from lowcode.rules.waiting import Occasion

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context

TICK = timedelta(minutes=1)
SWEEP = timedelta(hours=1)


def timers(plan: RulesPlan) -> Iterator[Timer]:
    """A timer per rule that time sets off, so that each has a watermark of its own."""
    for rule in plan.timed:
        trigger = rule.trigger
        if isinstance(trigger, OnSchedule):
            yield _schedule(rule, trigger)
        else:
            yield Timer(f"rules.{rule.name}", Windows(rule), every=TICK, catch_up=rule.catch_up)
        if isinstance(trigger, OnInactive) and trigger.overdue:
            yield Timer(f"rules.{rule.name}.overdue", Sweep(rule), every=SWEEP, catch_up="latest")


def listeners(plan: RulesPlan) -> Iterator[Handler]:
    """A handler per rule that an event sets off."""
    for rule in plan.listening:
        trigger = rule.trigger
        assert isinstance(trigger, OnEvent)
        forms = frozenset({rule.form}) if rule.form is not None else None
        yield Handler(f"rules.{rule.name}", trigger.name, Heard(rule, trigger), forms)


class Heard:
    """Sets a rule off when an event says what it waits for."""

    def __init__(self, rule: Rule, trigger: OnEvent) -> None:
        self.rule, self.trigger = rule, trigger

    def __call__(self, context: Context, event: Event) -> None:
        """Put off the firing for the record the event is about."""
        if event.record_id is None or any(event.body.get(name) != said for name, said in self.trigger.of.items()):
            return
        mark = hashlib.blake2b(repr(sorted(event.body.items())).encode(), digest_size=6).hexdigest()
        occurrence = f"e{event.at.isoformat()} {mark}"
        put_off(context, self.rule, Occasion(event.record_id, occurrence, event.actor))


class Windows:
    """Looks at the marks of one window."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __call__(self, context: Context, since: datetime, until: datetime) -> None:
        """Put off every firing that is due in (since, until]."""
        _put_off_due(context, self.rule, since, until)


class Sweep:
    """Looks at every mark that has passed: for records that were overdue before the rule was armed, or met its
    condition only later. What has fired is known by its occasion."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __call__(self, context: Context, since: datetime, until: datetime) -> None:
        """Put off every firing that is overdue and has not happened."""
        _put_off_due(context, self.rule, None, until)


def _put_off_due(context: Context, rule: Rule, since: datetime | None, until: datetime) -> None:
    """The firings of all steps that are due: found by a statement each, and written in one go."""
    app = context.as_app()
    put_off_all(
        app,
        (
            (rule, Occasion(record, occurrence), step.number)
            for step in rule.steps
            for record, occurrence in _open(app, rule, step, since, until)
        ),
    )


def _open(context: Context, rule: Rule, step: Step, since: datetime | None, until: datetime) -> Iterator[Due]:
    """What is due; of all that ever was, without what has fired, which is asked for many records at a time."""
    due = due_records(context, rule, step, since, until)
    if since is not None:
        yield from due
        return
    while some := list(islice(due, PAGE)):
        fired = fired_on(context, rule, step, [record for record, _ in some])
        yield from (each for each in some if each not in fired)


def _schedule(rule: Rule, trigger: OnSchedule) -> Timer:
    if trigger.cron is not None:
        return Timer(f"rules.{rule.name}", Scheduled(rule), cron=trigger.cron, catch_up=rule.catch_up)
    span = (trigger.every.fixed if trigger.every is not None else None) or TICK
    return Timer(f"rules.{rule.name}", Scheduled(rule), every=span, catch_up=rule.catch_up, apart=True)


class Scheduled:
    """Fires at times of the clock: for each record that meets the condition then, or once when the rule has no form.
    A time that was missed is made up for as it was: "today" is its day, and of a rule that makes up for `all`, each
    time is one of its own."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __call__(self, context: Context, since: datetime, until: datetime) -> None:
        """Put off the firings of the time at the end of the window."""
        rule = self.rule
        if rule.form is None:
            put_off(context, rule, Occasion(None, until.isoformat()))
            return
        app = context.as_app()
        moment = replace(app.moment(), now=until)
        found = select_records(app, ("schedule", rule.name), rule.form, when=rule.when, moment=moment)
        put_off_all(context, ((rule, Occasion(row["id"], until.isoformat()), None) for row in found))
