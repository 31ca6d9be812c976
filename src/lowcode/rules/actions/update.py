"""`update`: change other records: the one this links to, those of a relation of this one, or those of a form for which
a condition holds.

The values are expressions over the record of the rule; all of them get the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.show import plain as as_json
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.together import Refused, change, changed
from lowcode.rules.actions.which import Found, Which, WhichOptions, compile_which
from lowcode.rules.batches.batch import begin, key_of
from lowcode.rules.told import plain


class UpdateOptions(WhichOptions):
    """Which records, and expressions by their fields."""

    values: dict[str, ExpressionText]


@dataclass(frozen=True, slots=True)
class Updates:
    """Records of a form, and the values they get."""

    action: UpdateAction
    found: Found
    values: Mapping[str, Any]
    named: Mapping[str, Any]
    batch: Mapping[str, Any]

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {
            "update": self.action.which.form, "records": self.found.told(), "values": plain(self.values), **self.batch
        }  # fmt: skip

    def apply(self, firing: Firing) -> None:
        """Save them, in one go or in pieces."""
        if self.found.in_pieces:
            begin(firing, self.action, self.found, self.named, as_json(self.values))
        else:
            change(firing.context, self.action.target, self.found.ids, self.values)


@dataclass(frozen=True, slots=True)
class UpdateAction:
    """Which records, and expressions by their fields."""

    which: Which
    expressions: Mapping[str, Expression]
    kind: str = "update"

    @property
    def target(self) -> str:
        """The form whose records are changed."""
        return self.which.form

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its expressions read, and what finds the records."""
        return (*self.expressions.values(), *self.which.needs)

    def effect(self, firing: Firing) -> Effect:
        """Find the records, and the values."""
        found = self.which.found(firing)
        return Updates(self, found, firing.values(self.expressions), self.which.named(firing), key_of(firing, found))

    def piece(
        self, firing: Firing, ids: Sequence[int], given: Mapping[str, Any], named: Mapping[str, Any]
    ) -> list[Refused]:
        """Save some of them."""
        return changed(firing.context, self.which.form, ids, given)


class UpdateKind:
    """The kind `update`."""

    name = "update"
    options = UpdateOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: UpdateOptions, site: Site) -> Action | None:
        """The records' form must be known, the condition must be one of theirs, the values must fit."""
        which = compile_which(options, site)
        if which is None:
            return None
        values = site.values(options.values, which.form, "/values")
        return UpdateAction(which, values) if values is not None else None


UPDATE = UpdateKind()
