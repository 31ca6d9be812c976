"""Elements that were drawn elsewhere, understood as nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lowcode.flows.bpmn.drawn import Drawn
from lowcode.flows.bpmn.programs import PROGRAMS, program_of
from lowcode.flows.bpmn.said import condition_of, event_of, free, plain, thrown_by
from lowcode.flows.bpmn.xml import CAMUNDA, Element

TASKS = ("userTask", "task", "manualTask")
GATEWAYS = ("exclusiveGateway", "inclusiveGateway", "parallelGateway")
SCOPES = ("subProcess", "transaction", "adHocSubProcess")
STARTER = ("${initiator}", "#{initiator}", "${starter}")


class Foreign(Drawn):
    """The elements of a process that did not come from here."""

    def nodes(self) -> list[dict[str, Any]]:
        """Every node, in the order of the elements."""
        consumed = self._after_event_gateways()
        for id in self.names:
            element = self.whole.elements[id]
            if id not in consumed and element.name != "boundaryEvent":
                self._element(element)
        for node in self.made:
            if node["type"] in ("scope", "handler") and not any(
                e["type"] == "start" and e.get("in") == node["id"] for e in self.made
            ):
                self._begin(node)
        return self.made

    def begins(self) -> dict[str, Any]:
        """What begins the process, by the event on its start: a message, a signal, or the clock; else somebody."""
        for id in self.names:
            element = self.whole.elements[id]
            if element.name == "startEvent" and not self.whole.levels[id]:
                event = event_of(self.whole, element, start=True)
                for key in ("message", "signal"):
                    if key in event:
                        return {"on": key, "name": event[key]}
                if "schedule" in event:
                    return {"on": "schedule", "schedule": event["schedule"]}
        return {"on": "manual"}

    def _begin(self, node: dict[str, Any]) -> None:
        """A scope without a start begins at what nothing leads to."""
        inside = [each for each in self.made if each.get("in") == node["id"]]
        led = {to for each in inside for to in _targets(each)}
        first = [each["id"] for each in inside if each["id"] not in led]
        if first:
            self._add("start", f"{node['id']}_start", node["id"], to=first[0])

    def _element(self, element: Element) -> None:
        id, level = self.names[element.id], self._level(element)
        common = self._title(element)
        match element.name:
            case "startEvent":
                self._add("start", id, level, **common, to=self._next(element))
            case "endEvent":
                self._add("end", id, level, **common, **thrown_by(self.whole, element, self.names, end=True))
            case "intermediateThrowEvent":
                thrown = thrown_by(self.whole, element, self.names)
                if thrown:
                    self._add("throw", id, level, **common, **thrown, to=self._next(element))
                else:  # a milestone: nothing happens there
                    self._add("join", id, level, **common, waits_for="active", to=self._next(element))
            case "intermediateCatchEvent" | "receiveTask":
                self._wait(element, id, level, common)
            case "eventBasedGateway":
                self._events(element, id, level, common)
            case name if name in GATEWAYS:
                self._gateway(element, id, level, common)
            case name if name in TASKS:
                self._task(element, id, level, common)
            case name if name in PROGRAMS:
                self._program(element, id, level, common)
            case "callActivity":
                called = plain(element.attributes.get("calledElement", ""))
                keys = {**common, "flow": called, "to": self._next(element), **self._caught(element)}
                self._add("flow", id, level, **keys)
            case name if name in SCOPES:
                self._scope(element, id, level, common)
            case _:
                self.whole.say("not-supported", element)

    def _task(self, element: Element, id: str, level: str, common: dict[str, Any]) -> None:
        people = _people(element)
        if not people:
            self.whole.say("nobody-named", element)
        keys: dict[str, Any] = {"assignees": people or ["starter"]}
        several = element.first("multiInstanceLoopCharacteristics")
        if several is not None:
            keys["mode"] = "in_order" if several.attributes.get("isSequential") == "true" else "all"
        documented = element.first("documentation")
        if documented is not None and documented.text.strip():
            keys["help"] = documented.text.strip()
        self._add("task", id, level, **common, **keys, to=self._next(element), **self._caught(element))

    def _program(self, element: Element, id: str, level: str, common: dict[str, Any]) -> None:
        type, keys = program_of(self.whole, element)
        if element.first("multiInstanceLoopCharacteristics") is not None:
            self.whole.say("done-once", element)
        self._add(type, id, level, **{**common, **keys}, to=self._next(element), **self._caught(element))

    def _scope(self, element: Element, id: str, level: str, common: dict[str, Any]) -> None:
        if element.name != "subProcess":
            self.whole.say("not-supported", element)
        if element.attributes.get("triggeredByEvent") == "true":
            start = next((each for each in element.bpmn("startEvent")), None)
            event = event_of(self.whole, start) if start is not None else {}
            if start is not None and start.attributes.get("isInterrupting") == "false":
                event["interrupts"] = False
            self._add("handler", id, level, **common, event=event)
        else:
            self._add("scope", id, level, **common, to=self._next(element), **self._caught(element))

    def _gateway(self, element: Element, id: str, level: str, common: dict[str, Any]) -> None:
        out = self.out.get(element.id, [])
        joins = element.name != "exclusiveGateway" and self.into.get(element.id, 0) > 1
        if joins:
            onward = self._split(element, f"{id}_split", level, out) if len(out) > 1 else self._next(element)
            active = {"waits_for": "active"} if element.name == "inclusiveGateway" else {}
            self._add("join", id, level, **common, **active, to=onward)
        else:
            self._split(element, id, level, out, **common)

    def _split(self, element: Element, id: str, level: str, out: list[Element], **common: Any) -> str:
        if element.name == "parallelGateway" and len(out) > 1:
            self._add("parallel", id, level, **common, to=[self._to(flow) for flow in out])
            return id
        default = element.attributes.get("default", "")
        ways = [flow for flow in out if flow.id != default and flow.first("conditionExpression") is not None]
        rest = [flow for flow in out if flow not in ways]
        type = "inclusive" if element.name == "inclusiveGateway" else "branch"
        if not ways:  # nothing is chosen: a token passes
            self._add("join", id, level, **common, waits_for="active", to=self._next(element, out[:1]))
            for flow in rest[1:]:
                self.whole.say("not-supported", flow)
            return id
        branches = [
            {"when": condition_of(self.whole, flow), **self._title(flow), "to": self._to(flow)} for flow in ways
        ]
        otherwise = {"otherwise": self._to(rest[0])} if rest else {}
        for flow in rest[1:]:
            self.whole.say("not-supported", flow)
        self._add(type, id, level, **common, branches=branches, **otherwise)
        return id

    def _wait(self, element: Element, id: str, level: str, common: dict[str, Any]) -> None:
        event = {"message": free(element.attributes.get("name") or id)} if element.name == "receiveTask" else {}
        event |= event_of(self.whole, element)
        onward = self._next(element)
        if "for" in event or "until" in event:
            self._add("wait", id, level, **common, **event, to=onward)
        elif "message" in event or "when" in event:
            self._add("wait", id, level, **common, events=[{**event, "to": onward}])
        elif "signal" in event:  # a wait listens to messages: a task without people does not exist, so a scope holds it
            self.whole.say("not-supported", element)
            self._add("join", id, level, **common, waits_for="active", to=onward)
        else:
            self.whole.say("not-supported", element)
            self._add("join", id, level, **common, waits_for="active", to=onward)

    def _events(self, element: Element, id: str, level: str, common: dict[str, Any]) -> None:
        events: list[dict[str, Any]] = []
        timed: dict[str, Any] = {}
        for flow in self.out.get(element.id, []):
            caught = self.whole.elements.get(flow.attributes.get("targetRef", ""))
            if caught is None or caught.id not in self.names:
                self.whole.say("not-supported", flow)
                continue
            event, onward = event_of(self.whole, caught), self._next(caught)
            if caught.name == "receiveTask":
                event = {"message": free(caught.attributes.get("name") or caught.id), **event}
            if ("for" in event or "until" in event) and not timed:
                timed = {**event, "to": onward}
            elif "message" in event or "when" in event:
                events.append({**event, **self._title(caught), "to": onward})
            else:
                self.whole.say("not-supported", caught)
        self._add("wait", id, level, **common, **timed, **({"events": events} if events else {}))

    def _after_event_gateways(self) -> set[str]:
        gateways = [id for id in self.names if self.whole.elements[id].name == "eventBasedGateway"]
        return {flow.attributes.get("targetRef", "") for id in gateways for flow in self.out.get(id, [])}

    def _caught(self, element: Element) -> dict[str, Any]:
        """What is caught on an activity."""
        found = []
        for each in self.beside.get(element.id, ()):
            event = event_of(self.whole, each, boundary=True)
            if not event:
                self.whole.say("not-supported", each)
                continue
            beside = {"interrupts": False} if each.attributes.get("cancelActivity") == "false" else {}
            found.append({**event, **beside, **self._title(each), "to": self._next(each)})
        return {"on": found} if found else {}


def _people(element: Element) -> list[dict[str, str] | str]:
    found: list[dict[str, str] | str] = []
    for space in CAMUNDA:
        assignee = element.attributes.get(f"{space} assignee", "")
        if assignee in STARTER:
            found.append("starter")
        elif assignee and "{" not in assignee:
            found.append({"user": assignee})
        for key, word in (("candidateUsers", "user"), ("candidateGroups", "role")):
            names = element.attributes.get(f"{space} {key}", "").split(",")
            found += [{word: plain(name)} for name in names if name.strip() and "{" not in name]
    return found


def _targets(node: dict[str, Any]) -> Iterator[str]:
    for key in ("to", "otherwise"):
        value = node.get(key)
        yield from value if isinstance(value, list) else [value] if value else []
    for key in ("branches", "events", "on"):
        for each in node.get(key, ()):
            yield each["to"]
