"""`refuse`: do not let the save happen, and say why. Only in the phase before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.kernel.definitions.documents import Part, Template
from lowcode.kernel.diagnostics import Problem, Text
from lowcode.kernel.texts import TextTemplate
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.told import plain


class RefuseOptions(Part):
    """The words for the person, and the field they are shown at."""

    message: Template
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason why the save is refused."""

    code: str
    message: Text
    field: str | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"refuse": plain(self.message), "field": self.field}

    def apply(self, firing: Firing) -> None:
        """Put the problem on the save, which then does not happen."""
        if firing.change is not None:
            firing.change.problems.append(self.problem)

    @property
    def problem(self) -> Problem:
        """The refusal as the person is told it."""
        return Problem(self.code, self.message, f"/{self.field}" if self.field else "")


@dataclass(frozen=True, slots=True)
class RefuseAction:
    """A message, and the field it is shown at."""

    code: str
    message: TextTemplate
    field: str | None
    kind: str = "refuse"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its message reads."""
        return self.message.expressions

    def effect(self, firing: Firing) -> Effect:
        """The message with this record's values."""
        return Refusal(self.code, firing.words(self.message), self.field)


class RefuseKind:
    """The kind `refuse`."""

    name = "refuse"
    options = RefuseOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"before"})

    def compile(self, options: RefuseOptions, site: Site) -> Action | None:
        """The field, when one is named, must exist."""
        shape = site.scope.shapes.records.get(site.form or "")
        if options.field and shape is not None and options.field not in shape.fields:
            site.refuse("unknown-field", "/field", seen=options.field, form=site.form, known=list(shape.fields))
            return None
        return RefuseAction(f"rules.{site.source.name}", site.template(options.message, "/message"), options.field)


REFUSE = RefuseKind()
