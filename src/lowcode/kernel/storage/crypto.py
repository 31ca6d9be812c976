"""Values kept so that the database alone cannot read them, with the extra `encryption` (cryptography).

The embedding program holds the keys. A sealed value is `enc1:<key id>:<base64>`; a text without that beginning was
written by a process that did not know of the encryption yet, and is read as it stands.

* most fields: AES-256-GCM with a fresh nonce, so that no two values look alike;
* searchable ones: AES-SIV (RFC 5297) without a nonce, so that equal values look equal, an index finds them and they
  can be unique. Who holds the database sees which records share a value, and not which one it is.

Both are bound to the place they belong to: a value copied into another field does not open.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from typing import Any

from lowcode.kernel.diagnostics import LowcodeError

ciphers: Any
try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.ciphers import aead as ciphers
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
except ModuleNotFoundError:  # the extra is not installed; said when a field asks for it
    ciphers = None

MARK = "enc1:"
KEY_BYTES = 32
NONCE_BYTES = 12
SECRET = "ENCRYPTION_KEYS"
"""The secret of the host that holds the keys: `id=base64, id=base64`, the first for what is written from now on."""


class SealError(LowcodeError):
    """An encrypted field and no key, a key that cannot be one, or a value that does not open. The text says which."""


def possible() -> bool:
    """Whether the library is installed; a form with an encrypted field is refused when it is not."""
    return ciphers is not None


def new_key(identity: str = "1") -> str:
    """A fresh key as it is written into the secret."""
    return f"{identity}={base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"


class Keyring:
    """The keys of a host, the newest first."""

    def __init__(self, keys: Sequence[tuple[str, bytes]]) -> None:
        if not keys:
            raise SealError(
                f"the secret {SECRET} names no key, and something here is encrypted; set LOWCODE_SECRET_{SECRET}, "
                f'for instance to "{new_key()}", and keep it: without it none of that can be read'
            )
        self.current = keys[0][0]
        self._random = {name: ciphers.AESGCM(_derived(key, b"random", 32)) for name, key in keys}
        self._equal = {name: ciphers.AESSIV(_derived(key, b"equal", 64)) for name, key in keys}

    @classmethod
    def parse(cls, text: str) -> Keyring:
        """The keys a secret names. Raises SealError for what is no key."""
        keys = []
        for part in filter(None, (each.strip() for each in text.split(","))):
            name, _, encoded = part.partition("=")
            try:
                key = base64.b64decode(encoded, validate=True)
            except ValueError:  # no base64, or no ASCII
                key = b""
            if len(key) != KEY_BYTES or not name.isalnum():
                raise SealError(f"key '{name}' of {SECRET} is not {KEY_BYTES} bytes in base64 under a name of letters")
            keys.append((name, key))
        return cls(keys)

    def seal(self, text: str, place: str, *, searchable: bool) -> str:
        """A text as it is stored at a place."""
        name, about = self.current, place.encode()
        if searchable:
            closed = self._equal[name].encrypt(text.encode(), [about])
            return f"{MARK}{name}=:{base64.b64encode(closed).decode()}"
        nonce = secrets.token_bytes(NONCE_BYTES)
        closed = nonce + self._random[name].encrypt(nonce, text.encode(), about)
        return f"{MARK}{name}:{base64.b64encode(closed).decode()}"

    def open(self, stored: str, place: str) -> str:
        """The text that was stored at a place. Raises SealError when it was not, or its key is gone."""
        if not stored.startswith(MARK):
            return stored
        name, _, encoded = stored.removeprefix(MARK).partition(":")
        equal = name.endswith("=")
        cipher = (self._equal if equal else self._random).get(name.rstrip("="))
        if cipher is None:
            raise SealError(
                f"a value of {place} is encrypted with key '{name.rstrip('=')}', which {SECRET} does not have"
            )
        closed = base64.b64decode(encoded)
        try:
            if equal:
                return str(cipher.decrypt(closed, [place.encode()]), "utf-8")
            return str(cipher.decrypt(closed[:NONCE_BYTES], closed[NONCE_BYTES:], place.encode()), "utf-8")
        except InvalidTag:
            raise SealError(f"a value of {place} does not open: it was altered, or belongs elsewhere") from None

    def is_current(self, stored: str, *, searchable: bool) -> bool:
        """Whether a stored value need not be written anew."""
        return stored.startswith(f"{MARK}{self.current}{'=' if searchable else ''}:")


def _derived(key: bytes, purpose: bytes, length: int) -> bytes:
    """A key for one purpose only (HKDF, RFC 5869)."""
    return HKDF(hashes.SHA256(), length, None, b"lowcode " + purpose).derive(key)
