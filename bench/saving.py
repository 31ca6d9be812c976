"""A save through everything against hand-written SQLAlchemy Core that writes the same rows.

Ours: permission, validation, computed fields, a check, twenty armed rules, history, words to search by, event; by one
person, and by sixteen at once. Core: one transaction of the same four inserts, values ready-made; against the sixteen
once by sixteen as well, and once one after the other. SQLite commits with synchronous=FULL on both sides.
"""

from __future__ import annotations

import itertools
import json
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.customers import app, values
from bench.harness import Comparison, Size
from lowcode.host import Host
from lowcode.kernel.storage import fulltext
from lowcode.kernel.storage import tables as t
from lowcode.seeding import seed

PEOPLE = 16
EACH = 25


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite, then PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in size.databases:
            yield from _on("SQLite", f"sqlite:///{folder}/ours.sqlite3", f"sqlite:///{folder}/core.sqlite3", size)
        if "postgresql" in size.databases:
            from bench.databases import postgresql

            with postgresql(Path(folder)) as make:
                yield from _on("PostgreSQL", make("ours"), make("core"), size)


def _on(name: str, ours_url: str, core_url: str, size: Size) -> Iterator[Comparison]:
    each = size.of(EACH)
    host = Host(app(), ours_url)
    host.publish()
    seed(host)
    people = [host.actor(f"person{number}") for number in range(PEOPLE)]
    numbers = itertools.count(1)

    def ours() -> None:
        host.ask(people[0], "records.create", type="customer", values=values(next(numbers)))

    def work(actor: Any) -> None:
        for _ in range(each):
            host.ask(actor, "records.create", type="customer", values=values(next(numbers)))

    core = by_hand(core_url, host)

    def core_work(_: Any) -> None:
        for _ in range(each):
            core()

    def core_in_turn() -> None:
        for _ in people:
            core_work(None)

    def at_once(one: Callable[[Any], None]) -> None:
        threads = [threading.Thread(target=one, args=(actor,)) for actor in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    count = PEOPLE * each
    yield Comparison(f"save through everything, {name}", ours, core, 1.0, "saves")
    yield Comparison(f"save, 16 people at once, {name}", partial(at_once, work), partial(at_once, core_work),
                     4.0, "saves", count)  # fmt: skip
    yield Comparison(f"save, 16 at once and one by one, {name}", partial(at_once, work), core_in_turn,
                     4.0, "saves", count)  # fmt: skip
    host.close()


def by_hand(url: str, host: Host) -> Callable[[], None]:
    """The same four rows, as a programmer writes it with SQLAlchemy Core."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def pragmas(connection: Any, _: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")

    customer, history = host.types["customer"].table, host.types["customer"].history
    host_event = t.event
    with engine.begin() as connection:
        for table in (customer, history, host_event, t.search):
            table.create(connection, checkfirst=True)
        for statement in fulltext.statements(t.search.name, engine.dialect.name == "postgresql"):
            connection.exec_driver_sql(statement)
    numbers = itertools.count(1)

    def save() -> None:
        number = next(numbers)
        now = datetime.now(UTC)
        record = {
            "id": number, "version": 1, "created_at": now, "created_by": 3, "updated_at": now, "updated_by": 3,
            "owner": 3,
            "name": f"Customer {number}", "email": f"c{number}@example.com", "phone": f"1380000{number % 10000:04d}",
            "company": "示例仪表有限公司", "level": "A", "status": "active", "amount": Decimal(f"{number % 90000}.50"),
            "discount": Decimal("0.1"), "employees": Decimal(number % 900), "signed_on": date(2026, 3, 2),
            "next_visit": datetime(2026, 4, 1, 9, tzinfo=UTC), "notes": "华东区重点客户，关注交期。",
            "net": Decimal("100.05"), "size": "small",
        }  # fmt: skip
        changes = {
            name: [None, value if isinstance(value, (str, int)) else str(value)] for name, value in record.items()
        }
        with engine.begin() as connection:
            connection.execute(customer.insert().values(record))
            connection.execute(
                history.insert().values(record_id=number, version=1, at=now, actor=3, kind="created", changes=changes)
            )
            connection.execute(
                t.search.insert().values(
                    record_type="customer", record_id=number, part="",
                    words=f"customer ustomer stomer tomer omer mer {number}", folded=f"customer {number}",
                )
            )  # fmt: skip
            connection.execute(
                host_event.insert().values(
                    at=now,
                    name="record.created",
                    record_type="customer",
                    record_id=number,
                    actor=3,
                    causes="",
                    body=json.loads(json.dumps({"version": 1, "changed": sorted(record)})),
                )
            )

    return save
