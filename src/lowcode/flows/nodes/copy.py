"""Gives people the record to read (抄送) and goes on."""

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


class CopyDocument(NodeDocument):
    """Puts the record into people's list of copies, each once per instance, until they have read it (已阅)."""

    type: Literal["copy"]
    to_people: Sources = Field(description="Who gets it.")
    text: Template = Field("", description="What it says, with {{ expressions }}.")
    to: str


@dataclass(frozen=True, slots=True)
class Copied:
    """Who gets it, and what it says."""

    sources: tuple[Source, ...]
    text: TextTemplate | None


class CopyNode(Step):
    """Nobody to give it to is no hindrance."""

    name = "copy"
    document = CopyDocument

    def compile(self, document: CopyDocument, reading: Reading) -> Understood:
        """The people and the words."""
        if not document.to_people:
            reading.finding("nobody-asked", "/to_people", seen=document.id)
        sources = people.read(document.to_people, reading, "/to_people")
        return Understood(Copied(sources, reading.template(document.text, "/text")))

    def enter(self, work: Work, node: Node) -> Go:
        """Everybody who is there, each once."""
        copied: Copied = node.work
        found = [each.person for each in people.find(copied.sources, work)]
        active = work.people(found).active
        given = work.copy(
            [person for person in dict.fromkeys(found) if person in active], node, work.words(copied.text)
        )
        return Go(trace={"copied": given})
