"""What is to be done in the world: the closed set of what a step asks for."""

from __future__ import annotations

from dataclasses import dataclass

from lowcode.flows.nodes.asking.votes import Seat


@dataclass(frozen=True, slots=True)
class Enter:
    """Do what this node is for, and answer with Left, Split, Seated or Failed."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A person is asked; one who is not `open` waits for others, or was decided beforehand."""

    token: int
    node: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Turned:
    """A person who was asked may answer now, or has to wait for others again."""

    token: int
    node: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Closed:
    """A seat is done or no longer needed; `seat` is as it is now."""

    token: int
    node: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Undone:
    """An answer was taken back; the seat is open again."""

    token: int
    node: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Passed:
    """A token went through a node and left by an exit ('' at an end, and for a token still waiting at a join).
    `beside`: it stays there, and another one goes on by the exit."""

    token: int
    node: str
    exit: str
    arrived: bool = False
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A token was taken away because the flow was stopped or sent back elsewhere."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """A token cannot move."""

    token: int
    node: str
    code: str


@dataclass(frozen=True, slots=True)
class Began:
    """A scope or the flow itself begins: what its handlers wait for may happen from now on."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Told:
    """A signal or a message goes out, or an escalation or an error that nobody here caught."""

    what: str
    name: str
    node: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The last token is gone."""

    outcome: str


Effect = Enter | Opened | Turned | Closed | Undone | Passed | Dropped | Stuck | Began | Told | Ended
