"""What was understood: the typed tree every back end reads. A closed set of frozen nodes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from lowcode.kernel.expressions.types import Type

if TYPE_CHECKING:
    from lowcode.kernel.expressions.functions.declaration import Function


@dataclass(frozen=True, slots=True)
class Constant:
    """A value known now."""

    value: Any
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A field read by its dotted path; scope is `record`, `child` (inside an aggregate) or `old`."""

    path: str
    type: Type
    scope: str = "record"
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Variable:
    """A value handed in beside the record."""

    name: str
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Now:
    """A value of the moment: today, now, me, team, units, is_new."""

    name: str
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared: = <> are two-valued, < <= > >= give blank for a blank."""

    op: str
    left: Node
    right: Node
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Contained:
    """A value among others: a tuple of options, or one node of a set type (multi, users)."""

    value: Node
    options: tuple[Node, ...]
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Blank:
    """Whether a value is blank."""

    value: Node
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` over conditions, after Kleene."""

    op: str
    items: tuple[Node, ...]
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """A condition turned round."""

    value: Node
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Exact arithmetic: + - * /."""

    op: str
    left: Node
    right: Node
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """Texts written one after the other; blank counts as nothing."""

    items: tuple[Node, ...]
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """The value of the first condition met, else `otherwise`."""

    conditions: tuple[Node, ...]
    values: tuple[Node, ...]
    otherwise: Node
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Coalesce:
    """The first value that is not blank."""

    items: tuple[Node, ...]
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the table with its arguments."""

    function: str
    items: tuple[Node, ...]
    type: Type
    start: int = 0
    end: int = 0
    declared: Function = field(kw_only=True, repr=False, compare=False)
    """Its declaration, from the table the expression was checked against: back ends need no table."""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A function over rows: relation path ("" is the set itself), value of each row, condition on each row."""

    function: str
    relation: str
    value: Node | None
    condition: Node | None
    extra: tuple[Node, ...]
    type: Type
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """Whether a field differs from what was stored before."""

    path: str
    type: Type
    start: int = 0
    end: int = 0


Node: TypeAlias = (
    Constant
    | Field
    | Variable
    | Now
    | Compare
    | Contained
    | Blank
    | Logic
    | Not
    | Arithmetic
    | Joined
    | Case
    | Coalesce
    | Call
    | Aggregate
    | Changed
)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below a node."""
    found: list[Node] = []
    for name in _parts(node):
        value = getattr(node, name)
        if isinstance(value, tuple):
            found.extend(one for one in value if hasattr(one, "type"))
        elif hasattr(value, "type"):
            found.append(value)
    return tuple(found)


_PARTS: dict[type, tuple[str, ...]] = {}


def _parts(node: Node) -> tuple[str, ...]:
    """The names of what a node holds, looked up once for each sort: trees are walked several times per expression."""
    found = _PARTS.get(type(node))
    if found is None:
        found = _PARTS[type(node)] = tuple(each.name for each in fields(node))
    return found


def rebuilt(node: Node, change: Callable[[Node], Node], **more: Any) -> Node:
    """The node with every node directly below it changed; `more`: and what else of it."""
    for name in _parts(node):
        value = getattr(node, name)
        if isinstance(value, tuple):
            more[name] = tuple(change(one) if hasattr(one, "start") else one for one in value)
        elif hasattr(value, "type") and hasattr(value, "start"):
            more[name] = change(value)
    return replace(node, **more)


def walk(node: Node) -> Iterator[Node]:
    """Every node of a tree, the root first."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(reversed(children(one)))


def lineage(node: Node) -> Field | None:
    """The path of UNDER: a record of a tree and everything above it, among which something is looked for."""
    if isinstance(node, Contained) and len(node.options) == 1:
        found = node.options[0]
        if isinstance(found, Field) and found.type.kind == "users":
            return found
    return None


def always_blank(node: Node) -> bool:
    """Whether a node has no type because nothing but blanks stands in it: `blank`, `MIN(blank, blank)`."""
    if node.type.kind != "any" or not node.type.nullable:
        return False
    if isinstance(node, Constant):
        return node.value is None
    if isinstance(node, Case):
        return all(always_blank(one) for one in (*node.values, node.otherwise))
    return isinstance(node, (Call, Coalesce)) and all(always_blank(one) for one in node.items)
