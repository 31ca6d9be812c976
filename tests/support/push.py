"""A push service and a browser that subscribed there: what RFC 8030 says a service answers, and what RFC 8291 and 8292
say it and the browser can check. The messages are opened by http-ece, the tokens by PyJWT: neither shares code with
what made them."""

from __future__ import annotations

import base64
import json
import secrets
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import http_ece
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.ldap import certificate

MOST = 4096
"""Bytes of a message that a service has to take (RFC 8030, 7.2)."""


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Message:
    """What came for a browser: its headers and the body, encrypted."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class PushService:
    """Where it stands, what came and was taken, and what it answers next instead of taking it: a status and headers."""

    url: str = ""
    messages: list[Message] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    asked: int = 0
    came: threading.Condition = field(default_factory=threading.Condition)

    @property
    def host(self) -> str:
        """As a host names it among those it sends to."""
        return self.url.removeprefix("https://")

    def answer(self, message: Message) -> tuple[int, dict[str, str]]:
        """What RFC 8030 lets it say. A message without the headers that it must have is a mistake of who sends."""
        self.asked += 1
        if self.answers:
            return self.answers.pop(0)
        if message.path in self.gone:
            return 410, {}
        if len(message.body) > MOST:
            return 413, {}
        topic = message.headers.get("topic", "")
        whole = message.headers["ttl"].isdigit() and message.headers["content-encoding"] == "aes128gcm"
        if not whole or len(topic) > 32 or message.headers["urgency"] not in ("very-low", "low", "normal", "high"):
            return 400, {}
        with self.came:
            self.messages.append(message)
            self.came.notify_all()
        return 201, {"Location": f"{self.url}/message/{len(self.messages)}"}


@dataclass
class Browser:
    """A browser that subscribed: its keys, its endpoint, and what it can read."""

    service: PushService
    server_key: str
    private: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    path: str = field(default_factory=lambda: f"/push/{secrets.token_urlsafe(24)}")

    @property
    def endpoint(self) -> str:
        return self.service.url + self.path

    @property
    def subscription(self) -> dict[str, Any]:
        """As `PushSubscription.toJSON()` says it, with the key it was made for."""
        public = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        keys = {"p256dh": encoded(public), "auth": encoded(self.auth)}
        return {"endpoint": self.endpoint, "keys": keys, "server_key": self.server_key}

    @property
    def messages(self) -> list[Message]:
        return [each for each in self.service.messages if each.path == self.path]

    def wait(self, count: int) -> list[dict[str, Any]]:
        """What it was told in clear, as soon as that is so much."""
        with self.service.came:
            assert self.service.came.wait_for(lambda: len(self.messages) >= count, 20), f"{count} did not come"
        return self.shown

    @property
    def shown(self) -> list[dict[str, Any]]:
        """What it was told, in clear."""
        return [
            json.loads(
                http_ece.decrypt(each.body, private_key=self.private, auth_secret=self.auth, version="aes128gcm")
            )
            for each in self.messages
        ]


def claims_of(message: Message) -> tuple[str, dict[str, Any]]:
    """Who sends it: the key, and what it signed. Raises what PyJWT raises for a signature that is none; the times are
    the test's to check, whose clock stands still."""
    scheme, _, rest = message.headers["authorization"].partition(" ")
    assert "vapid" == scheme
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), decoded(parts["k"]))
    options: Any = {"verify_exp": False, "verify_aud": False}
    return parts["k"], jwt.decode(parts["t"], public, algorithms=["ES256"], options=options)


@contextmanager
def serving(folder: Path) -> Iterator[PushService]:
    """A service over TLS at a port of this machine; its certificate stands in `folder / "directory.pem"`."""
    box = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, said = box.answer(Message(self.path, headers, body))
            self.send_response(status)
            for name, value in said.items():
                self.send_header(name, value)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    path, _ = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    box.url = f"https://127.0.0.1:{server.server_address[1]}"
    yield box
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def push_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """A push service that this process trusts."""
    with serving(tmp_path) as box:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "directory.pem"))
        yield box
