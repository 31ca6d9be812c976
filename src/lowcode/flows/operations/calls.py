"""What moves an instance on from outside: another flow that ended, a save; for messages see `messages`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.caught import caught_by
from lowcode.flows.operations import commands, held, store
from lowcode.flows.operations.drive import Walk
from lowcode.flows.operations.listening import awaited, listening
from lowcode.flows.operations.plans import flows_of
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Conflict, NotFound, nearest

REFUSED = ("rejected", "cancelled", "voided", "withdrawn")


class OfToken(Parameters):
    """A token of an instance, and what came of what it waited for."""

    instance: int
    token: int
    outcome: str | None = None
    erred: bool = False
    escalated: tuple[str, ...] = ()


def call(
    context: Context, flow: str, record_id: int, parent: int, token: int, starter: int | None, reader: int | None = None
) -> int:  # fmt: skip
    """Begin a flow that another one waits for; about another record only where `reader`, for whom that one acts, may
    read it. Raises NotFound."""
    flows = flows_of(context).flows
    plan = flows.get(flow)
    if plan is None:
        raise NotFound(problem("flows.no-such-flow", flow=flow, near=nearest(flow, flows) or ""))
    own = context.unit.one(store.INSTANCE, instance_id=parent) if reader is not None else None
    itself = own is not None and (own["record_type"], own["record_id"]) == (plan.form, record_id)
    asking = context if reader is None or itself else context.as_user(reader)
    asking.ask("records.get", type=plan.form, id=record_id, fields=("id",))
    return commands.begin(context, plan, record_id, starter, parent=(parent, token))


def called_ended(context: Context, params: OfToken) -> None:
    """A flow that a token waits for has ended: go on, by `rejected` where it was refused or stopped. What it threw
    before is heard before, whichever of the two a worker took first (decision 0163). An error with which it ended goes
    outward from the step, and nobody waits for the others that were begun there (decision 0195)."""
    row = commands.lock(context, params.instance)
    if row is None or _over(context, row, params.token):
        return
    if commands.held_back(context, row, "flows.called_ended", params):
        return
    instance_id, outcome = params.instance, params.outcome
    walk = commands.stand(context, row)
    thrown = _escalated(walk, params)
    token = walk.state.token(params.token)
    if token is None or token.state != "resting":
        return walk.finish() if thrown else None
    node = walk.plan.nodes[token.node]
    walk.note("called_ended", token.node, token.number, outcome=outcome)
    if params.erred:
        walk.stop_called(token.number, node.id)
        walk.answer(run.Erred(token.number, outcome or ""))
        return walk.finish()
    caught = caught_by(node.catches, "error", outcome or "")
    if caught is not None and caught.name == outcome:
        walk.stop_called(token.number, node.id)
        walk.answer(run.Left(token.number, caught.exit))
        walk.finish()
        return
    called = context.unit.fetch(store.CALLED, parent_id=instance_id, of_token=params.token)
    refused = outcome in REFUSED or any(_refused(each) for each in called)
    each = node.work.each
    early = each is not None and each.until == "first_rejection" and refused
    if early or not (_goes_on(walk, token, called) or any(row["running"] is not None for row in called)):
        if early:
            walk.stop_called(token.number, node.id)
        walk.answer(run.Left(token.number, "rejected" if refused and "rejected" in node.exits else "to"))
    walk.finish()


def escalated(context: Context, params: OfToken) -> None:
    """A flow that a token waits for threw escalations which nobody in it caught, and goes on. While the instance is
    suspended they lie on it already."""
    row = commands.lock(context, params.instance)
    if row is None or _over(context, row, params.token):
        return
    if held.keeps(context, row):
        if params.escalated:  # said by a process of an earlier version
            commands.held_back(context, row, "flows.escalated", params)
        return
    walk = commands.stand(context, row)
    if _escalated(walk, params):
        walk.finish()


def _over(context: Context, row: Mapping[str, Any], token: int) -> bool:
    """Whether an instance has ended; what was thrown at it is heard by nobody then."""
    if row["running"] is None:
        held.escalations(context, row["id"], token)
    return row["running"] is None


def _escalated(walk: Walk, params: OfToken) -> list[str]:
    """Escalations are thrown at the step that waits, those that lie on the instance first; where it still stands."""
    thrown = [*held.escalations(walk.context, params.instance, params.token), *params.escalated]
    for name in thrown:
        token = walk.state.token(params.token)
        if token is not None and token.state == "resting" and walk.plan.nodes[token.node].kind == "flow":
            walk.note("happened", token.node, token.number, what="escalation", name=name)
            walk.answer(run.Escalated(token.number, name))
    return thrown


def _refused(called: Mapping[str, Any]) -> bool:
    return called["running"] is None and (called["state"] == "cancelled" or called["outcome"] in REFUSED)


def _goes_on(walk: Walk, token: run.Token, called: Sequence[Mapping[str, Any]]) -> bool:
    """One by one: begin the flow for the next record that links here and has had none; whether there was one."""
    call = walk.plan.nodes[token.node].work
    if call.each is None or call.each.order != "one_by_one":
        return False
    work = walk.work(token)
    had = {row["record_id"] for row in called}
    following = next((r for r in work.related(call.each.form, call.each.by, call.each.where) if r not in had), None)
    if following is None:
        return False
    work.call(call.flow, following)
    return True


def stop_called(context: Context, instance_id: int, token: int) -> None:
    """Nobody waits any more for the flows that a token began."""
    for row in context.unit.fetch(store.CHILDREN, parent_id=instance_id, of_token=token):
        try:
            commands.cancel(context, row["id"], None)
        except Conflict as conflict:  # it ended meanwhile
            if conflict.problems[0].code != "flows.stale":
                raise


def look_later(context: Context, record_type: str, record_id: int) -> None:
    """A record is being saved: what waits for it is looked at after the commit. The save may be a step of a flow that
    has not written down yet where it stands."""
    if context.unit.one(store.WAITING_OF_RECORD, type=record_type, record=record_id) is not None:
        context.as_app().later("flows.look", form=record_type, id=record_id)


def look(context: Context, record_type: str, record_id: int) -> None:
    """A record was saved: tokens that wait for something to be true of it go on."""
    for found in context.unit.fetch(store.WAITING_OF_RECORD, type=record_type, record=record_id):
        row = commands.lock(context, found["id"])
        if row is None or row["running"] is None or held.keeps(context, row):  # looked at when it is resumed
            continue
        walk = commands.stand(context, row)
        moved = False
        for node, catch, answer in list(listening(walk.plan, walk.state)):
            if catch.condition is None or not awaited(walk.plan, walk.state, answer):
                continue
            if walk.work().holds(catch.condition):
                walk.note("held", node.id, condition=catch.condition.text)
                walk.answer(answer)
                moved = True
        if moved:
            walk.finish()
