"""Single logout with a SAML provider that is real: from here, from there, and by whoever would like to."""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree
from saml2.samlp import STATUS_SUCCESS, logout_response_from_string

from lowcode.kernel.identity import totp
from lowcode.kernel.storage.crypto import new_key
from tests.api.app import Shop, open_shop
from tests.security.test_saml import SAML, SAMLP, open_firm, provider, sent_to, signed_in, who
from tests.security.test_saml_encryption import KEY, KEYS, OURS
from tests.support.saml import DS, SIGNATURE, Provider, canonical, pair
from tests.support.xml_encryption import Encryption
from tests.web.calls import Visitor

__all__ = ["open_firm", "open_shop", "provider"]

ENTITY = "http://crm.test/api/sign-in/firm/metadata"
SOAP = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
ENVELOPE = b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>$</s:Body></s:Envelope>'
LOGOUT = "api/sign-in/firm/logout"


@pytest.fixture
def opened(open_firm: Callable[..., Shop]) -> Callable[..., Shop]:
    """Shops that have a key of their own."""

    def make(**more: Any) -> Shop:
        return open_firm(**{"secrets": KEYS, **KEY, **more})

    return make


@pytest.fixture(autouse=True)
def forgetful(provider: Provider) -> None:
    provider.sessions.clear()
    provider.ended.clear()
    provider.asked.clear()


def path_of(address: str) -> str:
    """Where that is in the shop."""
    parts = urlsplit(address)
    return f"{parts.path.lstrip('/')}?{parts.query}"


def leaving(visitor: Visitor) -> httpx.Response:
    """Somebody signs out on the page."""
    visitor.headers["x-csrf-token"] = visitor.get("api/session").json()["token"]
    return visitor.delete("api/session")


def told(visitor: Visitor, address: str) -> httpx.Response:
    """The browser goes where the provider sends it."""
    return visitor.get(path_of(address))


@pytest.mark.requirement("A11")
def test_from_here(opened: Callable[..., Shop], provider: Provider, database_url: str) -> None:
    """Signing out leads to the provider, whose session of just this sign-in ends, and back to the first page. The wish
    is signed and fits the provider's schema; the session here has ended before."""
    shop = opened(database=database_url)
    visitor = Visitor(shop)
    signed_in(visitor, "s-li")
    [(_, index)] = provider.sessions
    answer = leaving(visitor)
    go = answer.json()["go"]
    assert go.startswith(f"{provider.address}/slo?") and who(visitor) is None
    back = httpx.get(go)
    assert 302 == back.status_code, back.text
    assert [("s-li", [index])] == provider.ended
    done = told(visitor, back.headers["location"])
    assert (303, "../../../#/") == (done.status_code, done.headers["location"])


@pytest.mark.requirement("A11")
def test_from_there(opened: Callable[..., Shop], provider: Provider, database_url: str) -> None:
    """The provider ends the session it names, or all of a person; others of theirs and of others stay. Its answer is
    signed, for it, and brings its word back; the browser's cookie goes."""
    shop = opened(database=database_url, people={"create": {"roles": ["sales"]}})
    one, two, other, ours = Visitor(shop), Visitor(shop), Visitor(shop), Visitor(shop).sign_in("li")
    for visitor in (one, two):
        signed_in(visitor, "s-li")
    signed_in(other, "s-new")
    index = provider.sessions[0][1]
    answer = told(one, provider.leave(ENTITY, "s-li", [index], state="a word & more"))
    assert 303 == answer.status_code, answer.text
    location = answer.headers["location"]
    assert location.startswith(f"{provider.address}/slo?")
    assert ["a word & more"] == parse_qs(urlsplit(location).query)["RelayState"]
    provider.answered(urlsplit(location).query)
    assert "lowcode_session=;" in answer.headers["set-cookie"]
    assert [None, "li", "wang@example.com", "li"] == [who(each) for each in (one, two, other, ours)]
    stranger = Visitor(shop)
    assert 303 == told(stranger, provider.leave(ENTITY, "s-li")).status_code
    assert [None, "wang@example.com", "li"] == [who(each) for each in (two, other, ours)]
    form = provider.leave(ENTITY, "s-new", posted=True, state="x")
    answer = stranger.ask("POST", LOGOUT, data=form, headers={"origin": "http://localhost"})
    assert 303 == answer.status_code, answer.text
    provider.answered(urlsplit(answer.headers["location"]).query)
    assert who(other) is None


