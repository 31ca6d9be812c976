"""XML of SAML 2.0: read so that nothing in it is obeyed, and written.

A document with a type declaration is refused, so there are no entities; comments are left out, so a name is one text
and not the part before a comment.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lowcode.api.sign_in.kind import NotSignedIn
from lowcode.api.sign_in.words import chinese
from lowcode.kernel.reasons import both

try:
    from lxml import etree as etree
except ModuleNotFoundError:  # the extra is not installed; said when a document asks for it
    etree = None

NAMES = {
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion", "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#", "xenc11": "http://www.w3.org/2009/xmlenc11#",
}  # fmt: skip
POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
SOAP = "urn:oasis:names:tc:SAML:2.0:bindings:SOAP"
REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
LONGEST = 256 * 1024
"""Bytes of a response."""
PREFIX = "urn:oasis:names:tc:SAML:"
FORMATS = {
    "persistent": PREFIX + "2.0:nameid-format:persistent",
    "email": PREFIX + "1.1:nameid-format:emailAddress",
    "unspecified": PREFIX + "1.1:nameid-format:unspecified",
    "transient": PREFIX + "2.0:nameid-format:transient",
}


def read(text: bytes, what: str) -> Any:
    """The outermost element. Raises NotSignedIn for what is no XML, or more than that."""
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:  # before it is parsed; and it is parsed as UTF-8, whatever it says
        raise NotSignedIn("untrusted", both(f"{what} declares a document type", f"{chinese(what)}声明了文档类型"))
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotSignedIn(
            "untrusted", both(f"{what} is no XML: {error}", f"{chinese(what)}不是 XML：{error}")
        ) from None


def tag(name: str) -> str:
    """The name of an element as the parser writes it: `saml:Assertion`."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMES[prefix]}}}{local}"


def children(element: Any, path: str) -> list[Any]:
    """The elements at a path below one: `./saml:Assertion`."""
    found: list[Any] = element.findall(path, NAMES)
    return found


def text_of(element: Any) -> str:
    """All the text of an element."""
    return "".join(element.itertext()).strip() if element is not None else ""


def only(element: Any, path: str) -> Any:
    """The one element at a path, or None where there is none. Raises NotSignedIn where there are several."""
    found = children(element, path)
    if len(found) > 1:
        raise NotSignedIn(
            "untrusted",
            both(
                f"there are {len(found)} elements at '{path}' where one may be",
                f"“{path}”处有 {len(found)} 个元素，而只能有一个",
            ),
        )
    return found[0] if found else None


def instant(text: str | None) -> datetime | None:
    """An instant of XML Schema; without a zone it is UTC, as SAML says. None for what is none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def decoded(text: str) -> bytes:
    """What the browser brought. Raises NotSignedIn."""
    try:
        found = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotSignedIn("untrusted", both("the response is not written in base64", "响应不是 base64 编码")) from None
    if not 0 < len(found) <= LONGEST:
        raise NotSignedIn(
            "untrusted",
            both(
                f"the response has {len(found)} bytes; at most {LONGEST} are taken",
                f"响应有 {len(found)} 字节；最多接受 {LONGEST} 字节",
            ),
        )
    return found


def request(identity: str, entity: str, back: str, to: str, at: datetime, *, name_id: str | None, again: bool) -> bytes:
    """The wish to know who somebody is (Core 3.4.1)."""
    policy = f'<samlp:NameIDPolicy Format="{FORMATS[name_id]}" AllowCreate="true"/>' if name_id is not None else ""
    force = ' ForceAuthn="true"' if again else ""
    return (
        f'<samlp:AuthnRequest xmlns:samlp="{NAMES["samlp"]}" xmlns:saml="{NAMES["saml"]}" ID={quoteattr(identity)} '
        f'Version="2.0" IssueInstant="{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" Destination={quoteattr(to)}{force} '
        f'ProtocolBinding="{POST}" AssertionConsumerServiceURL={quoteattr(back)}>'
        f"<saml:Issuer>{escape(entity)}</saml:Issuer>{policy}</samlp:AuthnRequest>"
    ).encode()


def described(
    entity: str, back: str, name_id: str | None, certificates: Sequence[str] = (), left: str | None = None
) -> str:
    """What is entered at the provider: who this app is there, the certificates of its keys, and where people come back
    to (Metadata 2.4.4); `left` is where a session's end is told."""
    format_ = f"<md:NameIDFormat>{FORMATS[name_id]}</md:NameIDFormat>" if name_id is not None else ""
    keys = "".join(
        f'<md:KeyDescriptor><ds:KeyInfo xmlns:ds="{NAMES["ds"]}"><ds:X509Data><ds:X509Certificate>{each}'
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for each in certificates
    )
    ends = "".join(
        f'<md:SingleLogoutService Binding="{binding}" Location={quoteattr(left)}/>'
        for binding in (REDIRECT, POST, SOAP) if left is not None
    )  # fmt: skip
    signs = "true" if certificates else "false"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<md:EntityDescriptor xmlns:md="{NAMES["md"]}" '
        f'entityID={quoteattr(entity)}><md:SPSSODescriptor AuthnRequestsSigned="{signs}" WantAssertionsSigned="true" '
        f'protocolSupportEnumeration="{NAMES["samlp"]}">{keys}{ends}{format_}<md:AssertionConsumerService '
        f'Binding="{POST}" Location={quoteattr(back)} index="0" isDefault="true"/></md:SPSSODescriptor>'
        f"</md:EntityDescriptor>\n"
    )
