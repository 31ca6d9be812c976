"""What may be named in an expression: the fields of each record type, supplied by the caller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from lowcode.kernel.expressions.types import Type


@dataclass(frozen=True)
class FieldShape:
    """One field as expressions see it: name, permanent id, type, label and whether its value changes by itself."""

    name: str
    id: str
    type: Type
    label: str = ""
    volatile: bool = False


ABOVE, ABOVE_LABELS = "@above", "@labels-above"
"""What follows a path to a record of a tree where its own id, or label, and those of everything above it are meant. No
author writes them: they are what UNDER reads."""


@dataclass(frozen=True)
class RecordShape:
    """One record type as expressions see it; `tree`: its records hang under one another."""

    name: str
    fields: Mapping[str, FieldShape]
    tree: bool = False


def lineage_of(path: str) -> tuple[str, str]:
    """The path to a record of a tree, and which of the two is meant behind it: blank for any other path."""
    head, _, last = path.rpartition(".")
    return (head, last) if last in (ABOVE, ABOVE_LABELS) else (path, "")


@dataclass(frozen=True)
class Shapes:
    """Every record type by name, `user` among them."""

    records: Mapping[str, RecordShape] = field(default_factory=dict)


class Place(Enum):
    """Where an expression stands, which decides what it may use."""

    READ = "read"
    STORED = "stored"
    EVENT = "event"
    AGGREGATE = "aggregate"
