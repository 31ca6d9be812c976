"""Where arrows meet before a gateway. Here, ways of which only one can bring a token count as one incoming flow of a
join, and a split splits every token that comes; in the standard each arrow counts by itself, and a gateway that splits
waits for all of its arrows as well. So another gateway stands where they meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from typing import Any

from lowcode.flows.compile.graph import Graph, Vertex
from lowcode.flows.plan import Gate, flow_key

Node = Mapping[str, Any]
Exits = Callable[[Node], Mapping[str, tuple[str, str]]]
"""The exits of a node: where each is written, and where it leads."""
GATES: Mapping[str, Gate] = {"parallel": "split", "inclusive": "choose", "end": "end"}


def merges_of(nodes: Iterable[Node], exits: Exits) -> dict[str, str]:
    """The gateway that an arrow leads to, for every arrow that meets others before a join."""
    levels: dict[str, list[Node]] = {}
    for node in nodes:
        if node["type"] != "handler":
            levels.setdefault(node.get("in", ""), []).append(node)
    found: dict[str, str] = {}
    for inside in levels.values():
        found |= _before_splits(inside, exits)
        entry = next((each["id"] for each in inside if each["type"] == "start"), None)
        if entry is None or not any(_gate(each) == "join" for each in inside):
            continue
        known = {each["id"] for each in inside}
        for join, groups in Graph((_vertex(each, exits, known) for each in inside), entry).incoming.items():
            for index, group in enumerate(groups):
                found |= dict.fromkeys(group, f"{join}__merge{index}") if len(group) > 1 and len(groups) > 1 else {}
    return found


def _before_splits(inside: Iterable[Node], exits: Exits) -> dict[str, str]:
    splits = [each["id"] for each in inside if _gate(each) in ("split", "choose")]
    into: dict[str, list[str]] = {id: [] for id in splits}
    for node in inside:
        for exit, (_, target) in exits(node).items():
            if target in into:
                into[target].append(flow_key(node["id"], exit))
    return {arrow: f"{id}__merge" for id, arrows in into.items() if len(arrows) > 1 for arrow in arrows}


def _gate(node: Node) -> Gate:
    if node["type"] == "join":
        return "merge" if node.get("waits_for") == "active" else "join"
    return GATES.get(node["type"], "step")


def _vertex(node: Node, exits: Exits, known: Set[str]) -> Vertex:
    beside = {f"on{index}" for index, each in enumerate(node.get("on", ())) if not each.get("interrupts", True)}
    targets = {exit: target for exit, (_, target) in exits(node).items() if target in known}
    return Vertex(node["id"], _gate(node), targets, rests=False, adds=frozenset(beside))
