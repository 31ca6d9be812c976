"""Heads of requests that are too long, or never end: the server keeps neither."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from lowcode.cli import heads

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"
END = b"\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
BODY = b"b" * 3 * heads.LARGEST


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers how long the body was; at /early before it ends, at /named by the names of the headers."""
    size, more = 0, scope["path"] != "/early"
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    named = b" ".join(name for name, _ in scope["headers"])
    said = named if scope["path"] == "/named" else str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(said))]})
    await send({"type": "http.response.body", "body": said})


@pytest.fixture
def port() -> Iterator[int]:
    """Where it is served."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", http=heads.Heads))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join()


def said(port: int, *sent: bytes) -> bytes:
    """What comes until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        for each in sent:
            try:
                connection.sendall(each)
            except ConnectionError:
                break
        found = b""
        while True:
            try:
                came = connection.recv(65536)
            except ConnectionError:
                break
            if not came:
                break
            found += came
        return found


@pytest.mark.parametrize(
    "line", [b"a" * 16_384, b"a: b\r\n" * 2_000], ids=["one line", "many lines"]
)  # fmt: skip
def test_a_head_without_end(port: int, line: bytes) -> None:
    """It is refused when it is larger than the door takes, and nothing more of it is kept."""
    found = said(port, HEAD, b"X: ", *[line] * (2 * heads.LARGEST // len(line)))
    assert found in (
        b"",
        b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
    )


@pytest.mark.parametrize("sent", [(), (HEAD,), (HEAD + b"Content-Length: 0\r\n\r\n" + HEAD,)])
def test_a_head_that_never_ends(port: int, monkeypatch: pytest.MonkeyPatch, sent: tuple[bytes, ...]) -> None:
    """Nothing, half a head, and half of the second: the connection ends in time."""
    monkeypatch.setattr(heads, "SECONDS", 0.2)
    assert said(port, *sent).endswith(b"HTTP/1.1 408 Request Timeout" + END)


def test_bodies_are_no_heads(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body may be longer than a head and take longer, and another request may follow it."""
    monkeypatch.setattr(heads, "SECONDS", 0.2)
    head = HEAD + b"Content-Length: %d\r\n\r\n" % len(BODY)
    half = len(BODY) // 2
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        for _ in range(2):
            connection.sendall(head + BODY[:half])
            time.sleep(0.5)
            connection.sendall(BODY[half:])
            found = b""
            while not found.endswith(b"\r\n\r\n" + str(len(BODY)).encode()):
                came = connection.recv(65536)
                assert came, found
                found += came


CHUNKED = b"POST /named HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"


@pytest.mark.parametrize("begun", [b"0\r\nX: ", b"5;"], ids=["behind the body", "beside a piece of it"])
def test_what_is_neither_head_nor_body(port: int, begun: bytes) -> None:
    """It is kept no longer than a head is."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection, pytest.raises(ConnectionError):
        connection.sendall(CHUNKED + begun)
        for _ in range(100 * heads.LARGEST // 16_384):
            connection.sendall(b"a" * 16_384)


def test_what_stands_behind_a_body_is_no_header(port: int) -> None:
    """Whoever stands before the server takes away what nobody may say of themselves, and looks at the head alone."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(CHUNKED + b"0\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n")
        found = b""
        while b"\r\n\r\n" not in found or not found.partition(b"\r\n\r\n")[2]:
            came = connection.recv(65536)
            assert came, found
            found += came
        assert found.endswith(b"\r\n\r\nhost transfer-encoding"), found


@pytest.mark.parametrize("more", [b"\r\n", b"b"], ids=["lines between requests", "a body that is answered already"])
def test_nobody_keeps_a_connection_by_nothing(port: int, monkeypatch: pytest.MonkeyPatch, more: bytes) -> None:
    """What comes once all is answered, and is no head, keeps nothing open."""
    monkeypatch.setattr(heads, "SECONDS", 0.2)
    long = b"Content-Length: 100000\r\n\r\n" if more == b"b" else b"Content-Length: 0\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(b"POST /early HTTP/1.1\r\nHost: x\r\n" + long)
        with pytest.raises(ConnectionError):
            for _ in range(600):
                time.sleep(0.05)
                connection.sendall(more)
