"""Where an instance begins."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from lowcode.flows.nodes.kind import NodeDocument, Step


class StartDocument(NodeDocument):
    """The one place where an instance begins."""

    type: Literal["start"]
    to: str = Field(description="The first node.")


class StartNode(Step):
    """Passes the first token on."""

    name = "start"
    document = StartDocument
