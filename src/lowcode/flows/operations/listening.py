"""What running instances wait for beside people: events on their steps, and handlers of the scopes they are in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from lowcode.flows import run
from lowcode.flows.nodes.caught import Catch, What
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.plan import FlowPlan, Node
from lowcode.flows.run.scopes import active
from lowcode.flows.tables import signal
from lowcode.kernel.contract import Context

Listener = tuple[Node, Catch, run.Answer]
Heard = tuple[str, frozenset[str], run.Answer]
forget = sa.delete(signal).where(signal.c.instance == sa.bindparam("of_instance"))


def listening(plan: FlowPlan, state: run.State) -> Iterator[Listener]:
    """Everything an instance waits for where it stands: the node, what is caught, and the answer that says so."""
    if not state.tokens:
        return
    tokens = {token.number: token for token in state.tokens}
    scopes: dict[tuple[int, ...], tuple[int, str]] = {(): (0, "")}
    for token in state.tokens:
        node = plan.nodes[token.node]
        if token.state != "resting":
            continue
        for catch in node.catches:
            if catch.exit not in token.fired:
                wait = catch.interrupts and node.gate == "step" and not catch.exit.startswith("on")
                answer = run.Left(token.number, catch.exit) if wait else run.Happened(token.number, catch.exit)
                yield node, catch, answer
        if node.gate in ("scope", "handler"):
            scopes[(*token.scope, token.number)] = (token.number, node.id)
    for scope, (number, id) in scopes.items():
        for handler in plan.handlers.get(id, ()):
            if handler.handles is not None and active(plan, tokens, scope, handler.id):
                yield handler, handler.handles, run.Handled(number, handler.id)


def keep_signals(context: Context, instance_id: int, before: set[str], now: set[str]) -> None:
    """Remember which signals an instance waits for, so that one that is sent finds it without looking at the rest."""
    if before == now:
        return
    context.unit.run(forget, of_instance=instance_id)
    for name in sorted(now):
        context.unit.insert(signal, instance=instance_id, name=name)


def awaited(plan: FlowPlan, state: run.State, answer: run.Answer) -> bool:
    """Whether it is still waited for: what was heard before may have taken it away."""
    return any(found == answer for _, _, found in listening(plan, state))


def names(plan: FlowPlan, state: run.State, what: What) -> set[str]:
    """The names of what is waited for, of one sort."""
    if what not in plan.awaited:
        return set()
    return {catch.name for _, catch, _ in listening(plan, state) if catch.what == what}


def heard(plan: FlowPlan, state: run.State) -> set[Heard]:
    """The messages that are waited for: each with who may send it, and what goes on."""
    if "message" not in plan.awaited:
        return set()
    return {(catch.name, catch.roles, answer) for _, catch, answer in listening(plan, state) if catch.what == "message"}


def early(context: Context, plan: FlowPlan) -> set[str]:
    """The messages that may have come before anybody waited for them: those that the flow keeps, now or when this
    instance began."""
    now = flows_of(context).flows.get(plan.name)
    return {*plan.messages, *(now.messages if now is not None else ())}


def look_for_early(
    context: Context, plan: FlowPlan, row: Mapping[str, Any], before: set[Heard], state: run.State
) -> None:
    """Something of an instance waits for a message from now on that may be there already, or it ends and one that it
    held up begins it again: looked for after the commit, when whoever sent it meanwhile can be seen."""
    kept = early(context, plan)
    begins = state.ended and plan.starts.on == "message" and plan.starts.name in kept
    if begins or kept & {name for name, *_ in heard(plan, state) - before}:
        context.as_app().later("flows.deliver", form=row["record_type"], id=row["record_id"])


def time_runs(context: Context, instance_id: int, token: int, catch: Catch, handler: str = "") -> None:
    """An event that is a time comes as a job."""
    if catch.span is not None:
        at = catch.span.after(context.moment())
        key = f"flows.due:{instance_id}:{token}:{handler or catch.exit}"
        where = {"instance": instance_id, "token": token, "exit": catch.exit, "handler": handler}
        context.as_app().later("flows.due", at=at, key=key, **where)


def go_out(context: Context, row: Mapping[str, Any], what: str, name: str, upward: dict[str, list[str]]) -> None:
    """A signal goes to every flow, a message to those of this record; after the commit, one lock at a time. An
    escalation or an error goes `upward` with whatever else whoever waits for the instance is told."""
    if what in upward:
        upward[what].append(name)
        return
    about = {"form": row["record_type"], "id": row["record_id"], "name": name}
    context.as_app().later("flows.signal" if what == "signal" else "flows.message", **about)
