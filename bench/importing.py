"""A workbook of a hundred thousand deals brought in, against reading it and inserting the rows by hand.

Ours: pre-flight rules, every value validated, customers found by their names, the check, history and event of each
record, in parts that let others save in between and that can be taken back. By hand: the fastest reader there is
(calamine), values made for the columns, one bulk insert in one transaction; of a wrong cell it would only know that
something failed.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bench.deals import AT, FIELDS, app, values
from bench.exporting import CUSTOMERS, fill
from bench.harness import Comparison, Size
from lowcode.forms.operations.xlsx import Xlsx
from lowcode.forms.tables import import_part
from lowcode.host import Host
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import keep
from lowcode.seeding import seed

ROWS = 100_000
NAMES = [each["name"] for each in FIELDS]
ZONE = ZoneInfo("Asia/Shanghai")
SCALES = {"amount": 2, "cost": 2, "discount": 4, "quantity": 0, "weight": 3, "rating": 0}


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite, then PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deals.xlsx"
        rows = size.of(ROWS)
        workbook(path, rows)
        if "sqlite" in size.databases:
            urls = [f"sqlite:///{folder}/{name}.sqlite3" for name in ("ours", "hand")]
            yield from _on("SQLite", urls, path, rows)
        if "postgresql" in size.databases:
            from bench.databases import postgresql

            with postgresql(Path(folder)) as make:
                yield from _on("PostgreSQL", [make(name) for name in ("ours", "hand")], path, rows)


def workbook(path: Path, rows: int) -> None:
    """The file, as an export of another system would be."""
    made = Xlsx(NAMES)
    with path.open("wb") as file:
        file.write(made.begin())
        for start in range(0, rows, 5000):
            numbers = range(start, min(rows, start + 5000))
            file.write(made.rows(_cells(values(each, f"客户{each % CUSTOMERS + 1:05}")) for each in numbers))
        file.write(made.end())


def _cells(row: dict[str, Any]) -> list[Any]:
    row["urgent"] = "yes" if row["urgent"] else "no"
    row["called_at"] = row["called_at"].astimezone(ZONE).replace(tzinfo=None)
    return list(row.values())


def _on(name: str, urls: list[str], path: Path, rows: int) -> Iterator[Comparison]:
    hosts = []
    for url in urls:
        host = Host(app(), url)
        host.publish()
        seed(host)
        fill(host, 0, host.actor("person0").id or 0)
        hosts.append(host)
    ours, hand = hosts
    content = path.read_bytes()
    actor = ours.actor("person0")
    file = ours.write(lambda unit: keep(ours.context(unit, actor), path.name, "application/xlsx", content))["id"]

    def bring() -> None:
        run = ours.ask(actor, "forms.start_import", form="deal", file=file)["run"]
        ours.deliver()
        found = ours.ask(actor, "forms.import_progress", run=run)
        assert (found["state"], found["create"], found["problems"]) == ("done", rows, []), found

    insert = by_hand(urls[1], hand, path)

    def inserted() -> None:
        assert insert() == rows

    def empty() -> None:
        for host in hosts:
            _empty(host)

    yield Comparison(
        f"import of {rows:,} rows × 20 from XLSX, {name}", bring, inserted, 0.5, "rows", rows, before=empty
    )
    ours.close()
    hand.close()


def _empty(host: Host) -> None:
    """Nothing of an earlier run is there."""
    deal = host.types["deal"]

    def work(unit: Any) -> None:
        for table in (deal.table, deal.history, t.event, t.job, import_part):
            unit.run(sa.delete(table))

    host.write(work)


def by_hand(url: str, host: Host, path: Path) -> Callable[[], int]:
    """Reads the workbook and inserts its rows, as somebody writes it who knows the library and the database."""
    from python_calamine import CalamineWorkbook

    columns = ["id", "version", "created_at", "created_by", "updated_at", "updated_by", "owner", *NAMES]
    lite = url.startswith("sqlite")
    stamp = AT.isoformat() if lite else AT
    owner = host.actor("person0").id

    def cell(name: str, value: Any) -> Any:
        if name in SCALES:
            number = Decimal(str(value))
            return int(number.scaleb(SCALES[name]).quantize(Decimal(1), ROUND_HALF_UP)) if lite else number
        if name == "urgent":
            return value == "yes"
        if isinstance(value, datetime):
            value = value.replace(tzinfo=ZONE)
        elif name == "called_at":  # midnight is read as a day
            value = datetime(value.year, value.month, value.day, tzinfo=ZONE)
        return value.isoformat() if lite and name in ("signed_on", "due_on", "called_at") else value

    def rows(customers: dict[str, int]) -> Iterator[list[Any]]:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        lines = sheet.iter_rows()
        titles = [str(each) for each in next(lines)]
        for number, line in enumerate(lines, 1):
            found = [
                customers[str(value)] if name == "customer" else cell(name, value)
                for name, value in zip(titles, line, strict=True)
            ]
            yield [number, 1, stamp, owner, stamp, owner, owner, *found]

    def sqlite() -> int:
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.execute("PRAGMA synchronous=FULL")
        customers: dict[str, int] = dict(connection.execute("SELECT name, id FROM customer").fetchall())
        holes = ", ".join("?" * len(columns))
        with connection:
            text = f"INSERT INTO deal ({', '.join(columns)}) VALUES ({holes})"
            count = connection.executemany(text, rows(customers)).rowcount
        connection.close()
        return count

    def postgresql() -> int:
        import psycopg

        with psycopg.connect(url.replace("+psycopg", "", 1)) as connection, connection.cursor() as cursor:
            customers: dict[str, int] = dict(cursor.execute("SELECT name, id FROM customer").fetchall())
            count = 0
            with cursor.copy(f"COPY deal ({', '.join(columns)}) FROM STDIN".encode()) as copy:
                for row in rows(customers):
                    copy.write_row(row)
                    count += 1
        return count

    return sqlite if lite else postgresql
