"""Windows never lose and never repeat an occurrence, whatever the instants of the ticks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.rules.schedules.spans import Span, Weekdays, anniversary, shift_day
from lowcode.rules.schedules.windows import (
    dates_with_anniversary,
    day_mark,
    days_due,
    each_day,
    instants_due,
    instants_of,
    mark_of,
)

ZONES = [
    ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
]
START = datetime(2026, 3, 1, tzinfo=UTC)
WORKING = Weekdays()

zones = st.sampled_from(ZONES)
ticks = st.lists(st.integers(0, 60 * 24 * 90), min_size=2, max_size=12, unique=True).map(
    lambda minutes: [START + timedelta(minutes=each, seconds=each % 61) for each in sorted(minutes)]
)
times = st.times().map(lambda each: each.replace(microsecond=0, tzinfo=None))
calendar_spans = st.builds(
    Span, days=st.integers(0, 40), weeks=st.integers(0, 2), months=st.integers(0, 14), working=st.booleans()
)
fixed_spans = st.builds(Span, minutes=st.integers(0, 90), hours=st.integers(0, 50), days=st.integers(0, 40))
working_spans = st.builds(Span, days=st.integers(1, 15), working=st.just(True))


@settings(max_examples=120, deadline=None)
@given(ticks, zones, calendar_spans, st.sampled_from([-1, 1]), times)
def test_day_windows_lose_and_repeat_nothing(
    instants: list[datetime], zone: ZoneInfo, span: Span, sign: int, at: time
) -> None:
    """Every day whose mark lies between the first and the last tick is seen in exactly one window."""
    mark = day_mark(span, sign, at, zone, WORKING)
    seen: list[date] = []
    for since, until in pairwise(instants):
        found = days_due(mark, since, until, since.date())
        seen += list(each_day(found)) if found else []
    around = [date(2024, 1, 1) + timedelta(days=number) for number in range(365 * 4)]
    assert seen == [day for day in around if instants[0] < mark(day) <= instants[-1]]


@settings(max_examples=120, deadline=None)
@given(
    ticks, zones, st.one_of(fixed_spans, working_spans), st.lists(st.integers(-90 * 24 * 60, 90 * 24 * 60), max_size=30)
)
def test_instant_windows_lose_and_repeat_nothing(
    instants: list[datetime], zone: ZoneInfo, span: Span, offsets: list[int]
) -> None:
    """Every instant whose mark lies between the first and the last tick is seen in exactly one window."""
    since_values = [START + timedelta(minutes=each, microseconds=each) for each in offsets]
    windows = [instants_due(span, since, until, zone, WORKING) for since, until in pairwise(instants)]
    for value in since_values:
        seen = sum(1 for window in windows if window and window.after < value <= window.until)
        due = instants[0] < mark_of(value, span, zone, WORKING) <= instants[-1]
        assert seen == (1 if due else 0)


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1900, 1, 1), date(2020, 12, 31)), ticks, zones, st.integers(0, 10), times)
def test_each_anniversary_is_seen_once(
    born: date, instants: list[datetime], zone: ZoneInfo, days: int, at: time
) -> None:
    """A yearly rule sees each anniversary of each date once; 29 February is kept on the 28th."""
    mark = day_mark(Span(days=days), -1, at, zone, WORKING)
    seen = []
    for since, until in pairwise(instants):
        found = days_due(mark, since, until, since.date())
        seen += [day for day in (each_day(found) if found else []) if born in dates_with_anniversary(day)]
    expected = [
        anniversary(born, year)
        for year in range(born.year + 1, 2028)
        if instants[0] < mark(anniversary(born, year)) <= instants[-1]
    ]
    assert seen == expected


def test_days_of_a_date_and_time_field_cover_the_local_day() -> None:
    """The instants of a day are those of the app's zone, not of UTC."""
    window = days_due(day_mark(Span(), 1, time(9), ZONES[0], WORKING), START, START + timedelta(days=1), START.date())
    assert window is not None
    instants = instants_of(window, ZONES[0])
    midnight = datetime(2026, 2, 28, 16, tzinfo=UTC) + timedelta(days=(window.first - date(2026, 3, 1)).days)
    assert instants.after < midnight <= instants.until


@pytest.mark.parametrize(
    ("day", "span", "sign", "expected"),
    [
        (date(2026, 1, 31), Span(months=1), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), Span(years=1), 1, date(2025, 2, 28)),
        (date(2026, 3, 6), Span(days=1, working=True), 1, date(2026, 3, 9)),
        (date(2026, 3, 8), Span(days=1, working=True), -1, date(2026, 3, 6)),
        (date(2026, 3, 8), Span(weeks=1), -1, date(2026, 3, 1)),
    ],
)
def test_spans_shift_days(day: date, span: Span, sign: int, expected: date) -> None:
    """Month ends stay month ends, and days off are no working days."""
    assert shift_day(day, span, sign, WORKING) == expected
