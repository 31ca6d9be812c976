"""The values of an answer that expressions read: paths and types before, values afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.show import from_plain
from lowcode.kernel.requests.offers import NOTHING_KNOWN, Shape

ANSWER = "answer"
REFUSAL_TYPES: Mapping[str, Type] = {
    "refusal.status": Type("number", scale=0),
    "refusal.reason": Type("text"),
}
DEPTH = 6
MOST = 2000
"""So many paths of one answer can be read."""
NAMED = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a request: the `values` of the paths that were wanted, as JSON, or why it was refused."""

    values: Mapping[str, Any]
    status: int | None = None
    reason: Text | None = None


def inner(shape: Shape, inside: str) -> Shape | None:
    """The shape of a part of an answer, by names and numbers; None where it has no such part."""
    for step in inside.split(".") if inside else ():
        if shape.entry is not None and step.isdecimal():
            shape = shape.entry
        elif shape.parts is not None:
            found = shape.parts.get(step)
            if found is None and shape.closed:
                return None
            shape = found or NOTHING_KNOWN
        elif not shape.simple or shape.type.kind != "any":
            return None
    return shape


def types_in(shape: Shape) -> dict[str, Type]:
    """Every path of an answer that an expression may read: `answer.customer.name`."""
    found: dict[str, Type] = {}
    for path, type_ in _paths(shape, ANSWER, DEPTH):
        if len(found) == MOST:
            break
        found[path] = type_
    return found


def _paths(shape: Shape, path: str, depth: int) -> Iterator[tuple[str, Type]]:
    if shape.parts is None or not depth:
        yield path, shape.type if shape.simple else Type("any")
        return
    for name, part in shape.parts.items():
        if NAMED.fullmatch(name):
            yield from _paths(part, f"{path}.{name}", depth - 1)


def picked(found: Any, inside: str, paths: Iterable[str]) -> dict[str, Any]:
    """The values of some paths in an answer; what is not there is blank."""
    for step in inside.split(".") if inside else ():
        found = _step(found, step)
    values = {}
    for path in paths:
        value = found
        for step in path.split(".")[1:]:
            value = _step(value, step)
        values[path] = value
    return values


def _step(found: Any, step: str) -> Any:
    if isinstance(found, list):
        return found[int(step)] if step.isdecimal() and int(step) < len(found) else None
    return found.get(step) if isinstance(found, Mapping) else None


def answer_values(types: Mapping[str, Type], answered: Answered) -> dict[str, Any]:
    """The values of an answer as expressions have them. Raises ValueError naming a path whose value does not fit."""
    found: dict[str, Any] = {}
    for path, value in answered.values.items():
        try:
            found[path] = None if value in (None, "") else from_plain(types[path], value)
        except (ValueError, ArithmeticError, TypeError):
            raise ValueError(f"'{value}' at '{path}' is no {types[path]}") from None
    return found


def refusal_values(answered: Answered, language: str) -> dict[str, Any]:
    """What is known of a refusal; its reason in the language in which it is to be written into fields."""
    reason = localized(answered.reason, language) if answered.reason is not None else None
    return {"refusal.status": answered.status, "refusal.reason": reason}
