"""The push services that messages go to: those of the browsers' makers, and what the host adds (`PUSH_SERVICES`).

Where a message goes is said by a browser, so by anybody who is signed in: without a list the app could be made to call
what it must not. The addresses behind the names are judged besides, as for every request to the outside.
"""

from __future__ import annotations

from typing import Any

from lowcode.api import addresses
from lowcode.api.diagnostics import problem
from lowcode.kernel.diagnostics import Rejected

NAME = "PUSH_SERVICES"
"""What the host adds: names of hosts, parted by commas, `*.` for all below one; a port where it is not 443."""
KNOWN = (
    "fcm.googleapis.com",  # Chrome, Edge on Android, Opera, Samsung Internet
    "updates.push.services.mozilla.com",  # Firefox
    "*.push.services.mozilla.com",
    "*.notify.windows.com",  # Edge on Windows
    "web.push.apple.com",  # Safari
    "*.push.apple.com",
)


def allowed(host: Any) -> tuple[str, ...]:
    """The hosts that may be called."""
    added = (part.strip().lower() for part in (host.secret(NAME) or "").split(","))
    return (*KNOWN, *filter(None, added))


def check(host: Any, endpoint: str, pointer: str = "") -> None:
    """Refuse an address that is no push service's. Raises Rejected."""
    parts = addresses.split(endpoint)
    name, port = (parts.hostname or "").lower(), parts.port or 443
    called = name if port == 443 else f"{name}:{port}"
    known = allowed(host)
    if parts.scheme != "https" or not any(_is_one(called, each) for each in known):
        raise Rejected(problem("push-elsewhere", pointer, seen=called, known=", ".join(known), setting=NAME))


def _is_one(called: str, known: str) -> bool:
    return called.endswith(known[1:]) if known.startswith("*.") else called == known
