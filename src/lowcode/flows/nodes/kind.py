"""What a kind of node is: six members, each for one question the flow engine asks.

`document` is what an author may write; `exits` are the arrows it draws; `compile` is what it understood; `enter` does
what the node is for when a token arrives, `wake` what it does when its time is up. `enter` and `wake` get a `Work` and
answer with an outcome of a closed set; they never move tokens themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pydantic import Field

from lowcode.flows.nodes.asking.votes import Decision, Seat
from lowcode.flows.nodes.caught import CatchDocument
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Name, Part, Text
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.expressions import Expression, Moment
from lowcode.kernel.texts import TextTemplate

if TYPE_CHECKING:
    from lowcode.flows.nodes.asking.roster import People
    from lowcode.flows.plan import Node
    from lowcode.kernel.changes import Beside
    from lowcode.kernel.contract import Context
    from lowcode.kernel.identity.directory import Directory
    from lowcode.kernel.requests import Request


Pair = tuple[str, str]
"""English and Chinese."""
MANY: Pair = ("{title} ({count})", "{title}（{count} 条）")


class NodeDocument(Part):
    """The keys every node has."""

    id: Name = Field(description="What exits call it; unique in the flow.")
    title: Text = Field("", description="What people call this step.")
    scope: str | None = Field(None, alias="in", description="The scope or handler this step belongs to.")
    on: list[CatchDocument] = Field(
        default_factory=list, description="Events that are caught while the step lasts (boundary events)."
    )


@dataclass(frozen=True, slots=True)
class Go:
    """The node is done; leave by this exit. `trace` says why."""

    exit: str = "to"
    trace: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Several:
    """The node is done; leave by these exits at the same time."""

    exits: tuple[str, ...]
    trace: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rest:
    """These people are asked, or nobody and something else decides. `wake_at` is when `wake` is called."""

    seats: tuple[Seat, ...] = ()
    due_at: datetime | None = None
    wake_at: datetime | None = None
    trace: Mapping[str, Any] = field(default_factory=dict)
    due_by: Mapping[int, datetime] = field(default_factory=dict)
    """When it is due for a person for whom that is not `due_at`."""
    asked: str = ""
    """The request to another program whose answer is waited for."""


@dataclass(frozen=True, slots=True)
class Throw:
    """Something happens: `what` is signal, message, escalation or undo."""

    what: Literal["signal", "message", "escalation", "undo"]
    name: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The node did what it could and failed: an error called `name`, with this problem where nobody catches it. Unlike
    with Hindered, what it wrote stays."""

    problem: Problem
    name: str


@dataclass(frozen=True, slots=True)
class Settle:
    """Every seat that is still asked is decided like this, because time is up."""

    decision: Decision
    reason: str


@dataclass(frozen=True, slots=True)
class HandOn:
    """Seats go to other people, because time is up: the number of each and who takes it."""

    seats: tuple[tuple[int, int], ...]
    reason: str
    wake_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """Nothing moves; wake the node again then, or never."""

    wake_at: datetime | None = None


