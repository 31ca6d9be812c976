"""People are asked to agree: 会签 and 或签."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking import people, roster
from lowcode.flows.nodes.asking.people import Source, Sources
from lowcode.flows.nodes.asking.roster import Policies
from lowcode.flows.nodes.asking.spans import Span, SpanDocument
from lowcode.flows.nodes.asking.votes import CHOICES, DEFAULT_DECIDED_BY, DecidedBy, Mode, Seat, Voting
from lowcode.flows.nodes.kind import Again, Go, Hindered, NodeDocument, Rest, Settle, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Part

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class FieldsDocument(Part):
    """What the people asked may do with the fields of the record while they are asked."""

    editable: list[str] = Field(default_factory=list)
    hidden: list[str] = Field(default_factory=list, description="Not shown to them at this step.")


class DeadlineDocument(SpanDocument):
    """When an answer is due, and what happens then."""

    then: Literal["remind", "approve", "reject"] = "remind"
    times: int = Field(1, ge=1, le=100, description="How often to remind, one span apart.")


class ApproveDocument(NodeDocument):
    """Asks people to approve the record."""

    type: Literal["approve"]
    approvers: Sources = Field(description="Who is asked.")
    mode: Mode = Field("all", description="all: everybody has to agree (会签); any: one person is enough (或签).")
    decided_by: DecidedBy | None = Field(
        None,
        description="all: by the first_rejection (default), or when everyone has answered; "
        "any: by the first_decision whatever it is (default), or by the first_agreement.",
    )
    nobody: roster.Nobody = Field("to_administrator", description="What happens when nobody is found.")
    starter_is_approver: roster.StarterIsApprover = Field(
        "keep", description="The starter among the approvers is asked (keep), left out (skip), or their manager is."
    )
    same_person: roster.SamePerson = Field(
        "ask", description="Who approved before in this flow: asked again, or taken as agreed (skip, skip_consecutive)."
    )
    approved: str = Field(description="Where it goes on when they agree.")
    rejected: str = Field(description="Where it goes on when they do not.")
    fields: FieldsDocument = FieldsDocument()
    opinion: Literal["none", "optional", "required"] = "optional"
    deadline: DeadlineDocument | None = None


REMINDER = {"zh-CN": "待办已到期，请尽快处理", "en": "This is due: please decide"}


@dataclass(frozen=True, slots=True)
class Asking:
    """Who is asked, by which policies, until when."""

    sources: tuple[Source, ...]
    policies: Policies
    deadline: Span | None = None
    then: Literal["remind", "approve", "reject"] = "remind"
    times: int = 1


class ApproveNode(Step):
    """Rests until enough people have said yes or no."""

    name = "approve"
    document = ApproveDocument

    def exits(self, document: ApproveDocument) -> Mapping[str, tuple[str, str]]:
        """Agreed or not."""
        return {"approved": ("/approved", document.approved), "rejected": ("/rejected", document.rejected)}

    def compile(self, document: ApproveDocument, reading: Reading) -> Understood:
        """The sources, the policies and the vote."""
        decided_by = document.decided_by or DEFAULT_DECIDED_BY[document.mode]
        if decided_by not in CHOICES[document.mode]:
            reading.finding(
                "decided-by", "/decided_by", seen=decided_by, mode=document.mode, known=CHOICES[document.mode]
            )
        # Taken as agreed without being asked would leave a required opinion unwritten.
        same_person = "ask" if document.opinion == "required" else document.same_person
        asking = Asking(
            read_sources(document.approvers, reading, "/approvers", document.id),
            Policies(document.nobody, document.starter_is_approver, same_person),
            read_span(document.deadline, reading, "/deadline"),
            document.deadline.then if document.deadline else "remind",
            document.deadline.times if document.deadline else 1,
        )
        for part in ("editable", "hidden"):
            for index, name in enumerate(getattr(document.fields, part)):
                reading.field(reading.form, name, f"/fields/{part}/{index}")
        values: dict[str, Any] = {
            "rests": True,
            "voting": Voting(document.mode, decided_by, {"approve": "approved", "reject": "rejected"}),
            "locks": True,
            "editable": frozenset(document.fields.editable),
            "hidden": frozenset(document.fields.hidden),
            "opinion": document.opinion,
        }
        return Understood(asking, values)

    def enter(self, work: Work, node: Node) -> Go | Rest:
        """Seat the people; where a policy decides without anybody, go on at once."""
        return ask(work, node, node.work, {"approve": "approved", "reject": "rejected"})

    def wake(self, work: Work, node: Node, seats: tuple[Seat, ...], times: int) -> Settle | Again:
        """The deadline: remind those who have not answered, or answer for them."""
        asking: Asking = node.work
        if asking.then != "remind":
            return Settle(asking.then, "deadline")
        return remind(work, node, asking, seats, times)


def read_sources(sources: Sources, reading: Reading, pointer: str, node_id: str) -> tuple[Source, ...]:
    """Who is asked; an empty list is a finding."""
    if not sources:
        reading.finding("nobody-asked", pointer, seen=node_id)
    return people.read(sources, reading, pointer)


def read_span(document: SpanDocument | None, reading: Reading, pointer: str) -> Span | None:
    """A span that was written has to have a length."""
    if document is None:
        return None
    span = Span.of(document)
    if not span:
        reading.finding("no-span", pointer)
    return span


def ask(work: Work, node: Node, asking: Asking, exits: Mapping[str, str]) -> Go | Rest:
    """Find the people, seat them by the policies of the node, and say until when."""
    found = people.find(asking.sources, work)
    settled = roster.seat(found, work.people(found), asking.policies)
    trace = {"found": found, "notes": [list(note) for note in settled.notes]}
    if settled.verdict is not None:
        exit = exits.get(settled.verdict)
        if exit is None:
            raise Hindered(replace(problem("flows.nobody-found"), values=trace))
        return Go(exit, trace)
    due_at = asking.deadline.after(work.moment) if asking.deadline else None
    return Rest(settled.seats, due_at, due_at, trace)


def remind(work: Work, node: Node, asking: Asking, seats: tuple[Seat, ...], times: int) -> Again:
    """Tell everybody who has not answered that an answer is due."""
    waiting = [seat.person for seat in seats if seat.state == "open"]
    work.notify(waiting, REMINDER, None, f"due:{node.id}:{times}")
    again = times + 1 < asking.times and asking.deadline is not None
    return Again(asking.deadline.after(work.moment) if again and asking.deadline else None)
