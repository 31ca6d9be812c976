"""Colours of options, states and groups of tags: names that pages and charts draw. Another word is drawn as none.

It is told and not refused: published versions from the time when it was any text go on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

from lowcode.forms.diagnostics import MESSAGES
from lowcode.kernel.definitions import ColorName, SourceDocument
from lowcode.kernel.diagnostics import Diagnostic

NAMES: tuple[str, ...] = get_args(ColorName)
COLORED = frozenset({"options", "states", "dimensions"})


def unknown(source: SourceDocument) -> Iterator[Diagnostic]:
    """What is said of each colour of the fields of a form that has no such name."""
    fields = source.data.get("fields") if isinstance(source.data, dict) else None
    for pointer, seen in _colors(fields, "/fields", ""):
        if isinstance(seen, str) and seen not in NAMES:
            yield MESSAGES.diagnostic("unknown-color", source.place(pointer), seen=seen, known=list(NAMES))


def _colors(node: Any, pointer: str, within: str) -> Iterator[tuple[str, Any]]:
    if isinstance(node, list):
        for index, each in enumerate(node):
            if isinstance(each, dict) and within in COLORED and "color" in each:
                yield f"{pointer}/{index}/color", each["color"]
            yield from _colors(each, f"{pointer}/{index}", within)
    elif isinstance(node, dict):
        for name, each in node.items():
            if isinstance(each, (list, dict)):
                yield from _colors(each, f"{pointer}/{name}", name)
