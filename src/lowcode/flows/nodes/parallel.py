"""Several ways at the same time (parallel gateway, splitting)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from lowcode.flows.nodes.kind import NodeDocument, Step, Understood
from lowcode.flows.nodes.reading import Reading


class ParallelDocument(NodeDocument):
    """Goes on at every one of `to` at the same time; a `join` takes the branches together again."""

    type: Literal["parallel"]
    to: list[str] = Field(min_length=1)


class ParallelNode(Step):
    """One token becomes one per exit."""

    name = "parallel"
    document = ParallelDocument

    def exits(self, document: ParallelDocument) -> Mapping[str, tuple[str, str]]:
        """One exit per branch."""
        return {str(index): (f"/to/{index}", target) for index, target in enumerate(document.to)}

    def compile(self, document: ParallelDocument, reading: Reading) -> Understood:
        """A split."""
        if len(document.to) < 2:
            reading.finding("parallel-of-one", "/to", seen=document.id)
        return Understood(values={"gate": "split"})
