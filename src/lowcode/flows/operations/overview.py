"""All flows of an app as an administrator sees them: what begins each, how many run, what is stuck and what may be done
about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lowcode.flows import run
from lowcode.flows.naming import titles
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations import store
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.possible import Action, action, ending, field
from lowcode.flows.operations.sayings import words
from lowcode.flows.operations.views import Names
from lowcode.flows.plan import FlowPlan
from lowcode.flows.run.schedule import next_time
from lowcode.flows.tables import incident, instance
from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Operation
from lowcode.kernel.diagnostics import localized

RUNNING = (
    sa.select(
        instance.c.flow,
        instance.c.digest,
        sa.func.count().label("running"),
        sa.func.sum(sa.case((instance.c.stuck > 0, 1), else_=0)).label("stuck"),
        sa.func.sum(sa.case((instance.c.suspended_at.is_not(None), 1), else_=0)).label("suspended"),
    )
    .where(instance.c.running.is_not(None))
    .group_by(instance.c.flow, instance.c.digest)
)
STUCK = (
    sa.select(
        incident,
        instance.c.flow,
        instance.c.digest,
        instance.c.tokens,
        instance.c.subject,
        instance.c.record_type,
        instance.c.record_id,
    )
    .select_from(incident.join(instance, incident.c.instance == instance.c.id))
    .where(incident.c.resolved_at.is_(None), instance.c.running.is_not(None))
    .order_by(incident.c.id.desc())
    .limit(200)
)


TOGETHER = ("stuck", "suspended")
"""What is counted over all versions of a flow."""


def list_flows(context: Context, params: Any) -> Items:
    """Every flow of the app."""
    counts: dict[str, dict[str, int]] = {}
    for row in context.unit.fetch(RUNNING):
        counts.setdefault(row["flow"], {})[row["digest"]] = row["running"]
        for each in TOGETHER:
            counts[row["flow"]][each] = counts[row["flow"]].get(each, 0) + int(row[each] or 0)
    return {"items": [_flow(context, plan, counts.get(plan.name, {})) for plan in flows_of(context).flows.values()]}


def _flow(context: Context, plan: FlowPlan, counts: Mapping[str, int]) -> dict[str, Any]:
    schedule = plan.starts.schedule
    now, calendar = context.now(), context.app.calendar
    older = sum(count for digest, count in counts.items() if digest not in (plan.digest, *TOGETHER))
    return {
        "flow": plan.name,
        "title": plan.title,
        "form": plan.form,
        "on": plan.starts.on,
        "schedule": plan.document["start"]["schedule"] if schedule is not None else None,
        "next": next_time(schedule, now, context.app.zone, calendar) if schedule is not None else None,
        "running": older + counts.get(plan.digest, 0),
        "older": older,
        "stuck": counts.get("stuck", 0),
        "suspended": counts.get("suspended", 0),
        "actions": _several(plan, older + counts.get(plan.digest, 0), counts.get("suspended", 0)),
        "nodes": [
            {"name": node.id, "title": localized(node.title, context.actor.locale)} for node in plan.nodes.values()
        ],
    }


def _several(plan: FlowPlan, running: int, suspended: int) -> list[Action]:
    """Letting many instances stand still at once, or go on: all, those of the version of now, or those of earlier
    ones, and those whose records are such."""
    versions = [{"name": each, "title": words(each)} for each in ("every", "current", "older")]
    fields = (field("version", "choice", options=versions, usual="every"), field("where", "text"))
    may = {"flows.suspend": running > suspended, "flows.resume": suspended > 0}
    return [
        action(operation, {"flow": plan.name}, *fields, field("opinion", "text"), title=f"{operation}.several")
        for operation, offered in may.items()
        if offered
    ]


def incidents(context: Context, params: Any) -> Items:
    """Everything that is stuck, the newest first: why, and what may be done."""
    rows = [row for row in context.unit.fetch(STUCK) if _still(row)]
    names = Names(context, rows)
    again = [action("flows.retry_many", {})] if len(rows) > 1 else []
    return {"items": [_incident(context, row, names) for row in rows], "actions": again}


def _still(row: dict[str, Any]) -> bool:
    """Whether the token stands there still: an end elsewhere may have taken it away."""
    token = run.from_json(row["tokens"]).token(row["token"])
    return token is not None and token.state == "stuck"


def _incident(context: Context, row: dict[str, Any], names: Names) -> dict[str, Any]:
    version = context.unit.one(store.VERSION, digest=row["digest"])
    document = version["document"] if version is not None else {}
    called = titles(document.get("nodes", ()))
    return {
        **{key: row[key] for key in ("id", "instance", "token", "node", "at", "code")},
        "problems": [{**each, "message": names.words(each["message"])} for each in row["problems"]],
        "title": names.words(called.get(row["node"], row["node"])),
        "flow": {"name": row["flow"], "title": document.get("title") or row["flow"]},
        "subject": names.words(row["subject"]),
        "record": names.record(row),
        "actions": _actions(context, row),
    }


def _actions(context: Context, row: dict[str, Any]) -> list[Action]:
    """Try again, go on by an exit as though it had been done, go on elsewhere, or end all."""
    fixed = {"instance": row["instance"], "token": row["token"]}
    end = ending({"instance": row["instance"]})
    try:
        plan = flows_of(context).at(context, row["digest"])
    except Hindered:
        return [end]
    node = plan.nodes.get(row["node"])
    exits = [
        {"name": exit, "title": plan.nodes[target].title}
        for exit, target in (node.exits.items() if node is not None else ())
    ]
    found = [action("flows.retry", fixed)]
    if exits:
        onward = field("exit", "choice", required=True, options=exits, title=words("onward"))
        found.append(action("flows.retry", fixed, onward, title="skip"))
    return [*found, end]


OPERATIONS = (
    Operation(
        "flows.list", list_flows, access="administrator", writes=False,
        summary={"en": "All flows", "zh-CN": "全部流程"},
    ),
    Operation(
        "flows.incidents", incidents, access="administrator", writes=False,
        summary={"en": "What is stuck", "zh-CN": "停滞的流程"},
    ),
)  # fmt: skip
