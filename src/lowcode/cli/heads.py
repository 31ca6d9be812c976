"""What a connection sends, held to a size and a time: uvicorn waits for the end of a head for ever and keeps all that
comes.

A body is held to both by the door, and a connection that is kept by uvicorn's own limit, until something comes. What
stands behind a body (trailers) is no part of the head: whoever stands before the server has not looked at it. Without
httptools uvicorn reads heads with h11, which has a limit of size of its own.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lowcode.web.messages import HEADERS_LIMIT

LARGEST = 2 * HEADERS_LIMIT
"""Bytes that are no body and are kept; a head that is larger than the door takes and smaller than this is refused in
words."""
SECONDS = 30.0
"""From the first byte of a head, from the beginning of a connection, or from what comes once all is answered, to the
end of a head."""


class Heads(HttpToolsProtocol):
    """A connection whose heads have an end."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._begun = self._within = self._moved = False
        """Whether a head began and did not end; whether it did and its request did not; whether what came last held the
        end of either, or of a body."""
        self._size = 0
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._moved = False
        super().data_received(data)
        if self.transport.is_closing() or self not in self.connections:  # a web socket goes on with its own protocol
            return
        if self._late is None and (self._begun or self._answered):
            self._wait()
        counts = (self._begun or self._within) and not self._moved
        self._size = self._size + len(data) if counts else 0
        if self._size > LARGEST:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begun = True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._begun:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._begun, self._within, self._moved = False, True, True
        self._came()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._moved = True
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._within, self._moved = False, True
        super().on_message_complete()

    @property
    def _answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._late = self.loop.call_later(SECONDS, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _came(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: HTTPStatus) -> None:
        """End the connection; say why, if anybody reads it and no other answer is under way or given."""
        self._came()
        if self.transport.is_closing():
            return
        if self._answered and not self._within:
            said = f"HTTP/1.1 {status.value} {status.phrase}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            self.transport.write(said.encode())
        self.transport.close()
