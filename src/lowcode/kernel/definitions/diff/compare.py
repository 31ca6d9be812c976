"""Two versions side by side: documents by name, members by id or name, the rest by content."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from lowcode.kernel.definitions.diff import sentences
from lowcode.kernel.definitions.diff.sentences import Trail
from lowcode.kernel.definitions.diff.words import is_text
from lowcode.kernel.definitions.load import Documents, SourceDocument
from lowcode.kernel.definitions.members import identity_of
from lowcode.kernel.definitions.pointers import escape

_SILENT = frozenset({"$schema", "format", "id", "was", "name"})


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed. `pointer` is that of the newer version, or of the older one for what is gone."""

    kind: Literal["added", "removed", "renamed", "moved", "changed"]
    document: str
    pointer: str
    words: dict[str, str]
    before: Any = None
    after: Any = None


def diff(before: Documents, after: Documents) -> list[Change]:
    """Everything that changed between two versions of an app, in the order of the documents."""
    changes = list(_app(before, after))
    kinds = list(dict.fromkeys(each.kind for each in (*before, *after) if each.kind != "app"))
    for kind in sorted(kinds):
        changes += _documents(before.of(kind), after.of(kind))
    changes += _files(before, after)
    return changes


def _app(before: Documents, after: Documents) -> Iterator[Change]:
    trail = Trail.document(after.app.kind, after.app.data)
    yield from _Comparison(after.app.path).mappings(before.app.data, after.app.data, trail, "")


def _documents(before: Sequence[SourceDocument], after: Sequence[SourceDocument]) -> Iterator[Change]:
    old = {each.name: each for each in before}
    taken: set[str] = set()
    for each in after:
        trail = Trail.document(each.kind, each.data)
        earlier = old.get(each.name) or old.get(str(each.data.get("was"))) or _by_id(each, before)
        if earlier is None:
            yield Change("added", each.path, "", sentences.added(trail), after=each.data)
            continue
        taken.add(earlier.name)
        if earlier.name != each.name:
            words = sentences.renamed(trail, earlier.name, each.name)
            yield Change("renamed", each.path, "/name", words, earlier.name, each.name)
        yield from _Comparison(each.path).mappings(earlier.data, each.data, trail, "")
    for each in before:
        if each.name not in taken:
            words = sentences.removed(Trail.document(each.kind, each.data))
            yield Change("removed", each.path, "", words, before=each.data)


def _by_id(document: SourceDocument, others: Sequence[SourceDocument]) -> SourceDocument | None:
    given = document.data.get("id")
    return next((each for each in others if given and each.data.get("id") == given), None)


def _files(before: Documents, after: Documents) -> Iterator[Change]:
    for path in sorted({*before.files, *after.files}):
        trail = Trail.document("file", {"name": path})
        if path not in before.files:
            yield Change("added", path, "", sentences.added(trail))
        elif path not in after.files:
            yield Change("removed", path, "", sentences.removed(trail))
        elif before.files[path] != after.files[path]:
            yield Change("changed", path, "", sentences.content(trail))


