"""Who acts. The embedding program says so, or the built-in directory does."""

from __future__ import annotations

from dataclasses import dataclass, field

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or the app itself) doing something.

    `team` holds the ids of the person and of everybody who reports to them, however far below; `units` the ids of the
    departments they belong to or lead. `roles` are names of the app's roles.
    """

    id: int | None
    login: str = ""
    name: str = ""
    roles: frozenset[str] = frozenset()
    department: int | None = None
    units: frozenset[int] = frozenset()
    team: frozenset[int] = frozenset()
    locale: str | None = None
    is_app: bool = False
    limits: frozenset[str] = field(default_factory=frozenset)
    """Names of operations and forms a key is limited to; empty means no limit."""

    @property
    def is_administrator(self) -> bool:
        """Whether this actor may do everything."""
        return self.is_app or ADMINISTRATOR in self.roles


APP = Actor(id=None, login="app", name="app", is_app=True)
"""The app itself: what rules, flows and deliveries act as when they act for nobody in particular."""
