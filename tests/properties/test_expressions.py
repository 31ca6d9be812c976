"""One expression, four answers: Python, SQLite and PostgreSQL agree on values and on the records found."""

from __future__ import annotations

import os
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from lowcode.kernel.expressions import ExpressionError, NotPushable, compile_expression
from tests.conformance.expressions.databases import LiteralResolver, met_in, value_in
from tests.conformance.expressions.support import flat_record, moment_of, shapes_of, written
from tests.properties.expressions import FIELDS, MOMENTS, RECORDS, expressions

SHAPES = shapes_of(FIELDS)
EXAMPLES = int(os.environ.get("LOWCODE_EXAMPLES", "150"))
OFTEN = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
LARGEST = Decimal(10) ** 15


def answers(text: str, record: Any, stored: Any, dialect: str, connection: Connection) -> None:
    """Compare Python with one database, as a value and as a condition."""
    try:
        expression = compile_expression(text, SHAPES, "subject")
    except ExpressionError as error:
        assert {one.code for one in error.problems} <= {
            "expressions.too-deep",
            "expressions.too-many-aggregates",
            "expressions.not-ordered",
            "expressions.expected-whole-number",
            "expressions.unknown-option",
            "expressions.type-mismatch",
            "expressions.branches-differ",
            "expressions.expected-condition",
            "expressions.not-a-date",
        }, error
        assume(False)
        return
    flat, moment = flat_record(FIELDS, record), moment_of(stored, FIELDS)
    value = expression.evaluate(flat, moment)
    assume(not isinstance(value, Decimal) or abs(value) < LARGEST)
    assume(not isinstance(value, (date, datetime)) or 1900 < value.year < 2200)
    resolver = LiteralResolver(FIELDS, record, dialect)
    try:
        found = value_in(connection, dialect, expression, resolver, moment)
    except NotPushable:
        assume(False)
    except DBAPIError as error:
        raise AssertionError(f"{dialect} refused {expression.text}: {error.orig}") from error
    kind = expression.type
    assert written(value, kind) == written(found, kind), (expression.text, expression.source)
    if kind.kind == "boolean":
        assert (value is True) == expression.test(flat, moment), expression.source
        assert (value is True) == met_in(connection, dialect, expression, resolver, moment), expression.text


@OFTEN
@given(expressions(2), RECORDS, MOMENTS)
def test_sqlite_answers_as_python(sqlite_connection: Connection, text: str, record: Any, moment: Any) -> None:
    """The set of records found and every value are the same."""
    answers(text, record, moment, "sqlite", sqlite_connection)


@OFTEN
@given(expressions(2), RECORDS, MOMENTS)
def test_postgresql_answers_as_python(postgresql_connection: Connection, text: str, record: Any, moment: Any) -> None:
    """The set of records found and every value are the same."""
    answers(text, record, moment, "postgresql", postgresql_connection)


@OFTEN
@given(expressions(2))
def test_the_canonical_text_reads_back(text: str) -> None:
    """Writing an expression down and reading it again changes nothing."""
    try:
        expression = compile_expression(text, SHAPES, "subject")
    except ExpressionError:
        assume(False)
    assert expression.text == compile_expression(expression.text, SHAPES, "subject").text
