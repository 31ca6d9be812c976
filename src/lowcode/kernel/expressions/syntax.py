"""What was written: the tree the parser makes, before names and types are known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

CHAINS = ({"and"}, {"or"}, {"+", "-"}, {"*", "/"}, {"&"})


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, true, false or blank as written."""

    value: object
    start: int
    end: int
    depth: int = 1
    size: int = 1


@dataclass(frozen=True, slots=True)
class Name:
    """A field or variable, with the hops that lead to it; `labels` says which parts stood in braces."""

    parts: tuple[str, ...]
    labels: tuple[bool, ...]
    start: int
    end: int
    depth: int = 1
    size: int = 1


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its operands: `+`, `and`, `in`, `between`, `is blank` and the others."""

    op: str
    items: tuple[Syntax, ...]
    start: int
    end: int
    depth: int
    size: int


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function with its arguments."""

    name: str
    items: tuple[Syntax, ...]
    start: int
    end: int
    depth: int
    size: int


Syntax: TypeAlias = Literal | Name | Operation | Invocation


def operation(op: str, items: tuple[Syntax, ...], start: int, end: int) -> Operation:
    """An operation with its depth; a chain of one operator counts as one level."""
    family = next((chain for chain in CHAINS if op in chain), None)
    depth = 0
    for position, item in enumerate(items):
        chained = family is not None and position == 0 and isinstance(item, Operation) and item.op in family
        depth = max(depth, item.depth if chained else item.depth + 1)
    return Operation(op, items, start, end, depth, 1 + sum(item.size for item in items))


def invocation(name: str, items: tuple[Syntax, ...], start: int, end: int) -> Invocation:
    """A call with its depth."""
    deepest = max((item.depth for item in items), default=0)
    return Invocation(name, items, start, end, deepest + 1, 1 + sum(item.size for item in items))


def walk(node: Syntax) -> Iterator[Syntax]:
    """Every node of a tree, the root first."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, (Operation, Invocation)):
            waiting.extend(reversed(one.items))
