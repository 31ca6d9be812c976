"""A real IMAP server for tests: pymap in a process of its own, its mailboxes in memory, one for each worker."""

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
from urllib.parse import quote

import pytest

from tests.support.standing import Standing

USER, PASSWORD = "crm", "let me in"
STARTING = 30.0
FOLDER = "CRM"
"""The server comes with letters of its own in the inbox."""


@dataclass(frozen=True)
class Mailboxes:
    """Where the server listens."""

    host: str
    port: int
    password: str = PASSWORD

    @property
    def url(self) -> str:
        return f"imap://{USER}:{quote(self.password)}@{self.host}:{self.port}/{FOLDER}"

    def open(self) -> imaplib.IMAP4:
        """Somebody signs in."""
        client = imaplib.IMAP4(self.host, self.port)
        client.authenticate("PLAIN", lambda _: f"\0{USER}\0{self.password}".encode())
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


@contextlib.contextmanager
def served(password: str) -> Iterator[Mailboxes]:
    """A server that runs for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [str(Path(sys.executable).with_name("pymap")), "--host", "127.0.0.1", "--port", str(port), "--no-tls",
               "dict", "--demo-data", "--demo-user", USER, "--demo-password", password]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + STARTING
            while time.monotonic() < until:
                with contextlib.suppress(OSError):
                    imaplib.IMAP4("127.0.0.1", port).logout()
                    break
                time.sleep(0.1)
            yield Mailboxes("127.0.0.1", port, password)
        finally:
            process.terminate()


@pytest.fixture
def mailboxes(request: pytest.FixtureRequest, standing: Standing) -> Mailboxes:
    """A server with one empty mailbox, with another password where a test is given one."""
    password = getattr(request, "param", PASSWORD)
    found = standing.take(request, f"letters of {password}", lambda: served(password))
    client = found.open()
    client.delete(FOLDER)  # what the test before left; where there was none, it says so
    client.create(FOLDER)
    client.logout()
    return found
