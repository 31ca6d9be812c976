"""What changed, pushed as server-sent events, as far as the person may see it.

What is told comes from the table of events, so it is the same whichever process made the change, and a reader that was
cut off goes on where it stopped: each message carries a number, and `Last-Event-ID` (or `after`) names the last one
seen. Numbers are given before a commit and seen after it, so the numbers shortly before are looked at again: a message
may come twice and is not missed.

A stream lasts for hours, and what its listener may see changes meanwhile: who they are is found out anew before they
are told something, and the stream of somebody who is nobody any more ends.
"""

from __future__ import annotations

import asyncio
import threading
import time
import weakref
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, TooManyRequests, Unauthenticated
from lowcode.kernel.records.query import was_readable
from lowcode.kernel.storage import tables as t
from lowcode.publishing import running
from lowcode.web.application import DIGEST
from lowcode.web.messages import Request, Response, to_json
from lowcode.web.session import NOBODY, Caller

if TYPE_CHECKING:
    from lowcode.web.door import Door

HEARTBEAT = 20.0
LOOK = 2.0
"""Seconds between two looks into the table, for what other processes did; what this one did is told at once."""
OVERLAP = 200
"""So many numbers before the last one are looked at again: their commits may have come later."""
LATEST = timedelta(seconds=5)
"""So much later than its number says a transaction may be seen."""
PAGE = 500
STREAMS = 50
"""So many streams one person, or one key, may have open at a time: each looks into the table by itself."""
SIGN_IN = {"en": "sign in first", "zh-CN": "请先登录"}
NO_STREAM = {"en": "this server keeps no connection open", "zh-CN": "该服务器不支持保持连接"}
TOO_MANY = {
    "en": "at most {limit} streams may be open at a time; close one",
    "zh-CN": "最多同时打开 {limit} 个事件流，请先关闭一个",
}
AGAIN = 60
"""Seconds after which somebody with too many streams may ask for another."""
STREAMED = ("record.%", "flow.%", "notification.%")

NEWEST = sa.select(sa.func.max(t.event.c.id).label("id"))
OLDEST = sa.select(sa.func.min(t.event.c.id).label("id"))
SINCE = (
    sa.select(t.event.c.id, t.event.c.at, t.event.c.name, t.event.c.record_type, t.event.c.record_id, t.event.c.body)
    .where(t.event.c.id > sa.bindparam("after_id", type_=sa.BigInteger))
    .where(sa.or_(*(t.event.c.name.like(pattern) for pattern in STREAMED)))
    .order_by(t.event.c.id)
    .limit(PAGE)
)


