"""The statements of the flow engine, built once."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from lowcode.flows.tables import history, incident, instance, task, version

VERSION = sa.select(version).where(version.c.digest == given("digest"))

INSTANCE = sa.select(instance).where(instance.c.id == given("instance_id"))
INSTANCE_LOCKED = INSTANCE.with_for_update()
"""The first thing every command does: whoever comes second waits here, and then sees what the first one did."""

RUNNING = sa.select(instance.c.id).where(instance.c.running == given("key"))
RUNNING_OF_RECORD = (
    sa.select(instance.c.id, instance.c.locks)
    .where(instance.c.record_type == given("type"), instance.c.record_id == given("record"))
    .where(instance.c.running.is_not(None))
)
INSTANCES_OF_RECORD = (
    sa.select(instance)
    .where(instance.c.record_type == given("type"), instance.c.record_id == given("record"))
    .order_by(instance.c.id.desc())
)
STARTED_BY = (
    sa.select(instance)
    .where(instance.c.starter == given("person"), instance.c.id < given("before"))
    .where(sa.func.lower(sa.cast(instance.c.subject, sa.Text)).like(given("pattern")))
    .order_by(instance.c.id.desc())
    .limit(given("page", type_=sa.Integer))
)
UNLOCK = sa.update(instance).where(instance.c.id == given("instance_id")).values(locks=None)
MOVE = (
    sa.update(instance)
    .where(instance.c.id == given("instance_id"))
    .values(
        tokens=given("new_tokens"),
        locks=given("new_locks"),
        state=given("new_state"),
        outcome=given("new_outcome"),
        running=given("new_running"),
        stuck=given("new_stuck"),
        decisions=given("new_decisions"),
        ended_at=given("new_ended_at"),
    )
)

TASK = sa.select(task).where(task.c.id == given("task_id"))
TASKS_OF_INSTANCE = sa.select(task).where(task.c.instance == given("instance_id")).order_by(task.c.id)
MY_TASKS = (
    sa.select(task)
    .where(task.c.person == given("person"), task.c.state == given("which"), task.c.id < given("before"))
    .where(sa.func.lower(sa.cast(task.c.subject, sa.Text)).like(given("pattern")))
    .order_by(task.c.id.desc())
    .limit(given("page", type_=sa.Integer))
)
OPEN_COUNT = (
    sa.select(sa.func.count().label("value"))
    .select_from(task)
    .where(task.c.person == given("person"), task.c.state == "open")
)
TAKES_PART = (
    sa.select(task.c.id).where(task.c.instance == given("instance_id"), task.c.person == given("person")).limit(1)
)
CLOSE_TASK = (
    sa.update(task)
    .where(
        task.c.instance == given("instance_id"),
        task.c.token == given("of_token"),
        task.c.seat == given("of_seat"),
        task.c.state == "open",
    )
    .values(
        state=given("new_state"),
        decision=given("new_decision"),
        opinion=given("new_opinion"),
        reason=given("new_reason"),
        request=given("new_request"),
        decided_at=given("new_decided_at"),
    )
)
DUE = (
    sa.update(task)
    .where(task.c.instance == given("instance_id"), task.c.token == given("of_token"), task.c.state == "open")
    .values(due_at=given("new_due_at"))
)

HISTORY = sa.select(history).where(history.c.instance == given("instance_id")).order_by(history.c.id)

INCIDENTS = (
    sa.select(incident)
    .where(incident.c.instance == given("instance_id"), incident.c.resolved_at.is_(None))
    .order_by(incident.c.id)
)
OPEN_INCIDENTS = sa.select(incident).where(incident.c.resolved_at.is_(None)).order_by(incident.c.id.desc()).limit(200)
RESOLVE = (
    sa.update(incident)
    .where(
        incident.c.instance == given("instance_id"),
        incident.c.token == given("of_token"),
        incident.c.resolved_at.is_(None),
    )
    .values(resolved_at=given("now"), resolved_by=given("by"))
)
