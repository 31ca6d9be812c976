"""The contract between an engine and the house: what an engine is, and what it is given to work with.

An **engine** reads its folder of documents into a plan (`declare`, then `compile`; both pure) and lends the house
`operations` (what can be asked), `stages` (steps of every save) and `handlers` (events and schedules it listens to).
It holds nothing about an app itself: everything is in the plan it returned, so two versions live side by side.

A **context** is one person doing one thing at one moment inside one transaction. It has three verbs:

* `ask`   an operation, now, in the same transaction. The single gate: parameters are validated and access is checked
          here, whoever asks (HTTP, a flow, a test, another program).
* `tell`  that something happened; whoever listens hears it after the commit, in a transaction of its own.
* `later` ask an operation after the commit: for what is slow or outside. `key` makes it happen once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from pydantic import BaseModel, ConfigDict

from lowcode.kernel.diagnostics import Problem, Report, Text

if TYPE_CHECKING:  # the contract names them, and needs none of them to run
    from sqlalchemy import MetaData

    from lowcode.kernel.expressions import Moment
    from lowcode.kernel.identity import Actor
    from lowcode.kernel.records.plan import RecordType
    from lowcode.kernel.scope import Scope
    from lowcode.kernel.storage import Unit

CHAIN_LIMIT = 8
"""How many events may cause one another before delivery stops (rules.md 7.2; zen bounds recursion alike)."""


class Parameters(BaseModel):
    """The parameters of an operation: closed, so that a misspelt one is refused and not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Nothing(Parameters):
    """An operation that takes no parameters."""


Access = Literal["anyone", "signed-in", "administrator", "internal"] | Callable[["Context", Any], "Problem | None"]
"""Who may ask: `internal` means only the app itself (flows, rules, deliveries), never from outside."""


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be asked: at once a Python call, an HTTP route, a flow step and an agent's tool."""

    name: str
    run: Callable[[Context, Any], Any]
    params: type[Parameters] = Nothing
    access: Access = "signed-in"
    writes: bool = True
    summary: Text = ""
    adds: bool = False
    """All it writes by itself is new: nothing that was there becomes another or goes (what rules and flows of the app
    make of it is the app's). Agents are told, so that their people need not be asked before."""
    outside: bool = False
    """It reaches outside (mail, other programs): run by a worker without a transaction, may answer an Outcome."""
    sealed: bool = False
    """It is given words for people, or links and codes that let their reader act: what is put off with it is sealed in
    the queue, and taken out of it when it is done."""
    given_up: str = ""
    """The operation that is asked when this one was put off and is given up: with the same parameters, as `reason` the
    sort of its failure, and as `job` which job it was (for `jobs.replay`)."""
    granted: bool = False
    """All it reads and writes of records is held to the actor's grant, in this very transaction: what a key narrowed to
    some rows or fields may ask."""
    verb: str = ""
    """What a scope of a form has to let a key do so that it may ask this (`form:lead:export`): it asks the actor's
    grant of the form for the same."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an operation that reached outside answers: its value, and what to ask when that is written down."""

    value: Any = None
    then: tuple[tuple[str, Mapping[str, Any]], ...] = ()


@dataclass(slots=True)
class Change:
    """One save on its way through the stages.

    `values` is what the record will be (every own field, flat); a stage changes it in place.
    `before` is what it was, None for a new record. `sent` names what the person sent; stages may set other fields.
    """

    record_type: RecordType
    kind: Literal["create", "update", "delete"]
    values: dict[str, Any]
    before: Mapping[str, Any] | None
    sent: frozenset[str]
    problems: list[Problem] = field(default_factory=list)
    after: list[Callable[[Context, int], None]] = field(default_factory=list)
    """Called with the record's id when it is written, in the same transaction: for what needs the id. What only asks
    for work after the commit is a `PutOff`."""
    asks: list[Callable[[Context, int], Iterable[Work]]] = field(default_factory=list)
    """Called with the record's id before its event is written: what is to be done as soon as the save is committed."""
    merged: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    """The rows as they were sent, of the fields where they were merged with what somebody else did meanwhile."""
    because: tuple[str, int] | None = None
    """The record, by form and id, with whose deletion this one is deleted."""

    @property
    def changed(self) -> frozenset[str]:
        """The names of the fields whose value differs from before."""
        if self.before is None:
            return frozenset(name for name, value in self.values.items() if value is not None)
        return frozenset(name for name, value in self.values.items() if value != self.before.get(name))


@dataclass(frozen=True, slots=True)
class PutOff:
    """What follows a save and writes no record itself: of many saved together, no other can notice it."""

    work: Callable[[Context, int], None]

    def __call__(self, context: Context, identity: int) -> None:
        """Ask for the work."""
        self.work(context, identity)


