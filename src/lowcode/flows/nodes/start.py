"""Where an instance begins, and where it comes back to when it is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking import roster
from lowcode.flows.nodes.asking.roster import Policies
from lowcode.flows.nodes.asking.votes import Meant, Voting
from lowcode.flows.nodes.kind import Go, Hindered, NodeDocument, Rest, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class StartDocument(NodeDocument):
    """The one place where an instance begins; with `in`, where a scope or a handler does."""

    type: Literal["start"]
    to: str = Field(description="The first node.")


class StartNode(Step):
    """Passes the first token on; what is sent back here, the starter changes and submits again."""

    name = "start"
    document = StartDocument

    def compile(self, document: StartDocument, reading: Reading) -> Understood:
        """The starter submits again by saying that it is done."""
        if document.scope is not None:  # nothing inside a scope is sent back to its beginning
            return Understood()
        exits: Any = {"complete": "to"}
        return Understood(values={"voting": Voting("any", "first_decision", exits), "opinion": "optional"})

    def enter(self, work: Work, node: Node) -> Go | Rest:
        """Go on, unless somebody sent it back: then the starter is asked."""
        if not work.again:
            return Go()
        found = [Meant(work.starter)] if work.starter is not None else []
        settled = roster.seat(found, work.people(each.person for each in found), Policies())
        trace = {"found": [each.person for each in found], "notes": [list(note) for note in settled.notes]}
        if not settled.seats:
            raise Hindered(problem("flows.nobody-found"))
        return Rest(settled.seats, trace=trace)