class _Comparison:
    """The comparison of one document."""

    def __init__(self, path: str) -> None:
        self.path = path

    def mappings(self, before: Any, after: Any, trail: Trail, pointer: str) -> Iterator[Change]:
        """Two objects, key by key."""
        for key in dict.fromkeys([*after, *before]):
            old, new = before.get(key), after.get(key)
            if (old == new and type(old) is type(new)) or key in _SILENT or key.startswith("x-"):
                continue
            yield from self.values(key, old, new, trail, f"{pointer}/{escape(key)}")

    def values(self, key: str, old: Any, new: Any, trail: Trail, pointer: str) -> Iterator[Change]:
        """Two values of a key, either of them possibly None."""
        if _are_members(old, new):
            yield from self.members(key, old or [], new or [], trail, pointer)
        elif isinstance(old, dict) and isinstance(new, dict) and not (is_text(old) or is_text(new)):
            yield from self.mappings(old, new, trail.inside(key), pointer)
        elif isinstance(old, list) and isinstance(new, list):
            words = sentences.list_changed(trail, key, old, new)
            yield Change("changed", self.path, pointer, words, old, new)
        else:
            yield Change("changed", self.path, pointer, sentences.changed(trail, key, old, new), old, new)

    def members(self, key: str, old: list[Any], new: list[Any], trail: Trail, pointer: str) -> Iterator[Change]:
        """Two lists of objects: who was added, removed, renamed, moved, and what changed within those that stayed."""
        identity = identity_of(old, new)
        pairs = _pairs_by_identity(old, new, identity) if identity else _pairs_by_content(old, new)
        for left, right in pairs:
            if right is None and left is not None:
                words = sentences.removed(trail.member(key, old[left], left))
                yield Change("removed", self.path, f"{pointer}/{left}", words, before=old[left])
        kept = [(left, right) for left, right in pairs if left is not None and right is not None]
        moved = _out_of_order([left for left, _ in sorted(kept, key=lambda pair: pair[1])]) if identity else set()
        for left, right in pairs:
            if right is None:
                continue
            member, here = trail.member(key, new[right], right), f"{pointer}/{right}"
            if left is None:
                yield Change("added", self.path, here, sentences.added(member), after=new[right])
                continue
            if old[left].get("name") != new[right].get("name"):
                names = (str(old[left].get("name")), str(new[right].get("name")))
                yield Change("renamed", self.path, f"{here}/name", sentences.renamed(member, *names), *names)
            if left in moved:
                ahead = trail.member(key, new[right - 1], right - 1) if right else None
                yield Change("moved", self.path, here, sentences.moved(member, ahead), left, right)
            yield from self.mappings(old[left], new[right], member, here)


def _are_members(old: Any, new: Any) -> bool:
    lists = [each for each in (old, new) if each is not None]
    return all(isinstance(each, list) and all(isinstance(item, dict) for item in each) for each in lists) and any(lists)


Pair = tuple[int | None, int | None]


def _pairs_by_identity(old: list[Any], new: list[Any], identity: Callable[[dict[str, Any]], str]) -> list[Pair]:
    places = {identity(each): index for index, each in enumerate(old)}
    names = {each.get("name"): index for index, each in enumerate(old) if each.get("name")}
    ids = {each.get("id"): index for index, each in enumerate(old) if each.get("id")}
    wanted = {identity(each) for each in new}
    pairs: list[Pair] = []
    taken: set[int] = set()
    for index, each in enumerate(new):
        left = places.get(identity(each))
        if left is None:
            left = ids.get(each.get("id"), names.get(each.get("was")))
            left = None if left is None or identity(old[left]) in wanted else left
        if left is not None:
            taken.add(left)
        pairs.append((left, index))
    return [*pairs, *((index, None) for index in range(len(old)) if index not in taken)]


def _pairs_by_content(old: list[Any], new: list[Any]) -> list[Pair]:
    left_texts, right_texts = ([json.dumps(each, sort_keys=True) for each in members] for members in (old, new))
    pairs: list[Pair] = []
    for what, left, left_end, right, right_end in SequenceMatcher(
        None, left_texts, right_texts, autojunk=False
    ).get_opcodes():
        both = min(left_end - left, right_end - right)
        if what != "equal":
            pairs += [(left + step, right + step) for step in range(both)]
            pairs += [(index, None) for index in range(left + both, left_end)]
            pairs += [(None, index) for index in range(right + both, right_end)]
    return pairs


def _out_of_order(places: list[int]) -> set[int]:
    """The fewest members that have to move to turn one order into the other: all but a longest rising sequence."""
    tails: list[int] = []
    ends: list[int] = []
    back: list[int | None] = []
    for index, place in enumerate(places):
        at = bisect_left(tails, place)
        if at == len(tails):
            tails.append(place)
            ends.append(index)
        else:
            tails[at], ends[at] = place, index
        back.append(ends[at - 1] if at else None)
    staying: set[int] = set()
    step = ends[-1] if ends else None
    while step is not None:
        staying.add(places[step])
        step = back[step]
    return set(places) - staying
