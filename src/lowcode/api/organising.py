"""What would change: the organisation as a service has it, beside the directory as it is here. Pure.

A person is known by their account at the service; who has none yet is found by an address or number that the service
vouches for, and only if it belongs to exactly one person; a login decides only where the document says so, and a name
never. What cannot be decided is a *conflict* that an administrator resolves; everybody else is not kept waiting by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lowcode.api.connectors.organisation import Department, Member, Organisation
from lowcode.api.definition_organisation import OrganisationDocument
from lowcode.api.recognising import digits, said
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.identity import ADMINISTRATOR
from lowcode.kernel.identity.directory import Directory, User

FEW = 3
"""So many may always leave at once."""
LOGIN_LENGTH = 100

Does = Literal["comes", "linked", "changes", "moves", "leaves", "returns"]
Reason = Literal["ambiguous", "taken", "login", "nobody", "domain", "last_administrator", "many_leave", "department"]


@dataclass(frozen=True, slots=True)
class Change:
    """One department or person: what becomes of it, `sets` as the directory takes it, `was` what stands there now."""

    does: tuple[Does, ...]
    key: str
    name: str
    known_as: str
    """The login of a person, the name of a department."""
    sets: Mapping[str, Any]
    was: Mapping[str, Any] = field(default_factory=dict)
    user: int | None = None


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is left for an administrator: why, about whom, and what else is in it."""

    reason: Reason
    name: str
    key: str = ""
    others: tuple[str, ...] = ()
    count: int = 0
    of: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What was brought before: the departments by their keys, whose accounts are whose, who is still there."""

    departments: Mapping[str, int]
    accounts: Mapping[str, int]
    members: Mapping[str, bool]
    """Each account that was seen, and whether it is there (True) or has left."""


@dataclass(frozen=True, slots=True)
class Changes:
    """All that would change, and what is left."""

    departments: tuple[Change, ...]
    people: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    linked: Mapping[str, str]
    """The names of the departments here, by their keys there."""
    accounts: Mapping[str, str]
    """The logins of people here, by their accounts there."""


def planned(
    document: OrganisationDocument, found: Organisation, people: Directory, known: Known, *, all_leave: bool = False
) -> Changes:
    """What would change. With `all_leave` an administrator has agreed that many leave."""
    conflicts: list[Conflict] = []
    linked = _linked(found.departments, people, known, conflicts) if document.departments else {}
    recognised = _Recognised(document, found, people, known, conflicts)
    changes = [each for each in (_person(document, each, linked, recognised) for each in found.people) if each]
    leaves = list(_leaves(found, recognised))
    were = sum(known.members.values())
    if not all_leave and len(leaves) > max(FEW, were * document.leaves // 100):
        conflicts.append(Conflict("many_leave", "", count=len(leaves), of=were))
        leaves = []
    leaves = list(_but_the_last_administrator(leaves, people, conflicts))
    return Changes(
        tuple(_departments(found.departments, linked, recognised)) if document.departments else (),
        (*changes, *leaves),
        tuple(conflicts),
        linked,
        recognised.logins,
    )


def _linked(found: Iterable[Department], people: Directory, known: Known, conflicts: list[Conflict]) -> dict[str, str]:
    """The name here of each department there: linked before, called the same by exactly one, or a name of its own."""
    here = people.departments
    linked = {key: here[number].name for key, number in known.departments.items() if number in here}
    used = set(linked.values())
    taken = {each.name for each in here.values()}
    free: dict[str, list[str]] = {}
    for one in here.values():
        for called in _called(one.name, one.title) if one.name not in used else ():
            free.setdefault(called, []).append(one.name)
    names: dict[str, str] = {}
    for each in found:
        if each.key in linked:
            names[each.key] = linked[each.key]
            continue
        same = [name for name in free.get(each.name, ()) if name not in used]
        if len(same) == 1:
            names[each.key] = same[0]
            used.add(same[0])
            continue
        if len(same) > 1:
            conflicts.append(Conflict("department", each.name, each.key, tuple(same)))
        name = each.name if each.name not in taken else f"{each.name} ({each.key})"
        taken.add(name)
        names[each.key] = name
    return names


def _called(name: str, title: Text) -> set[str]:
    return {name, *(title.values() if isinstance(title, Mapping) else [title])}


def _departments(found: Iterable[Department], linked: Mapping[str, str], recognised: _Recognised) -> Iterator[Change]:
    """Departments that are made, called otherwise, moved, or led by somebody else; those above come first."""
    people = recognised.people
    by_name = {each.name: each for each in people.departments.values()}
    for each in _from_the_top(found):
        name = linked[each.key]
        here = by_name.get(name)
        above = linked.get(each.parent) if each.parent is not None else None
        head = recognised.logins.get(each.head) if each.head is not None else None
        sets: dict[str, Any] = {"title": each.name, "parent": above}
        if head is not None:
            sets["head"] = head
        if here is None:
            yield Change(("comes",), each.key, each.name, name, sets)
            continue
        parent = people.departments.get(here.parent) if here.parent is not None else None
        leads = people.users.get(here.head) if here.head is not None else None
        now = {"title": here.title, "parent": parent.name if parent else None, "head": leads.login if leads else None}
        if each.name in _called("", here.title):
            sets["title"] = here.title
        differs = {key: value for key, value in sets.items() if now[key] != value}
        if differs:
            does: tuple[Does, ...] = ("moves",) if "parent" in differs else ()
            does += ("changes",) if differs.keys() - {"parent"} else ()
            yield Change(does, each.key, each.name, name, differs, {key: now[key] for key in differs})


def _from_the_top(found: Iterable[Department]) -> list[Department]:
    """Each after the one above it."""
    by_key = {each.key: each for each in found}

    def depth(each: Department) -> int:
        steps, seen = 0, {each.key}
        while each.parent in by_key and each.parent not in seen:
            each, steps = by_key[each.parent], steps + 1
            seen.add(each.key)
        return steps

    return sorted(by_key.values(), key=depth)


class _Recognised:
    """Who of the directory each member is: their login, also of those who come."""

    def __init__(
        self, document: OrganisationDocument, found: Organisation, people: Directory, known: Known,
        conflicts: list[Conflict],
    ) -> None:  # fmt: skip
        self.people, self.known = people, known
        self.users: dict[str, User] = {}
        self.logins: dict[str, str] = {}
        self.linked: set[str] = set()
        self._document = document.people
        self._same_logins = document.same_logins
        self._conflicts = conflicts
        self._owners = {user: account for account, user in known.accounts.items()}
        self._logins = {login.casefold() for login in people.by_login}
        self._by_login = {login.casefold(): user for login, user in people.by_login.items()}
        self._addresses: dict[str, list[User]] = {}
        for user in people.users.values():
            for address in {(user.email or "").strip().casefold(), digits(user.phone)} - {""}:
                self._addresses.setdefault(address, []).append(user)
        for member in found.people:
            self._recognise(member)

    def _recognise(self, member: Member) -> None:
        number = self.known.accounts.get(member.account)
        user = self.people.users.get(number) if number is not None else None
        if user is None and member.active:
            user = self._found(member)
        if user is not None:
            self.users[member.account] = user
            self.logins[member.account] = user.login

    def _found(self, member: Member) -> User | None:
        """Whom an address that the service vouches for belongs to; who belongs to nobody may come."""
        people = self._document
        sought = "" if people.find == "nothing" else _sought(people.find, member)
        same = self._addresses.get(sought, []) if sought else []
        if sought and people.domains and sought.rpartition("@")[2] not in {one.casefold() for one in people.domains}:
            self._conflicts.append(Conflict("domain", member.name, member.account, (sought,)))
            return None
        if not same and self._same_logins:
            user = self._by_login.get(_login(member).casefold())
            same = [user] if user is not None else []
        if len(same) > 1:
            others = tuple(each.login for each in same)
            self._conflicts.append(Conflict("ambiguous", member.name, member.account, others))
            return None
        if same:
            if same[0].id in self._owners:
                self._conflicts.append(Conflict("taken", member.name, member.account, (same[0].login,)))
                return None
            self._owners[same[0].id] = member.account
            self.linked.add(member.account)
            return same[0]
        self._comes(member)
        return None

    def _comes(self, member: Member) -> None:
        if self._document.create is None:
            self._conflicts.append(Conflict("nobody", member.name, member.account))
            return
        login = _login(member)
        if login.casefold() in self._logins:
            self._conflicts.append(Conflict("login", member.name, member.account, (login,)))
            return
        self._logins.add(login.casefold())
        self.logins[member.account] = login


def _login(member: Member) -> str:
    return (member.login or member.email or member.account).strip()[:LOGIN_LENGTH]


def _sought(find: str, member: Member) -> str:
    return member.email.strip().casefold() if find == "email" else digits(member.phone)


def _person(
    document: OrganisationDocument, member: Member, linked: Mapping[str, str], recognised: _Recognised
) -> Change | None:
    """Somebody who comes, is linked, changes or returns; None where nothing changes or nobody is meant."""
    login = recognised.logins.get(member.account)
    user = recognised.users.get(member.account)
    if login is None or not member.active:
        return None
    sets = _values(document, member, linked, recognised)
    if user is None:
        create = document.people.create
        assert create is not None
        if create.department is not None:
            sets.setdefault("department", create.department)
        sets["roles"] = _roles(document, member, frozenset(create.roles))
        return Change(("comes",), member.account, member.name, login, sets)
    people = recognised.people
    here = people.departments.get(user.department) if user.department is not None else None
    manager = people.users.get(user.manager) if user.manager is not None else None
    now: dict[str, Any] = {
        "name": user.name, "email": user.email, "phone": user.phone, "title": user.title, "active": user.active,
        "department": here.name if here else None, "manager": manager.login if manager else None,
        "roles": tuple(sorted(user.roles)),
    }  # fmt: skip
    sets["roles"] = _roles(document, member, user.roles)
    if member.title and member.title in _called("", user.title or ""):
        sets["title"] = user.title
    if recognised.known.members.get(member.account) is False and not user.active:
        sets["active"] = True
    differs = {key: value for key, value in sets.items() if now[key] != value}
    does: list[Does] = ["linked"] if member.account in recognised.linked else []
    does += ["returns"] if "active" in differs else []
    does += ["moves"] if "department" in differs else []
    does += ["changes"] if differs.keys() - {"active", "department"} else []
    if not does:
        return None
    return Change(
        tuple(does), member.account, member.name, login, differs, {key: now[key] for key in differs}, user.id
    )  # fmt: skip


def _values(
    document: OrganisationDocument, member: Member, linked: Mapping[str, str], recognised: _Recognised
) -> dict[str, Any]:
    """What the service says of somebody, as the directory takes it; what it does not say is left as it is."""
    told = {"name": member.name, "email": member.email, "phone": member.phone, "title": member.title}
    sets: dict[str, Any] = {key: value.strip() for key, value in told.items() if value.strip()}
    if document.departments and member.department is not None and member.department in linked:
        sets["department"] = linked[member.department]
    mapped = document.people.department
    if mapped is not None:
        chosen = next(
            (mapped.values[each] for each in said(member.values, mapped.claim) if each in mapped.values), None
        )
        if chosen is not None:
            sets["department"] = chosen
    manager = recognised.logins.get(member.manager) if member.manager is not None else None
    if manager is not None and member.manager != member.account:
        sets["manager"] = manager
    return sets


def _roles(document: OrganisationDocument, member: Member, has: frozenset[str]) -> tuple[str, ...]:
    """Roles by what the service says of a person: those that stand in the document are given and taken."""
    mapped = document.people.roles
    if mapped is None:
        return tuple(sorted(has))
    managed = {role for roles in mapped.values.values() for role in roles}
    given = {role for each in said(member.values, mapped.claim) for role in mapped.values.get(each, ())}
    return tuple(sorted((has - managed) | given))


def _leaves(found: Organisation, recognised: _Recognised) -> Iterator[Change]:
    """Who was there and is no longer, or is no longer active there."""
    there = {each.account: each for each in found.people if each.active}
    for account, was_there in recognised.known.members.items():
        number = recognised.known.accounts.get(account)
        user = recognised.people.users.get(number) if number is not None else None
        if was_there and account not in there and user is not None:
            sets = {"active": False} if user.active else {}
            yield Change(("leaves",), account, user.name, user.login, sets, {"active": user.active}, user.id)


def _but_the_last_administrator(
    leaves: Iterable[Change], people: Directory, conflicts: list[Conflict]
) -> Iterator[Change]:
    """Somebody has to be able to keep the app."""
    left = {user.id for user in people.users.values() if user.active and ADMINISTRATOR in user.roles}
    for each in leaves:
        if each.user in left:
            if len(left) == 1:
                conflicts.append(Conflict("last_administrator", each.name, each.key))
                continue
            left.remove(each.user)
        yield each
