"""Guessing is slow, sessions end, and nobody learns who is there."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import pytest

from lowcode.kernel.identity.rates import network
from lowcode.kernel.identity.throttle import FREE
from lowcode.web import asgi_app
from tests.api.app import PUBLIC, Shop, open_shop
from tests.web.calls import Open, Visitor, problem

__all__ = ["open_shop"]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    return open_shop()


def attempt(visitor: Visitor, login: str, password: str = "wrong", **options: Any) -> httpx.Response:
    return visitor.post("api/session", {"login": login, "password": password}, **options)


def waits(answer: httpx.Response) -> int:
    """How long to wait; the header and the words say the same."""
    assert (429, "identity.too-many-attempts") == problem(answer)[:2]
    seconds = int(answer.headers["retry-after"])
    assert seconds == answer.json()["errors"][0]["values"]["seconds"]
    return seconds


def exhausted(shop: Shop, login: str) -> list[httpx.Response]:
    """The answers to wrong passwords until they are slowed down, each from another address."""
    found = []
    for number in range(FREE["login"] + 1):
        visitor = Visitor(shop, app=with_address(shop, f"203.0.113.{number}"))
        found.append(attempt(visitor, login))
    return found


def with_address(shop: Shop, address: str) -> Any:
    """The app as whoever comes from an address meets it."""
    app = asgi_app(shop.host)

    async def served(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "client": (address, 1)}, receive, send)

    return served


def test_a_login_is_slowed_down_for_everybody(shop: Shop) -> None:
    """Wrong passwords for one login from many addresses: each more doubles the wait, and the right one waits too. A
    success forgets them. Another host on the database counts the same."""
    answers = exhausted(shop, "li")
    assert [401] * (FREE["login"] + 1) == [each.status_code for each in answers]
    visitor = Visitor(shop)
    assert 3 >= waits(attempt(visitor, "li", "li-password"))
    shop.clock.advance(timedelta(seconds=3))
    assert 401 == attempt(visitor, "li").status_code
    assert 4 <= waits(attempt(visitor, "li")) <= 5
    shop.clock.advance(timedelta(seconds=5))
    assert 200 == attempt(visitor, "li", "li-password").status_code
    assert [401] * FREE["login"] == [attempt(Visitor(shop), "li").status_code for _ in range(FREE["login"])]
    assert 200 == Visitor(shop).sign_in("zhao").get("api/session").status_code


@pytest.mark.requirement("A11")
def test_guesses_at_one_moment_count_as_well(open_shop: Open, database_url: str) -> None:
    """Whoever sends many passwords at once has no more of them looked at than whoever sends one after the other: at
    the door, and where a session asks for the own password."""
    shop = open_shop(database=database_url)
    inside = Visitor(shop).sign_in("zhao")

    def change(guess: int) -> httpx.Response:
        return inside.post("api/operations/identity.change_password", {"old": f"x{guess}", "new": "zhao-new-password"})

    with ThreadPoolExecutor(16) as pool:
        tried = list(pool.map(lambda guess: attempt(Visitor(shop), "li", f"x{guess}").status_code, range(40)))
        changed = list(pool.map(lambda guess: change(guess).status_code, range(40)))
    assert {401: FREE["login"] + 1, 429: 39 - FREE["login"]} == Counter(tried)
    assert {422: FREE["login"] + 1, 429: 39 - FREE["login"]} == Counter(changed)


def test_what_is_right_counts_for_nothing(open_shop: Open, database_url: str) -> None:
    """Right passwords leave the count of their address as it was, with what it has to wait, however many come at one
    moment."""
    shop = open_shop(database=database_url)
    app = with_address(shop, "203.0.113.77")
    for number in range(FREE["address"] - 4):
        assert 401 == attempt(Visitor(shop, app=app), f"name{number}").status_code
    for _ in range(3):
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: attempt(Visitor(shop, app=app), "li", "li-password"), range(4)))
        assert [200] * 4 == [each.status_code for each in answers]
    for number in range(5):
        assert 401 == attempt(Visitor(shop, app=app), f"other{number}").status_code
    assert 3 >= waits(attempt(Visitor(shop, app=app), "li", "li-password"))
    shop.clock.advance(timedelta(seconds=3))
    for _ in range(2):
        assert 200 == attempt(Visitor(shop, app=app), "li", "li-password").status_code
    assert 401 == attempt(Visitor(shop, app=app), "another").status_code
    assert 4 <= waits(attempt(Visitor(shop, app=app), "li", "li-password")) <= 5


def test_right_passwords_at_one_moment(open_shop: Open, database_url: str) -> None:
    """A program that signs in anew for each of its windows is let in, however many there are: none counts as a failure
    of another, and one mistake before them counts as one."""
    shop = open_shop(database=database_url)
    assert 401 == attempt(Visitor(shop), "li").status_code
    with ThreadPoolExecutor(16) as pool:
        tried = list(pool.map(lambda _: attempt(Visitor(shop), "li", "li-password").status_code, range(24)))
    assert [200] * 24 == tried


def test_the_wait_has_an_end(shop: Shop) -> None:
    """It grows to a quarter of an hour and no further; a day without a failure forgets all. A clock that was set back
    locks nobody out."""
    exhausted(shop, "li")
    visitor = Visitor(shop)
    longest = 3
    for _ in range(10):
        shop.clock.advance(timedelta(seconds=longest))
        assert 401 == attempt(visitor, "li").status_code
        longest = waits(attempt(visitor, "li"))
    assert 900 <= longest <= 901
    shop.clock.advance(timedelta(days=-3))
    assert 200 == attempt(visitor, "li", "li-password").status_code


def test_an_address_is_slowed_down_for_every_login(shop: Shop) -> None:
    """One address that tries many names waits; others do not."""
    app = with_address(shop, "203.0.113.77")
    for number in range(FREE["address"] + 1):
        assert 401 == attempt(Visitor(shop, app=app), f"name{number}").status_code
    waits(attempt(Visitor(shop, app=app), "li", "li-password"))
    assert 200 == attempt(Visitor(shop, app=with_address(shop, "203.0.113.78")), "li", "li-password").status_code


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"), ("::ffff:203.0.113.7", "203.0.113.7"),
        ("", ""), ("unix:", "unix:"), ("[::1]:80", "[::1]:80"),
    ],
)  # fmt: skip
def test_what_counts_as_one_address(address: str, counted: str) -> None:
    """Of IPv6 a whole network, of which everybody has one; what is no address counts as what it is."""
    assert counted == network(address)


def test_a_network_is_slowed_down_for_every_login(shop: Shop, open_shop: Open) -> None:
    """Whoever guesses from another address of their own network each time waits as from one; so it is with intakes
    that are open to everybody."""
    for number in range(FREE["address"] + 1):
        attempt(Visitor(shop, app=with_address(shop, f"2001:db8::{number:x}")), f"nobody-{number}")
    waits(attempt(Visitor(shop, app=with_address(shop, "2001:db8::ffff")), "li", "li-password"))
    neighbour = Visitor(shop, app=with_address(shop, "2001:db8:0:1::1"))
    assert 200 == attempt(neighbour, "li", "li-password").status_code
    taking = open_shop(PUBLIC)
    answers = [
        Visitor(taking, app=with_address(taking, f"2001:db8::{number:x}")).post(
            "api/intake/landing_page", {"company": "Acme"}
        )
        for number in range(4)
    ]
    assert [200, 200, 200, 429] == [each.status_code for each in answers]


def test_nobody_learns_who_is_there(shop: Shop) -> None:
    """A name that is there and one that is not are refused, and slowed down, in the same words."""
    there, not_there = ([each.json() for each in exhausted(shop, login)] for login in ("li", "nobody"))
    assert there == not_there
    visitor = Visitor(shop)
    assert attempt(visitor, "li").json() == attempt(visitor, "nobody").json()


def test_signing_in_has_one_door(shop: Shop) -> None:
    """Not as an operation: there whoever asks could say which address they come from."""
    sent = {"login": "li", "password": "li-password", "address": "x"}
    assert 404 == Visitor(shop).post("api/operations/identity.sign_in", sent).status_code
    assert 404 == Visitor(shop).post("api/operations/api.intake", {"name": "x", "address": "x"}).status_code


def test_an_earlier_session_ends(shop: Shop) -> None:
    """Signing in gives a new session and ends the one that was sent along, whoever planted it."""
    planted = Visitor(shop).sign_in("li")
    assert 200 == planted.get("api/session").status_code
    cookie = "; ".join(f"{name}={value}" for name, value in planted.cookies.items())
    visitor = Visitor(shop)
    assert 200 == attempt(visitor, "zhao", "zhao-password", headers={"cookie": cookie}).status_code
    assert planted.cookies != visitor.cookies
    assert 401 == planted.get("api/session").status_code
    assert 200 == visitor.get("api/session").status_code


def test_sessions_end_with_the_password(shop: Shop) -> None:
    """A new password, one's own or set by an administrator, and being no longer active end every session at once."""
    one, other = Visitor(shop).sign_in("li"), Visitor(shop).sign_in("li")
    change = {"old": "li-password", "new": "li-new-password"}
    wrong = one.post("api/operations/identity.change_password", {**change, "old": "x"})
    assert (422, "identity.wrong-password") == problem(wrong)[:2]
    short = one.post("api/operations/identity.change_password", {**change, "new": "x"})
    assert (422, "identity.short-password") == problem(short)[:2]
    assert 200 == one.post("api/operations/identity.change_password", change).status_code
    assert [401, 401] == [each.get("api/session").status_code for each in (one, other)]
    assert 401 == attempt(Visitor(shop), "li", "li-password").status_code
    assert 200 == attempt(Visitor(shop), "li", "li-new-password").status_code
    for done in ({"password": "zhao-password"}, {"active": False}):
        visitor = Visitor(shop).sign_in("zhao")
        assert 200 == visitor.get("api/session").status_code
        shop.ask("root", "identity.save_person", login="zhao", **done)
        assert 401 == visitor.get("api/session").status_code


