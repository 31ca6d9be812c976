"""The semantic model: bands, fiscal periods, hierarchies, measures made of measures, datasets side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from statistics import median
from typing import Any

import pytest

from lowcode.reports.run import following, start_of
from tests.reports.opened import DIRECTOR, SALES, Opened, cells, counted, fill, open_firm
from tests.support.postgresql import Server

ACTORS = pytest.mark.parametrize("actor", [DIRECTOR, SALES[0]], ids=lambda actor: actor.login)
TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def firm(request: pytest.FixtureRequest) -> Iterator[Opened]:
    """A firm with random rows of two years, in each database."""
    if request.param == "sqlite":
        yield filled("sqlite://")
        return
    server: Server = request.getfixturevalue("postgresql_server")
    with server.database() as url:
        opened = filled(url)
        yield opened
        opened.host.close()


def filled(url: str) -> Opened:
    """The rows of the other tests, and deals of the year before."""
    opened = open_firm(url)
    fill(opened, 7)
    for number, row in enumerate(opened.rows["deal"][:20]):
        old = {key: row[key] for key in ("account", "owner", "cost", "stage", "closed_at")}
        before = row["closed_on"].replace(year=2025)
        opened.add("deal", name=f"old {number}", amount=Decimal(number * 7), closed_on=before, items=[], **old)
    return opened


def exact(value: Any, places: int = 2) -> Any:
    """A number with the decimals a column shows."""
    return None if value is None else Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def total(rows: Sequence[Mapping[str, Any]], name: str) -> Decimal:
    """A sum; nothing is zero."""
    return sum((Decimal(row[name]) for row in rows if row[name] is not None), Decimal(0))


def share_of(values: Sequence[Decimal], share: Decimal) -> Decimal | None:
    """The value at a place, between its neighbours in proportion, as a spreadsheet has it."""
    if not values:
        return None
    ordered, place = sorted(values), share * (len(values) - 1)
    below = int(place)
    return ordered[below] + (ordered[min(below + 1, len(ordered) - 1)] - ordered[below]) * (place - below)


def seen(firm: Opened, form: str, actor: Any) -> list[dict[str, Any]]:
    """The rows a person may read."""
    return [row for row in firm.rows[form] if actor is DIRECTOR or row["owner"] == actor.id]


@pytest.mark.requirement("SB11")
def test_numbers_fall_into_bands(firm: Opened) -> None:
    """Each band, in order, with every sort of measure, as somebody with a calculator would have it."""
    result = firm.ask(DIRECTOR, "reports.run", report="sizes")
    rows = [row for row in firm.rows["deal"] if row["amount"] is not None]
    bands = counted(
        rows, lambda row: "b0" if row["amount"] < 100 else "b1" if row["amount"] < Decimal("500.5") else "b2"
    )
    found = cells(result)
    blank = [row for row in firm.rows["deal"] if row["amount"] is None]
    assert [key[0] for key in found] == [*sorted(bands), *([None] if blank else [])]
    for band, members in bands.items():
        amounts = [row["amount"] for row in members]
        priced = [row for row in members if row["cost"] is not None]
        won = [row["amount"] for row in members if row["stage"] == "won"]
        weights = total(priced, "cost")
        assert found[(band,)] == {
            "count": len(members),
            "amount": sum(amounts),
            "middle": exact(median(amounts)),
            "high": exact(share_of(amounts, Decimal("0.9"))),
            "high_won": exact(share_of(won, Decimal("0.75"))),
            "mean": exact(sum(amounts) / len(amounts)),
            "weighted": exact(sum(row["amount"] * row["cost"] for row in priced) / weights) if weights else None,
            "accounts": len({row["account"] for row in members if row["account"] is not None}),
            "least": min(amounts),
            "most": max(amounts),
        }
    titles = [option["title"] for option in result["columns"][0]["options"]]
    assert titles == [{"zh-CN": "小", "en": "Small"}, "100 – 500.5", "≥ 500.5"]


def test_the_business_year_begins_in_its_own_month(firm: Opened) -> None:
    """With April as its first month, this fiscal year is April to March, in quarters that begin in April."""
    result = firm.ask(DIRECTOR, "reports.run", report="fiscal")
    rows = [row for row in firm.rows["deal"] if date(2026, 4, 1) <= row["closed_on"] < date(2027, 4, 1)]
    expected = {
        (start_of(key, "quarter"),): len(members) for key, members in counted(rows, lambda r: r["closed_on"]).items()
    }
    expected = {key: len([row for row in rows if start_of(row["closed_on"], "quarter") == key[0]]) for key in expected}
    assert {key: values["count"] for key, values in cells(result).items() if values["count"]} == expected
    assert start_of(date(2026, 3, 31), "fiscal_year", 4) == date(2025, 4, 1)
    assert start_of(date(2026, 3, 31), "fiscal_quarter", 2) == date(2026, 2, 1)
    assert following(date(2026, 2, 1), "fiscal_quarter") == date(2026, 5, 1)


@pytest.mark.requirement("SB17")
@pytest.mark.requirement("B16")
@pytest.mark.requirement("B17")
@ACTORS
def test_datasets_stand_side_by_side(firm: Opened, actor: Any) -> None:
    """A measure of another dataset keeps its own condition; formulas are computed of each group and of the whole."""
    result = firm.ask(actor, "reports.run", report="together")
    industries = {row["id"]: row["industry"] for row in seen(firm, "account", actor)}
    deals = seen(firm, "deal", actor)
    visits = [row for row in seen(firm, "visit", actor) if row["minutes"] > 10]
    assert {key[0]: values for key, values in cells(result).items()} == {
        industry: by_hand(
            [row for row in deals if industries.get(row["account"]) == industry],
            [row for row in visits if industries.get(row["account"]) == industry],
        )
        for industry in {industries.get(row["account"]) for row in (*deals, *visits)}
    }
    names = [column["name"] for column in result["columns"]]
    assert dict(zip(names[1:], result["totals"][1:], strict=True)) == by_hand(deals, visits)
    doubles = [row[names.index("double")] for row in result["rows"]]
    assert doubles == sorted(doubles, reverse=True)


def by_hand(deals: Sequence[Mapping[str, Any]], visits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The report by hand."""
    amount, minutes = total(deals, "amount"), total(visits, "minutes")
    each = amount / minutes if minutes else None
    offers = sum(row["stage"] != "first" for row in deals)
    return {
        "amount": amount,
        "minutes": minutes,
        "talks": len(visits),
        "per_minute": exact(each),
        "double": exact(each * 2) if each is not None else -1,
        "won_share": exact(Decimal(sum(row["stage"] == "won" for row in deals)) / offers, 4) if offers else None,
    }


