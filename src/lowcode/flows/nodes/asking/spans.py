"""Spans of time as an author writes them: `{"days": 2}`, `{"hours": 24}`, `{"days": 3, "working": true}`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import Field

from lowcode.kernel.calendar import Calendar
from lowcode.kernel.definitions import Part

LONGEST_CLOSURE = 400
"""Days looked at before a calendar without working days is taken for a mistake and days count as they are."""


class SpanDocument(Part):
    """How long: days, hours and minutes together. `working` counts working days only."""

    days: int = Field(0, ge=0, le=3650)
    hours: int = Field(0, ge=0, le=87600)
    minutes: int = Field(0, ge=0, le=5256000)
    working: bool = Field(
        False,
        description="Count working days and working hours only: for a deadline by the calendar of whoever is asked, "
        "else by that of the application.",
    )


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time."""

    days: int = 0
    length: timedelta = timedelta()
    working: bool = False

    @classmethod
    def of(cls, document: SpanDocument) -> Span:
        """The span an author wrote."""
        return cls(document.days, timedelta(hours=document.hours, minutes=document.minutes), document.working)

    def __bool__(self) -> bool:
        return self.days > 0 or self.length > timedelta()

    def after(self, moment: Any) -> datetime:
        """The instant this long after a moment. Days keep the time of day in the zone of the application."""
        if self.working and isinstance(moment.calendar, Calendar):
            local = moment.now.astimezone(moment.calendar.zone)
            if self.days:
                local = _working_days(local, self.days, moment.calendar)
            return moment.calendar.add_working_time(_in_utc(local, moment), self.length)
        local = moment.now.astimezone(moment.zone)
        if self.working and moment.calendar is not None:
            local = _working_days(local + self.length, self.days, moment.calendar)
        else:
            local = local + timedelta(days=self.days)
            return _in_utc(local, moment) + self.length
        return _in_utc(local, moment)


def _in_utc(local: datetime, moment: Any) -> datetime:
    return local.astimezone(moment.now.tzinfo)


def _working_days(local: datetime, days: int, calendar: Any) -> datetime:
    """The day so many working days on; with none to count, the first working day from this one."""
    looked = 0
    while looked < LONGEST_CLOSURE and (days > 0 or not calendar.is_working_day(local.date())):
        local += timedelta(days=1)
        looked += 1
        if days > 0 and calendar.is_working_day(local.date()):
            days -= 1
    return local
