"""Tokens that services give for some hours: asked for once, kept in this process, shared by everybody who sends."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from lowcode.api import outward
from lowcode.api.connectors.documented import as_documented
from lowcode.api.connectors.kind import Access, Keys, Refused, Reply, Token
from lowcode.api.secret_values import held_to
from lowcode.kernel.contract import Context

EARLY = 0.9
"""A token is used for this part of its life, so that it does not run out on the way."""
LONGEST = 30 * 24 * 3600
"""Seconds after which one is asked for anew, whatever its service says."""


class Tokens:
    """The tokens of one engine, by connector. Whoever comes while one is asked for waits for that one."""

    def __init__(self) -> None:
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def get(self, name: str, access: Access, document: object, keys: Keys, context: Context, timeout: float) -> str:
        """A token that is good now. Raises Refused, Rejected, OSError, HTTPException."""
        assert access.ask is not None and access.read is not None
        with self._lock:
            lock = self._locks.setdefault(name, threading.Lock())
        with lock:
            known = self._tokens.get(name)
            if known is not None and keys.now < known[1]:
                return known[0]
            call = access.ask(document, keys)
            held_to(context, call.url, name)
            host = context.host
            answer = outward.send(
                call.url, call.method, {"Content-Type": "application/json", **call.headers}, call.body,
                timeout=timeout, allowed=host.allow_private,
            )  # fmt: skip
            found = as_documented(access.read, document, Reply(answer.status, answer.text))
            if not isinstance(found, Token):
                raise Refused(found)
            self._tokens[name] = found.value, keys.now + timedelta(seconds=min(found.seconds, LONGEST) * EARLY)
            return found.value

    def forget(self, name: str, token: str) -> None:
        """A token is no longer good; one that came meanwhile is."""
        known = self._tokens.get(name)
        if known is not None and known[0] == token:
            del self._tokens[name]
