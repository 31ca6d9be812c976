"""`set`: give fields of the record new values. Before: in the save itself. After: as a save of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, RootModel

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.expressions import Expression
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.told import plain


class SetOptions(RootModel[dict[str, ExpressionText]]):
    """Expressions by field."""

    root: dict[str, ExpressionText] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class SetFields:
    """Fields of the record with the values they get."""

    values: Mapping[str, Any]

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"set": plain(self.values)}

    def apply(self, firing: Firing) -> None:
        """Change the save on its way, or save the record anew."""
        if firing.change is not None:
            firing.change.values.update(self.values)
        elif firing.record_id is not None and self.values:
            firing.context.ask("records.update", type=firing.rule.form, id=firing.record_id, values=dict(self.values))
        firing.keep(self.values)


@dataclass(frozen=True, slots=True)
class SetAction:
    """Expressions by field."""

    expressions: Mapping[str, Expression]
    kind: str = "set"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its expressions read."""
        return tuple(self.expressions.values())

    def effect(self, firing: Firing) -> Effect:
        """The values for this record; a later expression sees what an earlier one gives."""
        return SetFields(firing.values(self.expressions))


class SetKind:
    """The kind `set`."""

    name = "set"
    options = SetOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"before", "after"})

    def compile(self, options: SetOptions, site: Site) -> Action | None:
        """Every field must exist and every expression fit it."""
        values = site.values(options.root, site.form, "")
        return SetAction(values) if values is not None else None


SET = SetKind()