def test_a_key_changes_no_password(shop: Shop) -> None:
    """A stolen key must not become a stolen account."""
    visitor = Visitor(shop)
    visitor.headers["authorization"] = f"Bearer {shop.key('li')}"
    sent = {"old": "li-password", "new": "li-new-password"}
    answer = visitor.post("api/operations/identity.change_password", sent)
    assert (403, "identity.not-by-key") == problem(answer)[:2]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403), ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "http://elsewhere.test"}, 200), ({"sec-fetch-site": "none"}, 200),
        ({"origin": "http://elsewhere.test"}, 403), ({"origin": "null"}, 403), ({"origin": "http://crm.test"}, 200),
        ({}, 200),
    ],
)  # fmt: skip
def test_pages_of_other_sites(shop: Shop, headers: dict[str, str], status: int) -> None:
    """A page of another site signs nobody in and writes nothing, also where the embedding program says who asks and
    there is no secret of a page."""
    assert status == attempt(Visitor(shop), "li", "li-password", headers=headers).status_code
    embedded = Visitor(shop, identity=lambda request: shop.host.actor("li"))
    answer = embedded.post("api/records/lead", {"company": "Acme"}, headers=headers)
    assert (201 if status == 200 else 403) == answer.status_code
    if status == 403:
        assert "http.cross-site" == answer.json()["code"]
    for scheme in ("Basic", "negotiate"):  # a browser answers these by itself, for any page
        known = {**headers, "authorization": f"{scheme} bGk6cGFzcw=="}
        assert answer.status_code == embedded.post("api/records/lead", {"company": "Acme"}, headers=known).status_code
    keyed = Visitor(shop)
    keyed.headers["authorization"] = f"Bearer {shop.key('li')}"
    assert 201 == keyed.post("api/records/lead", {"company": "Acme"}, headers=headers).status_code


