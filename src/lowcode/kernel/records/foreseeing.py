"""What saving would refuse once it is written, said of what is only looked at: a form while it is filled in, the rows
of a file before they are brought in.

Checks of records above (`upheld`) are asked with the values these would have, worked out in memory; nothing is held and
nothing written. Rows that are looked at together are looked at as if those before them were saved. Decision 0213.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import Any

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.records import overlaps
from lowcode.kernel.records.completing import complete, lacks
from lowcode.kernel.records.deltas import Pair, told_by
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.rollups import Refreshing, Watch, above_of, place_of, read_over, refreshing, touches
from lowcode.kernel.records.rounding import rounded
from lowcode.kernel.records.save import SavePlan, with_facts
from lowcode.kernel.records.upheld import NotUpheld, may_refuse, uphold

Values = Mapping[str, Any]
Above = tuple[str, int]
"""A record above: its type and its id."""
Below = tuple[RecordType, Hashable]
"""A record below: its type, and what it is known by."""
Steps = dict[Hashable, tuple[RecordType, Pair]]
"""What records below were at first and would be at last, each by what it is known by."""
Rows = frozenset[tuple[str, frozenset[str]]]
"""Relations, and what is read of their records."""


@dataclass(slots=True)
class Stand:
    """How records above would stand, and what would have come to them, changed and gone of each of their relations."""

    facts: dict[Above, Values] = field(default_factory=dict)
    steps: dict[tuple[Above, str], Steps] = field(default_factory=dict)

    def take(self, other: Stand) -> None:
        """What was tried is as good as saved."""
        self.facts |= other.facts
        for place, steps in other.steps.items():
            self.steps.setdefault(place, {}).update(steps)


@dataclass(slots=True)
class Foreseen:
    """What has been looked at so far, and would be saved."""

    context: Context
    stand: Stand = field(default_factory=Stand)
    ranges: overlaps.Looked = field(default_factory=overlaps.Looked)
    rows: dict[tuple[Above, Rows], Values] = field(default_factory=dict)
    """Records below as they are in the database."""

    def against(self, plan: SavePlan, change: Change) -> tuple[Problem, ...]:
        """What records above and ranges of rows before have against a change that is otherwise right."""
        facts_of = partial(with_facts, self.context, plan)
        problems = list(self.ranges.against(self.context, change, facts_of))
        stand = Stand()
        if plan.watched and may_refuse(self.context, plan.record_type):
            trial = _Trial(self, stand, problems)
            identity = change.values.get("id")
            key: Below = plan.record_type, object() if identity is None else identity
            trial.climb(key, plan.watched, change.before, change.values, None)
        if not problems and not change.problems:
            self.stand.take(stand)
            self.ranges.keep(self.context, change, facts_of)
        return tuple(problems)


@dataclass(frozen=True, slots=True)
class _Trial:
    """One change, up to the records at the top."""

    known: Foreseen
    stand: Stand
    problems: list[Problem]

    def climb(
        self, below: Below, watched: Sequence[Watch], before: Values | None, values: Values, at: str | None
    ) -> None:  # fmt: skip
        """What follows a record that would be another one, and has something against it. `at`: where that is said."""
        for watch in watched:
            if before is not None and not touches(watch, before, values):
                continue
            for above, pair in above_of(self.known.context, watch, before, values):
                self._follow(below, watch, above, pair, place_of(watch) if at is None else at)

    def _follow(self, below: Below, watch: Watch, identity: int, pair: Pair, at: str) -> None:
        context, parent, above = self.known.context, watch.parent, (watch.parent.name, identity)
        what = refreshing(context, parent, watch.fields, held=True)
        stands = self._standing(parent, above, what)
        if stands is None:
            return
        asked = read_over(parent, what.checks).rows if what.rows_asked else frozenset()
        before = {**stands, **self._rows(above, asked)}
        self._step(below, (above, watch.deltas.relation), pair)
        values = self._values(watch, what, stands, pair, asked)
        changed = {name: values[name] for name in what.own if values[name] != stands[name]}
        if not changed or stands.get("deleted_at") is not None:
            return
        try:
            uphold(context, parent, what.checks, before, values, at)
        except NotUpheld as broken:
            self.problems.extend(broken.problems)
        self.stand.facts[above] = {**stands, **changed}
        self.climb((parent, identity), what.watched, before, values, at)

    def _step(self, below: Below, place: tuple[Above, str], pair: Pair) -> None:
        """Keep what a record below was at first and is at last."""
        record_type, key = below
        first = next((one.steps[place][key][1][0] for one in (self.known.stand, self.stand)
                      if key in one.steps.get(place, ())), pair[0])  # fmt: skip
        self.stand.steps.setdefault(place, {})[key] = record_type, (first, pair[1])

    def _standing(self, parent: RecordType, above: Above, what: Refreshing) -> Values | None:
        """A record above as it would stand so far, with what is read of it but rows."""
        reads = frozenset(name for watch in what.watched for name in watch.reads) | {"id", "deleted_at"}
        paths = what.needs.paths | reads
        known: Values = {**self.known.stand.facts.get(above, {}), **self.stand.facts.get(above, {})}
        missing = paths - known.keys()
        if missing:
            found = self.known.context.facts(parent.name, [above[1]], [Needs(missing, frozenset())]).get(above[1])
            if found is None:
                return None
            known = {**found, **known}
            self.known.stand.facts[above] = {**found, **self.known.stand.facts.get(above, {})}
        return known

    def _values(self, watch: Watch, what: Refreshing, stands: Values, pair: Pair, asked: Rows) -> dict[str, Any]:
        """What the record above would be, with the rows its checks read (`asked`)."""
        parent, moment = watch.parent, self.known.context.moment()
        told = told_by(watch.deltas, stands, [pair], moment) if watch.deltas.fields else {}
        expressions = {each.name: each.expression for each in what.fields if each.expression is not None}
        left = needs_of(each for name, each in expressions.items() if name not in told).rows
        values = {
            **stands,
            **self._rows((parent.name, stands["id"]), needs_of([Needs(frozenset(), asked | left)]).rows),
        }
        for each in what.fields:
            one = told[each.name] if each.name in told else expressions[each.name].evaluate(values, moment)
            values[each.name] = rounded(each, one)
        return values

    def _rows(self, above: Above, asked: Rows) -> Values:
        """The records below as they would be so far."""
        if not asked:
            return {}
        (name, identity), key = above, (above, asked)
        if key not in self.known.rows:
            needs = Needs(frozenset(), asked)
            self.known.rows[key] = self.known.context.facts(name, [identity], [needs]).get(identity, {})
        found = {**self.known.rows[key]}
        for relation, paths in asked:
            place = above, relation
            both = (one.steps.get(place, {}) for one in (self.known.stand, self.stand))
            steps: Steps = dict(chain.from_iterable(each.items() for each in both))
            if steps:
                found[relation] = list(self._changed(found.get(relation, ()), steps.values(), paths))
        return found

    def _changed(
        self, rows: Iterable[Values], steps: Iterable[tuple[RecordType, Pair]], paths: frozenset[str]
    ) -> Iterator[Values]:  # fmt: skip
        listed, needs = list(steps), Needs(paths, frozenset())
        gone = {one["id"] for _, pair in listed for one in pair if one is not None and one.get("id") is not None}
        yield from (each for each in rows if each["id"] not in gone)
        for record_type, (_, after) in listed:
            if after is not None:
                yield complete(self.known.context, record_type, after, needs) if lacks([after], paths) else after
