"""The corpus, carried out by SQLite and PostgreSQL."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection

from lowcode.kernel.expressions import NotPushable
from tests.conformance.expressions.databases import LiteralResolver, met_in, value_in
from tests.conformance.expressions.support import Case, cases, expected, written

ANSWERED = [one for one in cases() if "result" in one.wanted and one.place == "read"]
NOT_PUSHABLE = {
    "sqlite": {
        "LOOKUPTABLE",
        "WORKDAY",
        "NETWORKDAYS",
        "WORKINGHOURS",
        "MEDIAN",
        "PERCENTILE",
        "FIRST",
        "LAST",
        "TEXTJOIN",
    },
    "postgresql": {
        "LOOKUPTABLE",
        "WORKDAY",
        "NETWORKDAYS",
        "WORKINGHOURS",
        "MEDIAN",
        "PERCENTILE",
        "FIRST",
        "LAST",
        "TEXTJOIN",
        "PROPER",
        "TEXT",
        "CNUPPER",
        "COUNTUNIQUE",
        "SUBSTITUTE",
    },
}
"""The functions a database may say it cannot carry out, in some form; anything else refused is a fault."""


def check(case: Case, dialect: str, connection: Connection) -> None:
    expression = case.compile()
    resolver = LiteralResolver(case.fields, case.record, dialect)
    moment = case.python_moment()
    try:
        value = value_in(connection, dialect, expression, resolver, moment)
    except NotPushable:
        assert any(name in expression.text for name in NOT_PUSHABLE[dialect]), expression.text
        return
    assert expected(case, expression.type) == written(value, expression.type)
    if expression.type.kind == "boolean":
        assert (case.wanted["result"] is True) == met_in(connection, dialect, expression, resolver, moment)


@pytest.mark.parametrize("case", ANSWERED, ids=str)
def test_sqlite_gives_the_result_of_the_case(case: Case, sqlite_connection: Connection) -> None:
    """What a case says is what SQLite gives, as a value and as a condition."""
    check(case, "sqlite", sqlite_connection)


@pytest.mark.parametrize("case", ANSWERED, ids=str)
def test_postgresql_gives_the_result_of_the_case(case: Case, postgresql_connection: Connection) -> None:
    """What a case says is what PostgreSQL gives, as a value and as a condition."""
    check(case, "postgresql", postgresql_connection)
