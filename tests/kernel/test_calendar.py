"""The working calendar: holidays, days worked instead, working hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.kernel.calendar import Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = ["09:00-12:00", "13:30-18:00"]
WEEK = {"monday": HOURS, "tuesday": HOURS, "wednesday": HOURS, "thursday": HOURS, "friday": HOURS}
CALENDAR = Calendar.of(SHANGHAI, WEEK, ["2026-10-01", "2026-10-02", "2026-10-05"], ["2026-10-10"])


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


@pytest.mark.requirement("W23")
@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-09-30", True),
        ("2026-10-01", False),
        ("2026-10-04", False),
        ("2026-10-06", True),
        ("2026-10-10", True),
        ("2026-10-11", False),
    ],
)
def test_which_days_are_worked(day: str, works: bool) -> None:
    """A holiday is free, a Saturday worked instead is not."""
    assert CALENDAR.is_working_day(date.fromisoformat(day)) is works


@pytest.mark.requirement("W23")
@pytest.mark.parametrize(
    ("since", "hours", "until"),
    [
        ("2026-09-30 17:00", 1, "2026-09-30 18:00"),
        ("2026-09-30 17:00", 2, "2026-10-06 10:00"),
        ("2026-09-29 11:00", 2, "2026-09-29 14:30"),
        ("2026-10-09 17:30", 1, "2026-10-10 09:30"),
        ("2026-10-03 12:00", 7.5, "2026-10-06 18:00"),
    ],
)
def test_working_hours_pass_over_nights_and_holidays(since: str, hours: float, until: str) -> None:
    """A deadline counts the hours people work."""
    assert CALENDAR.add_working_time(at(since), timedelta(hours=hours)) == at(until)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)), st.integers(0, 3000))
def test_adding_and_measuring_agree(since: datetime, minutes: int) -> None:
    """The working time until a deadline is the span the deadline was made of."""
    begin = since.replace(tzinfo=UTC)
    end = CALENDAR.add_working_time(begin, timedelta(minutes=minutes))
    assert CALENDAR.working_time(begin, end) == timedelta(minutes=minutes)


def test_hours_that_end_before_they_begin_are_refused() -> None:
    """A mistake in the definition is not guessed at."""
    with pytest.raises(ValueError, match="end before they begin"):
        Calendar.of(SHANGHAI, {"monday": ["18:00-09:00"]}, [], [])
