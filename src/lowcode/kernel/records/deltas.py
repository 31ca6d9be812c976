"""Roll-ups brought up to date by what was added and taken away, where that gives what adding up anew would (decision
0081): sums and counts by the difference, a mean by its sum and count, the largest and the smallest unless it was the
extreme that left. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lowcode.kernel.expressions import Moment, nodes
from lowcode.kernel.expressions.values import divide
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.rounding import rounded

Values = Mapping[str, Any]
Pair = tuple[Values | None, Values | None]
"""A record as it counted and as it counts now; None where it did not, or does not."""
Move = tuple[Any, Any]
"""What a record adds, before and after."""
ADDED = ("SUM", "COUNT")
EXTREMES = ("MIN", "MAX")


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean, and the stored fields that are its sum and its count."""

    field: Field
    total: str
    count: str


@dataclass(frozen=True, slots=True)
class Deltas:
    """What of a record follows the records of one relation by difference alone."""

    relation: str
    fields: tuple[Field, ...]
    functions: tuple[str, ...]
    """The aggregate that each of them is."""
    means: tuple[Mean, ...]
    reads: frozenset[str]
    """What is read of each record."""
    scales: Mapping[str, tuple[Field, Decimal]]
    """The numbers that are read, each with its field and one that has as many places as it keeps."""


@dataclass(frozen=True, slots=True)
class Step:
    """What changes of a record above: by how much each sum and count and what came to each extreme, and the extremes
    that have to be looked for among all, because something leaves that may have been one."""

    by: Mapping[str, Any]
    anew: frozenset[str]


def deltas_of(record_type: RecordType, relation: str, child: RecordType, moving: Iterable[str]) -> Deltas:
    """What can be kept up to date so. `moving`: fields of the child that change without a save of it."""
    kept = frozenset(moving)
    found = [each for each in record_type.computed if _adds_up(each, relation, child, kept)]
    by_text = {each.expression.text: each.name for each in found if each.expression is not None}
    means = []
    for each in record_type.computed:
        tree, text = (None, "") if each.expression is None else (each.expression.tree, each.expression.text)
        if isinstance(tree, nodes.Aggregate) and tree.function == "AVERAGE" and tree.relation == relation:
            inner = text.removeprefix("AVERAGE")
            total, count = by_text.get(f"SUM{inner}"), by_text.get(f"COUNT{inner}")
            if total is not None and count is not None:
                means.append(Mean(each, total, count))
    read = {path for each in found if each.expression is not None for path in each.expression.rows[relation]}
    scales = {path: child.fields[path] for path in read if path in child.fields}
    numbers = {
        name: (each, Decimal(1).scaleb(-each.type.scale))
        for name, each in scales.items() if each.type.kind == "number" and each.type.scale is not None
    }  # fmt: skip
    functions = tuple(map(function_of, found))
    return Deltas(relation, tuple(found), functions, tuple(means), frozenset(read), numbers)


def _adds_up(each: Field, relation: str, child: RecordType, moving: frozenset[str]) -> bool:
    """Whether a field is one aggregate over the columns of the records of a relation, exact as it is stored."""
    expression = each.expression
    if expression is None or expression.volatile or expression.paths or set(expression.rows) != {relation}:
        return False
    tree = expression.tree
    if not isinstance(tree, nodes.Aggregate) or tree.function not in (*ADDED, *EXTREMES):
        return False
    read = expression.rows[relation]
    if any(path not in child.table.c or path in moving for path in read):
        return False
    if tree.value is None or tree.type.kind != "number" or tree.function == "COUNT":
        return tree.function in ADDED or tree.type.kind != "text"
    scale = tree.value.type.scale
    return scale is not None and each.type.scale is not None and scale <= each.type.scale


def told_by(deltas: Deltas, known: Values, pairs: Sequence[Pair], moment: Moment) -> dict[str, Any]:
    """The new values of those fields that can be told from the old ones; the others have to be gathered anew."""
    found: dict[str, Any] = {}
    for each, function, moves in _moves(deltas, pairs, moment):
        old = known[each.name]
        if not moves:
            found[each.name] = old
        elif old is None:
            continue
        elif function in ADDED:
            found[each.name] = old + _step(moves)
        else:
            value = _extreme(function, old, moves)
            if value is not None:
                found[each.name] = value
    for mean in deltas.means:
        total, count = found.get(mean.total), found.get(mean.count)
        if total is not None and count is not None:
            found[mean.field.name] = divide(total, count)
    return found


def steps_of(deltas: Deltas, pairs: Sequence[Pair], moment: Moment) -> Step:
    """What changes, whatever the old values are."""
    by: dict[str, Any] = {}
    anew: set[str] = set()
    for each, function, moves in _moves(deltas, pairs, moment):
        if function in ADDED:
            step = _step(moves)
            if step:
                by[each.name] = step
            continue
        best = max if function == "MAX" else min
        if any(before is not None and (after is None or best(before, after) != after) for before, after in moves):
            anew.add(each.name)
        elif moves:
            by[each.name] = best(after for _, after in moves)
    return Step(by, frozenset(anew))


def function_of(each: Field) -> str:
    """The aggregate that a field of `Deltas` is."""
    assert each.expression is not None and isinstance(each.expression.tree, nodes.Aggregate)
    return each.expression.tree.function


def _moves(deltas: Deltas, pairs: Sequence[Pair], moment: Moment) -> Iterator[tuple[Field, str, list[Move]]]:
    """What each changed record adds to each field before and after, where that is not the same."""
    rows = [tuple(None if one is None else _as_kept(deltas, one) for one in pair) for pair in pairs]
    relation = deltas.relation
    for each, function in zip(deltas.fields, deltas.functions, strict=True):
        assert each.expression is not None
        evaluate, moves = each.expression.evaluate, []
        for one, other in rows:
            before = None if one is None else evaluate({relation: [one]}, moment)
            after = None if other is None else evaluate({relation: [other]}, moment)
            if before != after:
                moves.append((before, after))
        yield each, function, moves


def _step(moves: Iterable[Move]) -> Any:
    found: Any = 0
    for before, after in moves:
        found = found + (after or 0) - (before or 0)
    return found


def _extreme(function: str, old: Any, moves: Iterable[Move]) -> Any:
    """The new extreme; None when it has to be looked for among those that stay."""
    best = max if function == "MAX" else min
    found = old
    for before, after in moves:
        if before is not None and best(before, old) == before and (after is None or best(before, after) != after):
            return None
        if after is not None:
            found = best(found, after)
    return found


def _as_kept(deltas: Deltas, values: Values) -> Values:
    """What is read of a record, as its columns keep it."""
    found, scales = {name: values.get(name) for name in deltas.reads}, deltas.scales
    for name, (field, one) in scales.items():
        value = found[name]
        if value is not None and not (value.__class__ is Decimal and value.same_quantum(one)):
            found[name] = rounded(field, value)
    return found
