"""Five-field cron expressions in the zone of the app: minute, hour, day of month, month, day of week.

When both day fields are restricted, either may match, as cron has always had it. A wall-clock time that a zone skips
runs when the clock has jumped past it; one that comes twice runs the first time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIELDS = (("minute", 0, 59), ("hour", 0, 23), ("day of month", 1, 31), ("month", 1, 12), ("day of week", 0, 7))
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
SHORT = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@weekly": "0 0 * * 1",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
}


class CronError(ValueError):
    """A cron expression that cannot be read; the message names the field and what may stand there."""


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression as sets of numbers; Sunday is 0."""

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    def on(self, day: date) -> bool:
        """Whether it runs at all on a day."""
        if day.month not in self.months:
            return False
        of_month, of_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return of_month and of_week
        return of_month or of_week

    def between(self, since: datetime, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Every occurrence in (since, until], the earliest first."""
        day, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        while day <= last:
            if self.on(day):
                yield from (each for each in self._of_day(day, zone) if since < each <= until)
            day += timedelta(days=1)

    def latest(self, since: datetime, until: datetime, zone: ZoneInfo) -> datetime | None:
        """The last occurrence in (since, until], found from the end."""
        first, day = since.astimezone(zone).date(), until.astimezone(zone).date()
        while day >= first:
            if self.on(day):
                found = [each for each in self._of_day(day, zone) if since < each <= until]
                if found:
                    return found[-1]
            day -= timedelta(days=1)
        return None

    def _of_day(self, day: date, zone: ZoneInfo) -> list[datetime]:
        instants = {local_instant(day, time(hour, minute), zone) for hour in self.hours for minute in self.minutes}
        return sorted(instants)


def local_instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall-clock time of a day."""
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)


def read_cron(text: str) -> Cron:
    """Read a cron expression. Raises CronError."""
    parts = SHORT.get(text.strip().lower(), text).split()
    if len(parts) != len(FIELDS):
        raise CronError(f"five fields are needed (minute hour day month weekday), {len(parts)} are given")
    sets = [_field(part, *field) for part, field in zip(parts, FIELDS, strict=True)]
    weekdays = frozenset(number % 7 for number in sets[4])
    if not any(day in sets[2] for day in range(1, 30)) and sets[3] == {2}:
        raise CronError("no month has such a day: February ends on the 29th")
    return Cron(
        text=text,
        minutes=tuple(sorted(sets[0])),
        hours=tuple(sorted(sets[1])),
        days=frozenset(sets[2]),
        months=frozenset(sets[3]),
        weekdays=weekdays,
        any_day=parts[2].startswith("*"),
        any_weekday=parts[4].startswith("*"),
    )


def _field(text: str, name: str, low: int, high: int) -> set[int]:
    numbers: set[int] = set()
    for part in text.split(","):
        span, _, step_text = part.partition("/")
        step = _number(step_text, name, 1, high) if step_text else 1
        if span == "*":
            first, last = low, high
        elif "-" in span:
            start, _, end = span.partition("-")
            first, last = _number(start, name, low, high), _number(end, name, low, high)
            if last < first:
                raise CronError(f"the {name} '{span}' runs backwards")
        else:
            first = _number(span, name, low, high)
            last = high if step_text else first
        numbers.update(range(first, last + 1, step))
    return numbers


def _number(text: str, name: str, low: int, high: int) -> int:
    words = {"month": MONTHS, "day of week": WEEKDAYS}.get(name, ())
    if text.lower() in words:
        return words.index(text.lower()) + (1 if name == "month" else 0)
    if not text.isdigit() or not low <= int(text) <= high:
        raise CronError(f"the {name} '{text}' is no number from {low} to {high}")
    return int(text)
