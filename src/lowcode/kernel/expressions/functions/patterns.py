"""Which patterns MATCHES takes: those whose work grows with the text and not with the number of ways to divide it.

The engines of Python and JavaScript try one way after the other. A repeated part inside a repeated group, or choices
that begin alike inside one, have exponentially many ways to fail (`(a+)+$`, `(a|a)*b`); several endless parts side by
side that take the same characters have their product (`.*.*.*x`). Both are refused when the pattern is understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from re import _constants as sre
from re import _parser as parser
from typing import Any

from lowcode.kernel.expressions.told import Sentence, say

LONGEST_PATTERN = 200
ENDLESS = 64
"""A part that may be repeated this often or more counts as endless."""
REPETITIONS = 1000
SIDE_BY_SIDE = 2
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)

Item = tuple[Any, Any]


def dangerous(pattern: str) -> Sentence | None:
    """Why a pattern may take forever, or None. Raises re.error for one that is none."""
    parsed = parser.parse(pattern)
    if _nested(list(parsed), repeated=False):
        return say("repeats-within")
    if _row(list(parsed)) > SIDE_BY_SIDE:
        return say("repeats-in-a-row", most=SIDE_BY_SIDE)
    return None


def _nested(items: Sequence[Item], *, repeated: bool) -> bool:
    """Whether a part that can be divided in several ways stands inside a repeated one."""
    for kind, value in items:
        if kind in REPEATS:
            least, most, inner = value
            most = int(most)
            if most != sre.MAXREPEAT and most > REPETITIONS:
                return True
            if (repeated and least != most) or _nested(list(inner), repeated=repeated or most > 1):
                return True
        elif kind is sre.SUBPATTERN:
            if _nested(list(value[3]), repeated=repeated):
                return True
        elif kind is sre.BRANCH:
            if repeated and not _tell_apart(value[1]):
                return True
            if any(_nested(list(each), repeated=repeated) for each in value[1]):
                return True
    return False


def _tell_apart(choices: Sequence[Any]) -> bool:
    """Whether every choice begins with a character of its own."""
    first = [next(iter(each), None) for each in choices]
    letters = [each[1] for each in first if each is not None and each[0] is sre.LITERAL]
    return len(letters) == len(choices) == len(set(letters))


def _row(items: Sequence[Item]) -> int:
    """The most endless parts that stand side by side, with nothing in between that none of them takes."""
    longest = count = 0
    taken: frozenset[int] = frozenset()
    for kind, value in _flat(items):
        characters = _characters(value[2]) if kind in REPEATS else _characters([(kind, value)])
        if kind in REPEATS and int(value[1]) >= ENDLESS:
            count = count + 1 if taken & characters else 1
            taken = characters if count == 1 else taken | characters
            longest = max(longest, count)
        elif not (kind in REPEATS and value[0] == 0) and not taken & characters:
            count, taken = 0, frozenset()
    return longest


def _flat(items: Sequence[Item]) -> list[Item]:
    """The parts with groups opened; of choices the worst is taken for all."""
    found: list[Item] = []
    for kind, value in items:
        if kind is sre.SUBPATTERN:
            found += _flat(list(value[3]))
        elif kind is sre.BRANCH:
            choices: list[Sequence[Item]] = [_flat(list(each)) for each in value[1]]
            worst: Sequence[Item] = max(choices, key=_row)
            found += worst
        elif kind is not sre.AT:
            found.append((kind, value))
    return found


EVERY = frozenset(range(0x300))
"""A sample of all characters: what differs, differs here."""


def _characters(items: Any) -> frozenset[int]:
    """Which characters of the sample a part can take."""
    found: set[int] = set()
    for kind, value in items:
        if kind is sre.LITERAL:
            found.add(value)
        elif kind is sre.NOT_LITERAL:
            found |= EVERY - {value}
        elif kind is sre.IN:
            found |= _of_set(value)
        elif kind in REPEATS:
            found |= _characters(value[2])
        elif kind is sre.SUBPATTERN:
            found |= _characters(value[3])
        elif kind is sre.BRANCH:
            for each in value[1]:
                found |= _characters(each)
        elif kind is not sre.AT:
            return EVERY
    return frozenset(found)


def _of_set(parts: Sequence[Item]) -> frozenset[int]:
    inside: set[int] = set()
    negated = False
    for kind, value in parts:
        if kind is sre.NEGATE:
            negated = True
        elif kind is sre.LITERAL:
            inside.add(value)
        elif kind is sre.RANGE:
            inside |= set(range(value[0], min(value[1], 0x10000) + 1))
        else:
            return EVERY
    return EVERY - inside if negated else frozenset(inside)


def refusal(pattern: str, plain: str) -> Sentence | None:
    """Why a pattern is outside the safe subset, or None; `plain` is it with its classes written out."""
    if re.search(r"\\[1-9bBAZGQEpPuxkDWS]", pattern):
        return say("no-such-sign")
    if "(?" in pattern:
        return say("no-such-group")
    if len(pattern) > LONGEST_PATTERN:
        return say("pattern-too-long", most=LONGEST_PATTERN)
    if re.search(r"(?<!\\)[*+?}][*+?]", pattern):
        return say("repeated-twice")
    return unsafe(plain)


def unsafe(pattern: str) -> Sentence | None:
    """Why a pattern is none, or may take forever; None when it may be asked."""
    try:
        return dangerous(pattern)
    except re.error as error:
        if error.pos is None:
            return say("pattern-unreadable", detail=error.msg)
        return say("pattern-broken", detail=error.msg, position=error.pos)
    except (RecursionError, OverflowError) as error:
        return say("pattern-unreadable", detail=str(error))
