"""Tells people something and goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lowcode.flows.nodes.asking import people
from lowcode.flows.nodes.asking.people import Source, Sources
from lowcode.flows.nodes.kind import Go, NodeDocument, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Template
from lowcode.kernel.texts import TextTemplate

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class NotifyDocument(NodeDocument):
    """Tells people, with a link to the record."""

    type: Literal["notify"]
    to_people: Sources = Field(description="Who is told.")
    title: Template = Field("", description="The headline of the notice, with {{ expressions }}.")
    text: Template = Field("", description="What it says, with {{ expressions }}.")
    to: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Who is told what."""

    sources: tuple[Source, ...]
    title: TextTemplate | None
    text: TextTemplate | None


class NotifyNode(Step):
    """Nobody to tell is no hindrance."""

    name = "notify"
    document = NotifyDocument

    def compile(self, document: NotifyDocument, reading: Reading) -> Understood:
        """The people and the words."""
        if not document.to_people:
            reading.finding("nobody-asked", "/to_people", seen=document.id)
        sources = people.read(document.to_people, reading, "/to_people")
        return Understood(
            Notice(sources, reading.template(document.title, "/title"), reading.template(document.text, "/text"))
        )

    def enter(self, work: Work, node: Node) -> Go:
        """Tell everybody who is there, each once."""
        notice: Notice = node.work
        found = [each.person for each in people.find(notice.sources, work)]
        active = work.people(found).active
        told = [person for person in dict.fromkeys(found) if person in active]
        work.notify(
            told, work.words(notice.title) or node.title, work.words(notice.text), f"notify:{node.id}", step=node.id
        )
        return Go(trace={"told": told})
