"""One event that is waited for, as it was understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lowcode.flows.nodes.asking.spans import Span
from lowcode.kernel.expressions import Expression

What = Literal["message", "when", "after", "signal", "error", "escalation", "undoes"]
ANY = "*"
"""Catches every error or escalation, whatever its name."""


@dataclass(frozen=True, slots=True)
class Catch:
    """One event that is waited for, and the exit it opens; '' for that of a handler."""

    exit: str
    what: What
    name: str = ""
    interrupts: bool = True
    condition: Expression | None = None
    span: Span | None = None
    roles: frozenset[str] = frozenset()

    def catches(self, what: What, name: str) -> bool:
        """Whether it waits for this."""
        any_name = what in ("error", "escalation") and self.name == ANY
        return self.what == what and (any_name or self.name == name)


def caught_by(catches: Iterable[Catch], what: What, name: str) -> Catch | None:
    """The first that waits for this; a name of its own goes before any."""
    fitting = [each for each in catches if each.catches(what, name)]
    return next((each for each in fitting if each.name == name), fitting[0] if fitting else None)
