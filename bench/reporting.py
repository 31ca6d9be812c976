"""Reports about five million records: by the mirror, by the database as it is, and drawn.

The six questions of the research paper are asked of the app with a mirror, beside the same SQL on DuckDB itself and on
SQLite; the plain path beside the SQL somebody writes by hand, on both databases. What a second or thirty milliseconds
is measured against is a pause of that length.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.harness import Comparison, Size
from bench.lists import write_rows
from bench.serving.race import analyse
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP, Actor
from lowcode.reports.charts import bar, calendar
from lowcode.reports.charts import map as map_chart
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.charts.places import PROVINCES
from lowcode.reports.charts.shown import Shown
from lowcode.reports.pictures import Pictures

ORDERS, PLAIN, CUSTOMERS = 5_000_000, 500_000, 20_000
WRITTEN = 100_000
"""Rows of one transaction."""
REGIONS = ("east", "north", "south", "west", "centre", "northeast", "northwest", "southwest")
PRODUCTS = tuple(f"p{number}" for number in range(12))
INDUSTRIES = ("cars", "food", "water", "energy", "chips", "steel")
STAGES = ("open", "won", "lost")
NOW = datetime(2026, 11, 2, 1, tzinfo=UTC)
SELLER = Actor(7, "seller", "Seller", frozenset({"sales"}), team=frozenset(range(1, 21)))
BOSS = Actor(1, "boss", "Boss", frozenset({"boss"}))
DAYS = "last_90_days"


def _report(name: str, dimensions: Any, measures: Any, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "report", "form": "order", "totals": False, "dimensions": dimensions,
            "measures": measures, **more}  # fmt: skip


def _by(name: str, expression: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "expression": expression, **more}


SUM, COUNT = _by("total", "SUM(amount)"), _by("orders", "COUNT()")
REPORTS = (
    _report("regions", [_by("region", "region")], [SUM, COUNT, _by("mean", "AVERAGE(amount)")]),
    _report("months", [_by("month", "closed_on", grain="month"), _by("region", "region")], [SUM, COUNT]),
    _report("owners", [_by("owner", "owner")], [SUM], where='stage = "won"', date="closed_on", period=DAYS,
            sort=["-total"], limit=10),
    _report("buyers", [_by("month", "closed_on", grain="month")], [_by("buyers", "COUNTUNIQUE(customer)")]),
    _report("industries", [_by("industry", "customer.industry")], [SUM]),
    _report("mine", [_by("product", "product")], [SUM, COUNT]),
)  # fmt: skip
ALIVE = "deleted_at IS NULL"
MONTH = {"sqlite": "date(closed_on, 'start of month')", "duckdb": "date_trunc('month', closed_on)",
         "postgresql": "date_trunc('month', closed_on)"}  # fmt: skip
SINCE = (NOW - timedelta(days=89)).date().isoformat()
UNTIL = (NOW + timedelta(days=1)).date().isoformat()


def by_hand(name: str, dialect: str) -> str:
    """The same question as somebody writes it."""
    month, table = MONTH[dialect], '"order"'
    team = ", ".join(str(each) for each in range(1, 21))
    return {
        "regions": f"SELECT region, sum(amount), count(*), avg(amount) FROM {table} WHERE {ALIVE} GROUP BY region",
        "months": f"SELECT {month} AS month, region, sum(amount), count(*) FROM {table} WHERE {ALIVE} GROUP BY 1, 2",
        "owners": f"SELECT owner, sum(amount) AS total FROM {table} WHERE {ALIVE} AND stage = 'won' AND closed_on >= "
                  f"'{SINCE}' AND closed_on < '{UNTIL}' GROUP BY owner ORDER BY total DESC LIMIT 10",
        "buyers": f"SELECT {month} AS month, count(DISTINCT customer) FROM {table} WHERE {ALIVE} GROUP BY 1",
        "industries": f"SELECT industry, sum(amount) FROM {table} AS o LEFT JOIN customer AS c ON c.id = o.customer "
                      f"WHERE o.{ALIVE} GROUP BY industry",
        "mine": f"SELECT product, sum(amount), count(*) FROM {table} WHERE {ALIVE} AND owner IN ({team}) "
                "GROUP BY product",
    }[name]  # fmt: skip


def application(mirror: bool) -> dict[str, Any]:
    """Orders of customers, six reports, a board of twelve of them."""
    may = [{"role": "boss", "can": ["read", "create", "edit"]}]
    tiles = [{"report": REPORTS[at % 6]["name"], "x": 3 * (at % 4), "y": at // 4, "w": 3, "h": 1} for at in range(12)]
    board = {"name": "board", "type": "dashboard", "tiles": tiles}
    settings: dict[str, Any] = {"mirror": {"rows": 1000}} if mirror else {}
    roles = [{"name": "sales"}, {"name": "boss"}]

    def choice(name: str, options: tuple[str, ...]) -> dict[str, Any]:
        return {"name": name, "type": "select", "options": [{"name": each} for each in options]}

    return {
        "app.json": {"name": "bench", "zone": "Asia/Shanghai", "roles": roles, **settings},
        "forms/customer.json": {"name": "customer", "permissions": may, "fields": [
            {"name": "name", "type": "text"}, choice("industry", INDUSTRIES)]},
        "forms/order.json": {
            "name": "order",
            "fields": [{"name": "customer", "type": "link", "to": "customer"}, choice("region", REGIONS),
                       choice("product", PRODUCTS), choice("stage", STAGES), {"name": "amount", "type": "money"},
                       {"name": "closed_on", "type": "date"}],
            "permissions": [*may, {"role": "sales", "can": ["read"], "where": "owner in TEAM()"}],
        },
        **{f"reports/{each['name']}.json": each for each in REPORTS},
        "reports/board.json": board,
    }  # fmt: skip


def comparisons(size: Size) -> Iterator[Comparison]:
    """The mirror, the plain path, the board, the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _mirrored(folder, max(2000, size.of(ORDERS)), max(200, size.of(CUSTOMERS)))
        rows, customers = max(2000, size.of(PLAIN)), max(200, size.of(CUSTOMERS))
        if "sqlite" in size.databases:
            yield from _plain("SQLite", f"sqlite:///{folder}/plain.sqlite3", rows, customers)
        if "postgresql" in size.databases:
            from bench.databases import postgresql

            with postgresql(Path(folder)) as make:
                yield from _plain("PostgreSQL", make("reports"), rows, customers)
    yield from _pictures()


