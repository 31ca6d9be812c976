"""The same value with some fields changed, for the frozen values of which a flow is made.

A decision makes a dozen of them, and `dataclasses.replace` looks every field up by name each time: a tenth of what a
decision costs. Here each class has a function of its own, made when it is first used, that takes a fifth of that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

Value = TypeVar("Value")


def replace(value: Value, **changes: Any) -> Value:
    """The value with these fields changed. Raises TypeError for a field that it does not have."""
    kind: Any = value.__class__
    found: Value = _copier(kind)(value, **changes)
    return found


@cache
def _copier(kind: Any) -> Callable[..., Any]:
    """The function that copies values of a frozen class with slots: it fills the slots of a new one."""
    names = [each.name for each in fields(kind)]
    known: dict[str, Any] = {"__builtins__": {}, "kind": kind, "new": object.__new__, "same": object()}
    known |= {f"set_{name}": getattr(kind, name).__set__ for name in names}
    given = ", ".join(f"{name}=same" for name in names)
    filled = "".join(f"    set_{name}(made, old.{name} if {name} is same else {name})\n" for name in names)
    text = f"def copied(old, *, {given}):\n    made = new(kind)\n{filled}    return made\n"
    exec(compile(text, f"<copies of {kind.__name__}>", "exec"), known)  # noqa: S102 (only names of fields stand in it)
    made: Callable[..., Any] = known["copied"]
    return made
