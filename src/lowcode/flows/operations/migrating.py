"""Running instances carried over to the flow as it is now: what would become of each, and the doing, each for itself.

What cannot be carried stays under the version it began under, with the reasons; nothing is carried half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations import commands, store
from lowcode.flows.operations.commands import Row
from lowcode.flows.operations.drive import Walk
from lowcode.flows.operations.plans import dead_ends, flows_of, keep
from lowcode.flows.operations.standing import called
from lowcode.flows.operations.views import Names
from lowcode.flows.plan import FlowPlan
from lowcode.flows.run.carry import carried
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Problem, Rejected, localized


class _OnlyLookedAt(Exception):
    """Undoes what a preview did."""


def migrate(
    context: Context,
    plan: FlowPlan,
    nodes: Mapping[str, str],
    instances: Sequence[int] | None,
    *,
    ask_again: bool,
    apply: bool,
) -> list[dict[str, Any]]:
    """Carry running instances of older versions over to `plan`, all or those named; without `apply` only say what would
    become of them. The rows are worked through in one order, so that two such requests never wait in a ring."""
    rows = context.unit.fetch(store.OLDER, flow=plan.name, digest=plan.digest)
    wanted = [row for row in rows if instances is None or row["id"] in set(instances)]
    names = Names(context, wanted)
    if apply:
        keep(context, plan)
    return [_one(context, plan, row["id"], nodes, names, ask_again=ask_again, apply=apply) for row in wanted]


def _one(
    context: Context,
    plan: FlowPlan,
    instance_id: int,
    nodes: Mapping[str, str],
    names: Names,
    *,
    ask_again: bool,
    apply: bool,
) -> dict[str, Any]:
    row = commands.lock(context, instance_id)
    assert row is not None
    found: dict[str, Any] = {
        "instance": instance_id,
        "subject": names.words(row["subject"]),
        "record": names.record(row),
        "from": row["digest"],
        "at": [],
        "done": False,
        "problems": [],
    }
    try:
        with context.unit.savepoint():
            found["at"] = _carry(context, plan, row, nodes, names, ask_again)
            if not apply:
                raise _OnlyLookedAt
        found["done"] = True
    except _OnlyLookedAt:
        pass
    except Rejected as rejected:
        found["problems"] = [_told(each, context.actor.locale) for each in rejected.problems]
    return found


def _told(hindrance: Problem, locale: str | None) -> dict[str, Any]:
    """What hinders it, in words; `node` is the step that hinders, by its id, and `title` what it is called."""
    told = {"code": hindrance.code, "detail": hindrance.words(locale), **hindrance.values}
    _, _, node = hindrance.pointer.partition("/nodes/")
    return {**told, "node": node, "title": hindrance.values["node"]} if node else told


def _carry(
    context: Context, plan: FlowPlan, row: Row, nodes: Mapping[str, str], names: Names, ask_again: bool
) -> list[dict[str, Any]]:
    """Carry one over: where it stands then, and who is asked there. Raises Rejected with everything that hinders it."""
    if row["running"] is None:
        raise Conflict(problem("flows.stale"))
    if row["digest"] == plan.digest:  # by somebody who held the lock before
        raise Conflict(problem("flows.migrated-already"))
    try:
        old = flows_of(context).at(context, row["digest"])
    except Hindered as hindered:
        raise Conflict(hindered.problem) from None
    state = run.from_json(row["tokens"])
    new, refused = carried(old, plan, state, nodes, ask_again)
    if refused:
        raise Rejected([_reason(code, node, _called(context, old, node)) for node, code in refused])
    stuck = dead_ends(plan, new)
    if stuck:
        raise Rejected(
            problem("flows.would-be-stuck", nodes=", ".join(_called(context, plan, each) for each in sorted(stuck)))
        )
    context.unit.run(store.PIN, instance_id=row["id"], new_digest=plan.digest)
    before = {token.number: token for token in state.tokens}
    walk = Walk(context, plan, {**row, "digest": plan.digest}, new)
    walk.note("migrated", **{"from": row["digest"], "to": plan.digest, "nodes": dict(nodes), "ask_again": ask_again})
    for token in new.tokens:
        if token.state == "entering":
            walk.enter_again(before[token.number], token)
        elif token.node != before[token.number].node or token.seats:
            _retitle(context, plan, row["id"], token)
    walk.finish()
    return [
        {
            "node": token.node,
            "state": token.state,
            "people": [names.person(seat.person) for seat in token.seats if seat.pending],
            **({"from": before[token.number].node} if token.number in before else {}),
        }
        for token in walk.state.tokens
    ]


def _called(context: Context, plan: FlowPlan, node: str) -> str:
    return localized(called(plan, node), context.actor.locale) or node


def _reason(code: str, node: str, title: str) -> Problem:
    return replace(problem(code, node=title), pointer=f"/nodes/{node}")


def _retitle(context: Context, plan: FlowPlan, instance_id: int, token: run.Token) -> None:
    """What people see of the step is what the new version says of it."""
    node = plan.nodes[token.node]
    context.unit.run(
        store.RETITLE,
        instance_id=instance_id,
        of_token=token.number,
        new_node=node.id,
        new_title=node.title,
        new_editable=sorted(node.editable),
        new_hidden=sorted(node.hidden),
        new_required=sorted(node.required) or None,
        new_opinion_rule=node.opinion,
    )
