"""Choosing one of several people: whose turn it is, who has least to do, who is due by weight. Pure; `assigning` feeds
it with people, loads and turns, and a simulation lets it run on without writing anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, assert_never

from lowcode.kernel.diagnostics import Text

Strategy = Literal["round_robin", "least_load", "weighted"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen and why: what `explain` shows. `passed_over` gives the reason for each who was not asked."""

    user: int | None
    reason: Text
    passed_over: Mapping[int, Text] = field(default_factory=dict)
    loads: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Turns:
    """What is remembered of a pool of people: who had the last turn, and what each is owed by weight."""

    last: int | None = None
    owed: dict[int, int] = field(default_factory=dict)


def in_turn(people: Sequence[int], last: int | None) -> list[int]:
    """People in the order of their turns after the one who had the last. By id, so that who joins or comes back from
    leave finds a place of their own, and nobody's turn is lost or doubled by somebody else's absence."""
    ordered = sorted(set(people))
    if last is None:
        return ordered
    return [each for each in ordered if each > last] + [each for each in ordered if each <= last]


def round_robin(people: Sequence[int], last: int | None) -> int | None:
    """The next in turn; None when there is nobody."""
    order = in_turn(people, last)
    return order[0] if order else None


def least_load(people: Sequence[int], loads: Mapping[int, int], last: int | None) -> int | None:
    """Who has the least; among equals the next in turn, so that nobody is always first."""
    order = in_turn(people, last)
    return min(order, key=lambda each: loads.get(each, 0)) if order else None


def weighted(people: Sequence[int], weights: Mapping[int, int], turns: Turns) -> int | None:
    """Who is owed most, in proportion to the weights: every choice gives each person present their weight and takes
    the sum from the one chosen (smooth weighted round robin). Who is away is owed nothing for it, so nobody comes back
    to a flood. Of weights 3 and 1, three of any four in a row go to the first."""
    order = [each for each in in_turn(people, turns.last) if weights.get(each, 1) > 0]
    if not order:
        return None
    owed = {each: turns.owed.get(each, 0) + weights.get(each, 1) for each in order}
    chosen = max(order, key=lambda each: owed[each])
    owed[chosen] -= sum(weights.get(each, 1) for each in order)
    turns.owed.update(owed)
    return chosen


def choose(
    strategy: Strategy, people: Sequence[int], turns: Turns, loads: Mapping[int, int], weights: Mapping[int, int]
) -> int | None:
    """One of several people by a strategy; `turns` is moved on when somebody is found."""
    match strategy:
        case "round_robin":
            chosen = round_robin(people, turns.last)
        case "least_load":
            chosen = least_load(people, loads, turns.last)
        case "weighted":
            chosen = weighted(people, weights, turns)
        case _:
            assert_never(strategy)
    if chosen is not None:
        turns.last = chosen
    return chosen
