"""The same value with some fields changed, for the frozen values of which a flow is made.

A decision makes a dozen of them. `dataclasses.replace` asks of every field how it is made and calls `__init__`, which
sets each past the freeze: eight times what it takes to fill the slots of a new value, which is what is done here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

Value = TypeVar("Value")


def replace(value: Value, **changes: Any) -> Value:
    """The value with these fields changed. Raises TypeError for a field that it does not have."""
    kind: Any = value.__class__
    made: Value = _maker(kind, tuple(changes))(value, changes)
    return made


@cache
def _maker(kind: Any, changed: tuple[str, ...]) -> Callable[[Any, Mapping[str, Any]], Any]:
    """A generated function that makes a new value of a frozen class with slots: each slot is filled from the changes or
    from the old value, and nothing is asked of a field on the way."""
    names = [each.name for each in fields(kind)]
    if not set(changed) <= set(names):
        raise TypeError(f"{kind.__name__} has no field {', '.join(sorted(set(changed) - set(names)))}")
    known: dict[str, Any] = {"__builtins__": {}, "new": object.__new__, "kind": kind}
    known |= {f"fill_{name}": getattr(kind, name).__set__ for name in names}
    lines = [f"fill_{name}(made, {f'changes[{name!r}]' if name in changed else f'old.{name}'})" for name in names]
    text = "\n    ".join(("def make(old, changes):", "made = new(kind)", *lines, "return made"))
    exec(compile(text, "<changed>", "exec"), known)  # noqa: S102 (fields of our own classes stand in it, nothing else)
    made: Callable[[Any, Mapping[str, Any]], Any] = known["make"]
    return made
