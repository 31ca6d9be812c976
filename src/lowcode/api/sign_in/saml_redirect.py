"""SAML's binding by redirect: a message in an address, deflated, and signed with the words it is written in (Bindings
3.4.4). The signature is of the query as it was sent, so it is taken apart and not put together again."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus, urlencode

from lowcode.api.sign_in import saml_xml as xml
from lowcode.api.sign_in.addresses import with_parameters
from lowcode.api.sign_in.kind import NotSignedIn
from lowcode.api.sign_in.saml_keys import Pair
from lowcode.kernel.reasons import both

hashes: Any
padding: Any
InvalidSignature: Any
try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding
except ModuleNotFoundError:  # the extra is not installed; said when a document asks for it
    hashes = padding = InvalidSignature = None

MORE = "http://www.w3.org/2001/04/xmldsig-more#"
METHODS: Mapping[str, str] = {f"{MORE}rsa-sha{bits}": f"SHA{bits}" for bits in (256, 384, 512)}
OURS = f"{MORE}rsa-sha256"
DEFLATE = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE"


def address(to: str, sort: str, message: bytes, state: str, pairs: Sequence[Pair]) -> str:
    """Where a browser is sent with a message (`SAMLRequest` or `SAMLResponse`), signed where there is a key."""
    small = zlib.compress(message)[2:-4]  # what a redirect carries is bare deflate
    sent = {sort: base64.b64encode(small).decode(), **({"RelayState": state} if state else {})}
    if pairs:
        sent["SigAlg"] = OURS
        signed = pairs[0].private.sign(urlencode(sent).encode(), padding.PKCS1v15(), hashes.SHA256())
        sent["Signature"] = base64.b64encode(signed).decode()
    return with_parameters(to, sent)


def message_of(parameters: Mapping[str, str], sort: str) -> bytes:
    """The message of a query. Raises NotSignedIn for what is none, or swells to more than a message has."""
    if parameters.get("SAMLEncoding", DEFLATE) != DEFLATE:
        raise NotSignedIn(
            "untrusted", both("the message is encoded otherwise than by DEFLATE", "消息的编码方式不是 DEFLATE")
        )
    try:
        reading = zlib.decompressobj(-15)
        text = reading.decompress(base64.b64decode(parameters.get(sort, ""), validate=True), xml.LONGEST + 1)
    except (binascii.Error, ValueError, zlib.error):
        raise NotSignedIn(
            "untrusted", both("the message is no deflated text in base64", "消息不是 base64 编码的 DEFLATE 文本")
        ) from None
    if not 0 < len(text) <= xml.LONGEST:
        raise NotSignedIn(
            "untrusted",
            both(f"the message has no text, or more than {xml.LONGEST} bytes", f"消息为空，或超过 {xml.LONGEST} 字节"),
        )
    return text


def hold(query: str, sort: str, certificates: Sequence[Any]) -> None:
    """Whether a query is signed by one of these. Raises NotSignedIn."""
    parts: dict[str, str] = {}
    for part in query.split("&"):
        name = unquote_plus(part.partition("=")[0])
        if name in parts:
            raise NotSignedIn(
                "untrusted", both(f"'{name[:50]}' stands in the address twice", f"地址中出现了两个“{name[:50]}”")
            )
        parts[name] = part
    missing = [name for name in (sort, "SigAlg", "Signature") if name not in parts]
    if missing:
        raise NotSignedIn(
            "untrusted",
            both(
                f"the message is not signed: there is no {' and no '.join(missing)}",
                f"消息没有签名：缺少 {'、'.join(missing)}",
            ),
        )
    if not certificates:
        raise NotSignedIn(
            "setup",
            both("the provider's metadata has no certificate for signatures", "身份提供方的元数据中没有签名证书"),
        )
    method = unquote_plus(parts["SigAlg"].partition("=")[2])
    if method not in METHODS:
        raise NotSignedIn(
            "untrusted",
            both(
                f"it is signed by '{method[:100]}'; possible: {', '.join(METHODS)}",
                f"签名算法是“{method[:100]}”；可用：{'、'.join(METHODS)}",
            ),
        )
    signed = "&".join(parts[name] for name in (sort, "RelayState", "SigAlg") if name in parts)
    try:
        signature = base64.b64decode(unquote_plus(parts["Signature"].partition("=")[2]), validate=True)
    except (binascii.Error, ValueError):
        raise NotSignedIn("untrusted", both("the signature is not written in base64", "签名不是 base64 编码")) from None
    for each in certificates:
        try:
            each.public_key().verify(signature, signed.encode(), padding.PKCS1v15(), getattr(hashes, METHODS[method])())
        except (InvalidSignature, TypeError, AttributeError):
            continue
        return
    raise NotSignedIn("untrusted", both("the signature is none of the provider's", "签名不是身份提供方的签名"))
