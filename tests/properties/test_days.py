"""A day in SQLite's own words is the day in Python, whatever the clocks of a zone ever did."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, Text, create_engine, event, select
from sqlalchemy.pool import StaticPool

from lowcode.kernel.expressions import Expression, Moment, compile_expression
from lowcode.kernel.expressions.sql import bind_value, install
from lowcode.kernel.expressions.sql.sqlite_clocks import clocks
from lowcode.kernel.expressions.sql.sqlite_functions import NAME
from lowcode.kernel.expressions.types import DATE, DATETIME
from tests.conformance.expressions.support import shapes_of

FIELDS = {"at": "datetime", "d": "date"}
PERIODS = ("day", "week", "month", "quarter", "year")
FISCAL = 'DATEADD(STARTOF(DATEADD(TODATE({0}), -3, "month"), "{1}"), 3, "month")'
CALLS = [
    *(f'STARTOF({name}, "{period}")' for name in FIELDS for period in PERIODS),
    *(FISCAL.format(name, period) for name in FIELDS for period in ("quarter", "year")),
    *(f"{part}({name})" for name in FIELDS for part in ("TODATE", "YEAR", "MONTH", "DAY", "QUARTER", "WEEKDAY")),
    "HOUR(at)", "MINUTE(at)", "WEEKDAY(at, 2)", "WEEKDAY(d, 3)", "DAYS(at, d)", 'DATEADD(d, -2, "weeks")',
    'DATEADD(STARTOF(at, "week"), 6, "days")',
]  # fmt: skip
ZONES = (
    "UTC", "Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns", "Africa/Casablanca",
    "Australia/Lord_Howe", "Pacific/Apia", "Africa/Monrovia",
)  # fmt: skip
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
MOMENTS = (timedelta(0), timedelta(microseconds=-1), timedelta(microseconds=1), timedelta(hours=1), timedelta(hours=-1))
TABLE = Table("days", MetaData(), Column("id", Integer), Column("at", Text), Column("d", Text))


class OneTable:
    """Columns of the table."""

    def column(self, path: str) -> Any:
        return TABLE.c[path]

    def rows(self, path: str, child_paths: Any = ()) -> Any:
        raise AssertionError(path)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    """SQLite with the functions of the language, and an empty table."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda raw, record: install(raw))
    with engine.connect() as opened:
        TABLE.create(opened)
        yield opened
    engine.dispose()


def instants(zone: str) -> list[datetime | None]:
    """Around every change of the clocks that is told, at the ends of what is told, at midnights, and anywhere."""
    chance, known = random.Random(zone), clocks(zone, NOW.year)
    turns = [datetime.fromisoformat(each) for each in (known.until, *(since for since, _ in known.changes))]
    found = [turn + step for turn in turns for step in MOMENTS]
    for _ in range(60):
        midnight = datetime(chance.randrange(2021, 2028), chance.randrange(1, 13), 1, tzinfo=ZoneInfo(zone))
        found.append(midnight.astimezone(UTC) + chance.choice(MOMENTS[:3]))
    found += [NOW + timedelta(seconds=chance.randrange(-4_000_000_000, 1_500_000_000)) for _ in range(60)]
    return [None, *found]


def days() -> list[date]:
    """Days at the ends of months, weeks, years, and of the calendar."""
    edges = [date(1, 1, 1), date(1, 2, 28), date(499, 12, 31), date(500, 1, 1), date(9499, 12, 31), date(9999, 12, 31)]
    return [*edges, *(date(2023, 12, 25) + timedelta(days=each) for each in range(0, 430, 3))]


def found(connection: Connection, made: list[Expression], moment: Moment) -> list[tuple[Any, ...]]:
    """What SQLite makes of every row."""
    columns = [each.sql("sqlite", OneTable()).label(f"c{place}") for place, each in enumerate(made)]
    statement = select(*columns).select_from(TABLE).order_by(TABLE.c.id)
    return [tuple(row) for row in connection.execute(statement, moment.parameters("sqlite"))]


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_in_sqlite_is_the_day_in_python(connection: Connection, zone: str) -> None:
    """Periods, fiscal periods and parts of days, at every edge of clocks and calendar: the same. And of instants whose
    clocks are told, as of every day within the centuries, SQLite asks no Python at all."""
    chance, moment = random.Random(1), Moment(NOW, ZoneInfo(zone))
    made = [compile_expression(text, shapes_of(FIELDS), "subject") for text in CALLS]
    rows = [{"at": at, "d": chance.choice([None, *days()])} for at in instants(zone)]
    rows += [{"at": NOW, "d": day} for day in days()]
    stored = [
        {"id": place, "at": bind_value(row["at"], DATETIME, "sqlite"), "d": bind_value(row["d"], DATE, "sqlite")}
        for place, row in enumerate(rows)
    ]  # fmt: skip
    connection.execute(TABLE.delete())
    connection.execute(TABLE.insert(), stored)
    for row, seen in zip(rows, found(connection, made, moment), strict=True):
        assert tuple(each.evaluate(row, moment) for each in made) == seen, row
    known = clocks(zone, NOW.year)
    connection.execute(TABLE.delete().where((TABLE.c.at < known.start) | (TABLE.c.at >= known.until)))
    connection.execute(TABLE.delete().where((TABLE.c.d < "0500-01-01") | (TABLE.c.d >= "9500-01-01")))
    raw: Any = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    raw.create_function(NAME, -1, lambda *_: 1 / 0, deterministic=True)
    try:
        assert len(found(connection, made, moment)) > 100
    finally:
        install(raw)
