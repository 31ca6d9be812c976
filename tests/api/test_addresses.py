"""Which addresses may be called, and where redirects may lead."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from threading import Thread
from typing import Any, ClassVar

import pytest

from lowcode.api import outward
from lowcode.api.addresses import is_public, permitted, resolve, split
from lowcode.kernel.diagnostics import Rejected

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
    "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "2002:7f00:1::", "198.18.0.1", "240.0.0.1", "::7f00:1", "::ffff:0:7f00:1",
    "64:ff9b:1::7f00:1", "fec0::1", "3fff::1", "5f00::1", "100:0:0:1::1", "2001:db8::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    """Loopback, private, link-local, shared, multicast, and whatever wraps one of them."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    """The internet."""
    assert is_public(ip_address(address))


def test_the_host_program_allows_networks() -> None:
    """Named networks only, or all."""
    address = ip_address("10.1.2.3")
    assert permitted(address, ["192.168.0.0/16", "10.1.0.0/16"])
    assert not permitted(address, ["10.2.0.0/16", "fc00::/7"])
    assert permitted(address, True)
    assert not permitted(address, False)


def test_names_are_judged_by_their_addresses() -> None:
    """A name that leads inside is refused, however it is spelt."""
    for name in ("localhost", "127.1", "2130706433", "0x7f.1", "0177.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "2852039166"):
        with pytest.raises(Rejected):
            resolve(name, 80, False)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com",
        "http://",
        "https://user@example.com/",
        "https://:word@example.com/",
        "https://@example.com/",
        "javascript:alert(1)",
        "http://a:99999/",
        "//x",
        "http://[x",
    ],
)
def test_what_is_no_address(url: str) -> None:
    """Only http and https, and no login in it."""
    with pytest.raises(Rejected):
        split(url)


class Elsewhere(BaseHTTPRequestHandler):
    """Sends on to what the path says (`/307/…`), or for `/round` to the other server; else tells what it was sent."""

    seen: ClassVar[list[tuple[str, str, str, dict[str, str]]]] = []
    others: ClassVar[dict[int, int]] = {}
    """The port of the other server, by the port of each."""

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
        self.seen.append((self.command, self.path, body, {name.lower(): value for name, value in self.headers.items()}))
        status, _, onward = self.path.lstrip("/").partition("/")
        if status == "round":
            status, onward = "302", f"http://127.0.0.1:{self.others[self.connection.getsockname()[1]]}/round"
        self.send_response(int(status) if onward else 200)
        if onward:
            self.send_header("Location", onward)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"here")

    do_GET = do_POST = answer

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


@pytest.fixture(scope="module")
def doors() -> Iterator[tuple[str, str]]:
    """Two addresses of this machine: two origins."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) for _ in range(2)]
    for each in servers:
        Thread(target=each.serve_forever, daemon=True).start()
    ports = [each.server_port for each in servers]
    Elsewhere.others.update(zip(ports, reversed(ports), strict=True))
    first, second = (f"http://127.0.0.1:{port}" for port in ports)
    yield first, second
    for each in servers:
        each.shutdown()
        each.server_close()


@pytest.mark.parametrize(
    ("version", "said"), [(1, b"X-%d: 1\r\n"), (1, b""), (0, b"")], ids=["headers", "body", "body and close"]
)
def test_an_answer_that_never_ends_is_broken_off(version: int, said: bytes) -> None:
    """Whoever sends a line or a byte now and then holds no worker longer than the limit: it counts for the whole, also
    of an answer with which the connection ends."""
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        caller, _ = listening.accept()
        caller.recv(4096)
        with suppress(OSError):
            caller.sendall(b"HTTP/1.%d 200 OK\r\n" % version + (b"" if said else b"Content-Length: 90\r\n\r\n"))
            for number in range(60):
                caller.sendall(said % number if said else b"x")
                time.sleep(0.05)
        caller.close()

    thread = Thread(target=drip, daemon=True)
    thread.start()
    begun = time.monotonic()
    with pytest.raises(TimeoutError, match="in time"):
        outward.send(f"http://127.0.0.1:{listening.getsockname()[1]}/", "GET", {}, b"", timeout=0.3, allowed=True)
    assert time.monotonic() - begun < 2
    thread.join()
    listening.close()


def ask(url: str, method: str = "GET", body: bytes = b"") -> outward.Answer:
    """As a delivery asks."""
    Elsewhere.seen.clear()
    secret = {"Authorization": "Bearer s", "X-Api-Key": "k", "webhook-signature": "v1,x", "Accept": "*/*"}
    return outward.send(url, method, secret, body, timeout=5, allowed=["127.0.0.1/32"], hops=outward.HOPS)


def test_redirects_are_followed_and_secrets_stay(doors: tuple[str, str]) -> None:
    """Within an origin everything goes along; to another one nothing that could be a secret."""
    first, second = doors
    assert (200, "here") == ((found := ask(f"{first}/302//there")).status, found.text)
    assert {"authorization", "x-api-key", "accept"} <= Elsewhere.seen[1][3].keys()
    assert 200 == ask(f"{first}/301/{second}/there").status
    assert Elsewhere.seen[1][3].keys().isdisjoint({"authorization", "x-api-key", "webhook-signature"})
    assert "accept" in Elsewhere.seen[1][3]


def test_what_carries_something_stays_with_its_origin(doors: tuple[str, str]) -> None:
    """A body goes once more to the same origin, never to another one, and is never dropped on the way."""
    first, second = doors
    assert 200 == ask(f"{first}/307//there", "POST", b"order").status
    assert [("POST", "order"), ("POST", "order")] == [(each[0], each[2]) for each in Elsewhere.seen]
    for status, onward in ((307, f"{second}/there"), (302, "/there"), (303, "/there")):
        assert status == ask(f"{first}/{status}/{onward}", "POST", b"order").status
        assert 1 == len(Elsewhere.seen)


