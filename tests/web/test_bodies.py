"""What a request brings arrives whole, in time, or is nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import Any

import pytest

from lowcode.web import asgi
from tests.support.apart import run_apart
from tests.web.calls import Open, Visitor

Arrives = Callable[[int], Awaitable[dict[str, Any]]]
HALF, REST = b'{"company":', b'"Acme"}'


@pytest.fixture
def visitor(open_shop: Open) -> Visitor:
    return Visitor(open_shop()).sign_in("head")


async def sent(visitor: Visitor, arrives: Arrives) -> tuple[int, Any]:
    """A new lead whose body arrives part by part; the status of the answer, 0 without one, and what it says."""
    cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {**visitor.headers, "cookie": cookie, "content-length": str(len(HALF + REST))}
    scope = {"type": "http", "method": "POST", "path": "/api/records/lead", "query_string": b"", "scheme": "http",
             "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}  # fmt: skip
    parts: list[int] = []
    answers: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        parts.append(1)
        return await arrives(len(parts))

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message)

    await visitor.app(scope, receive, send)
    return (answers[0]["status"], json.loads(answers[1]["body"])) if answers else (0, None)


def test_what_came_at_once_sets_no_clock(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """To set one takes longer than to read what is there."""

    async def arrives(part: int) -> dict[str, Any]:
        return {"type": "http.request", "body": (HALF, REST)[part - 1], "more_body": part == 1}

    monkeypatch.setattr(asyncio, "timeout", None)
    status, lead = run_apart(partial(sent, visitor, arrives))
    assert (201, "Acme") == (status, lead["company"])


def test_what_comes_later_is_waited_for(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Part by part, and no longer than the door waits; of half a request nothing is done."""

    async def later(part: int, *, ends: str) -> dict[str, Any]:
        await asyncio.sleep(0)
        if part == 1 or ends == "whole":
            return {"type": "http.request", "body": (HALF, REST)[part - 1], "more_body": part == 1}
        if ends == "gone":
            return {"type": "http.disconnect"}
        await asyncio.Event().wait()
        raise AssertionError

    async def each() -> list[tuple[int, Any]]:
        whole, gone = [await sent(visitor, partial(later, ends=ends)) for ends in ("whole", "gone")]
        monkeypatch.setattr(asgi, "BODY_SECONDS", 0.01)
        return [whole, gone, await sent(visitor, partial(later, ends="never"))]

    whole, gone, never = run_apart(each)
    assert [(201, "Acme"), (0, None)] == [(whole[0], whole[1]["company"]), gone]
    assert (408, "http.too-slow") == (never[0], never[1]["code"])
    assert 1 == len(visitor.get("api/records/lead").json()["items"])
