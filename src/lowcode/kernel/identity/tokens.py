"""Secret words: sessions, keys, links in letters. The database keeps their digest, so who reads it cannot use them."""

from __future__ import annotations

import hashlib
import secrets


def fresh() -> str:
    """A word of chance that nobody guesses: 256 bits, fit for an address."""
    return secrets.token_urlsafe(32)


def digest(word: str) -> str:
    """What is kept of a secret word."""
    return hashlib.sha256(word.encode("utf-8", "replace")).hexdigest()
