"""Which records are due for a rule in a window of time: one statement per rule, step and tick, over indexed columns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.records.selecting import select_records
from lowcode.kernel.storage.types import json_text
from lowcode.rules.plan import MORNING, OnDate, OnInactive, Rule, Step
from lowcode.rules.run import span_of_step, words_of
from lowcode.rules.schedules.spans import Span, working_of
from lowcode.rules.schedules.windows import (
    Days,
    Instants,
    dates_with_anniversary,
    day_mark,
    days_due,
    each_day,
    instants_due,
    instants_of,
)
from lowcode.rules.selecting import between, day_in, first_between, in_window

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context
    from lowcode.kernel.expressions import Moment
    from lowcode.kernel.records.joins import Joins

Due = tuple[int, str]
"""A record's id and the occasion."""

BEGINNING = datetime(1900, 1, 1)
_DAY = timedelta(days=1)


def due_records(
    context: Context, rule: Rule, step: Step, since: datetime | None, until: datetime, only: int | None = None
) -> Iterator[Due]:
    """The records whose mark lies in (since, until]; without `since`, every mark that has passed. `only`: of this one
    record, where a rule waits for it to be left alone."""
    trigger = rule.trigger
    if isinstance(trigger, OnInactive):
        yield from _inactive(context, rule, step, trigger, since, until, only)
    elif isinstance(trigger, OnDate):
        assert since is not None
        if trigger.yearly:
            yield from _yearly(context, rule, trigger, since, until)
        else:
            yield from _dated(context, rule, trigger, since, until)


def _inactive(
    context: Context,
    rule: Rule,
    step: Step,
    trigger: OnInactive,
    since: datetime | None,
    until: datetime,
    only: int | None,
) -> Iterator[Due]:
    moment = context.moment()
    span = span_of_step(trigger, step)
    start = since or BEGINNING.replace(tzinfo=until.tzinfo) + span.rough + _DAY
    window = (
        _day_window(span, start, until, moment)
        if trigger.is_day
        else instants_due(span, start, until, moment.zone, working_of(moment))
    )
    if window is None:
        return

    def elements(joins: Joins) -> list[sa.ColumnElement[Any]]:
        if trigger.choices:
            return [joins.column(path) for path in trigger.choices]
        return [trigger.since.sql(joins.dialect, joins)]

    def fits(joins: Joins) -> sa.ColumnElement[bool]:
        due = in_window(joins, rule.form or "", lambda inner: first_between(elements(inner)))
        return due if only is None else sa.and_(due, joins.root.c.id == sa.bindparam("only"))

    found = select_records(
        context,
        ("inactive", rule.name) if only is None else ("inactive", rule.name, "only"),
        rule.form or "",
        where=fits,
        when=rule.still,
        shown={"mark": lambda joins: _first(elements(joins))},
        parameters=_bounds(window) | ({} if only is None else {"only": only}),
        paged=False,
    )
    for row in found:
        yield row["id"], words_of(row["mark"])


def _first(elements: list[sa.ColumnElement[Any]]) -> sa.ColumnElement[Any]:
    return elements[0] if len(elements) == 1 else sa.type_coerce(sa.func.coalesce(*elements), elements[0].type)


def _day_window(span: Span, since: datetime, until: datetime, moment: Moment) -> Days | None:
    mark = day_mark(span, 1, MORNING, moment.zone, working_of(moment))
    return days_due(mark, since, until, (until - span.rough).date())


def _bounds(window: Days | Instants) -> dict[str, Any]:
    """A window as the parameters of `between`: days are counted, so "from the first" is "after the day before"."""
    if isinstance(window, Days):
        return {"window_after": window.first - _DAY, "window_until": window.last}
    return {"window_after": window.after, "window_until": window.until}


def _dated(context: Context, rule: Rule, trigger: OnDate, since: datetime, until: datetime) -> Iterator[Due]:
    moment = context.moment()
    window: Days | Instants | None
    if trigger.at is None:
        shift = trigger.sign * (trigger.span.fixed or timedelta())
        window = Instants(since - shift, until - shift)
    else:
        window = _days(trigger, since, until, moment)
        if window is not None and not trigger.is_day:
            window = instants_of(window, moment.zone)
    if window is None:
        return
    found = select_records(
        context,
        ("date", rule.name),
        rule.form or "",
        where=lambda joins: in_window(joins, rule.form or "", lambda inner: [between(inner.column(trigger.field))]),
        when=rule.still,
        shown={"mark": lambda joins: joins.column(trigger.field)},
        parameters=_bounds(window),
        paged=False,
    )
    for row in found:
        yield row["id"], words_of(row["mark"])


def _days(trigger: OnDate, since: datetime, until: datetime, moment: Moment) -> Days | None:
    assert trigger.at is not None
    mark = day_mark(trigger.span, trigger.sign, trigger.at, moment.zone, working_of(moment))
    return days_due(mark, since, until, (until - trigger.sign * trigger.span.rough).date())


def _yearly(context: Context, rule: Rule, trigger: OnDate, since: datetime, until: datetime) -> Iterator[Due]:
    """Each anniversary that is due, by the dates that have it: a list of days an index is asked for."""
    start = since if rule.catch_up == "all" else max(since, until - timedelta(days=366))
    days = _days(trigger, start, until, context.moment())
    for day in each_day(days) if days is not None else ():
        found = select_records(
            context,
            ("yearly", rule.name),
            rule.form or "",
            where=lambda joins: in_window(
                joins, rule.form or "", lambda inner: [day_in(inner.column(trigger.field), inner.dialect, "days")]
            ),
            when=rule.still,
            parameters={"days": json_text([each.isoformat() for each in dates_with_anniversary(day, trigger.march)])},
            paged=False,
        )
        for row in found:
            yield row["id"], words_of(day)
