"""A paper as plain text: its words in reading order, cells of a table on one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lowcode.printing.outputs.kind import Draw, Output


def lines(node: Any) -> Iterator[str]:
    """The lines of a node of the print tree and of all below it."""
    if isinstance(node, list):
        for each in node:
            yield from lines(each)
    elif isinstance(node, Mapping):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for each in node.values():
            if isinstance(each, (list, Mapping)):
                yield from lines(each)


def make(tree: Mapping[str, Any], draw: Draw) -> bytes:
    """The file."""
    return ("\n".join(lines(tree["body"])) + "\n").encode()


TEXT = Output("text", "text/plain; charset=utf-8", "txt", False, make)
