"""A page of a form of forty columns among a million records, against the same SQL written by hand.

Twenty columns of its own, ten more that are computed and stored, five looked up through a link, five roll-ups of what
links to it: as the list of a firm shows them, for somebody who may see a tenth. Both give fifty rows as values.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.deals import AT, FIELDS, app, values
from bench.harness import Comparison, Size
from bench.lists import write_rows
from bench.serving.race import analyse
from lowcode.host import Host
from lowcode.seeding import seed

ROWS = 1_000_000
OWNERS = 200
CUSTOMERS = 5_000
PAGE = 50
GOAL = 0.667
NAMES = [each["name"] for each in FIELDS]
COMPUTED = [f"computed_{number}" for number in range(10)]
LOOKED_UP = ["customer.name", "customer.grade", "customer.region", "customer.created_at", "customer.owner"]
ROLLUPS = [f"gathered_{number}" for number in range(5)]
SCALES = {"amount": 2, "cost": 2, "discount": 4, "quantity": 0, "weight": 3, "rating": 0,
          **dict.fromkeys((*COMPUTED, *ROLLUPS), 2)}  # fmt: skip
WHERE = 'stage = "won" and amount > 1000'


def documents() -> dict[str, Any]:
    """Deals with formulas, and with roll-ups of their visits."""
    computed = [
        {"name": name, "type": "formula", "expression": f"ROUND(amount * {number + 1} - cost, 2)", "scale": 2}
        for number, name in enumerate(COMPUTED)
    ]
    rollups = [
        {"name": name, "type": "rollup", "expression": f"SUM(visits.cost, cost > {number})", "scale": 2}
        for number, name in enumerate(ROLLUPS)
    ]
    found = app(*computed, *rollups)
    deal = found["forms/deal.json"]
    deal["relations"] = [{"name": "visits", "form": "visit", "by": "deal", "title": "Visits"}]
    for field in deal["fields"]:
        if field["name"] == "amount":
            field["index"] = True
    found["forms/deal.json"] = deal
    found["forms/visit.json"] = {
        "name": "visit", "permissions": [{"role": "sales", "can": ["read", "create"]}],
        "fields": [{"name": "deal", "type": "link", "to": "deal"}, {"name": "cost", "type": "money"}],
    }  # fmt: skip
    return found


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite, then PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in size.databases:
            yield from _on("SQLite", f"sqlite:///{folder}/wide.sqlite3", size)
        if "postgresql" in size.databases:
            from bench.databases import postgresql

            with postgresql(Path(folder)) as make:
                yield from _on("PostgreSQL", make("wide"), size)


def _on(name: str, url: str, size: Size) -> Iterator[Comparison]:
    host = Host(documents(), url)
    host.publish()
    seed(host)
    for number in range(1, 20):
        host.ask(host.app_actor, "identity.save_person", login=f"person{number}", manager="person0")
    actor = host.actor("person0")
    _fill(host, max(2000, size.of(ROWS)), min(actor.team))
    analyse(url)
    paths = (*NAMES, *COMPUTED, *LOOKED_UP, *ROLLUPS)
    assert len(paths) == 40
    hand = ByHand(url, sorted(actor.team), paths)

    def ours() -> Any:
        return host.ask(
            actor, "records.list", type="deal", where=WHERE, sort=("-amount",), limit=PAGE, fields=paths
        )["items"]  # fmt: skip

    assert [each["id"] for each in ours()] == [each["id"] for each in hand.page()]
    assert [each[paths[-1]] for each in ours()] == [each[paths[-1]] for each in hand.page()]
    yield Comparison(f"page of 50 × 40 columns, {name}", ours, hand.page, GOAL, "pages")
    hand.close()
    host.close()


def _fill(host: Host, rows: int, first: int) -> None:
    dice = random.Random(7)
    common = {"version": 1, "created_at": AT, "created_by": first, "updated_at": AT, "updated_by": first,
              "deleted_at": None}  # fmt: skip
    with host.session() as context:
        context.unit.begin()
        table = host.types["customer"].table
        write_rows(
            context.unit, table,
            [
                {**common, "id": number, "owner": first + number % 20, "name": f"客户{number:05}",
                 "grade": "AB"[number % 2], "region": "华东"}
                for number in range(1, CUSTOMERS + 1)
            ],
        )  # fmt: skip
        table = host.types["deal"].table
        for start in range(0, rows, 5000):
            batch = []
            for number in range(start, min(rows, start + 5000)):
                own = values(number, number % CUSTOMERS + 1)
                computed = {name: own["amount"] * (at + 1) - own["cost"] for at, name in enumerate(COMPUTED)}
                gathered = {name: Decimal(number % 500 + at) for at, name in enumerate(ROLLUPS)}
                batch.append({**common, "id": number + 1, "owner": first + dice.randrange(OWNERS),
                              **own, **computed, **gathered})  # fmt: skip
            write_rows(context.unit, table, batch)


class ByHand:
    """The same page as somebody writes it who knows the database."""

    def __init__(self, url: str, team: list[int], paths: tuple[str, ...]) -> None:
        self.sqlite = url.startswith("sqlite")
        self.names = ("id", "version", *paths)
        columns = ", ".join(f"c.{each.partition('.')[2]}" if "." in each else f"d.{each}" for each in self.names)
        owners = ", ".join(str(each) for each in team)
        hole = "?" if self.sqlite else "%s"
        self.text = (
            f"SELECT {columns} FROM deal d LEFT JOIN customer c ON c.id = d.customer AND c.owner IN ({owners}) "
            f"WHERE d.deleted_at IS NULL AND d.owner IN ({owners}) AND d.stage = 'won' AND d.amount > {hole} "
            f"ORDER BY d.amount DESC, d.id DESC LIMIT {PAGE + 1}"
        )
        self.connection: Any
        if self.sqlite:
            self.connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
            self.connection.execute("PRAGMA cache_size=-65536")
        else:
            import psycopg

            self.connection = psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True)
            self.connection.prepare_threshold = 3

    def page(self) -> list[dict[str, Any]]:
        """The rows as values."""
        least: Any = 100_000 if self.sqlite else Decimal(1000)
        rows = self.connection.execute(self.text, (least,)).fetchall()
        found = [dict(zip(self.names, row, strict=True)) for row in rows[:PAGE]]
        if self.sqlite:
            for each in found:
                for name, places in SCALES.items():
                    each[name] = Decimal(each[name]).scaleb(-places)
                for name in ("called_at", "customer.created_at"):
                    each[name] = datetime.fromisoformat(each[name]) if each[name] else None
                for name in ("signed_on", "due_on"):
                    each[name] = date.fromisoformat(each[name])
                each["urgent"] = bool(each["urgent"])
        return found

    def close(self) -> None:
        """Enough."""
        self.connection.close()
