"""A pool as understood, and its limits: how much somebody has claimed in, whether they may claim out. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as having
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from lowcode.rules.schedules.spans import Span
from lowcode.rules.schedules.windows import mark_of

if TYPE_CHECKING:
    from lowcode.kernel.diagnostics import Text
    from lowcode.kernel.expressions import Expression, Moment
    from lowcode.kernel.identity import Actor
    from lowcode.rules.schedules.spans import WorkingDays

MoveKind = Literal["entered", "returned", "released", "reclaimed", "claimed", "assigned", "transferred", "viewed"]
"""How a record moved: came in new, was given up in a save, given back, taken back; was claimed, given to somebody,
moved to another pool; or was only looked at."""

INWARD: tuple[MoveKind, ...] = ("entered", "returned", "released", "reclaimed")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one person may claim; None: as much as they like."""

    per_day: int | None = None
    holding: int | None = None
    holding_where: Expression | None = None
    cool_down: Span | None = None
    views_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool."""

    name: str
    title: Text
    form: str
    field: str
    where: Expression | None
    members: frozenset[str]
    managers: frozenset[str]
    limits: Limits
    shown: tuple[str, ...]
    keep: str | None
    enter: Mapping[str, Expression] = having(default_factory=dict)
    leave: Mapping[str, Expression] = having(default_factory=dict)
    reclaims: tuple[str, ...] = ()
    """The names of the rules that take records back."""

    @property
    def condition(self) -> str:
        """Which records lie in it, as an expression."""
        own = f"{self.field} is blank"
        return own if self.where is None else f"{own} and ({self.where.text})"

    def holds(self, record: Mapping[str, Any], moment: Moment) -> bool:
        """Whether a record lies in it."""
        return record.get(self.field) is None and (self.where is None or self.where.test(record, moment))

    def has_member(self, actor: Actor) -> bool:
        """Whether somebody may look into it and claim."""
        return actor.is_administrator or bool((self.members | self.managers) & actor.roles)

    def has_manager(self, actor: Actor) -> bool:
        """Whether somebody may give its records away, and is not limited."""
        return actor.is_administrator or bool(self.managers & actor.roles)


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody has of a pool now: claimed today, held, and when they gave this record up (None: never)."""

    claimed_today: int
    held: int
    gave_up: datetime | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A limit that is reached: which, and the numbers to tell it with."""

    code: Literal["claims-of-the-day", "holding", "cool-down"]
    values: Mapping[str, Any]


def refusals(pool: Pool, standing: Standing, moment: Moment, working: WorkingDays) -> Iterator[Refusal]:
    """Every limit that speaks against claiming one more record."""
    limits = pool.limits
    if limits.per_day is not None and standing.claimed_today >= limits.per_day:
        yield Refusal("claims-of-the-day", {"limit": limits.per_day})
    if limits.holding is not None and standing.held >= limits.holding:
        yield Refusal("holding", {"limit": limits.holding})
    if limits.cool_down is not None and standing.gave_up is not None:
        until = mark_of(standing.gave_up, limits.cool_down, moment.zone, working)
        if until > moment.now:
            yield Refusal("cool-down", {"until": until.astimezone(moment.zone).strftime("%Y-%m-%d %H:%M")})
