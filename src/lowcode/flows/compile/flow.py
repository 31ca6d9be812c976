"""How flows are understood: documents to plans. Pure; everything that is wrong becomes a finding at its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from lowcode.flows.compile.graph import Graph
from lowcode.flows.compile.levels import check_handlers, exits_of, graphs_of, level, read_entries
from lowcode.flows.compile.messages import read_messages
from lowcode.flows.compile.schedule import read_schedule
from lowcode.flows.definition import FlowDocument, StartsDocument, flow_model
from lowcode.flows.naming import titles
from lowcode.flows.nodes.asking.reviewers.kind import ReviewerKind
from lowcode.flows.nodes.asking.spans import Span
from lowcode.flows.nodes.catching import read_catches
from lowcode.flows.nodes.kind import NodeDocument, NodeKind
from lowcode.flows.nodes.reading import Reading
from lowcode.flows.nodes.values import read_values
from lowcode.flows.plan import FlowPlan, Node, Start, Withdrawal
from lowcode.kernel.definitions import parse
from lowcode.kernel.diagnostics import Report, Text
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.expressions import Type
from lowcode.kernel.registry import Registry
from lowcode.kernel.scope import Scope

BOOLEAN = Type("boolean")
RETURNS = ("starter", "previous", "any")
"""Where somebody may send back to without naming a node."""


def canonical(data: Mapping[str, Any]) -> str:
    """The one way a flow's document is written for its digest and for keeping: order and spaces mean nothing."""
    kept = {key: value for key, value in data.items() if key != "$schema"}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(data: Mapping[str, Any]) -> str:
    """What an instance is pinned to."""
    return hashlib.sha256(canonical(data).encode()).hexdigest()


class FlowReader:
    """Reads flows with the nodes one host knows; `model` is the model of a document."""

    def __init__(self, kinds: Registry[NodeKind], reviewers: Registry[ReviewerKind]) -> None:
        self.kinds = kinds
        self.reviewers = reviewers
        self.model = flow_model(kinds, reviewers)

    def flow(self, source: Any, scope: Scope, report: Report) -> FlowPlan | None:
        """One flow as a plan, or None when it is wrong; the report says how."""
        return _flow(self, source, scope, report)


def _flow(reader: FlowReader, source: Any, scope: Scope, report: Report) -> FlowPlan | None:
    document = parse(reader.model, source, report)
    if document is None:
        return None
    findings = Report()
    reading = Reading(scope, source, findings, document.form, reviewers=reader.reviewers)
    reading.find("form", document.form, "/form")
    nodes = _nodes(document, reader.kinds, reading, titles(source.data["nodes"]))
    entry, entries = read_entries(document.nodes, nodes, reading)
    starts = _starts(document.start, reading.at("/start"))
    subject = reading.template(document.subject, "/subject")
    withdrawal = Withdrawal(
        document.withdraw.until, read_values(document.withdraw.values, reading, "/withdraw/values", document.form)
    )
    graphs = _check_graph(document, nodes, entry, entries, reading) or {}
    check_handlers(document.nodes, nodes, reading)
    _check_returns(document, nodes, reading)
    _check_leaving(document, reading)
    starts_by = starts.name if starts.on == "message" else ""
    messages = read_messages(document.messages, nodes.values(), starts_by, reading)
    urge_every = Span.of(document.urge).length + timedelta(days=document.urge.days)
    report.extend(findings)
    if not findings.ok or entry is None:
        return None
    return FlowPlan(
        name=document.name,
        title=document.title or document.name,
        form=document.form,
        digest=digest_of(source.data),
        document=source.data,
        starts=starts,
        runs_as=document.runs_as,
        subject=subject,
        nodes=nodes,
        entry=entry,
        incoming={join: flows for graph in graphs.values() for join, flows in graph.incoming.items()},
        merges={merge: reach for graph in graphs.values() for merge, reach in graph.merges.items()},
        entries=entries,
        withdrawal=withdrawal,
        urge_every=urge_every,
        messages=messages,
    )


def _nodes(
    document: FlowDocument, kinds: Registry[NodeKind], reading: Reading, called: Mapping[str, Text]
) -> dict[str, Node]:  # fmt: skip
    nodes: dict[str, Node] = {}
    for index, node in enumerate(document.nodes):
        here = reading.at(f"/nodes/{index}")
        if node.id in nodes:
            here.finding("same-id", "/id", seen=node.id)
            continue
        kind = kinds[node.type]
        understood = kind.compile(node, here)
        exits = {name: target for name, (_, target) in exits_of(kind, node).items()}
        settings: dict[str, Any] = {"gate": "step", **understood.values}
        settings["catches"] = (*settings.pop("awaits", ()), *read_catches(node.on, settings.get("rests", False), here))
        nodes[node.id] = Node(
            id=node.id,
            does=kind,
            title=called[node.id],
            exits=exits,
            work=understood.work,
            scope=node.scope or "",
            **settings,
        )
    return nodes


