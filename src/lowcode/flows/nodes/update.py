"""Changes other records: a linked one, related ones, those of a form for which a condition holds; and rows in them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lowcode.flows.nodes.changing import Lines, RecordChange, Site, WhichOptions, of_this, told
from lowcode.flows.nodes.kind import Go, NodeDocument, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.changes import compile_rows, compile_which
from lowcode.kernel.definitions import Expression as ExpressionText

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class UpdateDocument(WhichOptions, NodeDocument):
    """Gives fields of other records, and rows of their lines, new values."""

    type: Literal["update"]
    values: dict[str, ExpressionText] = Field(
        default_factory=dict, description="An expression over the record of the flow for each field."
    )
    lines: Lines = Field(default_factory=dict)
    to: str


class UpdateNode(Step):
    """All of them are saved, or none; refused, the flow is stuck there with the reason."""

    name = "update"
    document = UpdateDocument

    def compile(self, document: UpdateDocument, reading: Reading) -> Understood:
        """Which records, and what they get."""
        if not document.values and not document.lines:
            reading.finding("nothing-set", "/values", seen=document.id)
        site = Site(reading)
        which = compile_which(document, site, document.most)
        if which is None:
            return Understood(None, {"writes": True})
        values = site.values(document.values, which.form, "/values")
        rows = compile_rows(document.lines, which.form, site)
        if values is None or rows is None:
            return Understood(None, {"writes": True})
        return Understood(RecordChange(replace(which, of_this=of_this(which, rows)), values, rows), {"writes": True})

    def enter(self, work: Work, node: Node) -> Go:
        """Find them, then save."""
        change: RecordChange = node.work
        sent, rows = change.sent(work.changes.beside(change.needs))
        form = change.which.form
        work.changes.change(form, sent)
        return Go(trace={"changed": told(form, [identity for identity, _ in sent], change.values, rows)})
