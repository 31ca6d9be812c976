"""A provider of SAML 2.0 on this machine: pysaml2's server side, with a page on which a person is chosen.

It reads our metadata and our requests with its own schemas, and writes its responses itself. They are signed here, by
the steps of the standard (XML Signature 1.1, 3.1), so that nothing that checks them has made them. `before` and `after`
make a response say something else than it should, before and after it is signed, as somebody could who took the
provider over, or stands between it and us.
"""

from __future__ import annotations

import base64
import re
import tempfile
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from flask import Flask, redirect, request
from lxml import etree
from saml2 import BINDING_HTTP_POST, BINDING_HTTP_REDIRECT
from saml2.config import IdPConfig
from saml2.metadata import entity_descriptor
from saml2.saml import NAME_FORMAT_URI, NAMEID_FORMAT_PERSISTENT, NameID
from saml2.server import Server
from saml2.sigver import CryptoBackend, RSACrypto, verify_redirect_signature
from saml2.xmldsig import SIG_RSA_SHA256
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
    sessions: list[tuple[str, str]] = field(default_factory=list)
    ended: list[tuple[str, list[str]]] = field(default_factory=list)
    asked_to_end: str = ""

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
            "endpoints": {
                "single_sign_on_service": [(f"{self.address}/sso", BINDING_HTTP_REDIRECT)],
                "single_logout_service": [(f"{self.address}/slo", BINDING_HTTP_REDIRECT)],
            },
            "want_authn_requests_signed": False,
            "policy": policy, "subject_data": ("dict", None),
        }  # fmt: skip
        self.config = IdPConfig().load({
            "entityid": f"{self.address}/metadata", "crypto_backend": "XMLSecurity", "key_file": str(key),
            "cert_file": str(certificate), "service": {"idp": service}, "metadata": {"inline": []},
        })  # fmt: skip
        self.server = Server(config=self.config)
        self.server.sec.crypto = self.signer
        self.server.sec.sec_backend = RSACrypto(self.signer.key)

    def change_key(self) -> None:
        """A new key, which is the only one in the metadata from now on."""
        self.signer.key, self.signer.certificate = pair()
        self.server.sec.sec_backend = RSACrypto(self.signer.key)
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
            self.sessions += [(person, each) for each in re.findall(r'SessionIndex="([^"]+)"', str(made))]
        return args["destination"], base64.b64encode(self.after(str(made).encode())).decode()

    def left(self, query: str) -> str:
        """Somebody signed out at an app: where the browser goes with the answer. Their wish has to be signed."""
        sent = dict(parse_qsl(query))
        self.config.setattr("idp", "want_authn_requests_signed", True)
        try:
            found = self.server.parse_logout_request(
                sent["SAMLRequest"], BINDING_HTTP_REDIRECT, sent.get("RelayState"), sent.get("SigAlg"),
                sent.get("Signature"),
            )  # fmt: skip
        finally:
            self.config.setattr("idp", "want_authn_requests_signed", False)
        message = found.message
        self.ended.append((message.name_id.text, [each.text for each in message.session_index]))
        made = self.server.create_logout_response(message, [BINDING_HTTP_REDIRECT])
        return self._redirect(str(made), self._logout_of(message.issuer.text), response=True)

    def leave(
        self, app: str, person: str, indexes: Sequence[str] = (), *, posted: bool = False, state: str = "",
        change: Callable[[Any], None] = lambda message: None, to: str = "",
    ) -> Any:  # fmt: skip
        """Somebody signed out here: where the browser goes to tell an app of it, or what form it brings."""
        to = to or self._logout_of(app)
        _, made = self.server.create_logout_request(
            to, app, name_id=NameID(format=self.format, text=self.name_id(person)), session_indexes=list(indexes),
            expire=(datetime.now(UTC) + timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )  # fmt: skip
        root = etree.fromstring(str(made).encode())
        change(root)
        self.asked_to_end = root.get("ID")
        if posted:
            self.signer.sign(root, 1)
            return {"SAMLRequest": text_of(etree.tostring(root)), **({"RelayState": state} if state else {})}
        return self._redirect(etree.tostring(root).decode(), to, state=state)

    def answered(self, query: str) -> Any:
        """An app's answer to that, checked: signed by it, for us, and for what we asked last."""
        sent = dict(parse_qsl(query))
        certificate = self.server.metadata.certs(self._issuer(sent["SAMLResponse"]), "any", "signing")[0][1]
        assert verify_redirect_signature(dict(sent), self.server.sec.sec_backend, certificate)
        found = self.server.parse_logout_request_response(sent["SAMLResponse"], BINDING_HTTP_REDIRECT)
        assert found.status_ok() and found.response.in_response_to == self.asked_to_end
        assert found.response.destination == f"{self.address}/slo"
        return found

    def _issuer(self, deflated: str) -> str:
        root = etree.fromstring(zlib.decompress(base64.b64decode(deflated), -15))
        return str(root.find(f"{SAML}Issuer").text)

    def _logout_of(self, app: str) -> str:
        return str(self.server.metadata.single_logout_service(app, BINDING_HTTP_REDIRECT, "spsso")[0]["location"])

    def _redirect(self, message: str, to: str, *, response: bool = False, state: str = "") -> str:
        made = self.server.apply_binding(
            BINDING_HTTP_REDIRECT, message, to, state, response=response, sign=True, sigalg=SIG_RSA_SHA256
        )
        return str(dict(made["headers"])["Location"])


def application(provider: Provider) -> Flask:
    """The provider's pages."""
    app = Flask("provider")

    @app.before_request
    def note() -> None:
        provider.asked.append(request.path)

    @app.get("/metadata")
    def metadata() -> Any:
        return provider.metadata, {"Content-Type": "application/samlmetadata+xml"}

    @app.get("/slo")
    def slo() -> Any:
        if "SAMLResponse" in request.args:
            provider.answered(request.query_string.decode())
            return "<!doctype html><title>Provider</title>Signed out everywhere"
        return redirect(provider.left(request.query_string.decode()))

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