def _starts(document: StartsDocument, reading: Reading) -> Start:
    """When an instance begins; keys of another way of starting are findings, not ignored."""
    uses = {
        "transition": {"field", "source", "to", "leaving", "when"},
        "created": {"when"},
        "updated": {"fields", "when"},
        "manual": {"roles", "when"},
        "message": {"name", "roles", "when"},
        "signal": {"name", "when"},
        "schedule": {"schedule", "when"},
    }[document.on]
    if document.on in ("message", "signal") and document.name is None:
        reading.finding("start-incomplete", on=document.on, needs="name")
    for key in ("field", "source", "to", "leaving", "fields", "when", "roles", "name", "schedule"):
        written = "from" if key == "source" else key
        if getattr(document, key) not in ("nothing", None, "", []) and key not in uses:
            reading.finding("start-too-much", f"/{written}", on=document.on, seen=written)
    if document.on == "transition":
        _transition(document, reading)
    for index, name in enumerate(document.fields):
        reading.field(reading.form, name, f"/fields/{index}")
    for index, role in enumerate(document.roles):
        reading.find("role", role, f"/roles/{index}")
    use = Use.READ if document.on in ("manual", "message", "signal", "schedule") else Use.EVENT
    here = replace(reading, starterless=True) if document.on == "schedule" else reading
    when = here.expression(document.when, "/when", expect=BOOLEAN, use=use) if document.when else None
    return Start(
        on=document.on,
        field=document.field,
        source=frozenset(_several(document.source)),
        target=frozenset(_several(document.to)),
        fields=frozenset(document.fields),
        leaving=document.leaving,
        when=when,
        roles=frozenset(document.roles),
        name=document.name or "",
        schedule=read_schedule(document, reading) if document.on == "schedule" else None,
    )


def _transition(document: StartsDocument, reading: Reading) -> None:
    if document.field is None or not document.to:
        needs = [key for key, value in (("field", document.field), ("to", document.to)) if not value]
        joined = {"en": " and ".join(needs), "zh-CN": "、".join(needs)}
        reading.finding("start-incomplete", on="transition", needs=joined)
        return
    shape = reading.field(reading.form, document.field, "/field")
    if shape is None or shape.type.options is None:
        return
    former = dict(shape.type.former) if reading.scope.former else {}  # nothing begins under an earlier version
    for key, values in (("from", _several(document.source)), ("to", _several(document.to))):
        for value in values:
            if value not in shape.type.options and value not in former:
                reading.finding("not-a-state", f"/{key}", seen=value, field=document.field, known=shape.type.options)


def _several(value: str | list[str] | None) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else value


def _check_returns(document: FlowDocument, nodes: Mapping[str, Node], reading: Reading) -> None:
    """What may be sent back to are nodes where people are asked."""
    for index, node in enumerate(document.nodes):
        for at, to in enumerate(getattr(node, "returns", ())):
            if to not in RETURNS and (to not in nodes or nodes[to].voting is None):
                known = [*RETURNS, *(each.id for each in nodes.values() if each.voting is not None)]
                reading.finding("return-where", f"/nodes/{index}/returns/{at}", seen=to, known=known)


def _check_leaving(document: FlowDocument, reading: Reading) -> None:
    """A flow that keeps the record in a state cannot move it on itself."""
    for index, node in enumerate(document.nodes):
        if document.start.leaving == "refuse" and document.start.field in (getattr(node, "values", None) or {}):
            if node.type == "set":
                reading.finding("moves-what-it-keeps", f"/nodes/{index}/values", seen=document.start.field)


def _check_graph(
    document: FlowDocument, nodes: Mapping[str, Node], entry: str | None, entries: Mapping[str, str], reading: Reading
) -> Mapping[str, Graph] | None:
    """Findings about the arrows. A question is asked only when what it rests on is in order."""
    places: dict[str, str] = {}
    starts = {entry, *entries.values()}
    whole = entry is not None
    for index, node in enumerate(document.nodes):
        places.setdefault(node.id, f"/nodes/{index}")
        whole = _check_exits(node, f"/nodes/{index}", nodes, starts, reading) and whole
    for scope in ("", *entries):
        if not any(node.gate == "end" for node in nodes.values() if node.scope == scope):
            reading.finding("no-end", places.get(scope, "/nodes"))
            whole = False
    if not whole or entry is None:
        return None
    graphs = graphs_of(nodes, entry, entries)
    for scope, graph in graphs.items():
        _check_level(graph, level(nodes.values(), scope), places, reading)
    return graphs


def _check_level(graph: Graph, nodes: Mapping[str, Node], places: Mapping[str, str], reading: Reading) -> None:
    """Everything is reached and can end; then, that every token can."""
    reachable, finishing = graph.reachable(), graph.finishing()
    for id in nodes:
        if id not in reachable and nodes[id].kind != "start":  # a second start has a finding of its own
            reading.finding("unreachable", places[id], seen=id)
        elif id in reachable and id not in finishing:
            reading.finding("dead-end", places[id], seen=id)
    if reachable == nodes.keys() == finishing:
        _check_tokens(graph, places, reading)


def _check_exits(
    node: NodeDocument, at: str, nodes: Mapping[str, Node], starts: Collection[str | None], reading: Reading
) -> bool:
    whole = True
    for pointer, target in exits_of(nodes[node.id].does, node).values():
        if target in nodes and (nodes[target].scope != nodes[node.id].scope or nodes[target].gate == "handler"):
            reading.finding("other-level", at + pointer, seen=target)
            whole = False
        elif target not in nodes:
            reading.finding("unknown-node", at + pointer, seen=target, known=list(nodes))
            whole = False
        elif target in starts:
            reading.finding("start-is-a-target", at + pointer)
            whole = False
    return whole


def _check_tokens(graph: Graph, places: Mapping[str, str], reading: Reading) -> None:
    lonely = set(graph.joins_without_split())
    for id in sorted(lonely):
        reading.finding("join-without-split", places[id], seen=id)
    waiting, multiplied = graph.walk()
    for id in sorted(waiting - lonely):
        reading.finding("join-never-complete", places[id], seen=id)
    for id in sorted(multiplied):
        code = "events-multiply" if graph.vertices[id].adds else "tokens-multiply"
        reading.finding(code, places[id], seen=id)
    for loop in graph.endless_loops():
        reading.finding("endless-loop", places[loop[0]], seen=loop)
