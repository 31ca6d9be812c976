"""The same value with some fields changed, for the frozen values of which a flow is made.

A decision makes a dozen of them. `dataclasses.replace` asks of every field how it is made and calls `__init__`, which
sets each past the freeze: five times what it takes to fill the slots of a new value, which is what is done here.
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
    slots = _slots(kind)
    if not changes.keys() <= slots.keys():
        raise TypeError(f"{kind.__name__} has no field {', '.join(sorted(changes.keys() - slots.keys()))}")
    made: Value = object.__new__(kind)
    for name, fill in slots.items():
        fill(made, changes[name] if name in changes else getattr(value, name))
    return made


@cache
def _slots(kind: Any) -> Mapping[str, Callable[[Any, Any], None]]:
    """What fills each slot of a new value of a frozen class with slots."""
    return {each.name: getattr(kind, each.name).__set__ for each in fields(kind)}
