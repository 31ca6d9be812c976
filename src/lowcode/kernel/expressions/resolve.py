"""Names to fields: hops, labels, rows, and the nearest name when none fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from lowcode.kernel.expressions.names import nearest
from lowcode.kernel.expressions.shapes import FieldShape, Shapes
from lowcode.kernel.expressions.told import Sentence, Several, say


@dataclass(frozen=True)
class Resolved:
    """Where a path leads: names and ids of its hops, the last field, and the rows it crosses."""

    names: tuple[str, ...]
    ids: tuple[str, ...]
    field: FieldShape
    nullable: bool
    volatile: bool
    crossed: int | None
    """How many leading parts make the relation, or None when no rows are crossed."""
    reads: tuple[str, ...]
    """Every hop as `record.field`."""


@dataclass(frozen=True)
class Unresolved:
    """Why a path leads nowhere, at which part, and the name that may have been meant."""

    code: str
    said: Sentence
    part: int
    advice: Sentence | None = None
    named: str = ""
    """What was written instead of one of the fields, if that is what is wrong."""
    fields: Mapping[str, FieldShape] = field(default_factory=dict)

    @cached_property
    def nearest(self) -> str | None:
        """The field that may have been meant; looked for only when somebody is told, for most paths are only tried."""
        return nearest(self.named, [name for one in self.fields.values() for name in (one.name, one.label) if name])

    @property
    def cure(self) -> Sentence | None:
        """What else could be done."""
        if not self.fields or self.nearest:
            return self.advice
        return say("known-fields", fields=Several(tuple(sorted(self.fields)[:12])))


def find_field(fields: Mapping[str, FieldShape], part: str) -> FieldShape | None:
    """The field of that name, else the one with that label or id."""
    if part in fields:
        return fields[part]
    return next((one for one in fields.values() if part in (one.label, one.id)), None)


NOTHING = frozenset({"null", "none", "nil", "undefined", "empty"})
"""What nothing is called elsewhere."""


def resolve(shapes: Shapes, record: str, parts: tuple[str, ...]) -> Resolved | Unresolved:
    """Follow a path from a record type."""
    current = record
    names: list[str] = []
    ids: list[str] = []
    reads: list[str] = []
    nullable = volatile = False
    crossed: int | None = None
    for position, part in enumerate(parts):
        shape = shapes.records.get(current)
        found = find_field(shape.fields, part) if shape is not None else None
        if found is None:
            return _unknown(shapes, current, part, position)
        names.append(found.name)
        ids.append(found.id)
        reads.append(f"{current}.{found.name}")
        volatile = volatile or found.volatile
        last = position == len(parts) - 1
        nullable = found.type.nullable if crossed == position else nullable or found.type.nullable
        if last:
            return Resolved(tuple(names), tuple(ids), found, nullable, volatile, crossed, tuple(reads))
        if found.type.kind == "rows":
            crossed, current, nullable = position + 1, found.type.record or "", False
        elif found.type.target is not None:
            current = found.type.target
        else:
            shown = found.label or found.name
            return Unresolved(
                "not-a-link",
                say("no-link", name=shown, type=found.type),
                position + 1,
                say("links-have-fields"),
            )
    raise AssertionError("a path has at least one part")


def _unknown(shapes: Shapes, record: str, part: str, position: int) -> Unresolved:
    shape = shapes.records.get(record)
    if shape is None:
        return Unresolved("unknown-record", say("unknown-record", record=record), position)
    told = say("unknown-field", record=record, name=part)
    if part.lower() in NOTHING:
        return Unresolved("unknown-field", told, position, say("write-blank"))
    return Unresolved("unknown-field", told, position, named=part, fields=shape.fields)
