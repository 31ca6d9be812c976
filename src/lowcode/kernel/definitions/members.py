"""How the members of lists are told apart: by id, by name, or by what else each of them has and none shares."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

KEYS: tuple[tuple[str, ...], ...] = (
    ("id",), ("name",), ("from", "to"), ("field",), ("role",), ("form",), ("report",), ("dashboard",), ("title",),
)  # fmt: skip

Identity = Callable[[Any], str]


def identity_of(*lists: Sequence[Any]) -> Identity | None:
    """What tells the objects of several lists apart: the first key, or pair of keys, that all have and none shares."""
    for keys in KEYS:
        names = [[json.dumps([each.get(key) for key in keys]) for each in members] for members in lists]
        given = all(each.get(key) is not None for members in lists for each in members for key in keys)
        if given and all(len(set(each)) == len(each) for each in names):
            return lambda member, keys=keys: json.dumps([member.get(key) for key in keys])  # type: ignore[misc]
    return None


def told_apart(*lists: Sequence[Any]) -> Identity | None:
    """The same for lists of anything: texts and numbers are told apart by themselves, where none stands twice."""
    everything = [each for members in lists for each in members]
    if all(isinstance(each, dict) for each in everything):
        return identity_of(*lists)
    if any(isinstance(each, (dict, list)) for each in everything):
        return None
    texts = [[json.dumps(each) for each in members] for members in lists]
    return json.dumps if all(len(set(each)) == len(each) for each in texts) else None
