"""Writing down what was refused at the door: who asked for what, under which code; never what was sent."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from lowcode.kernel.diagnostics import Rejected, TooManyRequests
from lowcode.kernel.identity.rates import Rates, network
from lowcode.web.messages import Request, read_object
from lowcode.web.session import Caller

if TYPE_CHECKING:
    from lowcode.web.door import Door

log = logging.getLogger("lowcode.web")

STATUSES = frozenset({401, 403, 429})
SILENT = frozenset({"http.sign-in", "ask.sign-in", "identity.second-factor"})
"""Nobody was refused: the page asks whether somebody is signed in, or what is still missing."""
WORDS = ("api/shared/", "api/boards/shared/", "api/decide/", "confirm/", "ticket/")
"""Addresses whose rest is a secret."""
LONGEST = 24
"""A step of an address that is longer may be a secret."""
A_MINUTE = 60
"""Refusals of one address that are written down; of more it is said how many there were."""


class Refusals:
    """The refusals of one door."""

    def __init__(self) -> None:
        self._rates = Rates()
        self._left_out: dict[str, int] = {}
        self._lock = threading.Lock()

    def note(self, door: Door, request: Request, caller: Caller, refused: Rejected) -> None:
        """Write one down. That this fails is no reason to keep the answer back."""
        code = refused.problems[0].code
        if refused.status in STATUSES and code not in SILENT:
            self.write(door, request, caller, code, refused.status)

    def write(self, door: Door, request: Request, caller: Caller, code: str, status: int) -> None:
        """The line of a refusal."""
        host, address = door.host, request.address
        counted = network(address)
        with self._lock:
            try:
                self._rates.take(counted, A_MINUTE, host.clock.now(), "http.too-many")
            except TooManyRequests:
                if len(self._left_out) < 10_000 or counted in self._left_out:
                    self._left_out[counted] = self._left_out.get(counted, 0) + 1
                return
            more = self._left_out.pop(counted, 0)
        try:
            host.ask(
                host.app_actor, "identity.note_refusal", code=code, status=status, what=what(request),
                address=address, user=caller.actor.id if caller.actor.id is not None else _whose(door, request),
                key=caller.actor.key, more=more,
            )  # fmt: skip
        except Exception as error:
            log.warning("the refusal %s of %s was not written down: %s", code, request.path, error)


def what(request: Request) -> str:
    """What was asked for, without the parts of the address that are secrets."""
    path = next((f"{each}…" for each in WORDS if request.path.startswith(each)), request.path)
    steps = ["…" if len(step) > LONGEST and "." not in step else step for step in path.split("/")]
    return request.asked or f"{request.method} {'/'.join(steps)}"


def _whose(door: Door, request: Request) -> int | None:
    """Whom somebody tried to sign in as, where there is such a person: what else was typed may be a password."""
    if (request.method, request.path) != ("POST", "api/session"):
        return None
    try:
        user = door.host.directory().by_login.get(str(read_object(request.body or b"{}").get("login")))
    except Rejected:
        return None
    return user.id if user is not None else None
