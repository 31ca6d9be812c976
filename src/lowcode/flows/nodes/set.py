"""Changes the record the flow is about: its fields, and rows of its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.changing import Lines, Site, rows_in
from lowcode.flows.nodes.kind import Go, NodeDocument, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.flows.nodes.values import evaluated, read_values
from lowcode.kernel.changes import RowChanges, compile_rows, named_of_this, needs_of_this
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.expressions import Expression

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class SetDocument(NodeDocument):
    """Gives fields of the record, and rows of its lines, new values."""

    type: Literal["set"]
    values: dict[str, ExpressionText] = Field(default_factory=dict, description="An expression for each field.")
    lines: Lines = Field(default_factory=dict)
    to: str


@dataclass(frozen=True, slots=True)
class Setting:
    """What the record gets."""

    values: Mapping[str, Expression]
    rows: RowChanges | None


class SetNode(Step):
    """One save with all values; refused, the flow is stuck there with the reason."""

    name = "set"
    document = SetDocument

    def compile(self, document: SetDocument, reading: Reading) -> Understood:
        """The expressions, each of the type of its field."""
        if not document.values and not document.lines:
            reading.finding("nothing-set", "/values", seen=document.id)
        rows = None
        if document.lines and reading.form in reading.scope.records:
            rows = compile_rows(document.lines, reading.form, Site(reading))
        values = read_values(document.values, reading, "/values", reading.form)
        return Understood(Setting(values, rows), {"writes": True})

    def enter(self, work: Work, node: Node) -> Go:
        """Evaluate all, then save."""
        setting: Setting = node.work
        values = evaluated(setting.values, work)
        trace: dict[str, Any] = {"fields": sorted(values)}
        if setting.rows is not None:
            beside = work.changes.beside([needs_of_this(setting.rows.of_this)])
            own, named = (work.record_id,), named_of_this(beside, setting.rows.of_this)
            met = setting.rows.met(beside, own, named)
            trace["rows"] = rows_in(met)
            for _, sent in setting.rows.sent(beside, own, values, met):
                values = sent
        return Go(trace={**trace, **(work.update(values) if values else {})})
