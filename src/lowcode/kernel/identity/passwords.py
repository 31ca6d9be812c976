"""Passwords are kept as argon2id hashes; a person who signs in with an older kind of hash gets a new one."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_LENGTH = 8


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher().hash("nobody")


def hashed(password: str) -> str:
    """The hash of a password."""
    return _hasher().hash(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether a password is the one that was hashed. Takes as long for somebody unknown, so that names do not leak."""
    try:
        return _hasher().verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def stale(stored: str) -> bool:
    """Whether the hash should be made anew with today's cost."""
    return _hasher().check_needs_rehash(stored)
