"""Midnight at the end of a month: what happened a second before belongs to the month that ends where the firm is."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.reports.opened import DIRECTOR, Opened, open_firm
from tests.support.postgresql import Server

ENDS = {
    "name": "ends",
    "type": "report",
    "form": "deal",
    "date": "closed_at",
    "dimensions": [
        {"name": "month", "expression": "closed_at", "grain": "month"},
        {"name": "day", "expression": "closed_at", "grain": "day"},
    ],
    "measures": [{"name": "deals", "expression": "COUNT()"}, {"name": "amount", "expression": "SUM(amount)"}],
    "period": "this_month",
    "compare": "previous",
    "against": "whole",
}
OCTOBER = ["2026-10-01", "2026-10-31", 1, Decimal("100.00")]
NOVEMBER = ["2026-11-01", "2026-11-01"]
SECOND = timedelta(seconds=1)


@pytest.mark.requirement("SP28")
@pytest.mark.parametrize(
    ("database", "zone"),
    [("sqlite", "America/New_York"), ("sqlite", "Asia/Shanghai"), ("postgresql", "America/New_York")],
)
def test_a_month_ends_where_the_firm_is(request: pytest.FixtureRequest, database: str, zone: str) -> None:
    """A chart, its list and its comparison agree on both sides of midnight, and to the end of a day of 25 hours."""
    if database == "sqlite":
        _midnight(open_firm(more={"reports/ends.json": ENDS}, zone=zone), ZoneInfo(zone))
        return
    server: Server = request.getfixturevalue("postgresql_server")
    with server.database() as url:
        firm = open_firm(url, {"reports/ends.json": ENDS}, zone=zone)
        _midnight(firm, ZoneInfo(zone))
        firm.host.close()


def _midnight(firm: Opened, zone: ZoneInfo) -> None:
    midnight = datetime(2026, 11, 1, tzinfo=zone)
    firm.clock.set(midnight - SECOND)
    firm.add("deal", name="last", amount=Decimal(100), closed_at=midnight - SECOND)
    assert _rows(firm) == ([OCTOBER], [None, None, 0, Decimal("0.00")], ["last"])
    firm.clock.set(midnight)
    firm.add("deal", name="first", amount=Decimal(200), closed_at=midnight)
    told = [*NOVEMBER, 1, Decimal("200.00")]
    assert _rows(firm) == ([told], [None, None, 1, Decimal("100.00")], ["first"])
    assert _rows(firm, "last_month")[0::2] == ([OCTOBER], ["last"])
    assert _rows(firm, "today")[0::2] == ([told], ["first"])
    late = datetime(2026, 11, 2, tzinfo=zone) - SECOND
    firm.clock.set(late)
    firm.add("deal", name="late", amount=Decimal(400), closed_at=late)
    told = [*NOVEMBER, 2, Decimal("600.00")]
    assert _rows(firm, "today")[0::2] == ([told], ["first", "late"])
    assert _rows(firm, "yesterday")[0::2] == ([OCTOBER], ["last"])


def _rows(firm: Opened, period: str = "") -> tuple[list[Any], list[Any], list[str]]:
    """What a chart says, what it is held against, and the records in the list behind it."""
    filters = {"period": period} if period else {}
    result = firm.ask(DIRECTOR, "reports.run", report="ends", filters=filters)
    behind = firm.ask(DIRECTOR, "reports.run", report="ends", filters=filters, drill={})
    listed = firm.ask(DIRECTOR, "records.list", type="deal", where=behind["where"], sort=["id"])
    rows = [[str(cell) if place < 2 else cell for place, cell in enumerate(row)] for row in result["rows"]]
    return rows, result["compared"], [each["name"] for each in listed["items"]]
