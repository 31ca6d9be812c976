"""What was understood of the flows of an app: frozen, ready to run, and nothing that a run changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from lowcode.flows.nodes.asking.votes import Voting
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Expression
from lowcode.kernel.texts import TextTemplate

if TYPE_CHECKING:
    from lowcode.flows.nodes.kind import NodeKind

Gate = Literal["step", "split", "join", "end"]
"""What a node does to tokens: a step passes one on, a split makes one per exit, a join waits for one per incoming
flow, an end takes it away."""


def flow_key(node: str, exit: str) -> str:
    """The name of one flow (arrow) of the graph: the node it leaves and the exit it leaves by."""
    return f"{node}:{exit}"


@dataclass(frozen=True, slots=True)
class Node:
    """One node. `work` is what its kind understood of its own keys; `exits` maps each exit to the node it leads to."""

    id: str
    does: NodeKind
    title: Text
    gate: Gate
    exits: Mapping[str, str]
    work: Any = None
    voting: Voting | None = None
    outcome: str = "ended"
    stops: bool = False
    rests: bool = False
    """Whether a token may rest here: a loop through it is no endless one."""
    writes: bool = False
    """Whether entering it writes records, and so happens in a savepoint."""
    locks: bool = False
    """Whether the record is closed to other people while a token rests here."""
    editable: frozenset[str] = frozenset()
    hidden: frozenset[str] = frozenset()
    opinion: Literal["none", "optional", "required"] = "none"

    @property
    def kind(self) -> str:
        """The word an author wrote as `type`."""
        return self.does.name


@dataclass(frozen=True, slots=True)
class Start:
    """When an instance begins by itself, or who may begin one."""

    on: Literal["created", "updated", "transition", "manual"]
    field: str | None = None
    source: frozenset[str] = frozenset()
    target: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    when: Expression | None = None
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Until when the starter may take it back, and what the record is set to then."""

    until: Literal["first_decision", "end", "never"] = "first_decision"
    values: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FlowPlan:
    """One flow. `document` and `digest` are what an instance is pinned to."""

    name: str
    title: Text
    form: str
    digest: str
    document: Mapping[str, Any]
    starts: Start
    runs_as: Literal["starter", "app"]
    subject: TextTemplate | None
    nodes: Mapping[str, Node]
    entry: str
    incoming: Mapping[str, tuple[tuple[str, ...], ...]]
    """For each join its incoming flows; arrows of which only one can bring a token are one flow."""
    withdrawal: Withdrawal = Withdrawal()
