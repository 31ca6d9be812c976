"""Signing in by another service: an OpenID Connect provider that is real, one that lies, and people who try."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwk, jwt

from lowcode.kernel.identity import APP
from lowcode.web import asgi_app
from tests.api.app import Shop, open_shop
from tests.support.openid import CLIENT, SECRET, Provider, running
from tests.web.calls import Open, Visitor

__all__ = ["open_shop"]

PEOPLE: dict[str, dict[str, Any]] = {
    "s-li": {"name": "Li Na", "email": "LI@example.com", "email_verified": True, "groups": ["selling"]},
    "s-unverified": {"name": "Not Li", "email": "li@example.com", "email_verified": False},
    "s-silent": {"name": "Not Li", "email": "li@example.com"},
    "s-new": {"name": "Wang Wu", "email": "wang@example.com", "email_verified": True, "groups": ["leading", "x"]},
    "s-root": {"name": "Evil", "preferred_username": "root", "email": "e@example.com", "email_verified": True},
    "s-far": {"name": "Far", "email": "li@elsewhere.org", "email_verified": True},
}


def method(provider: Provider, **more: Any) -> dict[str, Any]:
    """The document."""
    return {
        "name": "company", "type": "oidc", "title": {"en": "Company account", "zh-CN": "公司账号"},
        "issuer": provider.issuer, "client": CLIENT, "secret": {"secret": "OIDC_SECRET"}, **more,
    }  # fmt: skip


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running(PEOPLE) as found:
        yield found


@pytest.fixture
def open_company(open_shop: Open, provider: Provider) -> Iterator[Callable[..., Shop]]:
    """Shops whose people may sign in at the provider, at its own time."""
    provider.addresses |= {f"http://crm.test/api/sign-in/{name}/done" for name in ("company", "other")}

    def make(*, database: Any = "sqlite://", also: tuple[dict[str, Any], ...] = (), **more: Any) -> Shop:
        shop = open_shop(
            method(provider, **more),
            *also,
            secrets={"OIDC_SECRET": SECRET, "WRONG_SECRET": "guessed"},
            allow_private=True,
            database=database,
        )
        shop.clock.advance(datetime.now(UTC) - shop.clock.now())
        return shop

    yield make
    provider.lie, provider.encode, provider.more = (lambda claims: claims), None, {}


def sent_to(visitor: Visitor, name: str = "company", to: str = "") -> str:
    """Where a browser is sent that wants to sign in."""
    answer = visitor.get(f"api/sign-in/{name}", params={"to": to} if to else {})
    assert 303 == answer.status_code
    return answer.headers["location"]


def chosen(address: str, person: str) -> str:
    """What the provider sends the browser back with, once a person was chosen there."""
    answer = httpx.post(address, data={"person": person} if person else {})
    assert 302 == answer.status_code, answer.text
    return answer.headers["location"].removeprefix("http://crm.test/")


def signed_in(visitor: Visitor, person: str, name: str = "company", to: str = "") -> str:
    """All the way round; where the page is opened afterwards."""
    answer = visitor.get(chosen(sent_to(visitor, name, to), person))
    assert 303 == answer.status_code
    return str(answer.headers["location"])


def who(visitor: Visitor) -> str | None:
    answer = visitor.get("api/session")
    return str(answer.json()["actor"]["login"]) if answer.status_code == 200 else None


def parameters(address: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}


def test_the_first_page_offers_it(open_company: Callable[..., Shop]) -> None:
    """By name, title and kind; and nothing of it where the embedding program says who asks."""
    shop = open_company()
    title = {"en": "Company account", "zh-CN": "公司账号"}
    assert [{"name": "company", "title": title, "kind": "oidc"}] == Visitor(shop).get("api/session").json()["methods"]
    embedded = Visitor(shop, identity=lambda request: None)
    assert [] == embedded.get("api/session").json()["methods"]
    assert [404, 404] == [embedded.get(f"api/sign-in/company{end}").status_code for end in ("", "/done")]
    assert 404 == Visitor(shop).get("api/sign-in/compnay").status_code
    unready = open_company(secret={"secret": "NOT_SET"})
    assert [] == Visitor(unready).get("api/session").json()["methods"]


@pytest.mark.requirement("A11")
def test_somebody_signs_in(open_company: Callable[..., Shop], database_url: str) -> None:
    """With PKCE, state and nonce; found by the verified address in whatever case, and led to where they wanted to go.
    From then on the account is known by its subject, whatever becomes of the address."""
    shop = open_company(database=database_url)
    visitor = Visitor(shop)
    asked = parameters(sent_to(visitor))
    assert ("code", "S256", "openid profile email") == (
        asked["response_type"], asked["code_challenge_method"], asked["scope"],
    )  # fmt: skip
    assert all(len(asked[name]) >= 43 for name in ("state", "nonce", "code_challenge"))
    assert "../../../#/records/lead/7?view=mine" == signed_in(visitor, "s-li", to="/records/lead/7?view=mine")
    assert "li" == who(visitor)
    shop.ask("root", "identity.save_person", login="li", email="li.na@example.com")
    again = Visitor(shop)
    signed_in(again, "s-li")
    assert "li" == who(again)


def test_people_of_before_and_made_ones(open_company: Callable[..., Shop]) -> None:
    """Who is not there is refused, or made with roles; roles follow the groups at each sign-in, others stay."""
    assert "../../../#/sign-in/unknown" == signed_in(Visitor(open_company()), "s-new")
    roles = {"claim": "groups", "values": {"selling": ["sales"], "leading": ["supervisor"]}}
    shop = open_company(people={"create": {"roles": ["sales"], "department": "trade"}, "roles": roles})
    visitor = Visitor(shop)
    signed_in(visitor, "s-new")
    made = visitor.get("api/session").json()["actor"]
    assert ("wang@example.com", "Wang Wu", ["supervisor"], "Trade") == (
        made["login"], made["name"], made["roles"], made["department"]["label"],
    )  # fmt: skip
    shop.ask("root", "identity.save_person", login="li", roles=["supervisor", "administrator"])
    visitor = Visitor(shop)
    signed_in(visitor, "s-li")
    assert ["administrator", "sales"] == visitor.get("api/session").json()["actor"]["roles"]


def test_an_unverified_address_is_nobody(open_company: Callable[..., Shop]) -> None:
    """Whoever can write somebody else's address into their profile does not become that person; nor is it written
    down as theirs when they are made."""
    closed, opened = open_company(), open_company(people={"create": {"roles": []}})
    for person in ("s-unverified", "s-silent"):
        assert "../../../#/sign-in/unknown" == signed_in(Visitor(closed), person)
        visitor = Visitor(opened)
        signed_in(visitor, person)
        assert person == who(visitor)
        assert [None] == [each.email for each in opened.host.directory().users.values() if each.login == person]


def test_a_trusted_provider_need_not_say_verified(open_company: Callable[..., Shop]) -> None:
    """Where the document says so; an address that is said not to be verified is none."""
    shop = open_company(trusts_email=True)
    assert "../../../#/sign-in/unknown" == signed_in(Visitor(shop), "s-unverified")
    visitor = Visitor(shop)
    signed_in(visitor, "s-silent")
    assert "li" == who(visitor)


def test_nobody_takes_another_account(open_company: Callable[..., Shop]) -> None:
    """Not by choosing somebody's login name, by an address of another domain, as a second account of the same person,
    or as somebody who left."""
    shop = open_company(people={"create": {"roles": []}})
    assert "../../../#/sign-in/taken" == signed_in(Visitor(shop), "s-root")
    signed_in(Visitor(shop), "s-li")
    PEOPLE["s-second"] = PEOPLE["s-li"]
    assert "../../../#/sign-in/taken" == signed_in(Visitor(shop), "s-second")
    shop.ask("root", "identity.save_person", login="li", active=False)
    assert "../../../#/sign-in/inactive" == signed_in(Visitor(shop), "s-li")
    shop.ask("root", "identity.save_person", login="zhao", email="li@example.com")
    assert "../../../#/sign-in/ambiguous" == signed_in(Visitor(shop), "s-second")
    fenced = open_company(people={"domains": ["example.com"], "create": {"roles": []}})
    assert "../../../#/sign-in/unknown" == signed_in(Visitor(fenced), "s-far")


def test_accounts_are_linked_by_hand(open_company: Callable[..., Shop], provider: Provider) -> None:
    """With `find` nothing, only who was linked by an administrator comes in."""
    shop = open_company(people={"find": "nothing"})
    assert "../../../#/sign-in/unknown" == signed_in(Visitor(shop), "s-li")
    shop.ask("root", "api.link_account", connector="company", account=f"{provider.issuer} s-far", login="zhao")
    visitor = Visitor(shop)
    signed_in(visitor, "s-far")
    assert "zhao" == who(visitor)


def test_no_link_of_somebody_else_signs_in(open_company: Callable[..., Shop]) -> None:
    """Login CSRF: what one browser began, another cannot finish, and nothing is finished twice."""
    shop = open_company()
    thief, victim = Visitor(shop), Visitor(shop)
    link = chosen(sent_to(thief), "s-li")
    assert "../../../#/sign-in/expired" == victim.get(link).headers["location"]
    sent_to(victim)
    assert "../../../#/sign-in/expired" == victim.get(link).headers["location"]
    assert who(victim) is None
    assert "../../../#/" == thief.get(link).headers["location"]
    assert "../../../#/sign-in/expired" == thief.get(link).headers["location"]
    assert "../../../#/sign-in/expired" == Visitor(shop).get("api/sign-in/company/done?code=x").headers["location"]


def test_two_windows_of_one_browser(open_company: Callable[..., Shop]) -> None:
    """Both may be on the way at once, and each comes to its own place; for ten minutes."""
    shop = open_company()
    visitor = Visitor(shop)
    one, two = sent_to(visitor, to="/tasks"), sent_to(visitor, to="/drafts")
    assert "../../../#/tasks" == visitor.get(chosen(one, "s-li")).headers["location"]
    assert "../../../#/drafts" == visitor.get(chosen(two, "s-li")).headers["location"]
    late = chosen(sent_to(visitor), "s-li")
    shop.clock.advance(timedelta(minutes=11))
    assert "../../../#/sign-in/expired" == visitor.get(late).headers["location"]


AWAY = ["https://evil.example", "//evil.example", "/\\evil", "/a\r\nSet-Cookie: x=y", "javascript:alert(1)", "/ä "]


def test_the_way_back_leads_nowhere_else(open_company: Callable[..., Shop]) -> None:
    """No open redirect: the place stands behind the `#` of our own page, and what is no place of it is left out."""
    shop = open_company()
    places = {signed_in(Visitor(shop), "s-li", to=to) for to in AWAY}
    assert places == {"../../../#/", "../../../#//evil.example"}


def test_a_session_of_before_ends(open_company: Callable[..., Shop]) -> None:
    """Session fixation: whoever planted a session does not share the one that begins; the cookie is out of reach."""
    shop = open_company()
    planted = Visitor(shop).sign_in("zhao")
    visitor = Visitor(shop)
    visitor.cookies.update(planted.cookies)
    answer = visitor.get(chosen(sent_to(visitor), "s-li"))
    assert "HttpOnly; SameSite=Lax" in answer.headers["set-cookie"]
    assert "no-store" == answer.headers["cache-control"]
    assert [None, "li"] == [who(planted), who(visitor)]


def altered(**values: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda claims: {name: value for name, value in {**claims, **values}.items() if value is not None}


LIES = [
    altered(nonce="of-another-sign-in"),
    altered(nonce=None),
    altered(iss="https://another.example"),
    altered(aud=["another-client"]),
    altered(aud=[CLIENT, "another-client"]),
    altered(azp="another-client"),
    altered(exp=1),
    altered(exp=None),
    altered(iat=None),
    altered(iat=1),
    altered(nbf=2**33),
    altered(sub=None),
    altered(sub=""),
]


def test_a_token_for_something_else(open_company: Callable[..., Shop], provider: Provider) -> None:
    """Made for another sign-in, client, provider or time, it signs nobody in."""
    shop = open_company()
    for lie in LIES:
        provider.lie = lie
        visitor = Visitor(shop)
        assert "../../../#/sign-in/untrusted" == signed_in(visitor, "s-li")
        assert who(visitor) is None


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def by_a_shared_secret(header: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    text = f"{part({**header, 'alg': 'HS256'})}.{part(claims)}"
    return f"{text}.{base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), 'sha256')).rstrip(b'=').decode()}"


def test_a_signature_that_is_none(open_company: Callable[..., Shop], provider: Provider) -> None:
    """Neither no signature, nor the client's secret or the public key as one, nor a key that nobody published, nor a
    published name over another key."""
    shop = open_company()
    own = jwk.RSAKey.generate_key(2048)
    public = provider.keys[-1].as_pem(private=False)
    forged: list[Callable[[dict[str, Any], dict[str, Any]], str]] = [
        lambda header, claims: f"{part({'alg': 'none'})}.{part(claims)}.",
        lambda header, claims: by_a_shared_secret(header, claims, SECRET.encode()),
        lambda header, claims: by_a_shared_secret(header, claims, public),
        lambda header, claims: jwt.encode({**header, "kid": "unheard-of"}, claims, own),
        lambda header, claims: jwt.encode(header, claims, own),
        lambda header, claims: "no.token.at.all",
    ]
    for encode in forged:
        provider.encode = encode
        assert "../../../#/sign-in/untrusted" == signed_in(Visitor(shop), "s-li")


def test_keys_change(open_company: Callable[..., Shop], provider: Provider) -> None:
    """The description and the keys are kept; a token by a key that is not known makes them be asked for anew, but
    made-up keys do not make a request of each."""
    shop = open_company()
    signed_in(Visitor(shop), "s-li")
    provider.asked.clear()
    signed_in(Visitor(shop), "s-li")
    assert not {"/keys", "/.well-known/openid-configuration"} & set(provider.asked)
    provider.change_key()
    shop.clock.advance(timedelta(seconds=31))
    visitor = Visitor(shop)
    signed_in(visitor, "s-li")
    assert ("li", 1) == (who(visitor), provider.asked.count("/keys"))
    own = jwk.RSAKey.generate_key(2048)
    provider.encode = lambda header, claims: jwt.encode({**header, "kid": "unheard-of"}, claims, own)
    for _ in range(3):
        signed_in(Visitor(shop), "s-li")
    assert 1 == provider.asked.count("/keys")


def test_providers_are_not_mixed_up(open_company: Callable[..., Shop], provider: Provider) -> None:
    """An answer that names another provider, or none where it should, and one that comes to another method's address
    than it was asked for by, sign nobody in."""
    shop = open_company(also=({**method(provider), "name": "other"},))
    visitor = Visitor(shop)
    for said in ("&iss=https://evil.example", ""):
        wrong = chosen(sent_to(visitor), "s-li").partition("&iss=")[0] + said
        assert "../../../#/sign-in/untrusted" == visitor.get(wrong).headers["location"]
    moved = chosen(sent_to(visitor), "s-li").replace("api/sign-in/company", "api/sign-in/other")
    assert "../../../#/sign-in/expired" == visitor.get(moved).headers["location"]
    assert who(visitor) is None


def test_a_description_of_somebody_else(open_company: Callable[..., Shop], provider: Provider) -> None:
    """A provider has to call itself what the document calls it, and keep what it is sent to itself."""
    for more in ({"issuer": "https://another.example"}, {"authorization_endpoint": "http://plain.example/authorize"},
                 {"authorization_endpoint": "javascript:alert(1)"}):  # fmt: skip
        provider.more = more
        assert "../../#/sign-in/setup" == sent_to(Visitor(open_company()))


def test_userinfo_of_somebody_else(open_company: Callable[..., Shop], provider: Provider) -> None:
    """What is said beside the token counts only of the same person."""
    kept = dict(PEOPLE["s-far"])
    for name in ("email", "email_verified"):
        del PEOPLE["s-far"][name]
    try:
        shop = open_company()
        provider.lie = lambda claims: claims if "nonce" in claims else {**claims, **PEOPLE["s-li"], "sub": "s-li"}
        assert "../../../#/sign-in/untrusted" == signed_in(Visitor(shop), "s-far")
    finally:
        PEOPLE["s-far"].update(kept)


def test_what_goes_wrong_there(open_company: Callable[..., Shop], provider: Provider) -> None:
    """Cancelled, a wrong secret, a provider on a private network that the host does not permit, or one that is gone:
    the page is told which, in a word."""
    shop = open_company()
    assert "../../../#/sign-in/cancelled" == signed_in(Visitor(shop), "")
    wrong = open_company(secret={"secret": "WRONG_SECRET"})
    assert "../../../#/sign-in/setup" == signed_in(Visitor(wrong), "s-li")
    shop.host.allow_private = False
    visitor = Visitor(shop)
    shop.clock.advance(timedelta(hours=2))
    assert "../../#/sign-in/setup" == sent_to(visitor)
    gone = open_company(issuer="http://127.0.0.1:9")
    assert "../../#/sign-in/unreachable" == sent_to(Visitor(gone))


def test_beginnings_are_limited(open_company: Callable[..., Shop]) -> None:
    """One address cannot fill the table of those on the way."""
    visitor = Visitor(open_company())
    places = [sent_to(visitor) for _ in range(31)]
    assert "../../#/sign-in/often" == places[-1]
    assert all(each.startswith("http") for each in places[:-1])


def test_signing_out_leads_out_there_too(open_company: Callable[..., Shop], provider: Provider) -> None:
    """The answer names where the session at the provider ends; whoever came by a password stays here."""
    shop = open_company()
    visitor = Visitor(shop)
    signed_in(visitor, "s-li")
    visitor.headers["x-csrf-token"] = visitor.get("api/session").json()["token"]
    answer = visitor.delete("api/session")
    assert 200 == answer.status_code
    back = httpx.get(answer.json()["go"])
    assert ("http://crm.test/", [CLIENT]) == (back.headers["location"], provider.ended)
    assert who(visitor) is None
    assert 204 == Visitor(shop).sign_in("zhao").delete("api/session").status_code


def test_the_address_the_provider_knows(open_shop: Open, provider: Provider) -> None:
    """Behind a proxy and under a prefix it is what the host says (`PUBLIC_URL`), else what was asked for."""
    secrets = {"OIDC_SECRET": SECRET, "PUBLIC_URL": "https://crm.example.com/app/"}
    shop = open_shop(method(provider), secrets=secrets, allow_private=True)
    asked = parameters(sent_to(Visitor(shop)))
    assert "https://crm.example.com/app/api/sign-in/company/done" == asked["redirect_uri"]
    shop = open_shop(method(provider), secrets={"OIDC_SECRET": SECRET}, allow_private=True)
    app = asgi_app(shop.host)

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        await app({**scope, "root_path": "/crm"}, receive, send)

    asked = parameters(sent_to(Visitor(shop, app=mounted, root="/crm")))
    assert "http://crm.test/crm/api/sign-in/company/done" == asked["redirect_uri"]


def test_nothing_of_it_is_asked_from_outside(open_company: Callable[..., Shop]) -> None:
    """Not even an administrator begins or finishes a sign-in as an operation, where browser and address would be
    parameters."""
    visitor = Visitor(open_company()).sign_in("root")
    for name in ("api.begin_sign_in", "api.finish_sign_in", "api.sign_in_methods", "api.leave"):
        assert 404 == visitor.post(f"api/operations/{name}", {}).status_code
    assert visitor.shop.host.ask(APP, "api.sign_in_methods")
