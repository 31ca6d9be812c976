"""Where parallel ways come together (parallel gateway, joining)."""

from __future__ import annotations

from typing import Literal

from lowcode.flows.nodes.kind import NodeDocument, Step, Understood
from lowcode.flows.nodes.reading import Reading


class JoinDocument(NodeDocument):
    """Waits until every flow that leads here brought a token, then goes on with one."""

    type: Literal["join"]
    to: str


class JoinNode(Step):
    """One token per incoming flow becomes one."""

    name = "join"
    document = JoinDocument

    def compile(self, document: JoinDocument, reading: Reading) -> Understood:
        """A join."""
        return Understood(values={"gate": "join"})
