"""A mail server whose connection breaks within a letter."""

from __future__ import annotations

import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from lowcode.api import imap


class Cutting(socketserver.StreamRequestHandler):
    """Speaks as much IMAP as a look needs; of the letter `server.cut` half is sent, then the line is dead."""

    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        for line in self.rfile:
            tag, _, asked = line.strip().partition(b" ")
            if not self.answer(asked):
                return
            self.wfile.write(tag + b" OK done\r\n")

    def answer(self, asked: bytes) -> bool:
        fetched = re.match(rb"UID FETCH (\d+) (.*)", asked)
        named = re.match(rb"FETCH (\d+):(\d+) \(UID\)", asked)
        letter = b"Subject: so it is\r\n\r\nwords\r\n"
        if asked.startswith(b"CAPABILITY"):
            self.wfile.write(b"* CAPABILITY IMAP4rev1\r\n")
        elif asked.startswith(b"EXAMINE"):
            self.wfile.write(b"* 3 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 4] x\r\n")
        elif named is not None:
            for each in range(int(named[1]), int(named[2]) + 1):
                self.wfile.write(b"* %d FETCH (UID %d)\r\n" % (each, each))
        elif fetched and b"SIZE" in fetched[2]:
            self.wfile.write(b"* 1 FETCH (UID %b RFC822.SIZE %d)\r\n" % (fetched[1], len(letter)))
        elif fetched:
            half = int(fetched[1]) == self.server.cut  # type: ignore[attr-defined]
            whole = b"* 1 FETCH (UID %b BODY[] {%d}\r\n%b)\r\n" % (fetched[1], len(letter), letter)
            self.wfile.write(whole[:-20] if half else whole)
            return not half
        return True


@contextmanager
def cutting(within: int) -> Iterator[str]:
    """Where a server listens that breaks off within a letter."""
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Cutting)
    server.cut = within  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"imap://crm:secret@127.0.0.1:{server.server_address[1]}/INBOX"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.requirement("A15")
def test_letters_before_the_cut_are_taken_and_the_cut_one_comes_whole_later() -> None:
    """No half a letter; a line that breaks each time at the same large letter still brings those before it, and where
    it is the first, the fault is told and the look is tried again."""
    with cutting(2) as url:
        found = imap.fetch(url, 7, 0, 100, True)
        assert ([1], 1, True) == ([each[0] for each in found.letters], found.last, found.more)
        with pytest.raises(OSError, match="the mail server said"):
            imap.fetch(url, 7, 1, 100, True)
    with cutting(0) as url:
        found = imap.fetch(url, 7, 1, 100, True)
        assert ([2, 3], 3, False) == ([each[0] for each in found.letters], found.last, found.more)
        assert all(content.endswith(b"words\r\n") for _, content, _ in found.letters)
