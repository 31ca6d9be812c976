"""Signing in by a SAML provider: one that is real, responses that are forged, and people who try."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from lxml import etree

from tests.api.app import APPLICATION, Shop, open_shop
from tests.support.saml import Provider, pair, running
from tests.support.xml_encryption import Encryption
from tests.web.calls import Open, Visitor

__all__ = ["open_shop"]

PEOPLE: dict[str, dict[str, Any]] = {
    "s-li": {"mail": ["LI@example.com"], "displayName": ["Li Na"], "eduPersonAffiliation": ["selling"]},
    "s-new": {"mail": ["wang@example.com"], "displayName": ["Wang Wu"], "eduPersonAffiliation": ["leading", "x"]},
    "s-root": {"uid": ["root"], "mail": ["e@example.com"]},
    "s-li.evil": {"mail": ["evil@elsewhere.org"]},
}
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SAMLP = "{urn:oasis:names:tc:SAML:2.0:protocol}"
DS = "{http://www.w3.org/2000/09/xmldsig#}"
DONE = "api/sign-in/firm/done"
ELSEWHERE = {"origin": "http://localhost", "sec-fetch-site": "cross-site"}


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running(PEOPLE) as found:
        yield found


@pytest.fixture
def open_firm(open_shop: Open, provider: Provider) -> Iterator[Callable[..., Shop]]:
    """Shops whose people may sign in at the provider, at its own time."""

    def make(
        *,
        database: Any = "sqlite://",
        secrets: Mapping[str, str] | None = None,
        knows: bool = True,
        app: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Shop:
        document = {
            "name": "firm", "type": "saml", "title": {"en": "Group account", "zh-CN": "集团账号"},
            "metadata": f"{provider.address}/metadata", **more,
        }  # fmt: skip
        known = {"METADATA": provider.metadata, **(secrets or {})}
        files = {"app.json": {**APPLICATION, **app}} if app else {}
        shop = open_shop(document, allow_private=True, database=database, secrets=known, more=files)
        shop.clock.advance(datetime.now(UTC) - shop.clock.now())
        if knows:
            provider.knows(Visitor(shop).get("api/sign-in/firm/metadata").text)
        return shop

    yield make
    provider.signs, provider.after, provider.signer.before = ("assertion",), lambda text: text, lambda response: None
    provider.signer.encryption, provider.signer.sealed = None, lambda response: None
    provider.name_id = lambda person: person


Brought = dict[str, str]


def sent_to(visitor: Visitor, to: str = "") -> str:
    """Where a browser is sent that wants to sign in."""
    answer = visitor.get("api/sign-in/firm", params={"to": to} if to else {})
    assert 303 == answer.status_code, answer.text
    return answer.headers["location"]


def chosen(address: str, person: str) -> Brought:
    """What the provider lets the browser bring, once a person was chosen there."""
    answer = httpx.post(address, data={"person": person} if person else {})
    assert 200 == answer.status_code, answer.text
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))


def brought(visitor: Visitor, form: Brought, name: str = "firm") -> str:
    """Where the browser is sent that brings a form: by a POST from elsewhere, without its cookies, and on with them."""
    stranger = Visitor(visitor.shop, app=visitor.app)
    answer = stranger.ask("POST", f"api/sign-in/{name}/done", data=form, headers=ELSEWHERE)
    assert 303 == answer.status_code, answer.text
    assert "set-cookie" not in answer.headers
    location = str(answer.headers["location"])
    if location.startswith("done?"):
        location = str(visitor.get(f"api/sign-in/{name}/{location}").headers["location"])
    return location.removeprefix("../../../#")


def signed_in(visitor: Visitor, person: str, to: str = "") -> str:
    """All the way round; where the page is opened afterwards."""
    return brought(visitor, chosen(sent_to(visitor, to), person))


def who(visitor: Visitor) -> str | None:
    answer = visitor.get("api/session")
    return str(answer.json()["actor"]["login"]) if answer.status_code == 200 else None


@pytest.mark.requirement("A11")
def test_somebody_signs_in(open_firm: Callable[..., Shop], provider: Provider, database_url: str) -> None:
    """Our metadata and request fit the provider's schemas; whoever it speaks of is found by the address, led to where
    they wanted to go, and known by the NameID from then on; whichever of response and assertion is signed."""
    shop = open_firm(database=database_url)
    title = {"en": "Group account", "zh-CN": "集团账号"}
    visitor = Visitor(shop)
    assert [{"name": "firm", "title": title, "kind": "saml"}] == visitor.get("api/session").json()["methods"]
    assert "/records/lead/7?view=mine" == signed_in(visitor, "s-li", to="/records/lead/7?view=mine")
    assert "li" == who(visitor)
    shop.ask("root", "identity.save_person", login="li", email="li.na@example.com")
    for signs in (("response",), ("response", "assertion")):
        provider.signs, visitor = signs, Visitor(shop)
        assert "/" == signed_in(visitor, "s-li")
        assert "li" == who(visitor)


def test_people_of_before_and_made_ones(open_firm: Callable[..., Shop]) -> None:
    """Who is not there is refused, or made with roles by their attributes; a login name decides nothing; an address is
    believed only where the document says that the provider hands them out."""
    shop = open_firm()
    assert "/sign-in/unknown" == signed_in(Visitor(shop), "s-new")
    assert "/sign-in/cancelled" == signed_in(Visitor(shop), "")
    roles = {"claim": "eduPersonAffiliation", "values": {"selling": ["sales"], "leading": ["supervisor"]}}
    shop = open_firm(people={"create": {"roles": ["sales"], "department": "trade"}, "roles": roles})
    visitor = Visitor(shop)
    signed_in(visitor, "s-new")
    made = visitor.get("api/session").json()["actor"]
    assert ("wang@example.com", "Wang Wu", ["supervisor"]) == (made["login"], made["name"], made["roles"])
    assert "/sign-in/taken" == signed_in(Visitor(shop), "s-root")
    assert "/sign-in/unknown" == signed_in(Visitor(open_firm(trusts_addresses=False)), "s-li")


def test_the_metadata_is_written_where_it_is_not_published(open_firm: Callable[..., Shop], provider: Provider) -> None:
    """As a secret; a key that changed then has to be written anew. Where it is published, it is read anew, but made-up
    keys do not make a request of each response."""
    provider.asked.clear()
    written, published = open_firm(metadata={"secret": "METADATA"}), open_firm()
    assert "/" == signed_in(Visitor(written), "s-li")
    assert "/metadata" not in provider.asked
    assert "/" == signed_in(Visitor(published), "s-li")
    provider.change_key()
    published.clock.advance(timedelta(seconds=31))
    assert "/sign-in/untrusted" == signed_in(Visitor(written), "s-li")
    assert "/" == signed_in(Visitor(published), "s-li")
    assert 2 == provider.asked.count("/metadata")
    provider.signer.key, provider.signer.certificate = pair()
    for _ in range(3):
        assert "/sign-in/untrusted" == signed_in(Visitor(published), "s-li")
    assert 2 == provider.asked.count("/metadata")
    provider.change_key()


def test_no_response_of_somebody_else_signs_in(open_firm: Callable[..., Shop]) -> None:
    """Login CSRF and replay: what one browser began another cannot finish; a response belongs to one request and serves
    once, for ten minutes; one that nobody asked for is none. A session of before ends."""
    shop = open_firm()
    thief, victim = Visitor(shop), Visitor(shop).sign_in("zhao")
    planted = dict(victim.cookies)
    form = chosen(sent_to(thief), "s-li")
    assert "/sign-in/expired" == brought(victim, form)
    assert "zhao" == who(victim)
    form = chosen(sent_to(thief), "s-li")
    other = parse_qs(urlsplit(sent_to(thief)).query)["RelayState"][0]
    assert "/sign-in/untrusted" == brought(thief, {**form, "RelayState": other})
    assert "/" == brought(thief, form)
    assert "/sign-in/expired" == brought(thief, form)
    assert "/sign-in/expired" == brought(thief, {**form, "RelayState": "made-up"})
    assert "/" == brought(victim, chosen(sent_to(victim), "s-li"))
    assert "li" == who(victim)
    before = Visitor(shop)
    before.cookies.update(planted)
    assert who(before) is None
    late = chosen(sent_to(thief), "s-li")
    shop.clock.advance(timedelta(minutes=11))
    assert "/sign-in/expired" == brought(thief, late)


def test_what_comes_by_an_address_is_nothing(open_firm: Callable[..., Shop]) -> None:
    """A response in the query is not read; other methods take no POST; both addresses are of a method that is there."""
    shop = open_firm()
    visitor = Visitor(shop)
    form = chosen(sent_to(visitor), "s-li")
    asked = {**form, "state": form["RelayState"]}
    assert "../../../#/sign-in/untrusted" == visitor.get(DONE, params=asked).headers["location"]
    assert [404, 404] == [
        visitor.post("api/sign-in/x/done").status_code,
        visitor.get("api/sign-in/x/metadata").status_code,
    ]
    assert "/sign-in/untrusted" == brought(visitor, {**chosen(sent_to(visitor), "s-li"), "more": "x" * 300_000})
    assert "/sign-in/expired" == brought(visitor, {f"f{number}": "" for number in range(1000)})


Lie = Callable[[Any], None]


def at(path: str, **attributes: str | None) -> Lie:
    """Attributes of one element changed or taken away, before it is signed."""

    def lie(response: Any) -> None:
        element = response if path == "." else response.find(path.replace("a:", SAML).replace("p:", SAMLP))
        for name, value in attributes.items():
            if value is None:
                element.attrib.pop(name, None)
            else:
                element.set(name, value)

    return lie


def said(path: str, text: str | None) -> Lie:
    """Another text in one element, or the element taken away."""

    def lie(response: Any) -> None:
        element = response.find(path.replace("a:", SAML))
        if text is None:
            element.getparent().remove(element)
        else:
            element.text = text

    return lie


DATA = ".//a:SubjectConfirmationData"
PAST, AHEAD = "2020-01-01T00:00:00Z", "2096-01-01T00:00:00Z"
LIES: list[Lie] = [
    at(DATA, InResponseTo="_another"),
    at(DATA, InResponseTo=None),
    at(DATA, Recipient="https://another.example/done"),
    at(DATA, NotOnOrAfter=PAST),
    at(DATA, NotOnOrAfter=None),
    at(DATA, NotBefore=AHEAD),
    at(".//a:SubjectConfirmation", Method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key"),
    at(".//a:Conditions", NotOnOrAfter=PAST),
    at(".//a:Conditions", NotBefore=AHEAD),
    at(".//a:Assertion", IssueInstant=PAST),
    at(".//a:Assertion", IssueInstant="yesterday"),
    at(".//a:AuthnStatement", SessionNotOnOrAfter=PAST),
    at(".", InResponseTo="_another"),
    at(".", Destination="https://another.example/done"),
    said(".//a:Audience", "https://another.example"),
    said(".//a:AudienceRestriction", None),
    said(".//a:Conditions", None),
    said(".//a:AuthnStatement", None),
    said("a:Assertion/a:Issuer", "https://another.example"),
]


def test_an_assertion_for_something_else(open_firm: Callable[..., Shop], provider: Provider) -> None:
    """Made for another request, address, audience, provider or time, it signs nobody in, well signed as it is."""
    shop = open_firm()
    for lie in LIES:
        provider.signer.before = lie
        visitor = Visitor(shop)
        assert "/sign-in/untrusted" == signed_in(visitor, "s-li"), lie
        assert who(visitor) is None


def forged(make: Callable[[Any, Any], Any]) -> Callable[[bytes], bytes]:
    """A signed response changed: `make` is given its root and an assertion that somebody would like to be true."""

    def after(text: bytes) -> bytes:
        root = etree.fromstring(text)
        evil = copy.deepcopy(root.find(f"{SAML}Assertion"))
        evil.find(f"{SAML}Subject/{SAML}NameID").text = "s-root"
        made = make(root, evil)
        return bytes(etree.tostring(root if made is None else made))

    return after


def without_signature(evil: Any) -> Any:
    for signature in evil.findall(f"{DS}Signature"):
        evil.remove(signature)
    return evil


def in_place(root: Any, evil: Any, put: Callable[[Any, Any], None], identity: str | None = "_evil") -> None:
    """The evil assertion stands where the true one did, and that one wherever `put` puts it."""
    true = root.find(f"{SAML}Assertion")
    if identity is not None:
        evil.set("ID", identity)
    root.replace(true, evil)
    put(evil, true)


def into_object(evil: Any, true: Any) -> None:
    signature = next(evil.getparent().iter(f"{DS}Signature"))
    etree.SubElement(signature, f"{DS}Object").append(true)


def into_extensions(evil: Any, true: Any) -> None:
    extensions = etree.Element(f"{SAMLP}Extensions")
    extensions.append(true)
    evil.getparent().insert(1, extensions)


def into_advice(evil: Any, true: Any) -> None:
    etree.SubElement(evil, f"{SAML}Advice").append(true)


def wrapped_response(root: Any, evil: Any) -> Any:
    """The whole signed response within one that says something else."""
    outer = copy.deepcopy(root)
    outer.set("ID", "_outer")
    outer.replace(outer.find(f"{SAML}Assertion"), evil)
    for signature in outer.findall(f"{DS}Signature"):
        outer.remove(signature)
    signature = root.find(f"{DS}Signature")
    if signature is not None:
        root.remove(signature)
        outer.insert(1, signature)
        etree.SubElement(signature, f"{DS}Object").append(root)
    return outer


def declared(text: bytes) -> bytes:
    return b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + text.replace(b"s-li<", b"&x;<")


def laughing(text: bytes) -> bytes:
    lines = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE r [<!ENTITY l0 "ha">{lines}]>'.encode() + text.replace(b"s-li<", b"&l9;<")


FORGED: dict[str, Callable[[bytes], bytes]] = {
    "changed": lambda text: text.replace(b"s-li<", b"s-root<"),
    "no signature": forged(lambda root, evil: in_place(root, without_signature(evil), lambda *_: None)),
    "object": forged(lambda root, evil: in_place(root, evil, into_object)),
    "extensions": forged(lambda root, evil: in_place(root, evil, into_extensions)),
    "unsigned, extensions": forged(lambda root, evil: in_place(root, without_signature(evil), into_extensions)),
    "advice": forged(lambda root, evil: in_place(root, evil, into_advice)),
    "same ID": forged(lambda root, evil: in_place(root, evil, into_extensions, None)),
    "evil first": forged(lambda root, evil: root.insert(2, without_signature(evil))),
    "evil last": forged(lambda root, evil: root.append(without_signature(evil))),
    "around": forged(wrapped_response),
    "entity": declared,
    "laughs": laughing,
    "utf-16": lambda text: declared(text).decode().encode("utf-16"),
    "no xml": lambda text: text[:-20],
    "no response": lambda text: bytes(etree.tostring(etree.fromstring(text).find(f"{SAML}Assertion"))),
    "nothing": lambda text: b"",
}


@pytest.mark.parametrize("signs", [("assertion",), ("response",), ("assertion", "response")], ids="+".join)
def test_a_forged_response(open_firm: Callable[..., Shop], provider: Provider, signs: tuple[str, ...]) -> None:
    """Nothing is read but what a signature covers: not what stands beside, around or instead of it, and not what a
    document type makes of it."""
    shop = open_firm()
    shop.ask("root", "api.link_account", connector="firm", account=f"{provider.address}/metadata s-root", login="root")
    provider.signs = signs
    for rule, after in FORGED.items():
        provider.after = after
        visitor = Visitor(shop)
        assert "/sign-in/untrusted" == signed_in(visitor, "s-li"), rule
        assert who(visitor) is None
    provider.after = lambda text: text
    assert "/" == signed_in(Visitor(shop), "s-li")


def sealed(text: bytes) -> bytes:
    """The assertion encrypted for somebody."""
    root = etree.fromstring(text)
    assertion = root.find(f"{SAML}Assertion")
    around = etree.Element(f"{SAML}EncryptedAssertion")
    root.replace(assertion, around)
    around.append(assertion)
    Encryption().put(assertion, pair()[1])
    return bytes(etree.tostring(root))


def test_a_signature_that_is_none(open_firm: Callable[..., Shop], provider: Provider) -> None:
    """Neither none at all, nor one by SHA-1, nor an encrypted assertion where we have no key to read it with."""
    shop = open_firm()
    provider.signs = ()
    assert "/sign-in/untrusted" == signed_in(Visitor(shop), "s-li")
    provider.signs, provider.signer.algorithm = ("assertion",), "sha1"
    assert "/sign-in/untrusted" == signed_in(Visitor(shop), "s-li")
    provider.signer.algorithm = "sha256"
    provider.after = sealed
    assert "/sign-in/setup" == signed_in(Visitor(shop), "s-li")


def test_a_name_is_one_text(open_firm: Callable[..., Shop], provider: Provider) -> None:
    """A comment, which no signature covers, does not cut a name short: `s-li<!-- -->.evil` is not `s-li`."""
    shop = open_firm(people={"create": {"roles": []}})
    signed_in(Visitor(shop), "s-li")
    provider.after = lambda text: text.replace(b"s-li.evil<", b"s-li<!-- x -->.evil<")
    visitor = Visitor(shop)
    assert "/" == signed_in(visitor, "s-li.evil")
    assert "evil@elsewhere.org" == who(visitor)


def test_an_account_that_stays(open_firm: Callable[..., Shop], provider: Provider) -> None:
    """A transient NameID is no account; an attribute may be one instead."""
    provider.format = provider.format.replace("persistent", "transient")
    try:
        assert "/sign-in/setup" == signed_in(Visitor(open_firm()), "s-li")
        shop = open_firm(attributes={"account": "displayName"})
        for name in ("one", "two"):
            provider.name_id = lambda person, name=name: name  # type: ignore[misc]
            visitor = Visitor(shop)
            assert "/" == signed_in(visitor, "s-li")
            assert "li" == who(visitor)
    finally:
        provider.format = provider.format.replace("transient", "persistent")
