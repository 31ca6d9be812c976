"""Has another flow done first, and waits for its end (父子流程, call activity)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Hindered, NodeDocument, Rest, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.expressions import Expression

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class FlowNodeDocument(NodeDocument):
    """Begins a flow for a record, and goes on when it has ended. Stopped here, it is stopped there too."""

    type: Literal["flow"]
    flow: str = Field(description="The flow to begin; always its version of that day.")
    record: ExpressionText | None = Field(
        None, description="The record it is about; left out: the record of this flow, where the form is the same."
    )
    to: str = Field(description="Where it goes on when the other flow has ended.")
    rejected: str | None = Field(None, description="Where it goes on when it ended refused or was stopped.")


@dataclass(frozen=True, slots=True)
class Call:
    """Which flow for which record."""

    flow: str
    record: Expression | None


class FlowNode(Step):
    """Rests until the other flow says how it ended."""

    name = "flow"
    document = FlowNodeDocument

    def exits(self, document: FlowNodeDocument) -> Mapping[str, tuple[str, str]]:
        """Ended, and refused where the author tells them apart."""
        found = {"to": ("/to", document.to)}
        return {**found, "rejected": ("/rejected", document.rejected)} if document.rejected is not None else found

    def compile(self, document: FlowNodeDocument, reading: Reading) -> Understood:
        """The flow and the record, of the form that flow is about."""
        other = reading.find("flow", document.flow, "/flow")
        form = other.get("form") if isinstance(other, Mapping) else None
        record = reading.expression(document.record, "/record") if document.record is not None else None
        found = record.type.record if record is not None else reading.form
        if (record is not None or document.record is None) and form is not None and found != form:
            at = "/record" if document.record is not None else "/flow"
            reading.finding("other-form", at, flow=document.flow, form=form, seen=found or "")
        return Understood(Call(document.flow, record), {"writes": True, "rests": True})

    def enter(self, work: Work, node: Node) -> Rest:
        """Begin it."""
        call: Call = node.work
        record = work.record_id if call.record is None else work.value(call.record)
        if record is None:
            raise Hindered(problem("flows.blank-record"))
        return Rest(trace={"called": work.call(call.flow, record)})
