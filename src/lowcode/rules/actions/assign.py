"""`assign`: give the record to somebody: who had it before, whom a decision table says, in turn, by weight, or to who
has least to do; among those who are there, have the skill and are not full. `assigning` finds them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field, model_validator

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Type
from lowcode.rules.actions.kind import Action, Site
from lowcode.rules.assigning import AssignAction, Capacity, Load, Skill
from lowcode.rules.decisions.table import DecisionTable
from lowcode.rules.people import Person, PersonDocument, compile_person


class AmongDocument(Part):
    """The people who may be chosen: a role (perhaps of one department), or named people."""

    role: str | None = None
    department: ExpressionText | None = None
    users: list[str] | None = None

    @model_validator(mode="after")
    def _one(self) -> AmongDocument:
        if (self.role is None) == (self.users is None):
            raise Unfit("'among' names either a 'role' or 'users'", "among 中只能写 role 或 users 之一")
        return self


class LoadDocument(Part):
    """What counts as load: the records of a form that a person has and for which a condition holds."""

    form: str
    where: ExpressionText | None = None
    field: str = "owner"


class SkillDocument(Part):
    """Who can do it: people named in a field of a form's records, of which another field has the value asked for."""

    form: str
    person: str = Field(description="The field of the form that names the person.")
    field: str = Field(description="The field of the form that names the skill.")
    value: ExpressionText = Field(description="The skill the record asks for; blank asks for none.")


class CapacityDocument(Part):
    """How much load a person may have; `people` gives some a number of their own, by login."""

    most: int = Field(ge=0)
    people: dict[str, int] = Field(default_factory=dict)


class AssignOptions(Part):
    """Which field gets whom."""

    field: str = "owner"
    sticky: list[str | PersonDocument] = Field(
        default_factory=list, description="People who get it before all others when they are available."
    )
    table: str | None = None
    output: str | None = None
    strategy: Literal["round_robin", "least_load", "weighted"] = "round_robin"
    among: AmongDocument | None = None
    weights: dict[str, int] = Field(
        default_factory=dict, description="For 'weighted': shares by login; who is not named has 1, 0 gets none."
    )
    load: LoadDocument | None = None
    capacity: CapacityDocument | None = None
    skill: SkillDocument | None = None
    exclude: list[str | PersonDocument] = Field(default_factory=list, description="People who do not get it.")
    otherwise: list[str | PersonDocument] = Field(
        default_factory=list, description="Who gets it when nobody else is available; else it stays where it is."
    )
    pool: str | None = Field(None, description="Rules that name the same pool share its turns.")

    @model_validator(mode="after")
    def _somebody(self) -> AssignOptions:
        if self.table is None and self.among is None and not self.sticky:
            raise Unfit(
                "'assign' needs a 'table', people 'among' whom to choose, or 'sticky' people",
                "分配需要决策表 table、候选人 among 或固定负责人 sticky",
            )
        if self.weights and self.strategy != "weighted":
            raise Unfit("'weights' serve the strategy 'weighted'", "weights 只用于策略 weighted")
        if any(each < 0 for each in self.weights.values()):
            raise Unfit("a weight is 0 or more", "权重不能小于 0")
        return self


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
            site.refuse("not-a-person", "/field", seen=options.field, type=shape.type.text)
            return None
        table, output = self._table(options, site)
        people = self._among(options, site)
        load = self._load(options.load, site)
        skill = self._skill(options.skill, site)
        named = [self._people(getattr(options, each), site, f"/{each}") for each in ("sticky", "exclude", "otherwise")]
        if (
            (options.table and table is None)
            or (options.among and people is None)
            or (options.skill and skill is None)
            or any(each is None for each in named)
        ):
            return None
        sticky, exclude, otherwise = (each or () for each in named)
        capacity = options.capacity
        return AssignAction(
            field=options.field,
            table=table,
            output=output,
            strategy=options.strategy,
            among=people or (),
            load=load,
            pool=options.pool or f"{site.source.name}:{options.field}",
            sticky=sticky,
            exclude=exclude,
            otherwise=otherwise,
            weights=options.weights,
            capacity=Capacity(capacity.most, capacity.people) if capacity is not None else None,
            skill=skill,
        )

    def _people(
        self, written: list[str | PersonDocument], site: Site, below: str
    ) -> tuple[Person, ...] | None:  # fmt: skip
        people = [compile_person(each, site, f"{below}/{at}") for at, each in enumerate(written)]
        found = tuple(each for each in people if each is not None)
        return found if len(found) == len(people) else None

    def _skill(self, written: SkillDocument | None, site: Site) -> Skill | None:
        if written is None or not site.knows("form", written.form, "/skill/form"):
            return None
        fields: Mapping[str, Any] = site.scope.shapes.records[written.form].fields
        for what in ("person", "field"):
            name = getattr(written, what)
            if name not in fields:
                site.refuse("unknown-field", f"/skill/{what}", seen=name, form=written.form, known=list(fields))
                return None
        person = fields[written.person].type
        if person.target != "user":
            site.refuse("not-a-person", "/skill/person", seen=written.person, type=person.text)
            return None
        asked: Type = fields[written.field].type
        value = site.expression(written.value, "/skill/value", expect=asked)
        return Skill(written.form, written.person, written.field, value) if value is not None else None

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
