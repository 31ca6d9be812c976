"""A message that one browser alone can read: Message Encryption for Web Push (RFC 8291) in one record of aes128gcm
(RFC 8188). The push service carries it and learns how long it is."""

from __future__ import annotations

import secrets
from typing import Any

from lowcode.api.push.keys import ec, point

AESGCM: Any
try:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
except ModuleNotFoundError:  # the extra is not installed; said where a device is added
    AESGCM = None

RECORD = 4096
"""Bytes a push service has to take; of them 103 are not the message's."""
MOST = RECORD - 86 - 17
"""Bytes of a message: a header of 86 stands before it, a delimiter and the tag of 16 behind."""
LAST = b"\x02"
"""What ends the last record (RFC 8188, 2)."""


def fits_point(content: bytes) -> bool:
    """Whether this is a public key of P-256."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), content)
    except ValueError:
        return False
    return True


def encrypt(content: bytes, browser: bytes, auth: bytes, *, salt: bytes | None = None, own: Any = None) -> bytes:
    """The body of a push message for the browser with this public key and secret; `salt` and `own`, the private key of
    this one message, are fresh unless a test gives them."""
    salt = salt or secrets.token_bytes(16)
    own = own or ec.generate_private_key(ec.SECP256R1())
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), browser)
    public = point(own.public_key())
    shared = own.exchange(ec.ECDH(), theirs)
    material = _derived(shared, auth, b"WebPush: info\x00" + browser + public, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\x00", 12)
    header = salt + RECORD.to_bytes(4, "big") + bytes([len(public)]) + public
    return header + bytes(AESGCM(key).encrypt(nonce, content + LAST, None))


def _derived(material: bytes, salt: bytes, about: bytes, length: int) -> bytes:
    return bytes(HKDF(hashes.SHA256(), length, salt, about).derive(material))
