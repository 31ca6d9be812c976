"""How a message proves who sent it where the sender has no key: with a signature by a secret that both know.

Two ways are known: Standard Webhooks, where id, time and body are signed, and HMAC-SHA256 of the body alone in a
header, as many programs send it. Either way a message counts once: whoever caught one on its way and sends it again
gets the answer of the first time, and changes nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping

from lowcode.api.diagnostics import problem
from lowcode.api.plan import Signed
from lowcode.api.signature import TOLERANCE, fresh, signs
from lowcode.kernel.diagnostics import Unauthenticated

ID_LIMIT = 200
STANDARD = ("webhook-id", "webhook-timestamp", "webhook-signature")


def proven(signed: Signed, secrets: str, headers: Mapping[str, str], body: bytes, now: int) -> str:
    """By what the message is known when it comes again. Of several secrets with blanks between them each may have
    signed it. Raises Unauthenticated."""
    return PROOFS[signed.by](signed, secrets.split(), headers, body, now)


def _standard(signed: Signed, secrets: list[str], headers: Mapping[str, str], body: bytes, now: int) -> str:
    """Standard Webhooks 1.0. The signature is looked at before the time: only the sender learns of a wrong clock."""
    message, stamp, signatures = (headers.get(name, "") for name in STANDARD)
    if not (message and stamp and signatures):
        missing = ", ".join(name for name in STANDARD if not headers.get(name))
        raise Unauthenticated(problem("not-signed", headers=missing))
    at = int(stamp) if stamp.isascii() and stamp.isdigit() and len(stamp) < 16 else None
    good = at is not None and len(message) <= ID_LIMIT
    if at is None or not good or not any(signs(secret, message, at, body, signatures) for secret in secrets):
        raise Unauthenticated(problem("wrong-signature", header=STANDARD[2]))
    if not fresh(at, now):
        raise Unauthenticated(problem("stale-message", seconds=abs(now - at), limit=TOLERANCE))
    return message


def _body(signed: Signed, secrets: list[str], headers: Mapping[str, str], body: bytes, now: int) -> str:
    """HMAC-SHA256 of the body, in hexadecimal or base64. No id and no time are signed: the same bytes count once."""
    given = headers.get(signed.header.lower(), "").strip()
    if not given:
        raise Unauthenticated(problem("not-signed", headers=signed.header))
    word, _, rest = given.partition("=")
    given = rest if word.lower() == "sha256" and rest else given
    for secret in secrets:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        if _same(digest.hex(), given.lower()) or _same(base64.b64encode(digest).decode(), given):
            return f"sha256:{hashlib.sha256(body).hexdigest()}"
    raise Unauthenticated(problem("wrong-signature", header=signed.header))


def _same(made: str, given: str) -> bool:
    return hmac.compare_digest(made.encode(), given.encode())


PROOFS = {"standard_webhooks": _standard, "hmac_sha256": _body}
