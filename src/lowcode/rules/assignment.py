"""Choosing one of several people: whose turn it is, or who has least to do. Pure; `actions/assign.py` feeds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Choice:
    """Who was chosen and why: what `explain` shows. `passed_over` gives the reason for each who was not asked."""

    user: int | None
    reason: str
    passed_over: Mapping[int, str] = field(default_factory=dict)
    loads: Mapping[int, int] = field(default_factory=dict)


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
