"""Keeping roll-ups: the same save with and without, and how much more it is beside what it is by hand.

By hand: SQL on the driver that writes the same rows with the same promises and knows beforehand what is to be done. One
statement on PostgreSQL, one transaction on SQLite; the record above gets one update more, which adds or compares behind
its lock. Ours is judged by how much more of the processor a save takes with the roll-up, beside the same by hand.
"""

from __future__ import annotations

import itertools
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa

from bench.deals import app, values
from bench.harness import Comparison, Size
from lowcode.host import Host
from lowcode.kernel.storage import tables as t
from lowcode.seeding import seed

FEW, MANY = 20, 2000
"""Deals that a customer has already, when one more is saved."""
ROUNDS = 400
TOTAL = {"name": "total", "type": "rollup", "expression": "SUM(deals.amount)", "scale": 2}
ROLLUPS: Mapping[str, tuple[dict[str, Any], ...]] = {
    "a sum": (TOTAL,),
    "a largest value": ({"name": "largest", "type": "rollup", "expression": "MAX(deals.amount)", "scale": 2},),
    "a sum that a formula reads": (TOTAL, {"name": "half", "type": "formula", "expression": "total / 2", "scale": 2}),
}
BY_HAND = {
    "a sum": "total = total + {more}",
    "a largest value": "largest = CASE WHEN largest IS NULL OR largest < {more} THEN {more} ELSE largest END",
    "a sum that a formula reads": "total = total + {more}, half = round((total + {more}) / 2, 2)",
}
Work = Callable[[], None]
Side = tuple[Work, Iterable[Path]]
"""What is done, and the processes of the server that do it as well."""


def comparisons(name: str, urls: list[str], others: int) -> Iterator[Comparison]:
    """A row that comes and goes, with a roll-up of so many and without."""
    hosts = [_firm(url, more, others) for url, more in zip(urls, ((TOTAL,), ()), strict=True)]
    works = [_both(*each) for each in hosts]
    yield Comparison(
        f"save and delete a row that a roll-up of {others:,} adds up, {name}", works[0], works[1], 0.9, "rows", 2
    )
    for host, _ in hosts:
        host.close()


def floors(name: str, make: Callable[[str], str], size: Size) -> Iterator[Comparison]:
    """How many times as long a new row takes with a roll-up above it, ours and by hand, in the same tables."""
    bare = _firm(make("bare"), (), FEW)
    bare_works = _create(*bare), _by_hand(*bare, "")
    for number, (what, more) in enumerate(ROLLUPS.items()):
        firm = _firm(make(f"rolling{number}"), more, FEW)
        works = _create(*firm), _by_hand(*firm, BY_HAND[what])

        def factor(which: int, firm: Any = firm, works: Any = works) -> float:
            for work in (works[which], bare_works[which]):  # so that it has its connections
                work()
            sides = (works[which], _server(firm[0])), (bare_works[which], _server(bare[0]))
            return 100 * _factor(*sides, size.of(ROUNDS))

        ours, hand = partial(factor, 0), partial(factor, 1)
        yield Comparison(f"a new row below {what}, {name}", ours, hand, 0.9, "% of bare", gauge=True)
        firm[0].close()
    bare[0].close()


def sent(number: int, customer: int | None) -> dict[str, Any]:
    """A record as JSON brings it."""
    found = values(number, customer)
    for name in ("amount", "cost", "discount", "weight"):
        found[name] = str(found[name])
    for name in ("signed_on", "due_on", "called_at"):
        found[name] = found[name].isoformat()
    return found


def _firm(url: str, more: tuple[dict[str, Any], ...], others: int) -> tuple[Host, list[int]]:
    host = Host(app(customer=more, relations=True), url)
    host.publish()
    seed(host)
    actor = host.actor("person0")
    customers = [
        host.ask(actor, "records.create", type="customer", values={"name": f"客户{number}"})["id"]
        for number in range(50 if others == FEW else 2)
    ]
    for customer in customers:
        for start in range(0, others, 500):
            items = [{"values": sent(number, customer)} for number in range(start, min(others, start + 500))]
            host.ask(actor, "records.bulk", type="deal", items=items)
    return host, customers


def _both(host: Host, customers: list[int]) -> Work:
    actor, numbers, turns = host.actor("person0"), itertools.count(10_000), itertools.cycle(customers)

    def work() -> None:
        made = host.ask(actor, "records.create", type="deal", values=sent(next(numbers), next(turns)))
        host.ask(actor, "records.delete", type="deal", id=made["id"])

    return work


