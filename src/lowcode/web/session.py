"""Who asks: the embedding program says so, or a session cookie, or a key. Everything else is nobody."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected, Unauthenticated
from lowcode.kernel.identity import Actor
from lowcode.web.cookies import SESSION, brought
from lowcode.web.messages import Request

if TYPE_CHECKING:
    from lowcode.host import Host

NOBODY = Actor(id=None)
KEY = "lc_"
"""What a key of ours begins with: an embedding program may have bearer tokens of its own."""
BAD_KEY = {"en": "the key is wrong, expired or revoked", "zh-CN": "密钥无效、已过期或已吊销"}
CSRF = {"en": "the page is out of date; load it again", "zh-CN": "页面已过期，请刷新"}
CROSS_SITE = {"en": "a page of another site may not do this", "zh-CN": "不允许来自其他网站的请求"}
OPEN = "api/intake/"
READERS = "api/shared/"
"""Where somebody outside reads a paper: nobody is signed in there, whatever cookies the browser has."""
VISITED = (OPEN, READERS, "public/", "confirm/")
"""Where it makes no difference who is signed in."""
BROUGHT = "api/sign-in/"
"""Where a page of a provider lets browsers send back what it says of somebody: whoever is signed in, it is nobody's."""
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
BY_BROWSERS = frozenset({"basic", "digest", "negotiate", "ntlm"})
"""The schemes of `Authorization` that a browser answers by itself, whichever site's page sends the request."""
BEGINNINGS = frozenset(("POST", f"api/session{each}") for each in ("", "/code", "/letter", "/password"))
"""What begins a session, or leads to one, carries no secret of one."""
SESSION_SECONDS = 15.0
Identity = Callable[[Request], Actor | None]


def brings_key(request: Request) -> bool:
    """Whether a key of ours comes along, which says who asks."""
    key = _bearer(request)
    return key is not None and key.startswith(KEY)


def _bearer(request: Request) -> str | None:
    """What somebody shows instead of a session (RFC 6750), None where nothing is shown."""
    said = request.headers.get("authorization")
    if not said:
        return None
    scheme, _, key = said.partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None


def _from_elsewhere(request: Request) -> bool:
    """Whether a page of another site sends this with the cookies or the network place of whoever looks at it.

    Browsers say so themselves (`Sec-Fetch-Site`), older ones name the page's origin; programs say neither. What carries
    a key that no browser adds by itself, or is sent to an intake, needs no cookie, so it may come from anywhere."""
    if request.path.startswith((OPEN, BROUGHT)):
        return False
    scheme = request.headers.get("authorization", "").partition(" ")[0].lower()
    if scheme and scheme not in BY_BROWSERS:
        return False
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    if origin is None:
        return False
    return urlsplit(origin).netloc.lower() != request.headers.get("host", "").lower()


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
        self._changes = 0
        self._callers: dict[str, Caller] = {}
        """Who each session is, as the directory says that was read last."""
        self._directory: Any = None

    def caller(self, request: Request) -> Caller:
        """Who asks. Raises Forbidden for a write without the page's secret."""
        writes = request.method in WRITES
        if writes and _from_elsewhere(request):
            raise Forbidden(Problem("http.cross-site", CROSS_SITE))
        key = _bearer(request)
        if key is not None and key.startswith(KEY):
            return Caller(self._by_key(key, request))
        if self.identity is not None:
            return Caller(self.identity(request) or NOBODY)
        if key is not None:
            raise Unauthenticated(Problem("http.bad-key", BAD_KEY))
        token = brought(request, SESSION)
        sent_back = writes and request.path.startswith(BROUGHT)
        if not token or sent_back or request.path.startswith(VISITED):
            return Caller(NOBODY)
        session = self._session(token)
        if session is None:
            return Caller(NOBODY)
        directory = self.host.directory()
        if self._directory is not directory:
            self._callers, self._directory = {}, directory
        caller = self._callers.get(token)
        if caller is None or caller.csrf is not session["csrf"]:
            actor = directory.actor(session["user"])
            if actor is None:
                return Caller(NOBODY)
            caller = self._callers[token] = Caller(actor, session["csrf"], token)
        if writes and (request.method, request.path) not in BEGINNINGS:
            sent = request.headers.get("x-csrf-token", "")
            if not hmac.compare_digest(sent.encode(), session["csrf"].encode()):
                raise Forbidden(Problem("http.csrf", CSRF))
        return caller

    def _session(self, token: str) -> dict[str, Any] | None:
        now = self.host.clock.now().timestamp()
        if self._changes != self.host.directory_changes:
            self._known.clear()
            self._changes = self.host.directory_changes
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

    def again(self, request: Request) -> Caller:
        """Who it is that asked some time ago and still listens; nobody where they may not any more. It counts as no use
        of a key."""
        try:
            return self.caller(replace(request, again=True))
        except Rejected:
            return Caller(NOBODY)

    def _by_key(self, key: str, request: Request) -> Actor:
        """The person a key acts as; within the key's scopes. Raises Unauthenticated or TooManyRequests."""
        host = self.host
        if "api.key" not in host.app.operations:
            raise Unauthenticated(Problem("http.bad-key", BAD_KEY))
        found = host.ask(host.app_actor, "api.key", key=key, address=request.address, again=request.again)
        if found["note"] and not request.again:
            host.ask(host.app_actor, "api.key_used", id=found["id"], address=request.address)
        actor: Actor = found["actor"]
        return actor

    def forget(self, token: str | None) -> None:
        """A session ended."""
        if token is not None:
            self._known.pop(token, None)
