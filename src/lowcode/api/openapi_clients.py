"""A description as programs that write clients understand it.

What is said stays the same; it is written so that OpenAPI Generator (TypeScript, Python) makes a program of it that
compiles: its classes are named by titles, its types of choices by a `type` beside them, and it puts patterns between
quotes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NAMED = frozenset({"properties", "patternProperties", "$defs", "schemas", "parameters"})
"""Under these stand parts by names, which are no words of the language."""
VALUES = frozenset({"enum", "const", "default", "example", "examples"})
"""Under these stand values."""
QUOTES = {'"': r"\x22", "'": r"\x27"}


def for_clients(part: Any) -> Any:
    """A part of a description, with all below it."""
    if isinstance(part, list):
        return [for_clients(each) for each in part]
    if not isinstance(part, Mapping):
        return part
    found = {word: _below(word, value) for word, value in part.items()}
    choices = found.get("enum")
    if isinstance(choices, list) and "type" not in found and all(isinstance(each, str) for each in choices):
        found["type"] = "string"
    if found.get("const") is False:  # some programs write of `const: false` what is no program
        found = {word: value for word, value in found.items() if word != "const"}
        found |= {"type": "boolean", "not": {"const": True}}
    if isinstance(found.get("pattern"), str):
        found["pattern"] = "".join(QUOTES.get(each, each) for each in found["pattern"])
    if "not" not in found and "properties" in found and _of_needs(found.get("anyOf")):
        found["not"] = {"allOf": [{"not": each} for each in found.pop("anyOf")]}
    return found


def _below(word: str, value: Any) -> Any:
    if word in VALUES and not (word == "default" and isinstance(value, Mapping)):  # the answer to all else, of a call
        return value
    if word in NAMED and isinstance(value, Mapping):
        return {name: for_clients(each) for name, each in value.items()}
    return for_clients(value)


def _of_needs(branches: Any) -> bool:
    """Whether branches are no more than names of which one or the other has to be there: they make no class."""
    return isinstance(branches, list) and all(
        isinstance(each, Mapping) and each.keys() == {"required"} for each in branches
    )
