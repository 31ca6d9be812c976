"""`create`: make a record of a form, for instance a task, with its lines. `as` names it for later actions.

With `for_each`, one for each of other records: of a relation of this one, or of a form for which a condition holds.
Names in `values` then belong to each of those; `this` is the record the rule fires for, `this.stage` a field of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from pydantic import Field, model_validator

from lowcode.kernel.changes import Found, Lines, LinesOptions, Which, compile_lines, fields_of_this, this_record
from lowcode.kernel.changes.together import Refused, create, created
from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Name, Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Expression, Type
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.many import WhichOptions, compile_many
from lowcode.rules.batches.batch import begin, key_of, known
from lowcode.rules.told import plain


class CreateOptions(Part):
    """The form, and expressions by its fields."""

    form: str
    values: dict[str, ExpressionText] = Field(default_factory=dict)
    lines: dict[str, LinesOptions] = Field(default_factory=dict, description="Lines of the record, by their field.")
    as_: Name | None = Field(None, alias="as", description="The name later actions know the new record by.")
    for_each: WhichOptions | None = Field(
        None, description="One for each of these; names in `values` are theirs, `this` is this record."
    )

    @model_validator(mode="after")
    def _one_or_many(self) -> CreateOptions:
        if self.for_each is not None and (self.lines or self.as_):
            raise Unfit(
                "'for_each' makes many records: 'lines' and 'as' are for one",
                "for_each 会新建多条记录，lines 和 as 只用于新建一条",
            )
        return self


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to be made."""

    form: str
    values: Mapping[str, Any]
    known_as: str | None = None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"create": self.form, "values": plain(self.values)}

    def apply(self, firing: Firing) -> None:
        """Make it; blank values are left to the form's defaults."""
        given = {name: value for name, value in self.values.items() if value is not None}
        made = firing.context.ask("records.create", type=self.form, values=given)
        if self.known_as:
            firing.variables[self.known_as] = made["id"]


@dataclass(frozen=True, slots=True)
class NewRecords:
    """Records to be made, one for each of others; `rows` are theirs, as long as they are made at once."""

    action: CreateEachAction
    found: Found
    rows: Mapping[int, Mapping[str, Any]]
    named: Mapping[str, Any]
    batch: Mapping[str, Any]

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        many = self.found.total if self.found.in_pieces else [plain(values) for values in self.rows.values()]
        return {"create": self.action.target, "records": many, **self.batch}

    def apply(self, firing: Firing) -> None:
        """Make them, all or none; or in pieces."""
        if self.found.in_pieces:
            begin(firing, self.action, self.found, self.named)
        else:
            create(firing.context, self.action.target, list(self.rows), list(self.rows.values()))


@dataclass(frozen=True, slots=True)
class CreateEachAction:
    """A form, which records one is made for each of, and expressions over those."""

    target: str
    expressions: Mapping[str, Expression]
    which: Which
    kind: str = "create"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What is read of the record of the rule."""
        return self.which.needs

    def effect(self, firing: Firing) -> Effect:
        """The values of the new records; what they read is loaded for all at once."""
        found, named = self.which.found(firing), {**known(firing), **self.which.named(firing)}
        return NewRecords(self, found, self._rows(firing, found.ids, named), named, key_of(firing, found))

    def piece(
        self, firing: Firing, ids: Sequence[int], given: Mapping[str, Any], named: Mapping[str, Any]
    ) -> list[Refused]:
        """Make those of some of the others."""
        rows = self._rows(firing, ids, named)
        return created(firing.context, self.target, list(rows), list(rows.values()))

    def _rows(self, firing: Firing, ids: Sequence[int], named: Mapping[str, Any]) -> dict[int, dict[str, Any]]:
        if not ids:
            return {}
        facts = firing.context.facts(self.which.form, ids, list(self.expressions.values()))
        return {
            one: {
                name: written.evaluate(facts[one], firing.moment, **named) for name, written in self.expressions.items()
            }
            for one in ids
            if one in facts
        }


@dataclass(frozen=True, slots=True)
class CreateAction:
    """A form and expressions by its fields."""

    form: str
    expressions: Mapping[str, Expression]
    known_as: str | None
    lines: Mapping[str, Lines] = field(default_factory=dict)
    kind: str = "create"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its expressions read."""
        return (*self.expressions.values(), *(need for each in self.lines.values() for need in each.needs))

    def effect(self, firing: Firing) -> Effect:
        """The values of the new record."""
        lines = {name: each.made(firing) for name, each in self.lines.items()}
        return NewRecord(self.form, firing.values(self.expressions) | lines, self.known_as)


class CreateKind:
    """The kind `create`."""

    name = "create"
    options = CreateOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: CreateOptions, site: Site) -> Action | None:
        """The form must exist, and every expression fit its field."""
        if not site.knows("form", options.form, "/form"):
            return None
        if options.for_each is not None:
            return _for_each(options, options.for_each, site)
        values = site.values(options.values, options.form, "/values")
        lines = compile_lines(options.lines, options.form, site)
        if options.as_:
            site.variables[options.as_] = Type("record", record=options.form)
        if values is None or lines is None:
            return None
        return CreateAction(options.form, values, options.as_, lines)


def _for_each(options: CreateOptions, each: WhichOptions, site: Site) -> Action | None:
    which = compile_many(each, replace(site, pointer=f"{site.pointer}/for_each"))
    if which is None:
        return None
    values = site.values(
        options.values, options.form, "/values", of=which.form, more={**site.variables, **this_record(site)}
    )
    if values is None:
        return None
    read = set(which.of_this) | set(fields_of_this(*values.values()))
    return CreateEachAction(options.form, values, replace(which, of_this=tuple(sorted(read))))


CREATE = CreateKind()
