"""A record as it was at an instant, put together from what is stored: its values now, its history, and the records
around it with the instant each was made. Pure.

What history does not keep (fields without history, records linked to, later edits of the records around it) is taken as
it is now; `assumed` names it, so that nobody takes a replay for more than it is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Moment
    from lowcode.kernel.records.plan import RecordType

Facts = Mapping[str, Any]
MADE = "created_at"


@dataclass(frozen=True)
class Entry:
    """One save of a record: when, by whom, and each changed field with its value before and after."""

    at: datetime
    kind: str
    version: int
    actor: int | None
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Lifetime:
    """One record with its past. `now` holds its values and the rows around it as they are; entries are in order."""

    record_type: RecordType
    identity: int
    now: Facts
    entries: Sequence[Entry]

    @cached_property
    def versions(self) -> tuple[Facts, ...]:
        """The own values after each entry."""
        found: list[Facts] = []
        values = dict(self.now)
        for entry in reversed(self.entries):
            found.append(dict(values))
            for name, (before, _) in entry.changes.items():
                values[name] = before
        return tuple(reversed(found))

    @cached_property
    def _times(self) -> list[datetime]:
        return [each.at for each in self.entries]

    def lived(self, at: datetime) -> bool:
        """Whether the record was there at an instant."""
        made = self.now.get(MADE)
        gone = self.now.get("deleted_at")
        return (made is None or made <= at) and (gone is None or gone > at)

    def own(self, at: datetime) -> Facts:
        """The own values at an instant."""
        index = bisect_right(self._times, at)
        if index == 0:
            return self.versions[0] if self.versions else self.now
        return self.versions[index - 1]

    def as_of(self, at: datetime, moment: Moment, own: Facts | None = None) -> dict[str, Any]:
        """Everything as it was at an instant: own values, the rows made until then, and what is computed of both."""
        facts = {**self.now, **(own if own is not None else self.own(at))}
        for name, rows in self.now.items():
            if isinstance(rows, list) and rows and isinstance(rows[0], Mapping) and MADE in rows[0]:
                facts[name] = [row for row in rows if row[MADE] is None or row[MADE] <= at]
        _Computing(self.record_type, facts, moment).all()
        return facts

    def turning_points(self, relations: Iterable[str]) -> list[datetime]:
        """The instants at which something about it changed: its saves, and the making of rows around it."""
        found = set(self._times)
        for relation in relations:
            found |= {row[MADE] for row in self.now.get(relation) or () if row.get(MADE) is not None}
        return sorted(found)


class _Computing:
    """Computed fields of a record, each after those it reads."""

    def __init__(self, record_type: RecordType, facts: dict[str, Any], moment: Moment) -> None:
        self.fields = record_type.fields
        self.facts, self.moment = facts, moment
        self.done: set[str] = set()

    def all(self) -> None:
        for name in [name for name in self.facts if name in self.fields]:
            self.one(name)

    def one(self, name: str) -> None:
        field = self.fields.get(name)
        if field is None or field.expression is None or name in self.done:
            return
        self.done.add(name)
        for path in field.expression.paths:
            self.one(path)
        known = field.expression.paths <= self.facts.keys() and field.expression.rows.keys() <= self.facts.keys()
        if known:
            self.facts[name] = field.expression.evaluate(self.facts, self.moment)


def closure(record_type: RecordType, paths: Iterable[str], rows: Mapping[str, Iterable[str]]) -> tuple[
    frozenset[str], dict[str, frozenset[str]]
]:  # fmt: skip
    """All that must be known to compute some paths anew: what computed fields read, down to what is stored; of every
    row around the record also when it was made."""
    found: set[str] = set()
    made = {name: {MADE} for name in record_type.relations}
    relations: dict[str, set[str]] = {name: {*each, *made.get(name, ())} for name, each in rows.items()}
    waiting = list(paths)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        field = record_type.fields.get(path)
        if field is not None and field.expression is not None:
            waiting.extend(field.expression.paths)
            for name, children in field.expression.rows.items():
                relations.setdefault(name, set(made.get(name, ()))).update(children)
    return frozenset(found), {name: frozenset(each) for name, each in relations.items()}


def assumed(record_type: RecordType, paths: Iterable[str], relations: Iterable[str]) -> list[str]:
    """What a replay takes as it is now, because the past of it is not stored."""
    found = []
    for path in sorted(paths):
        field = record_type.fields.get(path)
        if "." in path or (field is not None and not field.options.history and field.expression is None):
            found.append(path)
    return [*found, *sorted(relations)]
