"""Has a paper made from the record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.kind import Go, NodeDocument, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class PrintDocument(NodeDocument):
    """Renders a print template for the record; made after the commit, because paper is slow. It can be kept as a file
    of the record and sent by mail with the words of the template's `mail`."""

    type: Literal["print"]
    template: str
    format: Literal["pdf", "html", "docx", "xlsx"] = "pdf"
    field: str | None = Field(None, description="The attachment field of the record that keeps the file.")
    mail: bool = Field(False, description="Send it to the address the template's `mail` names.")
    language: str | None = Field(None, description="The language of the paper; left out: that of the application.")
    to: str


class PrintNode(Step):
    """Orders the paper and goes on."""

    name = "print"
    document = PrintDocument

    def compile(self, document: PrintDocument, reading: Reading) -> Understood:
        """The template, and the field that keeps the file."""
        reading.find("template", document.template, "/template")
        if document.field is not None:
            reading.field(reading.form, document.field, "/field")
            record = reading.scope.records.get(reading.form)
            known = record.fields.get(document.field) if record is not None else None
            if known is not None and known.options_type != "attachment":
                reading.finding("not-files", "/field", seen=document.field)
        return Understood(document)

    def enter(self, work: Work, node: Node) -> Go:
        """Put it off till after the commit."""
        order: PrintDocument = node.work
        language: dict[str, Any] = {"language": order.language} if order.language else {}
        work.context.later(
            "printing.deliver", template=order.template, id=work.record_id, format=order.format, field=order.field,
            mail=order.mail, **language,
        )  # fmt: skip
        return Go(trace={"template": order.template})