StageRun = Callable[["Context", Change], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A step an engine lends to every save. `prepare` is called once per record type when the app is compiled and
    returns the function to run, or None where there is nothing to do. Lower `order` runs first:
    100 computed fields, 200 rules that set, 300 computed fields again, 400 checks, 500 rules and flows that watch."""

    name: str
    order: int
    prepare: Callable[[Any, RecordType], StageRun | None]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. `causes` is the chain of events that led to it, the oldest first."""

    name: str
    body: Mapping[str, Any]
    at: datetime
    actor: int | None = None
    causes: tuple[str, ...] = ()
    record_type: str | None = None
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class Handler:
    """Listens to one event name (`record.created`), for some record types or all; one transaction per delivery."""

    name: str
    event: str
    run: Callable[[Context, Event], None]
    record_types: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """Runs on a schedule. `run` gets the window (since, until] of host time that is due; the watermark moves in the
    same transaction, so after downtime nothing is lost and nothing runs twice.
    `every` is a span, or `cron` a five-field expression in the app's zone. `catch_up`: all occurrences missed,
    the latest only, or none. `apart`: with a span and `all`, each span that was missed is a window of its own; without,
    they are one long window."""

    name: str
    run: Callable[[Context, datetime, datetime], None]
    every: timedelta | None = None
    cron: str | None = None
    catch_up: Literal["all", "latest", "skip"] = "latest"
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """One of several times an operation is put off: with what, till when, and the key by which it is one and the same
    however often it is said."""

    parameters: Mapping[str, Any]
    at: datetime | None = None
    key: str | None = None


Work = tuple[str, Mapping[str, Any]]
"""An operation and its parameters."""
Told = tuple[int, Mapping[str, Any], Sequence[Work]]
"""What is told of one of several records: its id, the body, the work that goes with it."""


BATCH = "batch:"


def batch_of(causes: Sequence[str]) -> str | None:
    """The batch a piece of work belongs to, if any: an import, a change of many records at once."""
    return next((each for each in causes if each.startswith(BATCH)), None)


class Context(Protocol):
    """What an operation, stage or handler is given. See the module's text for the three verbs."""

    @property
    def actor(self) -> Actor: ...
    @property
    def app(self) -> Any: ...
    @property
    def host(self) -> Any:
        """What serves the app: its database, grants, directory and caches. For rooms that do I/O; it stands above."""
        ...

    @property
    def unit(self) -> Unit: ...
    @property
    def causes(self) -> tuple[str, ...]: ...

    def now(self) -> datetime:
        """The instant of this piece of work: one clock reading for all of it."""
        ...

    def moment(self, **extra: Any) -> Moment:
        """What expressions are evaluated against: this instant, this person, the app's zone."""
        ...

    def ask(self, operation: str, /, **parameters: Any) -> Any:
        """Ask an operation in the same transaction. Raises Rejected."""
        ...

    def tell(
        self, event: str, *, record_type: str | None = None, record_id: int | None = None, work: Sequence[Work] = (),
        **body: Any,
    ) -> None:  # fmt: skip
        """Something happened. `work` is done by the app as soon as it is committed: it goes with the event, which costs
        the save less than a job for each. Its parameters name no forms: they are not renamed with them."""
        ...

    def tell_many(self, event: str, record_type: str, about: Sequence[Told]) -> None:
        """The same thing happened to several records: for each its id, what is to be told of it, and its work."""
        ...

    def later(self, operation: str, *, at: datetime | None = None, key: str | None = None, **parameters: Any) -> None:
        """Ask an operation after the commit (or at an instant); with a `key`, once however often it is said."""
        ...

    def later_many(self, operation: str, wanted: Iterable[Wanted]) -> None:
        """Ask an operation several times after the commit, each with its own parameters."""
        ...

    def as_app(self) -> Context:
        """The same transaction, acting as the app itself."""
        ...

    def as_user(self, user_id: int) -> Context:
        """The same transaction, acting as another person: for flows that act as their starter."""
        ...

    def facts(self, record_type: str, ids: Iterable[int], needs: Iterable[Any]) -> dict[int, dict[str, Any]]:
        """For each id the flat mapping (dotted paths, rows) that the expressions in `needs` read; set-wise."""
        ...


def in_batch(context: Context, name: str) -> Context:
    """The same work, as part of something that is done to many records at once: whatever follows from it knows so by
    its causes (`batch_of`), and people are told of the records as one."""
    if batch_of(context.causes) is not None:
        return context
    made: Any = copy(context)
    made.causes, made._app = (f"{BATCH}{name}", *context.causes), None
    return cast("Context", made)


class Engine(Protocol):
    """All an engine is."""

    @property
    def name(self) -> str:
        """The word: its folder, its prefix, everything."""
        ...

    @property
    def tables(self) -> MetaData | None:
        """What it must remember, if anything."""
        ...

    @property
    def documents(self) -> Mapping[str, type[BaseModel]]:
        """The models of its documents, by kind."""
        ...

    def declare(self, documents: Any, scope: Scope, report: Report) -> None:
        """Make known the names and signatures that others may refer to."""
        ...

    def compile(self, documents: Any, scope: Scope, report: Report) -> Any:
        """Documents to a plan: pure; adds findings to the report, never raises."""
        ...

    def operations(self) -> Iterable[Operation]:
        """What can be asked."""
        ...

    def stages(self) -> Iterable[Stage]:
        """Steps it lends to every save."""
        ...

    def handlers(self, plan: Any) -> Iterable[Handler | Timer]:
        """Events and schedules it listens to."""
        ...