def _opened(url: str, orders: int, customers: int, *, mirror: bool) -> Host:
    host = Host(application(mirror), url, clock=FrozenClock(NOW))
    host.publish()
    dice = random.Random(9)
    system = {"version": 1, "created_at": NOW, "created_by": 1, "updated_at": NOW, "updated_by": 1, "deleted_at": None}

    def customer(number: int) -> dict[str, Any]:
        return {**system, "owner": 1, "name": f"Customer {number}", "industry": INDUSTRIES[number % 6]}

    def order(number: int) -> dict[str, Any]:
        return {
            **system, "owner": dice.randrange(1, 201), "customer": dice.randrange(customers) + 1,
            "region": REGIONS[dice.randrange(8)], "product": PRODUCTS[dice.randrange(12)],
            "stage": STAGES[dice.randrange(3)], "amount": Decimal(dice.randrange(9_000_000)) / 100,
            "closed_on": (NOW - timedelta(days=dice.randrange(730))).date(),
        }  # fmt: skip

    for name, make, count in (("customer", customer, customers), ("order", order, orders)):
        for begin in range(0, count, WRITTEN):  # a log of five million rows would be as large as they are
            with host.session(APP) as context:
                context.unit.begin()
                end = min(begin + WRITTEN, count)
                for start in range(begin, end, 5000):
                    rows = [{**make(number), "id": number + 1} for number in range(start, min(start + 5000, end))]
                    write_rows(context.unit, host.types[name].table, rows)
    analyse(url)
    return host


def _asking(host: Host, name: str) -> Callable[[], Any]:
    actor = SELLER if name == "mine" else BOSS
    return lambda: host.ask(actor, "reports.run", report=name)["rows"]


