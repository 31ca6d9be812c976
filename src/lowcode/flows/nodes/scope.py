"""Steps that belong together (embedded sub-process): they begin and end as one, and what is caught on it breaks off all
of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from lowcode.flows.nodes.kind import NodeDocument, Rest, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class ScopeDocument(NodeDocument):
    """Steps that begin and end as one: those that say `in` with its id, from the `start` among them. It goes on when
    the last of them has ended."""

    type: Literal["scope"]
    to: str


class ScopeNode(Step):
    """Rests while something goes on inside."""

    name = "scope"
    document = ScopeDocument

    def compile(self, document: ScopeDocument, reading: Reading) -> Understood:
        """Nothing of its own: what is inside says where it belongs."""
        return Understood(values={"gate": "scope", "rests": True})

    def enter(self, work: Work, node: Node) -> Rest:
        """It begins inside."""
        return Rest()