class Hindered(Exception):
    """The node cannot do its work now; the token is stuck, with this problem, until somebody helps."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.code)


class Changes(Protocol):
    """What a step does to other records than its own."""

    def beside(self, needs: Iterable[Any]) -> Beside:
        """The record of the flow as it is now, with what these read of it."""
        ...

    def change(self, form: str, sent: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Give records values: all of them. Raises Rejected."""
        ...

    def create(self, form: str, sources: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
        """Make a record for each source: all of them. Raises Rejected."""
        ...

    def delete(self, form: str, ids: Sequence[int]) -> None:
        """Put records away: all of them. Raises Rejected."""
        ...


class Work(Protocol):
    """The world as one node of one instance sees it."""

    record_type: str
    record_id: int
    starter: int | None
    subject: Text
    """What the instance is about, in words for a list or a notice."""
    again: bool
    """Whether the token was sent back here by somebody who refused."""

    @property
    def language(self) -> str:
        """The first language of the app: in which what was said is written into fields."""
        ...

    @property
    def context(self) -> Context:
        """Acts as the flow does: as its starter or as the app."""
        ...

    @property
    def directory(self) -> Directory:
        """Everybody there is."""
        ...

    @property
    def moment(self) -> Moment:
        """This instant, in the zone of the app."""
        ...

    def moment_of(self, person: int) -> Moment:
        """This instant, with the calendar by which a person works."""
        ...

    def calendar_of(self, person: int) -> str:
        """The name of the calendar by which a person works; '' for the usual one."""
        ...

    @property
    def answer(self) -> Mapping[str, Any] | None:
        """What came of the request of this node (`values`, `status`, `reason`); None before."""
        ...

    def request(self, request: Request) -> str:
        """Ask another program after the commit; the node is entered again with the answer. The request's number."""
        ...

    def value(self, expression: Expression, more: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression over the record as it is now, and over names beside it."""
        ...

    def holds(self, expression: Expression) -> bool:
        """Whether a condition is true of the record as it is now; a blank is not."""
        ...

    def words(self, template: TextTemplate | None) -> Any:
        """A text with its values filled in, in every language it has."""
        ...

    def people(self, found: Iterable[int], deduplicated: bool = False) -> People:
        """What policies have to know of these people; with `deduplicated` who agreed to the record as it is now."""
        ...

    def chosen(self, node: str) -> tuple[int, ...]:
        """The people picked for a node."""
        ...

    def copy(self, people: Iterable[int], node: Node, text: Any) -> list[int]:
        """Give people the record to read (抄送); who gets it anew."""
        ...

    def related(self, form: str, by: str, where: str | None) -> list[int]:
        """The records of a form that link to this one, the oldest first: of those that are there for whom it acts."""
        ...

    def call(self, flow: str, record_id: int) -> int:
        """Begin another flow whose end this token waits for; the id of its instance."""
        ...

    @property
    def changes(self) -> Changes:
        """How other records are changed, as the flow acts."""
        ...

    def update(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Change the record the flow is about; what a trace says of it."""
        ...

    def notify(
        self, people: Iterable[int], title: Any, text: Any, key: str, *, step: str | None = None, many: Pair = MANY,
        waits: bool = False,
    ) -> None:  # fmt: skip
        """Tell people, once per key. With a `step`, what it tells of the records of a batch is one notice, called by
        `many`: English and Chinese, with the `{title}` and the `{count}`. `waits`: something waits for them, so that
        devices show it that show only what is important."""
        ...


class NodeKind(Protocol):
    """The contract of a kind of node."""

    @property
    def name(self) -> str:
        """The word an author writes as `type`."""
        ...

    @property
    def document(self) -> type[NodeDocument]:
        """What an author may write."""
        ...

    def exits(self, document: Any) -> Mapping[str, tuple[str, str]]:
        """Each exit: where it is written (a pointer inside the node) and the id it leads to."""
        ...

    def compile(self, document: Any, reading: Reading) -> Understood:
        """What was understood; what is wrong becomes findings."""
        ...

    def enter(self, work: Work, node: Node) -> Go | Several | Rest | Throw | Broken:
        """Do what the node is for. Raises Hindered, or Rejected when something asked for was refused."""
        ...

    def wake(self, work: Work, node: Node, seats: tuple[Seat, ...], times: int) -> Go | Settle | HandOn | Again:
        """Time is up for the `times`-th time (from 0)."""
        ...


@dataclass(frozen=True, slots=True)
class Understood:
    """What a kind understood of one node: values for the plan's `Node`."""

    work: Any = None
    values: Mapping[str, Any] = field(default_factory=dict)


class Step:
    """What most kinds share: one exit `to`, nothing to understand, nothing to do, no time of their own."""

    def exits(self, document: Any) -> Mapping[str, tuple[str, str]]:
        """The one exit."""
        return {"to": ("/to", document.to)}

    def compile(self, document: Any, reading: Reading) -> Understood:
        """Nothing of its own."""
        return Understood()

    def enter(self, work: Work, node: Node) -> Go | Several | Rest | Throw | Broken:
        """Go on."""
        return Go()

    def wake(self, work: Work, node: Node, seats: tuple[Seat, ...], times: int) -> Go | Settle | HandOn | Again:
        """Nothing to do."""
        return Again()
