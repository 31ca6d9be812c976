"""A window of time turned round: from "marks in (since, until]" to "dates between these two".

Marks are functions of a record's date that never go back when the date goes forward, so the dates whose mark lies in
a window are themselves an unbroken stretch. Consecutive windows give consecutive stretches: nothing is lost between
two ticks and nothing is seen twice, wherever the ticks happen to fall (tests/rules/test_windows.py proves it).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lowcode.rules.schedules.spans import (
    Span,
    WorkingDays,
    after_working_days,
    anniversary,
    shift_day,
    start_of,
)

EARLIEST_YEAR = 1900
"""The oldest year of a date that has anniversaries: older ones are slips of the pen."""

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Instants:
    """Instants after `after`, up to and including `until`."""

    after: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Days:
    """Days from `first` to `last`, both included."""

    first: date
    last: date


def instants_due(span: Span, since: datetime, until: datetime, zone: ZoneInfo, working: WorkingDays) -> Instants | None:
    """The instants whose mark, a span later, lies in (since, until]; None when there is none."""
    fixed = span.fixed
    if fixed is not None:
        return Instants(since - fixed, until - fixed)

    def mark(instant: datetime) -> datetime:
        return after_working_days(instant, span, zone, working)

    low = _last_instant(mark, since, since - span.rough)
    high = _last_instant(mark, until, until - span.rough)
    return Instants(low, high) if high > low else None


def mark_of(instant: datetime, span: Span, zone: ZoneInfo, working: WorkingDays) -> datetime:
    """The instant a span after another: when an inactivity is due."""
    fixed = span.fixed
    return instant + fixed if fixed is not None else after_working_days(instant, span, zone, working)


def days_due(mark: Callable[[date], datetime], since: datetime, until: datetime, near: date) -> Days | None:
    """The days whose mark lies in (since, until]; `near` is where the search starts."""
    first = _first_day_after(mark, since, near)
    last = _first_day_after(mark, until, first) - timedelta(days=1)
    return Days(first, last) if last >= first else None


def day_mark(span: Span, sign: int, at: time, zone: ZoneInfo, working: WorkingDays) -> Callable[[date], datetime]:
    """The mark of a day: a span before or after it, at a time of day."""
    extra = timedelta(hours=span.hours, minutes=span.minutes) * sign

    def mark(day: date) -> datetime:
        moved = shift_day(day, span, sign, working)
        return datetime.combine(moved, at, tzinfo=zone).astimezone(UTC) + extra

    return mark


def dates_with_anniversary(day: date, march: bool = False) -> tuple[date, ...]:
    """Every date of an earlier year whose anniversary falls on a day: what an index is asked for."""
    kept = (3, 1) if march else (2, 28)
    found = [day.replace(year=year) for year in range(EARLIEST_YEAR, day.year) if _has(day, year)]
    if (day.month, day.day) == kept and not calendar.isleap(day.year):
        found += [date(year, 2, 29) for year in range(EARLIEST_YEAR, day.year) if calendar.isleap(year)]
    return tuple(found)


def _has(day: date, year: int) -> bool:
    return (day.month, day.day) != (2, 29) or calendar.isleap(year)


def each_day(days: Days) -> Iterator[date]:
    """The days of a stretch in order."""
    for number in range((days.last - days.first).days + 1):
        yield days.first + timedelta(days=number)


def instants_of(days: Days, zone: ZoneInfo) -> Instants:
    """The instants that lie on these days in a zone: for a date-and-time field."""
    return Instants(start_of(days.first, zone) - _TICK, start_of(days.last + timedelta(days=1), zone) - _TICK)


def _first_day_after(mark: Callable[[date], datetime], instant: datetime, near: date) -> date:
    """The first day whose mark lies after an instant, for a mark that never goes back."""
    step = 1
    low = high = near
    while mark(low) > instant:
        low, step = low - timedelta(days=step), step * 2
    step = 1
    while mark(high) <= instant:
        high, step = high + timedelta(days=step), step * 2
    while (high - low).days > 1:
        middle = low + (high - low) // 2
        low, high = (low, middle) if mark(middle) > instant else (middle, high)
    return high


def _last_instant(mark: Callable[[datetime], datetime], instant: datetime, near: datetime) -> datetime:
    """The last instant whose mark is not after an instant, to the microsecond."""
    step = timedelta(hours=12)
    low = high = near
    while mark(low) > instant:
        low, step = low - step, step * 2
    step = timedelta(hours=12)
    while mark(high) <= instant:
        high, step = high + step, step * 2
    while high - low > _TICK:
        middle = low + (high - low) // 2
        low, high = (low, middle) if mark(middle) > instant else (middle, high)
    return low


__all__ = [
    "Days",
    "Instants",
    "anniversary",
    "dates_with_anniversary",
    "day_mark",
    "days_due",
    "each_day",
    "instants_due",
    "instants_of",
    "mark_of",
]
