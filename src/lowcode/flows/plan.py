"""What was understood of the flows of an app: frozen, ready to run, and nothing that a run changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from lowcode.flows.nodes.asking.votes import Check, Voting
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Expression
from lowcode.kernel.texts import TextTemplate

if TYPE_CHECKING:
    from lowcode.flows.nodes.kind import NodeKind

Gate = Literal["step", "split", "choose", "join", "merge", "end"]
"""What a node does to tokens: a step passes one on, a split makes one per exit, choose one for some of its exits, a
join waits for one per incoming flow, a merge for those that can still come, an end takes it away."""


def flow_key(node: str, exit: str) -> str:
    """The name of one flow (arrow) of the graph: the node it leaves and the exit it leaves by."""
    return f"{node}:{exit}"


Opinion = Literal["none", "optional", "required", "required_to_reject"]


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
    required: frozenset[str] = frozenset()
    """Fields that have to be filled when somebody agrees here."""
    opinion: Opinion = "none"
    help: Text = ""
    """What is to be done, in words."""
    checklist: tuple[Check, ...] = ()
    signature: bool = False
    attachment: bool = False
    permits: frozenset[str] = frozenset()
    """What the people asked may do beside deciding, by the words of `permits`."""
    returns: tuple[str, ...] = ()
    """Where somebody may send it back to (驳回): `starter`, `previous`, `any`, or ids of nodes."""
    resume: Literal["again", "refuser", "choose"] = "again"
    listens: frozenset[str] = frozenset()
    """Messages a token that rests here waits for."""
    watches: tuple[tuple[str, Expression], ...] = ()
    """Exits with the condition on the record that opens each, looked at after every save."""

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
    leaving: Literal["nothing", "stop", "refuse"] = "nothing"
    """What happens when the record leaves `target` while the flow runs."""
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
    merges: Mapping[str, Mapping[str, frozenset[str]]] = field(default_factory=dict)
    """For each inclusive join the arrows into it that can be reached from each node without passing it."""
    urge_every: timedelta = timedelta(hours=1)
    """How often the people asked may be urged (催办)."""

    def arrows_into(self, node: str) -> frozenset[str]:
        """The arrows that lead to a node."""
        return frozenset(
            flow_key(each.id, exit) for each in self.nodes.values() for exit, to in each.exits.items() if to == node
        )

    @property
    def waits(self) -> bool:
        """Whether something outside, a message or a save, can move an instance on."""
        return any(node.listens or node.watches for node in self.nodes.values())
