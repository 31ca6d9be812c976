"""A flow out of BPMN 2.0 XML. What came from here comes back as it was, with the arrows, names and boxes as they are
drawn now; the rest is understood as far as the engine has a counterpart, with findings about what has none."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.flows.bpmn.diagnostics import MESSAGES
from lowcode.flows.bpmn.drawn import Drawn
from lowcode.flows.bpmn.foreign import Foreign
from lowcode.flows.bpmn.kept import KEY, around, beside, said_by
from lowcode.flows.bpmn.merges import Exits
from lowcode.flows.bpmn.placing import DRAWING, drawing_of
from lowcode.flows.bpmn.said import free, way_of
from lowcode.flows.bpmn.xml import BPMN, LOWCODE, BadXml, Element, read
from lowcode.kernel.diagnostics import Place, Report
from lowcode.kernel.registry import UnknownKind

INSIDE = ("subProcess", "transaction", "adHocSubProcess")
NOT_NODES = frozenset({
    "extensionElements", "sequenceFlow", "association", "incoming", "outgoing", "documentation", "laneSet",
    "ioSpecification", "dataObject", "dataObjectReference", "dataStoreReference", "textAnnotation", "group",
    "property", "artifact", "multiInstanceLoopCharacteristics", "standardLoopCharacteristics",
})  # fmt: skip


def from_bpmn(
    data: bytes, exits: Exits, *, form: str = "", process: str = "", file: str = "model.bpmn"
) -> tuple[dict[str, Any] | None, Report]:
    """The document of a flow, and what is to be said of it; no document when the model cannot be read."""
    report = Report()
    try:
        root = read(data)
    except BadXml as bad:
        report.add(MESSAGES.diagnostic("unreadable", Place(file, line=bad.line), reason=str(bad)))
        return None, report
    found = _process(root, process, Place(file, line=root.line), report)
    if found is None:
        return None, report
    return _Import(root, found, exits, form, file, report).document(), report


def _process(root: Element, wanted: str, place: Place, report: Report) -> Element | None:
    processes = [] if (root.space, root.name) != (BPMN, "definitions") else list(root.bpmn("process"))
    fitting = [each for each in processes if not wanted or wanted in (each.id, each.attributes.get("name"))]
    if not fitting:
        known = [each.id for each in processes]
        report.add(MESSAGES.diagnostic("no-process", place, seen=wanted, known=known))
        return None
    runs = [each for each in fitting if each.attributes.get("isExecutable") == "true"] or fitting
    if len(fitting) > 1:
        report.add(MESSAGES.diagnostic("several-processes", place, seen=runs[0].id, count=len(fitting)))
    return runs[0]


def kept(element: Element, name: str) -> Any:
    """What we wrote beside an element; None where we did not, or somebody spoilt it."""
    for extension in element.bpmn("extensionElements"):
        for each in extension.children:
            if (each.space, each.name) == (LOWCODE, name):
                try:
                    return json.loads(each.text)
                except (ValueError, RecursionError):
                    return None
    return None


class _Import:
    """One process on its way in."""

    def __init__(
        self, root: Element, process: Element, exits: Exits, form: str, file: str, report: Report
    ) -> None:  # fmt: skip
        self.root, self.process, self.exits, self.form = root, process, exits, form
        self.file, self.report = file, report
        self.levels: dict[str, str] = {}
        self.elements: dict[str, Element] = {}
        self.flows: list[Element] = []
        self._gather(process, "")
        self.nodes: dict[str, dict[str, Any]] = {}
        for id, element in self.elements.items():
            node = kept(element, "node")
            if isinstance(node, dict) and node.get("id") == id and self._known(node, element):
                self.nodes[id] = self._as_drawn(node, element)

    def _gather(self, holder: Element, level: str) -> None:
        for each in holder.bpmn():
            if each.name == "sequenceFlow":
                self.flows.append(each)
            elif each.name not in NOT_NODES and each.id:
                self.elements[each.id] = each
                self.levels[each.id] = level
                if each.name in INSIDE:
                    self._gather(each, each.id)

    def _known(self, node: Mapping[str, Any], element: Element) -> bool:
        """Whether what stands beside an element is a step of a kind that is here: somebody may have written anything,
        or come from where there are more kinds. Else the element is understood by how it is drawn."""
        try:
            self.exits(node)
        except (UnknownKind, ValueError, LookupError, TypeError) as error:
            reason = str(error).splitlines()[0] if isinstance(error, UnknownKind) else type(error).__name__
            self.say("spoilt", element, reason=reason)
            return False
        return True

    def _flow(self) -> dict[str, Any] | None:
        """What was written of the flow as a whole; None where there is none, or not a flow."""
        flow = kept(self.process, "flow")
        if not isinstance(flow, dict):
            return None
        sorts = {"name": str, "nodes": list, KEY: dict}
        wrong = [key for key, sort in sorts.items() if key in flow and not isinstance(flow[key], sort)]
        if wrong:
            self.say("spoilt", self.process, reason=", ".join(wrong))
            return None
        return flow

    def document(self) -> dict[str, Any]:
        """The flow."""
        flow = self._flow()
        whole = dict(flow or {})
        order = [id for id in whole.pop("nodes", []) if isinstance(id, str) and id in self.nodes]
        name = self.process.attributes.get("name", "")
        whole.setdefault("name", free(self.process.id or name))
        if name and name not in _texts(whole.get("title")):
            whole["title"] = name
        if self.form or "form" not in whole:
            whole["form"] = self.form
        foreign = {id for id in self.elements if id not in self.nodes and self._base(id) is None}
        drawn = Foreign(self, foreign) if foreign else None
        self._arrows(drawn)
        new = drawn.nodes() if drawn is not None else []
        others = said_by(self.process)
        stand = beside(self.process, drawn.names if drawn is not None else {}, self.root)
        outside = around(self.root, self.process, whole["name"])
        kept_here = {**others, **({"elements": stand} if stand else {}), **({"around": outside} if outside else {})}
        known = [self.nodes[id] for id in (*order, *(id for id in self.nodes if id not in order))]
        if not known or DRAWING in whole.get(KEY, {}):  # else it stands as we draw it
            named = [each["id"] for each in (*known, *new)]
            drawing = drawing_of(self.root, named, self.flows, lambda id: drawn.entry(id) if drawn is not None else id)
            kept_here |= {DRAWING: drawing} if drawing else {}
        whole.pop(KEY, None)
        if kept_here:
            whole[KEY] = kept_here
        if "start" not in whole and flow is None:
            whole["start"] = drawn.begins() if drawn is not None else {"on": "manual"}
        return {**whole, "nodes": [*known, *new]}

    def _as_drawn(self, node: dict[str, Any], element: Element) -> dict[str, Any]:
        """A node as we wrote it, with its name and its box as they are now."""
        name, level = element.attributes.get("name", ""), self.levels[element.id]
        if name and name not in _texts(node.get("title")):
            node["title"] = name
        node.pop(KEY, None)
        if others := said_by(element):
            node[KEY] = others
        if node.get("in", "") != level:
            node.pop("in", None)
            if level:
                node["in"] = level
        return node

    def _base(self, id: str) -> str | None:
        """The node that a helping element (a gateway or an event beside it) belongs to."""
        base = id.partition("__")[0]
        return base if "__" in id and base in self.nodes else None

    def target(self, id: str, drawn: Drawn | None) -> str:
        """The node an arrow to this element leads to."""
        if id in self.nodes:
            return id
        base = self._base(id)
        return base or (drawn.entry(id) if drawn is not None else id)

    def _arrows(self, drawn: Drawn | None) -> None:
        met: set[tuple[str, str]] = set()
        for flow in self.flows:
            of, exit = flow.own("of"), flow.own("exit")
            source, to = flow.attributes.get("sourceRef", ""), flow.attributes.get("targetRef", "")
            if not of and (source in self.nodes or self._base(source)):
                if self._base(to) == (source if source in self.nodes else self._base(source)):
                    continue
                of, exit = source, "to"
            if of in self.nodes:
                pointers = self.exits(self.nodes[of])
                if exit in pointers:
                    _put(self.nodes[of], pointers[exit][0], self.target(to, drawn))
                    _call(way_of(self.nodes[of], exit), flow)
                    met.add((of, exit))
                else:
                    self.say("arrow-nowhere", flow, of=of)
        for id, node in self.nodes.items():
            for exit in self.exits(node):
                if (id, exit) not in met:
                    self.say("exit-without-arrow", self.elements[id], exit=exit)

    def say(self, key: str, element: Element, **values: Any) -> None:
        """A finding about an element."""
        seen = element.attributes.get("name") or element.id
        shown = {"seen": seen, "element": element.name, **values}
        self.report.add(MESSAGES.diagnostic(key, Place(self.file, f"#{element.id}", element.line), **shown))

    def named(self, word: str, id: str) -> str:
        """The name of a message, a signal, an error or an escalation by the id of its element."""
        for each in self.root.bpmn(word):
            if each.id == id:
                code = each.attributes.get(f"{word}Code") or each.attributes.get("name")
                return code if word in ("error", "escalation") and code else free(code or id)
        return free(id) if id else ""


def _call(way: dict[str, Any], flow: Element) -> None:
    """A way out of a branch is called as its arrow is now."""
    name = flow.attributes.get("name", "")
    if way and name and name not in _texts(way.get("title")):
        way["title"] = name


def _texts(title: Any) -> Iterator[str]:
    return iter(title.values()) if isinstance(title, Mapping) else iter([title] if title else [])


def _put(node: Any, pointer: str, value: str) -> None:
    """Set what stands at a pointer."""
    *path, last = pointer.strip("/").split("/")
    for part in path:
        node = node[int(part)] if isinstance(node, list) else node[part]
    node[int(last) if isinstance(node, list) else last] = value
