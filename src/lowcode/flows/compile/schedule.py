"""Times of the clock, as an author writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from cronsim import CronSim, CronSimError

from lowcode.flows.definition import StartsDocument
from lowcode.flows.nodes.reading import Reading
from lowcode.flows.plan import Schedule

SOME_DAY = datetime(2024, 1, 1, tzinfo=UTC)
NO_INSTANT = {
    "en": "it is no date with a time, such as 2026-03-02T09:00",
    "zh-CN": "应为带时刻的日期，例如 2026-03-02T09:00",
}
NO_MINUTE = {
    "en": "it is a whole minute in the zone of the app, without a zone of its own",
    "zh-CN": "应为应用所在时区的整分钟，不带时区",
}


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
            said = {"en": f"it has {fields} fields", "zh-CN": f"应有 5 段，现有 {fields} 段"}
            reading.finding("wrong-time", "/cron", seen=text, reason=said)
            return False
        next(CronSim(text, SOME_DAY))
    except StopIteration:
        reading.finding("wrong-time", "/cron", seen=text, reason={"en": "it never comes", "zh-CN": "永远不会到来"})
        return False
    except CronSimError as error:
        said = {"en": str(error), "zh-CN": "其中有一段不是有效的写法"}
        reading.finding("wrong-time", "/cron", seen=text, reason=said)
        return False
    return True


def _instant(text: str, pointer: str, reading: Reading) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        reading.finding("wrong-time", pointer, seen=text, reason=NO_INSTANT)
        return None
    if found.tzinfo is not None or found.second or found.microsecond:
        reading.finding("wrong-time", pointer, seen=text, reason=NO_MINUTE)
        return None
    return found
