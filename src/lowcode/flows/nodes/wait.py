"""Waits for time, for a message, or for something to become true of the record (event-based gateway)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking.asking import read_span
from lowcode.flows.nodes.asking.spans import Span, SpanDocument
from lowcode.flows.nodes.asking.votes import Seat
from lowcode.flows.nodes.caught import Catch
from lowcode.flows.nodes.kind import Go, Hindered, NodeDocument, Rest, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Name, Part, Text
from lowcode.kernel.expressions import Expression, Type

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class EventDocument(Part):
    """Something that may happen first: a message, or a condition on the record that comes true."""

    message: Name | None = Field(None, description="The name of a message that is sent for the record.")
    when: ExpressionText | None = Field(None, description="A condition, looked at after every save of the record.")
    roles: list[str] = Field(
        default_factory=list, description="message: who may send it beside administrators and the app itself."
    )
    title: Text = ""
    to: str


@dataclass(frozen=True, slots=True)
class Expected:
    """A message that is waited for: the exit it opens, and who may send it."""

    exit: str
    roles: frozenset[str]


class WaitDocument(NodeDocument):
    """Waits for a span (`for`), until a date of the record (`until`), or for the first of several `events`; a date that
    is over, or a condition that holds, goes on at once."""

    type: Literal["wait"]
    span: SpanDocument | None = Field(None, alias="for")
    until: ExpressionText | None = Field(None, description="An expression that is a date, or a date and time.")
    events: list[EventDocument] = Field(default_factory=list, description="What ends it before its time; first wins.")
    to: str | None = Field(None, description="Where it goes on when its time is over; only with a time.")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long or until when, and what else ends it: conditions and messages by exit."""

    span: Span | None
    until: Expression | None
    conditions: tuple[tuple[str, Expression], ...] = ()
    messages: Mapping[str, Expected] = field(default_factory=dict)


class WaitNode(Step):
    """Rests until its time, or until something happens."""

    name = "wait"
    document = WaitDocument

    def exits(self, document: WaitDocument) -> Mapping[str, tuple[str, str]]:
        """Time is over, and one exit per event."""
        found = {"to": ("/to", document.to)} if document.to is not None else {}
        return {**found, **{str(i): (f"/events/{i}/to", each.to) for i, each in enumerate(document.events)}}

    def compile(self, document: WaitDocument, reading: Reading) -> Understood:
        """The time and the events."""
        timed = (document.span is not None) + (document.until is not None)
        if timed > 1 or not (timed or document.events):
            reading.finding("wait-for-what")
        elif bool(timed) != (document.to is not None):
            reading.finding("wait-where", "/to" if document.to is not None else "")
        until = reading.expression(document.until, "/until") if document.until is not None else None
        if until is not None and until.type.kind not in ("date", "datetime"):
            reading.finding("not-a-date", "/until", seen=document.until, kind=until.type.text)
        conditions = []
        messages: dict[str, Expected] = {}
        for index, event in enumerate(document.events):
            if (event.message is None) == (event.when is None):
                reading.finding("event-what", f"/events/{index}")
            if event.message is not None:
                messages.setdefault(event.message, Expected(str(index), frozenset(event.roles)))
            for at, role in enumerate(event.roles):
                reading.find("role", role, f"/events/{index}/roles/{at}")
            if event.when is not None:
                when = reading.expression(event.when, f"/events/{index}/when", expect=Type("boolean"))
                if when is not None:
                    conditions.append((str(index), when))
        waiting = Waiting(read_span(document.span, reading, "/for"), until, tuple(conditions), messages)
        values: dict[str, Any] = {"rests": True, "awaits": (*_messages(messages), *_conditions(conditions))}
        if document.to is not None and document.events:
            values["expects"] = "0"  # the time is what happens when nothing does
        return Understood(waiting, values)

    def enter(self, work: Work, node: Node) -> Go | Rest:
        """Rest, or go on when the time is over or a condition holds already."""
        waiting: Waiting = node.work
        for exit, condition in waiting.conditions:
            if work.holds(condition):
                return Go(exit, {"held": condition.text})
        moment = work.moment
        if waiting.span is not None:
            at = waiting.span.after(moment)
        elif waiting.until is not None:
            value = work.value(waiting.until)
            if value is None:
                raise Hindered(problem("flows.blank-date"))
            at = value if isinstance(value, datetime) else _midnight(value, moment.zone)
        else:
            return Rest(trace={"for": sorted(waiting.messages)})
        return Go(trace={"until": at.isoformat()}) if at <= moment.now else Rest((), at, at, {"until": at.isoformat()})

    def wake(self, work: Work, node: Node, seats: tuple[Seat, ...], times: int) -> Go:
        """The time is over."""
        return Go()


def _messages(expected: Mapping[str, Expected]) -> Iterator[Catch]:
    for name, each in expected.items():
        yield Catch(each.exit, "message", name, roles=each.roles)


def _conditions(conditions: Iterable[tuple[str, Expression]]) -> Iterator[Catch]:
    for exit, condition in conditions:
        yield Catch(exit, "when", condition=condition)


def _midnight(day: date, zone: object) -> datetime:
    """The beginning of a day where the application is."""
    return datetime.combine(day, time(), tzinfo=zone)  # type: ignore[arg-type]
