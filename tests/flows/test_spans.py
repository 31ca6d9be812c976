"""Spans of time: days keep the time of day, working days are counted by the calendar of the application."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lowcode.flows.nodes.asking.asking import not_arranged
from lowcode.flows.nodes.asking.spans import Span, SpanDocument
from lowcode.kernel.calendar import Calendar
from lowcode.kernel.expressions import Moment

FRIDAY = datetime(2026, 3, 6, 1, 30, tzinfo=UTC)


class Weekdays:
    """Monday to Friday, without the first Monday and with the Saturday after it."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work."""
        return (day.weekday() < 5 and day != date(2026, 3, 9)) or day == date(2026, 3, 14)


@pytest.mark.requirement("W23")
@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ({"hours": 24}, "2026-03-07T01:30"),
        ({"days": 1, "minutes": 30}, "2026-03-07T02:00"),
        ({"days": 1, "working": True}, "2026-03-10T01:30"),
        ({"days": 5, "working": True}, "2026-03-14T01:30"),
        ({"hours": 24, "working": True}, "2026-03-10T01:30"),
    ],
)
def test_working_days(span: dict[str, int], expected: str) -> None:
    """A holiday is jumped over, a day worked instead is counted."""
    moment = Moment(now=FRIDAY, zone=ZoneInfo("Asia/Shanghai"), calendar=Weekdays())
    after = Span.of(SpanDocument(**span)).after(moment)
    assert expected == after.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")


def test_a_day_keeps_the_time_of_day_over_a_clock_change() -> None:
    """One day later it is the same hour; 24 hours later it is not."""
    berlin = Moment(now=datetime(2026, 3, 28, 8, tzinfo=UTC), zone=ZoneInfo("Europe/Berlin"))
    assert timedelta(hours=23) == Span(days=1).after(berlin) - berlin.now
    assert timedelta(hours=24) == Span(length=timedelta(hours=24)).after(berlin) - berlin.now


def test_a_calendar_without_work_does_not_hang() -> None:
    """It is a mistake of the calendar; the span ends all the same."""

    class Never:
        def is_working_day(self, day: date) -> bool:
            return False

    moment = Moment(now=FRIDAY, calendar=Never())
    assert Span(days=3, working=True).after(moment) > FRIDAY


@pytest.mark.requirement("W23")
def test_a_deadline_in_a_year_that_is_not_arranged_says_so() -> None:
    """The days are counted by what is known, and the reason beside the deadline names the year."""
    zone = ZoneInfo("Asia/Shanghai")
    moment = Moment(datetime(2026, 12, 30, 1, tzinfo=UTC), zone, calendar=Calendar.of(zone, {}, [], [], "CN"))
    due = [Span(days, working=True).after(moment) for days in (1, 3)]
    assert [not_arranged(moment, each) for each in due] == [{}, {"year_not_arranged": 2027}]
