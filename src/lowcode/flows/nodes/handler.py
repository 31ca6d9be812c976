"""Steps that are taken when something happens while others go on (event sub-process), or to undo a step that was done
(compensation)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from lowcode.flows.nodes.catching import read_catch
from lowcode.flows.nodes.caught import Catch, HappeningDocument
from lowcode.flows.nodes.kind import NodeDocument, Rest, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class HandlerDocument(NodeDocument):
    """Steps that say `in` with its id and are taken when something happens while the flow, or the scope it is in, goes
    on; or that undo another step. Nothing leads here."""

    type: Literal["handler"]
    event: HappeningDocument | None = Field(None, description="What begins it.")
    undoes: str | None = Field(
        None, description="Instead of an event: the step it undoes, when a `throw` with `undo` comes after that step."
    )


class HandlerNode(Step):
    """Rests while its steps go on; then it is over."""

    name = "handler"
    document = HandlerDocument

    def exits(self, document: HandlerDocument) -> Mapping[str, tuple[str, str]]:
        """None."""
        return {}

    def compile(self, document: HandlerDocument, reading: Reading) -> Understood:
        """What begins it."""
        if (document.event is None) == (document.undoes is None):
            reading.finding("handler-of-what")
        catch = None
        if document.event is not None:
            catch = read_catch(document.event, "", reading, "/event")
        elif document.undoes is not None:
            catch = Catch("", "undoes", document.undoes)
        return Understood(values={"gate": "handler", "rests": True, "handles": catch})

    def enter(self, work: Work, node: Node) -> Rest:
        """It begins inside."""
        return Rest()
