"""`call`: have another rule of the same form fire for the record, in a transaction of its own after this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.kernel.definitions.documents import Name, Part
from lowcode.rules.actions.kind import Action, Effect, Firing, Site


class CallOptions(Part):
    """The rule."""

    rule: Name


@dataclass(frozen=True, slots=True)
class Call:
    """A rule to fire for a record."""

    rule: str
    record: int | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"call": self.rule, "record": self.record}

    def apply(self, firing: Firing) -> None:
        """Put its firing off; its conditions are asked when it fires, and the chain of causes goes on."""
        key = firing.variables.get("@key")
        if self.rule in firing.context.app.plans["rules"].rules:
            firing.context.as_app().later(
                "rules.fire",
                key=f"call:{key}",
                rule=self.rule,
                record=self.record,
                occurrence=f"called {key}",
                actor=firing.moment.me,
            )


@dataclass(frozen=True, slots=True)
class CallAction:
    """A rule."""

    rule: str
    kind: str = "call"
    needs: tuple[Any, ...] = ()

    def effect(self, firing: Firing) -> Effect:
        """The rule for this record."""
        return Call(self.rule, firing.record_id)


class CallKind:
    """The kind `call`."""

    name = "call"
    options = CallOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: CallOptions, site: Site) -> Action | None:
        """The rule must exist, be about the same form, and wait for no date: a called rule fires at once."""
        if not site.knows("rule", options.rule, "/rule"):
            return None
        called: Mapping[str, Any] = site.scope.names("rule")[options.rule].data
        if called.get("form") != site.form:
            site.refuse("rule-of-another-form", "/rule", seen=options.rule, form=called.get("form"), expected=site.form)
            return None
        on = called.get("on")
        waits = isinstance(on, Mapping) and ("inactive" in on or "date" in on)
        if waits or called.get("phase") == "before" or called.get("steps"):
            site.refuse("cannot-be-called", "/rule", seen=options.rule)
            return None
        return CallAction(options.rule)


CALL = CallKind()
