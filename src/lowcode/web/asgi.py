"""The ASGI shell: any server, any framework, any prefix; no lifespan needed.

Reads are answered in the event loop under a time guard: a point query costs less than handing it to a thread, and one
that takes longer than some milliseconds is stopped and asked again in a thread (decision 0024); while PostgreSQL works
one out, the loop goes on (decision 0118). With SQLite, saves are done in the loop as well: those that arrive together
share a commit, and each is answered after it. What takes long (paper, files, reports), and saves on PostgreSQL, run in
threads.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import lru_cache, partial
from types import MappingProxyType, coroutine
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.storage.guard import OutOfTime
from lowcode.kernel.storage.thumbnails import AT_ONCE
from lowcode.kernel.storage.turns import in_turn, possible
from lowcode.web.assets import Assets
from lowcode.web.awaited import Waited, name, named, waits
from lowcode.web.door import SECURITY, Door, TooLarge, TooSlow, too_large
from lowcode.web.events import Listening, disconnected, stream_events
from lowcode.web.messages import DOORS, Elsewhere, Request, Response, body_limit
from lowcode.web.session import Identity

if TYPE_CHECKING:
    from lowcode.host import Host

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_SECONDS = 120.0
SLOWLY = {"en": "the request did not arrive in time", "zh-CN": "请求未能及时送达"}
SLOW = (
    "api/print/", "api/shared/", "api/export/", "api/import/", "api/files", "api/intake/", "api/endpoints/",
    "api/mailboxes/",
    "api/operations/reports.",
    "api/operations/printing.", "api/operations/api.", "api/operations/forms.", "api/operations/identity.",
    "api/operations/app.",
    "api/session", "api/sign-in/", "api/app",
)  # fmt: skip

BODY = frozenset({"content-length", "transfer-encoding"})
"""A request with neither of these headers has no body."""

QUICK_SECONDS = 0.02
"""So long a read may have the processor in the loop; everybody else waits meanwhile."""
WAITING_SECONDS = 0.2
"""So long it may take altogether, where it waits for its turn on a busy machine, or for a disk."""
TURNS = 8
"""So many reads wait for PostgreSQL at a time, each with a connection of its own; more would keep no core busier."""
SLOW_KNOWN = 500
SLOW_FIRST, SLOW_LONGEST = 5.0, 3600.0
"""Seconds until what was slow is tried in the loop again: each time it still is, twice as many. A machine may have been
busy with something else."""
FAST = 0.0, SLOW_FIRST / 2


CONTENT_TYPE, CONTENT_LENGTH = b"content-type", b"content-length"
NAMES = {
    each.encode(): each
    for each in (
        "host", "connection", "cookie", "accept", "accept-encoding", "accept-language", "user-agent", "referer",
        "origin", "content-type", "content-length", "if-none-match", "if-match", "x-csrf-token", "cache-control",
        "pragma", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-ch-ua", "sec-ch-ua-mobile",
        "sec-ch-ua-platform", "x-forwarded-for", "x-forwarded-proto", "authorization", "idempotency-key", "priority",
    )
}  # fmt: skip
"""The names of the headers that nearly every request has, as they arrive."""


class AsgiApp:
    """One door as an ASGI application."""

    def __init__(self, door: Door, assets: Assets, identity: Waited | None = None) -> None:
        self.door = door
        self._identity = identity
        self.assets = assets
        database = door.host.database
        self._grouping = getattr(database, "collecting", None) if not getattr(database, "in_memory", False) else None
        self._threads = database.dialect_name != "sqlite"
        self._alone = getattr(database, "in_memory", False)
        self._take_turns = self._threads and possible()
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
        """How many more may, in each loop that serves this app."""
        self._waiting = ThreadPoolExecutor(AT_ONCE, "lowcode-waiting")
        self._commit_due = False
        self._slow: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        """Addresses whose answer took too long for the loop, the latest last: until when they go to a thread at once,
        and how long that was."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})
            return
        if scope["type"] != "http":
            return
        request = _request(scope)
        try:
            if request.method != "GET" or not BODY.isdisjoint(request.headers):  # RFC 9112, 6.3: others have none
                request.body = await _in_time(_body(receive, body_limit(request.path)))
        except Gone:
            return  # half a request is none: nothing of it is done
        except TimeoutError:
            await _send(send, self.door.refuse(request, TooSlow(Problem("http.too-slow", SLOWLY))), request.method)
            return
        except TooLarge as refused:
            await _send(send, self.door.refuse(request, refused), request.method)
            return
        if not request.path.startswith(DOORS):
            await _send(send, self.assets.serve(request), request.method)
            return
        if self._identity is not None:
            await name(request, self._identity)
        response = await self._answer(request)
        if isinstance(response, Listening) and request.method != "HEAD":
            try:
                await send({"type": "http.response.start", "status": response.status, "headers": _headers(response)})
                await stream_events(self.door, request, response, receive, send)
            finally:
                response.ended()
        elif isinstance(response.body, bytes):
            await _send(send, response, request.method)
        else:
            await _stream(receive, send, response, request.method, here=self._alone)

    async def _answer(self, request: Request) -> Response:
        if self._alone:  # a database in memory is one connection: nothing happens beside it
            return self.door.handle(request)
        if request.method == "GET" and not request.path.startswith(SLOW):
            return await self._read(request)
        if self._threads or request.path.startswith(SLOW):
            return await self._apart(request)
        if self._grouping is None:
            return self.door.handle(request)
        with self._grouping() as group:
            response = self.door.handle(request)
        if group.pending:
            await self._committed(group)
            if group.error is not None:
                return self.door.failed(request, group.error)
            group.told()
        return response

    async def _apart(self, request: Request) -> Response:
        """Answer in a thread; what waits for its turn does so in threads of its own, and holds up no other answer."""
        request.elsewhere = True
        response = await asyncio.to_thread(self.door.handle, request)
        if not isinstance(response, Elsewhere):
            return response
        request.elsewhere = False
        ask = partial(copy_context().run, self.door.handle, request)
        return await asyncio.get_running_loop().run_in_executor(self._waiting, ask)

    async def _read(self, request: Request) -> Response:
        """Answer in the loop while it is quick; what is not is stopped, and asked again in a thread."""
        address = request.path, request.query
        keyed = self._threads and "authorization" in request.headers  # the use of a key is written down
        until, pause = self._slow.get(address, FAST) if self._slow else FAST
        here = self._take_turns or self.door.host.database.near
        if here and not keyed and (until <= 0 or until <= time.monotonic()):
            try:
                if not self._take_turns:
                    return self._quickly(request)
                async with self._turn():
                    return await in_turn(partial(self._quickly, request))
            except OutOfTime:
                pause = min(2 * pause, SLOW_LONGEST)
                self._slow[address] = time.monotonic() + pause, pause
                self._slow.move_to_end(address)
                while len(self._slow) > SLOW_KNOWN:
                    self._slow.popitem(last=False)
        return await asyncio.to_thread(self.door.handle, request)

    def _turn(self) -> asyncio.Semaphore:
        loop = asyncio.get_running_loop()
        found = self._turns.get(loop)
        if found is None:
            found = self._turns[loop] = asyncio.Semaphore(TURNS)
        return found

    def _quickly(self, request: Request) -> Response:
        with self.door.host.database.guard.quickly(QUICK_SECONDS, WAITING_SECONDS):
            return self.door.handle(request)

    async def _committed(self, group: Any) -> None:
        """Let the others that are ready join, then commit once for all."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        group.waiters.append(future)
        if not self._commit_due:
            self._commit_due = True
            loop.call_soon(self._commit, self.door.host.database)
        await future

    def _commit(self, database: Any) -> None:
        self._commit_due = False
        for future in database.commit_collected():
            if not future.done():
                future.set_result(None)


async def _in_time(reading: Coroutine[Any, Any, bytes]) -> bytes:
    """The whole body: mostly it came with the head of the request, and then no clock has to be set, which takes longer
    than reading it. Raises what reading does, and TimeoutError."""
    try:
        waits_for = reading.send(None)
    except StopIteration as whole:
        return whole.value  # type: ignore[no-any-return]
    async with asyncio.timeout(BODY_SECONDS):
        return await _going_on(reading, waits_for)


@coroutine
def _going_on(reading: Coroutine[Any, Any, bytes], waits_for: Any) -> Generator[Any, Any, bytes]:
    """What was begun already, and waits for something."""
    try:
        while True:
            try:
                sent = yield waits_for
            except BaseException as error:
                waits_for = reading.throw(error)
            else:
                waits_for = reading.send(sent)
    except StopIteration as whole:
        return whole.value  # type: ignore[no-any-return]


class Gone(Exception):
    """Whoever asked went away before the end of the request."""


async def _body(receive: Receive, limit: int) -> bytes:
    """The whole body. Raises Gone, TooLarge."""
    chunks = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


def _request(scope: Scope) -> Request:
    root = scope.get("root_path", "")
    path = scope["path"]
    if root and path.startswith(root):
        path = path[len(root) :]
    client = scope.get("client")
    headers, head = _read_headers(tuple(scope["headers"]))
    return Request(
        method=scope["method"], path=path.lstrip("/"), query=scope.get("query_string", b"").decode("latin-1"),
        headers=headers, head=head,
        address=client[0] if client else "", scheme=scope.get("scheme", "http"), root=root, state=scope, lasting=True,
    )  # fmt: skip


@lru_cache(maxsize=250)
def _read_headers(raw: tuple[tuple[bytes, bytes], ...]) -> tuple[Mapping[str, str], int]:
    """Headers by name, and how many characters they are; a browser sends the same ones with most of its requests."""
    found = {NAMES.get(name) or name.decode("latin-1").lower(): str(value, "latin-1") for name, value in raw}
    return MappingProxyType(found), sum(len(name) + len(value) for name, value in found.items())


def _header(name: str, value: str) -> tuple[bytes, bytes]:
    """A header as it goes over the wire."""
    return _named(name), value.encode("latin-1")


@lru_cache(maxsize=200)
def _named(name: str) -> bytes:
    """The name of a header of ours as it goes over the wire."""
    return name.lower().encode("latin-1")


SECURED = list(SECURITY)
WIRED = [_header(*each) for each in SECURITY]


def _headers(response: Response) -> list[tuple[bytes, bytes]]:
    given = response.headers
    end = len(given) - len(SECURED)
    whole = given[end:] == SECURED if end >= 0 else False  # as the door leaves them, unless the answer has its own
    found = [(CONTENT_TYPE, response.media_type.encode("latin-1"))]
    found += [(_named(name), value.encode("latin-1")) for name, value in (given[:end] if whole else given)]
    return found + WIRED if whole else found


async def _stream(receive: Receive, send: Send, response: Response, method: str, *, here: bool) -> None:
    """Send a body while it is made, piece by piece, as long as somebody reads it. Each piece is made in a thread;
    `here`: in the loop. What fails on the way ends the connection, so that half a file is never taken for a whole."""
    pieces = iter(response.body)
    gone = asyncio.ensure_future(disconnected(receive))
    try:
        await send({"type": "http.response.start", "status": response.status, "headers": _headers(response)})
        while method != "HEAD" and not gone.done():
            piece = next(pieces, None) if here else await asyncio.to_thread(next, pieces, None)
            if piece is None:
                break
            if piece:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        if not gone.done():
            await send({"type": "http.response.body", "body": b""})
    finally:
        gone.cancel()
        if isinstance(pieces, Generator):
            pieces.close()


async def _send(send: Send, response: Response, method: str) -> None:
    headers = _headers(response)
    body = response.body if isinstance(response.body, bytes) else b"".join(response.body)
    if response.status not in (204, 304):
        headers.append((CONTENT_LENGTH, str(len(body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else body})


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return


def asgi_app(host: Host, *, identity: Identity | Waited | None = None, demo: bool = False) -> AsgiApp:
    """The app as an ASGI application, to be served or mounted. `identity` may be a coroutine function."""
    at_once: Any = named if waits(identity) else identity
    return AsgiApp(Door(host, identity=at_once, demo=demo), Assets(host), identity if waits(identity) else None)


__all__ = ["AsgiApp", "asgi_app"]
