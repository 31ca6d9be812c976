"""What the world answers: the closed set of what can happen to an instance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.flows.nodes.asking.votes import Decision, Seat

Resume = Literal["again", "refuser"]
"""After a refusal that sends back: walk the way again, or return straight to the one who refused."""


@dataclass(frozen=True, slots=True)
class Left:
    """The node is done; leave by this exit."""

    token: int
    exit: str


@dataclass(frozen=True, slots=True)
class Split:
    """The node is done; leave by these exits at the same time (inclusive gateway)."""

    token: int
    exits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Seated:
    """These people are asked; the token rests until they have decided. Without seats it rests for a wake-up."""

    token: int
    seats: tuple[Seat, ...] = ()
    asked: str = ""
    """The request to another program that it rests for."""


@dataclass(frozen=True, slots=True)
class Received:
    """Another program answered, or refused, what a token asked it: `values`, `status` and `reason`."""

    token: int
    came: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Decided:
    """One seat was decided, by its person or by a rule that `reason` names."""

    token: int
    seat: int
    decision: Decision
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A seat goes to another person for good (转办)."""

    token: int
    seat: int
    person: int
    reason: str = "transferred"


@dataclass(frozen=True, slots=True)
class Added:
    """More people are asked: beside the voters (加签), before or after a seat (前/后加签), to advise it (委派, 沟通),
    or when the vote was yes (追加)."""

    token: int
    seat: int
    people: tuple[int, ...]
    role: Literal["voter", "before", "after", "delegate", "consult", "next"] = "voter"


@dataclass(frozen=True, slots=True)
class Removed:
    """A seat that has not answered is taken away (减签)."""

    token: int
    seat: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A seat takes the task for itself (认领), or gives it back."""

    token: int
    seat: int
    kept: bool = True


@dataclass(frozen=True, slots=True)
class SentBack:
    """A seat refuses and sends the token back to a node it came through (驳回); `version` is that of the record."""

    token: int
    seat: int
    to: str
    resume: Resume = "again"
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Reopened:
    """A seat takes its answer back while the node still waits (拿回)."""

    token: int
    seat: int


@dataclass(frozen=True, slots=True)
class Reclaimed:
    """What followed from a visit, or a refusal from there, is taken back (拿回): nobody has touched it. `seats` are
    those of the visit, as they are to be again."""

    visit: int
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Jumped:
    """A token is put at another node (跳转); `alone` takes every other token away."""

    token: int
    to: str
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Happened:
    """An event on the step of a token was caught; it opens this exit."""

    token: int
    exit: str


@dataclass(frozen=True, slots=True)
class Handled:
    """What a handler in a scope waits for has happened; `scope` is the token that rests on the scope, 0 for the flow
    itself."""

    scope: int
    handler: str


@dataclass(frozen=True, slots=True)
class Thrown:
    """A step makes something happen inside the instance: `what` is escalation or undo. Signals and messages go to the
    world and only pass here."""

    token: int
    what: Literal["signal", "message", "escalation", "undo"]
    name: str


@dataclass(frozen=True, slots=True)
class Escalated:
    """A flow that a token waits for threw an escalation which nobody in it caught: it goes outward from the step."""

    token: int
    name: str


@dataclass(frozen=True, slots=True)
class Erred:
    """A flow that a token waits for ended with an error which nobody in it caught: it goes outward from the step."""

    token: int
    name: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The node could not be entered; the token stays and an administrator is needed."""

    token: int
    code: str
    name: str = ""
    """The error it is, where that is not the code of what hindered it."""


@dataclass(frozen=True, slots=True)
class Retried:
    """Enter the node of a stuck token again."""

    token: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """People are picked for nodes still to come (自选)."""

    people: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Stopped:
    """Everything ends now: withdrawn, cancelled."""

    outcome: str


Answer = (
    Left
    | Split
    | Seated
    | Received
    | Decided
    | Handed
    | Added
    | Removed
    | Claimed
    | SentBack
    | Reopened
    | Reclaimed
    | Jumped
    | Happened
    | Handled
    | Thrown
    | Escalated
    | Erred
    | Failed
    | Retried
    | Chosen
    | Stopped
)
