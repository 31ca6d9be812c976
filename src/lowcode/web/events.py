"""What changed, pushed to the page as server-sent events, as far as the person may see it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Problem, Rejected, Unauthenticated
from lowcode.web.messages import Request, to_json

if TYPE_CHECKING:
    from lowcode.web.door import Door

HEARTBEAT = 20.0
SIGN_IN = {"en": "sign in first", "zh-CN": "请先登录"}
QUEUE_LIMIT = 200


async def stream_events(door: Door, request: Request, receive: Any, send: Any) -> None:
    """Keep a connection open and tell what happens; a slow reader misses events and asks for the counts instead."""
    caller = await asyncio.to_thread(_caller, door, request)
    if caller is None:
        refused = door.refuse(request, Unauthenticated(Problem("http.sign-in", SIGN_IN)))
        headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in refused.headers]
        headers.append((b"content-type", refused.media_type.encode()))
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": refused.body})
        return
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[tuple[str, Any]] = asyncio.Queue(QUEUE_LIMIT)

    def put(name: str, body: Any) -> None:
        if not queue.full():
            queue.put_nowait((name, body))

    def told(event: str, record_type: str | None, record_id: int | None, body: Mapping[str, Any]) -> None:
        for name, shown in messages(event, record_type, record_id, body, caller.actor.id or 0):
            loop.call_soon_threadsafe(put, name, shown)

    door.host.listeners.append(told)
    gone = asyncio.ensure_future(_disconnected(receive))
    try:
        headers = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            (b"x-content-type-options", b"nosniff"),
            (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        looked = loop.time()
        while not gone.done():
            if loop.time() - looked > HEARTBEAT:
                looked = loop.time()
                if await asyncio.to_thread(_caller, door, request) is None:
                    return  # signed out, or no longer here
            chunk = await _next(queue, gone, door, caller)
            if chunk is not None:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        door.host.listeners.remove(told)
        gone.cancel()


def _caller(door: Door, request: Request) -> Any:
    """Who listens; None for nobody."""
    try:
        caller = door.callers.caller(request)
    except Rejected:
        return None
    return caller if caller.actor.id is not None else None


async def _disconnected(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _next(queue: asyncio.Queue[tuple[str, Any]], gone: Any, door: Door, caller: Any) -> bytes | None:
    waiting = asyncio.ensure_future(queue.get())
    done, _ = await asyncio.wait({waiting, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
    if waiting not in done:
        waiting.cancel()
        return None if gone in done else b": here\n\n"
    name, body = waiting.result()
    if name in ("record", "flow") and not await asyncio.to_thread(_readable, door, caller, body):
        return None
    return b"event: " + name.encode() + b"\ndata: " + to_json(body) + b"\n\n"


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
        return record_type is not None and door.host.grant(record_type, caller.actor).may("read")
    try:
        door.ask(caller, "records.get", type=body["form"], id=body["id"], fields=("id",))
    except Rejected:
        return False
    return True
