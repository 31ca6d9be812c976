"""`create`: make a record of a form, for instance a task, with its lines. `as` names it for later actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Name, Part
from lowcode.kernel.expressions import Expression, Type
from lowcode.rules.actions.kind import Action, Effect, Firing, Site, plain
from lowcode.rules.actions.lines import Lines, LinesOptions, compile_lines


class CreateOptions(Part):
    """The form, and expressions by its fields."""

    form: str
    values: dict[str, ExpressionText] = Field(default_factory=dict)
    lines: dict[str, LinesOptions] = Field(default_factory=dict, description="Lines of the record, by their field.")
    as_: Name | None = Field(None, alias="as", description="The name later actions know the new record by.")


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
        values = site.values(options.values, options.form, "/values")
        lines = compile_lines(options.lines, options.form, site)
        if options.as_:
            site.variables[options.as_] = Type("record", record=options.form)
        if values is None or lines is None:
            return None
        return CreateAction(options.form, values, options.as_, lines)


CREATE = CreateKind()
