"""Where an instance stands: its live tokens, and nothing else. History is written beside it and never read back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lowcode.flows.nodes.asking.votes import Seat

TokenState = Literal["entering", "resting", "joining", "stuck"]


Branch = tuple[tuple[int, int], ...]
"""The splits a token came out of and was not joined again: of each its number and by which exit; -1 when some of its
branches are joined and others not yet."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A node where people were asked that a token came through: what 驳回 and 拿回 can go back to."""

    node: str
    token: int
    branch: Branch = ()
    scope: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """A step that was done and has a handler that undoes it."""

    node: str
    scope: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """What was sent back here (驳回), as long as it stands here: the token as it was, without its seats, everybody who
    had agreed, the version of the record, and whether other tokens were taken away with it."""

    token: Token
    agreed: frozenset[int] = frozenset()
    version: int | None = None
    took_others: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """One place where the flow stands.

    `agreed` are the people whose approval brought it here, for 自动去重. `trail` are the nodes where people were asked
    on its way, each once, so that it stays as short as the flow however often it goes round. `back` is the node it
    returns to at once when this one agrees (a refusal that resumes at the refuser), `again` that it was sent back here.
    `claimed` are the seats that took it for themselves, `written` whether something was written since people were asked
    last, and `last` which token that was (-1: several, whose branches were joined since). `scope` are the tokens that
    rest on the scopes around it, the outermost first; `fired` the events on its step that were caught beside it,
    `undoing` the handlers still to come of one that rests at a throw, and `refused` what was sent back here. `asked` is
    the request to another program whose answer it waits for, and `answer` what came of it.
    """

    number: int
    node: str
    via: str
    state: TokenState = "entering"
    seats: tuple[Seat, ...] = ()
    agreed: frozenset[int] = frozenset()
    branch: Branch = ()
    trail: tuple[Visit, ...] = ()
    back: str = ""
    again: bool = False
    claimed: tuple[int, ...] = ()
    written: bool = False
    last: int = 0
    scope: tuple[int, ...] = ()
    fired: tuple[str, ...] = ()
    undoing: tuple[str, ...] = ()
    refused: Refused | None = None
    asked: str = ""
    answer: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class State:
    """All live tokens. `agreed` are all people who approved since the last rejection; `chosen` are the people picked
    for nodes still to come; `done` the steps that can be undone, in the order in which they were done."""

    tokens: tuple[Token, ...] = ()
    next_number: int = 1
    outcome: str | None = None
    agreed: frozenset[int] = frozenset()
    chosen: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    done: tuple[Done, ...] = ()

    def token(self, number: int) -> Token | None:
        """The live token of this number."""
        return next((token for token in self.tokens if token.number == number), None)

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return not self.tokens


def joined(taken: list[Token], others: Iterable[Token]) -> Branch:
    """The branch of the token that several become: what they share, and a split of which others are still out."""
    found: list[tuple[int, int]] = []
    for depth, splits in enumerate(zip(*(token.branch for token in taken), strict=False)):
        if len(set(splits)) == 1:
            found.append(splits[0])
            continue
        numbers = {number for number, _ in splits}
        if len(numbers) == 1 and any(
            len(o.branch) > depth and o.branch[depth][0] in numbers and o.branch[:depth] == tuple(found) for o in others
        ):
            found.append((numbers.pop(), -1))
        break
    return tuple(found)


def out_of_same_split(token: Token, beyond: Branch, other: Token) -> bool:
    """Whether another token came out of the split that this one passed after it stood at `beyond`."""
    depth = len(beyond)
    if len(token.branch) <= depth or len(other.branch) <= depth:
        return False
    return other.branch[:depth] == beyond and other.branch[depth][0] == token.branch[depth][0]


def walked(trail: tuple[Visit, ...], visit: Visit) -> tuple[Visit, ...]:
    """A trail with one more visit; one that was there before is forgotten with what came after it."""
    for index, each in enumerate(trail):
        if each.node == visit.node:
            return (*trail[:index], visit)
    return (*trail, visit)


def merged(tokens: list[Token], branch: Branch) -> tuple[Visit, ...]:
    """The trail of tokens that became one: what lies inside the branches joined cannot be gone back to."""
    found: dict[str, Visit] = {}
    for token in tokens:
        for visit in token.trail:
            if visit.branch == branch[: len(visit.branch)]:
                found.setdefault(visit.node, visit)
    return tuple(found.values())
