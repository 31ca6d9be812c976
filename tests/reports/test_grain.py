"""What must always hold: a report says what somebody counting record by record would say, however links fan out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from statistics import median
from typing import Any

import pytest

from lowcode.kernel.identity import Actor
from lowcode.reports.operations.query import counted as counted_by
from lowcode.reports.operations.scans import Scan
from lowcode.reports.plan import ReportPlan
from tests.reports.opened import DIRECTOR, SALES, Opened, cells, counted, fill, month, open_firm
from tests.support.postgresql import Server

Rows = list[Mapping[str, Any]]


@pytest.fixture(scope="module", params=[("sqlite", 1), ("sqlite", 2), ("sqlite", 3), ("postgresql", 4)], ids=str)
def firm(request: pytest.FixtureRequest) -> Iterator[Opened]:
    """A firm with random rows, in each database."""
    database, seed = request.param
    if database == "sqlite":
        opened = open_firm()
        fill(opened, seed)
        yield opened
        return
    server: Server = request.getfixturevalue("postgresql_server")
    with server.database() as url:
        opened = open_firm(url)
        fill(opened, seed)
        yield opened
        opened.host.close()


def total(rows: Sequence[Mapping[str, Any]], name: str) -> Decimal:
    """A sum; nothing is zero."""
    return sum((Decimal(row[name]) for row in rows if row[name] is not None), Decimal(0))


def seen(firm: Opened, form: str, actor: Actor) -> Rows:
    """The rows a person may read."""
    return [row for row in firm.rows.get(form, []) if actor is DIRECTOR or row["owner"] == actor.id]


def by_hand(firm: Opened, actor: Actor) -> dict[tuple[Any], dict[str, Any]]:
    """The report by industry, counted record by record; an account one may not read has no industry."""
    industries = {row["id"]: row["industry"] for row in seen(firm, "account", actor)}
    deals = counted(seen(firm, "deal", actor), lambda row: industries.get(row["account"]))
    visits = counted(seen(firm, "visit", actor), lambda row: industries.get(row["account"]))
    expected = {}
    for industry in {**deals, **visits}:
        own, other = deals.get(industry, []), visits.get(industry, [])
        lines = [line for deal in own for line in deal["items"]]
        pieces = sum(
            (Decimal(line["quantity"]) * line["price"] for line in lines if line["price"] is not None), Decimal(0)
        )
        amounts = [row["amount"] for row in own if row["amount"] is not None]
        won = Decimal(sum(row["stage"] == "won" for row in own))
        expected[(industry,)] = {
            "amount": total(own, "amount"),
            "count": len(own),
            "won": (won / len(own)).quantize(Decimal("0.0001"), ROUND_HALF_UP) if own else None,
            "middle": Decimal(median(amounts)).quantize(Decimal("0.01"), ROUND_HALF_UP) if amounts else None,
            "big": sum(amount > 500 for amount in amounts),
            "visits": len(other),
            "minutes": int(total(other, "minutes")),
            "pieces": pieces,
        }
    return expected


@pytest.mark.requirement("B16")
@pytest.mark.parametrize("actor", [DIRECTOR, *SALES], ids=lambda actor: actor.login)
def test_measures_of_several_forms_are_counted_at_their_own_grain(firm: Opened, actor: Actor) -> None:
    """Deals, their lines and visits of the same accounts, side by side: no link counts anything twice."""
    result = firm.ask(actor, "reports.run", report="by_industry")
    assert cells(result) == by_hand(firm, actor)


@pytest.mark.requirement("B18")
def test_totals_are_asked_at_their_own_level(firm: Opened) -> None:
    """The total of a ratio is the ratio of the whole, and a record with three tags is one record."""
    deals = firm.rows["deal"]
    result = firm.ask(DIRECTOR, "reports.run", report="by_industry")
    totals = dict(zip((column["name"] for column in result["columns"]), result["totals"], strict=True))
    won = Decimal(sum(row["stage"] == "won" for row in deals)) / len(deals)
    assert totals["won"] == won.quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert (totals["count"], totals["amount"]) == (len(deals), total(deals, "amount"))
    tags = firm.ask(DIRECTOR, "reports.run", report="by_tag")
    expected: dict[Any, int] = {}
    for account in firm.rows["account"]:
        for tag in account["tags"] or [None]:
            expected[(tag,)] = expected.get((tag,), 0) + 1
    assert {key: values["count"] for key, values in cells(tags).items()} == expected
    assert tags["totals"] == [None, len(firm.rows["account"])]


def test_what_is_added_up_is_what_is_counted(firm: Opened) -> None:
    """Of every report and at every level: groups that add up give what the database counts at that level itself."""
    reports = firm.host.app.plans["reports"].reports.values()
    added = 0
    for actor in (DIRECTOR, SALES[0]):
        with firm.host.session(actor) as context:
            for facts in (each for plan in reports if isinstance(plan, ReportPlan) for each in plan.facts):
                known = counted_by(context, facts, (), {})
                scan = Scan(facts.dimensions, tuple(each.text for _, each in facts.measures), known)
                texts = tuple(each.text for _, each in reversed(facts.measures))
                for size in range(len(facts.dimensions)):
                    for kept in combinations(facts.dimensions, size):
                        part = replace(facts, dimensions=kept, measures=facts.measures[::-1])
                        found = scan.answer(kept, texts)
                        if found is not None:
                            added += 1
                            expected = counted_by(context, part, (), {}, whole=not kept)
                            assert found.finished(context.moment()) == expected.finished(context.moment())
    assert added > 20


def test_months_are_those_of_the_zone(firm: Opened) -> None:
    """An instant belongs to the month it lies in where the app is; calculations follow the rows as shown."""
    result = firm.ask(DIRECTOR, "reports.run", report="by_month")
    expected = {
        key: total(rows, "amount")
        for key, rows in counted(firm.rows["deal"], lambda row: month(row["closed_at"])).items()
    }
    found = cells(result)
    assert {
        key[0]: values["amount"] for key, values in found.items() if values["amount"] or key[0] in expected
    } == expected
    running = Decimal(0)
    for values in found.values():
        running += values["amount"]
        assert values["running"] == running
    assert sum(values["share"] for values in found.values()).quantize(Decimal("0.01")) == Decimal(1)


@pytest.mark.requirement("B12")
@pytest.mark.requirement("SB16")
@pytest.mark.parametrize("report", ["by_stage", "by_month", "by_industry", "by_owner"])
def test_every_cell_leads_to_its_records(firm: Opened, report: str) -> None:
    """The condition of a cell finds as many records as the cell counted, for whoever asks."""
    for actor in (DIRECTOR, SALES[0]):
        result = firm.ask(actor, "reports.run", report=report)
        dimensions = [column["name"] for column in result["columns"] if column["role"] == "dimension"]
        for key, values in cells(result).items():
            drill = firm.ask(actor, "reports.run", report=report, drill=dict(zip(dimensions, key, strict=True)))
            parameters = {"type": drill["form"], "where": drill["where"], "fields": ("amount",), "limit": 1000}
            found = firm.ask(actor, "records.list", **parameters)["items"]
            if "count" in values:
                assert len(found) == values["count"]
            assert total(found, "amount") == values["amount"]
