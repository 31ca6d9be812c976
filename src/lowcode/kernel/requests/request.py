"""A request as it was understood, and what it comes to for one record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.show import plain

Evaluate = Callable[[Expression, Mapping[str, Any]], Any]
"""The value of an expression for a record, or for a row of it."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands in the document."""

    value: Any


@dataclass(frozen=True, slots=True)
class Group:
    """An object of parts; a part that is blank is left out."""

    parts: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class Several:
    """A list of parts."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Rows:
    """A list with an entry for each row for which the condition holds."""

    rows: str
    where: Expression | None
    part: Part

    @property
    def needs(self) -> Needs:
        """What is read of the rows."""
        read = [*expressions_of(self.part), *([self.where] if self.where is not None else [])]
        paths = frozenset(path for each in read for path in each.paths)
        return Needs(frozenset(), frozenset({(self.rows, frozenset({"id"}) | paths)}))


Part = Constant | Expression | Group | Several | Rows


@dataclass(frozen=True, slots=True)
class Asked:
    """The request for one record: `values` is what the connector is given."""

    connector: str
    values: Mapping[str, Any]
    wants: Mapping[str, Any]
    """Which part of the answer is read: `inside` and the `paths` in it."""


@dataclass(frozen=True, slots=True)
class Request:
    """Of whom, what, with which values, and the fields that an answer or a refusal sets."""

    connector: str
    operation: str
    parameters: Mapping[str, Part] = field(default_factory=dict)
    body: Part | None = None
    inside: str = ""
    sets: Mapping[str, Expression] = field(default_factory=dict)
    refused: Mapping[str, Expression] = field(default_factory=dict)
    types: Mapping[str, Type] = field(default_factory=dict)
    """The paths of the answer that can be read, or with fields those that are, and their types."""

    @property
    def needs(self) -> tuple[Any, ...]:
        """What it reads of the record."""
        return tuple(each for part in self._parts for each in read_by(part))

    @property
    def _parts(self) -> Sequence[Part]:
        return (*self.parameters.values(), *((self.body,) if self.body is not None else ()))

    def with_fields(self, sets: Mapping[str, Expression], refused: Mapping[str, Expression]) -> Request:
        """The same with the fields that an answer or a refusal sets; of the answer only what they read is kept."""
        read = {path for each in sets.values() for path in each.variables}
        types = {path: type_ for path, type_ in self.types.items() if path in read}
        return replace(self, sets=sets, refused=refused, types=types)

    def asked(self, facts: Mapping[str, Any], evaluate: Evaluate) -> Asked:
        """What it comes to for a record."""
        values: dict[str, Any] = {"operation": self.operation}
        parameters = {name: made(part, facts, evaluate) for name, part in self.parameters.items()}
        values["parameters"] = {name: value for name, value in parameters.items() if value is not None}
        if self.body is not None:
            values["body"] = made(self.body, facts, evaluate)
        return Asked(self.connector, values, {"inside": self.inside, "paths": sorted(self.types)})


def made(part: Part, facts: Mapping[str, Any], evaluate: Evaluate) -> Any:
    """The JSON a part comes to; None for one that is blank."""
    match part:
        case Constant():
            return part.value
        case Group():
            found = {name: made(each, facts, evaluate) for name, each in part.parts.items()}
            given = {name: value for name, value in found.items() if value is not None}
            return given if given or not part.parts else None
        case Several():
            return [made(each, facts, evaluate) for each in part.parts]
        case Rows():
            rows = facts.get(part.rows) or []
            met = (row for row in rows if part.where is None or evaluate(part.where, row) is True)
            return [made(part.part, row, evaluate) for row in met]
        case _:
            return as_json(evaluate(part, facts), part.type)


def as_json(value: Any, type_: Type) -> Any:
    """A value as JSON: whole numbers as numbers, others as text, so that no digit is lost on the way."""
    if isinstance(value, Decimal) and type_.scale == 0:
        return int(value)
    return plain(value)


def expressions_of(part: Part) -> Iterable[Expression]:
    """The expressions of a part that see what it sees itself."""
    match part:
        case Constant() | Rows():
            return
        case Group():
            for each in part.parts.values():
                yield from expressions_of(each)
        case Several():
            for each in part.parts:
                yield from expressions_of(each)
        case _:
            yield part


def read_by(part: Part) -> Iterable[Any]:
    """What a part reads of the record: expressions, and what is read of its rows."""
    match part:
        case Rows():
            yield part.needs
        case Group():
            for each in part.parts.values():
                yield from read_by(each)
        case Several():
            for each in part.parts:
                yield from read_by(each)
        case Constant():
            return
        case _:
            yield part
