"""Conditions written as people write them are found by an index."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, select
from sqlalchemy.dialects import sqlite

from lowcode.kernel.expressions import compile_expression
from lowcode.kernel.expressions.sql import install
from tests.conformance.expressions.support import moment_of, shapes_of

FIELDS = {"day": "date", "at": "datetime", "amount": "number:2", "name": "text", "owner": "user"}
TABLE = Table(
    "t", MetaData(), Column("id", Integer, primary_key=True), Column("day", Text), Column("at", Text),
    Column("amount", Integer), Column("name", Text), Column("owner", Integer),
)  # fmt: skip


class Columns:
    """The columns of one table."""

    def column(self, path: str) -> Column[object]:
        return TABLE.c[path]

    def rows(self, path: str, child_paths: frozenset[str]) -> None:
        raise AssertionError("no rows here")


@pytest.mark.parametrize(
    "text",
    [
        "DAYSSINCE(day) >= 120", "DAYS(TODAY(), day) > 3", 'DATEDIF(day, TODAY(), "days") >= 3', "AGE(day) >= 18",
        "YEAR(day) = 2024", "YEAR(at) = 2024", "TODATE(at) = TODAY()", 'INLAST(at, 7, "days")', "amount + 1 > 100",
        "amount > 99.995", 'SAMEPERIOD(day, "month")', 'name = "a"', 'name in ("a", "b")', "owner = ME()",
        "owner in TEAM()", 'day > "2024-01-01"', "DAYSSINCE(at) >= 120", 'STARTSWITH(name, "a")',
    ],
)  # fmt: skip
def test_an_index_serves_the_condition(text: str) -> None:
    """The plan searches the index rather than scanning the table."""
    connection = sqlite3.connect(":memory:")
    install(connection)
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, day TEXT, at TEXT, amount INT, name TEXT, owner INT)")
    for column in FIELDS:
        connection.execute(f"CREATE INDEX by_{column} ON t ({column})")
    condition = compile_expression(text, shapes_of(FIELDS), "subject").sql_condition("sqlite", Columns())  # type: ignore[arg-type]
    compiled = select(TABLE.c.id).where(condition).compile(
        dialect=sqlite.dialect(paramstyle="named"), compile_kwargs={"render_postcompile": True})  # fmt: skip
    values = {**compiled.params, **moment_of({}, FIELDS).parameters("sqlite")}
    plan = connection.execute("EXPLAIN QUERY PLAN " + str(compiled), values).fetchall()
    connection.close()
    assert any("SEARCH t USING" in row[3] for row in plan), plan
