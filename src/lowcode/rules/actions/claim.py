"""`claim`: give a record of a pool to whoever set the rule off (pressed its button), within the limits of the pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.kernel.definitions.documents import Name, Part
from lowcode.rules.actions.kind import Action, Effect, Firing, Site


class ClaimOptions(Part):
    """The pool."""

    pool: Name


@dataclass(frozen=True, slots=True)
class Claim:
    """A record of a pool for a person."""

    pool: str
    user: int | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"claim": self.pool, "user": self.user}

    def apply(self, firing: Firing) -> None:
        """Claim it; without a person there is nobody to claim it for."""
        if self.user is None or firing.record_id is None:
            return
        asking = firing.context.as_user(self.user)
        done = asking.ask("rules.claim", pool=self.pool, record=firing.record_id)
        firing.keep({name: value for name, value in done.items() if name not in ("form", "record")})


@dataclass(frozen=True, slots=True)
class ClaimAction:
    """A pool."""

    pool: str
    kind: str = "claim"
    needs: tuple[Any, ...] = ()

    def effect(self, firing: Firing) -> Effect:
        """The record for whoever set the rule off."""
        return Claim(self.pool, firing.moment.me)


class ClaimKind:
    """The kind `claim`."""

    name = "claim"
    options = ClaimOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: ClaimOptions, site: Site) -> Action | None:
        """The pool must be one of the form."""
        return ClaimAction(options.pool) if site.knows_pool(options.pool, "/pool") else None


CLAIM = ClaimKind()
