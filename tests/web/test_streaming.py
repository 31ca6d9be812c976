"""A file goes out while it is made, and no further when nobody reads it any more."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from lowcode.web.asgi import _stream
from lowcode.web.messages import Response
from lowcode.web.wsgi import wsgi_app
from tests.support.apart import run_apart
from tests.web.calls import Open, Visitor, problem


def test_an_export_says_how_much_is_to_come(open_shop: Open, tmp_path: Path) -> None:
    """Rows and bytes stand in the head, so that the page can show how it gets on; no length, for none is known."""
    visitor = Visitor(open_shop(database=f"sqlite:///{tmp_path}/shop.sqlite3")).sign_in("head")
    for name in ("一", "二"):
        assert 201 == visitor.post("api/records/lead", {"company": name}).status_code
    answer = visitor.get("api/export/lead?format=csv")
    assert (200, "2", 3) == (answer.status_code, answer.headers["lowcode-rows"], len(answer.text.splitlines()))
    assert int(answer.headers["lowcode-size"]) == len(answer.content)
    assert "content-length" not in answer.headers
    assert "" == visitor.ask("HEAD", "api/export/lead?format=csv").text
    assert (422, "http.unknown-parameter") == problem(visitor.get("api/export/lead?formt=csv"))[:2]


def endless(made: list[int]) -> Iterator[bytes]:
    try:
        while True:
            made.append(len(made))
            yield b"row\n"
    finally:
        made.append(-1)


def test_it_stops_when_the_reader_goes() -> None:
    """Whoever presses cancel costs nothing more."""
    made: list[int] = []

    async def watched() -> None:
        gone = asyncio.Event()
        sent = 0

        async def receive() -> MutableMapping[str, Any]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: MutableMapping[str, Any]) -> None:
            nonlocal sent
            sent += 1
            if sent == 5:
                gone.set()

        await asyncio.wait_for(_stream(receive, send, Response(200, endless(made)), "GET", here=False), 30)

    run_apart(watched)
    assert -1 == made[-1] and len(made) < 20


def test_half_a_file_has_no_end() -> None:
    """What fails on the way breaks the connection: the last message, which would say that all is there, is not sent."""
    sent: list[MutableMapping[str, Any]] = []

    def failing() -> Iterator[bytes]:
        yield b"row\n"
        raise OSError("the disk is gone")

    async def broken() -> None:
        async def receive() -> MutableMapping[str, Any]:
            await asyncio.Event().wait()
            raise AssertionError

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        with pytest.raises(OSError, match="disk"):
            await _stream(receive, send, Response(200, failing()), "GET", here=False)

    run_apart(broken)
    assert all(each["type"] == "http.response.start" or each.get("more_body") for each in sent)


def test_wsgi_sends_pieces(open_shop: Open) -> None:
    """A server without events sends the pieces one by one, too."""
    shop = open_shop()
    boss = shop.host.actor("head")
    for name in ("一", "二"):
        shop.host.ask(boss, "records.create", type="lead", values={"company": name})
    application = wsgi_app(shop.host, identity=lambda _: boss)
    told: list[Any] = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/api/export/lead", "QUERY_STRING": "format=jsonl"}
    pieces = list(application(environ, lambda *head: told.append(head)))
    assert 2 == len(b"".join(pieces).splitlines())
    assert ("200 OK", "application/jsonl") == (told[0][0], dict(told[0][1])["Content-Type"])
