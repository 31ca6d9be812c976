"""What a SAML provider encrypted for this app (XML Encryption 1.1): an assertion, or a name.

The content is under a key of its own (AES by GCM, or by CBC as many providers have it), which is under ours (RSA-OAEP).
What can be decrypted is not yet true: whoever has our certificate can encrypt. Signatures are checked afterwards.

Where something does not fit, one and the same thing is said: whoever could tell bad padding from a bad signature could
read by asking. RSA by PKCS #1 v1.5 is not taken for the same reason.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.api.sign_in import saml_xml as xml
from lowcode.api.sign_in.kind import NotSignedIn
from lowcode.api.sign_in.saml_keys import Pair
from lowcode.api.sign_in.words import chinese
from lowcode.kernel.reasons import both

hashes: Any
padding: Any
ciphers: Any
aead: Any
InvalidTag: Any
try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives import ciphers, hashes
    from cryptography.hazmat.primitives.asymmetric import padding
    from cryptography.hazmat.primitives.ciphers import aead, algorithms, modes
except ModuleNotFoundError:  # the extra is not installed; said when a document asks for it
    hashes = padding = ciphers = aead = InvalidTag = None

ENC, ENC11, MORE = (
    "http://www.w3.org/2001/04/xmlenc#", "http://www.w3.org/2009/xmlenc11#", "http://www.w3.org/2001/04/xmldsig-more#"
)  # fmt: skip
CBC: Mapping[str, int] = {f"{ENC}aes{bits}-cbc": bits // 8 for bits in (128, 192, 256)}
GCM: Mapping[str, int] = {f"{ENC11}aes{bits}-gcm": bits // 8 for bits in (128, 192, 256)}
OAEP = (f"{ENC}rsa-oaep-mgf1p", f"{ENC11}rsa-oaep")
DIGESTS = {
    "http://www.w3.org/2000/09/xmldsig#sha1": "SHA1", f"{ENC}sha256": "SHA256", f"{MORE}sha384": "SHA384",
    f"{ENC}sha512": "SHA512",
}  # fmt: skip
MASKS = {f"{ENC11}mgf1sha{bits}": f"SHA{bits}" for bits in (1, 256, 384, 512)}
KEYS = 8
"""So many encrypted keys are tried, one for each recipient."""
NO_KEY = both(
    "the provider encrypts, and the document names no 'key'; name one, or switch encryption off at the provider",
    "身份提供方加密了内容，而文档没有填写 key；请填写，或在身份提供方处关闭加密",
)
UNREADABLE = both(
    "what the provider encrypted cannot be read with our keys", "身份提供方加密的内容无法用我们的密钥解开"
)


def opened(sealed: Any, pairs: Sequence[Pair], what: str) -> Any:
    """The element within an `EncryptedAssertion` or `EncryptedID`. Raises NotSignedIn."""
    if not pairs:
        raise NotSignedIn("setup", NO_KEY)
    data = xml.only(sealed, "./xenc:EncryptedData")
    if data is None:
        raise NotSignedIn("untrusted", both(f"there is nothing encrypted in {what}", f"{chinese(what)}中没有加密内容"))
    method = _algorithm(data, (*GCM, *CBC))
    content = _value(data)
    wrapped = list(sealed.iter(xml.tag("xenc:EncryptedKey")))[:KEYS]
    for each in wrapped:
        _algorithm(each, OAEP)
    for each in wrapped:
        for pair in pairs:
            key = _unwrapped(each, pair)
            plain = _decrypted(method, key, content) if key is not None else None
            if plain is not None:
                return _element(plain, what)
    raise NotSignedIn("untrusted", UNREADABLE)


def _element(plain: bytes, what: str) -> Any:
    """The element, read as carefully as anything that came; what is none says no more than what cannot be decrypted."""
    try:
        return xml.read(plain, what)
    except NotSignedIn:
        raise NotSignedIn("untrusted", UNREADABLE) from None


def _algorithm(element: Any, possible: Sequence[str]) -> str:
    method = xml.only(element, "./xenc:EncryptionMethod")
    name = method.get("Algorithm", "") if method is not None else ""
    if name not in possible:
        listed = ", ".join(each.rpartition("#")[2] for each in possible)
        raise NotSignedIn(
            "setup",
            both(
                f"the provider encrypts by '{name[:100]}'; possible: {listed}",
                f"身份提供方使用“{name[:100]}”加密；可用：{listed}",
            ),
        )
    return str(name)


def _value(element: Any) -> bytes:
    value = xml.only(element, "./xenc:CipherData/xenc:CipherValue")
    try:
        return base64.b64decode("".join(xml.text_of(value).split()), validate=True)
    except (binascii.Error, ValueError):
        raise NotSignedIn("untrusted", UNREADABLE) from None


def _unwrapped(wrapped: Any, pair: Pair) -> bytes | None:
    """The key of the content; None where it is for another recipient."""
    method = xml.only(wrapped, "./xenc:EncryptionMethod")
    digest = _named(method, "./ds:DigestMethod", DIGESTS)
    mask = _named(method, "./xenc11:MGF", MASKS) if method.get("Algorithm") == OAEP[1] else "SHA1"
    label = xml.text_of(xml.only(method, "./xenc:OAEPparams"))
    try:
        scheme = padding.OAEP(
            padding.MGF1(getattr(hashes, mask)()), getattr(hashes, digest)(), base64.b64decode(label) if label else None
        )
        key: bytes = pair.private.decrypt(_value(wrapped), scheme)
    except ValueError:
        return None
    return key


def _named(method: Any, path: str, known: Mapping[str, str]) -> str:
    """The hash that a part of the method names; SHA-1 where there is none, which hashes nothing secret here."""
    found = xml.only(method, path)
    if found is None:
        return "SHA1"
    name = found.get("Algorithm", "")
    if name not in known:
        raise NotSignedIn(
            "setup",
            both(
                f"the provider encrypts keys with '{name[:100]}'; possible: {', '.join(known)}",
                f"身份提供方使用“{name[:100]}”加密密钥；可用：{'、'.join(known)}",
            ),
        )
    return known[name]


def _decrypted(method: str, key: bytes, content: bytes) -> bytes | None:
    if len(key) != (GCM.get(method) or CBC[method]):
        return None
    if method in GCM:
        try:
            plain: bytes = aead.AESGCM(key).decrypt(content[:12], content[12:], None)
        except (InvalidTag, ValueError):
            return None
        return plain
    if len(content) < 32 or len(content) % 16:
        return None
    reading = ciphers.Cipher(algorithms.AES(key), modes.CBC(content[:16])).decryptor()
    padded: bytes = reading.update(content[16:]) + reading.finalize()
    return padded[: -padded[-1]] if 1 <= padded[-1] <= 16 else None
