"""An instance on the graph of its flow: which nodes and arrows were walked and how often, and where it stands now."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lowcode.flows import run
from lowcode.flows.operations import store
from lowcode.flows.operations.beside import read_alike
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.plan import FlowPlan
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized

Line = Mapping[str, Any]
STANDS = {"entering": "active", "resting": "active", "joining": "waiting", "stuck": "failed"}


def draw(context: Context, row: Mapping[str, Any]) -> dict[str, Any]:
    """An instance as it stands. Raises Hindered when the version can no longer be read."""
    plan = flows_of(context).at(context, row["digest"])
    lines = read_alike(row, context.unit.fetch(store.PASSED, instance_id=row["id"]))
    state = run.from_json(row["tokens"]) if row["running"] is not None else run.State()
    return drawn(plan, lines, state, lines, context.actor.locale)


def drawn(
    plan: FlowPlan, lines: Sequence[Line], state: run.State, ahead: Sequence[Line], locale: str | None
) -> dict[str, Any]:
    """Nodes with their rank (how many steps from the start at least) and arrows, each with how often it was walked by
    the history `lines`, and how often it would be by the longer one `ahead`. `state` is where it stands at the end."""
    (visits, arrows), (later, ways) = _walked(plan, lines), _walked(plan, ahead)
    standing = {token.node: STANDS[token.state] for token in state.tokens}
    ranks = _ranks(plan)
    nodes = [
        {
            "id": node.id,
            "kind": node.kind,
            "title": localized(node.title, locale),
            "outcome": node.outcome if node.gate == "end" else None,
            "rank": ranks.get(node.id, 0),
            "scope": node.scope or None,
            "state": standing.get(node.id) or ("done" if visits[node.id] else "ahead"),
            "walked": visits[node.id],
            "foreseen": later[node.id] - visits[node.id],
        }
        for node in plan.nodes.values()
    ]
    found = [
        {
            "from": node.id,
            "exit": exit,
            "to": target,
            "walked": arrows[node.id, exit],
            "foreseen": ways[node.id, exit] - arrows[node.id, exit],
        }
        for node in plan.nodes.values()
        for exit, target in node.exits.items()
    ]
    return {"flow": {"name": plan.name, "title": plan.title}, "nodes": nodes, "arrows": found}


def _walked(plan: FlowPlan, lines: Iterable[Line]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """How often each node was left, and by which exits: a split leaves by all, an inclusive one by those it names; an
    event that did not interrupt goes out beside a step that is not left."""
    visits: Counter[str] = Counter()
    arrows: Counter[tuple[str, str]] = Counter()
    for line in lines:
        event = line["event"]
        node = plan.nodes.get(line["node"] or "") if event in ("passed", "branched") else None
        if node is None:  # something else, or walked under another version
            continue
        visits[node.id] += event == "passed"
        exits = tuple(node.exits) if node.gate == "split" else str(line["body"].get("exit") or "").split(" ")
        arrows.update((node.id, exit) for exit in exits if exit in node.exits)
    return visits, arrows


def _ranks(plan: FlowPlan) -> dict[str, int]:
    """The least number of steps from the start to each node."""
    ranks = {plan.entry: 0}
    queue = deque([plan.entry])
    while queue:
        here = queue.popleft()
        for target in plan.nodes[here].exits.values():
            if target not in ranks:
                ranks[target] = ranks[here] + 1
                queue.append(target)
    return ranks
