"""When and for whom an expression is evaluated: one clock reading, one person."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable
from zoneinfo import ZoneInfo

import orjson

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

    @property
    def instant(self) -> datetime:
        """The reading of the clock, in UTC."""
        return self.now if self.now.tzinfo is UTC else self.now.astimezone(UTC)

    def parameters(self, dialect: str, names: Iterable[str] | None = None) -> dict[str, Any]:
        """The values of the bound parameters `moment_…` of a statement; with `names`, of those alone among them."""
        wanted = PARAMETERS if names is None else names
        return {name: PARAMETERS[name](self, dialect) for name in wanted if name in PARAMETERS}


@lru_cache(maxsize=1000)
def listed(values: frozenset[Any]) -> str:
    """A set as the JSON list a statement takes: the same for every request of a person."""
    return json.dumps(sorted(values), ensure_ascii=False)


@lru_cache(maxsize=1000)
def array(values: frozenset[int]) -> str:
    """A set of ids as the text of a PostgreSQL array."""
    return f"{{{','.join(str(each) for each in sorted(values))}}}"


WHOLE = len('"2026-01-05T03:04:05.000006Z"')
"""What orjson makes of an instant; without a fraction of a second it is shorter."""


def instant_text(value: datetime) -> str:
    """An instant as SQLite keeps it: UTC, fixed width, so that text order is time order."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    if value.__class__ is not datetime:
        return f"{value.isoformat(timespec='microseconds')[:26]}Z"
    text = orjson.dumps(value, option=orjson.OPT_UTC_Z).decode()  # takes a third of the time
    return text[1:-1] if len(text) == WHOLE else f"{text[1:20]}.000000Z"


PARAMETERS: Mapping[str, Callable[[Moment, str], Any]] = {
    "moment_today": lambda moment, dialect: moment.today.isoformat() if dialect == "sqlite" else moment.today,
    "moment_now": lambda moment, dialect: instant_text(moment.now) if dialect == "sqlite" else moment.instant,
    "moment_zone": lambda moment, _: moment.zone.key,
    "moment_me": lambda moment, _: moment.me,
    "moment_team": lambda moment, dialect: _ids(moment.team, dialect),
    "moment_roles": lambda moment, _: listed(moment.roles),
    "moment_units": lambda moment, dialect: _ids(moment.units, dialect),
}
"""What each parameter stands for, in a database's own form."""


OF_ACTOR: Mapping[str, Callable[[Any, str], Any]] = {
    "moment_me": lambda actor, _: actor.id,
    "moment_team": lambda actor, dialect: _ids(actor.team, dialect),
    "moment_units": lambda actor, dialect: _ids(actor.units, dialect),
}
"""The parameters that somebody's place says by itself; most permissions ask for nothing else."""


def of_actor(actor: Any, dialect: str, names: Iterable[str]) -> dict[str, Any] | None:
    """The values of these parameters, where they are all of somebody's place: then no moment has to be made."""
    found = {}
    for name in names:
        value = OF_ACTOR.get(name)
        if value is None:
            return None
        found[name] = value(actor, dialect)
    return found


def _ids(values: frozenset[int], dialect: str) -> Any:
    if dialect == "portable":
        return sorted(values)
    return array(values) if dialect == "postgresql" else listed(values)
