"""Through the house: who sees what, filters, comparison, funnels, dashboards, files, and what is found wrong."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.definitions import load
from lowcode.kernel.diagnostics import DefinitionError, Forbidden, NotFound, Rejected
from lowcode.reports.engine import Reports
from lowcode.reports.run import Unusable, earlier, literal, period_of
from tests.reports.opened import DIRECTOR, FIRM, SALES, Opened, cells, open_firm


@pytest.fixture(scope="module")
def firm() -> Opened:
    """A firm with a few rows that can be counted at a glance."""
    opened = open_firm()
    account = opened.add("account", name="甲", industry="cars", owner=2)
    for name, amount, stage, day, owner in (
        ("a", 100, "first", date(2026, 11, 2), 2),
        ("b", 200, "won", date(2026, 11, 20), 2),
        ("c", 400, "won", date(2026, 10, 31), 3),
        ("=d", 50, "lost", date(2026, 10, 1), 3),
    ):
        opened.add(
            "deal",
            name=name,
            amount=Decimal(amount),
            cost=Decimal(1),
            stage=stage,
            closed_on=day,
            owner=owner,
            account=account,
        )
    return opened


@pytest.mark.requirement("B19")
def test_a_number_is_held_against_the_period_before(firm: Opened) -> None:
    """This month in the zone of the app, and as many days of the month before: not its last one."""
    result = firm.ask(DIRECTOR, "reports.run", report="total")
    assert (result["rows"], result["compared"]) == ([[Decimal("300.00"), 2]], [Decimal("50.00"), 1])
    month = {"name": "this_month", "from": "2026-11-01", "to": "2026-11-30"}
    assert (result["compare"], result["period"]) == ("previous", month)
    days = {"from": "2026-11-02", "to": "2026-11-03"}
    chosen = firm.ask(DIRECTOR, "reports.run", report="total", filters={"period": days})
    assert chosen["period"] == {"name": None, **days}
    assert "period" not in firm.ask(DIRECTOR, "reports.run", report="total", filters={"period": "all"})
    week = firm.ask(
        DIRECTOR, "reports.run", report="total", filters={"period": {"from": "2026-11-19", "to": "2026-11-20"}}
    )
    assert week["rows"] == [[Decimal("200.00"), 1]]


def test_rows_come_in_the_order_of_the_states(firm: Opened) -> None:
    """A choice is sorted as its author listed it, and says its titles."""
    result = firm.ask(DIRECTOR, "reports.run", report="by_stage")
    assert [row[0] for row in result["rows"]] == ["first", "won", "lost"]
    assert result["columns"][0]["options"][0] == {"name": "first", "title": {"zh-CN": "初步", "en": "First"}}
    assert result["totals"] == [None, Decimal("750.00"), 4]


def test_an_average_may_be_of_any_size() -> None:
    """A mean has twelve decimals, and twelve decimals of a thousand million are more than a number of 64 bits holds."""
    opened = open_firm()
    for amount in (50_000_000, 900_000_000):
        opened.add("deal", name="d", amount=Decimal(amount), stage="first", owner=2)
    found = opened.ask(DIRECTOR, "reports.run", report="sizes")
    values = cells(found)[("b2",)]
    assert (values["mean"], values["middle"]) == (Decimal("475000000.00"), Decimal("475000000.00"))


@pytest.mark.requirement("SB02")
@pytest.mark.requirement("B20")
def test_a_funnel_reads_the_history() -> None:
    """Who came further counts as having been there; conversion, loss and days come with it."""
    firm = open_firm()
    ids = [firm.add("deal", name=str(n), amount=Decimal(100), stage="first", owner=2) for n in range(4)]
    firm.clock.advance(timedelta(days=2))
    for identity in ids[:3]:
        firm.ask(DIRECTOR, "records.update", type="deal", id=identity, values={"stage": "offer"})
    firm.clock.advance(timedelta(days=1))
    firm.ask(DIRECTOR, "records.update", type="deal", id=ids[0], values={"stage": "won"})
    firm.ask(DIRECTOR, "records.update", type="deal", id=ids[1], values={"stage": "lost"})
    result = firm.ask(DIRECTOR, "reports.run", report="path")
    assert [list(values.values()) for values in cells(result).values()] == [
        [4, Decimal("400.00"), Decimal(1), Decimal(1), 1, Decimal("2.0")],
        [3, Decimal("300.00"), Decimal("0.75"), Decimal("0.75"), 2, Decimal("1.0")],
        [1, Decimal("100.00"), Decimal("0.3333"), Decimal("0.25"), 0, None],
    ]
    drill = firm.ask(DIRECTOR, "reports.drill", report="path", drill={"stage": "offer"})
    found = firm.ask(DIRECTOR, "records.list", type="deal", where=drill["where"], fields=("id",))["items"]
    assert sorted(row["id"] for row in found) == ids[:3]
    assert firm.ask(SALES[1], "reports.run", report="path")["rows"][0][1] == 0


@pytest.mark.requirement("B18")
def test_hidden_fields_stay_hidden_in_sums(firm: Opened) -> None:
    """A measure of a field that is kept from somebody is not in their report; a report of nothing else is refused."""
    assert [column["name"] for column in firm.ask(DIRECTOR, "reports.run", report="margins")["columns"]] == [
        "stage",
        "amount",
        "cost",
    ]
    assert [column["name"] for column in firm.ask(SALES[0], "reports.run", report="margins")["columns"]] == [
        "stage",
        "amount",
    ]
    with pytest.raises(Forbidden):
        firm.ask(SALES[0], "reports.run", report="secrets")


@pytest.mark.requirement("SB13")
@pytest.mark.requirement("B11")
def test_a_dashboard_filters_all_its_tiles(firm: Opened) -> None:
    """Filters reach every report that knows what they speak of; a refused tile leaves the others standing."""
    board = firm.ask(
        SALES[0], "reports.dashboard", dashboard="board", filters={"owner": {"id": 2, "label": "x"}, "stage": "won"}
    )
    total, stages, secrets = board["tiles"]
    assert total["result"]["rows"] == [[Decimal("200.00"), 1]]
    assert [row[0] for row in stages["result"]["rows"]] == ["won"]
    assert secrets["problem"]["code"] == "reports.hidden-field"
    drill = firm.ask(
        SALES[0], "reports.run", report="by_stage", filters={"owner": 2, "period": "this_month"}, drill={"stage": "won"}
    )
    assert drill["where"] == (
        "(TODATE(closed_on) >= DATE(2026, 11, 1) and TODATE(closed_on) < DATE(2026, 12, 1))"
        ' and ((owner) = 2) and ((stage) = "won")'
    )
    assert len(firm.ask(SALES[0], "records.list", type="deal", where=drill["where"], fields=("id",))["items"]) == 1


def test_an_export_is_a_workbook(firm: Opened) -> None:
    """Numbers are numbers, titles are in the person's language, the total is the last line."""
    made = firm.ask(SALES[0], "reports.export", report="by_stage")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(made["content"])).get_sheet_by_index(0).to_python()
    assert rows == [["stage", "amount", "count"], ["初步", 100.0, 1.0], ["won", 200.0, 1.0], ["", 300.0, 2.0]]


