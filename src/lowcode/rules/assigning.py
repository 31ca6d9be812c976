"""Finding somebody for a record: sticky people first, then a decision table, then a strategy among those who are there.

Who is away, no longer active, over capacity or excluded is passed over, and the reason is kept. When nobody is left,
those named for that case are asked; else the record stays where it is, which is the queue. The pool's row is locked
from the choice to the commit, so two records that arrive at the same instant never count the same turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as having
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Expression
from lowcode.kernel.identity import org
from lowcode.kernel.records.selecting import everything
from lowcode.rules import reasons
from lowcode.rules.assignment import Choice, Strategy, Turns, choose
from lowcode.rules.decisions.decide import decide_record
from lowcode.rules.decisions.table import DecisionTable
from lowcode.rules.people import Person, identity_of, needs_of_people, resolve
from lowcode.rules.selecting import count_by
from lowcode.rules.told import plain
from lowcode.rules.turns import given, lock, owed, peek

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context
    from lowcode.rules.actions.kind import Effect, Firing


STRATEGIES: Mapping[Strategy, Text] = {
    "round_robin": reasons.IN_TURN, "least_load": reasons.LEAST_LOAD, "weighted": reasons.BY_WEIGHT,
}  # fmt: skip
"""Why somebody is chosen by each."""


@dataclass(frozen=True, slots=True)
class Load:
    """What counts as load: the records of a form that a person has and for which a condition holds."""

    form: str
    field: str
    where: Expression | None


@dataclass(frozen=True, slots=True)
class Skill:
    """Who can do it: people with a record of a form in which a field has the value asked for."""

    form: str
    person: str
    field: str
    value: Expression


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much load a person may have before they are passed over."""

    most: int
    by_login: Mapping[str, int] = having(default_factory=dict)


