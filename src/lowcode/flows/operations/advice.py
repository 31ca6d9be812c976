"""The reviews that were asked for, and what the reviewers said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lowcode.flows.plan import Node
from lowcode.flows.tables import advice
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized

ONE = sa.select(advice).where(advice.c.id == sa.bindparam("advice_id"))
NEWEST = (
    sa.select(advice)
    .where(advice.c.instance == sa.bindparam("of_instance"), advice.c.token == sa.bindparam("of_token"))
    .order_by(advice.c.id.desc())
    .limit(1)
)
SETTLE = (
    sa.update(advice)
    .where(advice.c.id == sa.bindparam("advice_id"), advice.c.state == "asked")
    .values(
        state=sa.bindparam("new_state"),
        decision=sa.bindparam("new_decision"),
        reason=sa.bindparam("new_reason", type_=advice.c.reason.type),
        confidence=sa.bindparam("new_confidence", type_=advice.c.confidence.type),
        held=sa.bindparam("new_held"),
        given_at=sa.bindparam("now", type_=advice.c.given_at.type),
    )
)


def begin(context: Context, node: Node, instance_id: int, token: int | None) -> None:
    """Ask the reviewer of a node after the commit, if it has one and people are asked at this token; stop waiting for
    it when its time is over."""
    reviewer = node.reviewer
    if reviewer is None or token is None:
        return
    until = reviewer.within.after(context.moment())
    identity = context.unit.insert(
        advice, instance=instance_id, token=token, node=node.id, reviewer=reviewer.name, title=reviewer.title,
        state="asked", decision=None, reason=None, confidence=None, held=None, until=until,
        asked_at=context.now(), given_at=None,
    )  # fmt: skip
    acting = context.as_app()
    acting.later("flows.review", key=f"flows.review:{identity}", id=identity)
    acting.later("flows.review_late", at=until, key=f"flows.review_late:{identity}", id=identity)


def newest(context: Context, instance_id: int, token: int) -> dict[str, Any] | None:
    """The last review asked for a token."""
    return context.unit.one(NEWEST, of_instance=instance_id, of_token=token)


def settle(context: Context, identity: int, state: str, told: Mapping[str, Any], held: str | None) -> None:
    """What came of it, and why it did not decide."""
    given = {f"new_{name}": value for name, value in told.items()}
    context.unit.run(SETTLE, advice_id=identity, new_state=state, new_held=held, now=context.now(), **given)


def shown(context: Context, task: Mapping[str, Any]) -> dict[str, Any] | None:
    """The advice for the step of a task, for whoever decides it."""
    row = newest(context, task["instance"], task["token"])
    if row is None or row["node"] != task["node"]:
        return None
    locale = context.actor.locale
    return {
        "reviewer": row["reviewer"],
        "title": localized(row["title"], locale),
        "state": row["state"],
        "decision": row["decision"],
        "reason": localized(row["reason"] or "", locale),
        "confidence": row["confidence"],
        "held": row["held"],
        "at": row["given_at"],
    }
