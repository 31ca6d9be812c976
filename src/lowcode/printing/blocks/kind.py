"""The contract of a kind of block.

A kind has a `name` (the word in `type`), a closed `model` (what may be written) and `compile`, which turns what was
written into something that draws itself: `draw(facts)` gives the nodes of the print tree. For the designer it has a
`title`, the `group` it is offered in, and `begin`: what a new one says, given what the form offers. To add a kind is to
add one file here, one line in `blocks/__init__.py`, and a drawing of its node in each output (or nodes that exist
already).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression, Name, Part
from lowcode.kernel.diagnostics import Text
from lowcode.printing.blocks.formats import Format
from lowcode.printing.blocks.values import Condition, Facts, Rows, Value, Wanted, Words

Node = dict[str, Any]
"""One node of the print tree: plain data that JSON can hold."""


class Block(Part):
    """What every block may say."""

    id: Name | None = Field(None, description="A lasting name of the block, for designers and messages.")
    when: Expression | None = Field(None, description="The block is printed only where this holds.")


if TYPE_CHECKING:
    AnyBlock: TypeAlias = Block
    """Any block of the host: what holds blocks writes `list[AnyBlock]`, and `schema` fills it in for each host."""


class NotDrawn(RuntimeError):
    """A paper could not be made; `block` is the place of the block that is to blame, where it is known."""

    block: str | None = None


class Drawable(Protocol):
    """A compiled block."""

    def draw(self, facts: Facts) -> list[Node]:
        """Its nodes for one record."""
        ...


class Compiling(Protocol):
    """What a kind may ask while it is compiled: every expression and text goes through it."""

    @property
    def files(self) -> Mapping[str, bytes]:
        """The app's own pictures by path."""
        ...

    def value(self, text: str, pointer: str, form: Format = "auto") -> Value | None:
        """An expression whose value is shown."""
        ...

    def bare(self, text: str, pointer: str) -> Value | None:
        """An expression whose value is handed on and not shown: a link is the number of its record."""
        ...

    def pictured(self, path: str, pointer: str) -> Value | None:
        """A field that holds pictures, whose contents are needed."""
        ...

    def holds_pictures(self, path: str) -> bool:
        """Whether a path is a field of pictures."""
        ...

    def picture(self, wanted: Wanted, pointer: str) -> bool:
        """Ask for the picture of a report; whether there is such a report with such filters."""
        ...

    def condition(self, text: str | None, pointer: str) -> Condition | None:
        """An expression that holds or not."""
        ...

    def words(self, text: Any, pointer: str) -> Words:
        """A text with values in it, in every language it has."""
        ...

    def rows(self, path: str, where: str | None, pointer: str) -> Rows | None:
        """The rows a table or a repeated part runs over."""
        ...

    def within(self, rows: Rows) -> Compiling:
        """The same, for what is said about one row."""
        ...

    def blocks(self, blocks: Iterable[Any], pointer: str) -> tuple[Drawable, ...]:
        """Blocks inside a block."""
        ...

    def title_of(self, path: str) -> Any:
        """The title of the field at a path, for labels left out."""
        ...

    def wrong(self, key: str, pointer: str, **values: Any) -> None:
        """A finding."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """A field that a paper may show: its path, what people call it, and the kind of its value."""

    path: str
    title: Text
    kind: str


@dataclass(frozen=True, slots=True)
class Outline:
    """What a form offers to a block that is begun in the designer: its fields, those of its rows by their path, and the
    pictures and reports of the app."""

    fields: tuple[Offer, ...] = ()
    rows: Mapping[str, tuple[Offer, ...]] = field(default_factory=dict)
    pictures: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    photos: tuple[Offer, ...] = ()
    """Its fields that hold pictures."""


@dataclass(frozen=True, slots=True)
class BlockKind:
    """One kind of block. Without `begin` a new one has what its model requires, blank."""

    name: str
    model: type[Block]
    compile: Callable[[Any, Compiling, str], Drawable | None]
    title: Text = ""
    group: str = "other"
    begin: Callable[[Outline], dict[str, Any]] | None = None


def draw_all(blocks: Iterable[Drawable], facts: Facts) -> list[Node]:
    """The nodes of blocks, one after the other."""
    return [node for block in blocks for node in block.draw(facts)]
