"""Questions about people that flows and rules ask, answered from the directory of the host."""

from __future__ import annotations

from itertools import islice
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.identity.directory import Absence, Directory, User

OFFERED = 1000
"""So many people, and departments, are offered by name; of more, a login or a name is written."""


def directory(context: Context) -> Directory:
    """The directory as it is now."""
    found = context.host.directory(context.unit)
    assert isinstance(found, Directory)
    return found


def users_with_role(context: Context, role: str, department: int | None = None) -> list[User]:
    """Active people who have a role."""
    return directory(context).with_role(role, department)


def manager_of(context: Context, user_id: int, levels: int = 1) -> int | None:
    """The manager a number of levels up, None when the chain ends before."""
    people = directory(context)
    current: int | None = user_id
    for _ in range(levels):
        if current is None:
            return None
        current = people.manager_of(current)
    return current


def head_of_department(context: Context, department_id: int) -> int | None:
    """The id of the person who leads a department."""
    department = directory(context).departments.get(department_id)
    return department.head if department else None


def team_of(context: Context, user_id: int) -> frozenset[int]:
    """A person and everybody below."""
    return directory(context).team_of(user_id)


def absence_of(context: Context, user_id: int) -> Absence | None:
    """The absence somebody is in now."""
    return directory(context).absence_of(user_id, context.now())


def absent(context: Context, user_id: int) -> bool:
    """Whether somebody is away now."""
    return absence_of(context, user_id) is not None


def user_by_login(context: Context, login: str) -> User | None:
    """The person of a login."""
    return directory(context).by_login.get(login)


def user(context: Context, user_id: int) -> User | None:
    """The person of an id."""
    return directory(context).users.get(user_id)


def departments_offered(context: Context) -> list[dict[str, Any]]:
    """The departments an author may name, by their names: as many as a list holds."""
    found = sorted(directory(context).departments.values(), key=lambda each: each.name)
    return [{"name": each.name, "title": each.title} for each in islice(found, OFFERED)]


def offered(context: Context) -> list[dict[str, str]]:
    """The people an author may name, by login: those who are active, as many as a list holds."""
    people = directory(context)
    active = (each for each in sorted(people.users.values(), key=lambda each: each.login) if each.id in people.active)
    return [{"name": each.login, "title": each.name} for each in islice(active, OFFERED)]
