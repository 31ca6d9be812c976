"""A filter whose variables become literals when it is asked: what a caller sends is a value in it, and never a part of
the expression.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Literal

from lowcode.kernel.expressions import ExpressionError
from lowcode.kernel.expressions.parse import parse
from lowcode.kernel.expressions.syntax import Name, walk

TEXT_LIMIT = 2000
LIST_LIMIT = 200
AFTER_IN = re.compile(r"\bin\s*$")
BEFORE_IS = re.compile(r"\s*is\b")


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
            return f"({', '.join(literal(each) for each in value)})" if value else "blank"
        except ValueError:
            raise ValueError(self.name, value) from None


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression in parts."""

    parts: tuple[str | Variable, ...]

    def text(self, values: Mapping[str, Any]) -> str:
        """The expression with these values. Raises ValueError (name, value) for one that no expression can hold."""
        return "".join(part if isinstance(part, str) else part.put(values.get(part.name)) for part in self.parts)


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
    parts: list[str | Variable] = []
    at = 0
    for each in names_in(text):
        name = ".".join(each.parts)
        if name in variables:
            parts += [text[at : each.start], Variable(name, _role(text, each))]
            at = each.end
    return Condition((*parts, text[at:]))


def _role(text: str, name: Name) -> Literal["one", "among", "given"]:
    if AFTER_IN.search(text[: name.start]):
        return "among"
    return "given" if BEFORE_IS.match(text, name.end) else "one"


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
