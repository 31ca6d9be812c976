"""`request`: ask another program for one of the operations its document offers, and set fields from the answer.

It goes out after the commit, is tried again like every message, and the answer, or the refusal, comes back in a
transaction of its own (`rules.answered`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.kernel.requests import REFUSAL_TYPES, Asked, Request, RequestPart, compile_request
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.told import plain


class RequestOptions(RequestPart):
    """Which operation of which program, its values, and what becomes of the answer."""


@dataclass(frozen=True, slots=True)
class Requesting:
    """A request for one record; `answers` says whether anybody waits for what comes of it."""

    asked: Asked
    record: Mapping[str, Any] | None
    answers: bool

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        values = {name: each for name, each in self.asked.values.items() if name != "operation"}
        return {"request": f"{self.asked.connector}: {self.asked.values['operation']}", **plain(values)}

    def apply(self, firing: Firing) -> None:
        """Put it off till after the commit: nothing outside is called inside a transaction."""
        key = firing.variables.get("@key")
        step, at = firing.at
        asked = (self.asked.connector, self.asked.values["operation"])
        back = {
            "rule": firing.rule.name, "step": step, "action": at, "asked": asked, "record": firing.record_id,
            "actor": firing.moment.me,
        }  # fmt: skip
        firing.context.later(
            "api.send",
            key=f"{key}:{self.asked.connector}" if key else None,
            name=self.asked.connector,
            record=dict(self.record) if self.record else None,
            body=self.asked.values,
            asker={"operation": "rules.answered", "parameters": back, **self.asked.wants} if self.answers else None,
        )


@dataclass(frozen=True, slots=True)
class RequestAction:
    """A request, compiled."""

    request: Request
    kind: str = "request"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its values read."""
        return self.request.needs

    def effect(self, firing: Firing) -> Effect:
        """The request for this record."""
        record = {"form": firing.rule.form, "id": firing.record_id} if firing.record_id is not None else None
        shown, moment = firing.shown(self.needs)
        variables = firing.variables
        asked = self.request.asked(shown, lambda each, facts: each.evaluate(facts, moment, **variables))
        return Requesting(asked, record, bool(record and (self.request.sets or self.request.refused)))


class RequestKind:
    """The kind `request`."""

    name = "request"
    options = RequestOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: RequestOptions, site: Site) -> Action | None:
        """The operation must be offered, take these values, and answer what is read."""
        request = compile_request(options, site)
        if request is None:
            return None
        sets = site.values(options.set, site.form, "/set", more=request.types) if options.set else {}
        refused = site.values(options.refused, site.form, "/refused", more=REFUSAL_TYPES) if options.refused else {}
        if sets is None or refused is None:
            return None
        return RequestAction(request.with_fields(sets, refused))


REQUEST = RequestKind()
