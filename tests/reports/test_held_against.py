"""What a period is held against: an earlier one, and while it goes on, as much of that as has passed of this."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.reports.run import MONTHS, STEPS, earlier, period_of, so_far
from tests.reports.opened import DIRECTOR, open_firm

DAY = timedelta(days=1)
NAMES = [f"this_{step}" for step in STEPS]
CASES = [
    ("this_year", "last_year", "2026-11-30", "2025-01-01", "2025-11-30"),
    ("this_year", "previous", "2026-11-30", "2025-01-01", "2025-11-30"),
    ("this_year", "last_year", "2028-02-29", "2027-01-01", "2027-02-28"),
    ("this_year", "last_year", "2029-02-28", "2028-01-01", "2028-02-29"),
    ("this_year", "last_year", "2028-02-28", "2027-01-01", "2027-02-28"),
    ("this_month", "previous", "2026-11-17", "2026-10-01", "2026-10-17"),
    ("this_month", "previous", "2026-11-30", "2026-10-01", "2026-10-31"),
    ("this_month", "previous", "2027-03-30", "2027-02-01", "2027-02-28"),
    ("this_month", "last_year", "2028-02-29", "2027-02-01", "2027-02-28"),
    ("this_quarter", "previous", "2026-11-30", "2026-07-01", "2026-08-31"),
    ("this_quarter", "last_year", "2026-11-12", "2025-10-01", "2025-11-12"),
    ("this_week", "previous", "2026-11-25", "2026-11-16", "2026-11-18"),
    ("this_week", "last_year", "2026-11-25", "2025-11-24", "2025-11-26"),
    ("this_fiscal_year", "previous", "2026-05-10", "2025-04-01", "2025-05-10"),
    ("last_year", "previous", "2026-11-30", "2024-01-01", "2024-12-31"),
    ("next_month", "previous", "2026-11-10", "2026-11-01", "2026-11-30"),
    ("last_7_days", "previous", "2026-11-30", "2026-11-17", "2026-11-23"),
    ("last_7_days", "last_year", "2028-02-28", "2027-02-22", "2027-02-28"),
    ({"from": "2026-11-01", "to": "2026-11-20"}, "previous", "2026-11-05", "2026-10-12", "2026-10-16"),
    ({"from": "2026-11-01", "to": "2026-11-20"}, "last_year", "2026-11-05", "2025-11-01", "2025-11-05"),
]


@pytest.mark.requirement("B19")
@pytest.mark.parametrize(("name", "compare", "today", "first", "last"), CASES)
def test_as_many_days_are_held_against_one_another(name: Any, compare: str, today: str, first: str, last: str) -> None:
    """Month ends meet month ends, weeks begin on Mondays, and what is over or has not begun is held against a whole."""
    now = date.fromisoformat(today)
    period = period_of(name, now, 4)
    assert period is not None
    begins, until = so_far(period, compare, name, now)
    assert (begins.isoformat(), (until - DAY).isoformat()) == (first, last)


@given(
    st.sampled_from(NAMES), st.sampled_from(["previous", "last_year"]), st.dates(date(1990, 1, 1), date(2090, 12, 31)),
    st.integers(1, 12),
)  # fmt: skip
def test_a_period_that_goes_on_is_never_held_against_more_than_has_passed(
    name: str, compare: str, today: date, fiscal: int
) -> None:
    """It begins where the earlier period does and stays in it; the days differ by no more than months do; it never
    becomes less from one day to the next; and at the end all of it is held against all of the earlier one."""
    period = period_of(name, today, fiscal)
    assert period is not None
    whole, found = earlier(period, compare, name), so_far(period, compare, name, today)
    assert found[0] == whole[0] < found[1] <= whole[1]
    unit = name.removeprefix("this_")
    passed, held = (today - period[0]).days + 1, (found[1] - found[0]).days
    assert abs(passed - held) <= (0 if unit == "week" else 3 * MONTHS[unit])
    assert so_far(period, compare, name, period[1] - DAY) == whole
    if today + DAY < period[1]:
        assert found[1] <= so_far(period, compare, name, today + DAY)[1]
        if unit != "week" and (today + DAY).day <= 28:
            assert found[1].day == (today + DAY).day
        if today.day == monthrange(today.year, today.month)[1] and unit != "week":
            assert found[1].day == 1


@pytest.mark.requirement("B19")
@pytest.mark.parametrize(("against", "before", "to", "part"), [
    ("so_far", 1, "2025-11-23", True), ("whole", 2, "2025-12-31", False),
])  # fmt: skip
def test_this_year_is_held_against_as_much_of_the_last(against: str, before: int, to: str, part: bool) -> None:
    """A deal of last December does not make this November look worse, and the answer says the days of both."""
    report = {
        "name": "year", "type": "report", "form": "deal", "date": "closed_on", "period": "this_year",
        "compare": "last_year", "against": against, "measures": [{"name": "deals", "expression": "COUNT()"}],
    }  # fmt: skip
    firm = open_firm(more={"reports/year.json": report})
    for day in (date(2026, 2, 1), date(2025, 11, 23), date(2025, 12, 5)):
        firm.add("deal", name=str(day), amount=Decimal(1), closed_on=day)
    assert firm.clock.now().date() == date(2026, 11, 23)
    result = firm.ask(DIRECTOR, "reports.run", report="year")
    assert (result["rows"], result["compared"]) == ([[1]], [before])
    assert result["compared_period"] == {"from": "2025-01-01", "to": to, "part": part}


@pytest.mark.requirement("B19")
@pytest.mark.parametrize(("against", "before", "change"), [("so_far", "1", 1.0), ("whole", "3", -0.3333)])
def test_the_last_row_is_held_against_as_many_days(against: str, before: str, change: float) -> None:
    """Of months in rows, the one that goes on is held against so much of the last, by each group; the ones before it
    against whole months; and the answer says which days those were."""
    report = {
        "name": "months", "type": "report", "form": "deal", "date": "closed_on", "against": against,
        "dimensions": [
            {"name": "month", "expression": "closed_on", "grain": "month"}, {"name": "deal", "expression": "name"},
        ],
        "measures": [
            {"name": "deals", "expression": "COUNT()"},
            {"name": "before", "calculation": "previous", "of": "deals"},
            {"name": "change", "calculation": "change", "of": "deals", "format": "percent"},
            {"name": "year", "calculation": "last_year", "of": "deals"},
        ],
    }  # fmt: skip
    firm = open_firm(more={"reports/months.json": report})
    assert firm.clock.now().date() == date(2026, 11, 23)
    days = {"a": ["2025-11-20", "2025-11-28", "2026-09-30", "2026-10-23", "2026-10-24", "2026-10-31", "2026-11-02",
                  "2026-11-23"], "b": ["2026-10-31", "2026-11-01"]}  # fmt: skip
    for name, each in days.items():
        for day in each:
            firm.add("deal", name=name, amount=Decimal(1), closed_on=date.fromisoformat(day))
    result = firm.ask(DIRECTOR, "reports.run", report="months")
    rows = {(str(row[0]), row[1]): row[2:] for row in result["rows"]}
    assert [str(each) for each in rows["2026-10-01", "a"][:2]] == ["3", "1"]
    deals, was, changed, year = rows["2026-11-01", "a"]
    assert (str(deals), str(was), round(float(changed), 3)) == ("2", before, round(change, 3))
    assert str(year) == ("1" if against == "so_far" else "2")
    assert str(rows["2026-11-01", "b"][1]) == ("0" if against == "so_far" else "1")
    said = [
        {"dimension": "month", "start": "2026-11-01", "compare": "previous", "from": "2026-10-01", "to": "2026-10-23"},
        {"dimension": "month", "start": "2026-11-01", "compare": "last_year", "from": "2025-11-01", "to": "2025-11-23"},
    ]
    assert result.get("begun", []) == (said if against == "so_far" else [])


@pytest.mark.requirement("B19")
def test_what_is_made_of_measures_is_held_against_as_many_days() -> None:
    """A measure that is worked out of others is worked out in the days of the earlier period too; of a report that ends
    before today, as many days count as it shows."""
    report = {
        "name": "months", "type": "report", "form": "deal", "date": "closed_on",
        "dimensions": [{"name": "month", "expression": "closed_on", "grain": "month"}],
        "measures": [
            {"name": "deals", "expression": "COUNT()"},
            {"name": "whole", "expression": "SUM(amount)"},
            {"name": "each", "formula": "whole / deals"},
            {"name": "before", "calculation": "previous", "of": "each"},
        ],
    }  # fmt: skip
    firm = open_firm(more={"reports/months.json": report})
    for day, amount in {"2026-10-05": 10, "2026-10-20": 30, "2026-10-31": 90, "2026-11-03": 50}.items():
        firm.add("deal", name=day, amount=Decimal(amount), closed_on=date.fromisoformat(day))

    def last(**filters: Any) -> Any:
        return firm.ask(DIRECTOR, "reports.run", report="months", filters=filters)["rows"][-1][1:]

    assert [Decimal(each) for each in last()] == [1, 50, 50, 20]
    assert [Decimal(each) for each in last(period={"from": "2026-11-01", "to": "2026-11-10"})] == [1, 50, 50, 10]
