"""Who acts. The embedding program says so, or the built-in directory does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a key leaves of a form: the rows an expression holds for, and of their fields these; None means all."""

    form: str
    where: str | None = None
    fields: frozenset[str] | None = None


Standing = tuple[frozenset[str], bool, frozenset[str], tuple[Narrowing, ...], bool]
"""Roles, whether everything may be done, the scopes of a key, what it leaves of some forms, and whether parts
that are off are reached."""


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
    """The scopes of the key that is used; empty means no limit. `flows.decide`, `flows`, `form:lead`, `form:*:read`."""
    key: str = ""
    """The prefix of the key that is used, when a program acts for the person."""
    narrowed: tuple[Narrowing, ...] = ()
    """What the key leaves of some forms, anded into what the person may do with them."""
    past_parts: bool = False
    """Whether records of parts that are switched off are reached: what is done to one record follows in others."""
    standing: Standing = field(init=False, repr=False, compare=False)
    """All that decides what may be done: what is derived for one actor serves everybody of the same standing."""

    def __post_init__(self) -> None:
        standing = self.roles, self.is_administrator, self.limits, self.narrowed, self.past_parts
        object.__setattr__(self, "standing", standing)

    @property
    def is_administrator(self) -> bool:
        """Whether this actor may do everything; with a narrowed key nobody may."""
        return self.is_app or (ADMINISTRATOR in self.roles and not self.narrowed)

    def narrowing(self, form: str) -> Narrowing | None:
        """What the key leaves of a form, where it leaves less than everything."""
        return next((each for each in self.narrowed if each.form == form), None)

    def may_ask(self, operation: str, verb: str = "") -> bool:
        """Whether the scopes of a key cover an operation; records, and what is done by a `verb` of them, are decided
        form by form (`verbs`)."""
        if not self.limits or operation in self.limits or operation.partition(".")[0] in self.limits:
            return True
        forms = [each.split(":")[2:] for each in self.limits if each.startswith("form:")]
        return any(operation.startswith("records.") or (verb and each in ([], [verb])) for each in forms)

    def verbs(self, form: str) -> frozenset[str] | None:
        """What the scopes of a key let it do with a form's records; None means no limit."""
        scopes = [each.split(":")[1:] for each in self.limits if each.startswith("form:")]
        if not scopes:
            return None
        found = [parts[1] if len(parts) > 1 else "*" for parts in scopes if parts[0] in (form, "*")]
        return None if "*" in found else frozenset(found)


APP = Actor(id=None, login="app", name="app", is_app=True)
"""The app itself: what rules, flows and deliveries act as when they act for nobody in particular."""
KEEPER = replace(APP, past_parts=True)
"""The app itself where it keeps records in step: also those that nobody reaches while their part is off."""
