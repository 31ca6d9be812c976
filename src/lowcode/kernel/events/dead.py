"""Jobs that were given up: seen, and done once more when their cause is gone. For administrators."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.storage import jobs

SHOWN = ("id", "kind", "name", "error", "attempts", "created_at", "finished_at")
"""What is told of a job. Its body is not: it holds what a person wrote, or is written to."""
MOST = 500


class Seen(Parameters):
    """How many of them; the latest come first."""

    limit: int = Key(50, ge=1, le=MOST)


class Again(Parameters):
    """The jobs to do once more."""

    ids: tuple[int, ...] = Key(max_length=MOST)


def dead(context: Context, params: Seen) -> Items:
    """The jobs that were given up, each with what it failed of."""
    rows = context.unit.fetch(jobs.DEAD, count=params.limit)
    return {"items": [{name: row[name] for name in SHOWN} for row in rows]}


def replay(context: Context, params: Again) -> Annotated[dict[str, Any], has(count=int)]:
    """Do them once more, from their first attempt: how many there were. One that is not dead stays as it is."""
    now = context.now()
    return {"count": sum(context.unit.run(jobs.REPLAY, job_id=each, now_at=now) for each in params.ids)}


OPERATIONS = (
    Operation(
        "jobs.dead", dead, Seen, "administrator", writes=False,
        summary={"en": "Jobs that were given up", "zh-CN": "已放弃的后台任务"},
    ),
    Operation(
        "jobs.replay", replay, Again, "administrator",
        summary={"en": "Do given-up jobs once more", "zh-CN": "重新执行已放弃的任务"},
    ),
)  # fmt: skip
