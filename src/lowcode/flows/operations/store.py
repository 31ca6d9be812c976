"""The statements of the flow engine, built once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from lowcode.flows.tables import history, incident, instance, task, version
from lowcode.kernel.contract import Context
from lowcode.kernel.storage.watching import SEEN, take_of

PENDING = sa.or_(task.c.state == "open", task.c.state == "waiting")
"""An answer is still expected: now, or when others have answered."""

VERSION = sa.select(version).where(version.c.digest == given("digest"))

INSTANCE = sa.select(instance).where(instance.c.id == given("instance_id"))
INSTANCE_LOCKED = INSTANCE.with_for_update()
"""The first thing every command does: whoever comes second waits here, and then sees what the first one did."""
INSTANCE_TAKEN = take_of(INSTANCE_LOCKED)

SUSPEND = (
    sa.update(instance)
    .where(instance.c.id == given("instance_id"))
    .values(suspended_at=given("new_suspended_at"), held=sa.null())
)
SUSPENDED_AMONG = sa.select(instance.c.id).where(
    instance.c.id.in_(given("ids", expanding=True)), instance.c.suspended_at.is_not(None)
)
RUNNING_OF_FLOW = (
    sa.select(instance.c.id, instance.c.digest, instance.c.record_type, instance.c.record_id, instance.c.suspended_at)
    .where(instance.c.flow == given("flow"), instance.c.running.is_not(None))
    .order_by(instance.c.id)
)
RUNNING = sa.select(instance.c.id).where(instance.c.running == given("key"))
RUNNING_OF_RECORD = (
    sa.select(instance.c.id, instance.c.locks, instance.c.tokens.is_(None).label("begins"))
    .where(instance.c.record_type == given("type"), instance.c.record_id == given("record"))
    .where(instance.c.running.is_not(None))
)
ENDED_WITH_RECORD = (
    sa.select(instance)
    .where(instance.c.record_type == given("type"), instance.c.record_id == given("record"))
    .where(
        instance.c.state == "cancelled", instance.c.ended_at == sa.bindparam("since", type_=instance.c.ended_at.type)
    )
    .order_by(instance.c.id)
)
"""The instances that ended because their record was deleted, at that moment."""
RUNNING_OF_RECORDS = (
    sa.select(instance.c.record_id, instance.c.locks)
    .where(instance.c.record_type == given("type"), instance.c.record_id.in_(given("records", expanding=True)))
    .where(instance.c.running.is_not(None), instance.c.locks.is_not(None))
)
INSTANCES_OF_RECORD = (
    sa.select(instance)
    .where(instance.c.record_type == given("type"), instance.c.record_id == given("record"))
    .order_by(instance.c.id.desc())
)
STARTED_BY = (
    sa.select(instance)
    .where(instance.c.starter == given("person"), instance.c.id < given("before"), instance.c.id >= given("from"))
    .where(sa.func.lower(sa.cast(instance.c.subject, sa.Text)).like(given("pattern")))
    .order_by(instance.c.id.desc())
    .limit(given("page", type_=sa.Integer))
)
UNLOCK = sa.update(instance).where(instance.c.id == given("instance_id")).values(locks=None)
MOVE = (
    sa.update(instance)
    .where(instance.c.id == given("row_id"))
    .values(
        tokens=given("new_tokens"),
        locks=given("new_locks"),
        state=given("new_state"),
        outcome=given("new_outcome"),
        running=given("new_running"),
        stuck=given("new_stuck"),
        decisions=given("new_decisions"),
        waits=given("new_waits"),
        ended_at=given("new_ended_at"),
    )
)
_AS_SEEN = SEEN == given("row_seen")
MOVE_SEEN = MOVE.where(_AS_SEEN)
"""The same, of an instance that nobody holds: it is the one that was read, or nothing happens."""
TAKE_SEEN = sa.update(instance).where(instance.c.id == given("row_id"), _AS_SEEN).values(flow=instance.c.flow)
"""Such an instance belongs to this transaction until it ends."""

OLDER = (
    sa.select(instance)
    .where(instance.c.flow == given("flow"), instance.c.digest != given("digest"), instance.c.running.is_not(None))
    .order_by(instance.c.id)
)
PIN = sa.update(instance).where(instance.c.id == given("instance_id")).values(digest=given("new_digest"))
RETITLE = (
    sa.update(task)
    .where(task.c.instance == given("instance_id"), task.c.token == given("of_token"), PENDING)
    .values(
        node=given("new_node"),
        title=given("new_title"),
        editable=given("new_editable"),
        hidden=given("new_hidden"),
        required=given("new_required"),
        opinion_rule=given("new_opinion_rule"),
    )
)

TASK = sa.select(task).where(task.c.id == given("task_id"))
INSTANCE_OF_TASK_LOCKED = (
    sa.select(instance)
    .where(instance.c.id == sa.select(task.c.instance).where(task.c.id == given("task_id")).scalar_subquery())
    .with_for_update()
)
"""The same, found by one of its tasks, which never goes to another. The task is read when the lock is held."""
INSTANCE_OF_TASK_TAKEN = take_of(INSTANCE_OF_TASK_LOCKED)
_SEEN = sa.select(instance, SEEN.label("seen")).subquery()
OF_TASK = tuple((each.name, f"task.{each.name}") for each in task.c)
"""The columns of a task, each with what it is called beside its instance."""
INSTANCE_AND_TASK = sa.select(_SEEN, *(task.c[name].label(labelled) for name, labelled in OF_TASK)).where(
    task.c.id == given("task_id"), _SEEN.c.id == task.c.instance
)
"""The instance of a task with its version, and the task at that moment; nothing is locked."""
OPEN_TASK = sa.select(task).where(
    task.c.instance == given("instance_id"),
    task.c.token == given("of_token"),
    task.c.seat == given("of_seat"),
    task.c.state == "open",
)
TASK_OF_SEAT = (
    sa.select(task)
    .where(task.c.instance == given("instance_id"), task.c.token == given("of_token"), task.c.seat == given("of_seat"))
    .order_by(task.c.id.desc())
)
TASKS_BY_ID = sa.select(task.c.id, task.c.instance).where(task.c.id.in_(given("ids", expanding=True)))
TASKS_OF_INSTANCE = sa.select(task).where(task.c.instance == given("instance_id")).order_by(task.c.id)
MY_TASKS = (
    sa.select(task)
    .where(
        task.c.person == given("person"),
        task.c.state == "open",
        task.c.id < given("before"),
        task.c.id >= given("from"),
    )
    .where(task.c.kind != "copy")
    .where(sa.func.lower(sa.cast(task.c.subject, sa.Text)).like(given("pattern")))
    .order_by(task.c.id.desc())
    .limit(given("page", type_=sa.Integer))
)
OPEN_OF_INSTANCES = (
    sa.select(task.c.id, task.c.instance, task.c.token, task.c.node, task.c.seat)
    .where(task.c.person == given("person"), task.c.state == "open", task.c.kind != "copy")
    .where(task.c.instance.in_(given("ids", expanding=True)))
    .order_by(task.c.id)
)
ASKED_FIRST = task.alias()
MY_DONE = (
    sa.select(task)
    .where(
        task.c.person == given("person"), task.c.id < given("before"), task.c.id >= given("from"), task.c.kind != "copy"
    )
    .where(
        sa.or_(
            task.c.state == "done",
            sa.and_(task.c.state == "cancelled", task.c.reason == "transferred"),
            sa.and_(
                task.c.state == "waiting",
                sa.exists().where(
                    ASKED_FIRST.c.instance == task.c.instance,
                    ASKED_FIRST.c.token == task.c.token,
                    ASKED_FIRST.c.by == task.c.person,
                    sa.or_(ASKED_FIRST.c.state == "open", ASKED_FIRST.c.state == "waiting"),
                ),
            ),
        )
    )
    .where(sa.func.lower(sa.cast(task.c.subject, sa.Text)).like(given("pattern")))
    .order_by(task.c.id.desc())
    .limit(given("page", type_=sa.Integer))
)
"""What somebody answered, what they handed on, and what waits for those they asked first."""
MY_COPIES = (
    sa.select(task)
    .where(
        task.c.person == given("person"), task.c.kind == "copy", task.c.id < given("before"), task.c.id >= given("from")
    )
    .where(sa.func.lower(sa.cast(task.c.subject, sa.Text)).like(given("pattern")))
    .order_by(task.c.id.desc())
    .limit(given("page", type_=sa.Integer))
)
OPEN_COUNT = sa.select(
    sa.func.sum(sa.case((task.c.kind != "copy", 1), else_=0)).label("open"),
    sa.func.sum(sa.case((task.c.kind == "copy", 1), else_=0)).label("copied"),
).where(task.c.person == given("person"), task.c.state == "open")
TAKES_PART = (
    sa.select(task.c.id).where(task.c.instance == given("instance_id"), task.c.person == given("person")).limit(1)
)
CLOSE_TASK = (
    sa.update(task)
    .where(
        task.c.instance == given("instance_id"),
        task.c.token == given("of_token"),
        task.c.seat == given("of_seat"),
        PENDING,
    )
    .values(
        state=given("new_state"),
        draft=sa.null(),
        signature=given("new_signature"),
        files=given("new_files"),
        checked=given("new_checked"),
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

TURN_TASK = (
    sa.update(task)
    .where(
        task.c.instance == given("instance_id"),
        task.c.token == given("of_token"),
        task.c.seat == given("of_seat"),
        PENDING,
    )
    .values(state=given("new_state"))
)
UNDO_TASK = (
    sa.update(task)
    .where(
        task.c.instance == given("instance_id"),
        task.c.token == given("of_token"),
        task.c.seat == given("of_seat"),
        task.c.state == "done",
    )
    .values(state=given("new_state"), decision=None, decided_at=None, request=None)
)
DRAFT = sa.update(task).where(task.c.id == given("task_id"), task.c.state == "open").values(draft=given("new_draft"))
READ_COPY = (
    sa.update(task)
    .where(task.c.id == given("task_id"), task.c.kind == "copy", task.c.state == "open")
    .values(state="done", decided_at=given("now"))
)
HAS_COPY = sa.select(task.c.id).where(
    task.c.instance == given("instance_id"), task.c.person == given("person"), task.c.kind == "copy"
)
TASKS_OF_TOKEN = (
    sa.select(task)
    .where(task.c.instance == given("instance_id"), task.c.token == given("of_token"), task.c.kind != "copy")
    .order_by(task.c.id)
)
ASKED_OF = (
    sa.select(task.c.instance, task.c.token, task.c.seat)
    .where(task.c.person == given("person"), PENDING, task.c.kind != "copy")
    .order_by(task.c.instance, task.c.id)
)
URGED = sa.update(instance).where(instance.c.id == given("instance_id")).values(urged_at=given("now"))
CHILDREN = sa.select(instance.c.id).where(
    instance.c.parent == given("parent_id"),
    instance.c.parent_token == given("of_token"),
    instance.c.running.is_not(None),
)
CALLED = (
    sa.select(instance.c.id, instance.c.record_id, instance.c.running, instance.c.state, instance.c.outcome)
    .where(instance.c.parent == given("parent_id"), instance.c.parent_token == given("of_token"))
    .order_by(instance.c.id)
)
WAITING_OF_RECORD = (
    sa.select(instance.c.id)
    .where(instance.c.record_type == given("type"), instance.c.record_id == given("record"))
    .where(instance.c.running.is_not(None), instance.c.waits == 1)
    .order_by(instance.c.id)
)

HISTORY = sa.select(history).where(history.c.instance == given("instance_id")).order_by(history.c.id)
PASSED = (
    sa.select(history.c.node, history.c.token, history.c.event, history.c.body)
    .where(history.c.instance == given("instance_id"), history.c.event.in_(("passed", "branched", "dropped")))
    .order_by(history.c.id)
)
VERSIONS = (
    sa.select(history.c.event, history.c.token, history.c.body)
    .where(
        history.c.instance == given("instance_id"),
        history.c.event.in_(("passed", "branched", "dropped", "decided")),
    )
    .order_by(history.c.id)
)

INCIDENTS = (
    sa.select(incident)
    .where(incident.c.instance == given("instance_id"), incident.c.resolved_at.is_(None))
    .order_by(incident.c.id)
)
LAST_INCIDENT = (
    sa.select(incident)
    .where(incident.c.instance == given("instance_id"), incident.c.token == given("of_token"))
    .order_by(incident.c.id.desc())
    .limit(1)
)
STUCK_STILL = (
    sa.update(incident)
    .where(incident.c.id == given("incident_id"))
    .values(
        node=given("at_node"), code=given("new_code"), problems=given("new_problems", type_=incident.c.problems.type),
        resolved_at=None, resolved_by=None,
    )
)  # fmt: skip
RESOLVE = (
    sa.update(incident)
    .where(
        incident.c.instance == given("instance_id"),
        incident.c.token == given("of_token"),
        incident.c.resolved_at.is_(None),
    )
    .values(resolved_at=given("now"), resolved_by=given("by"))
)


UNDER_WAY = sa.select(sa.func.count().label("count")).where(
    instance.c.running.is_not(None), instance.c.flow.in_(given("of_flows", expanding=True))
)


def of_parts_on(context: Context, statement: sa.Select[Any]) -> sa.Select[Any]:
    """A statement over tasks, instances or what is held on them, without flows of parts that are switched off."""
    off = context.app.off_names("flow")
    if not off:
        return statement
    host: Any = context.host
    column = statement.selected_columns.get("instance")
    if column is None:
        column = task.c.instance if any(each is task for each in statement.get_final_froms()) else instance.c.id
    kept = sa.select(instance.c.id).where(instance.c.flow.in_(sorted(off)))
    found: sa.Select[Any] = host.cached(("flows.of-parts-on", statement), lambda: statement.where(column.not_in(kept)))
    return found


def tasks_by_id(context: Context, ids: Iterable[int]) -> list[dict[str, Any]]:
    """To which instance several tasks belong."""
    return context.unit.fetch(TASKS_BY_ID, ids=list(ids))


def handed_by(context: Context, task: Mapping[str, Any], seat: int) -> bool:
    """Whether the person of a task handed it on themselves; what an administrator moved only they move again."""
    where = {"instance_id": task["instance"], "of_token": task["token"], "of_seat": seat}
    row = context.unit.one(TASK_OF_SEAT, **where)
    return row is not None and row["by"] == task["person"]
