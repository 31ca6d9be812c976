"""The calendars of an app: the usual one, and those of teams that work at other times.

Whose calendar somebody has: that of their department or the nearest one above it, else that of one of their roles (a
team or a region that is no department), else the usual one.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass

from lowcode.kernel.calendar.working import Calendar


@dataclass(frozen=True, slots=True)
class TeamCalendar:
    """When the people of some departments, or with some roles, work."""

    name: str
    departments: frozenset[str]
    roles: frozenset[str]
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class Calendars:
    """All of an app."""

    usual: Calendar
    teams: tuple[TeamCalendar, ...] = ()

    def of(self, departments: Iterable[str], roles: Set[str]) -> TeamCalendar | None:
        """That of somebody by their departments, the nearest first, and their roles; None for the usual one."""
        for department in departments:
            for team in self.teams:
                if department in team.departments:
                    return team
        return next((team for team in self.teams if team.roles & roles), None)
