"""Has a paper made from the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.kind import Go, NodeDocument, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class PrintDocument(NodeDocument):
    """Renders a print template for the record; made after the commit, because paper is slow."""

    type: Literal["print"]
    template: str
    format: Literal["pdf", "html"] = "pdf"
    language: str | None = Field(None, description="The language of the paper; left out: that of the application.")
    to: str


class PrintNode(Step):
    """Orders the paper and goes on."""

    name = "print"
    document = PrintDocument

    def compile(self, document: PrintDocument, reading: Reading) -> Understood:
        """The template."""
        reading.find("template", document.template, "/template")
        return Understood(document)

    def enter(self, work: Work, node: Node) -> Go:
        """Put it off till after the commit."""
        order: PrintDocument = node.work
        language: dict[str, Any] = {"language": order.language} if order.language else {}
        work.context.later(
            "printing.render", template=order.template, id=work.record_id, format=order.format, **language
        )
        return Go(trace={"template": order.template})
