"""A small interpreter of BPMN, written from the standard and knowing nothing of the engine: the second referee, for
what SpiffWorkflow is wrong about (joins in loops).

It reads the XML of a model: start and end events (terminate), user tasks with several instances, exclusive, parallel
and inclusive gateways, sub-processes, scripts. Conditions are Python.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from lxml import etree

Scope = tuple[int, ...]


class Referee:
    """One instance of a process."""

    def __init__(self, xml: bytes, data: dict[str, Any]) -> None:
        process = next(etree.fromstring(xml).iter("{*}process"))
        self.data = data
        self.elements = {each.get("id"): each for each in process.iter("{*}*") if each.get("id")}
        self.flows = {id: each for id, each in self.elements.items() if self._is(each, "sequenceFlow")}
        self.out: dict[str, list[str]] = {id: [] for id in self.elements}
        self.into: dict[str, list[str]] = {id: [] for id in self.elements}
        for id, flow in self.flows.items():
            self.out[flow.get("sourceRef")].append(id)
            self.into[flow.get("targetRef")].append(id)
        self.waiting: Counter[tuple[Scope, str]] = Counter()
        """Tokens on arrows before a join, by scope."""
        self.open: list[tuple[Scope, str, int, int]] = []
        """User tasks that are asked: where, which, how many instances are still to be done, and its own number."""
        self.scopes: dict[Scope, str] = {}
        self.count = 0
        self._begin(process, ())
        self._settle()

    @staticmethod
    def _is(element: Any, *names: str) -> bool:
        return etree.QName(element).localname in names

    def _begin(self, holder: Any, scope: Scope) -> None:
        start = next(each for each in holder if self._is(each, "startEvent"))
        self._leave(scope, start.get("id"))

    def _leave(self, scope: Scope, id: str) -> None:
        for flow in self.out[id]:
            self._arrive(scope, flow)

    def _arrive(self, scope: Scope, flow: str) -> None:
        id = self.flows[flow].get("targetRef")
        element = self.elements[id]
        if self._is(element, "parallelGateway"):
            self.waiting[scope, flow] += 1
            if all(self.waiting[scope, each] for each in self.into[id]):
                self.waiting.subtract((scope, each) for each in self.into[id])
                self._leave(scope, id)
        elif self._is(element, "inclusiveGateway") and len(self.into[id]) > 1:
            self.waiting[scope, flow] += 1
        elif self._is(element, "inclusiveGateway", "exclusiveGateway"):
            self._choose(scope, element)
        elif self._is(element, "endEvent"):
            self._end(scope, element)
        elif self._is(element, "userTask"):
            several = element.find("{*}multiInstanceLoopCharacteristics")
            self.count += 1
            left = 1 if several is None else int(several.findtext("{*}loopCardinality"))
            self.open.append((scope, id, left, self.count))
        elif self._is(element, "subProcess"):
            self.count += 1
            inside = (*scope, self.count)
            self.scopes[inside] = id
            self._begin(element, inside)
        elif self._is(element, "scriptTask"):
            exec(element.findtext("{*}script"), {}, self.data)  # noqa: S102  (scripts of our own tests)
            self._leave(scope, id)
        else:
            raise AssertionError(f"{element.tag} is not judged here")

    def _end(self, scope: Scope, element: Any) -> None:
        if element.find("{*}terminateEventDefinition") is not None:
            self._drop(scope)

    def _choose(self, scope: Scope, element: Any) -> None:
        """The first that holds, or all of them; else the default."""
        default = element.get("default")
        held = [
            flow for flow in self.out[element.get("id")]
            if flow != default and self._holds(self.flows[flow].findtext("{*}conditionExpression"))
        ]  # fmt: skip
        taken = held[:1] if self._is(element, "exclusiveGateway") else held
        for flow in taken or [default]:
            self._arrive(scope, flow)

    def _holds(self, condition: str | None) -> bool:
        return condition is None or bool(eval(condition, {}, self.data))  # noqa: S307  (as above)

    def _drop(self, scope: Scope) -> None:
        size = len(scope)
        self.open = [each for each in self.open if each[0][:size] != scope]
        self.waiting = Counter({key: count for key, count in self.waiting.items() if key[0][:size] != scope})
        self.scopes = {key: id for key, id in self.scopes.items() if key[:size] != scope or key == scope}

    def _settle(self) -> None:
        """Inclusive joins fire when nothing can come any more, scopes end when nothing is inside."""
        while self._fire() or self._close():
            pass

    def _close(self) -> bool:
        for scope, id in sorted(self.scopes.items(), key=lambda item: -len(item[0])):
            standing = [at for at, *_ in self.open] + [at for (at, _), count in self.waiting.items() if count]
            inside = [at for at in standing if at[: len(scope)] == scope]
            deeper = [each for each in self.scopes if len(each) > len(scope) and each[: len(scope)] == scope]
            if not inside and not deeper:
                del self.scopes[scope]
                self._leave(scope[:-1], id)
                return True
        return False

    def _fire(self) -> bool:
        for (scope, flow), count in list(self.waiting.items()):
            id = self.flows[flow].get("targetRef")
            if not count or not self._is(self.elements[id], "inclusiveGateway"):
                continue
            filled = {each for each in self.into[id] if self.waiting[scope, each]}
            if not any(self._still(at, id, filled) for at in self._others(scope, id)):
                self.waiting.subtract((scope, each) for each in filled)
                out = self.elements[id]
                self._choose(scope, out) if len(self.out[id]) > 1 else self._leave(scope, id)
                return True
        return False

    def _others(self, scope: Scope, join: str) -> list[str]:
        """Where other tokens of the scope stand: as elements."""
        found = [id for at, id, *_ in self.open if at == scope]
        found += [id for at, id in self.scopes.items() if at[:-1] == scope]
        targets = [self.flows[flow].get("targetRef") for (at, flow), n in self.waiting.items() if n and at == scope]
        return found + [each for each in targets if each != join]

    def _ways(self, id: str) -> list[str]:
        """The arrows by which a token may leave an element."""
        return self.out[id]

    def _still(self, at: str, join: str, filled: set[str]) -> bool:
        """Whether a token can come from there to an arrow that has none, and to none that has one."""
        reached: set[str] = set()
        passed, waiting = {join}, [at]
        while waiting:
            id = waiting.pop()
            for flow in self._ways(id):
                target = self.flows[flow].get("targetRef")
                if target == join:
                    reached.add(flow)
                if target not in passed:
                    passed.add(target)
                    waiting.append(target)
        return bool(reached - filled) and not reached & filled

    # -- what people do -----------------------------------------------------------------------------------------------

    @property
    def asked(self) -> Counter[str]:
        """How many instances of which user task are asked now: of one after the other only the next."""
        found: Counter[str] = Counter()
        for _, id, left, _ in self.open:
            several = self.elements[id].find("{*}multiInstanceLoopCharacteristics")
            found[id] += 1 if several is not None and several.get("isSequential") == "true" else left
        return found

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return not self.open and not self.scopes and not +self.waiting

    def complete(self, id: str, said: dict[str, Any]) -> None:
        """One instance of a user task is done."""
        index = next(index for index, each in enumerate(self.open) if each[1] == id)
        scope, _, left, number = self.open.pop(index)
        self.data.update(said)
        if left > 1 and not said.get(f"stop_{id}"):
            self.open.insert(index, (scope, id, left - 1, number))
        else:
            self._leave(scope, id)
        self._settle()
