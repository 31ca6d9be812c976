"""`start_flow`: begin a flow on the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.kernel.definitions.documents import Part
from lowcode.rules.actions.kind import Action, Effect, Firing, Site


class StartFlowOptions(Part):
    """The flow."""

    flow: str


@dataclass(frozen=True, slots=True)
class FlowStart:
    """A flow to be begun on a record."""

    flow: str
    record: int | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"start_flow": self.flow, "record": self.record}

    def apply(self, firing: Firing) -> None:
        """Begin it."""
        firing.context.ask("flows.start", flow=self.flow, id=self.record)


@dataclass(frozen=True, slots=True)
class StartFlowAction:
    """A flow."""

    flow: str
    kind: str = "start_flow"
    needs: tuple[Any, ...] = ()

    def effect(self, firing: Firing) -> Effect:
        """The flow on this record."""
        return FlowStart(self.flow, firing.record_id)


class StartFlowKind:
    """The kind `start_flow`."""

    name = "start_flow"
    options = StartFlowOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: StartFlowOptions, site: Site) -> Action | None:
        """The flow must exist."""
        if not site.knows("flow", options.flow, "/flow"):
            return None
        if site.form is None:
            site.refuse("needs-form", "/flow")
            return None
        return StartFlowAction(options.flow)


START_FLOW = StartFlowKind()
