"""The work a browser does before it may send: a number that, behind the page's token, hashes to a few zero bits.

A person waits a moment once; who wants to send a thousand pays a thousand times. No other service is asked.
"""

from __future__ import annotations

import hashlib

LONGEST = 20


def done(token: str, answer: str, bits: int) -> bool:
    """Whether SHA-256 of `token:answer` begins with so many zero bits."""
    if bits == 0:
        return True
    if not answer or len(answer) > LONGEST:
        return False
    digest = hashlib.sha256(f"{token}:{answer}".encode("utf-8", "replace")).digest()
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def do(token: str, bits: int) -> str:
    """The answer, for programs and tests that fill a form in."""
    number = 0
    while not done(token, str(number), bits):
        number += 1
    return str(number)
