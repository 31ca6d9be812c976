"""Signing in with the passwords of an LDAP directory, and following it, against a server that is real."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
import sansldap

from lowcode.api import ldap
from lowcode.api.advice import unreached
from lowcode.kernel.diagnostics import DefinitionError, TooManyRequests, Unauthenticated
from lowcode.kernel.identity import APP
from lowcode.kernel.identity.throttle import FREE
from tests.api.app import Shop, open_shop
from tests.support.ldap import Directory, running
from tests.web.calls import Open, Visitor

__all__ = ["open_shop"]

LDIF = """
dn: dc=com

dn: dc=example,dc=com
objectClass: domain
dc: example

dn: cn=reader,dc=example,dc=com
objectClass: applicationProcess
cn: reader
userPassword: reader-password

dn: ou=firm,dc=example,dc=com
objectClass: organizationalUnit
ou: Firm
entryUUID: unit-1

dn: ou=east,ou=firm,dc=example,dc=com
objectClass: organizationalUnit
ou: East
entryUUID: unit-2
manager: uid=li.na,ou=east,ou=firm,dc=example,dc=com

dn: uid=li.na,ou=east,ou=firm,dc=example,dc=com
objectClass: person
uid: li.na
cn: Li Na
mail: LI@example.com
userPassword: li-secret
entryUUID: uuid-li

dn: uid=wang,ou=east,ou=firm,dc=example,dc=com
objectClass: person
uid: wang
cn: Wang Wu
mail: wang@example.com
title: Rep
manager: uid=li.na,ou=east,ou=firm,dc=example,dc=com
userPassword: wang-secret
entryUUID: uuid-wang

dn: uid=gone,ou=firm,dc=example,dc=com
objectClass: person
uid: gone
cn: Gone
userPassword: gone-secret
userAccountControl: 514
entryUUID: uuid-gone

dn: ou=groups,dc=example,dc=com
ou: groups

dn: cn=leads,ou=groups,dc=example,dc=com
objectClass: groupOfNames
cn: leads
member: uid=wang,ou=east,ou=firm,dc=example,dc=com
"""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Directory]:
    with running(LDIF, tmp_path_factory.mktemp("ldap")) as found:
        yield found


@pytest.fixture
def open_firm(open_shop: Open, there: Directory) -> Iterator[Callable[..., Shop]]:
    """Shops whose people may sign in with the directory's passwords."""

    def make(*also: dict[str, Any], database: Any = "sqlite://", **more: Any) -> Shop:
        document = {
            "name": "firm", "type": "ldap", "url": there.url, "base": "ou=firm,dc=example,dc=com",
            "reader": "cn=reader,dc=example,dc=com", "password": {"secret": "READER"},
            "authority": {"secret": "AUTHORITY"},
            "groups": {"base": "ou=groups,dc=example,dc=com"}, **more,
        }  # fmt: skip
        secrets = {"READER": "reader-password", "AUTHORITY": there.authority, "WRONG": "wrong"}
        return open_shop(document, *also, secrets=secrets, allow_private=("127.0.0.0/8",), database=database)

    yield make
    there.tell(LDIF)
    there.asked.clear()


def enter(shop: Shop, login: str, password: str) -> str:
    """Who is signed in, or the code of why nobody is."""
    visitor = Visitor(shop)
    answer = visitor.post("api/session", {"login": login, "password": password})
    body = answer.json()
    return str(body["actor"]["login"] if answer.status_code == 200 else body["code"])


@pytest.mark.requirement("A11")
def test_somebody_signs_in(open_firm: Callable[..., Shop], there: Directory, database_url: str) -> None:
    """With the directory's password, over an encrypted connection; the person is found by their address and known by
    what never changes of their entry. Whoever has a password here uses that as before."""
    shop = open_firm(database=database_url)
    assert "li" == enter(shop, "li.na", "li-secret")
    assert {"bind"} == set(there.asked)
    there.tell(LDIF.replace("LI@example.com", "other@example.com"))
    assert "li" == enter(shop, "li.na", "li-secret")
    assert "zhao" == enter(shop, "zhao", "zhao-password")
    assert "identity.wrong-password" == enter(shop, "li.na", "wrong")
    assert "api.not-meant-unknown" == enter(shop, "wang", "wang-secret")


