"""Drawing attention, and drafts: 催办, 抄送, 已阅, 暂存, and people picked for steps to come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import store
from lowcode.flows.operations.commands import at_task, known_person, open_by_task, open_instance, picked, task_row
from lowcode.flows.operations.copies import give_copies
from lowcode.flows.run.people import people_of
from lowcode.flows.tables import history
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound

URGED_ALL = ("You are asked to hurry with {count} tasks", "有 {count} 项待办催您尽快处理")
URGED = {"zh-CN": "有人催您尽快处理", "en": "You are asked to hurry"}


def urge(context: Context, instance_id: int, opinion: str | None) -> dict[str, Any]:
    """Tell everybody who is asked to hurry (催办); its starter or an administrator may, now and then."""
    walk = open_instance(context, instance_id)
    if walk.row["starter"] != context.actor.id and not context.actor.is_administrator:
        raise Forbidden(problem("flows.only-starter"))
    last, now = walk.row["urged_at"], context.now()
    if last is not None and now < last + walk.plan.urge_every:
        at = (last + walk.plan.urge_every).astimezone(context.moment().zone)
        raise Conflict(problem("flows.urged-already", at=f"{at:%H:%M}"))
    people = dict.fromkeys(each for token in walk.state.tokens for each in people_of(token.seats))
    walk.work().notify(
        people, URGED, opinion or walk.row["subject"], f"urge:{now.isoformat()}", step="urge", many=URGED_ALL,
        waits=True,
    )  # fmt: skip
    context.unit.run(store.URGED, instance_id=instance_id, now=now)
    walk.note("urged", people=list(people), opinion=opinion)
    walk.finish()
    return {"people": list(people)}


def copy(context: Context, task_id: int, people: Iterable[int], opinion: str | None) -> dict[str, Any]:
    """Give the record of a task to other people to read (抄送)."""
    walk, task = _mine(context, task_id)
    for person in people:
        known_person(walk, person, "/people")
    given = give_copies(context, walk.row, walk.plan, people, task["node"], task["title"], opinion)
    walk.note("copied", task["node"], task["token"], by=context.actor.id, people=given, opinion=opinion)
    return {"people": given}


def _mine(context: Context, task_id: int) -> Any:
    """A task of mine, open or done, whose node permits copies; its instance, running."""
    walk, task = open_by_task(context, task_id)
    if task["person"] != context.actor.id and not context.actor.is_administrator:
        raise Forbidden(problem("flows.not-yours"))
    node = walk.plan.nodes[task["node"]]
    if "copy" not in node.permits and not context.actor.is_administrator:
        raise Forbidden(problem("flows.not-permitted"))
    return walk, task


def read(context: Context, task_id: int) -> None:
    """A copy was read (已阅); again does nothing."""
    task = task_row(context, task_id)
    if task["person"] != context.actor.id or task["kind"] != "copy":
        raise NotFound(problem("flows.no-such-task"))
    if context.unit.run(store.READ_COPY, task_id=task_id, now=context.now()):
        line = {"event": "read", "node": task["node"], "token": None, "body": {"person": task["person"]}}
        context.unit.insert(history, instance=task["instance"], at=context.now(), actor=context.actor.id, **line)


def save_draft(context: Context, task_id: int, draft: Mapping[str, Any]) -> None:
    """Keep what somebody has written so far (暂存); it decides nothing and nobody else sees it."""
    walk, task = at_task(context, task_id, suspended=True)
    assert walk is not None
    context.unit.run(store.DRAFT, task_id=task["id"], new_draft=dict(draft))


def choose(context: Context, instance_id: int, chosen: Mapping[str, tuple[int, ...]]) -> None:
    """Pick the people of steps to come, for the starter or an administrator."""
    walk = open_instance(context, instance_id)
    if walk.row["starter"] != context.actor.id and not context.actor.is_administrator:
        raise Forbidden(problem("flows.only-starter"))
    people = picked(walk, chosen, "starter")
    walk.note("chosen", people={name: list(each) for name, each in people.items()})
    walk.answer(run.Chosen(people))
    walk.finish()
