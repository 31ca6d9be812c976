"""Which formula needs which: the order to work them out in, and the refusal of circles.

Formulas are named `record.field`. An expression reads the fields named in its paths, each hop included, so a roll-up
depends on the field it adds up and on the formula that field may be, across any number of record types.
"""

from __future__ import annotations

from collections.abc import Iterator
from graphlib import CycleError as GraphCycle
from graphlib import TopologicalSorter

from lowcode.kernel.expressions.expression import Expression
from lowcode.kernel.expressions.problems import CycleError


class DependencyGraph:
    """Formulas and what they read; `order` lists them so that each comes after what it needs."""

    def __init__(self) -> None:
        self._needs: dict[str, frozenset[str]] = {}

    def add(self, formula: str, expression: Expression) -> None:
        """Add a formula by its name `record.field`."""
        self._needs[formula] = expression.reads

    def needs(self, formula: str) -> frozenset[str]:
        """The formulas a formula reads directly."""
        return frozenset(one for one in self._needs[formula] if one in self._needs)

    def affected(self, fields: frozenset[str]) -> tuple[str, ...]:
        """The formulas to work out again when these fields changed, in order."""
        changed = set(fields)
        found = []
        for formula in self.order():
            if self._needs[formula] & changed:
                changed.add(formula)
                found.append(formula)
        return tuple(found)

    def order(self) -> tuple[str, ...]:
        """All formulas, each after those it needs; CycleError names the circle."""
        sorter = TopologicalSorter({formula: sorted(self.needs(formula)) for formula in sorted(self._needs)})
        try:
            return tuple(sorter.static_order())
        except GraphCycle as circle:
            raise CycleError(tuple(reversed(circle.args[1]))) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._needs)
