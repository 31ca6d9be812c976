"""Many stuck flows tried again at once: what hindered them was one thing, and it is gone."""

from __future__ import annotations

from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy import bindparam as given

from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import commands, store
from lowcode.flows.operations.once import Requested
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.views import Names
from lowcode.flows.tables import incident, instance
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation
from lowcode.kernel.diagnostics import NotFound, Rejected, nearest

MOST = 100
"""So many in one request; the answer says where to go on."""
STUCK = (
    sa.select(instance)
    .where(instance.c.id.in_(sa.select(incident.c.instance).where(incident.c.resolved_at.is_(None))))
    .where(instance.c.stuck > 0, instance.c.running.is_not(None), instance.c.suspended_at.is_(None))
    .where(instance.c.id > given("after"))
    .where(sa.or_(given("every", type_=sa.Boolean), instance.c.flow == given("of_flow")))
    .order_by(instance.c.id)
    .limit(given("most", type_=sa.Integer))
)
"""The oldest first, so that two such requests never wait for one another in a ring."""


class RetryManyParameters(Requested):
    """Everything that is stuck, or what is of one `flow`; `after` is the last one of the answer before."""

    flow: str | None = None
    after: int = Field(0, ge=0)


def retry_many(
    context: Context, params: RetryManyParameters
) -> Annotated[dict[str, Any], has(items=list, refused=int, next=object)]:
    """Try each again for itself; one that is stuck still says by what. What is suspended stands still."""
    of = {"every": params.flow is None, "of_flow": params.flow or ""}
    rows = context.unit.fetch(STUCK, after=params.after, most=MOST + 1, **of)
    flows = flows_of(context).flows
    if params.flow is not None and params.flow not in flows and not rows and not params.after:
        raise NotFound(problem("flows.no-such-flow", "/flow", flow=params.flow, near=nearest(params.flow, flows) or ""))
    names, now = Names(context, rows), rows[:MOST]
    items = [
        {
            "instance": row["id"], "subject": names.words(row["subject"]), "record": names.record(row),
            "problems": _tried(context, row["id"], names),
        }
        for row in now
    ]  # fmt: skip
    return {
        "items": [{**each, "done": not each["problems"]} for each in items],
        "refused": sum(bool(each["problems"]) for each in items),
        "next": now[-1]["id"] if len(rows) > MOST else None,
    }


def _tried(context: Context, instance_id: int, names: Names) -> list[dict[str, str]]:
    """What it is stuck by still, or was refused for."""
    try:
        with context.unit.savepoint():
            commands.retry(context, instance_id, None, None)
    except Rejected as rejected:
        return [{"code": each.code, "detail": each.words(context.actor.locale)} for each in rejected.problems]
    return [
        {"code": each["code"], "detail": names.words(each["message"])}
        for row in context.unit.fetch(store.INCIDENTS, instance_id=instance_id)
        for each in row["problems"]
    ]


OPERATIONS = (
    Operation(
        "flows.retry_many", retry_many, RetryManyParameters, "administrator",
        summary={"en": "Retry everything that is stuck", "zh-CN": "全部重试"},
    ),
)  # fmt: skip
