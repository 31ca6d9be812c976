"""A real IMAP server for tests: pymap in a process of its own, its mailboxes in memory."""

from __future__ import annotations

import contextlib
import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

USER, PASSWORD = "crm", "let me in"
STARTING = 30.0
FOLDER = "CRM"
"""The server comes with letters of its own in the inbox."""


@dataclass(frozen=True)
class Mailboxes:
    """Where the server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"imap://{USER}:{PASSWORD.replace(' ', '%20')}@{self.host}:{self.port}/{FOLDER}"

    def open(self) -> imaplib.IMAP4:
        """Somebody signs in."""
        client = imaplib.IMAP4(self.host, self.port)
        client.login(USER, PASSWORD)
        return client

    def put(self, *letters: bytes) -> None:
        """Letters arrive."""
        client = self.open()
        for letter in letters:
            client.append(FOLDER, "", "", letter.replace(b"\n", b"\r\n"))
        client.logout()

    def unseen(self) -> int:
        """How many letters nobody has read."""
        client = self.open()
        client.select(FOLDER, readonly=True)
        found = client.search(None, "UNSEEN")[1][0].split()
        client.logout()
        return len(found)


@pytest.fixture
def mailboxes() -> Iterator[Mailboxes]:
    """A server with one empty mailbox."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(port), "--no-tls",
               "dict", "--demo-data", "--demo-user", USER, "--demo-password", PASSWORD]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + STARTING
            while time.monotonic() < until:
                with contextlib.suppress(OSError):
                    imaplib.IMAP4("127.0.0.1", port).logout()
                    break
                time.sleep(0.1)
            found = Mailboxes("127.0.0.1", port)
            client = found.open()
            client.create(FOLDER)
            client.logout()
            yield found
        finally:
            process.terminate()
