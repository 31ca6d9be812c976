"""Makes something happen: a signal to all flows, a message, an escalation, or the undoing of what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lowcode.flows.nodes.kind import Go, NodeDocument, Rest, Step, Throw, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Name

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class ThrowDocument(NodeDocument):
    """Makes something happen and goes on: exactly one of `signal`, `message`, `escalation` and `undo`."""

    type: Literal["throw"]
    signal: Name | None = Field(None, description="Heard by every flow that waits for it, whatever its record.")
    message: Name | None = Field(None, description="Heard by the flows of this record.")
    escalation: Name | None = Field(
        None, description="Heard by the scopes around it, and by the step of the flow that waits for this one."
    )
    undo: str | None = Field(
        None,
        description="The step to undo by its handler, or * for every one that was done in this scope, the last first; "
        "it goes on when all of that has ended.",
    )
    to: str


class ThrowNode(Step):
    """Says it, and goes on."""

    name = "throw"
    document = ThrowDocument

    def compile(self, document: ThrowDocument, reading: Reading) -> Understood:
        """What is thrown."""
        kinds = ("signal", "message", "escalation", "undo")
        given = [each for each in kinds if getattr(document, each) is not None]
        if len(given) != 1:
            reading.finding("throw-what", seen=given)
            return Understood()
        return Understood((given[0], getattr(document, given[0])), {"gate": "throw"})

    def enter(self, work: Work, node: Node) -> Go | Rest | Throw:
        """Everything but undoing is said at once."""
        what, name = node.work
        return Throw(what, name)