def test_redirects_end(doors: tuple[str, str]) -> None:
    """One that leads nowhere but on is given up after some hops."""
    path = "/302" * (outward.HOPS + 2) + "//there"
    assert 302 == ask(doors[0] + path).status
    assert outward.HOPS + 1 == len(Elsewhere.seen)


@pytest.mark.parametrize(
    "onward",
    [
        "http://127.0.0.2/", "http://169.254.169.254/latest/meta-data/", "http://[::ffff:10.0.0.1]/", "http://0x7f.2/",
        "//192.168.1.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://root@127.0.0.1/", "http://[x",
    ],
)  # fmt: skip
def test_redirects_lead_nowhere_that_may_not_be_called(doors: tuple[str, str], onward: str) -> None:
    """Each is judged as if it had been the first address."""
    with pytest.raises(Rejected):
        ask(f"{doors[0]}/302/{onward}")
    assert 1 == len(Elsewhere.seen)


def test_redirects_keep_tls() -> None:
    """From TLS to none is never followed; to TLS is, where nothing is carried."""
    assert outward.onward("https://a.example/x", "GET", 302, "http://a.example/x") is None
    assert "https://a.example/y" == outward.onward("http://a.example/x", "GET", 301, "https://a.example/y#part")
    assert outward.onward("http://a.example/x", "POST", 308, "https://a.example/x") is None


def test_two_hosts_that_send_to_one_another(doors: tuple[str, str]) -> None:
    """A loop over two origins ends after as many hops as any other way, and no secret goes round in it."""
    found = ask(f"{doors[0]}/round")
    assert (302, outward.HOPS + 1) == (found.status, len(Elsewhere.seen))
    asked = [each[3]["host"] for each in Elsewhere.seen]
    assert asked == [doors[at % 2].removeprefix("http://") for at in range(outward.HOPS + 1)]
    assert all(each[3].keys().isdisjoint({"authorization", "x-api-key"}) for each in Elsewhere.seen[1:])


class Names:
    """A name server of somebody else: each name has answers, one for each time it is asked; the last one stays."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self.answers = {name.replace("_", "."): list(each) for name, each in answers.items()}
        self.asked: list[str] = []
        self._real = socket.getaddrinfo

    def __call__(self, host: Any, port: Any, *more: Any, **options: Any) -> Any:
        known = self.answers.get(host)
        if known is None:
            return self._real(host, port, *more, **options)
        self.asked.append(host)
        found = known.pop(0) if len(known) > 1 else known[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Names]:
    """Lets names be answered as a test says."""

    def make(**answers: list[list[str]]) -> Names:
        found = Names(**answers)
        monkeypatch.setattr(socket, "getaddrinfo", found)
        return found

    return make


@pytest.fixture
def inner(doors: tuple[str, str]) -> Iterator[tuple[int, list[str]]]:
    """A server on an address that may not be called, at the port of the first door; what it was asked."""
    asked: list[str] = []

    class Inner(Elsewhere):
        def answer(self) -> None:
            asked.append(self.path)
            super().answer()

        do_GET = do_POST = answer

    port = int(doors[0].rpartition(":")[2])
    server = ThreadingHTTPServer(("127.0.0.2", port), Inner)
    Thread(target=server.serve_forever, daemon=True).start()
    yield port, asked
    server.shutdown()
    server.server_close()


GOOD, BAD = "127.0.0.1", "127.0.0.2"


def test_a_name_that_changes_between_check_and_connection(
    named: Callable[..., Names], inner: tuple[int, list[str]]
) -> None:
    """Gains nothing: it is asked once, and the connection goes to the very address that was judged (DNS rebinding)."""
    port, asked = inner
    names = named(rebind_test=[[GOOD], [BAD]])
    assert 200 == ask(f"http://rebind.test:{port}/here").status
    assert (names.asked, asked) == (["rebind.test"], [])
    assert Elsewhere.seen[0][3]["host"] == f"rebind.test:{port}"
    with pytest.raises(Rejected):
        ask(f"http://rebind.test:{port}/here")
    assert asked == []


@pytest.mark.parametrize("answers", [[BAD], [GOOD, BAD], [BAD, GOOD]], ids=str)
def test_a_name_of_several_addresses(
    named: Callable[..., Names], inner: tuple[int, list[str]], answers: list[str]
) -> None:
    """Is refused when one of them may not be called: which one a client takes is not for the name server to say."""
    port, asked = inner
    named(several_test=[answers])
    with pytest.raises(Rejected):
        ask(f"http://several.test:{port}/here")
    assert (Elsewhere.seen, asked) == ([], [])


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("onward", ["http://inner.test:{port}/", "http://127.0.0.2:{port}/", "//2130706434:{port}/"])
def test_a_redirect_from_an_allowed_address_to_a_private_one(
    named: Callable[..., Names], inner: tuple[int, list[str]], method: str, onward: str
) -> None:
    """Never arrives, by name or by number; neither does one back to a name that has changed meanwhile."""
    port, asked = inner
    named(inner_test=[[BAD]], moved_test=[[GOOD], [BAD]])
    if method == "GET":
        with pytest.raises(Rejected):
            ask(f"http://127.0.0.1:{port}/307/{onward.format(port=port)}")
    else:  # what carries something does not go to another origin at all
        assert 307 == ask(f"http://127.0.0.1:{port}/307/{onward.format(port=port)}", "POST", b"order").status
    with pytest.raises(Rejected):
        ask(f"http://moved.test:{port}/307//here", method, b"order")
    assert (len(Elsewhere.seen), asked) == (1, [])
