"""How the work goes: by step or by person, how many were asked, how they answered, how long it took, what is late."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from lowcode.flows.operations.plans import flows_of
from lowcode.flows.tables import task
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.identity import org
from lowcode.kernel.storage.types import Instant

By = Literal["step", "person"]


def statistics(context: Context, by: By, flow: str | None, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """One line per step (or person) over the tasks given in a span of time. Hours are the mean from being asked to
    answering."""
    host: Any = context.host
    dialect = context.unit.database.dialect_name
    statement = host.cached(("flow-statistics", by, flow is None), lambda: _statement(dialect, by, flow is None))
    named = {} if flow is None else {"of_flow": flow}
    rows = context.unit.fetch(statement, since=since, until=until, now=context.now(), **named)
    users, flows, locale = org.directory(context).users, flows_of(context).flows, context.actor.locale
    found = []
    for row in rows:
        numbers = {name: int(row[name] or 0) for name in ("asked", "open", "late", "done", "agreed", "refused")}
        hours = round(float(row["hours"]), 2) if row["hours"] is not None else None
        if by == "person":
            user = users.get(row["person"])
            what: dict[str, Any] = {"person": {"id": row["person"], "label": user.name if user else str(row["person"])}}
        else:
            plan = flows.get(row["flow"])
            node = plan.nodes.get(row["node"]) if plan is not None else None
            title = localized(node.title, locale) if node is not None else row["node"]
            what = {"flow": row["flow"], "node": row["node"], "title": title}
        found.append({**what, **numbers, "hours": hours})
    return found


def _statement(dialect: str, by: By, every_flow: bool) -> Any:
    def count(condition: Any) -> Any:
        return sa.func.sum(sa.case((condition, 1), else_=0))

    if dialect == "sqlite":
        hours = (sa.func.julianday(task.c.decided_at) - sa.func.julianday(task.c.created_at)) * 24
    else:
        hours = (sa.extract("epoch", task.c.decided_at) - sa.extract("epoch", task.c.created_at)) / 3600
    pending = sa.or_(task.c.state == "open", task.c.state == "waiting")
    answered = sa.and_(task.c.state == "done", task.c.reason.is_(None))
    keys = (task.c.person,) if by == "person" else (task.c.flow, task.c.node)
    statement = (
        sa.select(
            *keys,
            sa.func.count().label("asked"),
            count(pending).label("open"),
            count(sa.and_(pending, task.c.due_at < given("now", type_=Instant()))).label("late"),
            count(task.c.state == "done").label("done"),
            count(sa.or_(task.c.decision == "approve", task.c.decision == "complete")).label("agreed"),
            count(sa.or_(task.c.decision == "reject", task.c.decision == "return")).label("refused"),
            sa.func.avg(sa.case((answered, hours))).label("hours"),
        )
        .where(task.c.kind != "copy", task.c.state != "kept")
        .where(
            task.c.created_at >= given("since", type_=Instant()), task.c.created_at < given("until", type_=Instant())
        )
        .group_by(*keys)
        .order_by(*keys)
    )
    return statement if every_flow else statement.where(task.c.flow == given("of_flow"))
