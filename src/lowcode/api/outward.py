"""The one door for HTTP to the outside: judged and pinned addresses, of redirects too, limits of time and size."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from lowcode.api import addresses
from lowcode.api.advice import TooLong
from lowcode.api.diagnostics import problem
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.reasons import both
from lowcode.kernel.texts import whole_in

ANSWER_LIMIT = 64 * 1024
HOPS = 5
"""Redirects that a delivery follows."""
LEAST_SECONDS = 0.1
LATE = both("the answer was not complete in time", "未能及时收到完整的回应")
PLAIN = frozenset({"accept", "accept-language", "content-type", "user-agent"})
"""The headers that go along to another origin: none that could be a secret, a signature or a session."""


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
        self._held: socket.socket | None = None
        """The connection, also when an answer that ends with it has been begun: `sock` is none by then."""

    def connect(self) -> None:
        """Connect to the address; with TLS the certificate has to be the name's."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)
        self._held = self.sock

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Break off after so many seconds altogether: the socket's own limit begins anew with every byte, so that
        another program could hold a worker for days by sending one now and then. Raises TooLong."""
        over = threading.Event()

        def end() -> None:
            over.set()
            with suppress(OSError, AttributeError):
                (self._held or self.sock).shutdown(socket.SHUT_RDWR)

        watch = threading.Timer(seconds, end)
        watch.daemon = True
        watch.start()
        try:
            yield
        except (OSError, http.client.HTTPException) as error:
            if over.is_set():
                raise TooLong(LATE) from error
            raise
        finally:
            watch.cancel()
        if over.is_set():
            raise TooLong(LATE)


def send(
    url: str,
    method: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    timeout: float,
    allowed: bool | Iterable[str] = False,
    limit: int = ANSWER_LIMIT,
    hops: int = 0,
) -> Answer:
    """Send one request, within `timeout` seconds; of the answer at most `limit` bytes are read. At most `hops`
    redirects are followed, each judged like the first address (`onward`); one that is not followed is the answer.
    Raises Rejected for an address that may not be called, OSError or HTTPException otherwise."""
    until = time.monotonic() + timeout
    while True:
        left = max(until - time.monotonic(), LEAST_SECONDS)
        answer, location = _sent(url, method, headers, body, left, allowed, limit)
        following = onward(url, method, answer.status, location) if hops and location else None
        if following is None:
            return answer
        if origin(following) != origin(url):
            headers = {name: value for name, value in headers.items() if name.lower() in PLAIN}
        url, hops = following, hops - 1


def onward(url: str, method: str, status: int, location: str) -> str | None:
    """Where a redirect leads, when it may be followed (RFC 9110, 15.4): of a request that only reads anywhere, of one
    that carries something where the method stays and the origin does; never from TLS to none."""
    reads = method in ("GET", "HEAD")
    if status not in ((301, 302, 303, 307, 308) if reads else (307, 308)):
        return None
    try:
        following = urldefrag(urljoin(url, location)).url
    except ValueError:
        raise Rejected(problem("bad-address")) from None
    before, after = origin(url), origin(following)
    if before[0] == "https" and after[0] != "https":
        return None
    return following if reads or before == after else None


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address. Raises Rejected for what is none to send to."""
    parts = addresses.split(url)
    assert parts.hostname is not None
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


def _sent(
    url: str, method: str, headers: Mapping[str, str], body: bytes, timeout: float, allowed: bool | Iterable[str],
    limit: int,
) -> tuple[Answer, str]:  # fmt: skip
    """One request to one judged address: the answer, and where it sends one on to."""
    scheme, host, port = origin(url)
    parts = addresses.split(url)
    context = ssl.create_default_context() if scheme == "https" else None
    with _unquoted():
        connection = _Pinned(host, port, addresses.resolve(host, port, allowed), timeout, context)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        with connection.within(timeout):
            with _unquoted():
                connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            text = response.read(limit).decode("utf-8", "replace")
        after = response.headers.get("retry-after", "")
        answer = Answer(response.status, text, whole_in(after))
        return answer, response.headers.get("location", "")
    finally:
        connection.close()


@contextmanager
def _unquoted() -> Iterator[None]:
    """What a library would say of characters that it does not send quotes them, and they may be a secret's: Rejected
    says it without."""
    try:
        yield
    except OSError:  # a certificate that is not valid is a ValueError as well
        raise
    except (http.client.InvalidURL, ValueError):
        raise Rejected(problem("unsendable")) from None
