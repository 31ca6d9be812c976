"""Makes a record of some form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lowcode.flows.nodes.kind import Go, NodeDocument, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.flows.nodes.set import evaluated, read_values
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.expressions import Expression

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class CreateDocument(NodeDocument):
    """Creates a record; the expressions see the record of the flow."""

    type: Literal["create"]
    form: str
    values: dict[str, ExpressionText] = Field(default_factory=dict)
    to: str


@dataclass(frozen=True, slots=True)
class Creation:
    """A record to be."""

    form: str
    values: Mapping[str, Expression]


class CreateNode(Step):
    """One new record; refused, the flow is stuck there with the reason."""

    name = "create"
    document = CreateDocument

    def compile(self, document: CreateDocument, reading: Reading) -> Understood:
        """The form and its values."""
        reading.find("form", document.form, "/form")
        values = read_values(document.values, reading, "/values", document.form)
        return Understood(Creation(document.form, values), {"writes": True})

    def enter(self, work: Work, node: Node) -> Go:
        """Create it as the flow acts."""
        creation: Creation = node.work
        values = evaluated(creation.values, work)
        made = work.context.ask("records.create", type=creation.form, values=values)
        made_id = made["id"] if isinstance(made, Mapping) else made
        return Go(trace={"created": {"form": creation.form, "id": made_id}})
