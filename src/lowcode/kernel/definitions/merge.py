"""Three versions of a document into one: what it was, what one side made of it, what the other side made of it.

What only one side changed is taken from that side; what both changed alike is taken once; what both changed otherwise
is a `Clash`, told with all three values, and stands as `mine` in the result. Objects are merged key by key, lists
member by member where their members can be told apart (`members`), so that a field added by one and a title changed by
the other do not meet. Members that have no names (the blocks of a paper) are found again by where they stand between
members that stayed what they were.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final

from lowcode.kernel.definitions.members import Identity, told_apart
from lowcode.kernel.definitions.pointers import escape


class _Missing:
    """Stands for what is not there."""

    def __repr__(self) -> str:
        return "nothing"


MISSING: Final = _Missing()


@dataclass(frozen=True, slots=True)
class Clash:
    """Both sides changed one thing, each otherwise; `MISSING` stands for what one of them does not have."""

    pointer: str
    base: Any
    mine: Any
    theirs: Any

    def told(self) -> dict[str, Any]:
        """It as data: what is not there has no key."""
        sides = {"base": self.base, "mine": self.mine, "theirs": self.theirs}
        return {"pointer": self.pointer, **{side: value for side, value in sides.items() if value is not MISSING}}


def merge(base: Any, mine: Any, theirs: Any) -> tuple[Any, list[Clash]]:
    """The document with the changes of both, and where they clash."""
    clashes: list[Clash] = []
    return _merged(base, mine, theirs, "", clashes), clashes


def _merged(base: Any, mine: Any, theirs: Any, pointer: str, clashes: list[Clash]) -> Any:
    if same(mine, theirs) or same(theirs, base):
        return mine
    if same(mine, base):
        return theirs
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return _objects(base if isinstance(base, dict) else {}, mine, theirs, pointer, clashes)
    if isinstance(mine, list) and isinstance(theirs, list):
        before = base if isinstance(base, list) else []
        identity = told_apart(before, mine, theirs)
        if identity is not None:
            return _lists(before, mine, theirs, identity, pointer, clashes)
        if isinstance(base, list):
            return _sequences(base, mine, theirs, pointer, clashes)
    clashes.append(Clash(pointer, base, mine, theirs))
    return mine


def same(one: Any, other: Any) -> bool:
    """Equal in value and in kind: 1 is not true."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _objects(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], pointer: str, clashes: list[Clash]
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in dict.fromkeys((*theirs, *mine)):
        was, own, other = (each.get(key, MISSING) for each in (base, mine, theirs))
        value = _merged(was, own, other, f"{pointer}/{escape(key)}", clashes)
        if value is not MISSING:
            found[key] = value
    return found


def _lists(
    base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any], identity: Identity, pointer: str,
    clashes: list[Clash],
) -> list[Any]:  # fmt: skip
    """The members of both, in the order of whoever moved them; what one side added stands behind what it stood behind
    there."""
    was, own, other = ({identity(each): each for each in members} for members in (base, mine, theirs))
    kept = [name for name in was if name in own and name in other]
    moved = [name for name in own if name in kept] != kept
    order, added = (list(own), list(other)) if moved else (list(other), list(own))
    for at, name in enumerate(added):
        if name not in order:
            ahead = next((each for each in reversed(added[:at]) if each in order), None)
            order.insert(0 if ahead is None else order.index(ahead) + 1, name)
    found: list[Any] = []
    for name in order:
        before, ours, now = (each.get(name, MISSING) for each in (was, own, other))
        value = _merged(before, ours, now, f"{pointer}/{len(found)}", clashes)
        if value is not MISSING:
            found.append(value)
    return found


@dataclass(slots=True)
class _Edits:
    """What a side made of a list: of each member what it is now, and what was put before each and at the end."""

    now: list[Any]
    added: dict[int, list[Any]] = field(default_factory=dict)


def _sequences(
    base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any], pointer: str, clashes: list[Clash]
) -> list[Any]:
    """Members without names, each found again by its place; what both sides put at one place comes from both."""
    own, other = _edits(base, mine), _edits(base, theirs)
    found: list[Any] = []
    for at in range(len(base) + 1):
        found += other.added.get(at, ())
        found += [each for each in own.added.get(at, ()) if not any(same(each, one) for one in other.added.get(at, ()))]
        if at < len(base):
            value = _merged(base[at], own.now[at], other.now[at], f"{pointer}/{len(found)}", clashes)
            if value is not MISSING:
                found.append(value)
    return found


def _edits(base: Sequence[Any], side: Sequence[Any]) -> _Edits:
    before, after = ([json.dumps(each, sort_keys=True) for each in members] for members in (base, side))
    edits = _Edits(list(base))
    for kind, first, last, begin, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        pairs = 0
        while pairs < min(last - first, end - begin) and _alike(base[first + pairs], side[begin + pairs]):
            edits.now[first + pairs] = side[begin + pairs]
            pairs += 1
        edits.now[first + pairs : last] = [MISSING] * (last - first - pairs)
        edits.added.setdefault(last, []).extend(side[begin + pairs : end])
    return edits


def _alike(one: Any, other: Any) -> bool:
    """Whether a member may be what became of another: objects of one type, lists, or single values."""
    if isinstance(one, dict) and isinstance(other, dict):
        return bool(one.get("type") == other.get("type"))
    return type(one) is type(other)
