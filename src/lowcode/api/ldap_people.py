"""Whom an LDAP directory speaks of: one who typed login and password, or all of them as an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from lowcode.api import ldap
from lowcode.api.connectors.organisation import Department, Member, Organisation
from lowcode.api.definition_ldap import LdapDocument
from lowcode.api.ldap import Connection, Entry, LdapError
from lowcode.api.secret_values import secret_of
from lowcode.api.sign_in.kind import Person
from lowcode.kernel.contract import Context
from lowcode.kernel.reasons import both
from lowcode.kernel.texts import whole_in

DISABLED = 2
"""The bit of Active Directory's `userAccountControl` that says so."""
ASKED = 50
"""So many names stand in one filter."""
UNIT = "(objectClass=organizationalUnit)"


def connected(context: Context, document: LdapDocument, whole: float = ldap.LONGEST) -> Connection:
    """A connection to the directory, as nobody yet, that lasts `whole` seconds at most."""
    return Connection(
        _value(context, document, document.url), allowed=context.host.allow_private, start_tls=document.start_tls,
        authority=_value(context, document, document.authority), timeout=float(document.timeout), whole=whole,
    )  # fmt: skip


def read_as(context: Context, document: LdapDocument, connection: Connection) -> None:
    """Become the reader. Raises LdapError."""
    connection.bind(_value(context, document, document.reader), _value(context, document, document.password))


def whom(context: Context, document: LdapDocument, login: str, password: str) -> Person | None:
    """Who it is; None for a login nobody has, or a wrong password. Raises LdapError and what a connection raises.

    Somebody waits for it: the document's seconds are those of all of it together."""
    if not login or not password:
        return None
    with connected(context, document, float(document.timeout)) as connection:
        entry = _entry_of(context, document, connection, login)
        if entry is None:
            return None
        groups = list(_groups_of(document, connection, entry))
        try:
            connection.bind(entry.name, password)
        except LdapError as refused:
            if refused.code == ldap.WRONG_PASSWORD:
                return None
            raise
    return _person(document, entry, groups)


def sought(context: Context, document: LdapDocument, login: str) -> Person | None:
    """Whom a login means, by the reader alone; None where nobody who counts has it. Raises LdapError and what a
    connection raises."""
    if not login:
        return None
    with connected(context, document, float(document.timeout)) as connection:
        entry = _entry_of(context, document, connection, login)
        return None if entry is None else _person(document, entry, list(_groups_of(document, connection, entry)))


def _entry_of(context: Context, document: LdapDocument, connection: Connection, login: str) -> Entry | None:
    """The one entry that counts and has a login, looked for as the reader."""
    read_as(context, document, connection)
    where = ldap.all_of([ldap.parsed(document.where), ldap.equals(document.attributes.login, login)])
    found = list(islice(connection.search(document.base, where, _attributes(document), most=2), 2))
    return found[0] if len(found) == 1 and active(found[0]) else None


def organisation(context: Context, document: LdapDocument) -> Organisation:
    """All of it: organisational units as departments, people below them."""
    attributes = document.attributes
    with connected(context, document) as connection:
        read_as(context, document, connection)
        people = list(connection.search(document.base, ldap.parsed(document.where), _attributes(document)))
        units = list(
            connection.search(
                document.base,
                ldap.parsed(UNIT),
                [document.attributes.account, "ou", "description", document.attributes.head],
            )
        )
        groups = _all_groups(document, connection)
    marks = {ldap.steps(each.name): mark_of(document, each) for each in people}
    keys = {ldap.steps(each.name): mark_of(document, each) for each in units}
    departments = tuple(
        Department(
            keys[place], each.text("ou") or ldap.first_of(each.name), _above(place, keys),
            marks.get(ldap.steps(each.text(attributes.head))),
        )
        for place, each in ((ldap.steps(each.name), each) for each in units)
    )  # fmt: skip
    return Organisation(departments, tuple(_members(document, people, keys, marks, groups)))


def _members(
    document: LdapDocument, people: Iterable[Entry], keys: Mapping[tuple[str, ...], str],
    marks: Mapping[tuple[str, ...], str], groups: Mapping[tuple[str, ...], list[str]],
) -> Iterator[Member]:  # fmt: skip
    for each in people:
        place = ldap.steps(each.name)
        person = _person(document, each, groups.get(place, []))
        attributes = document.attributes
        yield Member(
            person.account, person.name, person.login, person.email, person.phone, each.text(attributes.title),
            _above(place, keys), marks.get(ldap.steps(each.text(attributes.manager))), active(each), person.values,
        )  # fmt: skip


