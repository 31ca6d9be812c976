"""The head of a request, held to a size and a time: uvicorn waits for its end for ever and keeps all that comes.

A body is held to both by the door, and a connection that is kept by uvicorn's own limit. Without httptools uvicorn
reads heads with h11, which has a limit of size of its own.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lowcode.web.messages import HEADERS_LIMIT

LARGEST = 2 * HEADERS_LIMIT
"""Bytes of a head that are kept; what is larger than the door takes and smaller than this is refused in words."""
SECONDS = 30.0
"""From the first byte of a head, or from the beginning of a connection, to its end."""


class Heads(HttpToolsProtocol):
    """A connection whose heads have an end."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._begun = self._ended = False
        """Whether a head began and did not end; whether one ended in what came last."""
        self._size = 0
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._ended = False
        super().data_received(data)
        if not self._begun or self.transport.is_closing():
            return
        if self._late is None:
            self._wait()
        self._size = 0 if self._ended else self._size + len(data)
        if self._size > LARGEST:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begun = True

    def on_headers_complete(self) -> None:
        self._begun, self._ended, self._size = False, True, 0
        self._came()
        super().on_headers_complete()

    def _wait(self) -> None:
        self._late = self.loop.call_later(SECONDS, self._refuse, HTTPStatus.REQUEST_TIMEOUT)

    def _came(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: HTTPStatus) -> None:
        """Say why, if anybody reads it, and end the connection."""
        self._came()
        if not self.transport.is_closing():
            said = f"HTTP/1.1 {status.value} {status.phrase}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
            self.transport.write(said.encode())
            self.transport.close()
