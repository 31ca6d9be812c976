"""SAML's binding by SOAP (Bindings 3.2): the provider brings a message itself, behind the browser's back.

The message carries its own signature, as nothing else says whose it is; so does the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lowcode.api.sign_in import saml_xml as xml
from lowcode.api.sign_in.kind import NotSignedIn
from lowcode.api.sign_in.saml_keys import Pair
from lowcode.kernel.reasons import both

signxml: Any
serialization: Any
try:
    import signxml
    from cryptography.hazmat.primitives import serialization
except ModuleNotFoundError:  # the extra is not installed; said when a document asks for it
    signxml = serialization = None

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
AFTER = "{urn:oasis:names:tc:SAML:2.0:assertion}Issuer"
"""A signature stands behind the issuer (Core 3.2.2)."""


def message_of(text: bytes) -> Any:
    """The one message in an envelope, on its own. Nothing of it is proven yet. Raises NotSignedIn."""
    if len(text) > xml.LONGEST:
        raise NotSignedIn(
            "untrusted",
            both(
                f"the envelope has {len(text)} bytes; at most {xml.LONGEST} are taken",
                f"信封有 {len(text)} 字节；最多接受 {xml.LONGEST} 字节",
            ),
        )
    root = xml.read(text, "the envelope")
    bodies = root.findall(f"{{{ENVELOPE}}}Body")
    if root.tag != f"{{{ENVELOPE}}}Envelope" or len(bodies) != 1 or len(bodies[0]) != 1:
        raise NotSignedIn(
            "untrusted",
            both("what was sent is no SOAP envelope with one message in it", "收到的内容不是只含一条消息的 SOAP 信封"),
        )
    if any(each.get(f"{{{ENVELOPE}}}mustUnderstand") == "1" for each in root.iterfind(f"{{{ENVELOPE}}}Header/*")):
        raise NotSignedIn(
            "untrusted",
            both(
                "the envelope has a header that has to be understood, and none is",
                "信封中有必须理解的头，而此处一个也不理解",
            ),
        )
    return xml.read(xml.etree.tostring(bodies[0][0], with_tail=False), "the message")


def envelope(message: bytes, pairs: Sequence[Pair]) -> bytes:
    """The answer in an envelope, signed by the first of our keys."""
    root = xml.read(message, "the answer")
    place = xml.etree.Element(f"{{{xml.NAMES['ds']}}}Signature", {"Id": "placeholder"}, {"ds": xml.NAMES["ds"]})
    root.find(AFTER).addnext(place)
    pem = pairs[0].certificate.public_bytes(serialization.Encoding.PEM)
    signer = signxml.XMLSigner(
        method=signxml.methods.enveloped, signature_algorithm="rsa-sha256", digest_algorithm="sha256",
        c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#",
    )  # fmt: skip
    signed = signer.sign(root, key=pairs[0].private, cert=pem.decode(), reference_uri=root.get("ID"), id_attribute="ID")
    inside = xml.etree.tostring(signed).decode()
    return f'<soap:Envelope xmlns:soap="{ENVELOPE}"><soap:Body>{inside}</soap:Body></soap:Envelope>'.encode()
