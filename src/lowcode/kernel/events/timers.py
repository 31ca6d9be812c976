"""Timers: what runs by the clock. Each has a watermark; it moves in the transaction of the work.

Windows are (since, until]. After downtime the window is as long as the downtime was, so nothing is lost; a clock that
is set back makes an empty window, so nothing runs twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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
TOGETHER = 1000
"""So many windows are run in one transaction; what was missed beyond follows in the next."""

READ = sa.select(t.watermark).where(t.watermark.c.name == sa.bindparam("timer"))
LOCK = READ.with_for_update()
READ_ALL = sa.select(t.watermark)
MOVE = sa.update(t.watermark).where(t.watermark.c.name == sa.bindparam("timer")).values(until=sa.bindparam("moved"))


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
            since = marks.get(timer.name)
            if since is None or windows(timer, since, host.clock.now(), host.app.zone):
                while done := host.database.write(lambda unit, timer=timer: _run(host, unit, timer)):
                    count += done
                    if done < TOGETHER:
                        break
        except Exception as error:
            failures.append(error)
            error.add_note(f"in the timer {timer.name}")
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise ExceptionGroup("timers failed", failures)
    return count


def _begin(dialect: str) -> Any:
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    values = {name: sa.bindparam(name, type_=t.watermark.c[name].type) for name in ("name", "until")}
    return make(t.watermark).values(values).on_conflict_do_nothing(index_elements=["name"])


def _run(host: Any, unit: Unit, timer: Timer) -> int:
    now = host.clock.now()
    rows = unit.locked(LOCK, timer=timer.name)
    if not rows:
        dialect = unit.database.dialect_name
        unit.run(host.cached("timer-begin", lambda: _begin(dialect)), name=timer.name, until=now)
        return 0
    due = windows(timer, rows[0]["until"], now, host.app.zone)
    if not due:
        return 0
    context = host.context(unit, host.app_actor, ())
    for since, until in due:
        timer.run(context, since, until)
    unit.run(MOVE, timer=timer.name, moved=due[-1][1])
    return len(due)
