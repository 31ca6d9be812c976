"""`signal`: tell the flows of the record that something happened; those that wait for it go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Name, Part
from lowcode.kernel.expressions import Expression
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.told import plain


class SignalOptions(Part):
    """The message a flow waits for, and what it says."""

    message: Name
    body: dict[str, ExpressionText] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Signal:
    """A message for the flows of a record."""

    message: str
    record: int | None
    body: Mapping[str, Any]

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"signal": self.message, "body": plain(self.body)}

    def apply(self, firing: Firing) -> None:
        """Send it; a flow that waits for nothing of the kind takes no notice."""
        firing.context.ask(
            "flows.message", name=self.message, form=firing.rule.form, id=self.record, body=dict(plain(self.body))
        )


@dataclass(frozen=True, slots=True)
class SignalAction:
    """A message and expressions for its body."""

    message: str
    body: Mapping[str, Expression]
    kind: str = "signal"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its body reads."""
        return tuple(self.body.values())

    def effect(self, firing: Firing) -> Effect:
        """The message for this record."""
        return Signal(self.message, firing.record_id, firing.values(self.body))


class SignalKind:
    """The kind `signal`."""

    name = "signal"
    options = SignalOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: SignalOptions, site: Site) -> Action | None:
        """Some flow of the form must wait for the message."""
        if site.form is None:
            site.refuse("needs-form", "/message")
            return None
        known = sorted(
            message
            for flow in site.scope.names("flow").values()
            if isinstance(flow, Mapping) and flow.get("form") == site.form
            for message in messages_of(flow.get("nodes"))
        )
        if options.message not in known:
            site.refuse("no-flow-waits", "/message", seen=options.message, form=site.form, known=known)
        body = {name: site.expression(text, f"/body/{name}") for name, text in options.body.items()}
        compiled = {name: each for name, each in body.items() if each is not None}
        return SignalAction(options.message, compiled) if len(compiled) == len(body) else None


def messages_of(document: Any) -> set[str]:
    """The messages that a flow may wait for, read from its document wherever they are named."""
    found: set[str] = set()
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            if isinstance(part.get("message"), str):
                found.add(part["message"])
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return found


SIGNAL = SignalKind()