def test_what_came_later_stays(opened: Callable[..., Shop], provider: Provider) -> None:
    """A wish that is sent again ends no session that was begun after it was made."""
    shop = opened()
    visitor = Visitor(shop)
    signed_in(visitor, "s-li")
    wish = provider.leave(ENTITY, "s-li")
    told(Visitor(shop), wish)
    assert who(visitor) is None
    shop.clock.advance(timedelta(minutes=2))
    signed_in(visitor, "s-li")
    told(Visitor(shop), wish)
    assert "li" == who(visitor)
    shop.clock.advance(timedelta(minutes=20))
    assert 422 == told(Visitor(shop), wish).status_code


def test_a_second_factor_on_the_way(opened: Callable[..., Shop], provider: Provider) -> None:
    """A sign-in that still lacks it ends too; one that showed it is known to the provider as any other."""
    shop = opened(secrets={**KEYS, "ENCRYPTION_KEYS": new_key()}, app={"second_factor": {"roles": ["sales"]}})
    half, whole = Visitor(shop), Visitor(shop)
    assert "/sign-in/code" == signed_in(whole, "s-li")
    secret = str(whole.get("api/session").json()["pending"]["secret"])
    assert 200 == whole.post("api/session/code", {"code": code_of(shop, secret)}).status_code
    shop.clock.advance(timedelta(seconds=30))
    assert "/sign-in/code" == signed_in(half, "s-li")
    told(Visitor(shop), provider.leave(ENTITY, "s-li"))
    assert who(whole) is None
    answer = half.post("api/session/code", {"code": code_of(shop, secret)})
    assert 401 == answer.status_code and "identity.sign-in-again" in answer.text


def code_of(shop: Shop, secret: str) -> str:
    return totp.code_at(secret, totp.step_of(shop.clock.now()))


def attribute(**values: str | None) -> Callable[[Any], None]:
    def change(message: Any) -> None:
        for name, value in values.items():
            if value is None:
                message.attrib.pop(name, None)
            else:
                message.set(name, value)

    return change


def text(path: str, value: str | None) -> Callable[[Any], None]:
    def change(message: Any) -> None:
        element = message.find(path)
        if value is None:
            message.remove(element)
        else:
            element.text = value

    return change


def renamed(message: Any) -> None:
    message.tag = f"{SAMLP}ManageNameIDRequest"


LIES: dict[str, Callable[[Any], None]] = {
    "another issuer": text(f"{SAML}Issuer", "https://another.example"),
    "no issuer": text(f"{SAML}Issuer", None),
    "nobody": text(f"{SAML}NameID", None),
    "a blank name": text(f"{SAML}NameID", " "),
    "for another": attribute(Destination="https://another.example/logout"),
    "too old": attribute(IssueInstant="2020-01-01T00:00:00Z"),
    "of tomorrow": attribute(IssueInstant="2096-01-01T00:00:00Z"),
    "undated": attribute(IssueInstant=None),
    "over": attribute(NotOnOrAfter="2020-01-01T00:00:00Z"),
    "version": attribute(Version="1.1"),
    "no ID": attribute(ID=""),
    "another message": renamed,
}


def brought(shop: Shop, wish: Any, way: str) -> httpx.Response:
    """The wish as it comes: by an address, by a form, or in an envelope of the provider's own."""
    if way == "address":
        return told(Visitor(shop), wish)
    if way == "form":
        return Visitor(shop).ask("POST", LOGOUT, data=wish)
    content = ENVELOPE.replace(b"$", base64.b64decode(wish["SAMLRequest"]))
    return Visitor(shop).ask("POST", LOGOUT, content=content, headers={"content-type": "text/xml; charset=utf-8"})


@pytest.mark.requirement("A11")
def test_behind_the_browser(opened: Callable[..., Shop], provider: Provider, database_url: str) -> None:
    """The provider ends a session with no browser beside it; the answer in its envelope is signed by our key, over just
    this message, fits the schema, and answers the wish. Sent again it ends nothing that came later."""
    shop = opened(database=database_url, people={"create": {"roles": ["sales"]}})
    one, two, other = Visitor(shop), Visitor(shop), Visitor(shop)
    for visitor, person in ((one, "s-li"), (two, "s-li"), (other, "s-new")):
        signed_in(visitor, person)
    assert SOAP in one.get("api/sign-in/firm/metadata").text
    index = provider.sessions[0][1]
    wish = provider.leave(ENTITY, "s-li", [index], posted=True)
    answer = brought(shop, wish, "envelope")
    assert (200, "text/xml") == (answer.status_code, answer.headers["content-type"].partition(";")[0]), answer.text
    assert [None, "li", "wang@example.com"] == [who(each) for each in (one, two, other)]
    [message] = etree.fromstring(answer.content)[0]
    made = logout_response_from_string(etree.tostring(message).decode())
    assert made is not None and made.verify()
    assert provider.asked_to_end == made.in_response_to
    assert STATUS_SUCCESS == made.status.status_code.value
    signature = message.find(SIGNATURE)
    assert 1 == list(message).index(signature), "behind the issuer"
    inside = signature[0]
    OURS[0].public_key().verify(
        base64.b64decode(signature[1].text), canonical(inside), padding.PKCS1v15(), hashes.SHA256()
    )
    message.remove(signature)
    said = inside.find(f".//{{{DS}}}DigestValue").text
    assert base64.b64encode(hashlib.sha256(canonical(message)).digest()).decode() == said
    shop.clock.advance(timedelta(minutes=2))
    signed_in(one, "s-li")
    assert 200 == brought(shop, wish, "envelope").status_code
    assert "li" == who(one)


