"""`assign`: give the record to somebody: by a decision table, else in turn, else to who has least to do.

People who are away or no longer active are passed over. The pool's row is locked from the choice to the commit, so two
records that arrive at the same instant never count the same turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.expressions import Expression
from lowcode.kernel.identity import org
from lowcode.rules.actions.kind import Action, Effect, Firing, Site, plain
from lowcode.rules.assignment import Choice, least_load, round_robin
from lowcode.rules.decisions.decide import decide_record
from lowcode.rules.decisions.table import DecisionTable
from lowcode.rules.people import Person, PersonDocument, compile_person, identity_of, needs_of_people, resolve
from lowcode.rules.selecting import count_by
from lowcode.rules.turns import given, lock, peek


class AmongDocument(Part):
    """The people who may be chosen: a role (perhaps of one department), or named people."""

    role: str | None = None
    department: ExpressionText | None = None
    users: list[str] | None = None

    @model_validator(mode="after")
    def _one(self) -> AmongDocument:
        if (self.role is None) == (self.users is None):
            raise ValueError("'among' names either a 'role' or 'users'")
        return self


class LoadDocument(Part):
    """What counts as load: the records of a form that a person has and for which a condition holds."""

    form: str
    where: ExpressionText | None = None
    field: str = "owner"


class AssignOptions(Part):
    """Which field gets whom."""

    field: str = "owner"
    table: str | None = None
    output: str | None = None
    strategy: Literal["round_robin", "least_load"] = "round_robin"
    among: AmongDocument | None = None
    load: LoadDocument | None = None
    pool: str | None = Field(None, description="Rules that name the same pool share its turns.")

    @model_validator(mode="after")
    def _somebody(self) -> AssignOptions:
        if self.table is None and self.among is None:
            raise ValueError("'assign' needs a 'table', people 'among' whom to choose, or both")
        return self


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who gets the record, and why."""

    field: str
    choice: Choice
    pool: str | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {
            "assign": self.choice.user,
            "field": self.field,
            "reason": self.choice.reason,
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
        if self.pool is not None:
            given(firing.context.unit, self.pool, self.choice.user)


@dataclass(frozen=True, slots=True)
class Load:
    """What counts as load, compiled."""

    form: str
    field: str
    where: Expression | None


@dataclass(frozen=True, slots=True)
class AssignAction:
    """How somebody is found."""

    field: str
    table: DecisionTable | None
    output: str
    strategy: Literal["round_robin", "least_load"]
    among: tuple[Person, ...]
    load: Load | None
    pool: str
    kind: str = "assign"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What the table and the people's expressions read."""
        return (*(self.table.needs if self.table else ()), *needs_of_people(self.among))

    def effect(self, firing: Firing) -> Effect:
        """Ask the table, then the strategy."""
        passed: dict[int, str] = {}
        if self.table is not None:
            decision = decide_record(self.table, firing.facts, firing.moment)
            user = identity_of(firing.context, decision.outputs.get(self.output))
            if user is not None and self._available(firing, user, passed):
                rows = ", ".join(map(str, decision.rows))
                return Assignment(self.field, Choice(user, f"table {self.table.name}, row {rows}", passed), None)
        people = [each for each in resolve(self.among, firing) if self._available(firing, each, passed)]
        if not people:
            return Assignment(self.field, Choice(None, "nobody is there", passed), None)
        last = self._last(firing)
        if self.strategy == "round_robin":
            choice = Choice(round_robin(people, last), "in turn", passed)
        else:
            loads = self._loads(firing, people)
            choice = Choice(least_load(people, loads, last), "least load", passed, loads)
        return Assignment(self.field, choice, self.pool)

    def _available(self, firing: Firing, user: int, passed: dict[int, str]) -> bool:
        found = org.user(firing.context, user)
        if found is None or not found.active:
            passed[user] = "no longer active"
        elif org.absent(firing.context, user):
            passed[user] = "away"
        return user not in passed

    def _last(self, firing: Firing) -> int | None:
        """Who had the last turn; unless this is a simulation the pool's row is locked from here on."""
        unit = firing.context.unit
        return peek(unit, self.pool) if firing.simulated else lock(unit, self.pool)

    def _loads(self, firing: Firing, people: list[int]) -> dict[int, int]:
        load = self.load or Load(firing.rule.form or "", self.field, None)
        key = (firing.rule.name, load.form, load.field, load.where.text if load.where else "")
        return count_by(firing.context, key, load.form, load.field, load.where, people)


class AssignKind:
    """The kind `assign`."""

    name = "assign"
    options = AssignOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: AssignOptions, site: Site) -> Action | None:
        """The field must hold a person, the table must answer one, and the people must be known."""
        shape = site.field(site.form, options.field, "/field")
        if shape is None:
            return None
        if shape.type.target != "user":
            site.refuse("not-a-person", "/field", seen=options.field, type=str(shape.type))
            return None
        table, output = self._table(options, site)
        people = self._among(options, site)
        load = self._load(options.load, site)
        if (options.table and table is None) or (options.among and people is None):
            return None
        pool = options.pool or f"{site.source.name}:{options.field}"
        return AssignAction(options.field, table, output, options.strategy, people or (), load, pool)

    def _table(self, options: AssignOptions, site: Site) -> tuple[DecisionTable | None, str]:
        if options.table is None or not site.knows("table", options.table, "/table"):
            return None, ""
        table = site.tables.get(options.table)
        if table is None:
            return None, ""
        names = [each.name for each in table.outputs]
        if options.output is not None and options.output not in names:
            site.refuse("unknown-output", "/output", seen=options.output, table=table.name, known=names)
            return None, ""
        if table.form not in (None, site.form):
            site.refuse("table-of-another-form", "/table", seen=table.name, form=table.form, expected=site.form)
            return None, ""
        return table, options.output or names[0]

    def _among(self, options: AssignOptions, site: Site) -> tuple[Person, ...] | None:
        if options.among is None:
            return ()
        among = options.among
        if among.users is not None:
            documents = [PersonDocument(user=login) for login in among.users]
        else:
            documents = [PersonDocument(role=among.role, department=among.department)]
        people = [compile_person(each, site, "/among") for each in documents]
        return tuple(each for each in people if each is not None) if all(people) else None

    def _load(self, load: LoadDocument | None, site: Site) -> Load | None:
        if load is None or not site.knows("form", load.form, "/load/form"):
            return None
        where = None
        if load.where is not None:
            where = site.expression(load.where, "/load/where", form=load.form)
        return Load(load.form, load.field, where)


ASSIGN = AssignKind()
