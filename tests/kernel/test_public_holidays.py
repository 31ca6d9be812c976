"""Public holidays of countries, and days worked instead."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.host import Host
from lowcode.kernel.calendar import Calendar, NoSuchCountry, public_year
from lowcode.kernel.diagnostics import DefinitionError

SHANGHAI = ZoneInfo("Asia/Shanghai")


def calendar(country: str, region: str | None = None, *, free: Any = (), worked: Any = ()) -> Calendar:
    """The usual week, with the holidays of a country."""
    return Calendar.of(SHANGHAI, {}, free, worked, country, region)


@pytest.mark.requirement("W23", "X7")
@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-01-26", True),
        ("2025-01-28", False),
        ("2025-02-04", False),
        ("2025-02-08", True),
        ("2025-10-06", False),
        ("2025-10-11", True),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-10-10", True),
        ("2026-10-08", True),
    ],
)
def test_china_swaps_days(day: str, works: bool) -> None:
    """Sundays that are worked, weekdays that are free, as the State Council arranged them."""
    assert calendar("CN").is_working_day(date.fromisoformat(day)) is works


@pytest.mark.parametrize("year", range(2018, 2027))
def test_the_data_of_china_is_what_others_know(year: int) -> None:
    """Every year that is shipped, against a library that is kept by other people."""
    known = holidays.country_holidays("CN", years=year)
    shipped = public_year("CN", None, year)
    worked = frozenset(day for day in known.weekend_workdays if day.year == year)
    assert (frozenset(known), worked) == (shipped.free, shipped.worked)
    assert shipped.settled


@pytest.mark.requirement("W23")
def test_a_year_that_is_not_arranged_yet_says_so() -> None:
    """The days of the law are free, nothing is made up, and whoever counts with it can tell."""
    later = calendar("CN")
    assert [later.is_working_day(date(2031, 10, day)) for day in (1, 2, 3, 6)] == [False, False, False, True]
    assert (later.is_settled(date(2031, 1, 1)), later.is_settled(date(2026, 1, 1))) == (False, True)


@pytest.mark.requirement("X7")
def test_other_countries_and_their_parts() -> None:
    """Epiphany is free in Bavaria and not in Berlin; an app may say otherwise of a day."""
    epiphany = date(2026, 1, 6)
    assert [calendar("DE", part).is_working_day(epiphany) for part in (None, "BY", "BE")] == [True, False, True]
    assert calendar("DE", "BY", worked=["2026-01-06"]).is_working_day(epiphany)
    assert not calendar("DE", "BE", free=["2026-01-06"]).is_working_day(epiphany)
    with pytest.raises(NoSuchCountry, match="'XX' is not a country"):
        calendar("XX")
    with pytest.raises(NoSuchCountry, match="'ZZ' is not a part of DE"):
        calendar("DE", "ZZ")


def test_without_the_package_only_china_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that names another country is told what to install."""
    monkeypatch.setitem(sys.modules, "holidays", None)
    assert not calendar("CN").is_working_day(date(2026, 10, 1))
    with pytest.raises(NoSuchCountry, match=r"lowcode\[holidays\]"):
        calendar("FR")


def test_a_country_that_is_none_is_a_finding() -> None:
    """In a definition it is told like any other mistake."""
    host = Host({"app.json": {"name": "small", "calendar": {"country": "XX"}}}, "sqlite://")
    try:
        with pytest.raises(DefinitionError, match="'XX' is not a country"):
            host.compile(host.documents)
    finally:
        host.close()


@pytest.mark.requirement("W23", "X7")
@given(st.datetimes(datetime(2018, 1, 1), datetime(2026, 11, 1)), st.integers(1, 6000))
def test_a_deadline_never_ends_in_a_holiday(since: datetime, minutes: int) -> None:
    """Whatever the span, it is over in working hours, and is as long as it was asked to be."""
    counted = calendar("CN")
    begin = since.replace(tzinfo=UTC)
    end = counted.add_working_time(begin, timedelta(minutes=minutes))
    assert counted.is_working_day(end.astimezone(SHANGHAI).date())
    assert counted.working_time(begin, end) == timedelta(minutes=minutes)
