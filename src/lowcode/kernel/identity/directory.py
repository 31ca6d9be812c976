"""The built-in directory: users, departments, managers, roles, absence; read once, asked often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.identity.actor import Actor
from lowcode.kernel.storage import Unit
from lowcode.kernel.storage import tables as t

USERS = sa.select(t.user)
DEPARTMENTS = sa.select(t.department)
MEMBERSHIPS = sa.select(t.membership)
ABSENCES = sa.select(t.absence)
DEVICES = sa.select(t.push_subscription.c.user).distinct()


@dataclass(frozen=True, slots=True)
class User:
    """A person of the directory."""

    id: int
    login: str
    name: str
    title: Text | None
    email: str | None
    phone: str | None
    locale: str | None
    active: bool
    department: int | None
    manager: int | None
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Department:
    """A department; `head` is the id of the user who leads it."""

    id: int
    name: str
    title: Text
    parent: int | None
    head: int | None

    @property
    def called(self) -> tuple[str, ...]:
        """What an author may call it by: its key, and its title in any language."""
        titles = self.title.values() if isinstance(self.title, Mapping) else (self.title,)
        return tuple(dict.fromkeys((self.name, *titles)))


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away; `agent` stands in. With `only` it is about these matters alone (`flow:price`) and they are
    there for all else; with `but` about all except these."""

    user: int
    since: datetime
    until: datetime
    agent: int | None
    only: frozenset[str] = frozenset()
    but: frozenset[str] = frozenset()

    def concerns(self, matter: str | None) -> bool:
        """Whether it is about a matter; None is nothing in particular."""
        return matter in self.only if self.only else matter not in self.but

    @property
    def nearness(self) -> tuple[int, datetime]:
        """Of several the nearest counts: that which names the matter before one about all but some before one about
        all, and of equals the one that began last."""
        return (2 if self.only else 1 if self.but else 0, self.since)


