"""Events that are caught, as they are written and as they were understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from lowcode.flows.nodes.asking.spans import Span, SpanDocument
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Name, Part, Text
from lowcode.kernel.expressions import Expression

What = Literal["message", "when", "after", "signal", "error", "escalation", "undoes"]
ANY = "*"
"""Catches every error or escalation, whatever its name."""


class HappeningDocument(Part):
    """What is caught: exactly one of the keys."""

    message: Name | None = Field(None, description="A message that is sent for the record.")
    roles: list[str] = Field(
        default_factory=list, description="message: who may send it beside administrators and the app itself."
    )
    when: ExpressionText | None = Field(None, description="A condition on the record, looked at after every save.")
    after: SpanDocument | None = Field(None, description="So much time has passed.")
    signal: Name | None = Field(None, description="A signal that any flow sends to all.")
    error: str | None = Field(
        None,
        description="An error thrown inside, the outcome of a called flow, or the code of what hindered a step; * for "
        "any.",
    )
    escalation: str | None = Field(None, description="An escalation thrown inside; * for any.")
    interrupts: bool = Field(True, description="Whether what goes on is broken off, or goes on beside it.")


class CatchDocument(HappeningDocument):
    """An event caught on a step while it lasts, and where it leads."""

    title: Text = ""
    to: str


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
