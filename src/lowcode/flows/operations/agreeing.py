"""Who agreed to a record as it is now: whoever agreed before somebody else changed it is asked again, whatever the flow
says about asking the same person twice (自动去重)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from lowcode.flows.operations import store
from lowcode.kernel.contract import Context

LATEST = 200
"""So many changes are looked at; whoever agreed before the oldest of so many is asked again."""


def agreed_to_this(context: Context, row: Mapping[str, Any], agreed: Collection[int]) -> frozenset[int]:
    """Those of `agreed` after whom nobody else changed the record of an instance. What the app or the flow sets is no
    change: whoever agreed to a record agreed to what comes of it by itself. Where a flow acts as its starter, what it
    set is told from what they changed by the versions in its history."""
    when: dict[int, datetime] = {}
    for task in context.unit.fetch(store.TASKS_OF_INSTANCE, instance_id=row["id"]):
        if task["decision"] == "approve" and task["decided_at"] is not None:
            when[task["person"]] = max(task["decided_at"], when.get(task["person"], task["decided_at"]))
    asked = {"type": row["record_type"], "id": row["record_id"], "limit": LATEST}
    changes = context.as_app().ask("records.history", **asked)
    looked_at = changes[-1]["at"] if len(changes) == LATEST else None
    lines = context.unit.fetch(store.PASSED, instance_id=row["id"])
    own = {(line["body"].get("trace") or {}).get("version") for line in lines}
    changes = [each for each in changes if each["actor"] is not None and each["version"] not in own]

    def still(person: int) -> bool:
        at = when.get(person)
        if at is None:  # in what is simulated
            return True
        known = looked_at is None or looked_at <= at
        return known and all(each["at"] <= at or each["actor"] == person for each in changes)

    return frozenset(filter(still, agreed))