def test_groups_give_roles(open_firm: Callable[..., Shop], there: Directory) -> None:
    """At every sign-in, those that stand in the document; who comes is made where it says so."""
    roles = {"claim": "groups", "values": {"leads": ["supervisor"]}}
    shop = open_firm(people={"create": {"roles": ["sales"]}, "roles": roles})
    assert "wang" == enter(shop, "wang", "wang-secret")
    made = shop.host.directory().by_login["wang"]
    assert ("Wang Wu", "wang@example.com", {"sales", "supervisor"}) == (made.name, made.email, set(made.roles))
    there.tell(LDIF.replace("member: uid=wang", "member: uid=other"))
    enter(shop, "wang", "wang-secret")
    assert {"sales"} == set(shop.host.directory().by_login["wang"].roles)


NESTED = (
    LDIF.replace("cn=leads,", "cn=Leads\\2C east,")
    + """
dn: cn=crm,ou=groups,dc=example,dc=com
objectClass: groupOfNames
cn: crm
member: cn=Leads\\, east,ou=groups,dc=example,dc=com
member: cn=round,ou=groups,dc=example,dc=com

dn: cn=round,ou=groups,dc=example,dc=com
objectClass: groupOfNames
cn: round
member: cn=crm,ou=groups,dc=example,dc=com
"""
)


@pytest.mark.requirement("A11")
@pytest.mark.parametrize(("nested", "roles"), [(True, {"sales", "supervisor"}), (False, {"sales"})])
def test_groups_of_groups_count_where_it_is_written(
    open_firm: Callable[..., Shop], there: Directory, nested: bool, roles: set[str]
) -> None:
    """However far up and in a circle, at a sign-in and when the organisation is read, and however a comma is written
    in the name of a group; left out, only groups that name the person count."""
    there.tell(NESTED)
    people = {"create": {"roles": ["sales"]}, "roles": {"claim": "groups", "values": {"round": ["supervisor"]}}}
    staff = {"name": "staff", "type": "organisation", "connector": "firm", "people": people}
    groups = {"base": "ou=groups,dc=example,dc=com", "nested": nested}
    for way in ("sign-in", "organisation"):
        shop = open_firm(staff, people=people, groups=groups)
        if way == "organisation":
            shop.ask("root", "api.sync", name="staff")
        else:
            assert "wang" == enter(shop, "wang", "wang-secret")
        assert roles == set(shop.host.directory().by_login["wang"].roles), way


@pytest.mark.parametrize(
    ("name", "parts", "first"),
    [
        ("cn=A,OU = B ", ("ou=b", "cn=a"), "A"),
        (r"cn=a\, b,dc=c", ("dc=c", "cn=a, b"), "a, b"),
        (r"cn=a\2C b,dc=c", ("dc=c", "cn=a, b"), "a, b"),
        (r"cn=\E6\9D\8E,dc=c", ("dc=c", "cn=李"), "李"),
        (r"cn=a\ ,dc=c", ("dc=c", "cn=a "), "a "),
        (r"cn=a\\,dc=c", ("dc=c", "cn=a\\"), "a\\"),
        ("", ("=",), ""),
    ],
)
def test_a_name_is_one_however_it_is_written(name: str, parts: tuple[str, ...], first: str) -> None:
    """As RFC 4514 lets directories write it: what stands for a comma is one, and not the end of a part."""
    assert (parts, first) == (ldap.steps(name), ldap.first_of(name))


@pytest.mark.requirement("SA17")
def test_no_password_goes_in_the_open() -> None:
    """Nor where the address is a secret, which nobody looks into when the document is read."""
    with pytest.raises(ldap.LdapError, match="in the open"):
        ldap.Connection("ldap://ldap.example.com", allowed=True, start_tls=False)


