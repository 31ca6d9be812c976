"""`stop`: end what another rule, or this one, still waits to do for the record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.kernel.definitions.documents import Name, Part
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.reasons import STOPPED_BY, filled


class StopOptions(Part):
    """The rule."""

    rule: Name


@dataclass(frozen=True, slots=True)
class Stopping:
    """A rule whose waits end for a record."""

    rule: str
    record: int | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"stop": self.rule, "record": self.record}

    def apply(self, firing: Firing) -> None:
        """End them."""
        why = filled(STOPPED_BY, rule=firing.rule.name)
        firing.context.as_app().ask("rules.end_waits", rule=self.rule, record=self.record, reason=why)


@dataclass(frozen=True, slots=True)
class StopAction:
    """A rule."""

    rule: str
    kind: str = "stop"
    needs: tuple[Any, ...] = ()

    def effect(self, firing: Firing) -> Effect:
        """The rule for this record."""
        return Stopping(self.rule, firing.record_id)


class StopKind:
    """The kind `stop`."""

    name = "stop"
    options = StopOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: StopOptions, site: Site) -> Action | None:
        """The rule must exist and be about the same form."""
        if not site.knows("rule", options.rule, "/rule"):
            return None
        other: Mapping[str, Any] = site.scope.names("rule")[options.rule].data
        if other.get("form") != site.form:
            site.refuse("rule-of-another-form", "/rule", seen=options.rule, form=other.get("form"), expected=site.form)
            return None
        return StopAction(options.rule)


STOP = StopKind()
