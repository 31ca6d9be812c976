"""Measures taken apart: what the database adds up, and what is made of the sums. Pure.

Sums, counts, least and greatest of groups add up to those of the whole, exactly; a middle value or a count of different
values does not. A measure that is a calculation with such parts is worked out where the parts arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Context, Decimal, localcontext
from typing import Any

from lowcode.kernel.expressions import Moment, nodes
from lowcode.kernel.expressions.generate import Generator, compile_source
from lowcode.kernel.expressions.sql.lower import average_tree
from lowcode.reports.run import Key

Made = Callable[..., Any]
EXACT = Context(prec=80)
ADDED: Mapping[str, Callable[[Iterable[Any]], Any]] = {
    "SUM": lambda values: sum(values, Decimal(0)),
    "COUNT": lambda values: sum(values, Decimal(0)),
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
}
"""What becomes of the values that groups have, none of them blank."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A measure as its parts are added up by the database, and what is made of them: None, the one part itself."""

    parts: tuple[nodes.Node, ...]
    made: Made | None

    @property
    def adds(self) -> bool:
        """Whether the parts of groups add up to those of the whole."""
        return all(
            isinstance(part, nodes.Aggregate) and part.function in ADDED and not part.relation for part in self.parts
        )


def taken_apart(tree: nodes.Node) -> Measured:
    """The aggregates of a measure, and what is calculated with them."""
    if isinstance(tree, nodes.Aggregate) and (tree.function != "AVERAGE" or tree.relation):
        return Measured((tree,), None)
    parts: list[nodes.Node] = []
    rest = _without(tree, parts)
    generator = Generator()
    made = compile_source("made", generator.value(rest), generator.names, "**v")[1]
    return Measured(tuple(parts), made)


def _without(tree: nodes.Node, parts: list[nodes.Node]) -> nodes.Node:
    """The tree with a variable in the place of each aggregate."""
    if isinstance(tree, nodes.Aggregate):
        if tree.function == "AVERAGE" and not tree.relation:
            return _without(average_tree(tree), parts)
        parts.append(tree)
        return nodes.Variable(f"part_{len(parts) - 1}", tree.type)
    changes: dict[str, Any] = {}
    for each in fields(tree):
        value = getattr(tree, each.name)
        if isinstance(value, tuple):
            changes[each.name] = tuple(_without(one, parts) if hasattr(one, "start") else one for one in value)
        elif hasattr(value, "type") and hasattr(value, "start"):
            changes[each.name] = _without(value, parts)
    return replace(tree, **changes)


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted of every group: the parts of the measures side by side, by the values of the dimensions."""

    measures: tuple[Measured, ...]
    groups: Mapping[Key, Sequence[Any]]

    def finished(self, moment: Moment) -> dict[Key, list[Any]]:
        """The measures of every group."""
        if all(each.made is None for each in self.measures):
            return {key: list(parts) for key, parts in self.groups.items()}
        return {key: self._measures(parts, moment) for key, parts in self.groups.items()}

    def _measures(self, parts: Sequence[Any], moment: Moment) -> list[Any]:
        at, values = 0, []
        for each in self.measures:
            own = parts[at : at + len(each.parts)]
            at += len(own)
            named = {f"part_{place}": value for place, value in enumerate(own)}
            values.append(own[0] if each.made is None else each.made({}, moment, **named))
        return values

    def of(self, which: Sequence[int]) -> Counted:
        """Some of the measures, in this order."""
        if list(which) == list(range(len(self.measures))):
            return self
        begins = [0]
        for each in self.measures:
            begins.append(begins[-1] + len(each.parts))
        kept = [at for measure in which for at in range(begins[measure], begins[measure + 1])]
        return Counted(
            tuple(self.measures[measure] for measure in which),
            {key: [parts[at] for at in kept] for key, parts in self.groups.items()},
        )

    def at(self, places: Sequence[int]) -> Counted:
        """The same by some of the dimensions, added up. Only for measures that add up."""
        functions = [ADDED[part.function] for each in self.measures for part in each.parts]  # type: ignore[union-attr]
        members: dict[Key, list[Sequence[Any]]] = {} if places else {(): []}
        for key, parts in self.groups.items():
            members.setdefault(tuple(key[place] for place in places), []).append(parts)
        with localcontext(EXACT):
            found = {
                key: [
                    function(row[at] for row in rows if row[at] is not None) for at, function in enumerate(functions)
                ]
                for key, rows in members.items()
            }  # fmt: skip
        return Counted(self.measures, found)
