"""Who asks: the embedding program says so, or a session cookie, or a key. Everything else is nobody."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Forbidden, Problem
from lowcode.kernel.identity import Actor
from lowcode.web.messages import Request

if TYPE_CHECKING:
    from lowcode.host import Host

COOKIE = "lowcode_session"
NOBODY = Actor(id=None)
CSRF = {"en": "the page is out of date; load it again", "zh-CN": "页面已过期，请刷新"}
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SESSION_SECONDS = 15.0
Identity = Callable[[Request], Actor | None]


@dataclass(frozen=True, slots=True)
class Caller:
    """The actor of a request and, with a cookie, the session."""

    actor: Actor
    csrf: str | None = None
    token: str | None = None


class Callers:
    """Finds out who asks. Sessions are remembered for some seconds, so a point read stays one query."""

    def __init__(self, host: Host, identity: Identity | None = None) -> None:
        self.host = host
        self.identity = identity
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}

    def caller(self, request: Request) -> Caller:
        """Who asks. Raises Forbidden for a write without the page's secret."""
        if self.identity is not None:
            return Caller(self.identity(request) or NOBODY)
        bearer = request.headers.get("authorization", "")
        if bearer.lower().startswith("bearer ") and "api.key" in self.host.app.operations:
            return Caller(self._by_key(bearer[7:].strip(), request))
        token = request.cookies.get(COOKIE)
        if not token:
            return Caller(NOBODY)
        session = self._session(token)
        if session is None:
            return Caller(NOBODY)
        actor = self.host.directory().actor(session["user"])
        if actor is None:
            return Caller(NOBODY)
        if request.method in WRITES and not request.path.startswith("api/session"):
            sent = request.headers.get("x-csrf-token", "")
            if not hmac.compare_digest(sent, session["csrf"]):
                raise Forbidden(Problem("http.csrf", CSRF))
        return Caller(actor, session["csrf"], token)

    def _session(self, token: str) -> dict[str, Any] | None:
        now = self.host.clock.now().timestamp()
        known = self._known.get(token)
        if known is not None and now - known[0] < SESSION_SECONDS:
            return known[1]
        with self.host.database.reading() as unit:
            found = self.host.context(unit, self.host.app_actor).ask("identity.session", token=token)
        if found is None:
            self._known.pop(token, None)
            return None
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[token] = (now, found)
        return found  # type: ignore[no-any-return]

    def _by_key(self, key: str, request: Request) -> Actor:
        found = self.host.ask(self.host.app_actor, "api.key", key=key, address=request.address)
        return found if isinstance(found, Actor) else NOBODY

    def forget(self, token: str | None) -> None:
        """A session ended."""
        if token is not None:
            self._known.pop(token, None)
