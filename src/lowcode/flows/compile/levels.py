"""A flow level by level: the flow itself, and the inside of every scope and handler, each with a graph of its own. What
is sound on every level is sound as a whole, because a scope is one step to what encloses it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lowcode.flows.compile.graph import Graph, Vertex
from lowcode.flows.nodes.catching import exit_of
from lowcode.flows.nodes.kind import NodeDocument, NodeKind
from lowcode.flows.nodes.reading import Reading
from lowcode.flows.plan import Node


def exits_of(kind: NodeKind, document: NodeDocument) -> dict[str, tuple[str, str]]:
    """Every exit of a node: those of its kind, and those of the events caught on it."""
    caught = {exit_of(index): (f"/on/{index}/to", each.to) for index, each in enumerate(document.on)}
    return {**kind.exits(document), **caught}


def level(nodes: Iterable[Node], scope: str) -> dict[str, Node]:
    """The nodes of one level, without the handlers, to which nothing leads."""
    return {node.id: node for node in nodes if node.scope == scope and node.gate != "handler"}


def graph_of(nodes: Mapping[str, Node], entry: str) -> Graph:
    """The arrows between nodes of one level."""
    return Graph(
        (Vertex(n.id, n.gate, n.exits, n.stops or _throws_out(n), n.rests, n.adds) for n in nodes.values()), entry
    )


def _throws_out(node: Node) -> bool:
    """Whether an end takes everything of its level away: an error is caught outside, or ends the flow."""
    return node.throws is not None and node.throws[0] == "error"


def graphs_of(nodes: Mapping[str, Node], entry: str, entries: Mapping[str, str]) -> dict[str, Graph]:
    """The graph of every level that has a beginning."""
    return {scope: graph_of(level(nodes.values(), scope), at) for scope, at in {"": entry, **entries}.items()}


def read_entries(
    documents: Sequence[Any], nodes: Mapping[str, Node], reading: Reading
) -> tuple[str | None, dict[str, str]]:
    """Where the flow begins, and where each scope and handler does."""
    found: dict[str, str] = {}
    for index, node in enumerate(documents):
        here = node.scope or ""
        if node.scope is not None and (node.scope not in nodes or nodes[node.scope].gate not in ("scope", "handler")):
            known = [each.id for each in nodes.values() if each.gate in ("scope", "handler")]
            reading.finding("not-a-scope", f"/nodes/{index}/in", seen=node.scope, known=known)
            continue
        if node.type == "start" and here in found:
            reading.finding("two-starts", f"/nodes/{index}")
        elif node.type == "start":
            found[here] = node.id
    for index, node in enumerate(documents):
        if node.id in nodes and nodes[node.id].gate in ("scope", "handler"):
            if node.id not in found:
                reading.finding("empty-scope", f"/nodes/{index}", seen=node.id)
            if _inside_itself(node.id, nodes):
                reading.finding("inside-itself", f"/nodes/{index}/in", seen=node.id)
    entry = found.pop("", None)
    if entry is None:
        reading.finding("no-start", "/nodes")
    return entry, found


def _inside_itself(id: str, nodes: Mapping[str, Node]) -> bool:
    here, passed = nodes[id].scope, set[str]()
    while here in nodes and here not in passed:
        if here == id:
            return True
        passed.add(here)
        here = nodes[here].scope
    return False


def check_handlers(documents: Sequence[Any], nodes: Mapping[str, Node], reading: Reading) -> None:
    """A handler that undoes names a step of its own level, each step is undone by one; a throw that undoes as well."""
    undone: set[str] = set()
    for index, node in enumerate(documents):
        undoes = getattr(node, "undoes", None)
        if undoes is not None:
            fitting = [each.id for each in level(nodes.values(), node.scope or "").values() if each.gate in UNDOABLE]
            if undoes not in fitting:
                reading.finding("undoes-what", f"/nodes/{index}/undoes", seen=undoes, known=fitting)
            elif undoes in undone:
                reading.finding("undone-twice", f"/nodes/{index}/undoes", seen=undoes)
            undone.add(undoes)
    for index, node in enumerate(documents):
        thrown = getattr(node, "undo", None)
        if thrown not in (None, "*") and thrown not in undone:
            reading.finding("undoes-what", f"/nodes/{index}/undo", seen=thrown, known=sorted(undone))


UNDOABLE = ("step", "scope")
