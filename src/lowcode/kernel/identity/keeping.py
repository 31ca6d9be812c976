"""Keeping the directory: a person, a department, or many of both at once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Rejected, nearest
from lowcode.kernel.identity.actor import ADMINISTRATOR
from lowcode.kernel.identity.org import directory
from lowcode.kernel.identity.passwords import MINIMUM_LENGTH, hashed
from lowcode.kernel.identity.sessions import end_sessions
from lowcode.kernel.identity.words import problem
from lowcode.kernel.storage import tables as t


class SavePerson(Parameters):
    """A person of the directory, known by login; what is left out stays as it is, and null takes it away: without a
    name they are called by their login, and whether they are active is not taken away."""

    login: str = Key(min_length=1, max_length=100)
    name: str | None = None
    title: Any = None
    email: str | None = None
    phone: str | None = None
    password: str | None = None
    locale: str | None = None
    active: bool | None = None
    department: str | None = None
    manager: str | None = None
    roles: tuple[str, ...] | None = None
    new: bool = False
    """Somebody who is not there yet: refused where the login is taken."""


class SaveDepartment(Parameters):
    """A department, known by name; what is left out stays as it is, and null takes it away."""

    name: str
    title: Any = None
    parent: str | None = None
    head: str | None = None


class SaveMany(Parameters):
    """Departments, each after the one above it, and people; they may name one another in whatever order."""

    departments: tuple[SaveDepartment, ...] = ()
    people: tuple[SavePerson, ...] = ()


APART = {"login", "roles", "password", "department", "manager", "new"}
"""What is not a column of its own."""


class Keeper:
    """The directory while it is kept: who and what is there, read once, and what was added since."""

    def __init__(self, context: Context) -> None:
        known = directory(context)
        self.context = context
        self.people: dict[str, int] = {login: user.id for login, user in known.by_login.items()}
        self.departments: dict[str, int] = {each.name: each.id for each in known.departments.values()}

    def save_department(self, params: SaveDepartment) -> int:
        """Make or change a department."""
        sent, unit = params.model_fields_set, self.context.unit
        values: dict[str, Any] = {}
        if params.title is not None:
            values["title"] = params.title
        if "parent" in sent:
            values["parent"] = self._department(params.parent, "/parent")
        if "head" in sent:
            values["head"] = self._person(params.head, "/head")
        known = self.departments.get(params.name)
        if known is None:
            identity = unit.insert(t.department, **{"name": params.name, "title": params.name, **values})
            assert identity is not None
            known = self.departments[params.name] = identity
        elif values:
            unit.run(sa.update(t.department).where(t.department.c.id == known).values(**values))
        return known

    def save_person(self, params: SavePerson) -> int:
        """Make or change a person."""
        context, sent = self.context, params.model_fields_set
        if params.new and params.login in self.people:
            raise Rejected(problem("login-taken", "/login", login=params.login))
        values = params.model_dump(exclude_unset=True, exclude=APART)
        if "name" in values:
            values["name"] = values["name"] or params.login
        if values.get("active", False) is None:
            del values["active"]
        if params.password is not None:
            long_enough(context, params.password, "/password")
            values["password"] = hashed(params.password)
        if "department" in sent:
            values["department"] = self._department(params.department, "/department")
        if "manager" in sent:
            values["manager"] = self._person(params.manager, "/manager")
        known = self.people.get(params.login)
        if known is None:
            made = {"login": params.login, "name": params.login, "active": True, "created_at": context.now(), **values}
            identity = context.unit.insert(t.user, **made)
            assert identity is not None
            known = self.people[params.login] = identity
        else:
            if values:
                context.unit.run(sa.update(t.user).where(t.user.c.id == known).values(**values))
            if params.password is not None or params.active is False:
                end_sessions(context, context.unit, known)
        if params.roles is not None:
            context.unit.run(sa.delete(t.membership).where(t.membership.c.user == known))
            for role in dict.fromkeys(params.roles):
                context.unit.insert(t.membership, user=known, role=role)
        return known

    def _person(self, login: str | None, pointer: str) -> int | None:
        if login is not None and login not in self.people:
            near = nearest(login, self.people) or ""
            raise NotFound(problem("unknown", pointer, login=login, near=near))
        return None if login is None else self.people[login]

    def _department(self, name: str | None, pointer: str) -> int | None:
        if name is not None and name not in self.departments:
            near = nearest(name, self.departments) or ""
            raise NotFound(problem("unknown-department", pointer, name=name, near=near))
        return None if name is None else self.departments[name]


def save_person(context: Context, params: SavePerson) -> int:
    """Make or change a person. Raises Rejected where nobody would be left who keeps the directory."""
    _administrator_left(context, params)
    identity = Keeper(context).save_person(params)
    context.host.forget_directory(context.unit)
    return identity


def save_department(context: Context, params: SaveDepartment) -> int:
    """Make or change a department."""
    identity = Keeper(context).save_department(params)
    context.host.forget_directory(context.unit)
    return identity


def save_many(context: Context, params: SaveMany) -> dict[str, Any]:
    """Make and change many: `{"departments": {name: number}, "people": {login: number}}`."""
    keeper = Keeper(context)
    for department in params.departments:
        keeper.save_department(_without(department, "head"))
    for person in params.people:
        keeper.save_person(_without(person, "manager"))
    for department in params.departments:
        if "head" in department.model_fields_set:
            keeper.save_department(SaveDepartment(name=department.name, head=department.head))
    for person in params.people:
        if "manager" in person.model_fields_set:
            keeper.save_person(SavePerson(login=person.login, manager=person.manager))
    context.host.forget_directory(context.unit)
    return {
        "departments": {each.name: keeper.departments[each.name] for each in params.departments},
        "people": {each.login: keeper.people[each.login] for each in params.people},
    }


def _administrator_left(context: Context, params: SavePerson) -> None:
    """Whoever takes the last administrator away would lock everybody out; the app itself may."""
    everybody = directory(context)
    leaves = params.active is False or (params.roles is not None and ADMINISTRATOR not in params.roles)
    if params.new or not leaves or context.actor.is_app:
        return
    left = [each for each in everybody.users.values() if each.active and ADMINISTRATOR in each.roles]
    if [each.login for each in left] == [params.login]:
        pointer = "/active" if params.active is False else "/roles"
        raise Rejected(problem("last-administrator", pointer, login=params.login))


def long_enough(context: Context, password: str, pointer: str) -> None:
    """Raises Rejected for a short password; the app itself may set any."""
    if len(password) < MINIMUM_LENGTH and not context.actor.is_app:
        raise Rejected(problem("short-password", pointer, least=MINIMUM_LENGTH, seen=len(password)))


def user_called(everybody: Any, login: str, pointer: str = "") -> int:
    """The number of a person. Raises NotFound."""
    found = everybody.by_login.get(login)
    if found is None:
        near = nearest(login, everybody.by_login) or ""
        raise NotFound(problem("unknown", pointer, login=login, near=near))
    return int(found.id)


def _without(params: Any, name: str) -> Any:
    """The same without one field."""
    return type(params)(**params.model_dump(exclude_unset=True, exclude={name}))


OPERATIONS = (
    Operation(
        "identity.save_person", save_person, SavePerson, "administrator",
        summary={"en": "Keep a person", "zh-CN": "维护用户"},
    ),
    Operation(
        "identity.save_department", save_department, SaveDepartment, "administrator",
        summary={"en": "Keep a department", "zh-CN": "维护部门"},
    ),
    Operation("identity.save_many", save_many, SaveMany, "internal"),
)  # fmt: skip
