"""Who agreed to a record as it is now: whoever agreed before somebody else changed it is asked again, whatever the flow
says about asking the same person twice (自动去重)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from typing import Any

from lowcode.flows.nodes.asking.asking import Asking
from lowcode.flows.operations import store
from lowcode.flows.plan import FlowPlan
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Rejected

LATEST = 200
"""So many changes are looked at; whoever agreed before the oldest of so many is asked again."""


def agreed_to_this(context: Context, row: Mapping[str, Any], agreed: Collection[int]) -> frozenset[int]:
    """Those of `agreed` after whom nobody else changed the record of an instance. What the app or the flow sets is no
    change: whoever agreed to a record agreed to what comes of it by itself. Where a flow acts as its starter, what it
    set is told from what they changed by the versions in its history."""
    lines = context.unit.fetch(store.VERSIONS, instance_id=row["id"])
    agreed_to = {
        (each["token"], each["body"]["seat"]): each["body"].get("version") for each in lines
        if each["event"] == "decided"
    }  # fmt: skip
    last: dict[int, Mapping[str, Any]] = {}
    for task in context.unit.fetch(store.TASKS_OF_INSTANCE, instance_id=row["id"]):
        # Who was not asked again agreed to nothing anew: what they agreed to before stands for it.
        if task["decision"] == "approve" and task["decided_at"] is not None and task["reason"] != "same_person":
            known = last.get(task["person"], task)
            last[task["person"]] = task if task["decided_at"] >= known["decided_at"] else known
    asked = {"type": row["record_type"], "id": row["record_id"], "limit": LATEST}
    changes = context.as_app().ask("records.history", **asked)
    oldest = changes[-1] if len(changes) == LATEST else None
    own = {(line["body"].get("trace") or {}).get("version") for line in lines}
    changes = [each for each in changes if each["actor"] is not None and each["version"] not in own]

    def still(person: int) -> bool:
        task = last.get(person)
        if task is None:  # in what is simulated
            return True
        version = agreed_to.get((task["token"], task["seat"]))
        # Clocks serve only where nobody wrote the version down: what was decided for somebody, or by an older release.
        key, at = ("at", task["decided_at"]) if version is None else ("version", version)
        known = oldest is None or oldest[key] <= at
        return known and all(each[key] <= at or each["actor"] == person for each in changes)

    return frozenset(filter(still, agreed))


def version_agreed_to(context: Context, plan: FlowPlan, row: Mapping[str, Any]) -> dict[str, int]:
    """Of a flow that asks whether somebody agreed before, for the history: which version of the record is there when
    somebody agrees. A change that began before and is committed behind it has a later one, whatever its clock says."""
    asked = [each.work for each in plan.nodes.values() if isinstance(each.work, Asking)]
    if all(each.policies.same_person == "ask" for each in asked):
        return {}
    record = {"type": row["record_type"], "id": row["record_id"]}
    with suppress(Rejected):  # the record is gone
        return {"version": context.as_app().ask("records.get", **record, fields=("version",))["version"]}
    return {}
