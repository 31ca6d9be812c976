"""Every way whose condition holds, at the same time (inclusive gateway, splitting)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.branch import Conditions, WaysDocument, conditions_of, exits_of
from lowcode.flows.nodes.kind import Hindered, Several, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class InclusiveDocument(WaysDocument):
    """Goes on by every branch whose condition holds, else by `otherwise`. A `join` that waits for `active` flows takes
    together again what came of it."""

    type: Literal["inclusive"]


class InclusiveNode(Step):
    """All that hold."""

    name = "inclusive"
    document = InclusiveDocument

    def exits(self, document: InclusiveDocument) -> Mapping[str, tuple[str, str]]:
        """One exit per condition, and `otherwise`."""
        return exits_of(document)

    def compile(self, document: InclusiveDocument, reading: Reading) -> Understood:
        """The conditions; several may hold."""
        return Understood(conditions_of(document, reading), {"gate": "choose"})

    def enter(self, work: Work, node: Node) -> Several:
        """Look at every condition."""
        understood: Conditions = node.work
        answers: dict[str, Any] = {}
        exits = []
        for exit, condition in understood.conditions:
            answers[condition.text] = work.holds(condition)
            if answers[condition.text]:
                exits.append(exit)
        if not exits:
            if not understood.otherwise:
                raise Hindered(problem("flows.no-branch"))
            exits.append("otherwise")
        return Several(tuple(exits), {"conditions": answers})
