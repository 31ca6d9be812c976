"""Something that people do outside, and then say that it is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.asking import people
from lowcode.flows.nodes.asking.asking import (
    Asking,
    CheckDocument,
    DeadlineDocument,
    FieldsDocument,
    Permit,
    Rung,
    ask,
    late,
    read_checklist,
    read_fields,
    read_ladder,
    read_sources,
    read_span,
)
from lowcode.flows.nodes.asking.people import Sources
from lowcode.flows.nodes.asking.roster import Absent, Policies
from lowcode.flows.nodes.asking.spans import SpanDocument
from lowcode.flows.nodes.asking.votes import DEFAULT_DECIDED_BY, Seat, Voting
from lowcode.flows.nodes.kind import Again, Go, HandOn, NodeDocument, Rest, Settle, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Text

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


MAY: tuple[Permit, ...] = ("transfer", "delegate", "consult", "copy", "take_back")


class TaskDocument(NodeDocument):
    """Gives people something to do; goes on when it is done."""

    type: Literal["task"]
    assignees: Sources = Field(description="Who does it.")
    mode: Literal["any", "all", "in_order"] = Field(
        "any", description="any: one person does it for all; all: everybody has to; in_order: one after the other."
    )
    claim: bool = Field(False, description="any: one of them may take it for themselves (认领).")
    nobody: Literal["to_administrator", "incident"] = Field(
        "to_administrator", description="What happens when nobody is found."
    )
    instead: Sources = Field(default_factory=list, description="Who is asked when nobody is found, before `nobody`.")
    absent: Absent = Field("agent", description="Who is away: as for an approval.")
    to: str
    late: str | None = Field(None, description="Where it goes on when the deadline says 'leave'.")
    help: Text = Field("", description="What is to be done, in words.")
    checklist: list[CheckDocument] = Field(default_factory=list, description="What has to be ticked when it is done.")
    fields: FieldsDocument = FieldsDocument()
    opinion: Literal["none", "optional", "required"] = "optional"
    attachment: bool = Field(False, description="Whoever does it has to add a file.")
    permits: list[Permit] = Field(list(MAY), description="What those asked may do beside doing it.")
    due: SpanDocument | None = Field(None, description="When it should be done; a reminder goes out then.")
    deadline: DeadlineDocument | None = Field(None, description="As for an approval; instead of `due`.")


class TaskNode(Step):
    """Rests until it is done."""

    name = "task"
    document = TaskDocument

    def exits(self, document: TaskDocument) -> Mapping[str, tuple[str, str]]:
        """Done, or late."""
        found = {"to": ("/to", document.to)}
        return {**found, "late": ("/late", document.late)} if document.late is not None else found

    def compile(self, document: TaskDocument, reading: Reading) -> Understood:
        """The people and the time."""
        rungs = read_ladder(document.deadline, reading, document.late)
        due = read_span(document.due, reading, "/due")
        if due is not None and rungs:
            reading.finding("due-twice", "/due")
        if document.claim and document.mode != "any":
            reading.finding("claim-mode", "/claim", mode=document.mode)
        asking = Asking(
            read_sources(document.assignees, reading, "/assignees", document.id),
            Policies(document.nobody, absent=document.absent),
            rungs or ((Rung(due, "remind"),) if due is not None else ()),
            people.read(document.instead, reading, "/instead", document.id),
        )
        exits: Any = {"complete": "to"}
        values: dict[str, Any] = {
            "rests": True,
            "voting": Voting(document.mode, DEFAULT_DECIDED_BY[document.mode], exits, claim=document.claim),
            **read_fields(document.fields, reading),
            "opinion": document.opinion,
            "help": document.help,
            "checklist": read_checklist(document.checklist, reading),
            "attachment": document.attachment,
            "permits": frozenset((*document.permits, *(("claim",) if document.claim else ()))),
        }
        return Understood(asking, values)

    def enter(self, work: Work, node: Node) -> Go | Rest:
        """Seat the people."""
        return ask(work, node, node.work, {})

    def wake(self, work: Work, node: Node, seats: tuple[Seat, ...], times: int) -> Go | Settle | HandOn | Again:
        """It is due: what the ladder says."""
        found = late(work, node, seats, times)
        return Settle("complete", found.reason) if isinstance(found, Settle) else found
