"""`delete`: put records away: the one this links to, those of a relation, those of a form for which a condition holds,
or this record itself. They can be restored until they are purged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import model_validator

from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.update import UpdateAction, WhichOptions, compile_which, one_way


class DeleteOptions(WhichOptions):
    """Which records; `itself` is the record of the rule."""

    itself: bool = False

    @model_validator(mode="after")
    def _one(self) -> DeleteOptions:
        if self.itself:
            if [self.link, self.relation, self.form, self.where].count(None) != 4:
                raise ValueError('"itself": true stands alone: it means the record of the rule')
            return self
        return one_way(self)


@dataclass(frozen=True, slots=True)
class Deletes:
    """Records of a form to be put away."""

    form: str
    ids: tuple[int, ...]

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"delete": self.form, "records": list(self.ids)}

    def apply(self, firing: Firing) -> None:
        """Put each of them away."""
        for identity in self.ids:
            firing.context.ask("records.delete", type=self.form, id=identity)


@dataclass(frozen=True, slots=True)
class DeleteAction:
    """Which records; None: the record of the rule."""

    which: UpdateAction | None
    kind: str = "delete"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What finds them."""
        return self.which.needs if self.which is not None else ()

    def effect(self, firing: Firing) -> Effect:
        """Find the records."""
        if self.which is None:
            own = (firing.record_id,) if firing.record_id is not None else ()
            return Deletes(firing.rule.form or "", own)
        return Deletes(self.which.form, self.which.found(firing))


class DeleteKind:
    """The kind `delete`."""

    name = "delete"
    options = DeleteOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: DeleteOptions, site: Site) -> Action | None:
        """The records' form must be known, and the condition one of theirs."""
        if options.itself:
            if site.form is None:
                site.refuse("needs-form", "/itself")
                return None
            return DeleteAction(None)
        which = compile_which(options, site)
        return DeleteAction(which) if which is not None else None


DELETE = DeleteKind()
