"""How a function of the language is declared: once, for the checker and for every back end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from lowcode.kernel.expressions.types import Type


class Blanks(Enum):
    """What a function makes of blank arguments."""

    STRICT = "strict"
    """A blank in gives a blank out; otherwise the result is never blank."""
    PARTIAL = "partial"
    """A blank in gives a blank out; the result may be blank even so."""
    NEVER = "never"
    """Takes blanks, never gives one."""
    OPEN = "open"
    """Takes blanks, may give one."""


class Determinism(Enum):
    """Whether a function gives the same result for the same record at another time."""

    PURE = "pure"
    VOLATILE = "volatile"
    EVENT = "event"


@dataclass(frozen=True)
class Parameter:
    """One parameter: its name, the kinds it takes, whether it may be left out or repeated."""

    name: str
    kinds: frozenset[str]
    optional: bool = False
    repeated: bool = False


@dataclass(frozen=True)
class Function:
    """One function: signature, result, blanks, determinism, cost, and its form on each back end.

    `python` takes plain values (the moment first when `uses_moment`). `postgresql` takes the lowering and the lowered
    arguments and gives an element, or is None when PostgreSQL cannot carry it out. SQLite runs `python`.
    `javascript` says whether the library of the browser has a function of this name; what the library does not have
    brings the source of an arrow function that takes the library first (and the moment, then, when `uses_moment`).
    """

    name: str
    signature: str
    result: str | Callable[[Sequence[Type], Sequence[Any]], Type]
    python: Callable[..., Any]
    summary: str
    blanks: Blanks = Blanks.STRICT
    determinism: Determinism = Determinism.PURE
    postgresql: Callable[..., Any] | None = None
    javascript: bool | str = True
    uses_moment: bool = False
    cost: int = 1
    units: tuple[str, ...] = ()

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """The parameters, read from the signature `name:kind|kind, name:kind?, name:kind...`."""
        found = []
        for part in filter(None, (one.strip() for one in self.signature.split(","))):
            name, _, kinds = part.partition(":")
            optional, repeated = kinds.rstrip(".").endswith("?"), kinds.endswith("...")
            found.append(Parameter(name, frozenset(kinds.rstrip("?.").split("|")), optional, repeated))
        return tuple(found)

    def result_type(self, types: Sequence[Type], values: Sequence[Any]) -> Type:
        """The type of the result for arguments of these types; `values` holds constants, else None."""
        made = self.result(types, values) if callable(self.result) else RESULTS[self.result]
        if self.blanks is Blanks.NEVER:
            return made.required
        if self.blanks is Blanks.STRICT and not any(one.nullable for one in types):
            return made.required
        return made.optional


RESULTS = {
    "number": Type("number", scale=None),
    "integer": Type("number", scale=0),
    "decimal": Type("number", scale=12),
    "text": Type("text"),
    "boolean": Type("boolean"),
    "date": Type("date"),
    "datetime": Type("datetime"),
    "time": Type("time"),
}
