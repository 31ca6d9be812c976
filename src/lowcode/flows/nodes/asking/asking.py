"""What an approval and a task share: who is asked, what they see and may do, and what happens when they are late."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking import people, roster
from lowcode.flows.nodes.asking.people import Source, Sources
from lowcode.flows.nodes.asking.roster import Policies
from lowcode.flows.nodes.asking.spans import Span, SpanDocument
from lowcode.flows.nodes.asking.votes import Check, Seat
from lowcode.flows.nodes.kind import MANY, Again, Go, HandOn, Hindered, Rest, Settle, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.calendar import Calendar
from lowcode.kernel.definitions import Name, Part, Text

if TYPE_CHECKING:
    from lowcode.flows.plan import Node

Permit = Literal[
    "transfer", "delegate", "add_signer", "remove_signer", "append", "consult", "copy", "take_back", "claim", "add_step"
]
PERMITS: tuple[Permit, ...] = (
    "transfer", "delegate", "add_signer", "remove_signer", "append", "consult", "copy", "take_back",
)  # fmt: skip
Then = Literal["remind", "tell_manager", "hand_to_manager", "hand_to", "approve", "reject", "leave"]
REMINDER = {"zh-CN": "待办已到期，请尽快处理", "en": "This is due: please decide"}
REMINDERS = ("{count} tasks are due: please decide", "{count} 项待办已到期，请尽快处理")
LATE = {"zh-CN": "您下属的待办已逾期", "en": "Somebody who reports to you is late"}


class FieldsDocument(Part):
    """What the people asked may do with the fields of the record while they are asked."""

    editable: list[str] = Field(default_factory=list)
    required: list[str] = Field(
        default_factory=list, description="Have to be filled by whoever agrees; they are editable too."
    )
    hidden: list[str] = Field(default_factory=list, description="Not shown to them at this step.")


class CheckDocument(Part):
    """One line of a checklist."""

    name: Name
    title: Text = Field(description="What is to be checked, in words.")
    required: bool = Field(True, description="Has to be ticked by whoever agrees or completes.")


class RungDocument(Part):
    """One rung of the ladder: so long after the one before, this is done."""

    after: SpanDocument
    do: Then
    people: Sources = Field(default_factory=list, description="hand_to: who is asked instead; the first of them.")


class DeadlineDocument(SpanDocument):
    """When an answer is due, and what happens then."""

    then: Then = Field(
        "remind",
        description="remind those asked, tell_manager as well, hand_to_manager or hand_to others, approve or reject "
        "for them, or leave by the exit `late`.",
    )
    people: Sources = Field(default_factory=list, description="hand_to: who is asked instead; the first of them.")
    times: int = Field(1, ge=1, le=100, description="How often to do it, one span apart.")
    ladder: list[RungDocument] = Field(default_factory=list, description="What happens after that, rung by rung.")


@dataclass(frozen=True, slots=True)
class Rung:
    """What is done when so much more time has passed."""

    span: Span
    then: Then
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked, by which policies, and the rungs of the ladder that begins when they are asked."""

    sources: tuple[Source, ...]
    policies: Policies
    rungs: tuple[Rung, ...] = ()
    instead: tuple[Source, ...] = ()


def read_sources(sources: Sources, reading: Reading, pointer: str, node_id: str) -> tuple[Source, ...]:
    """Who is asked; an empty list is a finding."""
    if not sources:
        reading.finding("nobody-asked", pointer, seen=node_id)
    return people.read(sources, reading, pointer, node_id)


def read_span(document: SpanDocument | None, reading: Reading, pointer: str) -> Span | None:
    """A span that was written has to have a length."""
    if document is None:
        return None
    span = Span.of(document)
    if not span:
        reading.finding("no-span", pointer)
    return span


def read_ladder(document: DeadlineDocument | None, reading: Reading, late: str | None) -> tuple[Rung, ...]:
    """The deadline, as often as it repeats, and the rungs after it."""
    if document is None:
        return ()
    written: list[tuple[Any, Any, str]] = [(document, document.then, "/deadline")]
    written += [(rung, rung.do, f"/deadline/ladder/{index}") for index, rung in enumerate(document.ladder)]
    rungs: list[Rung] = []
    for each, then, at in written:
        span = read_span(each if each is document else each.after, reading, at if each is document else f"{at}/after")
        if then == "leave" and late is None:
            reading.finding("leave-where", at)
        if (then == "hand_to") != bool(each.people):
            reading.finding("hand-to-whom", at)
        rungs += [Rung(span or Span(), then, people.read(each.people, reading, f"{at}/people"))] * (
            document.times if each is document else 1
        )
    for index, rung in enumerate(rungs[:-1]):
        if rung.then in ("approve", "reject", "leave"):
            reading.finding("nothing-after", "/deadline", seen=rung.then, index=index)
            break
    return tuple(rungs)


def read_fields(document: FieldsDocument, reading: Reading) -> dict[str, Any]:
    """The fields a step opens, wants filled or hides."""
    for part in ("editable", "required", "hidden"):
        for index, name in enumerate(getattr(document, part)):
            reading.field(reading.form, name, f"/fields/{part}/{index}")
    return {
        "editable": frozenset((*document.editable, *document.required)),
        "required": frozenset(document.required),
        "hidden": frozenset(document.hidden),
    }


