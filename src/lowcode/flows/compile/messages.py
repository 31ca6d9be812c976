"""How the messages of a flow are understood: which are kept until somebody waits for them, and how long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lowcode.flows.definition import MessageDocument
from lowcode.flows.nodes.asking.spans import Span
from lowcode.flows.nodes.reading import Reading
from lowcode.flows.plan import Node


def read_messages(
    documents: Sequence[MessageDocument], nodes: Iterable[Node], begins: str, reading: Reading
) -> Mapping[str, Span | None]:
    """Each message once, and one that something waits for; what is wrong becomes findings."""
    caught = (catch for node in nodes for catch in (*node.catches, node.handles) if catch is not None)
    known = sorted({begins} - {""} | {catch.name for catch in caught if catch.what == "message"})
    found: dict[str, Span | None] = {}
    for index, each in enumerate(documents):
        if each.name in found:
            reading.finding("same-message", f"/messages/{index}/name", seen=each.name)
        elif each.name not in known:
            reading.finding("message-nobody-waits", f"/messages/{index}/name", seen=each.name, known=known)
        if each.keep is not None and not Span.of(each.keep):
            reading.finding("no-span", f"/messages/{index}/keep")
        found.setdefault(each.name, Span.of(each.keep) if each.keep is not None else None)
    return found