def _mirrored(folder: str, orders: int, customers: int) -> Iterator[Comparison]:
    path = f"{folder}/mirrored.sqlite3"
    host = _opened(f"sqlite:///{path}", orders, customers, mirror=True)
    engine: Any = next(each for each in host.engines if each.name == "reports")
    mirror = engine.mirror_of(host)
    _asking(host, "regions")()
    mirror.wait()
    assert mirror.copy is not None
    native = mirror.copy.connection.cursor()
    lite = sqlite3.connect(path, isolation_level=None)
    for each in REPORTS:
        name = each["name"]
        ours, text = _asking(host, name), by_hand(name, "duckdb")
        found = len(native.execute(text).fetchall())
        assert len(ours()) == found == len(lite.execute(by_hand(name, "sqlite")).fetchall())
        yield Comparison(
            f"{orders:,} orders, {name}: mirror, DuckDB itself", ours,
            lambda text=text: native.execute(text).fetchall(), 0.5, "questions",  # type: ignore[misc]
        )  # fmt: skip
        yield Comparison(
            f"{orders:,} orders, {name}: mirror, SQLite", ours,
            lambda name=name: lite.execute(by_hand(name, "sqlite")).fetchall(), 20.0, "questions",  # type: ignore[misc]
        )  # fmt: skip
    assert mirror.told.answered
    changing = _changing(host)
    yield Comparison("a hundred changes and the next answer, a second", changing, lambda: time.sleep(1), 1.0, "times")
    boards = (lambda: host.ask(BOSS, "reports.dashboard", dashboard="board"),
              lambda: [host.ask(BOSS, "reports.run", report=REPORTS[at % 6]["name"]) for at in range(12)])  # fmt: skip
    yield Comparison("a board of twelve in one question, not in twelve", *boards, 0.9, "boards")
    lite.close()
    host.close()


def _changing(host: Host) -> Callable[[], Any]:
    """A hundred orders change, and the answer has them in it."""
    turn = [0]

    def work() -> None:
        turn[0] += 1
        amount = Decimal(turn[0])
        with host.session(APP) as context:
            for number in range(1, 101):
                context.ask("records.update", type="order", id=number, values={"amount": amount})
        found = {row[0]: row[1] for row in host.ask(BOSS, "reports.run", report="regions")["rows"]}
        assert found

    return work


def _plain(database: str, url: str, orders: int, customers: int) -> Iterator[Comparison]:
    host = _opened(url, orders, customers, mirror=False)
    dialect = "sqlite" if url.startswith("sqlite") else "postgresql"
    connection: Any
    if dialect == "sqlite":
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("PRAGMA cache_size=-65536")
    else:
        import psycopg

        connection = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
    for each in REPORTS:
        name = each["name"]
        text = by_hand(name, dialect)
        yield Comparison(
            f"{orders:,} orders, {name}: plain path, {database}", _asking(host, name),
            lambda text=text: connection.execute(text).fetchall(), 1 / 1.2, "questions",  # type: ignore[misc]
        )  # fmt: skip
    connection.close()
    host.close()


def _pictures() -> Iterator[Comparison]:
    """Charts as pictures, warm, as the engine draws them, beside the thirty milliseconds they may take. A picture with
    other numbers each time: none of them is one that was kept."""
    pictures = Pictures()
    first = date(2025, 12, 1)
    months = [first + timedelta(days=31 * at) for at in range(12)]
    days = [first + timedelta(days=at) for at in range(360)]
    kinds: dict[str, tuple[ChartKind, Any, str, list[Any]]] = {
        "bars": (bar.KIND, bar.BarChart(type="bar"), "month", months),
        "map": (map_chart.KIND, map_chart.MapChart(type="map"), "", list(PROVINCES)),
        "calendar": (calendar.KIND, calendar.CalendarChart(type="calendar"), "day", days),
    }
    dice = random.Random(3)
    for name, (kind, chart, grain, along) in kinds.items():

        def picture(kind: ChartKind = kind, chart: Any = chart, grain: str = grain, along: list[Any] = along) -> str:
            columns = [{"name": "along", "title": "Along", "role": "dimension", "kind": "date", "grain": grain},
                       {"name": "amount", "title": "Amount", "role": "measure", "kind": "money"}]  # fmt: skip
            shown = Shown(columns, [[each, Decimal(dice.randrange(9_000_000)) / 100] for each in along])
            if kind.picture is not None:
                return kind.picture(shown, chart, 900, 420)
            return pictures.svg(kind.draw(shown, chart), 900, 420)

        assert picture().startswith("<svg")
        yield Comparison(
            f"a chart as SVG, {name}, in thirty milliseconds", picture, lambda: time.sleep(0.03), 1.0, "pictures"
        )
    pictures.close()