def mark_of(document: LdapDocument, entry: Entry) -> str:
    """What an entry is known by. Raises LdapError naming the attribute that is missing."""
    found = entry.mark(document.attributes.account)
    if not found:
        raise LdapError(
            both(
                f"'{entry.name}' has no {document.attributes.account}: name another in 'attributes.account'",
                f"“{entry.name}”没有属性 {document.attributes.account}：请在 attributes.account 中换一个",
            )
        )
    return found


def active(entry: Entry) -> bool:
    """Whether an entry is switched off; only Active Directory says so."""
    said = entry.text("userAccountControl")
    return not (whole_in(said) or 0) & DISABLED


def _person(document: LdapDocument, entry: Entry, groups: Iterable[str]) -> Person:
    values: dict[str, Any] = {name: entry.texts(name) for name in _attributes(document)}
    named = [ldap.first_of(each) for each in entry.texts("memberOf")]
    values["groups"] = list(dict.fromkeys([*named, *groups]))
    email, phone = entry.text(document.attributes.email), entry.text(document.attributes.phone)
    vouched = frozenset(sort for sort, value in (("email", email), ("phone", phone)) if value)
    login = entry.text(document.attributes.login)
    name = entry.text(document.attributes.name) or login
    return Person(mark_of(document, entry), login, name, email, phone, vouched, values)


def _attributes(document: LdapDocument) -> list[str]:
    named = [*document.attributes.model_dump(exclude={"head"}).values(), "memberOf", "userAccountControl"]
    people = document.people
    claims = [each.claim for each in (people.roles, people.department) if each is not None and each.claim != "groups"]
    return list(dict.fromkeys([*named, *claims]))


def _groups_of(document: LdapDocument, connection: Connection, entry: Entry) -> Iterator[str]:
    """The names of the groups that somebody belongs to; of groups of groups a level is asked for at once."""
    groups = document.groups
    if groups is None:
        return
    seen: set[tuple[str, ...]] = set()
    level = [entry.name]
    while level:
        following = []
        for at in range(0, len(level), ASKED):
            named = [ldap.equals(groups.member, each) for each in level[at : at + ASKED]]
            where = ldap.all_of([ldap.parsed(groups.where), ldap.any_of(named)])
            for each in connection.search(groups.base, where, [groups.name]):
                if ldap.steps(each.name) not in seen:
                    seen.add(ldap.steps(each.name))
                    following.append(each.name)
                    yield each.text(groups.name)
        level = following if groups.nested else []


def _all_groups(document: LdapDocument, connection: Connection) -> dict[tuple[str, ...], list[str]]:
    """The names of the groups of everybody, by their distinguished names."""
    groups = document.groups
    if groups is None:
        return {}
    names: dict[tuple[str, ...], str] = {}
    above: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for each in connection.search(groups.base, ldap.parsed(groups.where), [groups.name, groups.member]):
        place = ldap.steps(each.name)
        names[place] = each.text(groups.name)
        for one in each.texts(groups.member):
            above.setdefault(ldap.steps(one), []).append(place)
    further = above if groups.nested else {}
    return {place: [names[each] for each in _up(own, further)] for place, own in above.items() if place not in names}


def _up(own: Sequence[tuple[str, ...]], above: Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]) -> Iterable[Any]:
    """Some groups and those that they belong to, each once."""
    found = dict.fromkeys(own)
    waiting = list(found)
    while waiting:
        following = [each for each in above.get(waiting.pop(), ()) if each not in found]
        found |= dict.fromkeys(following)
        waiting += following
    return found


def _above(place: tuple[str, ...], keys: Mapping[tuple[str, ...], str]) -> str | None:
    """The unit that something stands in: the nearest above it."""
    return next((keys[place[:end]] for end in range(len(place) - 1, 0, -1) if place[:end] in keys), None)


def _value(context: Context, document: LdapDocument, written: Any) -> str:
    if written is None or isinstance(written, str):
        return written or ""
    return secret_of(context, written.secret, document.name)
