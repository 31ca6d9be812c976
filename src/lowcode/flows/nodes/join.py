"""Where parallel ways come together (parallel gateway, joining)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.flows.nodes.kind import NodeDocument, Step, Understood
from lowcode.flows.nodes.reading import Reading


class JoinDocument(NodeDocument):
    """Waits for the flows that lead here, then goes on with one token."""

    type: Literal["join"]
    waits_for: Literal["every", "active"] = Field(
        "every", description="every: each flow has to bring a token; active: each that still can (after `inclusive`)."
    )
    to: str


class JoinNode(Step):
    """One token per incoming flow becomes one."""

    name = "join"
    document = JoinDocument

    def compile(self, document: JoinDocument, reading: Reading) -> Understood:
        """A join."""
        return Understood(values={"gate": "join" if document.waits_for == "every" else "merge"})
