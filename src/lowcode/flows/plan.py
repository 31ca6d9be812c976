"""What was understood of the flows of an app: frozen, ready to run, and nothing that a run changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from lowcode.flows.nodes.asking.spans import Span
from lowcode.flows.nodes.asking.votes import Check, Voting
from lowcode.flows.nodes.caught import Catch
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Expression
from lowcode.kernel.texts import TextTemplate

if TYPE_CHECKING:
    from lowcode.flows.nodes.asking.reviewers.kind import Reviewer
    from lowcode.flows.nodes.kind import NodeKind

Gate = Literal["step", "split", "choose", "join", "merge", "end", "scope", "handler", "throw"]
"""What a node does to tokens: a step passes one on, a split makes one per exit, choose one for some of its exits, a
join waits for one per incoming flow, a merge for those that can still come, an end takes it away. A scope and a handler
keep theirs while others go on inside, a throw while something is undone."""
HOLDS = ("scope", "handler", "throw")


def flow_key(node: str, exit: str) -> str:
    """The name of one flow (arrow) of the graph: the node it leaves and the exit it leaves by."""
    return f"{node}:{exit}"


ADDED = "x-added"
"""What marks, in the document of one instance, a step that was added to it."""
WAYS = ("approved", "to")
"""The keys by which a node with one way on names it."""


def way_on(node: Mapping[str, Any]) -> str:
    """The key by which a node, as it is written, goes on where it has one way; '' where it has none or several."""
    return next((key for key in WAYS if isinstance(node.get(key), str)), "")


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
    expects: str = ""
    """The exit by which it ends when what it waits for happens in time; '' where that is the first."""
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
    by_link: Span | None = None
    """For how long those asked may decide by a link that is sent to them, without signing in."""
    link_by: str = "mail"
    """The channel by which the link is sent."""
    reviewer: Reviewer | None = None
    """A program that gives advice, and within limits decides."""
    permits: frozenset[str] = frozenset()
    """What the people asked may do beside deciding, by the words of `permits`."""
    returns: tuple[str, ...] = ()
    """Where somebody may send it back to (驳回): `starter`, `previous`, `any`, or ids of nodes."""
    resume: Literal["again", "refuser", "choose"] = "again"
    scope: str = ""
    """The scope or handler it belongs to; '' for the flow itself."""
    catches: tuple[Catch, ...] = ()
    """What a token that rests here waits for beside its own end."""
    handles: Catch | None = None
    """What begins a handler."""
    throws: tuple[str, str] | None = None
    """What an end throws: error, escalation or signal, and its name."""

    @property
    def breaking(self) -> frozenset[str]:
        """Exits by which the step is broken off, and not done."""
        return frozenset(each.exit for each in self.catches if each.exit.startswith("on"))

    @property
    def usual(self) -> str:
        """The exit by which it is taken to end where nobody says how."""
        return self.expects or next(iter(self.exits))

    @property
    def adds(self) -> frozenset[str]:
        """Exits that are taken beside the others, and not instead of them."""
        return frozenset(each.exit for each in self.catches if not each.interrupts)

    @property
    def kind(self) -> str:
        """The word an author wrote as `type`."""
        return self.does.name


@dataclass(frozen=True, slots=True)
class Schedule:
    """Times of the clock, on whole minutes of the app's zone: those of a cron expression; or from `first` on again and
    again; or, without `every`, once."""

    cron: str | None = None
    first: datetime | None = None
    every: timedelta = timedelta()
    working: Literal["any", "skip", "before", "after"] = "any"
    """What becomes of a time on a day off."""
    catch_up: Literal["latest", "all", "skip"] = "latest"


@dataclass(frozen=True, slots=True)
class Start:
    """When an instance begins by itself, or who may begin one."""

    on: Literal["created", "updated", "transition", "manual", "message", "signal", "schedule"]
    field: str | None = None
    source: frozenset[str] = frozenset()
    target: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    leaving: Literal["nothing", "stop", "refuse"] = "nothing"
    """What happens when the record leaves `target` while the flow runs."""
    when: Expression | None = None
    roles: frozenset[str] = frozenset()
    name: str = ""
    """The message or signal that begins it."""
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Until when the starter may take it back, and what the record is set to then."""

    until: Literal["first_decision", "end", "never"] = "first_decision"
    values: Mapping[str, Expression] = field(default_factory=dict)


@dataclass(frozen=True)
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
    entries: Mapping[str, str] = field(default_factory=dict)
    """Where each scope and handler begins."""
    urge_every: timedelta = timedelta(hours=1)
    """How often the people asked may be urged (催办)."""
    messages: Mapping[str, Span | None] = field(default_factory=dict)
    """The messages that are kept until somebody waits for them, and how long where their sender does not say."""

    def arrows_into(self, node: str) -> frozenset[str]:
        """The arrows that lead to a node."""
        return frozenset(
            flow_key(each.id, exit) for each in self.nodes.values() for exit, to in each.exits.items() if to == node
        )

    @cached_property
    def handlers(self) -> Mapping[str, tuple[Node, ...]]:
        """The handlers in each scope, and in the flow itself (''), that something begins."""
        found: dict[str, tuple[Node, ...]] = {}
        for node in self.nodes.values():
            if node.handles is not None and node.handles.what != "undoes":
                found[node.scope] = (*found.get(node.scope, ()), node)
        return found

    @cached_property
    def undone_by(self) -> Mapping[str, str]:
        """The handler that undoes each step that has one."""
        return {
            node.handles.name: node.id
            for node in self.nodes.values()
            if node.handles is not None and node.handles.what == "undoes"
        }

    @cached_property
    def awaited(self) -> frozenset[str]:
        """The sorts of events that anything in it waits for."""
        caught = (each for node in self.nodes.values() for each in (*node.catches, node.handles))
        return frozenset(each.what for each in caught if each is not None)

    def waits_for(self, message: str) -> list[frozenset[str]]:
        """Everything in it that waits for a message, by the roles of those who may send it there."""
        caught = (each for node in self.nodes.values() for each in (*node.catches, node.handles))
        return [each.roles for each in caught if each is not None and (each.what, each.name) == ("message", message)]

    def takers(self, message: str) -> list[frozenset[str]]:
        """The same, and its start if the message begins it."""
        found = self.waits_for(message)
        begins = self.starts.on == "message" and self.starts.name == message
        return [*found, self.starts.roles] if begins else found

    def around(self, node: str) -> tuple[str, ...]:
        """The scopes around a node, the outermost first."""
        found: list[str] = []
        here = self.nodes[node].scope
        while here:
            found.insert(0, here)
            here = self.nodes[here].scope
        return tuple(found)
