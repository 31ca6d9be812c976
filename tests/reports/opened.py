"""The sample firm with random rows, and what a person counting by hand would find in them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import Actor
from lowcode.reports.engine import Reports

FIRM = Path(__file__).parent / "firm"
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
DIRECTOR = Actor(1, "director", "Director", frozenset({"director"}), locale="en")
SALES = (
    Actor(2, "li.na", "李娜", frozenset({"sales"}), locale="zh-CN"),
    Actor(3, "zhang.wei", "张伟", frozenset({"sales"}), locale="zh-CN"),
)
INDUSTRIES = ("cars", "food", "water", None)
STAGES = ("first", "offer", "won", "lost")


@dataclass
class Opened:
    """The firm, and every row in it as it was made."""

    host: Host
    clock: FrozenClock
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def ask(self, actor: Actor, operation: str, **parameters: Any) -> Any:
        """One operation in a transaction of its own."""
        with self.host.session(actor) as session:
            return session.ask(operation, **parameters)

    def add(self, form: str, **values: Any) -> int:
        """A record, remembered for counting by hand."""
        made = self.ask(DIRECTOR, "records.create", type=form, values=values)
        self.rows.setdefault(form, []).append({**values, "id": made["id"]})
        return int(made["id"])


def open_firm(database: str = "sqlite://", more: Mapping[str, Any] | None = None, **app: Any) -> Opened:
    """An empty firm; `app` is what its app.json says besides, `more` are further documents."""
    clock = FrozenClock(NOW)
    documents: Any = FIRM
    if app or more:
        documents = {
            each.relative_to(FIRM).as_posix(): json.loads(each.read_text("utf-8")) for each in FIRM.rglob("*.json")
        }
        documents["app.json"] |= app
        documents |= more or {}
    host = Host(documents, database, engines=[Forms(), Reports()], clock=clock)
    host.publish()
    return Opened(host, clock)


def fill(opened: Opened, seed: int, accounts: int = 6, deals: int = 30, visits: int = 25) -> None:
    """Random rows in which every link fans out: several deals, visits and lines to one account."""
    chance = random.Random(seed)
    owners = (2, 3)
    made = [
        opened.add(
            "account", name=f"account {number}", industry=chance.choice(INDUSTRIES), owner=chance.choice(owners),
            tags=sorted(chance.sample(("key", "old", "far"), chance.randrange(4))),
        )
        for number in range(accounts)
    ]  # fmt: skip
    for number in range(deals):
        closed = NOW - timedelta(hours=chance.randrange(24 * 120))
        opened.add(
            "deal", name=f"deal {number}", account=chance.choice([*made, None]), owner=chance.choice(owners),
            amount=money(chance, 1000), cost=money(chance, 500), stage=chance.choice(STAGES),
            closed_at=chance.choice([closed, None]), closed_on=closed.date(),
            items=[
                {"product": chance.choice("abc"), "quantity": chance.randrange(1, 5), "price": money(chance, 90)}
                for _ in range(chance.randrange(4))
            ],
        )  # fmt: skip
    for _ in range(visits):
        opened.add(
            "visit", account=chance.choice([*made, None]), minutes=chance.randrange(5, 90), owner=chance.choice(owners)
        )


def money(chance: random.Random, most: int) -> Decimal | None:
    """An amount, or now and then none."""
    return None if chance.random() < 0.1 else Decimal(chance.randrange(most * 100)) / 100


def counted(
    rows: Iterable[Mapping[str, Any]], key: Callable[[Mapping[str, Any]], Any]
) -> dict[Any, list[Mapping[str, Any]]]:
    """Rows by a key."""
    groups: dict[Any, list[Mapping[str, Any]]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def cells(result: Mapping[str, Any]) -> dict[Any, dict[str, Any]]:
    """A result by its dimensions: the measures of each group by name."""
    width = sum(1 for column in result["columns"] if column["role"] == "dimension")
    names = [column["name"] for column in result["columns"][width:]]
    plain = [[cell["id"] if isinstance(cell, Mapping) else cell for cell in row] for row in result["rows"]]
    return {tuple(row[:width]): dict(zip(names, row[width:], strict=True)) for row in plain}


def month(instant: datetime | None) -> date | None:
    """The month an instant lies in, where the firm is."""
    return None if instant is None else (instant + timedelta(hours=8)).date().replace(day=1)
