"""`return_to_pool`: take a record from its owner and put it back where everybody may claim it (公海).

The owner becomes blank, who had it is kept when the form has a field for that, and the former owner is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part, Template
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Expression
from lowcode.kernel.texts import TextTemplate
from lowcode.rules.actions.kind import Action, Effect, Firing, Site, plain
from lowcode.rules.people import USER
from lowcode.rules.pools.moving import name_move

WORDS: Text = {
    "zh-CN": "记录已退回公海",
    "en": "A record of yours went back to the pool",
}


class ReturnOptions(Part):
    """`field` holds the owner; `keep` is a field for the former owner; `set` gives further fields new values."""

    field: str = "owner"
    pool: str | None = Field(None, description="The pool it is meant for; it states what the record gets there.")
    keep: str | None = None
    set: dict[str, ExpressionText] | None = None
    notify: bool = True
    reason: Template = ""


@dataclass(frozen=True, slots=True)
class Return:
    """The former owner, and the values the record gets."""

    former: int | None
    values: Mapping[str, Any]
    reason: Text
    notify: bool
    pool: str | None = None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"return_to_pool": self.former, "values": plain(self.values)}

    def apply(self, firing: Firing) -> None:
        """Save the record without an owner and tell who had it; nothing to do when nobody has it."""
        if self.former is None or firing.record_id is None:
            return
        context, form = firing.context, firing.rule.form
        context.ask("records.update", type=form, id=firing.record_id, values=dict(self.values))
        firing.keep(self.values)
        if self.pool is not None:
            name_move(context, form or "", firing.record_id, "reclaimed", plain(self.reason) or None)
        if self.notify:
            context.ask(
                "notifications.send",
                to=[self.former],
                title=firing.rule.title or WORDS,
                text=self.reason or WORDS,
                form=form,
                record=firing.record_id,
                key=firing.variables.get("@key"),
            )


@dataclass(frozen=True, slots=True)
class ReturnAction:
    """How a record goes back."""

    field: str
    owner: Expression
    keep: str | None
    values: Mapping[str, Expression]
    reason: TextTemplate
    notify: bool
    pool: str | None = None
    kind: str = "return_to_pool"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its expressions read."""
        return (self.owner, *self.values.values(), *self.reason.expressions)

    def effect(self, firing: Firing) -> Effect:
        """Who had it, and what the record becomes."""
        former = firing.value(self.owner)
        values = {self.field: None, **({self.keep: former} if self.keep else {}), **firing.values(self.values)}
        return Return(former, values, firing.words(self.reason), self.notify, self.pool)


class ReturnKind:
    """The kind `return_to_pool`."""

    name = "return_to_pool"
    options = ReturnOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: ReturnOptions, site: Site) -> Action | None:
        """The owner's field must hold a person, and the pool must be one of the form."""
        if site.field(site.form, options.field, "/field") is None:
            return None
        owner = site.expression(options.field, "/field", expect=USER)
        kept = options.keep is None or site.field(site.form, options.keep, "/keep") is not None
        if options.pool is not None and not site.knows_pool(options.pool, "/pool"):
            return None
        values = site.values(options.set or {}, site.form, "/set")
        reason = site.template(options.reason, "/reason")
        if owner is None or not kept or values is None:
            return None
        return ReturnAction(options.field, owner, options.keep, values, reason, options.notify, options.pool)


RETURN_TO_POOL = ReturnKind()
