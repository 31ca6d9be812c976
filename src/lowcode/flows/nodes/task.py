"""Something that people do outside, and then say that it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.approve import Asking, FieldsDocument, ask, read_sources, read_span, remind
from lowcode.flows.nodes.asking.people import Sources
from lowcode.flows.nodes.asking.roster import Policies
from lowcode.flows.nodes.asking.spans import SpanDocument
from lowcode.flows.nodes.asking.votes import DEFAULT_DECIDED_BY, Mode, Seat, Voting
from lowcode.flows.nodes.kind import Again, Go, NodeDocument, Rest, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Text

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class TaskDocument(NodeDocument):
    """Gives people something to do; goes on when it is done."""

    type: Literal["task"]
    assignees: Sources = Field(description="Who does it.")
    mode: Mode = Field("any", description="any: one person does it for all; all: everybody has to.")
    nobody: Literal["to_administrator", "incident"] = Field(
        "to_administrator", description="What happens when nobody is found."
    )
    to: str
    help: Text = Field("", description="What is to be done, in words.")
    fields: FieldsDocument = FieldsDocument()
    opinion: Literal["none", "optional", "required"] = "optional"
    due: SpanDocument | None = None


class TaskNode(Step):
    """Rests until it is done."""

    name = "task"
    document = TaskDocument

    def compile(self, document: TaskDocument, reading: Reading) -> Understood:
        """The people and the time."""
        asking = Asking(
            read_sources(document.assignees, reading, "/assignees", document.id),
            Policies(document.nobody),
            read_span(document.due, reading, "/due"),
        )
        for part in ("editable", "hidden"):
            for index, name in enumerate(getattr(document.fields, part)):
                reading.field(reading.form, name, f"/fields/{part}/{index}")
        values: dict[str, Any] = {
            "rests": True,
            "voting": Voting(document.mode, DEFAULT_DECIDED_BY[document.mode], {"complete": "to"}),
            "editable": frozenset(document.fields.editable),
            "hidden": frozenset(document.fields.hidden),
            "opinion": document.opinion,
        }
        return Understood(asking, values)

    def enter(self, work: Work, node: Node) -> Go | Rest:
        """Seat the people."""
        return ask(work, node, node.work, {})

    def wake(self, work: Work, node: Node, seats: tuple[Seat, ...], times: int) -> Again:
        """It is due: remind those who have not done it."""
        asking: Asking = node.work
        return remind(work, node, asking, seats, times)
