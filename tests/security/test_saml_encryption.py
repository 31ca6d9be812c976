"""Assertions that a SAML provider encrypts for this app: read with its keys, and believed no sooner for that."""

from __future__ import annotations

import base64
import copy
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree

from tests.api.app import Shop, open_shop
from tests.security.test_saml import SAML, open_firm, provider, signed_in, who
from tests.support.saml import Provider, pair
from tests.support.xml_encryption import ENC, Encryption, certificate_of
from tests.web.calls import Visitor

__all__ = ["certificate_of", "open_firm", "open_shop", "provider"]

PEM = serialization.Encoding.PEM
XENC = f"{{{ENC}}}"


def pem_of(key: Any, certificate: Any) -> str:
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return bytes(private + certificate.public_bytes(PEM)).decode()


def certificate_for(key: Any) -> Any:
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "ours")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    return made.sign(key, hashes.SHA256())


OURS, OTHER = pair(), pair()
KEYS = {"OURS": pem_of(*OURS), "OTHER": pem_of(*OTHER), "BOTH": pem_of(*OTHER) + pem_of(*OURS)}
KEY = {"key": {"secret": "OURS"}}


@pytest.fixture
def opened(open_firm: Callable[..., Shop]) -> Callable[..., Shop]:
    """Shops that have a key of their own."""

    def make(**more: Any) -> Shop:
        return open_firm(secrets=KEYS, **{**KEY, **more})

    return make


WAYS = [
    Encryption(), Encryption(128), Encryption(192), Encryption(128, "cbc"), Encryption(256, "cbc"),
    Encryption(digest="sha256"), Encryption(digest="sha256", mask="sha256"), Encryption(mask="sha512"),
    Encryption(digest="sha512", mask="sha256", beside=True), Encryption(256, "cbc", beside=True),
    Encryption(label=b"a label"),
]  # fmt: skip


@pytest.mark.requirement("A11")
@pytest.mark.parametrize("signs", [("assertion",), ("response",), ("assertion", "response")], ids="+".join)
def test_somebody_signs_in(opened: Callable[..., Shop], provider: Provider, signs: tuple[str, ...]) -> None:
    """By every method a provider may choose, whichever of response and assertion is signed. Nothing of the person
    stands in what the browser brings."""
    shop = opened()
    seen: list[bytes] = []

    def note(text: bytes) -> bytes:
        seen.append(text)
        return text

    provider.signs, provider.after = signs, note
    for way in WAYS:
        provider.signer.encryption = way
        visitor = Visitor(shop)
        assert "/" == signed_in(visitor, "s-li"), way
        assert "li" == who(visitor)
    assert not any(b"LI@example.com" in each or b"s-li" in each for each in seen)
    provider.signer.encryption = None
    assert "/" == signed_in(Visitor(shop), "s-li")


def test_keys_change(opened: Callable[..., Shop], provider: Provider) -> None:
    """The new pair stands first in the secret and in the metadata; what is still encrypted for the old one is read."""
    old = opened()
    metadata = Visitor(old).get("api/sign-in/firm/metadata").text
    provider.signer.encryption = Encryption()
    shop = opened(key={"secret": "BOTH"})
    found = re.findall(r"<ds:X509Certificate>([^<]+)<", Visitor(shop).get("api/sign-in/firm/metadata").text)
    assert 2 == len(found) and found[0] not in metadata and found[1] in metadata
    assert "/" == signed_in(Visitor(shop), "s-li")
    provider.knows(metadata)
    assert "/" == signed_in(Visitor(shop), "s-li")
    alone = opened(key={"secret": "OTHER"})
    provider.knows(metadata)
    assert "/sign-in/untrusted" == signed_in(Visitor(alone), "s-li")


