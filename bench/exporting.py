"""A list of a hundred thousand deals as a workbook, against the same rows read by hand and written with openpyxl.

Ours goes through the one gate: permission, the words of options, links by their names, days and instants as cells, and
is sent piece by piece. By hand: one statement, and openpyxl's fast way of writing (`write_only`); its workbook is whole
before the first byte goes out.
"""

from __future__ import annotations

import io
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.deals import AT, FIELDS, app, values
from bench.harness import Comparison, Size
from bench.lists import write_rows
from bench.serving.race import analyse
from lowcode.host import Host
from lowcode.seeding import seed

ROWS = 100_000
CUSTOMERS = 500
NAMES = [each["name"] for each in FIELDS]
ZONE = ZoneInfo("Asia/Shanghai")


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite, then PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in size.databases:
            yield from _on("SQLite", f"sqlite:///{folder}/exports.sqlite3", size)
        if "postgresql" in size.databases:
            from bench.databases import postgresql

            with postgresql(Path(folder)) as make:
                yield from _on("PostgreSQL", make("exports"), size)


def _on(name: str, url: str, size: Size) -> Iterator[Comparison]:
    rows = size.of(ROWS)
    host = Host(app(), url)
    host.publish()
    seed(host)
    actor = host.actor("person0")
    fill(host, rows, actor.id or 0)
    analyse(url)

    def ours(kind: str) -> int:
        made = host.ask(actor, "forms.stream", form="deal", format=kind, sort="id", reading=reading(host, actor))
        return sum(len(piece) for piece in made["content"])

    read = by_hand(url)
    yield Comparison(
        f"export of {rows:,} rows × 20 as XLSX, {name}", lambda: ours("xlsx"), lambda: openpyxl_book(read), 3.0,
        "rows", rows,
    )  # fmt: skip
    yield Comparison(
        f"export of {rows:,} rows × 20 as CSV, {name}", lambda: ours("csv"), lambda: plain_csv(read), 0.2, "rows", rows
    )
    host.close()


def reading(host: Host, actor: Any) -> Callable[[], AbstractContextManager[Any]]:
    """Gives contexts to read some of the records in."""

    @contextmanager
    def block() -> Iterator[Any]:
        with host.database.reading() as unit:
            yield host.context(unit, actor)

    return block


def fill(host: Host, rows: int, owner: int, customers: int = CUSTOMERS) -> None:
    """Customers, and deals of theirs."""
    common = {"version": 1, "created_at": AT, "created_by": owner, "updated_at": AT, "updated_by": owner,
              "owner": owner, "deleted_at": None}  # fmt: skip
    with host.session() as context:
        context.unit.begin()
        table = host.types["customer"].table
        blank = {column.name: None for column in table.columns}
        named = [
            {**blank, **common, "id": number, "name": f"客户{number:05}", "grade": "AB"[number % 2], "region": "华东"}
            for number in range(1, customers + 1)
        ]
        write_rows(context.unit, table, named)
        table = host.types["deal"].table
        blank = {column.name: None for column in table.columns}
        for start in range(0, rows, 5000):
            batch = [
                {**blank, **common, "id": number + 1, **values(number, number % customers + 1)}
                for number in range(start, min(rows, start + 5000))
            ]
            write_rows(context.unit, table, batch)


def by_hand(url: str) -> Callable[[], Iterator[list[Any]]]:
    """The rows as cells: one statement, the names of customers joined."""
    columns = ", ".join(f"c.name AS {name}" if name == "customer" else f"d.{name}" for name in NAMES)
    text = f"SELECT {columns} FROM deal d LEFT JOIN customer c ON c.id = d.customer WHERE d.deleted_at IS NULL"
    at = {name: index for index, name in enumerate(NAMES)}

    def sqlite() -> Iterator[list[Any]]:
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        for row in connection.execute(f"{text} ORDER BY d.id"):
            found = list(row)
            for name, places in (("amount", 2), ("cost", 2), ("discount", 4), ("weight", 3), ("quantity", 0)):
                found[at[name]] = Decimal(found[at[name]]).scaleb(-places)
            for name in ("signed_on", "due_on"):
                found[at[name]] = datetime.fromisoformat(found[at[name]]).date()
            called = datetime.fromisoformat(found[at["called_at"]])
            found[at["called_at"]] = called.astimezone(ZONE).replace(tzinfo=None)
            yield found
        connection.close()

    def postgresql() -> Iterator[list[Any]]:
        import psycopg

        with psycopg.connect(url.replace("+psycopg", "", 1)) as connection, connection.cursor("export") as cursor:
            cursor.itersize = 5000
            for row in cursor.execute(f"{text} ORDER BY d.id".encode()):
                found = list(row)
                found[at["called_at"]] = found[at["called_at"]].astimezone(ZONE).replace(tzinfo=None)
                yield found

    return sqlite if url.startswith("sqlite") else postgresql


def openpyxl_book(read: Callable[[], Iterator[list[Any]]]) -> int:
    """The workbook as openpyxl writes it when it is asked to be quick."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(NAMES)
    for row in read():
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return len(buffer.getvalue())


def plain_csv(read: Callable[[], Iterator[list[Any]]]) -> int:
    """The file as Python's csv writes it."""
    import csv

    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(NAMES)
    writer.writerows(read())
    return len(buffer.getvalue().encode())
