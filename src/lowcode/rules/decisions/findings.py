"""Rows that overlap, rows that are never reached, and cases no row covers: exact, where cells are values and ranges.

Every column is cut into atoms: pieces on which no cell of the column changes its mind (a listed value, "anything else",
blank, a boundary, the stretch between two boundaries). A combination of atoms is a box; over boxes the questions are
finite. The walk goes column by column with the rows still possible as bits, so it only visits boxes that differ.
Columns with free conditions are left out of a verdict: what cannot be said exactly is not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lowcode.rules.decisions.cells import Cell, Free, Values
from lowcode.rules.decisions.index import RangeColumn, ValueColumn, bits, mixed, range_column, value_column

LIMIT = 20_000
"""Boxes looked at before the check gives up and says so."""


@dataclass(frozen=True, slots=True)
class Atom:
    """A piece of a column: how a person names it, and the rows it meets."""

    words: str
    rows: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check found; `complete` is False when it gave up at its limit."""

    overlaps: tuple[tuple[int, int], ...]
    unreached: tuple[int, ...]
    gaps: tuple[tuple[str, ...], ...]
    complete: bool = True
    exact: bool = True


def check(
    cells: Sequence[Sequence[Cell]], options: Sequence[tuple[str, ...] | None], nullable: Sequence[bool]
) -> Verdict:
    """Look at all boxes of a table. `options` closes a column (a choice); `nullable` says whether it may be blank."""
    free_rows = frozenset(at for at, row in enumerate(cells) if any(isinstance(cell, Free) for cell in row))
    width = len(options)
    columns = [atoms([row[at] for row in cells], options[at], nullable[at]) for at in range(width)]
    walk = _Walk(columns, len(cells), free_rows)
    walk.visit(0, (1 << len(cells)) - 1, ())
    unreached = tuple(
        at for at in range(len(cells)) if walk.complete and at not in free_rows and not walk.first >> at & 1
    )
    return Verdict(tuple(sorted(walk.overlaps)), unreached, tuple(walk.gaps), walk.complete, not free_rows)


class _Walk:
    """The state of one walk over the boxes."""

    def __init__(self, columns: list[list[Atom]], rows: int, free: frozenset[int]) -> None:
        self.columns = columns
        self.free = sum(1 << at for at in free)
        self.overlaps: set[tuple[int, int]] = set()
        self.gaps: list[tuple[str, ...]] = []
        self.first = 0
        self.seen = 0
        self.complete = True

    def visit(self, column: int, mask: int, names: tuple[str, ...]) -> None:
        if not self.complete:
            return
        if not mask or column == len(self.columns):
            self.seen += 1
            self.complete = self.seen < LIMIT
            self._leaf(mask, names)
            return
        for group, words in _grouped(self.columns[column], mask):
            self.visit(column + 1, group, (*names, words))

    def _leaf(self, mask: int, names: tuple[str, ...]) -> None:
        if not mask:
            self.gaps.append(names)
            return
        certain = list(bits(mask & ~self.free))
        # A row with a free condition may or may not hit; it neither shadows another row nor overlaps for certain.
        if certain:
            self.first |= 1 << certain[0]
            self.overlaps.update((certain[0], other) for other in certain[1:])


def _grouped(atoms_of_column: list[Atom], mask: int) -> Iterator[tuple[int, str]]:
    """Atoms that leave the same rows are one case: their names are said together."""
    groups: dict[int, list[str]] = {}
    for atom in atoms_of_column:
        groups.setdefault(atom.rows & mask, []).append(atom.words)
    for rows, words in groups.items():
        shown = words if len(words) <= 4 else [*words[:3], f"… ({len(words)})"]
        yield rows, ", ".join(shown)


def atoms(column: Sequence[Cell], options: tuple[str, ...] | None, nullable: bool) -> list[Atom]:
    """The pieces of one column."""
    if mixed(column):
        return _range_atoms(range_column(column), nullable)
    listed = {value for cell in column if isinstance(cell, Values) for value in cell.values}
    return _value_atoms(value_column(column), listed, options, nullable)


def _value_atoms(column: ValueColumn, listed: set[Any], options: tuple[str, ...] | None, nullable: bool) -> list[Atom]:
    named: list[Any] = sorted((value for value in listed if value is not None), key=str)
    if options is not None:
        named = list(options)
    found = [Atom(_words(value), column.mask(value)) for value in named]
    booleans = options is None and listed and all(isinstance(value, bool) or value is None for value in listed)
    if booleans:
        found = [Atom(_words(value), column.mask(value)) for value in (True, False)]
    elif options is None:
        found.append(Atom("*", column.others))
    if nullable:
        found.append(Atom("blank", column.mask(None)))
    return found


def _range_atoms(column: RangeColumn, nullable: bool) -> list[Atom]:
    found = []
    ends = column.boundaries
    for at, (low, high) in enumerate(zip([None, *ends], [*ends, None], strict=True)):
        found.append(Atom(f"({_words(low)}..{_words(high)})", column.below[at]))
        if high is not None:
            found.append(Atom(_words(high), column.at[at]))
    if nullable:
        found.append(Atom("blank", column.blank))
    return found


def _words(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
