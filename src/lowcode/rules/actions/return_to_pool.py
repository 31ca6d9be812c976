"""`return_to_pool`: take a record from its owner and put it back where everybody may claim it (公海).

The owner becomes blank, who had it is kept when the form has a field for that, and the former owner is told. It is the
record of the rule, or the one it links to: a customer goes back when a contract has ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.changes import linked_form
from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part, Template
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Expression
from lowcode.kernel.texts import TextTemplate
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.people import USER
from lowcode.rules.pools.moving import name_move
from lowcode.rules.told import plain

WORDS: Text = {
    "zh-CN": "记录已退回公海",
    "en": "A record of yours went back to the pool",
}


class ReturnOptions(Part):
    """`field` holds the owner; `keep` is a field for the former owner; `set` gives further fields new values."""

    link: str | None = Field(None, description="A link of the record: what it leads to goes back instead.")
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
    pool: str | None
    form: str
    record: int | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"return_to_pool": self.former, "values": plain(self.values)}

    def apply(self, firing: Firing) -> None:
        """Save the record without an owner and tell who had it; nothing to do when nobody has it."""
        if self.former is None or self.record is None:
            return
        context, form = firing.context, self.form
        context.ask("records.update", type=form, id=self.record, values=dict(self.values))
        if (form, self.record) == (firing.rule.form, firing.record_id):
            firing.keep(self.values)
        if self.pool is not None:
            name_move(context, form, self.record, "reclaimed", plain(self.reason) or None)
        if self.notify:
            context.ask(
                "notifications.send",
                to=[self.former],
                title=firing.rule.title or WORDS,
                text=self.reason or WORDS,
                form=form,
                record=self.record,
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
    pool: str | None
    form: str
    link: Expression | None
    kind: str = "return_to_pool"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its expressions read."""
        link = (self.link,) if self.link is not None else ()
        return (self.owner, *link, *self.values.values(), *self.reason.expressions)

    def effect(self, firing: Firing) -> Effect:
        """Who had it, and what the record becomes."""
        former = firing.value(self.owner)
        values = {self.field: None, **({self.keep: former} if self.keep else {}), **firing.values(self.values)}
        record = firing.record_id if self.link is None else firing.value(self.link)
        return Return(former, values, firing.words(self.reason), self.notify, self.pool, self.form, record)


class ReturnKind:
    """The kind `return_to_pool`."""

    name = "return_to_pool"
    options = ReturnOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: ReturnOptions, site: Site) -> Action | None:
        """The owner's field must hold a person, and the pool must be one of the form."""
        form, link = site.form, None
        if options.link is not None:
            form = linked_form(options.link, site)
            link = site.expression(options.link, "/link") if form is not None else None
            if link is None:
                return None
        if site.field(form, options.field, "/field") is None:
            return None
        path = options.field if options.link is None else f"{options.link}.{options.field}"
        owner = site.expression(path, "/field", expect=USER)
        kept = options.keep is None or site.field(form, options.keep, "/keep") is not None
        if options.pool is not None and not site.knows_pool(options.pool, "/pool", form):
            return None
        values = site.values(options.set or {}, form, "/set")
        reason = site.template(options.reason, "/reason")
        if owner is None or not kept or values is None:
            return None
        return ReturnAction(
            options.field, owner, options.keep, values, reason, options.notify, options.pool, form or "", link
        )


RETURN_TO_POOL = ReturnKind()
