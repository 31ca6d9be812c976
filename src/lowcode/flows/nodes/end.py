"""Where a token leaves the flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from lowcode.flows.nodes.kind import NodeDocument, Step, Understood
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Name


class EndDocument(NodeDocument):
    """An end. The instance is over when its last token is gone; its outcome is that of the last end reached."""

    type: Literal["end"]
    outcome: Name = Field("ended", description="What came of it: approved, rejected, or a word of your own.")
    error: Name | None = Field(
        None, description="Throws an error: the scopes around it, or the flow that called this one, may catch it."
    )
    escalation: Name | None = Field(
        None,
        description="Throws an escalation for the scopes around it, and the step of the flow that waits for this one.",
    )
    signal: Name | None = Field(None, description="Throws a signal to every flow that waits for it.")
    stops: Literal["flow", "branch"] | None = Field(
        None,
        description="Whether what is still open on other branches is cancelled (flow) or goes on (branch). "
        "Left out: an end with the outcome 'rejected' stops the flow, any other only its branch. In a scope, the "
        "scope is meant and not the flow.",
    )


class EndNode(Step):
    """Takes a token away."""

    name = "end"
    document = EndDocument

    def exits(self, document: EndDocument) -> Mapping[str, tuple[str, str]]:
        """None."""
        return {}

    def compile(self, document: EndDocument, reading: Reading) -> Understood:
        """The outcome, and whether everything stops here."""
        kinds = ("error", "escalation", "signal")
        thrown = [(each, getattr(document, each)) for each in kinds if getattr(document, each) is not None]
        if len(thrown) > 1:
            reading.finding("throw-what", seen=[each for each, _ in thrown])
        stops = document.stops or ("flow" if document.outcome == "rejected" else "branch")
        outcome = document.error if document.error is not None else document.outcome
        values: dict[str, Any] = {"gate": "end", "outcome": outcome, "stops": stops == "flow"}
        if thrown:
            values["throws"] = thrown[0]
        return Understood(values=values)