@pytest.mark.parametrize("way", ["address", "form", "envelope"])
def test_a_wish_for_something_else(opened: Callable[..., Shop], provider: Provider, way: str) -> None:
    """Well signed as it is, it ends nobody's session, and says no more than that."""
    shop = opened()
    visitor = Visitor(shop)
    signed_in(visitor, "s-li")
    for name, lie in LIES.items():
        if name == "no ID" and way != "address":
            continue  # a signature within it names the ID
        to = f"http://crm.test/{LOGOUT}"
        made = provider.leave(ENTITY, "s-li", change=lie, posted=way != "address", to=to)
        answer = brought(shop, made, way)
        assert 422 == answer.status_code, name
        assert "api.not-signed-out" in answer.text and "another.example" not in answer.text
        assert "li" == who(visitor), name


def test_whoever_would_like_to(opened: Callable[..., Shop], provider: Provider) -> None:
    """Unsigned, signed by somebody else, changed on the way, signed in one part and read in another, swollen, or no
    message at all."""
    shop = opened()
    visitor = Visitor(shop)
    signed_in(visitor, "s-li")
    good = provider.leave(ENTITY, "s-li", state="x")
    query = urlsplit(good).query
    parts = dict(parse_qsl(query))
    other = dict(parse_qsl(urlsplit(provider.leave(ENTITY, "s-new", state="x")).query))
    deflated = zlib.compress(b"<a>" + b" " * 5_000_000 + b"</a>")[2:-4]
    bomb = base64.b64encode(deflated).decode()
    evil: dict[str, Any] = {
        "unsigned": {"SAMLRequest": parts["SAMLRequest"]},
        "no method": {name: value for name, value in parts.items() if name != "SigAlg"},
        "other message": {**parts, "SAMLRequest": other["SAMLRequest"]},
        "other state": {**parts, "RelayState": "y"},
        "sha1": {**parts, "SigAlg": "http://www.w3.org/2000/09/xmldsig#rsa-sha1"},
        "hmac": {**parts, "SigAlg": "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"},
        "no base64": {**parts, "Signature": "§§§"},
        "swollen": {**parts, "SAMLRequest": bomb},
        "no xml": {**parts, "SAMLRequest": base64.b64encode(zlib.compress(b"hello")[2:-4]).decode()},
        "no deflate": {**parts, "SAMLRequest": base64.b64encode(b"<a/>").decode()},
        "encoding": {**parts, "SAMLEncoding": "urn:other"},
        "nothing": {},
    }
    twice = [f"{query}&SAMLRequest={parts['SAMLRequest']}", f"SAMLRequest=x&{query}", f"{query}&%53AMLRequest=x"]
    for name, sent in [*((name, urlencode(sent)) for name, sent in evil.items()), *((each, each) for each in twice)]:
        answer = Visitor(shop).get(f"{LOGOUT}?{sent}")
        assert 422 == answer.status_code, name
        assert "li" == who(visitor), name
    key, certificate = provider.signer.key, provider.signer.certificate
    provider.signer.key, provider.signer.certificate = pair()
    forged = provider.leave(ENTITY, "s-li", posted=True)
    provider.signer.key, provider.signer.certificate = key, certificate
    unsigned = etree.fromstring(base64.b64decode(provider.leave(ENTITY, "s-li", posted=True)["SAMLRequest"]))
    signature = unsigned[1]
    unsigned.remove(signature)
    without = etree.tostring(unsigned)
    wrapped = etree.fromstring(without)
    wrapped.set("ID", "_outer")
    extensions = etree.SubElement(wrapped, f"{SAMLP}Extensions")
    inner = etree.fromstring(without)
    inner.insert(1, signature)
    extensions.append(inner)
    for name, sent in {
        "forged": forged, "without": _form(without), "wrapped": _form(etree.tostring(wrapped)),
        "type": _form(b"<!DOCTYPE a>" + without), "by address": {"SAMLRequest": parts["SAMLRequest"]},
        "no form": {"x": "y"},
    }.items():  # fmt: skip
        answer = Visitor(shop).ask("POST", LOGOUT, data=sent)
        assert 422 == answer.status_code, name
        assert "li" == who(visitor), name
        if "SAMLRequest" in sent:
            assert 422 == brought(shop, sent, "envelope").status_code, name
            assert "li" == who(visitor), name
    signed = base64.b64decode(provider.leave(ENTITY, "s-li", posted=True)["SAMLRequest"])
    for content in (
        b"", signed, ENVELOPE.replace(b"$", signed * 2), ENVELOPE.replace(b"$", b""),
        ENVELOPE.replace(b"$", b" " * 300_000),
        b"<!DOCTYPE a [<!ENTITY x 'y'>]>" + ENVELOPE.replace(b"$", signed), ENVELOPE.replace(b"$", b"<a>" * 5000),
        ENVELOPE.replace(b"<s:Body", b'<s:Header><x s:mustUnderstand="1"/></s:Header><s:Body').replace(b"$", signed),
        ENVELOPE.replace(b"$", b"").replace(b"<s:Body", b"<s:Header>" + signed + b"</s:Header><s:Body"),
    ):  # fmt: skip
        answer = Visitor(shop).ask("POST", LOGOUT, content=content, headers={"content-type": "text/xml"})
        assert 422 == answer.status_code, content[:100]
        assert "li" == who(visitor)
    assert 303 == Visitor(shop).get(f"{LOGOUT}?{query}").status_code
    assert who(visitor) is None


