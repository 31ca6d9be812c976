"""A context in which nothing is written: what would be written is kept beside, and seen by what comes after it.

A save walks through everything a save walks through (permission, values, stages, checks), and what the record would be
lies over what it is; what is told, sent or put off is left out. An operation that writes and is not known here is a
hindrance that says so: nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Hindered
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import NotFound
from lowcode.kernel.expressions import Moment
from lowcode.kernel.identity import Actor
from lowcode.kernel.records import save, words
from lowcode.kernel.records.deleting import foreseen
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.storage import Unit

Values = dict[str, Any]
TOLD = ("notifications.send",)
"""Operations that write nothing a flow could look at."""


class Foreseen:
    """See `lowcode.kernel.contract.Context`. `records` is what records would be, by form and id; `flow` runs, though no
    row says so, and what the instance `instance` keeps closed is open to it."""

    def __init__(self, base: Context, records: dict[tuple[str, int], Values], flow: str, instance: int) -> None:
        self.base = base
        self.records = records
        self.flow = flow
        self.instance = instance

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.base.actor

    @property
    def app(self) -> Any:
        """The app."""
        return self.base.app

    @property
    def host(self) -> Any:
        """What serves it."""
        return self.base.host

    @property
    def unit(self) -> Unit:
        """Only for reading."""
        return self.base.unit

    @property
    def causes(self) -> tuple[str, ...]:
        """What led here."""
        return self.base.causes

    def now(self) -> datetime:
        """This instant."""
        return self.base.now()

    def moment(self, **extra: Any) -> Moment:
        """What expressions are evaluated against."""
        return self.base.moment(**extra)

    def tell(self, event: str, **body: Any) -> None:
        """Nobody hears it."""

    def tell_many(self, *_: Any, **__: Any) -> None:
        """Nobody hears them."""

    def later(self, *_: Any, **__: Any) -> None:
        """It never comes."""

    later_many = later

    def as_app(self) -> Context:
        """The same, as the app."""
        return self if self.actor.is_app else self._as(self.base.as_app())

    def as_user(self, user_id: int) -> Context:
        """The same, as another person."""
        return self._as(self.base.as_user(user_id))

    def _as(self, base: Context) -> Foreseen:
        return Foreseen(base, self.records, self.flow, self.instance)

    def ask(self, operation: str, /, **parameters: Any) -> Any:
        """Reads are asked; saves are worked out."""
        known = self._known().get(operation)
        if known is not None:
            return known(**parameters)
        found = self.app.operations.get(operation)
        if found is not None and found.writes:
            raise Hindered(problem("flows.not-foreseen", operation=operation))
        return self.base.ask(operation, **parameters)

    def _known(self) -> Mapping[str, Callable[..., Any]]:
        return {
            "records.create": self._create,
            "records.update": self._update,
            "records.delete": partial(_delete, self),
            "records.get": self._get,
            **dict.fromkeys(TOLD, lambda **_: None),
        }

    def _get(self, type: str, id: int, fields: tuple[str, ...] = ()) -> Values:
        found: Values = self.base.ask("records.get", type=type, id=id, fields=fields)
        would = self.records.get((type, id), {})
        return {name: would.get(name, value) for name, value in found.items()}

    def _create(self, type: str, values: Mapping[str, Any]) -> Values:
        record_type = record_type_of(self, type)
        plan, grant = self.host.save_plan(record_type), self.host.grant(record_type, self.actor)
        change = save.draft(self, plan, grant, values)
        save.walk(self, plan, grant, change)
        return change.values

    def _update(self, type: str, id: int, values: Mapping[str, Any], version: int | None = None) -> Values:
        record_type = record_type_of(self, type)
        plan, grant = self.host.save_plan(record_type), self.host.grant(record_type, self.actor)
        change = save.redraft(self, plan, grant, id, values, version, self.records.get((type, id)))
        save.walk(self, plan, grant, change)
        self.records[type, id] = change.values
        return change.values

    def facts(self, record_type: str, ids: Iterable[int], needs: Iterable[Any]) -> dict[int, Values]:
        """What expressions read of records, as these would be."""
        wanted, identities = needs_of(needs if not isinstance(needs, Needs) else (needs,)), list(ids)
        would = {each: self.records[record_type, each] for each in identities if (record_type, each) in self.records}
        rest = [each for each in identities if each not in would]
        found = self.base.facts(record_type, rest, (wanted,)) if rest else {}
        for identity, values in would.items():
            known = record_type_of(self, record_type)
            found[identity] = dict(save.with_facts(self, self.host.save_plan(known), values, wanted))
        return found


def _delete(context: Foreseen, type: str, id: int, version: int | None = None) -> None:
    """A record as it would be if it were put away."""
    record_type = record_type_of(context, type)
    plan, grant = context.host.save_plan(record_type), context.host.grant(record_type, context.actor)
    before = context.records.get((type, id)) or save.load(context, plan, id)
    if before is None or before["deleted_at"] is not None:
        raise NotFound(words.problem("not-found", "", form=type, id=id))
    context.records[type, id] = dict(foreseen(context, plan, grant, before))
