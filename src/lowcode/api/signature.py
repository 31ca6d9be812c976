"""Standard Webhooks 1.0: a message is signed over its id, its time and its exact bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

TOLERANCE = 300
"""Seconds a message may be old."""


def key_of(secret: str) -> bytes:
    """The bytes of a secret: base64 after `whsec_`, else the text itself."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except (binascii.Error, ValueError):
            return secret.encode()
    return secret.encode()


def sign(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`."""
    content = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key_of(secret), content, hashlib.sha256).digest()).decode()


def signs(secret: str, message: str, timestamp: int, body: bytes, signatures: str) -> bool:
    """Whether one of the signatures is right."""
    expected = sign(secret, message, timestamp, body).encode()
    return any(hmac.compare_digest(expected, each.encode()) for each in signatures.split(" "))


def fresh(timestamp: int, now: int) -> bool:
    """Whether a message is neither old nor of the future."""
    return abs(now - timestamp) <= TOLERANCE


def verify(secret: str, message: str, timestamp: int, body: bytes, signatures: str, now: int) -> bool:
    """Whether one of the signatures is right and the message is fresh."""
    return fresh(timestamp, now) and signs(secret, message, timestamp, body, signatures)
