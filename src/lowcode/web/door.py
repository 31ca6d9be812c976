"""The door: a request in, a response out. It knows no server and does no waiting of its own."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, Unauthenticated
from lowcode.kernel.identity import Actor
from lowcode.publishing import running
from lowcode.publishing.behind import refusal
from lowcode.web import cookies, people, routes, signing
from lowcode.web.awaited import waits
from lowcode.web.events import Streams
from lowcode.web.messages import ADDRESS_LIMIT, HEADERS_LIMIT, VISITORS, Elsewhere, Request, Response, body_limit
from lowcode.web.problems import fault_response, problem_response
from lowcode.web.refused import Refusals
from lowcode.web.session import Caller, Callers, Identity

if TYPE_CHECKING:
    from lowcode.host import Host

log = logging.getLogger("lowcode.web")

NO_ROUTE = {"en": "there is nothing at '{path}'", "zh-CN": "地址不存在：{path}"}
TOO_LARGE = {"en": "at most {limit} bytes are taken here", "zh-CN": "此处最多接收 {limit} 字节"}
TOO_LONG = {"en": "an address has at most {limit} characters", "zh-CN": "地址最长 {limit} 个字符"}
HEADERS = {"en": "headers have at most {limit} characters", "zh-CN": "请求头最长 {limit} 个字符"}
SECURITY = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'self'"),
)


SECURED = frozenset(name for name, _ in SECURITY)
NO_CALLER = Caller(Actor(id=None))


class TooLarge(Rejected):
    """More was sent than the address takes."""

    status = 413
    title = "Content too large"


class AddressTooLong(Rejected):
    """The address is longer than any that is meant."""

    status = 414
    title = "Address too long"


class HeadersTooLarge(Rejected):
    """The headers are larger than any that are meant."""

    status = 431
    title = "Headers too large"


class TooSlow(Rejected):
    """The body did not arrive in time."""

    status = 408
    title = "Request timed out"


def too_large(limit: int) -> TooLarge:
    """The refusal of a body."""
    return TooLarge(Problem("http.too-large", TOO_LARGE, "", {"limit": limit}))


def _fits(request: Request) -> None:
    """Refuse what is larger than the door takes."""
    limit = body_limit(request.path)
    if len(request.body) > limit:
        raise too_large(limit)
    if len(request.path) + len(request.query) > ADDRESS_LIMIT:
        raise AddressTooLong(Problem("http.address-too-long", TOO_LONG, "", {"limit": ADDRESS_LIMIT}))
    if request.size > HEADERS_LIMIT:
        raise HeadersTooLarge(Problem("http.headers-too-large", HEADERS, "", {"limit": HEADERS_LIMIT}))


def secured(response: Response) -> Response:
    """The answer with what keeps a browser from doing anything with it that is not meant."""
    there = response.headers
    for name, _ in there:
        if name in SECURED:
            named = {name for name, _ in there}
            there += [(name, value) for name, value in SECURITY if name not in named]
            return response
    there += SECURITY
    return response


class Door:
    """Answers requests for one host.

    `identity` finds out who asks from the embedding program's own request; without it the built-in sessions serve.
    `demo` lets people sign in by one click.
    """

    def __init__(
        self, host: Host, *, identity: Callable[[Request], Actor | None] | None = None, demo: bool = False
    ) -> None:
        self.host = host
        self.demo = demo
        self.refusals = Refusals()
        self.listening = Streams()
        if waits(identity):
            raise TypeError("who asks is said by a coroutine: asgi_app waits for one, and nothing else does")
        self.callers = Callers(host, identity if identity is None else _checked(identity))

    def handle(self, request: Request) -> Response:
        """Answer one request; whatever goes wrong becomes a problem document."""
        swaps = self.host.standing.swaps
        try:
            return self._handle(request)
        finally:
            running.after_work(self.host, swaps)

    def _handle(self, request: Request) -> Response:
        caller = NO_CALLER
        try:
            _fits(request)
            running.follow(self.host, aside=True)
            caller = self._spoken(request, self.callers.caller(request))
            found = routes.find(request)
            if found is None:
                raise NotFound(Problem("http.nothing-here", NO_ROUTE, "", {"path": request.path}))
            handler, arguments = found
            response = handler(self, request, caller, **arguments)
        except Rejected as refused:
            self.refusals.note(self, request, caller, refused)
            response = problem_response(refused, self.locale(request, caller), **self._more(refused, request))
        except Exception as error:
            response = self.failed(request, error, caller)
        if caller.actor.key and not isinstance(response, Elsewhere):
            self._note_use(request, caller.actor.key, response.status)
        return secured(response)

    def _note_use(self, request: Request, key: str, status: int) -> None:
        """Write down what a key was used for. That this fails is no reason to keep the answer back."""
        asked = request.asked or f"{request.method} {request.path}"
        try:
            self.host.ask(
                self.host.app_actor, "api.key_asked", key=key, address=request.address, what=asked, status=status
            )
        except Exception as error:
            log.warning("the use of key %s for %s was not written down: %s", key, asked, error)

    def refuse(self, request: Request, refused: Rejected) -> Response:
        """The answer to a request that came no further than the shell: too large, too slow, cut off."""
        return secured(problem_response(refused, self.locale(request, NO_CALLER)))

    def failed(self, request: Request, error: Exception, caller: Caller | None = None) -> Response:
        """The answer when something broke: what the database cannot do, or a reference to the log."""
        locale = self.locale(request, caller or NO_CALLER)
        unable = refusal(self.host, error)
        if unable is not None:
            log.warning("request %s %s was refused: %s", request.method, request.path, f"{error}: {unable}")
            return problem_response(unable, locale)
        reference = uuid.uuid4().hex[:12]
        log.error("request %s %s failed (%s)", request.method, request.path, reference, exc_info=error)
        return fault_response(reference, locale)

    def _more(self, refused: Rejected, request: Request) -> dict[str, Any]:
        if isinstance(refused, Unauthenticated) and request.path == "api/session":
            definition = self.host.app.definition
            pending = people.missing(self, cookies.brought(request, cookies.PENDING))
            app = {"name": definition.name, "title": definition.called, "languages": definition.languages}
            ways = {"methods": signing.methods(self), "by_letter": people.by_letter(self)}
            return {"app": app, "demo": self.demo, **ways, "pending": pending}
        return dict(refused.details)

    def _spoken(self, request: Request, caller: Caller) -> Caller:
        """Who has chosen no language is spoken to as their browser asks, by the page and by what it is told alike."""
        actor = caller.actor
        if actor.locale is not None or actor.id is None or "accept-language" not in request.headers:
            return caller
        return replace(caller, actor=replace(actor, locale=self.locale(request, caller)))

    def locale(self, request: Request, caller: Caller) -> str:
        """The language to answer in: the one a visitor chose on the page, the person's own, else what the reader
        prefers of the app's languages."""
        languages = self.host.app.definition.languages
        if request.path.startswith(VISITORS) and (chosen := request.parameters.get("lang")) in languages:
            return str(chosen)
        if caller.actor.locale:
            return caller.actor.locale
        for wanted in request.languages:
            for known in languages:
                if known.lower() == wanted.lower() or known.split("-")[0].lower() == wanted.split("-")[0].lower():
                    return known
        return languages[0]

    def ask(self, caller: Caller, operation: str, /, **parameters: Any) -> Any:
        """Ask one operation as the caller."""
        return self.host.ask(caller.actor, operation, **parameters)


def _checked(identity: Identity) -> Identity:
    """The embedding program's word, failing closed: an error there means nobody."""

    def who(request: Request) -> Actor | None:
        try:
            return identity(request)
        except Exception:
            log.exception("the identity function failed; the request is nobody's")
            return None

    return who