def test_a_directory_that_gives_no_more_says_what_to_do() -> None:
    """OpenLDAP gives a reader five hundred entries, and then an error, also page by page."""
    result = SimpleNamespace(result_code=sansldap.LDAPResultCode.SIZE_LIMIT_EXCEEDED, diagnostics_message="")
    with pytest.raises(ldap.LdapError, match="raise the limit for the reader"):
        ldap.Connection._yes(result, "search")


def test_nobody_gets_in(open_firm: Callable[..., Shop], there: Directory) -> None:
    """Neither with a blank password (an unauthenticated bind would say yes), nor by characters of a filter, nor as
    somebody who is switched off; guessing is slowed down as with passwords of our own."""
    shop = open_firm(people={"create": {"roles": ["sales"]}})
    logins = ("li.na", "*", "li.na)(uid=*", "li*", "\\2a", "gone", "")
    for login, password in (*((each, "") for each in logins), ("gone", "gone-secret"), ("li*", "li-secret")):
        assert "identity.wrong-password" == enter(shop, login, password), (login, password)
    with pytest.raises(TooManyRequests):
        for _ in range(20):
            try:
                shop.host.ask(APP, "identity.sign_in", login="wang", password="guess")
            except Unauthenticated:
                continue
    shop = open_firm()
    shop.ask("root", "identity.save_person", login="li", active=False)
    assert "api.not-meant-inactive" == enter(shop, "li.na", "li-secret")


@pytest.mark.requirement("A11")
def test_guesses_at_one_moment_count_as_well(
    open_firm: Callable[..., Shop], there: Directory, database_url: str
) -> None:
    """Of many at once the directory is asked for no more than of as many one after the other. A password that is right
    counts for nothing, also where it lets nobody in; one that could not be asked about counts: it is none of ours."""
    shop = open_firm(database=database_url)
    for _ in range(FREE["login"] + 2):
        assert "api.not-meant-unknown" == enter(shop, "wang", "wang-secret")
    there.asked.clear()
    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(lambda guess: enter(shop, "li.na", f"x{guess}"), range(40)))
    looked = FREE["login"] + 1
    assert {"identity.wrong-password": looked, "identity.too-many-attempts": 40 - looked} == Counter(codes)
    assert 2 * looked == len(there.asked)  # the reader's, and the one that is tried
    away = open_firm(url="ldap://127.0.0.1:9")
    codes = [enter(away, "li.na", f"x{guess}") for guess in range(looked + 1)]
    assert ["api.directory-away"] * looked + ["identity.too-many-attempts"] == codes


def test_a_directory_that_is_away(open_firm: Callable[..., Shop], caplog: pytest.LogCaptureFixture) -> None:
    """It is said so, and why stands in the log: no way there, a wrong reader, a certificate nobody vouches for."""
    for more, words in (
        ({"url": "ldap://127.0.0.1:9"}, "refused"),
        ({"password": {"secret": "WRONG"}}, "INVALID_CREDENTIALS"),
        ({"authority": None}, "certificate verify failed"),
        ({"attributes": {"account": "nothing"}}, "has no nothing"),
    ):  # fmt: skip
        caplog.clear()
        assert "api.directory-away" == enter(open_firm(**more), "li.na", "li-secret")
        assert words in caplog.text
        assert "li-secret" not in caplog.text
    assert "zhao" == enter(open_firm(url="ldap://127.0.0.1:9"), "zhao", "zhao-password")


def test_a_directory_that_is_away_locks_no_address(open_firm: Callable[..., Shop]) -> None:
    """An office comes from one address: it may try while the directory is away, and who has a password here gets
    in."""
    shop = open_firm(url="ldap://127.0.0.1:9")
    codes = {enter(shop, f"somebody{number}", "secret") for number in range(FREE["address"] + 3)}
    assert {"api.directory-away"} == codes
    assert "zhao" == enter(shop, "zhao", "zhao-password")


