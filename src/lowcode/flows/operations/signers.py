"""Who is asked, changed while they are asked: 转办, 委派, 加签, 减签, 追加, 沟通, 认领, 离职转办."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import store
from lowcode.flows.operations.commands import (
    Row,
    at_task,
    known_person,
    lock,
    open_by_task,
    permitted,
    sits_already,
    stand,
)
from lowcode.flows.operations.drive import Walk
from lowcode.flows.operations.telling import asked_now, released, tell
from lowcode.flows.run.seating import find
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Forbidden, Rejected

AddedRole = Literal["voter", "before", "delegate", "consult", "next"]
WORDS = {
    "voter": "add_signer",
    "before": "add_signer",
    "delegate": "delegate",
    "consult": "consult",
    "next": "append",
}
"""What a node has to permit for somebody to be asked in a role."""


def asked(context: Context, task_id: int, *, waiting: bool = False) -> tuple[Walk, Row]:
    """A task that is still asked, for its person or an administrator, and the walk it belongs to. With `waiting` also
    one that waits for others; an administrator may change that too."""
    walk, task = open_by_task(context, task_id)
    if task["person"] != context.actor.id and not context.actor.is_administrator:
        raise Forbidden(problem("flows.not-yours"))
    states = ("open", "waiting") if waiting or context.actor.is_administrator else ("open",)
    if task["state"] not in states or task["kind"] == "copy":
        raise Conflict(problem("flows.stale"))
    return walk, task


def transfer(context: Context, task_id: int, person: int, opinion: str | None) -> None:
    """Hand a task to another person for good (转办)."""
    walk, task = asked(context, task_id)
    permitted(context, walk, task, "transfer")
    known_person(walk, person)
    walk.note("transferred", task["node"], task["token"], **{"from": task["person"], "to": person, "opinion": opinion})
    walk.adding = True
    walk.answer(run.Handed(task["token"], task["seat"], person))
    tell(walk, [task["person"]] if task["state"] == "open" else [], "handed_on", opinion)
    walk.finish()


def add(context: Context, task_id: int, people: Sequence[int], role: AddedRole, opinion: str | None) -> None:
    """Ask more people beside or before a task's person, for advice, or when the vote was yes."""
    walk, task = asked(context, task_id)
    permitted(context, walk, task, WORDS[role])
    for person in people:
        known_person(walk, person)
    walk.note("added", task["node"], task["token"], by=task["person"], people=list(people), role=role, opinion=opinion)
    walk.adding = True
    walk.answer(run.Added(task["token"], task["seat"], tuple(dict.fromkeys(people)), role))
    walk.finish()


def remove(context: Context, task_id: int, person: int, opinion: str | None) -> None:
    """Take out somebody who has not answered (减签): whom one added oneself, or, for an administrator, anybody. So a
    question to somebody who answers first (前加签, 委派) is taken back too, while one's own task waits for it."""
    walk, task = asked(context, task_id, waiting=True)
    permitted(context, walk, task, "remove_signer")
    token = walk.state.token(task["token"])
    seats = [each for each in token.seats if each.pending and each.person == person] if token else []
    if not seats:
        raise Rejected(problem("flows.no-such-person", "/person"))
    if seats[0].of != task["seat"] and not context.actor.is_administrator:
        raise Forbidden(problem("flows.not-added-by-you"))
    walk.note("removed", task["node"], task["token"], by=context.actor.id, person=person, opinion=opinion)
    before = asked_now(walk.state)
    walk.answer(run.Removed(task["token"], seats[0].number))
    released(walk, before, "removed", opinion)
    walk.finish()


def claim(context: Context, task_id: int, kept: bool) -> None:
    """Take a task for oneself (认领), or give it back."""
    walk, task = at_task(context, task_id)
    assert walk is not None
    permitted(context, walk, task, "claim")
    walk.note("claimed" if kept else "given_back", task["node"], task["token"], person=context.actor.id)
    walk.answer(run.Claimed(task["token"], task["seat"], kept))
    walk.finish()


def waiting_for(context: Context, person: int) -> int:
    """How many to-dos wait for a person."""
    return len(context.unit.fetch(store.ASKED_OF, person=person))


def reassign(context: Context, person: int, to: int, opinion: str | None) -> dict[str, Any]:
    """Everything that waits for a person who leaves goes to another (离职转办); how much went, and what could not
    because the other is asked there already: there the seat of the one who leaves is taken out."""
    moved = merged = 0
    for found in context.unit.fetch(store.ASKED_OF, person=person):
        row = lock(context, found["instance"])
        if row is None or row["running"] is None:
            continue
        walk = stand(context, row, suspended=True)
        token = walk.state.token(found["token"])
        seat = find(token.seats, found["seat"]) if token is not None else None
        if token is None or seat is None or not seat.pending or seat.person != person:
            continue
        known_person(walk, to, "/to")
        walk.note("transferred", token.node, token.number, **{"from": person, "to": to, "opinion": opinion})
        walk.adding = True
        if sits_already(walk, token.number, to):
            walk.answer(run.Removed(token.number, seat.number))
            merged += 1
        else:
            walk.answer(run.Handed(token.number, seat.number, to))
            moved += 1
        walk.finish()
    return {"moved": moved, "merged": merged}