def test_what_is_not_there_and_what_makes_no_sense(firm: Opened) -> None:
    """Unknown reports, and values of filters that mean nothing, are refused."""
    with pytest.raises(NotFound):
        firm.ask(DIRECTOR, "reports.run", report="nothing")
    paths: list[dict[str, Any]] = [{"stage": ["won"]}, {"nothing": []}]
    for path in paths:
        with pytest.raises(Rejected) as refused:
            firm.ask(DIRECTOR, "reports.run", report="by_stage", path=path)
        assert refused.value.problems[0].code == "reports.no-level"
    for filters in ({"period": "some_day"}, {"owner": [1, 2]}):
        with pytest.raises(Rejected) as refused:
            firm.ask(DIRECTOR, "reports.run", report="by_stage", filters=filters)
        assert refused.value.problems[0].code == "reports.bad-filter"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("today", (date(2026, 11, 23), date(2026, 11, 24))),
        ("yesterday", (date(2026, 11, 22), date(2026, 11, 23))),
        ("tomorrow", (date(2026, 11, 24), date(2026, 11, 25))),
        ("this_week", (date(2026, 11, 23), date(2026, 11, 30))),
        ("next_week", (date(2026, 11, 30), date(2026, 12, 7))),
        ("next_quarter", (date(2027, 1, 1), date(2027, 4, 1))),
        ("last_month", (date(2026, 10, 1), date(2026, 11, 1))),
        ("this_quarter", (date(2026, 10, 1), date(2027, 1, 1))),
        ("last_year", (date(2025, 1, 1), date(2026, 1, 1))),
        ("last_7_days", (date(2026, 11, 17), date(2026, 11, 24))),
        ("all", None),
    ],
)
def test_periods(value: str, expected: Any) -> None:
    """Each period by name, as days from and until."""
    assert period_of(value, date(2026, 11, 23)) == expected


def test_periods_before() -> None:
    """The period before has the same length, or is the same of the year before."""
    month = (date(2026, 3, 1), date(2026, 4, 1))
    assert earlier(month, "previous", "this_month") == (date(2026, 2, 1), date(2026, 3, 1))
    assert earlier((date(2026, 3, 3), date(2026, 3, 5)), "previous", {}) == (date(2026, 3, 1), date(2026, 3, 3))
    assert earlier((date(2024, 2, 29), date(2024, 3, 1)), "last_year", {}) == (date(2023, 2, 28), date(2023, 3, 1))
    with pytest.raises(Unusable):
        period_of({"from": "x"}, date(2026, 1, 1))
    assert literal('a"b') == '"a""b"'


