"""When the one who asks works, day by day: for the hours that a calendar of the page shows.

Who works by which calendar is said by the app; what is told is read off the clocks of the app's zone, as all of its
times are, though a team may work in another one.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from lowcode.kernel.answers import Items
from lowcode.kernel.calendar import Calendar
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity.org import directory
from lowcode.kernel.identity.words import problem

MOST_DAYS = 62
WALL = "%Y-%m-%dT%H:%M"
LEAST, MOST = date(1000, 1, 1), date(9998, 12, 31)
"""The days beside them are looked at as well, and in another zone those beside these: the calendar must go on there."""


class Days(Parameters):
    """From which day to which, both included."""

    first: date
    last: date


def calendar_of(context: Context, user: int | None) -> Calendar:
    """The calendar by which somebody works: that of their team, or the usual one."""
    app: Any = context.app
    everybody = directory(context)
    person = everybody.users.get(user) if user is not None else None
    if person is None:
        usual: Calendar = app.calendars.usual
        return usual
    team = app.calendars.of(everybody.departments_of(person.id), person.roles)
    found: Calendar = app.calendars.usual if team is None else team.calendar
    return found


def hours(context: Context, params: Days) -> Items:
    """The stretches of working time on some days. Raises Rejected for days out of reach, and for too many of them."""
    far = [
        problem("far-days", f"/{name}", least=f"{LEAST}", most=f"{MOST}", seen=f"{day}")
        for name, day in (("first", params.first), ("last", params.last)) if not LEAST <= day <= MOST
    ]  # fmt: skip
    if far:
        raise Rejected(far)
    count = (params.last - params.first).days + 1
    if not 0 < count <= MOST_DAYS:
        raise Rejected(problem("too-many-days", "/last", most=MOST_DAYS, seen=count))
    app: Any = context.app
    calendar = calendar_of(context, context.actor.id)
    begin, end = params.first.isoformat(), (params.last + timedelta(days=1)).isoformat()
    items = []
    # In another zone a day may begin on the day before, and end on the next.
    for ahead in range(-1, count + 1):
        day = params.first + timedelta(days=ahead)
        for opens, closes in calendar.hours_of(day):
            since, until = (
                datetime.combine(day, each, calendar.zone).astimezone(app.zone).strftime(WALL)
                for each in (opens, closes)
            )
            if since < end and until > begin:
                items.append({"since": since, "until": until})
    return {"items": items}


OPERATIONS = (
    Operation("identity.hours", hours, Days, writes=False, summary={"en": "When I work", "zh-CN": "我的工作时间"}),
)
