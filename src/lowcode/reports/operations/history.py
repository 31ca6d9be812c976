"""Funnels: how far records came, and how long they stayed, from the kept history of a state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage.prepared import planned_anew
from lowcode.reports.operations.query import source
from lowcode.reports.plan import FunnelPlan


def furthest(
    context: Context, plan: FunnelPlan, used: Sequence[str], values: Mapping[str, Any]
) -> dict[int, tuple[int, Any]]:
    """How many records came to each state and no further, and their value."""
    reached = _reached(context, plan, used)
    joins, conditions, stages, rank = reached
    far = (
        sa.select(stages.c.record_id, sa.func.max(rank).label("place"))
        .where(stages.c.field == plan.field, _among(stages, plan.states))
        .group_by(stages.c.record_id)
        .subquery()
    )
    columns: list[Any] = [far.c.place.label("place"), sa.func.count().label("count")]
    if plan.value is not None:
        value = plan.value.sql(joins.dialect, joins)
        columns.append(sa.type_coerce(sa.func.sum(value), value.type).label("value"))
    origin = joins.origin.join(far, far.c.record_id == joins.root.c.id)
    statement = sa.select(*columns).select_from(origin).where(*conditions).group_by(far.c.place)
    rows = context.unit.fetch(planned_anew(statement), **_parameters(context, values))
    return {int(row["place"]): (int(row["count"]), row.get("value")) for row in rows}


def stays(
    context: Context, plan: FunnelPlan, used: Sequence[str], values: Mapping[str, Any]
) -> dict[str, tuple[int, int]]:
    """The seconds spent in each state by those who left it, and how often that was."""
    joins, conditions, stages, _ = _reached(context, plan, used)
    origin = joins.origin.join(stages, stages.c.record_id == joins.root.c.id)
    statement = (
        sa.select(
            stages.c.state.label("state"),
            sa.func.sum(stages.c.seconds).label("seconds"),
            sa.func.count().label("count"),
        )
        .select_from(origin)
        .where(*conditions, stages.c.field == plan.field, stages.c.left_at.is_not(None))
        .group_by(stages.c.state)
    )
    rows = context.unit.fetch(planned_anew(statement), **_parameters(context, values))
    return {row["state"]: (int(row["seconds"] or 0), int(row["count"])) for row in rows if row["state"]}


def who_reached(
    context: Context, plan: FunnelPlan, state: str, used: Sequence[str], values: Mapping[str, Any], limit: int
) -> list[int]:
    """The ids of records that reached a state or a later one."""
    joins, conditions, stages, _ = _reached(context, plan, used)
    later = plan.states[plan.states.index(state) :]
    came = sa.select(stages.c.record_id).where(stages.c.field == plan.field, _among(stages, later))
    statement = (
        sa.select(joins.root.c.id.label("id"))
        .select_from(joins.origin)
        .where(*conditions, joins.root.c.id.in_(came))
        .order_by(joins.root.c.id.desc())
        .limit(limit)
    )
    return [row["id"] for row in context.unit.fetch(statement, **_parameters(context, values))]


def _reached(context: Context, plan: FunnelPlan, used: Sequence[str]) -> tuple[Any, list[Any], sa.Table, Any]:
    host: Any = context.host
    record_type: RecordType = host.types[plan.form]
    assert record_type.stages is not None
    joins, conditions = source(context, record_type)
    facts = plan.facts
    chosen = [facts.period if name == "period" else facts.filters.get(name) for name in used]
    conditions += [each.sql_condition(joins.dialect, joins) for each in (facts.where, *chosen) if each is not None]
    stages = record_type.stages
    rank = sa.case({state: index for index, state in enumerate(plan.states)}, value=stages.c.state)
    return joins, conditions, stages, rank


def _among(stages: sa.Table, states: Sequence[str]) -> sa.ColumnElement[bool]:
    """One of the states: each bound by itself, so that the statement has one text."""
    return sa.or_(sa.false(), *(stages.c.state == state for state in states))


def _parameters(context: Context, values: Mapping[str, Any]) -> dict[str, Any]:
    host: Any = context.host
    return {**context.moment().parameters(host.database.dialect_name), **values}
