"""A running instance carried over to another version of its flow: every place it occupies finds its new node, also the
tokens that wait at a join, or it stays where it is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.flows.plan import FlowPlan, Node, flow_key
from lowcode.flows.run.board import State, Token, Visit
from lowcode.flows.run.changed import replace

Refusal = tuple[str, str]
"""A node, and the code of the reason why what stands there cannot be carried over."""


def carried(
    old: FlowPlan, new: FlowPlan, state: State, nodes: Mapping[str, str], ask_again: bool
) -> tuple[State, list[Refusal]]:
    """The state under the new version, and what cannot be carried. `nodes` names the new node of each old one whose id
    is not the same; with `ask_again` the people are found anew."""
    refused: list[Refusal] = []
    tokens: list[Token] = []
    for token in state.tokens:
        id = nodes.get(token.node, token.node)
        before, after = old.nodes[token.node], new.nodes.get(id)
        code = "flows.no-such-node-there" if after is None else _unfit(token, before, after)
        if after is not None and after.scope != nodes.get(before.scope, before.scope):
            code = "flows.other-scope-there"
        via = _arrow(token, new, nodes) if after is not None and token.state == "joining" else token.via
        if code is None and via is None:
            code = "flows.no-such-way-there"
        if code is not None or after is None:
            refused.append((token.node, code or "flows.no-such-node-there"))
            continue
        again = ask_again and token.state == "resting" and bool(token.seats)
        trail = tuple(_visits(token, new, nodes))
        back = nodes.get(token.back, token.back)
        moved = replace(
            token, node=id, via=via or "", trail=trail, back=back if back in new.nodes else "", refused=None
        )
        tokens.append(replace(moved, state="entering", seats=(), claimed=()) if again else moved)
    chosen = {nodes.get(node, node): people for node, people in state.chosen.items()}
    return replace(state, tokens=tuple(tokens), chosen=chosen), refused


def _unfit(token: Token, before: Node, after: Node) -> str | None:
    """Why what stands at one node cannot stand at another."""
    if token.state == "joining":
        return None if after.gate in ("join", "merge") else "flows.not-a-join-there"
    if after.gate not in ("step", before.gate) and token.state != "stuck":
        return "flows.nobody-rests-there"
    if token.seats:
        fits = before.voting is not None and after.voting is not None
        if not fits or set(before.voting.exits) != set(after.voting.exits):  # type: ignore[union-attr]
            return "flows.other-answers-there"
        return None
    if token.asked and not _asks_the_same(before.work, after.work):
        return "flows.other-request-there"
    return None if token.state == "stuck" or before.kind == after.kind else "flows.other-kind-there"


def _asks_the_same(before: Any, after: Any) -> bool:
    """Whether the answer to what one node asked of another program is one to what another asks."""
    asks = [
        getattr(work, "operation", None) and (work.connector, work.operation, work.inside) for work in (before, after)
    ]
    return asks[0] == asks[1]


def _arrow(token: Token, new: FlowPlan, nodes: Mapping[str, str]) -> str | None:
    """The arrow by which a token that waits at a join would have come in the new version."""
    join = nodes.get(token.node, token.node)
    node, _, exit = token.via.rpartition(":")
    key = flow_key(nodes.get(node, node), exit)
    into = new.arrows_into(join)
    if key in into:
        return key
    same = [each for each in into if each.rpartition(":")[0] == nodes.get(node, node)]
    return same[0] if len(same) == 1 else None


def _visits(token: Token, new: FlowPlan, nodes: Mapping[str, str]) -> list[Visit]:
    found = [replace(visit, node=nodes.get(visit.node, visit.node)) for visit in token.trail]
    return [visit for visit in found if visit.node in new.nodes and new.nodes[visit.node].voting is not None]
