"""Timers: what runs by the clock. Each has a watermark; it moves in the transaction of the work.

Windows are (since, until]. After downtime the window is as long as the downtime was, so nothing is lost; a clock that
is set back makes an empty window, so nothing runs twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from itertools import islice, pairwise
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from cronsim import CronSim
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.contract import Timer
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t

SKIP_GRACE = timedelta(minutes=1)
FOREVER = datetime.max.replace(tzinfo=UTC)
TOGETHER = 1000
"""So many windows are run in one transaction; what was missed beyond follows in the next."""

READ_ALL = sa.select(t.watermark)
MOVE = (
    sa.update(t.watermark)
    .where(
        t.watermark.c.name == sa.bindparam("timer"),
        t.watermark.c.until == sa.bindparam("since", type_=t.watermark.c.until.type),
    )
    .values(until=sa.bindparam("moved"))
)
"""Go on from a mark that still stands where it was read. A process that runs the same timer has moved it, or holds it
until it has: one of the two has the window."""


def occurrences(
    cron: str, since: datetime, until: datetime, zone: ZoneInfo, *, latest_first: bool = False
) -> Iterator[datetime]:
    """The instants of a cron expression in (since, until], in a zone: five fields, as crontab(5) says. They are found
    one by one: who wants the latest of a long time asks for them first."""
    begin = until + timedelta(microseconds=1) if latest_first else since
    for found in CronSim(cron, begin.astimezone(zone), reverse=latest_first):
        instant = found.astimezone(UTC)
        if since < instant <= until:
            yield instant
        elif instant <= since if latest_first else instant > until:
            return


@lru_cache(maxsize=1000)
def first_after(cron: str, since: datetime, zone: ZoneInfo) -> datetime | None:
    """The first instant of a cron expression after a watermark; None when it never comes. It is the same at every tick
    until it has come, and to look for it costs more than all the rest of a tick in which nothing is due."""
    return next(occurrences(cron, since, FOREVER, zone), None)


def windows(timer: Timer, since: datetime, now: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The windows that are due, by the timer's policy for what was missed; of very many the first."""
    if now <= since:
        return []
    if timer.cron is None:
        span = timer.every or timedelta(minutes=1)
        if now - since < span:
            return []
        if timer.apart and timer.catch_up == "all":
            marks = [since + number * span for number in range(min((now - since) // span, TOGETHER) + 1)]
            return list(pairwise(marks))
        return [(since if timer.catch_up != "skip" else max(since, now - span), now)]
    first = first_after(timer.cron, since, zone)
    if first is None or first > now:
        return []
    begin = since
    if timer.catch_up == "skip":
        begin = max(since, now - SKIP_GRACE)
    elif timer.catch_up == "latest":
        for latest in occurrences(timer.cron, since, now, zone, latest_first=True):
            return [(since, latest)]
        return []
    found = list(islice(occurrences(timer.cron, begin, now, zone), TOGETHER))
    starts = [since, *found[:-1]]
    return list(zip(starts, found, strict=False))


def tick(host: Any) -> int:
    """Run every timer that is due; how many windows were run. One that fails keeps no other from running."""
    count = 0
    failures: list[Exception] = []
    # Asked for together: between two ticks most timers are not due, and a statement for each would be all they cost.
    with host.database.reading() as unit:
        marks = {row["name"]: row["until"] for row in unit.fetch(READ_ALL)}
    for timer in host.app.timers:
        try:
            count += _catch_up(host, timer, marks.get(timer.name))
        except Exception as error:
            failures.append(error)
            error.add_note(f"in the timer {timer.name}")
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise ExceptionGroup("timers failed", failures)
    return count


def _catch_up(host: Any, timer: Timer, since: datetime | None) -> int:
    """Run a timer from its mark on, some windows in each transaction; how many they were."""
    count = 0
    while True:
        now = host.clock.now()
        if since is None:
            host.database.write(partial(_begin, timer=timer, now=now))
            return count
        due = windows(timer, since, now, host.app.zone)
        if not due or not host.database.write(partial(_run, host, timer=timer, since=since, due=due)):
            return count
        count += len(due)
        since = due[-1][1]


def _begin(unit: Unit, timer: Timer, now: datetime) -> None:
    make: Any = sqlite.insert if unit.database.dialect_name == "sqlite" else postgresql.insert
    begun = make(t.watermark).values(name=timer.name, until=now).on_conflict_do_nothing(index_elements=["name"])
    unit.run(begun)


def _run(host: Any, unit: Unit, timer: Timer, since: datetime, due: list[tuple[datetime, datetime]]) -> bool:
    """Run windows, and move the mark to their end; False where another process has done so."""
    if not unit.run(MOVE, timer=timer.name, since=since, moved=due[-1][1]):
        return False
    context = host.context(unit, host.app_actor, ())
    for begin, end in due:
        timer.run(context, begin, end)
    return True
