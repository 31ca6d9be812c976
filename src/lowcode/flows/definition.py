"""What may be written: `flows/<name>.json`, one flow per file."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from lowcode.flows.nodes.approve import ApproveDocument
from lowcode.flows.nodes.asking.spans import SpanDocument
from lowcode.flows.nodes.branch import BranchDocument
from lowcode.flows.nodes.copy import CopyDocument
from lowcode.flows.nodes.create import CreateDocument
from lowcode.flows.nodes.end import EndDocument
from lowcode.flows.nodes.flow import FlowNodeDocument
from lowcode.flows.nodes.inclusive import InclusiveDocument
from lowcode.flows.nodes.join import JoinDocument
from lowcode.flows.nodes.notify import NotifyDocument
from lowcode.flows.nodes.parallel import ParallelDocument
from lowcode.flows.nodes.print import PrintDocument
from lowcode.flows.nodes.set import SetDocument
from lowcode.flows.nodes.start import StartDocument
from lowcode.flows.nodes.task import TaskDocument
from lowcode.flows.nodes.wait import WaitDocument
from lowcode.kernel.definitions import Document, Part, Template
from lowcode.kernel.definitions import Expression as ExpressionText

AnyNode = Annotated[
    StartDocument
    | ApproveDocument
    | TaskDocument
    | BranchDocument
    | ParallelDocument
    | InclusiveDocument
    | JoinDocument
    | SetDocument
    | CreateDocument
    | NotifyDocument
    | CopyDocument
    | PrintDocument
    | WaitDocument
    | FlowNodeDocument
    | EndDocument,
    Field(discriminator="type"),
]


class StartsDocument(Part):
    """What begins an instance."""

    on: Literal["created", "updated", "transition", "manual"] = Field(
        "manual",
        description="transition: a field takes a value; created, updated: a record is saved; manual: by hand.",
    )
    field: str | None = Field(None, description="transition: the field that moves.")
    source: str | list[str] | None = Field(None, alias="from", description="transition: only from these values.")
    to: str | list[str] | None = Field(None, description="transition: when it takes one of these values.")
    fields: list[str] = Field(default_factory=list, description="updated: only when one of these fields changed.")
    when: ExpressionText | None = Field(None, description="Only when this holds; may use OLD() and CHANGED().")
    roles: list[str] = Field(
        default_factory=list, description="manual: who may start it; empty: everybody who sees the record."
    )


class WithdrawDocument(Part):
    """Taking it back (撤回)."""

    until: Literal["first_decision", "end", "never"] = Field(
        "first_decision", description="How long the starter may take it back."
    )
    values: dict[str, ExpressionText] = Field(
        default_factory=dict, description="What the record is set to when the flow is withdrawn or cancelled."
    )


class FlowDocument(Document):
    """One flow: what a record goes through, step by step."""

    form: str = Field(description="The form whose records it accompanies.")
    start: StartsDocument = StartsDocument()
    runs_as: Literal["starter", "app"] = Field(
        "app", description="Whose permissions hold for what the flow does itself: the starter's, or the application's."
    )
    subject: Template = Field("", description="What to-do lists call an instance, with {{ expressions }}.")
    withdraw: WithdrawDocument = WithdrawDocument()
    urge: SpanDocument = Field(
        SpanDocument(hours=1), description="How long has to pass before those asked may be urged again (催办)."
    )
    nodes: list[AnyNode]