class Reader:
    """What one listener has been told, and what comes next. `forms`: only of these."""

    def __init__(
        self, door: Door, caller: Caller, after: int | None, forms: frozenset[str], request: Request | None = None
    ) -> None:
        self.door = door
        self.caller = caller
        self.request = request
        self.forms = forms
        self.doubted = False
        """Whether it is to be found out now who listens."""
        self._after = after
        self._told: OrderedDict[int, None] = OrderedDict()
        self._digest = ""

    def begin(self) -> int:
        """The number that the stream begins after. What was there before is not told, though its numbers are looked at
        again; whoever was cut off hears once more what happened at the moment of the last message they saw. Whoever was
        away for so long that what they missed is no longer kept begins anew: another number than theirs says so."""
        with self.door.host.database.reading() as unit:
            row = unit.one(NEWEST)
            newest = int(row["id"] or 0) if row is not None else 0
            first = unit.one(OLDEST)
            oldest = int(first["id"] or 0) if first is not None else 0
            resumed = self._after is not None and oldest - 1 <= self._after <= newest
            after = self._after = self._after if resumed and self._after is not None else newest
            before = [row for row in unit.fetch(SINCE, after_id=max(0, after - OVERLAP)) if row["id"] <= after]
        edge = before[-1]["at"] - LATEST if before and resumed else None
        for row in before:
            if edge is None or row["at"] < edge or row["id"] == after:
                self._told[row["id"]] = None
        return after

    def greeting(self, began: int) -> bytes:
        """What is said first."""
        return b"retry: 3000\nid: %d\n\n" % began

    def farewell(self) -> bytes:
        """What is said last, where whoever listens is still there."""
        return b""

    async def still(self) -> None:
        """Find out anew who listens."""
        if self.request is None:
            return
        if self.request.anew is not None:
            await self.request.anew()
        self.caller = await asyncio.to_thread(self.door.callers.again, self.request)

    async def next(self) -> list[bytes]:
        """The messages since the last look; none for somebody who is nobody any more."""
        version, new = await asyncio.to_thread(self._look)
        if not new:
            return version
        await self.still()
        return [] if self.caller.actor.id is None else [*version, *await asyncio.to_thread(self._seen, new)]

    def _look(self) -> tuple[list[bytes], list[Mapping[str, Any]]]:
        """Which version is in use, where that is to be told, and what happened since the last look."""
        assert self._after is not None
        version = self._version()
        with self.door.host.database.reading() as unit:
            rows = unit.fetch(SINCE, after_id=max(0, self._after - OVERLAP))
        return version, [row for row in rows if row["id"] not in self._told]

    def _seen(self, new: Iterable[Mapping[str, Any]]) -> list[bytes]:
        """What happened, as far as they may see it."""
        assert self._after is not None
        found: list[bytes] = []
        for row in new:
            self._told[row["id"]] = None
            self._after = max(self._after, row["id"])
            found += self._messages(row)
        while len(self._told) > 4 * OVERLAP:
            self._told.popitem(last=False)
        return found

    def _version(self) -> list[bytes]:
        """Which version of the app is in use, at first and when it is another one. It carries no number: nothing is
        gone on from here."""
        running.follow(self.door.host, aside=True)  # where nobody asks anything else, nobody else looks
        digest = self.door.host.app.digest[:DIGEST]
        if digest == self._digest:
            return []
        self._digest = digest
        return [b"event: app\ndata: " + to_json({"digest": digest}) + b"\n\n"]

    def _messages(self, row: Mapping[str, Any]) -> Iterator[bytes]:
        me = self.caller.actor.id or 0
        for name, shown in messages(row["name"], row["record_type"], row["record_id"], row["body"] or {}, me):
            if self.forms and shown.get("form") not in self.forms:
                continue
            if name in ("record", "flow") and not _readable(self.door, self.caller, shown):
                continue
            yield b"id: %d\nevent: " % row["id"] + name.encode() + b"\ndata: " + to_json(shown) + b"\n\n"

    def may_hear(self, row: Mapping[str, Any]) -> bool:
        """Whether something happened to a record that they may read."""
        me = self.caller.actor.id or 0
        found = messages(row["name"], row["record_type"], row["record_id"], row["body"] or {}, me)
        return any(name == "record" and _readable(self.door, self.caller, shown) for name, shown in found)


