"""One-time passwords by the clock (RFC 6238 over RFC 4226): what an authenticator app shows, and the words around it.

The parameters are those every authenticator understands: SHA-1, six digits, thirty seconds.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

DIGITS = 6
PERIOD = 30
WINDOW = 1
"""So many steps before and after now are taken too, for clocks that differ and people who type slowly."""
SECRET_BYTES = 20
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Letters of recovery codes: none that looks like another."""
GROUPS, LETTERS = 4, 4


def new_secret() -> str:
    """A secret as authenticators take it."""
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def code_at(secret: str, step: int, digits: int = DIGITS) -> str:
    """The code of a step (RFC 4226, 5.3)."""
    made = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1)
    start = made[-1] & 0x0F
    number = int.from_bytes(made[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(now: datetime) -> int:
    """The step an instant lies in."""
    return int(now.timestamp()) // PERIOD


def step_shown(secret: str, code: str, now: datetime) -> int | None:
    """The step a code is of, among those that are near now; None when it is of none."""
    sent = "".join(code.split())
    if len(sent) != DIGITS or not (sent.isascii() and sent.isdigit()):
        return None
    current, found = step_of(now), None
    for step in range(max(0, current - WINDOW), current + WINDOW + 1):  # all are looked at, whichever fits
        if hmac.compare_digest(code_at(secret, step), sent):
            found = step
    return found


def address(secret: str, login: str, issuer: str) -> str:
    """What the QR code holds (`otpauth:`)."""
    named = f"{quote(issuer)}:{quote(login)}"
    return f"otpauth://totp/{named}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}"


def recovery_code() -> str:
    """A code for the day the authenticator is lost: nearly eighty bits, in groups one can type."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def plain(recovery: str) -> str:
    """A recovery code as it is compared: without blanks, dashes and capitals."""
    return "".join(each for each in recovery.lower() if each.isalnum())
