"""A flow as BPMN 2.0 XML. Every node becomes the element of the standard that means the same; its own keys travel
beside it in an extension element, and each arrow says which exit of which node it is."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.flows.bpmn.arranging import Edge, Shape, named
from lowcode.flows.bpmn.drawing import diagram
from lowcode.flows.bpmn.kept import FIRST, KEY, drawn, element_of, say
from lowcode.flows.bpmn.meaning import Meaning
from lowcode.flows.bpmn.merges import Exits, Node, merges_of
from lowcode.flows.bpmn.placing import DRAWING
from lowcode.flows.bpmn.said import way_of
from lowcode.flows.bpmn.xml import LOWCODE, tag, written
from lowcode.flows.plan import flow_key
from lowcode.kernel.diagnostics import localized

ELEMENTS = {
    "start": ("startEvent", "event"), "end": ("endEvent", "event"), "approve": ("userTask", "activity"),
    "task": ("userTask", "activity"), "branch": ("exclusiveGateway", "gateway"), "set": ("scriptTask", "activity"),
    "inclusive": ("inclusiveGateway", "gateway"), "parallel": ("parallelGateway", "gateway"),
    "join": ("parallelGateway", "gateway"), "create": ("serviceTask", "activity"), "notify": ("sendTask", "activity"),
    "copy": ("sendTask", "activity"), "print": ("serviceTask", "activity"), "flow": ("callActivity", "activity"),
    "request": ("serviceTask", "activity"),
    "scope": ("subProcess", "activity"), "handler": ("subProcess", "activity"),
    "throw": ("intermediateThrowEvent", "event"), "wait": ("intermediateCatchEvent", "event"),
}  # fmt: skip
GATEWAYS = ("branch", "inclusive", "parallel", "join")


def to_bpmn(document: Mapping[str, Any], exits: Exits, locale: str = "zh-CN") -> str:
    """The document of a flow as BPMN XML with a diagram."""
    return _Export(document, exits, locale).written()


def _sort(tree: Mapping[str, Any]) -> str:
    return str(tree["name"]).rpartition("}")[2]


class _Export:
    """One flow on its way out."""

    def __init__(self, document: Mapping[str, Any], exits: Exits, locale: str) -> None:
        self.document, self.exits, self.locale = document, exits, locale
        self.name = str(document["name"])
        self.root = ET.Element(tag("bpmn:definitions"), id=f"definitions_{self.name}", targetNamespace=LOWCODE)
        self.shapes: list[Shape] = []
        self.edges: list[Edge] = []
        self.meaning = Meaning()
        self.holders: dict[str, ET.Element] = {}
        self.flows: list[tuple[ET.Element, dict[str, str], str]] = []
        self.associations: list[tuple[ET.Element, str, str]] = []
        self.merges = merges_of(document["nodes"], exits)

    def written(self) -> str:
        """The whole document: what is named, the process, the diagram."""
        process = ET.Element(
            tag("bpmn:process"), id=self.name, name=self._words(self.document.get("title")), isExecutable="true"
        )
        kept = {key: value for key, value in self.document.items() if key not in ("nodes", "$schema")}
        kept["nodes"] = [each["id"] for each in self.document["nodes"]]
        self._extension(process, "flow", kept)
        self.holders[""] = process
        others = self.document.get(KEY, {})
        say(process, others)
        process.extend(element_of(each) for each in others.get("elements", ()) if _sort(each) in FIRST)
        for node in self._outermost_first():
            self._node(node)
        for merge in dict.fromkeys(self.merges.values()):
            self._merge(merge)
        for holder, attributes, condition in self.flows:
            flow = ET.SubElement(holder, tag("bpmn:sequenceFlow"), attributes)
            if condition:
                ET.SubElement(
                    flow, tag("bpmn:conditionExpression"), {tag("xsi:type"): "bpmn:tFormalExpression"}
                ).text = condition
        for holder, source, target in self.associations:
            id = f"{source}__to__{target}"
            ends = {"id": id, "sourceRef": source, "targetRef": target, "associationDirection": "One"}
            ET.SubElement(holder, tag("bpmn:association"), ends)
            self.edges.append(Edge(id, source, target))
        self._name_flows()
        process.extend(element_of(each) for each in others.get("elements", ()) if _sort(each) not in FIRST)
        self.root.extend(element_of(each) for each in others.get("around", ()))
        self.root.extend(self.meaning.named.values())
        self.root.append(process)
        names = {flow["id"]: flow["name"] for _, flow, _ in self.flows if "name" in flow}
        edges = named(self.edges, names)
        self.root.append(diagram(self.name, self.shapes, edges, others.get(DRAWING, {})))
        drawn(others.get("elements", ()), self.root[-1][0])
        return written(self.root)

    def _outermost_first(self) -> Iterable[Node]:
        waiting, placed = list(self.document["nodes"]), {""}
        while waiting:
            ready = [each for each in waiting if each.get("in", "") in placed]
            if not ready:
                return
            yield from ready
            placed |= {each["id"] for each in ready}
            waiting = [each for each in waiting if each not in ready]

    def _node(self, node: Node) -> None:
        """The element of one node, with what is caught on it and the arrows that leave it."""
        element, sort = self._element_of(node)
        holder = self.holders[node.get("in", "")]
        own = ET.SubElement(holder, tag(f"bpmn:{element}"), id=node["id"])
        words = self._words(node.get("title"))
        if words:
            own.set("name", words)
        self._extension(own, "node", node)
        say(own, node.get(KEY, {}))
        self.holders[node["id"]] = own
        holds = node["type"] in ("scope", "handler")
        aside = node["type"] == "handler"
        self.shapes.append(Shape(node["id"], sort, node.get("in", ""), holds=holds, aside=aside))
        _meaning(self, node, own)
        exits = {exit: target for exit, (_, target) in self.exits(node).items()}
        caught = {exit: target for exit, target in exits.items() if exit.startswith("on")}
        plain = {exit: target for exit, target in exits.items() if exit not in caught}
        if node["type"] == "wait" and element == "eventBasedGateway":
            self._waiting(node, holder, plain)
        elif len(plain) > 1 and node["type"] not in GATEWAYS:
            self._which(node, holder, plain)
        else:
            for exit, target in plain.items():
                condition = self._condition(node, exit)
                self._flow(holder, node["id"], target, node["id"], exit, condition)
                if exit == "otherwise":
                    own.set("default", self.flows[-1][1]["id"])
                if called := self._words(way_of(node, exit).get("title")):
                    self.flows[-1][1]["name"] = called
        for index, each in enumerate(node.get("on", ())):
            self._boundary(node, holder, each, f"on{index}", caught[f"on{index}"])

    def _element_of(self, node: Node) -> tuple[str, str]:
        element, sort = ELEMENTS.get(node["type"], ("serviceTask", "activity"))
        if node["type"] == "join" and node.get("waits_for") == "active":
            element = "inclusiveGateway"
        if node["type"] == "wait" and len(self.exits({**node, "on": []})) > 1:
            element, sort = "eventBasedGateway", "gateway"
        if node.get("on") and sort != "activity":
            element, sort = ("receiveTask" if node["type"] == "wait" else "serviceTask"), "activity"
        return element, sort

    def _which(self, node: Node, holder: ET.Element, exits: Mapping[str, str]) -> None:
        """Several ways out of an activity would be a split: a gateway stands between."""
        gateway = f"{node['id']}__which"
        ET.SubElement(holder, tag("bpmn:exclusiveGateway"), id=gateway)
        self.shapes.append(Shape(gateway, "gateway", node.get("in", "")))
        self._flow(holder, node["id"], gateway, node["id"], "")
        for exit, target in exits.items():
            self._flow(holder, gateway, target, node["id"], exit, f'outcome = "{exit}"')

    def _waiting(self, node: Node, holder: ET.Element, exits: Mapping[str, str]) -> None:
        for exit, target in exits.items():
            id = f"{node['id']}__{exit}"
            event = ET.SubElement(holder, tag("bpmn:intermediateCatchEvent"), id=id)
            self.meaning.define(event, node if exit == "to" else node["events"][int(exit)])
            self.shapes.append(Shape(id, "event", node.get("in", "")))
            self._flow(holder, node["id"], id, node["id"], "", name=f"{id}__before")
            self._flow(holder, id, target, node["id"], exit)

    def _boundary(self, node: Node, holder: ET.Element, caught: Mapping[str, Any], exit: str, target: str) -> None:
        id = f"{node['id']}__{exit}"
        cancels = "true" if caught.get("interrupts", True) else "false"
        event = ET.SubElement(
            holder, tag("bpmn:boundaryEvent"), id=id, attachedToRef=node["id"], cancelActivity=cancels
        )
        if self._words(caught.get("title")):
            event.set("name", self._words(caught.get("title")))
        self.meaning.define(event, caught)
        self.shapes.append(Shape(id, "event", node.get("in", ""), on=node["id"]))
        self._flow(holder, id, target, node["id"], exit)

    def _flow(
        self, holder: ET.Element, source: str, target: str, of: str, exit: str, condition: str = "", name: str = ""
    ) -> None:
        id = name or f"{of}__{exit or 'then'}__flow"
        target = self.merges.get(flow_key(of, exit), target)
        attributes = {"id": id, "sourceRef": source, "targetRef": target}
        if exit:
            attributes |= {tag("lowcode:of"): of, tag("lowcode:exit"): exit}
        self.flows.append((holder, attributes, condition))
        self.edges.append(Edge(id, source, target))

    def _merge(self, id: str) -> None:
        """Ways of which only one brings a token meet before a join, or it would wait for all of them elsewhere."""
        join = id.partition("__")[0]
        node = next(each for each in self.document["nodes"] if each["id"] == join)
        holder = self.holders[node.get("in", "")]
        ET.SubElement(holder, tag("bpmn:exclusiveGateway"), id=id)
        self.shapes.append(Shape(id, "gateway", node.get("in", "")))
        self._flow(holder, id, join, join, "", name=f"{id}__then")

    def _condition(self, node: Node, exit: str) -> str:
        return str(way_of(node, exit).get("when", ""))

    def _undoes(self, node: Node) -> None:
        undone, id = str(node["undoes"]), f"{node['undoes']}__undo"
        holder = self.holders[node.get("in", "")]
        event = ET.SubElement(holder, tag("bpmn:boundaryEvent"), id=id, attachedToRef=undone)
        ET.SubElement(event, tag("bpmn:compensateEventDefinition"))
        self.shapes.append(Shape(id, "event", node.get("in", ""), on=undone))
        self.associations.append((holder, id, node["id"]))

    def _name_flows(self) -> None:
        """Every element names the flows that come and go, before what it means; the standard wants it in this order."""
        elements = {str(each.get("id")): each for holder in self.holders.values() for each in holder}
        for _, flow, _ in self.flows:
            for side, end in (("outgoing", "sourceRef"), ("incoming", "targetRef")):
                element = elements[flow[end]]
                at = next((i + 1 for i, child in enumerate(element) if child.tag == tag("bpmn:extensionElements")), 0)
                if side == "outgoing":
                    at += sum(child.tag == tag("bpmn:incoming") for child in element)
                named = ET.Element(tag(f"bpmn:{side}"))
                named.text = flow["id"]
                element.insert(at, named)

    def _extension(self, element: ET.Element, name: str, data: Mapping[str, Any]) -> None:
        holder = ET.SubElement(element, tag("bpmn:extensionElements"))
        ET.SubElement(holder, tag(f"lowcode:{name}")).text = json.dumps(data, ensure_ascii=False)

    def _words(self, text: Any) -> str:
        return localized(text, self.locale) if text else ""


def _meaning(export: _Export, node: Node, own: ET.Element) -> None:
    """What the standard can say of a node beside its name."""
    match node["type"]:
        case "start" if not node.get("in"):
            start = export.document.get("start", {})
            named = {start["on"]: start["name"]} if start.get("on") in ("message", "signal") else {}
            export.meaning.define(own, named or {"schedule": start.get("schedule")})
        case "start":
            around: Node = next((each for each in export.document["nodes"] if each["id"] == node["in"]), {})
            export.meaning.define(own, around.get("event") or {})
            if around.get("event", {}) and not around["event"].get("interrupts", True):
                own.set("isInterrupting", "false")
        case "end":
            export.meaning.define(own, node)
            if len(own) == 1 and node.get("stops", "flow" if node.get("outcome") == "rejected" else "") == "flow":
                ET.SubElement(own, tag("bpmn:terminateEventDefinition"))
        case "throw" | "wait" if own.tag != tag("bpmn:eventBasedGateway"):
            export.meaning.define(own, node["events"][0] if len(node.get("events", ())) == 1 else node)
        case "flow":
            own.set("calledElement", str(node["flow"]))
        case "approve" | "task" if "loop" in node.get(KEY, {}):
            own.append(element_of(node[KEY]["loop"]))
        case "approve" | "task" if _several(node):
            sequential = "true" if node.get("mode") == "in_order" else "false"
            ET.SubElement(own, tag("bpmn:multiInstanceLoopCharacteristics"), isSequential=sequential)
        case "set":
            own.set("scriptFormat", "lowcode")
            script = "\n".join(f"{name} = {text}" for name, text in node.get("values", {}).items())
            ET.SubElement(own, tag("bpmn:script")).text = script
        case "handler" if node.get("undoes"):
            own.set("isForCompensation", "true")
            export._undoes(node)
        case "handler":
            own.set("triggeredByEvent", "true")


def _several(node: Node) -> bool:
    """Whether several people do it, and not one for all."""
    return bool(node.get("mode", "all" if node["type"] == "approve" else "any") != "any")
