"""The queue: one leased table for deliveries, operations put off and alarms, in the database of the change itself.

A worker takes due jobs by leasing them; a lease that runs out is taken again, so a worker that dies loses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.storage import tables as t

COLUMNS = ("kind", "name", "body", "due_at", "state", "attempts", "key", "causes", "actor", "created_at")


def insert_once(dialect: str) -> Any:
    """Insert a job unless one of its key is there."""
    values = {name: sa.bindparam(name, type_=t.job.c[name].type) for name in COLUMNS}
    if dialect == "sqlite":
        return sqlite.insert(t.job).values(values).on_conflict_do_nothing(index_elements=["key"])
    return postgresql.insert(t.job).values(values).on_conflict_do_nothing(index_elements=["key"])


def put(host: Any, unit: Any, job: Mapping[str, Any]) -> None:
    """Write a job; who does jobs is woken after the commit when it is due at once."""
    if job["due_at"] <= job["created_at"]:
        unit.after_commit.extend(each for each in host.wakers if each not in unit.after_commit)
    if job["key"] is not None:
        unit.run(host.cached("job-once", lambda: insert_once(unit.database.dialect_name)), **job)
        return
    unit.write(unit.database.prepare_insert(t.job, tuple(job)), job)


def _due() -> Any:
    """Jobs that are ready, and those whose worker died: its lease ran out, or lies further ahead than any can."""
    now = sa.bindparam("now_at", type_=t.job.c.due_at.type)
    furthest = sa.bindparam("furthest_lease", type_=t.job.c.lease_until.type)
    return sa.or_(
        sa.and_(t.job.c.state == "ready", t.job.c.due_at <= now),
        sa.and_(t.job.c.state == "running", t.job.c.lease_until < now),
        sa.and_(t.job.c.state == "running", t.job.c.lease_until > furthest),
    )


def anything_due() -> Any:
    """Whether there is a job to take."""
    return sa.select(t.job.c.id).where(_due()).limit(1)


def take(dialect: str) -> Any:
    """Lease due jobs."""
    found = (
        sa.select(t.job.c.id)
        .where(_due())
        .order_by(t.job.c.due_at, t.job.c.id)
        .limit(sa.bindparam("count", type_=sa.Integer))
    )
    if dialect == "postgresql":
        found = found.with_for_update(skip_locked=True)
    return (
        sa.update(t.job)
        .where(t.job.c.id.in_(found))
        .values(
            state="running",
            worker=sa.bindparam("worker_name"),
            attempts=t.job.c.attempts + 1,
            lease_until=sa.bindparam("lease_end", type_=t.job.c.lease_until.type),
        )
        .returning(*t.job.c)
    )


HELD = sa.and_(
    t.job.c.id == sa.bindparam("job_id"),
    t.job.c.worker == sa.bindparam("worker_name"),
    t.job.c.attempts == sa.bindparam("attempt"),
    t.job.c.state == "running",
)
RENEW = (
    sa.update(t.job).where(HELD).values(lease_until=sa.bindparam("lease_end", type_=t.job.c.lease_until.type))
)  # fmt: skip
FINISH = (
    sa.update(t.job)
    .where(HELD)
    .values(
        state=sa.bindparam("new_state"),
        due_at=sa.bindparam("next_at", type_=t.job.c.due_at.type),
        error=sa.bindparam("reason"),
        finished_at=sa.bindparam("end_at", type_=t.job.c.finished_at.type),
        lease_until=None,
    )
)
"""End an attempt. It hits nothing when the lease was lost to another worker: then this attempt must not count."""

DEAD = (
    sa.select(t.job)
    .where(t.job.c.state == "dead")
    .order_by(t.job.c.id.desc())
    .limit(sa.bindparam("count", type_=sa.Integer))
)

REPLAY = (
    sa.update(t.job)
    .where(t.job.c.id == sa.bindparam("job_id"), t.job.c.state == "dead")
    .values(state="ready", attempts=0, due_at=sa.bindparam("now_at", type_=t.job.c.due_at.type), error=None)
)

KEPT = timedelta(days=30)
"""So long what was done can be looked up."""
PURGE = sa.delete(t.job).where(
    t.job.c.state == "done", t.job.c.finished_at < sa.bindparam("before_at", type_=t.job.c.finished_at.type)
)
