"""Copies (抄送): the record in people's lists until they have read it, each once per instance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.flows.operations import store
from lowcode.flows.plan import FlowPlan
from lowcode.flows.tables import task
from lowcode.kernel.contract import Context


def give_copies(
    context: Context, row: Mapping[str, Any], plan: FlowPlan, people: Iterable[int], node: str, title: Any, text: Any
) -> list[int]:
    """Put the record of an instance into people's lists; who did not have it before."""
    given = []
    for person in dict.fromkeys(people):
        if context.unit.one(store.HAS_COPY, instance_id=row["id"], person=person) is not None:
            continue
        context.unit.insert(
            task,
            instance=row["id"],
            token=0,
            seat=0,
            node=node,
            kind="copy",
            flow=plan.name,
            flow_title=plan.title,
            title=title,
            subject=row["subject"],
            record_type=row["record_type"],
            record_id=row["record_id"],
            starter=row["starter"],
            person=person,
            behalf=None,
            state="open",
            decision=None,
            opinion=None,
            reason=None,
            opinion_rule="none",
            editable=[],
            hidden=[],
            request=None,
            created_at=context.now(),
            due_at=None,
            decided_at=None,
            by=context.actor.id,
            draft={"text": text} if text else None,
        )
        given.append(person)
    if given:
        context.as_app().ask(
            "notifications.send",
            to=tuple(given),
            title=title,
            text=text or row["subject"],
            form=row["record_type"],
            record=row["record_id"],
            key=f"flow:{row['id']}:copy",
            counted=False,
        )
    return given
