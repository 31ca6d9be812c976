"""What would happen (穿越时空): a flow played to its end with a person and a record, and nothing of it remains.

It is the flow itself that runs, in a part of the transaction that is undone: branches, policies, rules and refusals are
those of the day. People answer as the caller says, by node, else with yes; waits end by their first exit, and a flow
that is called ends well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.flows import run
from lowcode.flows.operations import commands, store, views
from lowcode.flows.operations.drive import Walk, running_key
from lowcode.flows.operations.journal import Said
from lowcode.flows.plan import HOLDS, FlowPlan
from lowcode.kernel.contract import Context

ROUNDS = 200
"""Answers given in one play. A flow that sends back for ever is shown up to here."""


class Undone(Exception):
    """Ends the part of the transaction that is only looked at."""


def simulate(
    context: Context,
    plan: FlowPlan,
    record_id: int,
    starter: int | None,
    answers: Mapping[str, str],
    chosen: Mapping[str, tuple[int, ...]],
) -> dict[str, Any]:
    """A new instance of a flow, from its start."""
    seen: dict[str, Any] = {}
    try:
        with context.unit.savepoint():
            for row in context.unit.fetch(store.RUNNING, key=running_key(plan, record_id)):
                commands.cancel(context.as_app(), row["id"], None, gone=True)
            instance = commands.begin(context.as_app(), plan, record_id, starter, chosen=chosen)
            seen = _played(context, instance, answers, 0)
            raise Undone
    except Undone:
        return seen


def ahead(context: Context, instance_id: int, answers: Mapping[str, str]) -> dict[str, Any]:
    """What is still to come of an instance; only the steps that it has not walked yet."""
    seen: dict[str, Any] = {}
    row = context.unit.one(store.INSTANCE, instance_id=instance_id)
    assert row is not None
    walked = len(views.instances(context, [row])[0]["steps"])
    try:
        with context.unit.savepoint():
            seen = _played(context, instance_id, answers, walked)
            raise Undone
    except Undone:
        return seen


def _played(context: Context, instance_id: int, answers: Mapping[str, str], walked: int) -> dict[str, Any]:
    acting = context.as_app()
    for _ in range(ROUNDS):
        row = commands.lock(acting, instance_id)
        if row is None or row["running"] is None:
            break
        walk = commands.stand(acting, row)
        if not _step(walk, answers):
            break
        walk.finish()
    row = context.unit.one(store.INSTANCE, instance_id=instance_id)
    assert row is not None
    shown = views.instances(context, [row])[0]
    return {
        "state": shown["state"],
        "outcome": shown["outcome"],
        "steps": [_step_ahead(each) for each in shown["steps"][walked:]],
        "incidents": shown["incidents"],
    }


def _step(walk: Walk, answers: Mapping[str, str]) -> bool:
    """One answer, or one wait that ends; whether there was any."""
    for token in walk.state.tokens:
        node = walk.plan.nodes[token.node]
        if token.state != "resting" or node.gate in HOLDS:  # what goes on inside is played
            continue
        seat = next((each for each in token.seats if each.state == "open"), None)
        if seat is None:
            exit = answers.get(node.id, next(iter(node.exits)))
            walk.answer(run.Left(token.number, exit if exit in node.exits else next(iter(node.exits))))
            return True
        if node.voting is not None:
            said: Any = answers.get(node.id)
            decision = said if said in node.voting.decisions else node.voting.agreement
            walk.say(token.number, seat.number, Said())
            walk.answer(run.Decided(token.number, seat.number, decision))
            return True
    return False


def _step_ahead(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step without what is only true of one that was walked."""
    people = [{"person": each["person"], "behalf": each["behalf"], "role": each["role"]} for each in step["people"]]
    return {**{key: step[key] for key in ("node", "kind", "title", "mode", "state", "exit", "why")}, "people": people}
