"""Why an expression gave what it gave: each part with its value, and the fields that were blank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.generate import Generator, compile_source
from lowcode.kernel.expressions.moment import Moment
from lowcode.kernel.expressions.values import to_text


@dataclass(frozen=True)
class Trace:
    """One part of an expression: its text, its value, the blank fields that made it blank, and its own parts."""

    text: str
    value: Any
    blanks: tuple[str, ...]
    parts: tuple[Trace, ...]

    def walk(self) -> Iterator[Trace]:
        """This part and every part below, the whole first."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def __str__(self) -> str:
        return "\n".join(self._lines(0))

    def _lines(self, depth: int) -> Iterator[str]:
        shown = to_text(self.value) if self.value is not None else "blank"
        why = f" ({', '.join(self.blanks)} {'is' if len(self.blanks) == 1 else 'are'} blank)" if self.blanks else ""
        yield "  " * depth + f"{self.text} → {shown}{why}"
        for part in self.parts:
            yield from part._lines(depth + 1)


def trace(tree: n.Node, text: str, record: Mapping[str, Any], moment: Moment, variables: Mapping[str, Any]) -> Trace:
    """Evaluate every part that stands in the text; parts of rows stay inside their aggregate."""
    generator = Generator()
    _, function = compile_source("value", generator.value(tree), generator.names)
    value = function(record, moment, variables)
    parts: list[Trace] = []
    for child in visible(tree):
        one = trace(child, text, record, moment, variables)
        if one not in parts:
            parts.append(one)
    blanks = tuple(dict.fromkeys(name for part in parts for name in part.blanks)) if value is None else ()
    if value is None and isinstance(tree, (n.Field, n.Variable)):
        blanks = (tree.path if isinstance(tree, n.Field) else tree.name,)
    return Trace(text[tree.start : tree.end], value, blanks, tuple(parts))


def visible(tree: n.Node) -> Iterator[n.Node]:
    """The nodes below that have a text of their own; those put in by the checker are looked through."""
    if isinstance(tree, n.Aggregate):
        return
    for child in n.children(tree):
        if isinstance(child, n.Constant) or (child.start, child.end) in ((tree.start, tree.end), (0, 0)):
            yield from visible(child)
        else:
            yield child