class Streams:
    """How many streams of events each person or key has open: counted when one is let in, not when it begins, so that
    many who ask at once are not all let in."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()
        self._lock = threading.RLock()  # an answer may be dropped while this thread holds it
        self._readers: list[tuple[str, Callable[[], object]]] = []
        """Whose each of them is, and what lets it look at once."""
        self.over = False

    def __getitem__(self, whose: str) -> int:
        return self._open[whose]

    def take(self, whose: str) -> None:
        """One more. Raises TooManyRequests."""
        with self._lock:
            if self._open[whose] >= STREAMS:
                problem = Problem("http.too-many-streams", TOO_MANY, "", {"limit": STREAMS})
                raise TooManyRequests(problem, retry_after=AGAIN)
            self._open[whose] += 1

    def give_back(self, whose: str) -> None:
        """One less."""
        with self._lock:
            self._open[whose] -= 1
            if self._open[whose] <= 0:
                del self._open[whose]

    @contextmanager
    def woken(self, whose: str, wake: Callable[[], object]) -> Iterator[None]:
        """While a stream is told, it can be made to look."""
        self._readers.append((whose, wake))
        try:
            yield
        finally:
            self._readers.remove((whose, wake))

    def doubt(self, whose: str) -> None:
        """Somebody signed out: their streams find out at once who still listens."""
        for each, wake in [*self._readers]:
            if each == whose:
                wake()

    def end(self) -> None:
        """The server stops: no stream goes on, and none begins. Whoever listens comes back, as after any cut."""
        self.over = True
        for _, wake in [*self._readers]:
            wake()


@dataclass
class Listening(Response):
    """Somebody may listen: the answer is made while it is sent. `ended` gives their place back, once; an answer that is
    never sent gives it back when it is dropped."""

    caller: Caller = field(default_factory=lambda: Caller(NOBODY))
    ended: Callable[[], object] = lambda: None
    reader: Callable[[], Reader] | None = None
    """Who tells them, where that is not what a page is told."""


def admit(door: Door, request: Request, caller: Caller) -> Response:
    """Let somebody listen."""
    if not request.lasting:
        raise NotFound(Problem("http.nothing-here", NO_STREAM))
    if caller.actor.id is None:
        raise Unauthenticated(Problem("http.sign-in", SIGN_IN))
    return let_in(door, caller)


def let_in(door: Door, caller: Caller, reader: Callable[[], Reader] | None = None) -> Listening:
    """Somebody may listen. Raises TooManyRequests."""
    headers = [("Cache-Control", "no-store"), ("X-Accel-Buffering", "no"),
               ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")]  # fmt: skip
    found = Listening(200, b"", "text/event-stream", headers, caller, reader=reader)
    door.listening.take(listener(caller))
    ended = found.ended = weakref.finalize(found, door.listening.give_back, listener(caller))
    ended.atexit = False
    return found


def listener(caller: Caller) -> str:
    """The person or the key that listens."""
    return caller.actor.key or f"person {caller.actor.id}"


async def stream_events(door: Door, request: Request, listening: Listening, receive: Any, send: Any) -> None:
    """Tell somebody who was let in what happens, as long as they listen; the headers are sent already, and
    whoever sent them says when it has `ended`."""
    made = listening.reader
    reader = made() if made else Reader(door, listening.caller, _after(request), _forms(request), request)
    loop = asyncio.get_running_loop()
    happened = asyncio.Event()

    def told(*_: Any) -> None:
        loop.call_soon_threadsafe(happened.set)

    def doubted() -> None:
        reader.doubted = True
        told()

    began = await asyncio.to_thread(reader.begin)
    door.host.listeners.append(told)
    gone = asyncio.ensure_future(disconnected(receive))
    try:
        await _say(send, reader.greeting(began))
        with door.listening.woken(listener(listening.caller), doubted):
            await _tell(reader, happened, gone, send)
        if not gone.done():
            await _say(send, reader.farewell(), more=False)
    finally:
        door.host.listeners.remove(told)
        gone.cancel()


async def _tell(reader: Reader, happened: asyncio.Event, gone: asyncio.Future[None], send: Any) -> None:
    """Tell until the listener goes, or is nobody any more, or the server stops."""
    looked = said = time.monotonic()
    while not gone.done() and not reader.door.listening.over:
        happened.clear()
        for message in await reader.next():
            await _say(send, message)
            said = time.monotonic()
        now = time.monotonic()
        if reader.doubted or now - looked > HEARTBEAT:
            reader.doubted = False
            looked = now
            await reader.still()
        if reader.caller.actor.id is None:
            return  # signed out, or no longer here
        if now - said > HEARTBEAT:
            said = now
            await _say(send, b": here\n\n")
        waiting: asyncio.Future[Any] = asyncio.ensure_future(happened.wait())
        either: set[asyncio.Future[Any]] = {waiting, gone}
        await asyncio.wait(either, timeout=LOOK, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()


async def _say(send: Any, message: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": message, "more_body": more})


def _after(request: Request) -> int | None:
    """The last message the listener has seen."""
    given = request.headers.get("last-event-id") or request.parameters.get("after") or ""
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None


def _forms(request: Request) -> frozenset[str]:
    return frozenset(part for part in request.parameters.get("forms", "").split(",") if part)


async def disconnected(receive: Any) -> None:
    """Until whoever asked is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def messages(
    event: str, record_type: str | None, record_id: int | None, body: Mapping[str, Any], me: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What the page of one person is told of an event of the host."""
    about, _, word = event.partition(".")
    if about == "record" and record_id is not None:
        yield "record", {"form": record_type, "id": record_id, "version": body.get("version"), "event": word}
    if event == "notification.sent" and me in body.get("to", ()):
        yield "notification", {}
    if about == "flow" and record_id is not None:
        if body.get("person") == me:
            yield "task", {}
        yield "flow", {"form": record_type, "id": record_id, "instance": body.get("instance"), "event": word}


def _readable(door: Door, caller: Any, body: Mapping[str, Any]) -> bool:
    """Whether this person may see the record the event is about."""
    if body["event"] == "deleted":
        record_type = door.host.types.get(body["form"])
        if record_type is None or caller.actor.narrowed:
            return False
        with door.host.database.reading() as unit:
            return was_readable(door.host.context(unit, caller.actor), record_type, body["id"])
    try:
        door.ask(caller, "records.get", type=body["form"], id=body["id"], fields=("id",))
    except Rejected:
        return False
    return True
