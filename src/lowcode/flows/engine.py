"""The engine of the folder `flows`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel
from sqlalchemy import MetaData

from lowcode.flows import nodes
from lowcode.flows.compile import FlowReader
from lowcode.flows.facets import FACETS
from lowcode.flows.figures import declare_figures
from lowcode.flows.nodes.asking import reviewers
from lowcode.flows.operations import OPERATIONS, STAGES, FlowsPlan
from lowcode.flows.operations.designing import Designing
from lowcode.flows.operations.scheduled import timers
from lowcode.flows.operations.suspending import TIMER
from lowcode.flows.tables import metadata
from lowcode.kernel.contract import Handler, Operation, Stage, Timer
from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.registry import Kinds
from lowcode.kernel.scope import Scope


class Flows:
    """What a record goes through, step by step."""

    name = "flows"
    tables: MetaData | None = metadata

    def __init__(self, kinds: Kinds | None = None) -> None:
        known = Kinds.of(kinds, nodes.setup, reviewers.setup)
        self.reader = FlowReader(known["node"], known["reviewer"])
        self.documents: Mapping[str, type[BaseModel]] = {"flow": self.reader.model}

    def declare(self, documents: Documents, scope: Scope, report: Report) -> None:
        """Make the names of flows known, and what reports may ask of them."""
        scope.matters.add("flow")
        for source in documents.of("flows"):
            scope.declare("flow", source.name, source.data, source.place("/name"), report)
        declare_figures(documents.of("flows"), scope)

    def compile(self, documents: Documents, scope: Scope, report: Report) -> FlowsPlan:
        """Every flow."""
        found = (self.reader.flow(source, scope, report) for source in documents.of("flows"))
        return FlowsPlan({plan.name: plan for plan in found if plan is not None}, scope, self.reader)

    def operations(self) -> Iterable[Operation]:
        """What can be asked of flows."""
        return (*OPERATIONS, *FACETS, *Designing(self.reader.model).all())

    def stages(self) -> Iterable[Stage]:
        """The lock of a record in approval, and what begins a flow."""
        return STAGES

    def handlers(self, plan: FlowsPlan) -> Iterable[Handler | Timer]:
        """The times of flows that the clock begins, and a look for what lies unheard; all other time comes as jobs, and
        what a save begins happens in the save."""
        return (*timers(plan), TIMER)