class Directory:
    """A snapshot of everybody; the host reads it anew when something in it changes."""

    def __init__(
        self, users: Iterable[User], departments: Iterable[Department] = (), absences: Iterable[Absence] = (),
        with_devices: Iterable[int] = (),
    ) -> None:  # fmt: skip
        self.users: Mapping[int, User] = {user.id: user for user in users}
        self.by_login: Mapping[str, User] = {user.login: user for user in self.users.values()}
        self.departments: Mapping[int, Department] = {each.id: each for each in departments}
        self.with_devices = frozenset(with_devices)
        """Who has a browser that shows notices: nobody else's notices are put off for one."""
        self._absences: dict[int, list[Absence]] = {}
        for absence in absences:
            self._absences.setdefault(absence.user, []).append(absence)
        above = ((user, self.manager_of(user)) for user in self.users)
        self.managers: Mapping[int, int] = {user: manager for user, manager in above if manager is not None}
        """The manager of everybody who has one (`manager_of`)."""
        self._reports: dict[int, list[int]] = {}
        for user, manager in self.managers.items():
            self._reports.setdefault(manager, []).append(user)
        self._below: dict[int, list[int]] = {}
        for department in self.departments.values():
            if department.parent is not None:
                self._below.setdefault(department.parent, []).append(department.id)
        self._actors: dict[int, Actor] = {}
        self._with_role: dict[str, list[User]] = {}

    @cached_property
    def active(self) -> frozenset[int]:
        """Everybody who is still there."""
        return frozenset(user.id for user in self.users.values() if user.active)

    @classmethod
    def read(cls, unit: Unit) -> Directory:
        """Read it from the database: five queries, whatever its size."""
        roles: dict[int, set[str]] = {}
        for row in unit.fetch(MEMBERSHIPS):
            roles.setdefault(row["user"], set()).add(row["role"])
        users = [
            User(
                row["id"], row["login"], row["name"], row["title"], row["email"], row["phone"], row["locale"],
                bool(row["active"]), row["department"], row["manager"], frozenset(roles.get(row["id"], ())),
            )
            for row in unit.fetch(USERS)
        ]  # fmt: skip
        departments = [
            Department(row["id"], row["name"], row["title"], row["parent"], row["head"])
            for row in unit.fetch(DEPARTMENTS)
        ]
        absences = [
            Absence(
                row["user"], row["since"], row["until"], row["agent"],
                frozenset(row["only"] or ()), frozenset(row["but"] or ()),
            )
            for row in unit.fetch(ABSENCES)
        ]  # fmt: skip
        return cls(users, departments, absences, (row["user"] for row in unit.fetch(DEVICES)))

    def manager_of(self, user_id: int) -> int | None:
        """A person's manager: the one named, else the head of the department, else of the one above it."""
        user = self.users.get(user_id)
        if user is None:
            return None
        if user.manager is not None:
            return user.manager
        department = self.departments.get(user.department) if user.department is not None else None
        seen: set[int] = set()
        while department is not None and department.id not in seen:
            seen.add(department.id)
            if department.head is not None and department.head != user_id:
                return department.head
            department = self.departments.get(department.parent) if department.parent is not None else None
        return None

    def departments_of(self, user_id: int) -> list[str]:
        """The names of a person's department and those above it, the nearest first."""
        user = self.users.get(user_id)
        above = self.above(user.department) if user is not None and user.department else ()
        return [each.name for each in above]

    def above(self, department_id: int) -> list[Department]:
        """A department and those above it, the nearest first."""
        department = self.departments.get(department_id)
        found: list[Department] = []
        while department is not None and department not in found:
            found.append(department)
            department = self.departments.get(department.parent) if department.parent is not None else None
        return found

    def team_of(self, user_id: int) -> frozenset[int]:
        """A person and everybody below."""
        found = {user_id}
        waiting = [user_id]
        while waiting:
            for below in self._reports.get(waiting.pop(), ()):
                if below not in found:
                    found.add(below)
                    waiting.append(below)
        return frozenset(found)

    def units_of(self, user_id: int) -> frozenset[int]:
        """The departments a person belongs to or leads, and those below the ones led."""
        user = self.users[user_id]
        found = {user.department} if user.department is not None else set()
        waiting = [each.id for each in self.departments.values() if each.head == user_id]
        while waiting:
            unit = waiting.pop()
            if unit not in found or unit == user.department:
                found.add(unit)
                waiting.extend(below for below in self._below.get(unit, ()) if below not in found)
        return frozenset(found)

    def actor(self, user_id: int) -> Actor | None:
        """The person as an actor; None when unknown or no longer active."""
        found = self._actors.get(user_id)
        if found is None:
            user = self.users.get(user_id)
            if user is None or not user.active:
                return None
            found = self._actors[user_id] = Actor(
                user.id, user.login, user.name, user.roles, user.department,
                self.units_of(user_id), self.team_of(user_id), user.locale,
            )  # fmt: skip
        return found

    def with_role(self, role: str, department: int | None = None) -> list[User]:
        """Active people who have a role, in the order of their ids."""
        found = self._with_role.get(role)
        if found is None:
            having = (user for user in self.users.values() if user.active and role in user.roles)
            found = self._with_role[role] = sorted(having, key=lambda user: user.id)
        return [user for user in found if department is None or user.department == department]

    @property
    def knows_absences(self) -> bool:
        """Whether anybody was away, is or will be."""
        return bool(self._absences)

    def absence_of(self, user_id: int, at: datetime, matter: str | None = None) -> Absence | None:
        """The absence a person is in at an instant, for a matter or for nothing in particular: the nearest."""
        now = (each for each in self._absences.get(user_id, ()) if each.since <= at < each.until)
        return max((each for each in now if each.concerns(matter)), key=lambda each: each.nearness, default=None)

    def facts(self, user_id: int) -> dict[str, Any]:
        """A person's values as expressions read them."""
        user = self.users.get(user_id)
        if user is None:
            return {}
        return {"id": user.id, "login": user.login, "name": user.name, "department": user.department,
                "manager": self.manager_of(user_id), "email": user.email, "active": user.active}  # fmt: skip
