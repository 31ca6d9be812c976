"""A question in SQL between the rows a person may read and the report that asks about what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.visible import kept_from
from lowcode.kernel.storage.types import Day, Instant, ScaledDecimal
from lowcode.reports.definition import SqlField
from lowcode.reports.diagnostics import problem
from lowcode.reports.limits import timed
from lowcode.reports.sql.facts import FACTS, SqlPlan

SECONDS = 10.0
"""How long a question may take."""

Sourced = tuple[Joins, list[sa.ColumnElement[bool]]]
SQLITE = {
    "number": "CAST(ROUND({0} * {1}) AS INTEGER)", "text": "CAST({0} AS TEXT)", "boolean": "CAST({0} AS INTEGER)",
    "date": "SUBSTR(CAST({0} AS TEXT), 1, 10)", "datetime": "STRFTIME('%Y-%m-%dT%H:%M:%f', {0}) || '000Z'",
    "user": "CAST({0} AS INTEGER)",
}  # fmt: skip
POSTGRESQL = {
    "number": "CAST({0} AS numeric(28, {2}))", "text": "CAST({0} AS text)", "boolean": "CAST({0} AS boolean)",
    "date": "CAST({0} AS date)", "datetime": "CAST({0} AS timestamptz)", "user": "CAST({0} AS bigint)",
}  # fmt: skip
STORED: dict[str, Any] = {
    "text": sa.Text, "boolean": sa.Boolean, "date": Day, "datetime": Instant, "user": sa.BigInteger,
}  # fmt: skip


def plan_of(record_type: RecordType) -> SqlPlan | None:
    """The question a record type stands for."""
    found: SqlPlan | None = record_type.extras.get(FACTS)
    return found


def sql_source(
    context: Context, record_type: RecordType, plan: SqlPlan, source: Callable[[Context, RecordType], Sourced]
) -> Sourced:
    """Joins over what the question finds in the rows this person may read. Raises Forbidden."""
    actor, host = context.actor, _host(context)
    if plan.roles and not actor.is_administrator and not plan.roles & actor.roles:
        raise Forbidden(problem("not-for-you"))
    dialect = host.database.dialect_name
    parts = []
    for each in plan.written.reads:
        other = host.types[each.record]
        if any(kept_from(context, each.record, name) for name in each.columns):
            raise Forbidden(problem("hidden-field"))
        joins, conditions = source(context, other)
        columns = [_plain(joins.column(name), dialect).label(name) for name in each.columns]
        parts.append(sa.select(*columns).select_from(joins.origin).where(*conditions).cte(each.stands))
    text = sa.text(_outer(plan, dialect).replace("\\", "\\\\").replace(":", "\\:"))
    known: list[Any] = [sa.column("id", sa.BigInteger), sa.column("parent", sa.BigInteger)]
    known += [sa.column(each.name, _stored(each)) for each in plan.fields]
    found = text.columns(*known).add_cte(*parts).subquery("found")
    allowed = Joins(
        host.types, record_type, host.database.table, dialect, table=found,
        allowed=lambda other: host.grant(other, context.actor),
    )  # fmt: skip
    return allowed, []


def _host(context: Context) -> Any:
    return context.host


def _stored(field: SqlField) -> Any:
    return ScaledDecimal(field.scale) if field.type == "number" else STORED[field.type]()


def _plain(element: sa.ColumnElement[Any], dialect: str) -> sa.ColumnElement[Any]:
    """A column as SQL computes with it: on SQLite, where decimals are whole numbers, as the number they mean."""
    if dialect == "sqlite" and isinstance(element.type, ScaledDecimal) and element.type.scale:
        return sa.cast(sa.type_coerce(element, sa.BigInteger), sa.Float) / sa.literal_column(
            f"{10.0**element.type.scale}"
        )
    return element


def _outer(plan: SqlPlan, dialect: str) -> str:
    """The question with its columns as the app keeps values of their types."""
    made = SQLITE if dialect == "sqlite" else POSTGRESQL
    columns = [
        f'{made[each.type].format(chr(34) + each.name + chr(34), 10**each.scale, each.scale)} AS "{each.name}"'
        for each in plan.fields
    ]
    text = plan.written.texts["sqlite" if dialect == "sqlite" else "postgres"]
    return f"SELECT ROW_NUMBER() OVER () AS id, NULL AS parent, {', '.join(columns)} FROM ({text}) AS written"


@contextmanager
def limited(context: Context, record_type: RecordType) -> Iterator[None]:
    """Within this block a question is stopped after a time, and what the database says against it is a refusal."""
    plan = plan_of(record_type)
    if plan is None:
        yield
        return
    try:
        with timed(context, SECONDS, lambda: problem("sql-too-slow", report=plan.name, seconds=int(SECONDS))):
            yield
    except Exception as error:
        if not type(error).__module__.startswith(("sqlite3", "psycopg")):
            raise
        raise Rejected(problem("sql-failed", report=plan.name, reason=str(error).splitlines()[0])) from error
