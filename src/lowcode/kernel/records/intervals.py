"""The kept history of a state as rows: one for each stay of a record in a state, from when to when and by whose hand.

Nobody declares them: every state field of a form has them, under the name `form.field`, as lines have `form.lines`.
They belong to their record as lines do, so whoever may not read the record, or the state, does not read its history.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage.types import ScaledDecimal

DAY_PLACES = 4
TITLES: dict[str, Text] = {
    "came_from": {"zh-CN": "来自状态", "en": "Came from"},
    "entered_at": {"zh-CN": "进入时间", "en": "Entered at"},
    "left_at": {"zh-CN": "离开时间", "en": "Left at"},
    "seconds": {"zh-CN": "停留（秒）", "en": "Stay in seconds"},
    "days": {"zh-CN": "停留（天）", "en": "Stay in days"},
    "by": {"zh-CN": "操作人", "en": "Moved by"},
}
TYPES = {
    "entered_at": Type("datetime", nullable=False),
    "left_at": Type("datetime"),
    "seconds": Type("number", scale=0, nullable=False),
    "days": Type("number", scale=DAY_PLACES, nullable=False),
    "by": Type("user", record="user"),
}


def intervals_of(record_type: RecordType, state: Field) -> RecordType:
    """The record type of the stays in the states of one field; `build` gives it its table."""
    found = RecordType(f"{record_type.name}.{state.name}", state.title, state.place, f"{state.id}@stages")
    found.parent, found.parent_field = record_type, state.name
    found.fields["state"] = replace(state, name="state", id="@state")
    found.fields["came_from"] = replace(state, name="came_from", id="@came_from", title=TITLES["came_from"])
    for name, type_ in TYPES.items():
        options = FieldDefinition(name=name)
        found.fields[name] = Field(name, f"@{name}", None, options, type_, state.place, TITLES[name])
    found.fields["by"].target = "user"
    record_type.intervals[state.name] = found
    return found


def view(stages: sa.Table, field: str) -> Any:
    """What is read: the stays of one field. A stay that has not ended lasts until the moment that is asked at."""
    stay = Stay(stages.c.entered_at, stages.c.left_at, sa.bindparam("moment_now", type_=sa.Text))
    return (
        sa.select(
            stages.c.id,
            stages.c.record_id.label("parent"),
            stages.c.state,
            stages.c.came_from,
            stages.c.entered_at,
            stages.c.left_at,
            sa.type_coerce(sa.func.coalesce(stages.c.seconds, stay), sa.BigInteger).label("seconds"),
            sa.type_coerce(Days(sa.func.coalesce(stages.c.seconds, stay)), ScaledDecimal(DAY_PLACES)).label("days"),
            stages.c.actor.label("by"),
        )
        .where(stages.c.field == field, stages.c.state.is_not(None))
        .subquery()
    )


class Stay(FunctionElement[int]):
    """The whole seconds from an instant to another one, or to a third where the second is not known."""

    name = "stay"
    inherit_cache = True


class Days(FunctionElement[int]):
    """Seconds as days, as the database keeps a number with so many decimals."""

    name = "days"
    inherit_cache = True


@compiles(Stay, "sqlite")
def _stay_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    start, end, now = (compiler.process(each, **kw) for each in element.clauses)
    return f"(CAST(strftime('%s', COALESCE({end}, {now})) AS INTEGER) - CAST(strftime('%s', {start}) AS INTEGER))"


@compiles(Stay, "postgresql")
def _stay_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    start, end, now = (compiler.process(each, **kw) for each in element.clauses)
    return f"CAST(floor(extract(epoch FROM (COALESCE({end}, CAST({now} AS timestamptz)) - {start}))) AS bigint)"


@compiles(Days, "sqlite")
def _days_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    (seconds,) = (compiler.process(each, **kw) for each in element.clauses)
    return f"(({seconds} * {10**DAY_PLACES} + 43200) / 86400)"


@compiles(Days, "postgresql")
def _days_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    (seconds,) = (compiler.process(each, **kw) for each in element.clauses)
    return f"round({seconds} / 86400.0, {DAY_PLACES})"
