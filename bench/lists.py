"""A page of a million records, for somebody who may see a tenth of them, against the same SQL written by hand.

Ours goes through the one gate: `records.list` with the row permission (owner in the person's team), a filter, an order
and a cursor. By hand: the driver, one statement with its parameters, and the values made of the rows, as anybody needs
them. Both give 50 rows and know where the next page begins.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from bench.customers import app
from bench.harness import Comparison, Size
from bench.serving.race import analyse
from lowcode.host import Host
from lowcode.seeding import seed

ROWS = 1_000_000
OWNERS = 200
PAGE = 50
GOAL = 0.667
"""At most one and a half times the time."""
WHERE = 'status = "active" and amount > 1000'


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite, then PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in size.databases:
            yield from _on("SQLite", f"sqlite:///{folder}/lists.sqlite3", size)
        if "postgresql" in size.databases:
            from bench.databases import postgresql

            with postgresql(Path(folder)) as make:
                yield from _on("PostgreSQL", make("lists"), size)


def _on(name: str, url: str, size: Size) -> Iterator[Comparison]:
    host = Host(app(), url)
    host.publish()
    seed(host)
    _team(host)
    _fill(host, max(2000, size.of(ROWS)))
    analyse(url)
    actor = host.actor("person0")
    team = sorted(actor.team)
    hand = ByHand(url, host, team)

    def listed(**more: Any) -> Callable[[], Any]:
        return lambda: host.ask(
            actor, "records.list", type="customer", where=WHERE, sort=("-amount",), limit=PAGE, **more
        )  # fmt: skip

    deep = _far_in(listed(), lambda after: listed(after=after)(), hand.middle())
    first_page, deep_page = listed()()["items"], listed(after=deep)()["items"]
    assert [each["id"] for each in first_page] == [each["id"] for each in hand.page()]
    mark = (hand.middle(), 2**62)
    assert [each["id"] for each in deep_page] == [each["id"] for each in hand.page(mark)]
    where = f"of {len(team)} people's customers"
    yield Comparison(f"page of 50 {where}, {name}", listed(), hand.page, GOAL, "pages")
    yield Comparison(f"deep page {where}, {name}", listed(after=deep), lambda: hand.page(mark), GOAL, "pages")
    yield Comparison(
        f"page and count up to 10,000, {name}", listed(count=True), lambda: (hand.page(), hand.count()), GOAL, "pages"
    )
    hand.close()
    host.close()


def _far_in(first: Callable[[], Any], page: Callable[[str], Any], amount: Decimal) -> str:
    """A cursor as one gets it from the page that ends before an amount: made from the shape of a real one."""
    import base64

    import orjson

    text = first()["next"]
    packed = orjson.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    packed[-1] = [f"{amount:f}", 2**62]
    return base64.urlsafe_b64encode(orjson.dumps(packed)).decode().rstrip("=")


def _team(host: Host) -> None:
    """person0 leads the other nineteen."""
    ask = host.app_actor
    for number in range(1, 20):
        host.ask(ask, "identity.save_person", login=f"person{number}", manager="person0")


def _fill(host: Host, rows: int) -> None:
    """Customers of 200 owners, of whom twenty are the team."""
    table = host.types["customer"].table
    dice = random.Random(7)
    at = datetime(2025, 1, 1, tzinfo=UTC)
    first = min(host.actor("person0").team)
    batch: list[dict[str, Any]] = []
    with host.session() as context:
        context.unit.begin()
        for number in range(rows):
            batch.append({
                "id": number + 1, "version": 1, "created_at": at + timedelta(seconds=number), "created_by": first,
                "updated_at": at, "updated_by": first, "owner": first + dice.randrange(OWNERS), "deleted_at": None,
                "name": f"Customer {number}", "email": f"c{number}@example.com", "phone": "13800001111",
                "company": "示例仪表有限公司", "level": "ABCD"[number % 4],
                "status": "active" if dice.random() < 0.5 else "lost",
                "amount": Decimal(dice.randrange(9_000_000)) / 100,
                "discount": Decimal("0.1"), "employees": number % 900, "signed_on": date(2026, 3, 2),
                "next_visit": at, "notes": "华东区重点客户", "net": Decimal("100.05"), "size": "small",
            })  # fmt: skip
            if len(batch) == 5000 or number == rows - 1:
                write_rows(context.unit, table, batch)
                batch = []


def write_rows(unit: Any, table: sa.Table, batch: list[dict[str, Any]]) -> None:
    """Rows of the same columns, as fast as the driver takes them."""
    prepared = unit.database.prepare_insert(table, batch[0])
    rows = [prepared.parameters(each) for each in batch]
    if unit.database.dialect_name == "sqlite":
        unit.connection.executemany(prepared.text, rows)
    else:
        with psycopg.RawCursor(unit.connection) as cursor:
            cursor.executemany(prepared.text, rows)


class ByHand:
    """The same lists as somebody writes them who knows the database."""

    def __init__(self, url: str, host: Host, team: list[int]) -> None:
        self.sqlite = url.startswith("sqlite")
        table = host.types["customer"].table
        self.names = [column.name for column in table.columns if column.name != "deleted_at"]
        self.connection: Any
        if self.sqlite:
            self.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            self.connection.execute("PRAGMA cache_size=-65536")
        else:
            import psycopg

            self.connection = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
            self.connection.prepare_threshold = 3
        columns = ", ".join(f'"{name}"' for name in self.names)
        owners = ", ".join(str(each) for each in team)
        self.found = f"deleted_at IS NULL AND owner IN ({owners}) AND status = 'active' AND amount > {self._hole()}"
        beyond = f"(amount, id) < ({self._hole()}, {self._hole()})"
        order = f"ORDER BY amount DESC, id DESC LIMIT {PAGE + 1}"
        self.first = f"SELECT {columns} FROM customer WHERE {self.found} {order}"
        self.following = f"SELECT {columns} FROM customer WHERE {self.found} AND {beyond} {order}"
        self.counting = f"SELECT count(*) FROM (SELECT 1 FROM customer WHERE {self.found} LIMIT 10001) AS found"

    def _hole(self) -> str:
        return "?" if self.sqlite else "%s"

    def _amount(self, value: Decimal) -> Any:
        return int(value * 100) if self.sqlite else value

    def page(self, mark: tuple[Decimal, int] | None = None) -> list[dict[str, Any]]:
        """The rows of a page as values."""
        least = self._amount(Decimal(1000))
        if mark is None:
            rows = self.connection.execute(self.first, (least,)).fetchall()
        else:
            rows = self.connection.execute(self.following, (least, self._amount(mark[0]), mark[1])).fetchall()
        found = [dict(zip(self.names, row, strict=True)) for row in rows[:PAGE]]
        if self.sqlite:
            for each in found:
                for name, places in (("amount", 2), ("discount", 4), ("employees", 0), ("net", 2)):
                    each[name] = Decimal(each[name]).scaleb(-places)
                for name in ("created_at", "updated_at", "next_visit"):
                    each[name] = datetime.fromisoformat(each[name])
                each["signed_on"] = date.fromisoformat(each["signed_on"])
        return found

    def count(self) -> int:
        """How many there are, up to ten thousand and one."""
        return int(self.connection.execute(self.counting, (self._amount(Decimal(1000)),)).fetchone()[0])

    def middle(self) -> Decimal:
        """An amount half the way down."""
        return Decimal(45000)

    def close(self) -> None:
        """Enough."""
        self.connection.close()