def _create(host: Host, customers: list[int]) -> Work:
    actor, numbers, turns = host.actor("person0"), itertools.count(10_000), itertools.cycle(customers)
    return lambda: host.ask(actor, "records.create", type="deal", values=sent(next(numbers), next(turns)))


def _factor(with_it: Side, without: Side, rounds: int) -> float:
    """How many times as much processor time, of this process and of the server: both in turn, a few saves at a time."""
    spent = [0.0, 0.0]
    for turn in range(max(1, rounds // FEW) + 1):
        for which in (0, 1) if turn % 2 else (1, 0):
            work, server = (with_it, without)[which]
            began = _processor(server)
            for _ in range(FEW):
                work()
            if turn:  # in the first one plans are made, and kept
                spent[which] += _processor(server) - began
    return spent[0] / spent[1]


def _processor(server: Iterable[Path]) -> float:
    """Seconds of the processor that this process and those of the server have had."""
    return time.process_time() + sum(int(each.read_text().split()[0]) for each in server) / 1e9


def _server(host: Host) -> list[Path]:
    """Where Linux tells how long the server's processes for a database have run; elsewhere they are not counted."""
    if host.database.dialect_name == "sqlite":
        return []
    asked = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    with host.database.engine.connect() as connection:
        found = [Path(f"/proc/{row[0]}/schedstat") for row in connection.exec_driver_sql(asked)]
    return [each for each in found if each.exists()]


def _by_hand(host: Host, customers: list[int], above: str) -> Work:
    """The same rows of a new deal on the driver; `above`: what is set in the customer."""
    postgresql = host.database.dialect_name == "postgresql"
    deal, history = host.types["deal"].table, host.types["deal"].history
    dialect = host.database.engine.dialect
    names = {
        deal: [each.name for each in deal.columns if each.name != "deleted_at"],
        history: ["record_id", "version", "at", "actor", "kind", "changes"],
        t.event: ["at", "name", "record_type", "record_id", "actor", "causes", "body"],
    }
    statements, process = [], {}
    for which, (table, columns) in enumerate(names.items()):
        spots = ", ".join(f"%(p{which}_{each})s" if postgresql else f":p{which}_{each}" for each in columns)
        quoted = ", ".join(f'"{each}"' for each in columns)
        statements.append(f'INSERT INTO "{table.name}" ({quoted}) VALUES ({spots})')
        for each in columns:
            process[f"p{which}_{each}"] = table.c[each].type.dialect_impl(dialect).bind_processor(dialect)
    if above:
        amount, customer = ("%(p0_amount)s", "%(p0_customer)s") if postgresql else (":p0_amount", ":p0_customer")
        statements.append(f"UPDATE customer SET {above.format(more=amount)} WHERE id = {customer}")
    send = _sender(host.database.engine.url, statements)
    numbers, turns = itertools.count(1), itertools.cycle(customers)

    def save() -> None:
        number, now = next(numbers), datetime.now(UTC)
        by = {"created_at": now, "created_by": 3, "updated_at": now, "updated_by": 3, "owner": 3}
        record = {"id": -number, "version": 1, **by, **values(number, next(turns))}
        changes = {
            name: [None, each if isinstance(each, (str, int)) else str(each)] for name, each in record.items()
        }  # fmt: skip
        entry = {"record_id": -number, "version": 1, "at": now, "actor": 3, "kind": "created", "changes": changes}
        event = {
            "at": now, "name": "record.created", "record_type": "deal", "record_id": -number, "actor": 3, "causes": "",
            "body": {"version": 1, "changed": sorted(record)},
        }  # fmt: skip
        rows = enumerate((record, entry, event))
        given = {f"p{which}_{key}": each for which, row in rows for key, each in row.items()}
        send({key: make(given[key]) if (make := process[key]) is not None else given[key] for key in process})

    return save


def _sender(url: sa.URL, statements: list[str]) -> Callable[[Mapping[str, Any]], None]:
    if url.drivername.startswith("postgresql"):
        query = url.set(drivername="postgresql").render_as_string(hide_password=False)
        connection = psycopg.connect(query, autocommit=True)
        parts = ", ".join(f"w{number} AS ({each})" for number, each in enumerate(statements))
        text = f"WITH {parts} SELECT 1".encode()

        def send_one(given: Mapping[str, Any]) -> None:
            connection.execute(text, given, prepare=True)

        return send_one
    file = sqlite3.connect(str(url.database), isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        file.execute(f"PRAGMA {pragma}")

    def send(given: Mapping[str, Any]) -> None:
        file.execute("BEGIN IMMEDIATE")
        for each in statements:
            file.execute(each, given)
        file.execute("COMMIT")

    return send