def test_a_directory_that_says_a_byte_now_and_then(
    open_firm: Callable[..., Shop], caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever signs in waits for `timeout` altogether: each byte is there in time, and the answer never is."""
    enough = threading.Event()

    def dribble(listener: socket.socket) -> None:
        with listener.accept()[0] as stream:
            stream.sendall(b"\x30\x84\x00\x0f\xff\xff")  # an answer of a million bytes
            for _ in range(40):
                if enough.wait(0.1):
                    return
                stream.sendall(b"\x02")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=dribble, args=(listener,))
        thread.start()
        shop = open_firm(url=f"ldap://127.0.0.1:{listener.getsockname()[1]}", timeout=1)
        assert "api.directory-away" == enter(shop, "li.na", "li-secret")
        enough.set()
        thread.join()
    assert "timed out" in caplog.text or "altogether" in caplog.text


def test_what_takes_too_long_is_said_in_the_language_of_who_reads() -> None:
    """The reason inside the advice speaks the language of the advice."""
    connection = object.__new__(ldap.Connection)
    connection._whole, connection._until, connection._timeout = 5.0, 0.0, 1.0
    with pytest.raises(TimeoutError) as late:
        connection._left()
    advice = unreached(late.value)
    assert isinstance(advice, dict)
    assert "（总耗时超过 5 秒）" in advice["zh-CN"] and "(it took longer than 5 seconds altogether)" in advice["en"]


def test_an_organisation_follows_it(open_firm: Callable[..., Shop], there: Directory) -> None:
    """Organisational units are departments; heads, managers and groups are read; who is switched off has left."""
    follows = {
        "name": "staff", "type": "organisation", "connector": "firm",
        "people": {"create": {"roles": ["sales"]}, "roles": {"claim": "groups", "values": {"leads": ["supervisor"]}}},
    }  # fmt: skip
    shop = open_firm(follows)
    done = shop.ask("root", "api.sync", name="staff")
    assert {"department_comes": 2, "person_comes": 1, "person_linked": 1, "person_moves": 1, "person_changes": 1,
            "conflicts": 0} == done["counts"]  # fmt: skip
    found = shop.host.directory()
    people, departments = found.by_login, {each.name: each for each in found.departments.values()}
    assert (departments["Firm"].id, people["li"].id) == (departments["East"].parent, departments["East"].head)
    wang = people["wang"]
    assert (departments["East"].id, people["li"].id, {"sales", "supervisor"}) == (
        wang.department, wang.manager, set(wang.roles),
    )  # fmt: skip
    assert {"conflicts": 0} == shop.ask("root", "api.sync", name="staff")["counts"]
    assert "wang" == enter(shop, "wang", "wang-secret")
    there.tell(LDIF.replace("title: Rep", "title: Rep\nuserAccountControl: 514"))
    assert {"person_leaves": 1, "conflicts": 0} == shop.ask("root", "api.sync", name="staff")["counts"]
    assert "identity.wrong-password" == enter(shop, "wang", "wang-secret")
    wrong = open_firm(follows, password={"secret": "WRONG"})
    assert "INVALID_CREDENTIALS" in wrong.ask("root", "api.sync", name="staff")["error"]
    assert "cannot be read: bind: INVALID" in wrong.ask("root", "api.syncs", name="staff")["items"][0]["error"]
    assert "：bind：INVALID" in wrong.chinese("root", "api.syncs", name="staff")["items"][0]["error"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"where": "(objectClass=person"}, "no LDAP filter"),
        ({"url": "https://ldap.example.com"}, "begins with ldaps"),
        ({"url": "ldap://ldap.example.com", "start_tls": False}, "in the open"),
    ],
)
def test_findings(open_firm: Callable[..., Shop], more: dict[str, Any], words: str) -> None:
    """What cannot be meant is said before anybody signs in: `api.bad-filter` and the shape of the document."""
    with pytest.raises(DefinitionError, match=words):
        open_firm(**more)