def read_checklist(document: Sequence[CheckDocument], reading: Reading) -> tuple[Check, ...]:
    """The lines of a checklist, each name once."""
    names: set[str] = set()
    for index, each in enumerate(document):
        if each.name in names:
            reading.finding("same-check", f"/checklist/{index}/name", seen=each.name)
        names.add(each.name)
    return tuple(Check(each.name, each.title, each.required) for each in document)


def read_link(document: Any, reading: Reading) -> Span | None:
    """For how long a link may be used; what a page behind it cannot ask for is a finding."""
    more = ("signature", "attachment", "checklist")
    needed = [each for each in more if getattr(document, each, None)] + (["fields"] if document.fields.required else [])
    if document.by_link is not None and needed:
        reading.finding("link-cannot", "/by_link", seen=needed)
    if document.link_by != "mail":
        reading.find("connector", document.link_by, "/link_by")
    return read_span(document.by_link, reading, "/by_link")


def ask(work: Work, node: Node, asking: Asking, exits: Mapping[str, str]) -> Go | Rest:
    """Find the people, seat them by the policies of the node, and say until when."""
    found = people.find(asking.sources, work)
    instead = people.find(asking.instead, work)
    known = work.people((each.person for each in (*found, *instead)), asking.policies.same_person != "ask")
    settled = roster.seat(found, known, asking.policies, instead)
    trace = {"found": [each.person for each in found], "notes": [list(note) for note in settled.notes]}
    if settled.verdict is not None:
        exit = exits.get(settled.verdict)
        if exit is None:
            raise Hindered(replace(problem("flows.nobody-found"), values=trace))
        return Go(exit, trace)
    if not asking.rungs:
        return Rest(settled.seats, trace=trace)
    asked = [seat.person for seat in settled.seats if seat.pending]
    due_by = due_of(work, asking.rungs[0].span, asked)
    due_at = max(due_by.values())
    if asking.rungs[0].span.working:
        trace.update(not_arranged(work.moment, due_at))
        named = {str(person): name for person in asked if (name := work.calendar_of(person))}
        trace.update({"calendars": named} if named else {})
    return Rest(settled.seats, due_at, due_at, trace, due_by)


def due_of(work: Work, span: Span, people: Sequence[int]) -> dict[int, datetime]:
    """When it is due for each person: working time is counted by the calendar of whoever has to work. What follows
    when it is late comes when the last of them is."""
    if not span.working or not people:
        return dict.fromkeys(people or [0], span.after(work.moment))
    return {person: span.after(work.moment_of(person)) for person in people}


def not_arranged(moment: Any, due_at: datetime) -> dict[str, Any]:
    """That a deadline lies in a year whose holidays and swapped days (调休) are not arranged yet."""
    day = due_at.astimezone(moment.zone).date()
    counted = isinstance(moment.calendar, Calendar) and not moment.calendar.is_settled(day)
    return {"year_not_arranged": day.year} if counted else {}


def late(work: Work, node: Node, seats: Iterable[Seat], times: int) -> Go | Settle | HandOn | Again:
    """It is due for the `times`-th time: what the ladder says."""
    asking: Asking = node.work
    if times >= len(asking.rungs):
        return Again()
    rung = asking.rungs[times]
    waiting = [seat for seat in seats if seat.state == "open"]
    after = None
    if times + 1 < len(asking.rungs):
        after = max(due_of(work, asking.rungs[times + 1].span, [seat.person for seat in waiting]).values())
    match rung.then:
        case "approve" | "reject":
            return Settle(rung.then, "deadline")
        case "leave":
            return Go("late")
        case "hand_to_manager" | "hand_to":
            return HandOn(_taken_over(work, rung, waiting), "deadline", after)
        case "remind" | "tell_manager":
            asked = [seat.person for seat in waiting]
            work.notify(
                asked, REMINDER, work.subject, f"due:{node.id}:{times}", step=f"{node.id}:due:{times}", many=REMINDERS,
                waits=True,
            )  # fmt: skip
            if rung.then == "tell_manager":
                known = work.people(seat.person for seat in waiting)
                managers = [known.managers[seat.person] for seat in waiting if seat.person in known.managers]
                work.notify(
                    managers, LATE, work.subject, f"late:{node.id}:{times}", step=f"{node.id}:late:{times}", many=MANY,
                    waits=True,
                )  # fmt: skip
            return Again(after)


def _taken_over(work: Work, rung: Rung, waiting: Iterable[Seat]) -> tuple[tuple[int, int], ...]:
    """Who takes each seat: the superior of its person, or the first of those named who is there."""
    waiting = list(waiting)
    found = [each.person for each in people.find(rung.sources, work)]
    known = work.people([*found, *(seat.person for seat in waiting)])
    others = [person for person in found if person in known.active]
    taken: list[tuple[int, int]] = []
    for seat in waiting:
        person = known.managers.get(seat.person) if rung.then == "hand_to_manager" else next(iter(others), None)
        if person is not None and person in known.active and person != seat.person:
            taken.append((seat.number, person))
    return tuple(taken)
