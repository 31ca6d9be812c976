"""One way out of several, by conditions (exclusive gateway)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Go, Hindered, NodeDocument, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Part, Text
from lowcode.kernel.expressions import Expression, Type

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class Way(Part):
    """One condition and where it leads."""

    when: ExpressionText
    to: str
    title: Text = ""


class WaysDocument(NodeDocument):
    """Ways with conditions."""

    branches: list[Way] = Field(min_length=1)
    otherwise: str | None = Field(None, description="Taken when no condition holds; without it the flow is stuck.")


class BranchDocument(WaysDocument):
    """Conditions are tried in their order; the first that holds is taken, else `otherwise`."""

    type: Literal["branch"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """The conditions by exit, in the order in which they are tried."""

    conditions: tuple[tuple[str, Expression], ...]
    otherwise: bool


def exits_of(document: WaysDocument) -> Mapping[str, tuple[str, str]]:
    """One exit per condition, and `otherwise`."""
    found = {str(index): (f"/branches/{index}/to", way.to) for index, way in enumerate(document.branches)}
    if document.otherwise is not None:
        found["otherwise"] = ("/otherwise", document.otherwise)
    return found


def conditions_of(document: WaysDocument, reading: Reading) -> Conditions:
    """The conditions."""
    conditions = []
    for index, way in enumerate(document.branches):
        condition = reading.expression(way.when, f"/branches/{index}/when", expect=Type("boolean"))
        if condition is not None:
            conditions.append((str(index), condition))
    return Conditions(tuple(conditions), document.otherwise is not None)


class BranchNode(Step):
    """First true wins."""

    name = "branch"
    document = BranchDocument

    def exits(self, document: BranchDocument) -> Mapping[str, tuple[str, str]]:
        """One exit per condition, and `otherwise`."""
        return exits_of(document)

    def compile(self, document: BranchDocument, reading: Reading) -> Understood:
        """The conditions."""
        return Understood(conditions_of(document, reading))

    def enter(self, work: Work, node: Node) -> Go:
        """Leave by the first condition that holds; the trace keeps every answer that was looked at."""
        understood: Conditions = node.work
        trace: dict[str, Any] = {}
        for exit, condition in understood.conditions:
            trace[condition.text] = work.holds(condition)
            if trace[condition.text]:
                return Go(exit, {"conditions": trace})
        if understood.otherwise:
            return Go("otherwise", {"conditions": trace})
        raise Hindered(problem("flows.no-branch"))
