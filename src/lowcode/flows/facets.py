"""What flows add to the page: which there are, which may be started on a record, what they did to it."""

from __future__ import annotations

from typing import Any

from lowcode.flows.plan import FlowPlan
from lowcode.flows.plans import flows_of
from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfRecord, facets


def _may_start(context: Context, plan: FlowPlan) -> bool:
    if plan.starts.on != "manual":
        return False
    return not plan.starts.roles or context.actor.is_administrator or bool(plan.starts.roles & context.actor.roles)


def describe(context: Context, _: Any) -> dict[str, Any]:
    """Every flow, and by form those this person may start by hand."""
    flows = flows_of(context).flows
    manual: dict[str, list[dict[str, Any]]] = {}
    for plan in flows.values():
        if _may_start(context, plan):
            manual.setdefault(plan.form, []).append({"name": plan.name, "title": plan.title})
    return {"flows": {plan.name: {"title": plan.title, "form": plan.form} for plan in flows.values()}, "manual": manual}


def situation(context: Context, params: OfRecord) -> dict[str, Any]:
    """The flows this person may start on the record."""
    return {"flows": [plan.name for plan in flows_of(context).of_form(params.form) if _may_start(context, plan)]}


def activities(context: Context, params: OfRecord) -> list[dict[str, Any]]:
    """What flows did: begun, decided, ended."""
    found = []
    for instance in context.ask("flows.history", form=params.form, id=params.id)["items"]:
        flow, identity = instance["flow"], instance["id"]
        base = {"kind": "flow", "flow": flow}
        started = {"id": f"f{identity}s", "at": instance["started_at"], "by": instance["starter"], "event": "started"}
        found.append({**base, **started})
        for step in instance["steps"]:
            for person in step["people"]:
                if person.get("decision") and person.get("at"):
                    found.append(
                        {
                            **base, "id": f"f{identity}t{person.get('task')}", "at": person["at"], "by": person["person"],
                            "event": "decided", "node": step["title"], "decision": person["decision"],
                            "opinion": person.get("opinion"),
                        }
                    )  # fmt: skip
        if instance.get("ended_at"):
            ended = {"id": f"f{identity}e", "at": instance["ended_at"], "by": None, "event": "ended", "outcome": instance["state"]}
            found.append({**base, **ended})
    return found


FACETS = tuple(facets("flows", describe, situation, activities))