def test_what_is_encrypted_is_not_yet_true(opened: Callable[..., Shop], provider: Provider) -> None:
    """Anybody can encrypt for a certificate that anybody can read: without a signature nobody is signed in, nor with an
    assertion that was changed, exchanged, doubled, put beside another, or taken from another response."""
    shop = opened()
    shop.ask("root", "api.link_account", connector="firm", account=f"{provider.address}/metadata s-root", login="root")
    provider.signer.encryption = Encryption()
    certificate = OURS[1]

    def evil(root: Any) -> Any:
        """An assertion of somebody's own, well encrypted, in the place of the true one."""
        sealed = root.find(f"{SAML}EncryptedAssertion")
        kept = copy.deepcopy(sealed)
        for each in list(sealed):
            sealed.remove(each)
        made = etree.SubElement(sealed, f"{SAML}Assertion", ID="_evil", Version="2.0")
        etree.SubElement(etree.SubElement(made, f"{SAML}Subject"), f"{SAML}NameID").text = "s-root"
        Encryption().put(made, certificate)
        return kept

    def twice(root: Any) -> None:
        root.append(copy.deepcopy(root.find(f"{SAML}EncryptedAssertion")))

    def beside(root: Any) -> None:
        made = etree.SubElement(root, f"{SAML}Assertion", ID="_evil", Version="2.0")
        etree.SubElement(etree.SubElement(made, f"{SAML}Subject"), f"{SAML}NameID").text = "s-root"

    def evil_and_true(root: Any) -> None:
        root.append(evil(root))

    def flipped(root: Any) -> None:
        value = root.find(f".//{XENC}EncryptedData/{XENC}CipherData/{XENC}CipherValue")
        content = bytearray(base64.b64decode(value.text))
        content[-1] ^= 1
        value.text = base64.b64encode(content).decode()

    def empty(root: Any) -> None:
        for each in root.iter(f"{XENC}CipherValue"):
            each.text = ""

    def nothing(root: Any) -> None:
        sealed = root.find(f"{SAML}EncryptedAssertion")
        for each in list(sealed):
            sealed.remove(each)

    for lie in (evil, twice, beside, evil_and_true, flipped, empty, nothing):
        for mode in ("gcm", "cbc"):
            provider.signer.sealed, provider.signer.encryption = lie, Encryption(mode=mode)
            visitor = Visitor(shop)
            assert "/sign-in/untrusted" == signed_in(visitor, "s-li"), (lie.__name__, mode)
            assert who(visitor) is None
    provider.signer.sealed = lambda root: None
    provider.signs = ()
    assert "/sign-in/untrusted" == signed_in(Visitor(shop), "s-li")
    provider.signs = ("response",)

    def changed(text: bytes) -> bytes:
        root = etree.fromstring(text)
        evil(root)
        return bytes(etree.tostring(root))

    provider.after = changed
    assert "/sign-in/untrusted" == signed_in(Visitor(shop), "s-root")


@pytest.mark.parametrize("way", [Encryption(transport="1_5"), Encryption(192, "ctr")], ids=["rsa-1_5", "aes-ctr"])
def test_methods_that_are_not_taken(opened: Callable[..., Shop], provider: Provider, way: Encryption) -> None:
    """Those by which it could be read by asking, and those that do not exist, are a matter of setting up."""
    shop = opened()
    if way.mode == "ctr":
        way = Encryption(192)
        provider.signer.sealed = lambda root: root.find(f".//{XENC}EncryptionMethod").set(
            "Algorithm", f"{ENC}aes192-ctr"
        )
    provider.signer.encryption = way
    assert "/sign-in/setup" == signed_in(Visitor(shop), "s-li")


def test_a_key_that_is_none(open_firm: Callable[..., Shop], provider: Provider) -> None:
    """Whoever asks for the metadata is told what to do, without a word of the key."""
    curve = ec.generate_private_key(ec.SECP256R1())
    small = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    wrong = {
        "TEXT": ("no key at all", "0 private keys"),
        "ALONE": (KEYS["OURS"].partition("-----BEGIN CERT")[0], "of which 0 have their certificate"),
        "CROSSED": (pem_of(OURS[0], OTHER[1]), "of which 0 have their certificate"),
        "CURVE": (pem_of(curve, certificate_for(curve)), "no RSA key"),
        "SMALL": (pem_of(small, certificate_for(small)), "no RSA key of 2048 bits"),
        "BROKEN": (KEYS["OURS"].replace("\nMII", "\n$$$", 1), "cannot be read"),
    }  # fmt: skip
    for name, (pem, said) in wrong.items():
        shop = open_firm(secrets={**KEYS, name: pem}, key={"secret": name}, knows=False)
        answer = Visitor(shop).get("api/sign-in/firm/metadata")
        [problem] = answer.json()["errors"]
        assert (422, "api.sign-in-setup") == (answer.status_code, problem["code"]), name
        assert said in problem["detail"] and "openssl req -x509" in problem["detail"]
        assert not any(line in answer.text for line in pem.splitlines() if len(line) == 64)
