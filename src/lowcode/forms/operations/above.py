"""Rows of a file that name a record which a row above them makes: a tree whose parents stand higher in the same file.

A part of a file is cut before such a row, so that what stands above it is saved when its name is looked up. A dry run
saves nothing: there what a row above would make counts as found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lowcode.forms.operations.naming import texts_in
from lowcode.kernel.expressions import nodes
from lowcode.kernel.records.plan import Field, RecordType

if TYPE_CHECKING:
    from lowcode.forms.operations.incoming import Keys, Row

Columns = Sequence[Field | None]
Lines = Sequence[Sequence[Any]]


class Above:
    """Which columns name records of the form itself, and by which cells a record is named."""

    def __init__(self, record_type: RecordType, columns: Columns) -> None:
        self._naming = [
            (index, each) for index, each in enumerate(columns) if each is not None and each.target == record_type.name
        ]
        names = {each.fields[0] for each in record_type.unique if len(each.fields) == 1}
        label = record_type.label
        self._plain = label is None or isinstance(label.tree, nodes.Field)
        """Whether what a record is called stands in a cell as it is."""
        if label is not None and self._plain:
            names |= label.paths
        self._named = [index for index, each in enumerate(columns) if each is not None and each.name in names]

    def pieces(self, lines: Lines) -> Iterator[Lines]:
        """The rows in their order, cut before each that names one of those since the last cut."""
        if not self._naming:
            yield lines
            return
        begin, made = 0, set[str]()
        for index, line in enumerate(lines):
            meant = self._meant(line)
            if index > begin and (not meant.isdisjoint(made) or (meant and not self._plain)):
                yield lines[begin:index]
                begin, made = index, set()
            made |= self._called(line)
        yield lines[begin:]

    def promised(self, rows: Sequence[Row], lines: Lines, first: int, seen: Keys) -> None:
        """Of a dry run: names that were not found, and that a row above would make, are none of its faults. (Whether
        that one has a fault of its own is said at its own place.)"""
        if not self._naming:
            return
        names = {field.name for _, field in self._naming}
        for row in rows:
            line = lines[row.number - first]
            meant = [(MARK, each) for each in sorted(self._meant(line))]
            own = [(MARK, each) for each in sorted(self._called(line))]
            seen.expect([*meant, *own])
            if any(seen.get(each) is not None for each in meant):
                row.awaited = frozenset(name for name, each in row.problems if name in names and each.code == NOT_FOUND)
                row.problems = [pair for pair in row.problems if pair[0] not in row.awaited]
            if not row.problems:
                for each in own:
                    seen.setdefault(each, row.number)

    def _meant(self, line: Sequence[Any]) -> set[str]:
        """What the cells of a row name; of a way its end."""
        found = {text for index, field in self._naming if index < len(line) for text in texts_in(field, line[index])}
        return found | {text.rpartition("/")[2].strip() for text in found}

    def _called(self, line: Sequence[Any]) -> set[str]:
        """By what the record of a row will be named."""
        return {text for index in self._named if index < len(line) for text in texts_in(None, line[index])}


MARK = "@called"
NOT_FOUND = "forms.name-not-found"
