"""Has another flow done first, for one record or for each of several, and waits for the end (父子流程, call activity,
multi-instance)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Go, Hindered, NodeDocument, Rest, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Part
from lowcode.kernel.expressions import Expression, Type

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class EachDocument(Part):
    """The records that link to the one of this flow."""

    form: str = Field(description="Their form.")
    by: str = Field(description="The link of that form that leads here.")
    where: ExpressionText | None = Field(None, description="Only those of which this is true.")
    order: Literal["together", "one_by_one"] = Field("together", description="All at once, or one after the other.")
    until: Literal["all", "first_rejection"] = Field(
        "all", description="Goes on when all have ended, or as soon as one was refused; the others are stopped then."
    )


class FlowNodeDocument(NodeDocument):
    """Begins a flow for a record, and goes on when it has ended. Stopped here, it is stopped there too."""

    type: Literal["flow"]
    flow: str = Field(description="The flow to begin; always its version of that day.")
    record: ExpressionText | None = Field(
        None, description="The record it is about; left out: the record of this flow, where the form is the same."
    )
    each: EachDocument | None = Field(None, description="Instead of one record: every record that links here.")
    to: str = Field(description="Where it goes on when the other flow has ended.")
    rejected: str | None = Field(
        None,
        description="Where it goes on when it, or one of them, was refused or stopped, or ended with an error that "
        "nothing catches.",
    )


@dataclass(frozen=True, slots=True)
class Call:
    """Which flow for which record or records."""

    flow: str
    record: Expression | None = None
    each: EachDocument | None = None


class FlowNode(Step):
    """Rests until the other flow says how it ended."""

    name = "flow"
    document = FlowNodeDocument

    def exits(self, document: FlowNodeDocument) -> Mapping[str, tuple[str, str]]:
        """Ended, and refused where the author tells them apart."""
        found = {"to": ("/to", document.to)}
        return {**found, "rejected": ("/rejected", document.rejected)} if document.rejected is not None else found

    def compile(self, document: FlowNodeDocument, reading: Reading) -> Understood:
        """The flow and the records, of the form that flow is about."""
        other = reading.find("flow", document.flow, "/flow")
        form = other.get("form") if isinstance(other, Mapping) else None
        record = reading.expression(document.record, "/record") if document.record is not None else None
        at, found = "/flow", reading.form
        if document.each is not None:
            at, found = "/each/form", document.each.form
            _check_each(document.each, reading)
            if document.record is not None:
                reading.finding("one-record", "/record")
        elif document.record is not None:
            at, found = "/record", (record.type.record or "") if record is not None else form or ""
        if form is not None and found != form:
            reading.finding("other-form", at, flow=document.flow, form=form, seen=found)
        values: dict[str, Any] = {"writes": True, "rests": True}
        return Understood(Call(document.flow, record, document.each), values)

    def enter(self, work: Work, node: Node) -> Go | Rest:
        """Begin it, for each record or for the first; with no record there is nothing to wait for."""
        call: Call = node.work
        if call.each is not None:
            records = work.related(call.each.form, call.each.by, call.each.where)
            if not records:
                return Go(trace={"called": []})
            first = records if call.each.order == "together" else records[:1]
            return Rest(trace={"called": [work.call(call.flow, each) for each in first], "records": len(records)})
        record = work.record_id if call.record is None else work.value(call.record)
        if record is None:
            raise Hindered(problem("flows.blank-record"))
        return Rest(trace={"called": work.call(call.flow, record)})


def _check_each(document: EachDocument, reading: Reading) -> None:
    """The form links here by that field, and the condition is one of its records."""
    reading.find("form", document.form, "/each/form")
    shape = reading.field(document.form, document.by, "/each/by")
    if shape is not None and shape.type.target != reading.form:
        reading.finding("no-link-here", "/each/by", seen=document.by, form=reading.form)
    if document.where is not None and document.form in reading.scope.records:
        place = reading.place("/each/where")
        reading.scope.expression(document.where, place, reading.report, record=document.form, expect=Type("boolean"))
