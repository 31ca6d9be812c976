"""What would change by an organisation, whatever it looks like: applied once, nothing is left to change."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lowcode.api.connectors.organisation import Department, Member, Organisation
from lowcode.api.definition_organisation import OrganisationDocument
from lowcode.api.organising import Change, Changes, Known, planned
from lowcode.kernel.identity.directory import Department as Unit
from lowcode.kernel.identity.directory import Directory, User

KEYS = ["d1", "d2", "d3"]
ACCOUNTS = ["a", "b", "c", "d", "e"]
MAILS = st.sampled_from(["", "x@example.com", "y@example.com", "z@example.com"])
NAMES = st.sampled_from(["Trade", "East", "West"])


def document(**more: Any) -> OrganisationDocument:
    made = {"name": "firm", "type": "organisation", "connector": "chat", "leaves": 100}
    return OrganisationDocument.model_validate({**made, "people": {"create": {"roles": ["sales"]}}, **more})


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    accounts = draw(st.lists(st.sampled_from(ACCOUNTS), unique=True))
    someone = st.sampled_from([*accounts, None]) if accounts else st.none()
    above = [None, *keys]
    departments = [
        Department(key, draw(NAMES), draw(st.sampled_from(above[: at + 1])), draw(someone))
        for at, key in enumerate(keys)
    ]
    people = [
        Member(
            account, draw(st.sampled_from(["Ann", "Bo"])), draw(st.sampled_from([account, "li", ""])),
            draw(MAILS), department=draw(st.sampled_from(above)), manager=draw(someone), active=draw(st.booleans()),
        )
        for account in accounts
    ]  # fmt: skip
    return Organisation(tuple(draw(st.permutations(departments))), tuple(people))


def begun() -> Directory:
    people = [("root", "", {"administrator"}), ("li", "x@example.com", set()), ("wu", "y@example.com", set()),
              ("xu", "y@example.com", set())]  # fmt: skip
    return Directory(
        [
            User(at, login, login, None, mail, None, None, True, 1, None, frozenset(roles))
            for at, (login, mail, roles) in enumerate(people, 1)
        ],
        [Unit(1, "trade", {"en": "Trade", "zh-CN": "贸易"}, None, None)],
    )


def applied(people: Directory, known: Known, found: Organisation, changes: Changes) -> tuple[Directory, Known]:
    """The directory afterwards, as `api.sync` writes it."""
    units = {each.name: each for each in people.departments.values()}
    users = dict(people.by_login)
    numbers = {name: unit.id for name, unit in units.items()}
    for each in changes.departments:
        numbers.setdefault(each.known_as, len(numbers) + 1)
    logins = {login: user.id for login, user in users.items()}
    for each in changes.people:
        logins.setdefault(each.known_as, len(logins) + 1)
    for each in changes.departments:
        units[each.known_as] = unit_of(each, units.get(each.known_as), numbers, logins)
    for each in changes.people:
        users[each.known_as] = user_of(each, users.get(each.known_as), numbers, logins)
    there = {each.account for each in found.people if each.active and each.account in changes.accounts}
    accounts = {**known.accounts, **{account: logins[changes.accounts[account]] for account in there}}
    left = {each.key for each in changes.people if each.does == ("leaves",)}
    members = {**known.members, **dict.fromkeys(left, False), **dict.fromkeys(there, True)}
    departments = {**known.departments, **{key: numbers[name] for key, name in changes.linked.items()}}
    return Directory(users.values(), units.values()), Known(departments, accounts, members)


def unit_of(change: Change, before: Unit | None, numbers: dict[str, int], logins: dict[str, int]) -> Unit:
    sets = change.sets
    title = sets.get("title", before.title if before else change.known_as)
    parent, head = before.parent if before else None, before.head if before else None
    if "parent" in sets:
        parent = numbers[sets["parent"]] if sets["parent"] is not None else None
    return Unit(
        numbers[change.known_as], change.known_as, title, parent, logins[sets["head"]] if "head" in sets else head
    )


def user_of(change: Change, before: User | None, numbers: dict[str, int], logins: dict[str, int]) -> User:
    sets = change.sets

    def kept(name: str, otherwise: Any) -> Any:
        return sets.get(name, getattr(before, name) if before is not None else otherwise)

    department = numbers[sets["department"]] if "department" in sets else kept("department", None)
    manager = logins[sets["manager"]] if "manager" in sets else kept("manager", None)
    login = change.known_as
    return User(
        logins[login], login, kept("name", login), kept("title", None), kept("email", None), kept("phone", None), None,
        kept("active", True), department, manager, frozenset(kept("roles", ())),
    )  # fmt: skip


@given(st.lists(organisations(), min_size=1, max_size=3), st.booleans())
def test_once_is_enough(history: list[Organisation], same_logins: bool) -> None:
    """Whatever came before: applied once, the second plan is empty but for the same conflicts. Nobody is lost, an
    account belongs to one person, and somebody is left who can keep the app."""
    people, known = begun(), Known({}, {}, {})
    says = document(same_logins=same_logins)
    for found in history:
        changes = planned(says, found, people, known)
        before = set(people.by_login)
        people, known = applied(people, known, found, changes)
        again = planned(says, found, people, known)
        assert ((), ()) == (again.departments, again.people)
        left = {(each.key, each.name) for each in changes.conflicts if each.reason != "department"}
        assert left == {(each.key, each.name) for each in again.conflicts}
        assert before <= set(people.by_login)
        there = [known.accounts[each.account] for each in found.people if known.members.get(each.account)]
        assert len(there) == len(set(there))
        assert any(user.active and "administrator" in user.roles for user in people.users.values())
