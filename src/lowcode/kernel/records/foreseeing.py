"""What saving would refuse once it is written, said of what is only looked at: a form while it is filled in, the rows
of a file before they are brought in.

Checks of records above (`upheld`) are asked with the values these would have, worked out in memory; nothing is held and
nothing written. Rows that are looked at together are looked at as if those before them were saved. Decision 0213.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol
from uuid import uuid4

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.records import overlaps
from lowcode.kernel.records.completing import complete
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
Place = tuple[Above, str]
"""A record above, and one of its relations."""
Steps = dict[Hashable, tuple[RecordType, Values | None]]
"""What records below would be, each by what it is known by; None for one that would count there no longer."""
Rows = frozenset[tuple[str, frozenset[str]]]
"""Relations, and what is read of their records."""
Gathered = dict[Hashable, Values]
"""Records below as they would be so far, each by what it is known by, with what is read of them."""


@dataclass(slots=True)
class Stand:
    """How records above would stand, and what would have come to them, changed and gone of each of their relations."""

    facts: dict[Above, Values] = field(default_factory=dict)
    steps: dict[Place, Steps] = field(default_factory=dict)


class Before(Protocol):
    """What was looked at in parts before, and would be saved: kept where a part reads what it reaches."""

    def facts(self, above: Above) -> Values | None:
        """What a record above would be, as far as that is another than it is."""
        ...

    def steps(self, place: Place) -> Mapping[str, tuple[str, Values | None]]:
        """What its records of a relation would be, with their types, by what they are known by."""
        ...

    def ranges(self, key: tuple[Any, ...]) -> Sequence[tuple[Any, Any, int | None]]:
        """The ranges that are held of one thing."""
        ...


@dataclass(slots=True)
class Foreseen:
    """What has been looked at so far, and would be saved."""

    context: Context
    before: Before | None = None
    stand: Stand = field(default_factory=Stand)
    ranges: overlaps.Looked = field(default_factory=overlaps.Looked)
    rows: dict[Place, dict[frozenset[str], Gathered]] = field(default_factory=dict)
    """The records below that were asked for, by what is read of them: carried on with what is as good as saved, so
    that a row costs what it changes, and not what all before it changed."""
    new: Stand = field(default_factory=Stand)
    """What of it came in this part, where there were parts `before`."""
    met: set[Above | Place] = field(default_factory=set)
    """What was looked for in those."""

    def __post_init__(self) -> None:
        if self.before is not None:
            self.ranges.before = self.before.ranges

    def meet(self, above: Above) -> None:
        """Have a record above stand as the parts before left it."""
        if self.before is not None and above not in self.met:
            self.met.add(above)
            found = self.before.facts(above)
            if found:
                self.stand.facts[above] = {**found, **self.stand.facts.get(above, {})}

    def meet_below(self, place: Place) -> None:
        """Have its records of a relation be what the parts before made of them."""
        if self.before is None or place in self.met:
            return
        self.met.add(place)
        types: Mapping[str, RecordType] = self.context.host.types
        found: Steps = {
            int(key) if key.isdigit() else key: (types[name], values)
            for key, (name, values) in self.before.steps(place).items()
        }
        if found:
            self.stand.steps[place] = found | self.stand.steps.get(place, {})

    def against(self, plan: SavePlan, change: Change) -> tuple[Problem, ...]:
        """What records above and ranges of rows before have against a change that is otherwise right: of no other is it
        asked, or it would tell of records that whoever asks may not name."""
        facts_of = partial(with_facts, self.context, plan)
        problems = list(self.ranges.against(self.context, change, facts_of))
        trial = _Trial(self, Stand(), problems)
        if plan.watched and may_refuse(self.context, plan.record_type):
            identity = change.values.get("id")
            key: Below = plan.record_type, f"new {uuid4().hex}" if identity is None else identity
            trial.climb(key, plan.watched, change.before, change.values, None)
        if not problems:
            self._take(trial)
            self.ranges.keep(self.context, change, facts_of)
        return tuple(problems)

    def _take(self, trial: _Trial) -> None:
        """What was tried is as good as saved."""
        self.stand.facts |= trial.stand.facts
        if self.before is not None:
            self.new.facts |= trial.stand.facts
        for place, steps in trial.stand.steps.items():
            self.stand.steps.setdefault(place, {}).update(steps)
            if self.before is not None:
                self.new.steps.setdefault(place, {}).update(steps)
            for paths, listed in self.rows.get(place, {}).items():
                trial.put(listed, steps, paths)


@dataclass(frozen=True, slots=True)
class _Trial:
    """One change, up to the records at the top."""

    known: Foreseen
    stand: Stand
    problems: list[Problem]
    made: dict[tuple[int, frozenset[str]], tuple[Values, Values]] = field(default_factory=dict)
    """Records below with what is read of them beyond themselves, each looked for once."""

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
        record_type, key = below
        self.stand.steps.setdefault((above, watch.deltas.relation), {})[key] = record_type, pair[1]
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

    def _standing(self, parent: RecordType, above: Above, what: Refreshing) -> Values | None:
        """A record above as it would stand so far, with what is read of it but rows."""
        reads = frozenset(name for watch in what.watched for name in watch.reads) | {"id", "deleted_at"}
        paths = what.needs.paths | reads
        self.known.meet(above)
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
        found: dict[str, Any] = {}
        for relation, paths in asked:
            place = above, relation
            listed, steps = self._gathered(place, paths), self.stand.steps.get(place)
            found[relation] = list((self.put({**listed}, steps, paths) if steps else listed).values())
        return found

    def _gathered(self, place: Place, paths: frozenset[str]) -> Gathered:
        """Those of one relation after what is as good as saved; asked for once."""
        listed = self.known.rows.setdefault(place, {})
        if paths not in listed:
            self.known.meet_below(place)
            (name, identity), relation = place
            needs = Needs(frozenset(), frozenset({(relation, paths)}))
            rows = self.known.context.facts(name, [identity], [needs]).get(identity, {}).get(relation, ())
            standing = {row["id"]: row for row in rows}
            listed[paths] = self.put(standing, self.known.stand.steps.get(place, {}), paths)
        return listed[paths]

    def put(self, listed: Gathered, steps: Steps, paths: frozenset[str]) -> Gathered:
        """Put into a list what would come to it, change in it and go from it."""
        for key, (record_type, after) in steps.items():
            if after is None:
                listed.pop(key, None)
            else:
                listed[key] = self._whole(record_type, after, paths)
        return listed

    def _whole(self, record_type: RecordType, after: Values, paths: frozenset[str]) -> Values:
        """A record below with what is read of it."""
        if paths <= after.keys():
            return after
        known = self.made.get((id(after), paths))
        if known is None:  # with what it is made of, which keeps its identity from being given to another
            whole = complete(self.known.context, record_type, after, Needs(paths, frozenset()))
            known = self.made[id(after), paths] = after, whole
        return known[1]
