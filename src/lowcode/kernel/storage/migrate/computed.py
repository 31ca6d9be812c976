"""Which computed columns have to be computed anew, and in which order: those that changed, and what reads them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.schema import ColumnShape, TableShape


@dataclass(frozen=True)
class Pair:
    """A table as it is and as it is to be."""

    before: TableShape
    after: TableShape


class Computed:
    """Gathers what changes; says at the end what follows from it."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self._pairs = pairs
        self._changed: set[str] = set()
        self._fills: dict[tuple[str, str], s.Fill] = {}

    def touch(self, pair: Pair, after: ColumnShape) -> None:
        """The values of a column become others."""
        self._changed.add(f"{pair.after.record}.{after.name}")

    def fill(self, pair: Pair, after: ColumnShape) -> None:
        """A column is to be computed."""
        self._fills[(pair.after.id, after.id)] = s.Fill(pair.after, after)
        self.touch(pair, after)

    def in_order(self) -> Iterator[s.Fill]:
        """Everything computed from what changed, each after what it is computed from."""
        computed = [(pair, each) for pair in self._pairs for each in pair.after.columns if each.formula is not None]
        grown = True
        while grown:
            grown = False
            for pair, each in computed:
                if (pair.after.id, each.id) not in self._fills and self._changed & set(each.reads):
                    self.fill(pair, each)
                    grown = True
        waiting = dict(self._fills)
        while waiting:
            unknown = {f"{each.table.record}.{each.column.name}" for each in waiting.values()}
            ready = [key for key, each in waiting.items() if not unknown & set(each.column.reads)]
            for key in ready or list(waiting):
                yield waiting.pop(key)
