"""Times of the clock, as an author writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cronsim import CronSim, CronSimError

from lowcode.flows.definition import StartsDocument
from lowcode.flows.nodes.reading import Reading
from lowcode.flows.plan import Schedule

SOME_DAY = datetime(2024, 1, 1, tzinfo=UTC)


def read_schedule(document: StartsDocument, reading: Reading) -> Schedule | None:
    """The schedule; what is wrong with it becomes findings."""
    written = document.schedule
    if written is None:
        reading.finding("start-incomplete", on="schedule", needs="schedule")
        return None
    here = reading.at("/schedule")
    ways = [key for key in ("cron", "every", "at") if getattr(written, key) is not None]
    if len(ways) != 1:
        here.finding("schedule-how", seen=ways)
        return None
    rest: Any = {"working": written.working, "catch_up": written.catch_up}
    if written.cron is not None:
        return Schedule(written.cron, **rest) if _is_cron(written.cron, here) else None
    if written.at is not None:
        at = _instant(written.at, "/at", here)
        return Schedule(first=at, **rest) if at is not None else None
    assert written.every is not None
    every = written.every
    first = _instant(every.start, "/every/from", here)
    span = timedelta(weeks=every.weeks, days=every.days, hours=every.hours, minutes=every.minutes)
    if not span:
        here.finding("no-span", "/every")
    return Schedule(first=first, every=span, **rest) if first is not None and span else None


def _is_cron(text: str, reading: Reading) -> bool:
    try:
        fields = len(text.split())
        if fields != 5:
            raise CronSimError(f"it has {fields} fields")
        next(CronSim(text, SOME_DAY))
    except (CronSimError, StopIteration) as error:
        reading.finding("wrong-time", "/cron", seen=text, reason=str(error) or "it never comes")
        return False
    return True


def _instant(text: str, pointer: str, reading: Reading) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        reading.finding("wrong-time", pointer, seen=text, reason="it is no date with a time, such as 2026-03-02T09:00")
        return None
    if found.tzinfo is not None or found.second or found.microsecond:
        reason = "it is a whole minute in the zone of the app, without a zone of its own"
        reading.finding("wrong-time", pointer, seen=text, reason=reason)
        return None
    return found