@pytest.mark.requirement("SB15")
@pytest.mark.requirement("SB18")
@ACTORS
def test_a_hierarchy_is_walked_down(firm: Opened, actor: Any) -> None:
    """One value of a level leads to its values of the next, in every dataset, and their sum is the value above."""
    top = firm.ask(actor, "reports.run", report="together")
    assert top["hierarchies"] == [{"dimension": "industry", "levels": ["industry", "customer"]}]
    for (industry,), values in cells(top).items():
        below = firm.ask(actor, "reports.run", report="together", path={"industry": [industry]})
        assert below["columns"][0]["name"] == "customer"
        rows = cells(below).values()
        for name in ("amount", "minutes", "talks"):
            assert sum(row[name] for row in rows) == values[name]


@pytest.mark.requirement("B19")
@pytest.mark.requirement("SB10")
def test_calculations_follow_the_calendar(firm: Opened) -> None:
    """Periods before the first that is shown count whole; ranks, shares and running totals are of what is shown."""
    result = firm.ask(DIRECTOR, "reports.run", report="tables")
    first = date(2026, 8, 26)
    months = counted(firm.rows["deal"], lambda row: (row["owner"], row["closed_on"].replace(day=1)))
    inside = [row for row in firm.rows["deal"] if first <= row["closed_on"] <= TODAY]
    groups = counted(inside, lambda row: (row["owner"], row["closed_on"].replace(day=1)))
    whole = total(inside, "amount")
    oldest = min(month for _, month in months if month >= date(2025, 8, 1))
    found = cells(result)
    assert found.keys() == groups.keys()
    ordered = sorted((total(rows, "amount") for rows in groups.values()), reverse=True)
    running: dict[int, Decimal] = {}
    for (owner, month), values in found.items():
        amount = total(groups[owner, month], "amount")
        own = total([row for row in inside if row["owner"] == owner], "amount")
        running[owner] = running.get(owner, Decimal(0)) + amount
        year = total(months.get((owner, month.replace(year=2025)), []), "amount")
        assert values["amount"] == amount
        assert values["running"] == running[owner]
        assert values["running_share"] == exact(running[owner] / own, 4)
        assert values["rank"] == ordered.index(amount) + 1
        assert values["share"] == exact(amount / whole, 4)
        assert values["share_of_owner"] == exact(amount / own, 4)
        before = total(months.get((owner, following(month, "month", -1)), []), "amount")
        assert (values["previous"], values["difference"]) == (before, amount - before)
        assert values["change"] == (exact(amount / before - 1, 4) if before else None)
        known = month.replace(year=2025) >= oldest
        assert values["last_year"] == (year if known else None)
        assert values["change_last_year"] == (exact(amount / year - 1, 4) if known and year else None)
        if month == date(2026, 11, 1):
            three = [groups.get((owner, following(month, "month", -back)), []) for back in range(3)]
            assert values["moving_average"] == exact(sum(total(rows, "amount") for rows in three) / 3, 4)


@pytest.mark.requirement("B9")
@ACTORS
def test_cohorts_and_who_stays(firm: Opened, actor: Any) -> None:
    """Accounts by the month they joined: how many of each are active so many months later, of how many in all."""
    for number, row in enumerate(firm.rows["account"]):
        row["joined"] = date(2025, 7 + number % 3, 5)
        firm.ask(DIRECTOR, "records.update", type="account", id=row["id"], values={"joined": row["joined"]})
    result = firm.ask(actor, "reports.run", report="cohort")
    accounts = {row["id"]: row for row in seen(firm, "account", actor)}
    expected: dict[Any, set[int]] = {}
    for row in seen(firm, "deal", actor):
        joined = accounts.get(row["account"], {}).get("joined")
        if row["account"] is not None:
            age = None if joined is None else months_between(joined, row["closed_on"])
            key = (None if joined is None else joined.replace(day=1), age)
            expected.setdefault(key, set()).add(row["account"])
    sizes = counted(accounts.values(), lambda row: row["joined"].replace(day=1))
    assert cells(result) == {
        key: {
            "active": len(members),
            "size": len(sizes.get(key[0], [])),
            "retention": exact(Decimal(len(members)) / len(sizes[key[0]]), 4) if key[0] in sizes else None,
        }
        for key, members in expected.items()
    }
    assert result["totals"][3] == len(accounts)


def months_between(first: date, last: date) -> int:
    """Calendar months from one to the other."""
    return (last.year - first.year) * 12 + last.month - first.month
