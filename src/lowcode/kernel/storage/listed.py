"""Conditions on a list of values that is one parameter: one statement, whatever the length of the list."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BooleanClauseList, Grouping


def id_in(column: sa.ColumnElement[Any], dialect: str, name: str = "ids") -> sa.ColumnElement[bool]:
    """A column is one of the ids in the JSON list `name`: one statement for every length of list."""
    if dialect == "sqlite":
        listed = sa.func.json_each(sa.bindparam(name, type_=sa.Text)).table_valued("value")
        return column.in_(sa.select(listed.c.value))
    given = sa.bindparam(name, type_=sa.Text)
    if _found_by_index(column):
        return column == sa.any_(sa.cast(sa.func.translate(given, "[]", "{}"), ARRAY(sa.BigInteger)))
    listed = sa.func.jsonb_array_elements_text(sa.cast(given, JSONB)).table_valued("value")
    return column.in_(sa.select(sa.cast(listed.c.value, sa.BigInteger)))


def _found_by_index(column: sa.ColumnElement[Any]) -> bool:
    """Whether an index begins with a column. Then its rows are fetched one by one, by an array; where every row has to
    be looked at, PostgreSQL makes a hash of a subquery and goes through an array from its beginning each time."""
    for each in column.base_columns:
        table = getattr(each, "table", None)
        if isinstance(table, sa.Table):
            keys = (table.primary_key.columns, *(index.columns for index in table.indexes))
            return any(next(iter(key), None) is each for key in keys)
    return False


def text_in(column: sa.ColumnElement[Any], dialect: str, name: str) -> sa.ColumnElement[bool]:
    """A column is one of the texts in the JSON list `name`."""
    if dialect == "sqlite":
        listed = sa.func.json_each(sa.bindparam(name, type_=sa.Text)).table_valued("value")
    else:
        given = sa.cast(sa.bindparam(name, type_=sa.Text), JSONB)
        listed = sa.func.jsonb_array_elements_text(given).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def for_one(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """The same condition for a statement about one row: a list (`json_each`) is looked through until the value is
    found, where it would be made a table of its own for many rows. Blank values are in no list either way, which is the
    same as long as it is asked whether the whole is true; so what stands below a `not` is left as it is."""
    if isinstance(condition, BooleanClauseList) and condition.operator in (operators.and_, operators.or_):
        parts = [for_one(each) for each in condition.clauses]
        return sa.and_(*parts) if condition.operator is operators.and_ else sa.or_(*parts)
    if isinstance(condition, Grouping) and isinstance(condition.element, BooleanClauseList):
        return for_one(condition.element)
    if not isinstance(condition, sa.BinaryExpression) or condition.operator is not operators.in_op:
        return condition
    inner = condition.right.element if isinstance(condition.right, sa.ScalarSelect) else None
    sources = inner.get_final_froms() if isinstance(inner, sa.Select) else []
    if not isinstance(inner, sa.Select) or len(sources) != 1 or not isinstance(sources[0], sa.TableValuedAlias):
        return condition
    value = inner.selected_columns[0]
    return sa.exists(sa.select(1).select_from(sources[0]).where(value == condition.left).correlate_except(sources[0]))
