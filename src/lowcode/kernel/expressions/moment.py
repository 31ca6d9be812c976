"""When and for whom an expression is evaluated: one clock reading, one person."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

UTC_ZONE = ZoneInfo("UTC")


class WorkingCalendar(Protocol):
    """Says which days are worked; the application's calendar implements it."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""


@runtime_checkable
class WorkingTime(Protocol):
    """Says which hours are worked, too."""

    def working_time(self, since: datetime, until: datetime) -> timedelta:
        """How much working time lies between two instants."""


NO_TABLES: Mapping[str, Callable[..., Any]] = MappingProxyType({})


@dataclass(frozen=True, init=False)
class Moment:
    """One reading of the clock, the person asking, and what the record was before."""

    now: datetime
    zone: ZoneInfo
    me: int | None
    roles: frozenset[str]
    team: frozenset[int]
    units: frozenset[int]
    calendar: WorkingCalendar | None
    old: Mapping[str, Any] | None
    is_new: bool
    tables: Mapping[str, Callable[..., Any]]
    changed: frozenset[str] | None

    def __init__(
        self,
        now: datetime,
        zone: ZoneInfo = UTC_ZONE,
        me: int | None = None,
        roles: frozenset[str] = frozenset(),
        team: frozenset[int] = frozenset(),
        units: frozenset[int] = frozenset(),
        calendar: WorkingCalendar | None = None,
        old: Mapping[str, Any] | None = None,
        is_new: bool = False,
        tables: Mapping[str, Callable[..., Any]] = NO_TABLES,
        changed: frozenset[str] | None = None,
    ) -> None:
        # Several are made for every save: in one step, where the generated function of a frozen class takes eleven.
        self.__dict__.update(
            now=now, zone=zone, me=me, roles=roles, team=team, units=units, calendar=calendar, old=old, is_new=is_new,
            tables=tables, changed=changed,
        )  # fmt: skip

    @cached_property
    def today(self) -> date:
        """The day it is in the zone of the application."""
        return self.now.astimezone(self.zone).date()

    def parameters(self, dialect: str) -> dict[str, Any]:
        """The values of the bound parameters `moment_…` of a statement."""
        sqlite = dialect == "sqlite"
        now = self.now if self.now.tzinfo is UTC else self.now.astimezone(UTC)
        return {
            "moment_today": self.today.isoformat() if sqlite else self.today,
            "moment_now": instant_text(now) if sqlite else now,
            "moment_zone": self.zone.key,
            "moment_me": self.me,
            "moment_team": array(self.team) if dialect == "postgresql" else listed(self.team),
            "moment_roles": listed(self.roles),
            "moment_units": array(self.units) if dialect == "postgresql" else listed(self.units),
        }


@lru_cache(maxsize=1000)
def listed(values: frozenset[Any]) -> str:
    """A set as the JSON list a statement takes: the same for every request of a person."""
    return json.dumps(sorted(values), ensure_ascii=False)


@lru_cache(maxsize=1000)
def array(values: frozenset[int]) -> str:
    """A set of ids as the text of a PostgreSQL array."""
    return f"{{{','.join(str(each) for each in sorted(values))}}}"


def instant_text(value: datetime) -> str:
    """An instant as SQLite keeps it: UTC, fixed width, so that text order is time order."""
    return f"{(value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(timespec='microseconds')[:26]}Z"
