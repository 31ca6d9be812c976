"""The one door for HTTP to the outside: judged and pinned address, no redirects, limits of time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lowcode.api import addresses

ANSWER_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other side said."""

    status: int
    text: str
    retry_after: int | None = None


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was judged, under the name that was asked for."""

    def __init__(self, host: str, port: int, address: str, timeout: float, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address = address
        self._context = context

    def connect(self) -> None:
        """Connect to the address; with TLS the certificate has to be the name's."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)


def send(
    url: str,
    method: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    timeout: float,
    allowed: bool | Iterable[str] = False,
    limit: int = ANSWER_LIMIT,
) -> Answer:
    """Send one request; of the answer at most `limit` bytes are read. Raises Rejected for an address that may not be
    called, OSError or HTTPException otherwise."""
    parts = addresses.split(url)
    assert parts.hostname is not None
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = addresses.resolve(parts.hostname, port, allowed)
    context = ssl.create_default_context() if secure else None
    connection = _Pinned(parts.hostname, port, address, timeout, context)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, path, body, dict(headers))
        response = connection.getresponse()
        text = response.read(limit).decode("utf-8", "replace")
        after = response.headers.get("retry-after", "")
        return Answer(response.status, text, int(after) if after.isdigit() else None)
    finally:
        connection.close()
