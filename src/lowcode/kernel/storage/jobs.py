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


def insert_once(dialect: str, count: int = 1) -> Any:
    """Insert jobs unless one of their key is there; in this order, which a statement for each would not keep where
    several become one (`postgresql`)."""
    rows = [
        {name: sa.bindparam(_of(name, at), type_=t.job.c[name].type) for name in COLUMNS} for at in range(count)
    ]  # fmt: skip
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return (
        make(t.job)
        .values(rows if count > 1 else rows[0])
        .on_conflict_do_nothing(index_elements=["key"], index_where=t.KEYED)
    )


def _of(name: str, at: int) -> str:
    return f"{name}_{at}" if at else name


FEW = 4
"""So many go along with the commit; more are sent in one go."""
NAMES = tuple(tuple((name, _of(name, at)) for name in COLUMNS) for at in range(FEW))
"""The columns of each of a few jobs, and the parameters that carry them."""


def put(host: Any, unit: Any, *wanted: Mapping[str, Any]) -> None:
    """Write jobs; one with a key that is there already is the same job. Who does jobs is woken after the commit when
    one is due at once."""
    if any(job["due_at"] <= job["created_at"] for job in wanted):
        wake(host, unit)
    database, dialect, count = unit.database, unit.database.dialect_name, len(wanted)
    if count == 1 and wanted[0]["key"] is None:
        unit.write(database.prepare_insert(t.job, COLUMNS), wanted[0])
    elif 0 < count <= FEW:
        once = database.prepare(host.cached(("job-once", count), lambda: insert_once(dialect, count)))
        given = {parameter: job[name] for job, names in zip(wanted, NAMES, strict=False) for name, parameter in names}
        unit.write(once, given)
    elif count:
        once = database.prepare(host.cached(("job-once", 1), lambda: insert_once(dialect)))
        unit.write_many(once, wanted)


def wake(host: Any, unit: Any) -> None:
    """Have whoever does jobs woken after the commit."""
    unit.after_commit.extend(each for each in host.wakers if each not in unit.after_commit)


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
    """Whether there is a job to take (`due`), and whether an event has work that is not in the queue yet (`asked`)."""
    return sa.select(
        sa.exists(sa.select(t.job.c.id).where(_due())).label("due"),
        sa.exists(sa.select(t.event.c.id).where(t.event.c.asks.is_not(None))).label("asked"),
    )


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


UNFOLDED = 1000
"""So many events have their work written into the queue at a time."""


def _asked(dialect: str) -> Any:
    """Events with work that is not in the queue, the oldest first."""
    found = sa.select(t.event.c.id, t.event.c.at, t.event.c.causes, t.event.c.work)
    found = found.where(t.event.c.asks.is_not(None)).order_by(t.event.c.id).limit(UNFOLDED)
    return found.with_for_update(skip_locked=True) if dialect == "postgresql" else found


ASKED = {dialect: _asked(dialect) for dialect in ("sqlite", "postgresql")}
QUEUED = sa.update(t.event).where(t.event.c.id == sa.bindparam("told")).values(work=sa.null(), asks=sa.null())


def unfold(unit: Any) -> None:
    """Write the work that goes with events into the queue.

    It is written with its event in the one row that is written anyway: a job for each, and its places in two indexes,
    took half as long as all of a save. Whoever looks for jobs does this first, for many saves at a time."""
    events = unit.locked(ASKED[unit.database.dialect_name])
    if not events:  # another worker was first
        return
    unit.insert_many(
        t.job,
        [
            {"kind": "operation", "name": name, "body": parameters, "due_at": event["at"], "state": "ready",
             "attempts": 0, "key": None, "causes": event["causes"], "actor": None, "created_at": event["at"]}
            for event in events
            for name, parameters in event["work"]
        ],
    )  # fmt: skip
    unit.write_many(unit.database.prepare(QUEUED), [{"told": event["id"]} for event in events])


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
REST = FINISH.values(attempts=0)
"""Put it off without counting the attempt: what it is about is switched off."""
FINISH_EMPTY = FINISH.values(body={})
"""The same for good, of a job whose operation is sealed: nobody needs its words any more."""

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
