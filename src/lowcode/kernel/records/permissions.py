"""What an actor may do with one record type: which actions, on which rows, without which fields.

Computed once per record type and set of roles. `condition` is the row filter in SQL, joined into every read; `allows`
is the same filter in Python, held against what a save would make of a record. Nobody may do what no line permits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.expressions import Expression, ExpressionError, Moment, compile_expression
from lowcode.kernel.expressions.types import BOOLEAN
from lowcode.kernel.identity.actor import ADMINISTRATOR, KEEPER, Actor, Narrowing
from lowcode.kernel.records import words
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.plan import Permission, RecordType

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context
    from lowcode.kernel.scope import Scope

NOTHING: frozenset[str] = frozenset()
EVERYTHING = frozenset({"*"})
"""Said of a form whose part is switched off: nobody reaches anything of it."""
UNCLOSED: Mapping[str, frozenset[str]] = {}
Compile = Callable[[str, RecordType], Expression]
ACTIONS = frozenset(
    {
        "create",
        "read",
        "edit",
        "delete",
        "export",
        "import",
        "approve",
        "print",
        "comment",
        "restore",
        "reveal",
        "purge",
    }
)
"""What an administrator may do with records through a narrowed key."""


@dataclass(frozen=True)
class Grant:
    """The permission lines of a record type that apply to one set of roles."""

    record_type: RecordType
    everything: bool
    lines: tuple[Permission, ...]
    closed: frozenset[str] = NOTHING
    """Fields and relations that lead to a form whose part is switched off: hidden from everybody."""

    def _for(self, action: str) -> tuple[Permission, ...]:
        return tuple(line for line in self.lines if action in line.can)

    def may(self, action: str) -> bool:
        """Whether the action is permitted on some rows at all."""
        return self.everything or action in self._possible

    @cached_property
    def _possible(self) -> frozenset[str]:
        return frozenset[str]().union(*(line.can for line in self.lines))

    @cached_property
    def veiled(self) -> frozenset[str]:
        """Fields, and columns of rows (`items.card`), that are shown under a mask: passwords and secrets to everybody,
        others but to whoever may reveal."""
        revealed = self.may("reveal")
        return frozenset(
            f"{way}.{each.name}".lstrip(".")
            for way, owner in (("", self.record_type), *self.record_type.rows_below)
            for each in owner.fields.values()
            if each.confidential or (each.options.mask and not revealed)
        )

    @cached_property
    def hidden(self) -> frozenset[str]:
        """Fields whose values are kept from the actor: those no line shows, and those under a mask."""
        return self.kept | self.veiled

    @cached_property
    def kept(self) -> frozenset[str]:
        """Fields that no applicable line shows."""
        lines = self._for("read") or self.lines
        hidden = NOTHING if self.everything or not lines else frozenset.intersection(*(line.hide for line in lines))
        return hidden | self.closed if self.closed else hidden

    @cached_property
    def fixed(self) -> frozenset[str]:
        """Fields that may be seen and not set."""
        lines = self._for("edit") or self._for("create")
        if self.everything or not lines:
            return self.closed
        return frozenset.intersection(*(line.read_only for line in lines)) | self.kept

    def conditions(self, action: str) -> tuple[Expression, ...] | None:
        """The row filters of an action, of which one must hold; None when every row is permitted."""
        if self.everything:
            return None
        if action not in self._conditions:
            self._conditions[action] = self._filters(action)
        return self._conditions[action]

    def _filters(self, action: str) -> tuple[Expression, ...] | None:
        lines = self._for(action)
        if any(line.where is None for line in lines):
            return None
        return tuple(line.where for line in lines if line.where is not None)

    def needs(self, action: str) -> Needs:
        """What the row filters of an action read."""
        found = self._needs.get(action)
        if found is None:
            found = self._needs[action] = needs_of(self.conditions(action) or ())
        return found

    @cached_property
    def _needs(self) -> dict[str, Needs]:
        return {}

    @cached_property
    def _conditions(self) -> dict[str, tuple[Expression, ...] | None]:
        return {}

    def condition(self, action: str, joins: Joins) -> sa.ColumnElement[bool] | None:
        """The row filter in SQL; None when every row is permitted, false when none is."""
        conditions = self.conditions(action)
        if conditions is None:
            return None
        if not conditions:
            return sa.false()
        return sa.or_(*(each.sql_condition(joins.dialect, joins.definer) for each in conditions))

    def allows(self, action: str, record: Mapping[str, Any], moment: Moment) -> bool:
        """Whether the row filter holds for these values."""
        conditions = self.conditions(action)
        return conditions is None or any(each.test(record, moment) for each in conditions)


def grant(
    record_type: RecordType, actor: Actor, compiled: Compile | None = None,
    closed: Mapping[str, frozenset[str]] = UNCLOSED,
) -> Grant:  # fmt: skip
    """What an actor may do with a record type; lines follow the record they belong to. `compiled` understands the row
    filters of keys; `closed` is what nobody reaches while a part of the app is off, by record type."""
    owner = record_type.root
    beyond = NOTHING if actor.past_parts else closed.get(owner.name, NOTHING)
    if beyond == EVERYTHING:
        return Grant(owner, False, ())
    found = _granted(owner, actor, compiled)
    return replace(found, closed=beyond) if beyond else found


def granted(app: Any, record_type: RecordType, actor: Actor) -> Grant:
    """The same in one version of an app."""
    return grant(record_type, actor, partial(filter_of_key, scope=app.scope), app.closed)


def past_parts(context: Context) -> Context:
    """The same work, done by the app itself also in records of parts that are switched off: what is done to a record
    that people reach follows in those, so that nothing of them is wrong when their part is on again."""
    made: Any = copy(context)
    made.actor, made._app = KEEPER, None
    return cast("Context", made)


def _granted(owner: RecordType, actor: Actor, compiled: Compile | None) -> Grant:
    verbs, narrowing = actor.verbs(owner.name), actor.narrowing(owner.name)
    if actor.is_app or ADMINISTRATOR in actor.roles:
        if verbs is None and narrowing is None:
            return Grant(owner, True, ())
        can = ACTIONS if verbs is None else verbs
        own = (Permission(actor.roles, can, None, NOTHING, NOTHING, owner.place),)
        return Grant(owner, False, _narrowed(owner, own, narrowing, compiled))
    lines = tuple(line for line in owner.permissions if line.roles & actor.roles)
    if verbs is not None:
        lines = tuple(replace(line, can=line.can & verbs) for line in lines)
    return Grant(owner, False, _narrowed(owner, lines, narrowing, compiled))


def _narrowed(
    owner: RecordType, lines: tuple[Permission, ...], narrowing: Narrowing | None, compiled: Compile | None
) -> tuple[Permission, ...]:
    """The lines with what a key leaves of them: the row filter is anded into each, other fields are hidden."""
    if narrowing is None:
        return lines
    if compiled is None:
        return ()
    kept = NOTHING if narrowing.fields is None else left_out(owner, narrowing.fields)
    fixed = NOTHING if narrowing.fields is None else frozenset({"owner"}) - narrowing.fields
    found = []
    for line in lines:
        texts = [each for each in (line.where and line.where.text, narrowing.where) if each]
        where = compiled(" and ".join(f"({each})" for each in texts), owner) if texts else None
        found.append(replace(line, where=where, hide=line.hide | kept, read_only=line.read_only | fixed))
    return tuple(found)


def left_out(owner: RecordType, fields: frozenset[str]) -> frozenset[str]:
    """The fields, relations and columns of lines (`items.cost`) that a field set does not name."""
    whole = {each.partition(".")[0] for each in fields}
    found = {name for name in (*owner.fields, *owner.relations) if name not in whole}
    for way, rows in owner.rows_below:
        steps = way.split(".")
        if steps[0] in whole and not any(".".join(steps[:length]) in fields for length in range(1, len(steps) + 1)):
            columns = {f"{way}.{name}" for name in rows.fields}
            found |= {each for each in columns if not any(f"{one}.".startswith(f"{each}.") for one in fields)}
    return frozenset(found)


def filter_of_key(text: str, record_type: RecordType, scope: Scope) -> Expression:
    """The row filter of a key, as the version that runs understands it. Raises Forbidden when it no longer does."""
    try:
        return compile_expression(text, scope.shapes, record_type.name, expect=BOOLEAN, functions=scope.functions)
    except ExpressionError as error:
        reason = error.problems[0].said.text
        raise Forbidden(words.problem("stale-key", "", form=record_type.name, reason=reason)) from None