def test_the_cookie(shop: Shop) -> None:
    """Out of reach of scripts and of other sites; over TLS only where there is TLS; a header claims nothing."""
    plain = attempt(Visitor(shop), "li", "li-password", headers={"x-forwarded-proto": "https"}).headers["set-cookie"]
    assert "HttpOnly" in plain and "SameSite=Lax" in plain and "Secure" not in plain
    assert plain.startswith("lowcode_session=")


def with_tls(shop: Shop, root: str = "") -> Any:
    """The app as it is met over TLS, at the top of its origin or under a prefix."""
    app = asgi_app(shop.host)

    async def served(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "scheme": "https", "root_path": root}, receive, send)

    return served


@pytest.mark.parametrize(
    ("root", "name"),
    [("", "__Host-lowcode_session"), ("/crm", "__Host-lowcode_session.crm"), ("/a/b", "__Host-lowcode_session.a%2Fb")],
)
def test_nobody_else_sets_the_cookie_over_tls(shop: Shop, root: str, name: str) -> None:
    """A page of a neighbouring name (`evil.example.com`) sets cookies for all of `example.com`, with any path: whoever
    is signed in would work in the neighbour's session. A browser takes a name with this beginning from our origin only,
    and no other name is read; several apps of one origin have names of their own."""
    app = with_tls(shop, root)
    visitor = Visitor(shop, app=app)
    said = attempt(visitor, "li", "li-password").headers["set-cookie"]
    value = said.partition("=")[2].partition(";")[0]
    assert f"{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=1209600; Secure" == said

    def looked(cookies: dict[str, str]) -> int:
        there = Visitor(shop, app=app)
        there.headers["cookie"] = "; ".join(f"{each}={token}" for each, token in cookies.items())
        return there.get("api/session").status_code

    assert 200 == looked({name: value})
    assert 401 == looked({"lowcode_session": value})
    assert 401 == looked({"lowcode_session": value, name: "planted"})
    described = Visitor(shop, app=app)
    described.headers["cookie"] = f"{name}={value}"
    document = described.get("api/openapi.json").json()
    assert name == document["components"]["securitySchemes"]["session"]["name"]