@dataclass(slots=True)
class Rehearsal:
    """What a simulation remembers instead of writing it: turns by pool, and what each person has been given."""

    turns: dict[str, Turns] = having(default_factory=dict)
    given: dict[int, int] = having(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who gets the record, and why."""

    field: str
    choice: Choice
    pool: str | None
    turns: Turns | None = None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {
            "assign": self.choice.user,
            "field": self.field,
            "reason": plain(self.choice.reason),
            "passed_over": plain(self.choice.passed_over),
            "loads": plain(self.choice.loads),
        }

    def apply(self, firing: Firing) -> None:
        """Give it, and count the turn; when there is nobody the record stays where it is."""
        if self.choice.user is None:
            return
        values = {self.field: self.choice.user}
        if firing.change is not None:
            firing.change.values.update(values)
        else:
            firing.context.ask("records.update", type=firing.rule.form, id=firing.record_id, values=values)
        firing.keep(values)
        if self.pool is not None and self.turns is not None:
            given(firing.context.unit, self.pool, self.choice.user, self.turns.owed)


@dataclass(frozen=True, slots=True)
class AssignAction:
    """How somebody is found."""

    field: str
    table: DecisionTable | None
    output: str
    strategy: Strategy
    among: tuple[Person, ...]
    load: Load | None
    pool: str
    sticky: tuple[Person, ...] = ()
    exclude: tuple[Person, ...] = ()
    otherwise: tuple[Person, ...] = ()
    weights: Mapping[str, int] = having(default_factory=dict)
    capacity: Capacity | None = None
    skill: Skill | None = None
    kind: str = "assign"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What the table and the people's expressions read."""
        people = (*self.among, *self.sticky, *self.exclude, *self.otherwise)
        skill = (self.skill.value,) if self.skill is not None else ()
        return (*(self.table.needs if self.table else ()), *needs_of_people(people), *skill)

    def effect(self, firing: Firing) -> Effect:
        """Those who had it before, then the table, then the strategy, then whoever is named for want of others."""
        return self.rehearsed(firing, None)

    def rehearsed(self, firing: Firing, rehearsal: Rehearsal | None) -> Assignment:
        """The same; with a rehearsal, turns and loads go on from what it remembers."""
        looking = _Looking(self, firing, rehearsal)
        found = looking.first(resolve(self.sticky, firing), reasons.HAD_BEFORE)
        if found is None and self.table is not None:
            found = looking.by_table(self.table)
        if found is not None:
            return Assignment(self.field, found, None)
        people = looking.available(resolve(self.among, firing))
        if people:
            return looking.by_strategy(people)
        found = looking.first(resolve(self.otherwise, firing), reasons.NOBODY_ELSE, strict=False)
        return Assignment(self.field, found or Choice(None, reasons.NOBODY, looking.passed), None)


class _Looking:
    """One search for somebody; what it finds out on the way is kept for the log."""

    def __init__(self, action: AssignAction, firing: Firing, rehearsal: Rehearsal | None) -> None:
        self.action, self.firing, self.rehearsal = action, firing, rehearsal
        self.passed: dict[int, Text] = {}
        self.excluded = frozenset(resolve(action.exclude, firing))
        self.loads: dict[int, int] = {}

    def first(self, people: Iterable[int], reason: Text, *, strict: bool = True) -> Choice | None:
        """The first of some people who is available."""
        there = self.available(list(people), strict=strict)
        return Choice(there[0], reason, dict(self.passed), dict(self.loads)) if there else None

    def by_table(self, table: DecisionTable) -> Choice | None:
        """The person a decision table answers, when they are available."""
        decision = decide_record(table, self.firing.facts, self.firing.moment)
        user = identity_of(self.firing.context, decision.outputs.get(self.action.output))
        if user is None:
            return None
        rows = ", ".join(map(str, decision.rows))
        return self.first([user], reasons.filled(reasons.BY_TABLE, table=table.name, rows=rows))

    def by_strategy(self, people: list[int]) -> Assignment:
        """One of some people by the strategy of the action."""
        action = self.action
        turns = self._turns()
        if action.strategy == "least_load":
            self._load(people)
        weights = self._weights(people) if action.strategy == "weighted" else {}
        chosen = choose(action.strategy, people, turns, self.loads, weights)
        return Assignment(
            action.field, Choice(chosen, STRATEGIES[action.strategy], self.passed, dict(self.loads)), action.pool, turns
        )

    def available(self, people: list[int], *, strict: bool = True) -> list[int]:
        """Those of some people who can be given a record now. Not strict: skill and capacity do not count."""
        there = [each for each in people if self._present(each)]
        skill, capacity = self.action.skill, self.action.capacity
        if strict and skill is not None and there:
            able = skilled(self.firing, skill, self.firing.value(skill.value))
            self.passed.update({each: reasons.LACKS_SKILL for each in there if each not in able})
            there = [each for each in there if each in able]
        if strict and capacity is not None and there:
            self._load(there)
            full = {each for each in there if self.loads.get(each, 0) >= self._most(capacity, each)}
            self.passed.update({each: reasons.filled(reasons.FULL, count=self.loads.get(each, 0)) for each in full})
            there = [each for each in there if each not in full]
        return there

    def _present(self, user: int) -> bool:
        context = self.firing.context
        found = org.user(context, user)
        if found is None or not found.active:
            self.passed[user] = reasons.NOT_ACTIVE
        elif user in self.excluded:
            self.passed[user] = reasons.EXCLUDED
        elif org.absent(context, user):
            self.passed[user] = reasons.AWAY
        return user not in self.passed

    def _most(self, capacity: Capacity, user: int) -> int:
        found = org.user(self.firing.context, user)
        return capacity.by_login.get(found.login if found else "", capacity.most)

    def _weights(self, people: Iterable[int]) -> dict[int, int]:
        found = {each: org.user(self.firing.context, each) for each in people}
        return {each: self.action.weights.get(user.login, 1) for each, user in found.items() if user is not None}

    def _turns(self) -> Turns:
        """Whose turn it is; unless this is a simulation the pool's row is locked from here on."""
        unit, pool = self.firing.context.unit, self.action.pool
        if self.rehearsal is not None:
            if pool not in self.rehearsal.turns:
                self.rehearsal.turns[pool] = Turns(peek(unit, pool), owed(unit, pool))
            return self.rehearsal.turns[pool]
        last = peek(unit, pool) if self.firing.simulated else lock(unit, pool)
        return Turns(last, owed(unit, pool) if self.action.strategy == "weighted" else {})

    def _load(self, people: list[int]) -> None:
        missing = [each for each in people if each not in self.loads]
        if not missing:
            return
        rule, action = self.firing.rule, self.action
        load = action.load or Load(rule.form or "", action.field, None)
        key = (rule.name, load.form, load.field, load.where.text if load.where else "")
        counted = count_by(self.firing.context, key, load.form, load.field, load.where, missing)
        more = self.rehearsal.given if self.rehearsal is not None else {}
        self.loads.update({each: counted.get(each, 0) + more.get(each, 0) for each in missing})


def skilled(firing: Firing, skill: Skill, value: Any) -> frozenset[int]:
    """The people with a skill; everybody has the skill that is not asked for (a blank value)."""
    context: Context = firing.context
    host: Any = context.host
    if value is None:
        return frozenset(org.directory(context).users)

    def build() -> sa.Select[Any]:
        joins, conditions = everything(context, skill.form)
        column = joins.column(skill.field)
        conditions.append(column == sa.bindparam("skill_value", type_=column.type))
        return sa.select(joins.column(skill.person).label("person")).select_from(joins.origin).where(*conditions)

    statement = host.cached(("rules", "skill", skill.form, skill.person, skill.field), build)
    values = context.moment().parameters(host.database.dialect_name)
    return frozenset(
        row["person"] for row in context.unit.fetch(statement, skill_value=value, **values) if row["person"] is not None
    )
