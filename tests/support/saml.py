"""A provider of SAML 2.0 on this machine: pysaml2's server side, with a page on which a person is chosen.

It reads our metadata and our requests with its own schemas, and writes its responses itself. They are signed here, by
the steps of the standard (XML Signature 1.1, 3.1), so that nothing that checks them has made them. `before` and `after`
make a response say something else than it should, before and after it is signed, as somebody could who took the
provider over, or stands between it and us.
"""

from __future__ import annotations

import base64
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from flask import Flask, request
from lxml import etree
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.sigver import CryptoBackend
from werkzeug.serving import make_server

from tests.support.xml_encryption import Encryption, certificate_of

PASSWORD = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
DS = "http://www.w3.org/2000/09/xmldsig#"
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SIGNATURE = f"{{{DS}}}Signature"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
METHODS: dict[str, tuple[type[hashes.HashAlgorithm], str, str]] = {
    "sha256": (hashes.SHA256, "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "http://www.w3.org/2001/04/xmlenc#sha256"),
    "sha1": (hashes.SHA1, f"{DS}rsa-sha1", f"{DS}sha1"),
}  # fmt: skip
TEMPLATE = """<ds:Signature xmlns:ds="{ds}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{exclusive}"/>\
<ds:SignatureMethod Algorithm="{method}"/><ds:Reference URI="#{identity}"><ds:Transforms>\
<ds:Transform Algorithm="{ds}enveloped-signature"/><ds:Transform Algorithm="{exclusive}"/></ds:Transforms>\
<ds:DigestMethod Algorithm="{digest_method}"/><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>\
<ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>\
</ds:KeyInfo></ds:Signature>"""


def canonical(element: Any) -> bytes:
    """What is signed of an element."""
    return bytes(etree.tostring(element, method="c14n", exclusive=True, with_comments=False, with_tail=False))


def text_of(value: bytes) -> str:
    return base64.b64encode(value).decode()


def pair() -> tuple[Any, Any]:
    """A key, and a certificate of it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.oid.NameOID.COMMON_NAME, "provider")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=2)).not_valid_after(now + timedelta(days=300))
    return key, made.sign(key, hashes.SHA256())


@dataclass
class Signer(CryptoBackend):  # type: ignore[misc]
    """Signs what pysaml2 wrote, in the place of its template."""

    key: Any
    certificate: Any
    algorithm: str = "sha256"
    before: Callable[[Any], None] = lambda response: None
    encryption: Encryption | None = None
    sealed: Callable[[Any], None] = lambda response: None

    def encrypt_assertion(
        self, statement: Any, enc_key: str, template: Any, key_type: str = "", node_xpath: str | None = None
    ) -> str:
        """The response with its assertion encrypted, in the place of xmlsec's template; `sealed` changes it."""
        assert self.encryption is not None
        root = etree.fromstring(str(statement).encode())
        [assertion] = root.findall(f"{SAML}EncryptedAssertion/{SAML}Assertion")
        self.encryption.put(assertion, certificate_of(enc_key))
        self.sealed(root)
        return bytes(etree.tostring(root)).decode()

    def sign_statement(self, statement: Any, node_name: str, key_file: str, node_id: str) -> str:
        """The text with a signature of one of its elements."""
        root = etree.fromstring(statement if isinstance(statement, bytes) else str(statement).encode())
        element = next(each for each in root.iter() if each.get("ID") == node_id)
        template = element.find(SIGNATURE)
        at = list(element).index(template)
        element.remove(template)
        self.before(root)
        self.sign(element, at)
        return bytes(etree.tostring(root)).decode()

    def sign(self, element: Any, at: int) -> None:
        """Put a signature of an element into it."""
        algorithm, method, digest_method = METHODS[self.algorithm]
        digest = hashes.Hash(algorithm())
        digest.update(canonical(element))
        signature = etree.fromstring(
            TEMPLATE.format(
                ds=DS, exclusive=EXCLUSIVE, method=method, identity=element.get("ID"), digest_method=digest_method,
                digest=text_of(digest.finalize()),
                certificate=text_of(self.certificate.public_bytes(serialization.Encoding.DER)),
            )
        )  # fmt: skip
        element.insert(at, signature)  # it takes the prefixes that are there, and they are signed
        signed = self.key.sign(canonical(signature[0]), padding.PKCS1v15(), algorithm())
        signature[1].text = text_of(signed)


@dataclass
class Provider:
    """What the provider knows: people by NameID, and how it lies."""

    people: dict[str, dict[str, Any]]
    address: str = ""
    server: Any = None
    signer: Any = None
    signs: tuple[str, ...] = ("assertion",)
    after: Callable[[bytes], bytes] = lambda text: text
    name_id: Callable[[str], str] = lambda person: person
    format: str = NAMEID_FORMAT_PERSISTENT
    asked: list[str] = field(default_factory=list)

    def begin(self, folder: Path) -> None:
        """Take a key, and begin to answer."""
        self.signer = Signer(*pair())
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        form = serialization.PrivateFormat.PKCS8
        pem = serialization.Encoding.PEM
        key.write_bytes(self.signer.key.private_bytes(pem, form, serialization.NoEncryption()))
        certificate.write_bytes(self.signer.certificate.public_bytes(pem))
        policy = {"default": {"lifetime": {"minutes": 5}, "attribute_restrictions": None, "name_form": NAME_FORMAT_URI}}
        service = {
            "endpoints": {"single_sign_on_service": [(f"{self.address}/sso", BINDING_HTTP_REDIRECT)]},
            "policy": policy, "subject_data": ("dict", None),
        }  # fmt: skip
        self.config = IdPConfig().load({
            "entityid": f"{self.address}/metadata", "crypto_backend": "XMLSecurity", "key_file": str(key),
            "cert_file": str(certificate), "service": {"idp": service}, "metadata": {"inline": []},
        })  # fmt: skip
        self.server = Server(config=self.config)
        self.server.sec.crypto = self.signer

    def change_key(self) -> None:
        """A new key, which is the only one in the metadata from now on."""
        self.signer.key, self.signer.certificate = pair()
        pem = self.signer.certificate.public_bytes(serialization.Encoding.PEM)
        Path(self.config.cert_file).write_bytes(pem)
        self.config.cert = None

    @property
    def metadata(self) -> str:
        """What it says of itself."""
        return str(entity_descriptor(self.config))

    def knows(self, metadata: str) -> None:
        """Whoever is allowed to ask: an app by its metadata, held to the schema."""
        found = {"class": "saml2.mdstore.InMemoryMetaData", "metadata": [(metadata,)]}
        self.server.metadata.imp([found])

    def response(self, asked: str, person: str) -> tuple[str, str]:
        """Where a browser brings what, for a request."""
        message = self.server.parse_authn_request(asked, BINDING_HTTP_REDIRECT).message
        args = self.server.response_args(message, [BINDING_HTTP_POST])
        if not person:
            made = self.server.create_error_response(
                message.id, args["destination"], info=("urn:oasis:names:tc:SAML:2.0:status:RequestDenied", "no")
            )
        else:
            made = self.server.create_authn_response(
                dict(self.people[person]), message.id, args["destination"],
                args["sp_entity_id"], name_id=NameID(format=self.format, text=self.name_id(person)),
                authn={"class_ref": PASSWORD, "authn_auth": self.address},
                sign_assertion="assertion" in self.signs, sign_response="response" in self.signs,
                encrypt_assertion=self.signer.encryption is not None,
            )  # fmt: skip
        return args["destination"], base64.b64encode(self.after(str(made).encode())).decode()


def application(provider: Provider) -> Flask:
    """The provider's pages."""
    app = Flask("provider")

    @app.before_request
    def note() -> None:
        provider.asked.append(request.path)

    @app.get("/metadata")
    def metadata() -> Any:
        return provider.metadata, {"Content-Type": "application/samlmetadata+xml"}

    @app.route("/sso", methods=["GET", "POST"])
    def sso() -> Any:
        if request.method == "GET":
            provider.server.parse_authn_request(request.args["SAMLRequest"], BINDING_HTTP_REDIRECT)
            buttons = "".join(
                f'<button name="person" value="{name}">{escape(name)}</button>' for name in provider.people
            )
            return f'<!doctype html><title>Provider</title><form method="post">{buttons}<button>Cancel</button></form>'
        to, text = provider.response(request.args["SAMLRequest"], request.form.get("person", ""))
        state = escape(request.args["RelayState"])
        return (
            f'<!doctype html><title>Provider</title><body onload="document.forms[0].submit()"><form method="post" '
            f'action="{escape(to)}"><input name="SAMLResponse" value="{text}"><input name="RelayState" value="{state}">'
            "</form>"
        )

    return app


@contextmanager
def running(people: dict[str, dict[str, Any]]) -> Iterator[Provider]:
    """A provider at an address for as long as the block lasts. Its host is called `localhost`: another site than
    127.0.0.1, as a provider is to an app."""
    provider = Provider(people)
    server = make_server("localhost", 0, application(provider), threaded=True)
    provider.address = f"http://localhost:{server.server_port}"
    with tempfile.TemporaryDirectory() as folder:
        provider.begin(Path(folder))
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
