"""A filter whose variables become literals when it is asked: what a caller sends is a value in it, and never a part of
the expression.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from lowcode.kernel.expressions import ExpressionError
from lowcode.kernel.expressions.parse import parse
from lowcode.kernel.expressions.syntax import Invocation, Name, Operation, Syntax, walk

TEXT_LIMIT = 2000
LIST_LIMIT = 200
QUOTED = re.compile(r'"(?:[^"]|"")*"|\{[^}]*\}')


@dataclass(frozen=True, slots=True)
class Variable:
    """A place where a value goes; several values go behind `in`, and before `is blank` they are there or not."""

    name: str
    role: Literal["one", "among", "given"] = "one"

    def put(self, value: Any) -> str:
        """The value as it stands here. Raises ValueError (name, value) for one that no expression can hold."""
        try:
            if not isinstance(value, (list, tuple)):
                return literal(value)
            if self.role == "one" or len(value) > LIST_LIMIT:
                raise ValueError(value)
            if self.role == "given":
                return literal(bool(value) or None)
            return f"({', '.join(literal(each) for each in value)})"
        except ValueError:
            raise ValueError(self.name, value) from None


@dataclass(frozen=True, slots=True)
class Among:
    """Whether something is among the values of a variable: of none, nothing is."""

    parts: tuple[Part, ...]
    variable: Variable
    inside: bool

    def put(self, values: Mapping[str, Any]) -> str:
        """The comparison with these values. Raises ValueError (name, value)."""
        value = values.get(self.variable.name)
        if value is None or value in ((), []):
            return literal(not self.inside)
        return _text(self.parts, values) + self.variable.put(value)


Part: TypeAlias = str | Variable | Among


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression in parts."""

    parts: tuple[Part, ...]

    def text(self, values: Mapping[str, Any]) -> str:
        """The expression with these values. Raises ValueError (name, value) for one that no expression can hold."""
        return _text(self.parts, values)


def single(cut: Condition) -> Iterator[str]:
    """The variables that stand where one value does."""
    waiting = [*cut.parts]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Among):
            waiting += part.parts
        elif isinstance(part, Variable) and part.role == "one":
            yield part.name


def _text(parts: tuple[Part, ...], values: Mapping[str, Any]) -> str:
    found = []
    for part in parts:
        match part:
            case Variable():
                found.append(part.put(values.get(part.name)))
            case Among():
                found.append(part.put(values))
            case _:
                found.append(part)
    return "".join(found)


def names_in(text: str) -> list[Name]:
    """Every name in an expression, in order; none when it cannot be read."""
    try:
        syntax = parse(text)
    except ExpressionError:
        return []
    return sorted((each for each in walk(syntax) if isinstance(each, Name)), key=lambda each: each.start)


def dotted_in(text: str) -> list[str]:
    """The same as they are written."""
    return [".".join(each.parts) for each in names_in(text)]


def condition(text: str, variables: Collection[str]) -> Condition:
    """An expression cut where variables stand."""
    try:
        syntax = parse(text)
    except ExpressionError:
        return Condition((text,))
    return Condition(_cut(text, 0, len(text), syntax, variables))


def _cut(text: str, start: int, end: int, node: Syntax, variables: Collection[str]) -> tuple[Part, ...]:
    """A piece of an expression, which holds this node, in parts."""
    parts: list[Part] = []
    for first, last, part in sorted(_places(text, node, variables), key=lambda each: each[0]):
        parts += [text[start:first], part]
        start = last
    return (*parts, text[start:end])


def _places(text: str, node: Syntax, variables: Collection[str]) -> Iterator[tuple[int, int, Part]]:
    """Where in an expression variables stand, and as what."""
    match node:
        case Name() if (name := ".".join(node.parts)) in variables:
            yield node.start, node.end, Variable(name)
        case Operation(op=("is blank" | "is not blank"), items=(Name() as of,)) if ".".join(of.parts) in variables:
            yield of.start, of.end, Variable(".".join(of.parts), "given")
        case Operation(op=("in" | "not in"), items=(left, Name() as of)) if ".".join(of.parts) in variables:
            first, (begin, last) = _beginning(text, left, of), _ends(text, left, of)
            parts = _cut(text, first, begin, left, variables)
            yield first, last, Among(parts, Variable(".".join(of.parts), "among"), node.op == "in")
        case Operation() | Invocation():
            for each in node.items:
                yield from _places(text, each, variables)


def _ends(text: str, left: Syntax, right: Syntax) -> tuple[int, int]:
    """Where the right side begins and ends, with the parentheses around it."""
    between = text[left.end : right.start]
    opened, end = between.count("("), right.end
    for _ in range(opened):
        end = text.index(")", end) + 1
    return (left.end + between.index("(") if opened else right.start), end


def _beginning(text: str, left: Syntax, right: Syntax) -> int:
    """Where a comparison begins, with the parentheses around its left side, which no node holds."""
    start = left.start
    while True:
        between = text[left.end : right.start].partition("(")[0]
        bare = QUOTED.sub("", text[start : left.end]) + between
        if bare.count("(") >= bare.count(")"):
            return start
        start = text.rindex("(", 0, start)


def literal(value: Any) -> str:
    """A value as the language writes it. Raises ValueError."""
    match value:
        case None:
            return "blank"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            number = Decimal(value)
            if not number.is_finite() or abs(number.adjusted()) > 30:
                raise ValueError(value)
            return f"({number:f})" if number < 0 else f"{number:f}"
        case datetime():
            return quoted(value.astimezone(UTC).isoformat().replace("+00:00", "Z"))
        case date():
            return f"DATE({value.year}, {value.month}, {value.day})"
        case time():
            return f"TIME({value.hour}, {value.minute}, {value.second})"
        case str() if len(value) <= TEXT_LIMIT:
            return quoted(value)
    raise ValueError(value)


def quoted(text: str) -> str:
    """A text as a literal."""
    return '"' + text.replace('"', '""') + '"'
