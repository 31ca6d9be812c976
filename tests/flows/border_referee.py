"""The referee of the standard, with boundary events: messages and timers, which somebody lets happen, errors and
escalations, which ends inside a sub-process throw; each interrupts its activity or goes on beside it.

An event that does not interrupt happens once while its activity lasts. An error or escalation goes outward to the first
sub-process on whose border it is caught; an error that nobody catches ends everything.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from lxml import etree

from tests.flows.referee import Referee, Scope

OUTSIDE = ("messageEventDefinition", "timerEventDefinition")
Activity = Scope | int
"""A sub-process by its scope, or a task by its number."""


class BorderReferee(Referee):
    """One instance of a process with events on borders."""

    def __init__(self, xml: bytes, data: dict[str, Any]) -> None:
        root = etree.fromstring(xml)
        self.borders: dict[str, list[Any]] = {}
        for each in root.iter("{*}boundaryEvent"):
            self.borders.setdefault(each.get("attachedToRef"), []).append(each)
        self.codes = {each.get("id"): each.get("name") for each in root if each.get("id")}
        self.fired: set[tuple[Activity, str]] = set()
        self.thrown: list[tuple[Scope, str, str]] = []
        super().__init__(xml, data)

    def _end(self, scope: Scope, element: Any) -> None:
        super()._end(scope, element)
        for what in ("error", "escalation"):
            thrown = element.find(f"{{*}}{what}EventDefinition")
            if thrown is not None:
                self.thrown.append((scope, what, self.codes[thrown.get(f"{what}Ref")]))

    def _settle(self) -> None:
        """What was thrown is heard before a sub-process in which nothing is left is over."""
        while self.thrown:
            self._caught(*self.thrown.pop(0))
        super()._settle()
        if self.thrown:
            self._settle()

    def _caught(self, scope: Scope, what: str, code: str) -> None:
        while scope in self.scopes:
            for event in self.borders.get(self.scopes[scope], ()):
                definition = event.find(f"{{*}}{what}EventDefinition")
                named = definition is not None and self.codes[definition.get(f"{what}Ref")] == code
                if named and (scope, event.get("id")) not in self.fired:
                    self._happen_on(scope, event)
                    return
            scope = scope[:-1]
        if what == "error":
            self.open, self.waiting, self.scopes = [], Counter(), {}

    def _happen_on(self, scope: Scope, event: Any) -> None:
        if event.get("cancelActivity") == "false":
            self.fired.add((scope, event.get("id")))
        else:
            self._drop(scope)
            del self.scopes[scope]
        self._leave(scope[:-1], event.get("id"))

    def _ways(self, id: str) -> list[str]:
        return [*self.out[id], *(flow for each in self.borders.get(id, ()) for flow in self.out[each.get("id")])]

    @property
    def awaited(self) -> Counter[str]:
        """The messages and timers that may happen now."""
        return Counter(event.get("id") for _, event in self._outside())

    def _outside(self) -> list[tuple[Activity, Any]]:
        here: list[tuple[Activity, str]] = [(number, id) for _, id, _, number in self.open]
        return [
            (activity, event)
            for activity, id in (*here, *self.scopes.items())
            for event in self.borders.get(id, ())
            if (activity, event.get("id")) not in self.fired
            and any(event.find(f"{{*}}{kind}") is not None for kind in OUTSIDE)
        ]

    def happen(self, id: str) -> None:
        """A message comes, or a time is up."""
        activity, event = next(each for each in self._outside() if each[1].get("id") == id)
        if isinstance(activity, tuple):
            self._happen_on(activity, event)
        else:
            scope = next(each[0] for each in self.open if each[3] == activity)
            if event.get("cancelActivity") == "false":
                self.fired.add((activity, id))
            else:
                self.open = [each for each in self.open if each[3] != activity]
            self._leave(scope, id)
        self._settle()
