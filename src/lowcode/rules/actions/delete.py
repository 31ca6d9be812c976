"""`delete`: put records away: the one this links to, those of a relation, those of a form for which a condition holds,
or this record itself. They can be restored until they are purged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import model_validator

from lowcode.kernel.changes import Found, Which, one_way
from lowcode.kernel.changes.together import Refused, delete, deleted
from lowcode.kernel.definitions.wording import Unfit
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.many import WhichOptions, compile_many
from lowcode.rules.batches.batch import begin, key_of


class DeleteOptions(WhichOptions):
    """Which records; `itself` is the record of the rule."""

    itself: bool = False

    @model_validator(mode="after")
    def _one(self) -> DeleteOptions:
        if self.itself:
            if [self.link, self.relation, self.form, self.where].count(None) != 4:
                raise Unfit(
                    '"itself": true stands alone: it means the record of the rule',
                    '"itself": true 指规则所在的记录，不能与其他项同时使用',
                )
            return self
        return one_way(self)


@dataclass(frozen=True, slots=True)
class DeletesItself:
    """The record of the rule, to be put away."""

    form: str
    ids: tuple[int, ...]

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"delete": self.form, "records": list(self.ids)}

    def apply(self, firing: Firing) -> None:
        """Put it away."""
        delete(firing.context, self.form, self.ids)


@dataclass(frozen=True, slots=True)
class Deletes:
    """Records of a form to be put away."""

    action: DeleteAction
    found: Found
    named: Mapping[str, Any]
    batch: Mapping[str, Any]

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"delete": self.action.target, "records": self.found.told(), **self.batch}

    def apply(self, firing: Firing) -> None:
        """Put each of them away, at once or in pieces."""
        if self.found.in_pieces:
            begin(firing, self.action, self.found, self.named)
        else:
            delete(firing.context, self.action.target, self.found.ids)


@dataclass(frozen=True, slots=True)
class DeleteItselfAction:
    """The record of the rule."""

    kind: str = "delete"
    needs: tuple[Any, ...] = ()

    def effect(self, firing: Firing) -> Effect:
        """It."""
        own = (firing.record_id,) if firing.record_id is not None else ()
        return DeletesItself(firing.rule.form or "", own)


@dataclass(frozen=True, slots=True)
class DeleteAction:
    """Which records."""

    which: Which
    kind: str = "delete"

    @property
    def target(self) -> str:
        """The form whose records are put away."""
        return self.which.form

    @property
    def needs(self) -> tuple[Any, ...]:
        """What finds them."""
        return self.which.needs

    def effect(self, firing: Firing) -> Effect:
        """Find the records."""
        found = self.which.found(firing)
        return Deletes(self, found, self.which.named(firing), key_of(firing, found))

    def piece(
        self, firing: Firing, ids: Sequence[int], given: Mapping[str, Any], named: Mapping[str, Any]
    ) -> list[Refused]:
        """Put some of them away."""
        return deleted(firing.context, self.which.form, ids)


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
            return DeleteItselfAction()
        which = compile_many(options, site)
        return DeleteAction(which) if which is not None else None


DELETE = DeleteKind()
