"""A foreign drawing while nodes are made of it: the names elements get, the arrows between them, the nodes so far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowcode.flows.bpmn.kept import KEY, said_by
from lowcode.flows.bpmn.said import Names, condition_of, free
from lowcode.flows.bpmn.xml import Element

if TYPE_CHECKING:
    from lowcode.flows.bpmn.importing import _Import


class Drawn:
    """What all elements are made nodes with."""

    def __init__(self, whole: _Import, ids: set[str]) -> None:
        self.whole, self.ids = whole, ids
        self.names: dict[str, str] = {}
        taken = Names(whole.nodes)
        for id in whole.elements:
            if id in ids:
                self.names[id] = free(id, taken)
                taken.add(self.names[id])
        self.taken = taken
        self.others = {self.names[id]: said_by(whole.elements[id]) for id in self.names}
        self.beside: dict[str, list[Element]] = {}
        for element in whole.elements.values():
            if element.name == "boundaryEvent":
                self.beside.setdefault(element.attributes.get("attachedToRef", ""), []).append(element)
        self.out: dict[str, list[Element]] = {}
        self.into: dict[str, int] = {}
        for flow in whole.flows:
            self.out.setdefault(flow.attributes.get("sourceRef", ""), []).append(flow)
            to = flow.attributes.get("targetRef", "")
            self.into[to] = self.into.get(to, 0) + 1
        self.made: list[dict[str, Any]] = []

    def entry(self, id: str) -> str:
        """The node at which a token comes to an element."""
        return self.names.get(id, id)

    def _add(self, type: str, id: str, level: str, **keys: Any) -> dict[str, Any]:
        node = {"id": id, "type": type, **({"in": level} if level else {}), **keys}
        others = self.others.pop(id, {})
        if others:
            node[KEY] = others
        self.made.append(node)
        return node

    def _level(self, element: Element) -> str:
        around = self.whole.levels[element.id]
        return self.names.get(around, around)

    def _title(self, element: Element) -> dict[str, Any]:
        name = element.attributes.get("name", "").strip()
        return {"title": " ".join(name.split())} if name else {}

    def _to(self, flow: Element) -> str:
        return self.whole.target(flow.attributes.get("targetRef", ""), self)

    def _next(self, element: Element, out: list[Element] | None = None) -> str:
        """Where a token goes on: an end of its own where nothing follows, a split where several arrows leave."""
        out = self.out.get(element.id, []) if out is None else out
        id, level = self.names[element.id], self._level(element)
        if len(out) == 1:
            return self._to(out[0])
        name = free(f"{id}_end" if not out else f"{id}_split", self.taken)
        self.taken.add(name)
        if not out:
            self._add("end", name, level)
        elif any(flow.first("conditionExpression") is not None for flow in out):
            ways = [flow for flow in out if flow.first("conditionExpression") is not None]
            rest = [flow for flow in out if flow not in ways]
            branches = [{"when": condition_of(self.whole, flow), "to": self._to(flow)} for flow in ways]
            otherwise = {"otherwise": self._to(rest[0])} if rest else {}
            self._add("inclusive", name, level, branches=branches, **otherwise)
        else:
            self._add("parallel", name, level, to=[self._to(flow) for flow in out])
        return name
