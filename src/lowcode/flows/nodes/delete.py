"""Puts other records away: a linked one, related ones, those of a form for which a condition holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from lowcode.flows.nodes.changing import Site, WhichOptions, all_of, told
from lowcode.flows.nodes.kind import Go, NodeDocument, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.changes import Which, compile_which

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class DeleteDocument(WhichOptions, NodeDocument):
    """Deletes other records; they can be restored until they are purged."""

    type: Literal["delete"]
    to: str


class DeleteNode(Step):
    """All of them are put away, or none; refused, the flow is stuck there with the reason."""

    name = "delete"
    document = DeleteDocument

    def compile(self, document: DeleteDocument, reading: Reading) -> Understood:
        """Which records."""
        return Understood(compile_which(document, Site(reading), document.most), {"writes": True})

    def enter(self, work: Work, node: Node) -> Go:
        """Find them, then put them away."""
        which: Which = node.work
        found = all_of(which, work.changes.beside(which.needs))
        work.changes.delete(which.form, found.ids)
        return Go(trace={"deleted": told(which.form, found.ids)})
