"""Sent links that lead nowhere for whoever sends them are taken out of what is looked at before anything is computed,
checked or decided along them: a value, and whether a condition is met, would tell of a record that they may not read.

What was refused so is refused, whatever else is found; only what follows from the gap itself is not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.linked import Known, Linking, leading_nowhere
from lowcode.kernel.records.nested import PARENT, rows_at
from lowcode.kernel.records.plan import Field

NOTHING_LOST = nullcontext()


def without_unread(context: Context, change: Change, links: Linking, known: Known) -> AbstractContextManager[None]:
    """What is found meanwhile is found without the links that lead nowhere, which are said first."""
    lost = [] if known.sound else list(leading_nowhere(context, change, links, known))
    return _without(change, lost) if lost else NOTHING_LOST


@contextmanager
def _without(change: Change, lost: Sequence[Problem]) -> Iterator[None]:
    _take_out(change, [each.pointer for each in lost])
    try:
        yield
    except Rejected as refused:
        raise Rejected([*lost, *_others(refused.problems, lost)]) from refused
    change.problems[:] = [*lost, *_others(change.problems, lost)]


def _others(problems: Sequence[Problem], lost: Sequence[Problem]) -> list[Problem]:
    """What does not follow from the gaps."""
    gaps = {each.pointer for each in lost} | {each.pointer.rpartition("/")[0] for each in lost}
    return [each for each in problems if not (each.code == "records.required" and each.pointer in gaps)]


def _take_out(change: Change, pointers: Sequence[str]) -> None:
    """The links, and the defaults that were read along them. Rows are made anew: what was sent stays as it was."""
    values, names = change.values, set[str]()
    copies: Copies = {}
    for name in {each.split("/")[1] for each in pointers}:
        values[name] = _copied(values[name], copies)
    for pointer in reversed(pointers):  # of a list the last first
        *way, last = pointer.split("/")[1:]
        inner: Any = values
        for step in way[:-1]:
            inner = inner[int(step) if step.isdigit() else step]
        if last.isdigit():
            names.add(way[-1])
            inner[way[-1]] = [each for at, each in enumerate(inner[way[-1]]) if at != int(last)]
        else:
            names.add(last)
            (inner[int(way[-1])] if way else inner)[last] = None
    for each in change.record_type.fields.values():
        if each.name not in change.sent and _read_along(each, names):
            values[each.name] = None
    for way_, rows in change.record_type.rows_below:
        along = [each.name for each in rows.fields.values() if _read_along(each, names)]
        if along and way_.partition(".")[0] in change.sent:
            name = way_.partition(".")[0]
            values[name] = _copied(values[name], copies)
            for row in rows_at(values, way_):
                row.values.update(dict.fromkeys(along))
    if change.merged:  # a new row is told to be the one that was sent by being that very row (`merging`)
        change.merged = {name: _instead(rows, copies) for name, rows in change.merged.items()}


def _read_along(field: Field, names: set[str]) -> bool:
    """Whether the default of a field reads along one of some links, of the record itself or of what is around it."""
    default: Expression | None = field.default
    if field.computed or default is None:
        return False
    read = {path.replace(PARENT, "") for path in (*default.paths, *default.rows)}
    return any("." in path and path.partition(".")[0] in names for path in read)


Copies = dict[int, tuple[Any, Any]]
"""Rows and what was made of them, by their identity, which none else has while they are kept."""


def _copied(value: Any, copies: Copies) -> Any:
    """Rows, and the rows in them, apart from what they were made of; anything else as it is."""
    if not isinstance(value, (list, tuple)):
        return value
    return [_copy(each, copies) if isinstance(each, Mapping) else each for each in value]


def _copy(row: Mapping[str, Any], copies: Copies) -> dict[str, Any]:
    found = {name: _copied(inner, copies) for name, inner in row.items()}
    copies[id(row)] = row, found
    return found


def _instead(value: Any, copies: Copies) -> Any:
    """Rows with the copies in place of what these were made of, however often they were copied."""
    if not isinstance(value, (list, tuple)):
        return value
    found = []
    for each in value:
        row = each
        while id(row) in copies:
            row = copies[id(row)][1]
        if row is each and isinstance(each, Mapping):
            row = {name: _instead(inner, copies) for name, inner in each.items()}
        found.append(row)
    return found
