"""When a flow begins by the clock. Pure: the window, the zone and the calendar are arguments.

Times are whole minutes of the app's zone. Days off move them where an author wants that, and a move never changes their
order, so the latest of a window is found from its end, however long the window is.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Protocol
from zoneinfo import ZoneInfo

from cronsim import CronSim

from lowcode.flows.plan import Schedule

LONGEST_CLOSURE = 60
"""Days by which a time is moved at most; a calendar that is closed longer leaves it where it is."""
GRACE = timedelta(minutes=2)
"""What is as old as this at most was not missed."""
MOST = 1000
"""Times begun at once after a long downtime, where each is wanted."""


class Days(Protocol):
    """Says which days are worked."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        ...


def times(
    schedule: Schedule, since: datetime, until: datetime, now: datetime, zone: ZoneInfo, calendar: Days
) -> list[datetime]:
    """The times in (since, until] at which the flow begins, by what is to be done about those that were missed."""
    begin = now - GRACE if schedule.catch_up == "skip" else since
    found = _fitting(schedule, max(since, begin), until, zone, calendar)
    return list(found)[:1] if schedule.catch_up == "latest" else list(islice(found, MOST))[::-1]


def next_time(schedule: Schedule, now: datetime, zone: ZoneInfo, calendar: Days) -> datetime | None:
    """When it begins next, if it ever does."""
    reach = timedelta(days=LONGEST_CLOSURE)
    for each in islice(_forward(schedule, now - reach, zone), MOST):
        at = _moved(schedule, each, zone, calendar)
        if at is not None and at > now:
            return at
    return None


def _fitting(
    schedule: Schedule, since: datetime, until: datetime, zone: ZoneInfo, calendar: Days
) -> Iterator[datetime]:
    """The times in (since, until], the latest first."""
    reach = timedelta(days=LONGEST_CLOSURE)
    last: datetime | None = None
    for each in _backward(schedule, until + (reach if schedule.working == "before" else timedelta()), zone):
        if each <= since - reach:
            return
        at = _moved(schedule, each, zone, calendar)
        if at is not None and since < at <= until and at != last:
            last = at
            yield at


def _moved(schedule: Schedule, at: datetime, zone: ZoneInfo, calendar: Days) -> datetime | None:
    """Where a time comes to lie when its day is off; None where it is left out."""
    local = at.astimezone(zone)
    if schedule.working == "any" or calendar.is_working_day(local.date()):
        return at
    if schedule.working == "skip":
        return None
    step = timedelta(days=1 if schedule.working == "after" else -1)
    for days in range(1, LONGEST_CLOSURE):
        moved = local + step * days
        if calendar.is_working_day(moved.date()):
            return moved.astimezone(UTC)
    return at


def _backward(schedule: Schedule, until: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The times as they are written, from an instant back."""
    if schedule.cron is not None:
        for found in CronSim(schedule.cron, (until + timedelta(microseconds=1)).astimezone(zone), reverse=True):
            yield found.astimezone(UTC)
        return
    assert schedule.first is not None
    local = until.astimezone(zone).replace(tzinfo=None)
    count = 0 if not schedule.every else (local - schedule.first) // schedule.every + 1
    for number in range(count, -1, -1):
        at = (schedule.first + schedule.every * number).replace(tzinfo=zone).astimezone(UTC)
        if at <= until:
            yield at


def _forward(schedule: Schedule, since: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """The times as they are written, from an instant on."""
    if schedule.cron is not None:
        for found in CronSim(schedule.cron, since.astimezone(zone)):
            yield found.astimezone(UTC)
        return
    assert schedule.first is not None
    local = since.astimezone(zone).replace(tzinfo=None)
    number = max(0, (local - schedule.first) // schedule.every) if schedule.every else 0
    for each in range(number, number + (MOST if schedule.every else 1)):
        yield (schedule.first + schedule.every * each).replace(tzinfo=zone).astimezone(UTC)


def looked_at(schedule: Schedule) -> str:
    """The cron expression by which the clock is looked at: every time of the schedule is one of its times."""
    if schedule.cron is not None and schedule.working in ("any", "skip"):
        return schedule.cron
    if schedule.cron is not None:
        minute, hour, *_ = schedule.cron.split()
        return f"{minute} {hour} * * *"
    assert schedule.first is not None
    first = schedule.first
    if schedule.every and schedule.every % timedelta(days=1):
        return "* * * * *"
    days = f"{first.day} {first.month}" if not schedule.every and schedule.working in ("any", "skip") else "* *"
    return f"{first.minute} {first.hour} {days} *"
