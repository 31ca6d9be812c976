"""`webhook`: hand values to another system through a webhook or connector of the app; sent after the commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field, model_validator

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Expression
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.told import plain


class WebhookOptions(Part):
    """Which webhook or connector, and the body it gets (a webhook has a body of its own)."""

    webhook: str | None = None
    connector: str | None = None
    body: dict[str, ExpressionText] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one(self) -> WebhookOptions:
        if (self.webhook is None) == (self.connector is None):
            raise Unfit("name either a 'webhook' or a 'connector'", "请填写 webhook 或 connector 之一")
        return self


@dataclass(frozen=True, slots=True)
class Sending:
    """A body for a webhook or connector."""

    target: str
    record: Mapping[str, Any] | None
    body: Mapping[str, Any] | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"webhook": self.target, "body": plain(self.body)}

    def apply(self, firing: Firing) -> None:
        """Put it off till after the commit: nothing outside is called inside a transaction."""
        key = firing.variables.get("@key")
        firing.context.later(
            "api.send",
            key=f"{key}:{self.target}" if key else None,
            name=self.target,
            record=dict(self.record) if self.record else None,
            body=plain(self.body),
        )


@dataclass(frozen=True, slots=True)
class WebhookAction:
    """A webhook or connector, and expressions for a body."""

    target: str
    body: Mapping[str, Expression]
    kind: str = "webhook"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its body reads."""
        return tuple(self.body.values())

    def effect(self, firing: Firing) -> Effect:
        """The body for this record."""
        record = {"form": firing.rule.form, "id": firing.record_id} if firing.record_id is not None else None
        shown, moment = firing.shown(self.needs)
        body = {name: each.evaluate(shown, moment, **firing.variables) for name, each in self.body.items()}
        return Sending(self.target, record, body or None)


class WebhookKind:
    """The kind `webhook`."""

    name = "webhook"
    options = WebhookOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: WebhookOptions, site: Site) -> Action | None:
        """The webhook or connector must exist."""
        what = "webhook" if options.webhook is not None else "connector"
        target = options.webhook or options.connector or ""
        known = site.knows(what, target, f"/{what}")
        body = {name: site.expression(text, f"/body/{name}") for name, text in options.body.items()}
        compiled = {name: each for name, each in body.items() if each is not None}
        return WebhookAction(target, compiled) if known and len(compiled) == len(body) else None


WEBHOOK = WebhookKind()
