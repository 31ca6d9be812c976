"""Tokens that say something and cannot be made up: HMAC-SHA-256 over the text, by a key only this database has.
Half of the digest is kept (RFC 2104, 5), so that a ticket is a code that a phone reads easily.

A token is `<base64url of JSON>.<base64url of the signature>`. What it is for stands in it (`for`), so that a ticket is
no confirmation.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

KEY_BYTES = 32
LONGEST = 1000


def new_key() -> str:
    """A fresh key."""
    return secrets.token_urlsafe(KEY_BYTES)


def sign(key: str, purpose: str, **content: Any) -> str:
    """A token."""
    text = json.dumps({"for": purpose, **content}, separators=(",", ":"), ensure_ascii=False).encode()
    return f"{_encoded(text)}.{_encoded(_signature(key, text))}"


def read(key: str, purpose: str, token: str) -> Mapping[str, Any] | None:
    """What a token says; None when it was not made here for this purpose."""
    content, _, signature = token.partition(".")
    if len(token) > LONGEST:
        return None
    try:
        text, signed = _decoded(content), _decoded(signature)
    except (binascii.Error, ValueError):
        return None
    if not hmac.compare_digest(signed, _signature(key, text)):
        return None
    found = json.loads(text)
    return found if found.get("for") == purpose else None


def _signature(key: str, text: bytes) -> bytes:
    return hmac.new(key.encode(), text, hashlib.sha256).digest()[:16]


def _encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    return base64.b64decode((text + "=" * (-len(text) % 4)).encode("ascii"), altchars=b"-_", validate=True)
