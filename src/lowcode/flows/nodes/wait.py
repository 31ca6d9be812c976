"""Lets time pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.approve import read_span
from lowcode.flows.nodes.asking.spans import Span, SpanDocument
from lowcode.flows.nodes.asking.votes import Seat
from lowcode.flows.nodes.kind import Go, Hindered, NodeDocument, Rest, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.expressions import Expression

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class WaitDocument(NodeDocument):
    """Waits for a span (`for`) or until a date of the record (`until`); a date that is over goes on at once."""

    type: Literal["wait"]
    span: SpanDocument | None = Field(None, alias="for")
    until: ExpressionText | None = Field(None, description="An expression that is a date, or a date and time.")
    to: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long, or until when."""

    span: Span | None
    until: Expression | None


class WaitNode(Step):
    """Rests until its time."""

    name = "wait"
    document = WaitDocument

    def compile(self, document: WaitDocument, reading: Reading) -> Understood:
        """The time."""
        if (document.span is None) == (document.until is None):
            reading.finding("wait-for-what")
        until = reading.expression(document.until, "/until") if document.until is not None else None
        if until is not None and until.type.kind not in ("date", "datetime"):
            reading.finding("not-a-date", "/until", seen=document.until, kind=str(until.type))
        return Understood(Waiting(read_span(document.span, reading, "/for"), until), {"rests": True})

    def enter(self, work: Work, node: Node) -> Go | Rest:
        """Rest, or go on when the time is over already."""
        waiting: Waiting = node.work
        moment = work.moment
        if waiting.span is not None:
            at = waiting.span.after(moment)
        else:
            assert waiting.until is not None
            value = work.value(waiting.until)
            if value is None:
                raise Hindered(problem("flows.blank-date"))
            at = value if isinstance(value, datetime) else _midnight(value, moment.zone)
        return Go(trace={"until": at.isoformat()}) if at <= moment.now else Rest((), at, at, {"until": at.isoformat()})

    def wake(self, work: Work, node: Node, seats: tuple[Seat, ...], times: int) -> Go:
        """The time is over."""
        return Go()


def _midnight(day: date, zone: object) -> datetime:
    """The beginning of a day where the application is."""
    return datetime.combine(day, time(), tzinfo=zone)  # type: ignore[arg-type]