def _form(message: bytes) -> dict[str, str]:
    return {"SAMLRequest": base64.b64encode(message).decode()}


def test_an_encrypted_name(opened: Callable[..., Shop], provider: Provider) -> None:
    """In the wish of the provider as in its assertion."""
    shop = opened()

    def sealed(element: Any, parent: Any) -> None:
        around = etree.Element(f"{SAML}EncryptedID")
        parent.replace(element, around)
        around.append(element)
        Encryption().put(element, OURS[1])

    provider.signer.before = lambda root: sealed(root.find(f".//{SAML}NameID"), root.find(f".//{SAML}Subject"))
    visitor = Visitor(shop)
    assert "/" == signed_in(visitor, "s-li")
    assert "li" == who(visitor)
    told(Visitor(shop), provider.leave(ENTITY, "s-li", change=lambda root: sealed(root.find(f"{SAML}NameID"), root)))
    assert who(visitor) is None


def test_without_key_or_wish(opened: Callable[..., Shop], open_firm: Callable[..., Shop], provider: Provider) -> None:
    """Without a key, or where it is not wanted, a session ends here alone, as before; the metadata offers nothing."""
    for shop in (open_firm(), opened(sign_out=False)):
        assert "SingleLogoutService" not in Visitor(shop).get("api/sign-in/firm/metadata").text
        visitor = Visitor(shop)
        signed_in(visitor, "s-li")
        answer = leaving(visitor)
        assert (204, None) == (answer.status_code, who(visitor))
        again = Visitor(shop)
        signed_in(again, "s-li")
        wish = provider.leave(ENTITY, "s-li", to=f"http://crm.test/{LOGOUT}")
        assert 422 == told(Visitor(shop), wish).status_code
        assert "li" == who(again)
    assert 404 == Visitor(open_firm()).get("api/sign-in/nothing/logout").status_code


def test_requests_are_signed(opened: Callable[..., Shop], provider: Provider) -> None:
    """With a key, the wish to know who somebody is carries a signature that a provider may insist on."""
    shop = opened()
    query = urlsplit(sent_to(Visitor(shop), "/records/lead")).query
    sent = dict(parse_qsl(query))
    provider.config.setattr("idp", "want_authn_requests_signed", True)
    try:
        read = provider.server.parse_authn_request
        asked = sent["SAMLRequest"], "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
        assert read(*asked, sent["RelayState"], sent["SigAlg"], sent["Signature"]).message.id
        with pytest.raises(Exception, match="not signed correctly"):
            read(*asked, sent["RelayState"] + "x", sent["SigAlg"], sent["Signature"])
    finally:
        provider.config.setattr("idp", "want_authn_requests_signed", False)


def test_the_provider_changed_its_key(opened: Callable[..., Shop], provider: Provider) -> None:
    """A wish by the new key is believed once the metadata has it."""
    shop = opened()
    visitor = Visitor(shop)
    signed_in(visitor, "s-li")
    provider.change_key()
    shop.clock.advance(timedelta(seconds=31))
    assert 303 == told(Visitor(shop), provider.leave(ENTITY, "s-li")).status_code
    assert who(visitor) is None
