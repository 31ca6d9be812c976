"""Spans of time as people say them: 24 hours, 7 working days, 3 months.

Two sorts: a *fixed* span (minutes, hours, days of 24 hours, weeks) shifts an instant; a *calendar* span (months, years,
working days) shifts a day. A month's end stays a month's end: 31 January and a month is the last day of February.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo


class WorkingDays(Protocol):
    """Says which days are worked (weekends, holidays and their swaps)."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""


@runtime_checkable
class WorkingHours(Protocol):
    """Says which hours are worked, too: an app's calendar."""

    def add_working_time(self, since: datetime, span: timedelta) -> datetime:
        """When a span of working time that begins at an instant is over."""


class Weekdays:
    """Monday to Friday: the calendar of an app that states none."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        return day.weekday() < 5


WORKING: WorkingDays = Weekdays()
"""The working days of an app that states none."""


def working_of(moment: Any) -> WorkingDays:
    """The days people of the app work."""
    return moment.calendar or WORKING


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time. `working` counts its days as working days, and its hours as working hours."""

    minutes: int = 0
    hours: int = 0
    days: int = 0
    weeks: int = 0
    months: int = 0
    years: int = 0
    working: bool = False

    @property
    def fixed(self) -> timedelta | None:
        """The span as a number of seconds, or None when it depends on the calendar."""
        if self.months or self.years or self.working:
            return None
        return timedelta(weeks=self.weeks, days=self.days, hours=self.hours, minutes=self.minutes)

    @property
    def rough(self) -> timedelta:
        """About how long it is: where a search starts."""
        days = self.days + 7 * self.weeks
        stretch = 1.5 if self.working else 1.0
        return timedelta(
            days=days * stretch + 30.44 * self.months + 365.25 * self.years, hours=self.hours, minutes=self.minutes
        )

    def __str__(self) -> str:
        parts = [
            f"{getattr(self, unit)} {unit}"
            for unit in ("years", "months", "weeks", "days", "hours", "minutes")
            if getattr(self, unit)
        ]
        return (" ".join(parts) or "0 days") + (" (working)" if self.working else "")


def shift_day(day: date, span: Span, sign: int, working: WorkingDays) -> date:
    """The day a span after (sign 1) or before (sign -1) a day; hours and minutes do not move a day."""
    moved = _shift_months(day, sign * (span.months + 12 * span.years))
    days = span.days + 7 * span.weeks
    if not span.working:
        return moved + timedelta(days=sign * days)
    while days > 0:
        moved += timedelta(days=sign)
        days -= working.is_working_day(moved)
    return moved


def _shift_months(day: date, months: int) -> date:
    if not months:
        return day
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """The instant a day begins in a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def after_working_days(instant: datetime, span: Span, zone: ZoneInfo, working: WorkingDays) -> datetime:
    """The instant some working days later, at the same time of day; hours are counted in working time.

    What happens on a day off counts as happening when the next working day begins; so a later instant never has an
    earlier mark, which is what lets a window be turned round.
    """
    day = instant.astimezone(zone).date()
    into = instant - start_of(day, zone)
    if not working.is_working_day(day):
        while not working.is_working_day(day):
            day += timedelta(days=1)
        into = timedelta(0)
    hours = timedelta(hours=span.hours, minutes=span.minutes)
    if hours and isinstance(working, WorkingHours):
        counted = after_working_days(instant, replace(span, hours=0, minutes=0), zone, working)
        return working.add_working_time(counted, hours)
    target = shift_day(day, span, 1, working)
    begins, ends = start_of(target, zone), start_of(target + timedelta(days=1), zone)
    shifted = begins + into + hours
    return min(shifted, ends) if not hours else shifted


def anniversary(day: date, year: int, march: bool = False) -> date:
    """The day in another year; 29 February falls on 28 February where there is none, or on 1 March."""
    if day.month == 2 and day.day == 29 and not calendar.isleap(year):
        return date(year, 3, 1) if march else date(year, 2, 28)
    return day.replace(year=year)


def waitable(span: Span) -> bool:
    """Whether an instant can wait for a span: fixed, or counted in working time."""
    return span.fixed is not None or (span.working and not (span.months or span.years))