HEAT = {"type": "heat_map"}
COUNT = {"name": "count", "expression": "COUNT()"}
STAGE = {"name": "stage", "expression": "stage"}
AMOUNT = {"name": "amount", "expression": "amount"}
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"measures": [COUNT]}, "reports.no-form"),
    ({"dataset": "deels", "measures": ["count"]}, "names.unknown"),
    ({"form": "deal", "measures": [{"name": "x", "expression": "SUM(amuont)"}]}, "expressions.unknown-field"),
    ({"form": "deal", "measures": [{"name": "x", "expression": "amount"}]}, "expressions.outside-aggregate"),
    ({"form": "deal", "measures": [{"name": "x"}]}, "reports.measure-shape"),
    (
        {"form": "deal", "measures": [{"name": "x", "formula": "y + 1"}, {"name": "y", "formula": "x + 1"}]},
        "reports.measure-circle",
    ),
    ({"form": "deal", "measures": [COUNT], "dimensions": [{**STAGE, "bands": [{}]}]}, "reports.not-a-number"),
    (
        {"form": "deal", "measures": [COUNT], "dimensions": [{**AMOUNT, "bands": [{"below": "9"}, {"below": "3"}]}]},
        "reports.bands-disordered",
    ),
    (
        {"form": "deal", "measures": [COUNT], "dimensions": [{**AMOUNT, "grain": "year", "bands": [{}]}]},
        "reports.grain-and-bands",
    ),
    ({"dataset": "deals", "measures": [{"dataset": "visits", "measure": "vsits"}]}, "reports.unknown-name"),
    ({"dataset": "deals", "measures": [{"dataset": "visitors", "measure": "visits"}]}, "names.unknown"),
    (
        {"form": "deal", "measures": [COUNT, {"name": "x", "of": "count", "calculation": "rank", "within": ["y"]}]},
        "reports.unknown-column",
    ),
    ({"form": "deal", "measures": [COUNT, COUNT]}, "reports.twice"),
    ({"form": "deal", "measures": [COUNT], "sort": ["-sum"]}, "reports.unknown-column"),
    ({"form": "deal", "measures": [COUNT], "period": "this_month"}, "reports.no-date"),
    ({"form": "deal", "measures": [COUNT], "dimensions": [{**STAGE, "grain": "month"}]}, "reports.not-a-date"),
    (
        {"form": "deal", "measures": [COUNT], "dimensions": [{"name": "hour", "expression": "TIME(9, 0, 0)"}]},
        "reports.not-a-dimension",
    ),
    ({"form": "deal", "measures": [COUNT], "dimensions": [STAGE], "chart": HEAT}, "reports.chart-dimensions"),
    ({"form": "deal", "measures": [COUNT], "drill": {"columns": ["nmae"]}}, "reports.unknown-drill-column"),
    ({"form": "deal", "measures": [{**COUNT, "form": "visit"}], "dimensions": [STAGE]}, "reports.dimension-missing"),
    (
        {
            "form": "deal",
            "dimensions": [STAGE],
            "measures": [{**COUNT, "form": "visit", "dimensions": {"stage": "minutes"}}],
        },
        "reports.dimension-kind",
    ),
    ({"form": "deal", "measures": [COUNT], "as_of": "today"}, "reports.not-a-history"),
    ({"form": "deal", "measures": [COUNT], "dimensions": [STAGE], "forecast": {}}, "reports.forecast-shape"),
    ({"dataset": "deals", "measures": ["sum"]}, "reports.unknown-name"),
    ({"type": "funnel", "form": "deal", "field": "name"}, "reports.not-a-state"),
    ({"type": "funnel", "form": "deal", "field": "stage", "states": ["frist"]}, "reports.unknown-state"),
    ({"type": "dashboard", "tiles": [{"report": "by_stages", "x": 0, "y": 0, "w": 1, "h": 1}]}, "names.unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "code"), WRONG, ids=[code for _, code in WRONG])
def test_what_is_wrong_is_found(document: dict[str, Any], code: str) -> None:
    """Each mistake is a finding of its own in the report's document."""
    sources = {str(path.relative_to(FIRM)): path.read_text(encoding="utf-8") for path in FIRM.rglob("*.json")}
    whole = {"name": "wrong", "type": "report", **document}
    host = Host(load({**sources, "reports/wrong.json": whole}), "sqlite://", engines=[Forms(), Reports()])
    with pytest.raises(DefinitionError) as refused:
        _ = host.app
    found = [finding for finding in refused.value.report if finding.place.document == "reports/wrong.json"]
    assert code in [finding.code for finding in found], str(refused.value.report)
    if code == "names.unknown":
        assert len(found) == 1, str(refused.value.report)  # a name that there is not is one mistake, told once
