"""A real SMTP server for tests: listens on a free port and keeps what it is sent."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Letter:
    """One message as the server got it: the envelope's people and the parsed message."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["subject"] or "")

    def text(self, kind: str = "plain") -> str:
        """The body as `plain` or `html` text, decoded."""
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body else ""


@dataclass
class MailServer:
    """Where to send, and what came. `refuse` holds the answers for the next messages (`"451 try later"`)."""

    host: str = "127.0.0.1"
    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    refuse: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd for every message."""
        if self.refuse:
            return self.refuse.pop(0)
        message = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)  # type: ignore[arg-type]
        assert isinstance(message, EmailMessage)
        self.letters.append(Letter(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return "250 OK"

    def wait(self, count: int = 1, seconds: float = 10) -> list[Letter]:
        """The letters, once there are `count`."""
        until = time.monotonic() + seconds
        while len(self.letters) < count and time.monotonic() < until:
            time.sleep(0.02)
        assert len(self.letters) >= count, f"{count} letters expected, {len(self.letters)} came in {seconds} s"
        return self.letters


class Line(SMTP):
    """One connection; those that are open are known."""

    def __init__(self, box: MailServer, lines: set[Line], **settings: Any) -> None:
        super().__init__(box, **settings)
        self.lines = lines

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody calls."""
        self.lines.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """It is over."""
        super().connection_lost(error)
        self.lines.discard(self)


class Listening(Controller):
    """Ends its connections before it ends: one that is left in a loop that was closed is found by the collector of
    garbage in the middle of another test, and fails it."""

    lines: set[Line]

    def factory(self) -> Line:
        """Somebody is to be answered."""
        return Line(self.handler, self.lines, **self.SMTP_kwargs)

    def stop(self, no_assert: bool = False) -> None:
        """Hang up, and end."""
        self.loop.call_soon_threadsafe(self._hang_up)
        until = time.monotonic() + 5
        while self.lines and time.monotonic() < until:
            time.sleep(0.005)
        super().stop(no_assert)

    def _hang_up(self) -> None:
        for line in tuple(self.lines):
            if line.transport is not None:
                line.transport.close()


@contextmanager
def serving() -> Iterator[MailServer]:
    """A server for as long as the block lasts."""
    box = MailServer()
    with socket.create_server((box.host, 0)) as probe:  # aiosmtpd wants to be told the port; this one is free
        box.port = probe.getsockname()[1]
    controller = Listening(box, hostname=box.host, port=box.port)
    controller.lines = set()
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A real SMTP server, empty at the start of each test."""
    with serving() as box:
        yield box
