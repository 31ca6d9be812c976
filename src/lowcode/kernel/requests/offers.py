"""What a program can be asked, as far as an author is held to it before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Type

ANY = Type("any")


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value may be: of an object its `parts` (None: not known), of a list its `entry`, else its `type`.

    `required` parts must be there; a part that is not known is refused when the object is `closed`."""

    type: Type = ANY
    parts: Mapping[str, Shape] | None = None
    required: frozenset[str] = frozenset()
    closed: bool = False
    entry: Shape | None = None

    @property
    def simple(self) -> bool:
        """Whether it is one value."""
        return self.parts is None and self.entry is None


NOTHING_KNOWN = Shape()


@dataclass(frozen=True, slots=True)
class Input:
    """A value an operation takes beside its body, under the name an author writes."""

    name: str
    shape: Shape
    required: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """One operation: its inputs, its body (None: it takes none) and what it answers."""

    name: str
    title: str
    inputs: Mapping[str, Input] = field(default_factory=dict)
    body: Shape | None = None
    body_required: bool = False
    answer: Shape = NOTHING_KNOWN


class Offers(Protocol):
    """Everything one program can be asked."""

    @property
    def names(self) -> Sequence[str]:
        """The operations, in the order of its description."""
        ...

    def get(self, name: str) -> Offer | Text | None:
        """An operation; why it cannot be asked; None when there is none of this name."""
        ...
