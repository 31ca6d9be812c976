"""Records found by what their children add up to: 200,000 accounts with 600,000 orders, against SQL written by hand.

Ours: `SUM(orders.amount) > …` as the filter of a list that counts what it finds; few are found, so every account is
looked at. By hand: the children grouped once and joined, as somebody writes it who knows that every account is needed.
"""

from __future__ import annotations

import random
import sqlite3
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.harness import Comparison, Size
from bench.lists import write_rows
from bench.serving.race import analyse
from lowcode.host import Host
from lowcode.kernel.identity import APP

ACCOUNTS = 200_000
EACH = 3
LEAST = Decimal(4500)
GOAL = 0.667
APPLICATION: dict[str, Any] = {
    "app.json": {"name": "bench"},
    "forms/account.json": {
        "name": "account",
        "fields": [{"name": "name", "type": "text"}],
        "relations": [{"name": "orders", "form": "order", "by": "account"}],
    },
    "forms/order.json": {
        "name": "order",
        "fields": [{"name": "account", "type": "link", "to": "account"}, {"name": "amount", "type": "money"}],
    },
}


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite, then PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in size.databases:
            yield from _on("SQLite", f"sqlite:///{folder}/sums.sqlite3", size)
        if "postgresql" in size.databases:
            from bench.databases import postgresql

            with postgresql(Path(folder)) as make:
                yield from _on("PostgreSQL", make("sums"), size)


def _on(name: str, url: str, size: Size) -> Iterator[Comparison]:
    host = Host(APPLICATION, url)
    host.publish()
    _fill(host, max(2000, size.of(ACCOUNTS)))
    analyse(url)
    connection, least = _connect(url)
    grouped = (
        'FROM account JOIN (SELECT account, sum(amount) AS total FROM "order" WHERE deleted_at IS NULL'
        " GROUP BY account) AS added ON added.account = account.id"
        f" WHERE account.deleted_at IS NULL AND added.total > {least}"
    )

    def by_hand() -> tuple[list[int], int]:
        page = connection.execute(f"SELECT account.id {grouped} ORDER BY account.id LIMIT 51").fetchall()
        count = connection.execute(f"SELECT count(*) FROM (SELECT 1 {grouped} LIMIT 10001) AS found").fetchone()
        return [row[0] for row in page[:50]], min(count[0], 10_000)

    def ours() -> tuple[list[int], int]:
        found = host.ask(
            APP, "records.list", type="account", where=f"SUM(orders.amount) > {LEAST}", sort=("id",), count=True
        )  # fmt: skip
        return [row["id"] for row in found["items"]], found["count"]["value"]

    assert ours() == by_hand()
    yield Comparison(f"accounts by the sum of their orders, {name}", ours, by_hand, GOAL, "lists")
    connection.close()
    host.close()


def _connect(url: str) -> tuple[Any, str]:
    """The driver's connection, and the least sum as the database holds it."""
    if url.startswith("sqlite"):
        return sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None), str(int(LEAST * 100))
    import psycopg

    return psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True), str(LEAST)


def _fill(host: Host, accounts: int) -> None:
    dice = random.Random(5)
    at = datetime(2025, 1, 1, tzinfo=UTC)
    system = {"version": 1, "created_by": 1, "updated_at": at, "updated_by": 1, "owner": 1, "deleted_at": None}
    for form in ("account", "order"):
        table, batch = host.types[form].table, []
        with host.session() as context:
            context.unit.begin()
            for number in range(accounts * (EACH if form == "order" else 1)):
                row = {**system, "id": number + 1, "created_at": at + timedelta(seconds=number)}
                if form == "account":
                    batch.append({**row, "name": f"Account {number}"})
                else:
                    amount = Decimal(dice.randrange(100_000)) / 100
                    batch.append({**row, "account": dice.randrange(accounts) + 1, "amount": amount})
                if len(batch) == 5000:
                    write_rows(context.unit, table, batch)
                    batch = []
            if batch:
                write_rows(context.unit, table, batch)
