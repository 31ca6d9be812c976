"""New letters of a mailbox, by IMAP. The address is a secret: `imaps://user:password@host/INBOX`."""

from __future__ import annotations

import contextlib
import imaplib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from lowcode.api import addresses
from lowcode.api.diagnostics import problem
from lowcode.api.imap_words import CONTROL, folder_name, quoted
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.reasons import filled

TIMEOUT = 30
NO_FOLDER = {"en": "there is no folder {folder}", "zh-CN": "没有文件夹 {folder}"}
SIZE_LIMIT = 30 * 2**20
"""Larger letters are read by their beginning."""
BEGINNING = 256 * 2**10
TOGETHER = 60 * 2**20
"""Bytes of letters that one look takes: all of them lie in memory until they are written down."""
WINDOW = 1_000
"""So many letters, or twice as many, are asked for their numbers at once, however many lie in the folder."""
UID = re.compile(rb"UID (\d+)")


@dataclass(frozen=True, slots=True)
class Fetched:
    """New letters with their numbers, in the numbering of a mailbox (`validity`), and the size of each that only the
    beginning of was fetched; `more` wait. `last` is the highest number looked at."""

    validity: int
    last: int
    letters: tuple[tuple[int, bytes, int | None], ...]
    more: bool


class _Plain(imaplib.IMAP4):
    """A connection to the address that was judged, turned to TLS where the server offers it."""

    def __init__(self, host: str, port: int, address: str, context: ssl.SSLContext | None) -> None:
        self._address = address
        self._context = context
        super().__init__(host, port, TIMEOUT)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        made = socket.create_connection((self._address, self.port), timeout)
        return made if self._context is None else self._context.wrap_socket(made, server_hostname=self.host)


def fetch(url: str, validity: int | None, last: int, limit: int, allowed: bool | Iterable[str]) -> Fetched:
    """The letters after a number. Raises Rejected for what waiting does not cure, OSError for the rest."""
    with _opened(url, allowed) as (client, folder):
        return _new(client, folder, validity, last, limit)


def look(url: str, allowed: bool | Iterable[str]) -> tuple[str, int]:
    """The folder that an address leads to, and how many letters lie in it; nothing is read. Raises as `fetch`."""
    with _opened(url, allowed) as (client, folder):
        return folder, _selected(client, folder)


@contextlib.contextmanager
def _opened(url: str, allowed: bool | Iterable[str]) -> Iterator[tuple[imaplib.IMAP4, str]]:
    """A connection that is signed in, and the folder that is meant."""
    parts, user, password, folder = _read(url)
    secure = parts.scheme == "imaps"
    port = parts.port or (993 if secure else 143)
    host = parts.hostname or ""
    try:
        address = addresses.resolve(host, port, allowed)
    except UnicodeError:  # no name that anything can be asked for
        raise Rejected(problem("bad-mailbox")) from None
    context = ssl.create_default_context()
    try:
        client = _Plain(host, port, address, context if secure else None)
        try:
            if not secure and "STARTTLS" in client.capabilities:
                client.starttls(context)
            _sign_in(client, user, password)
            yield client, folder
        finally:
            _leave(client)
    except OSError:  # a certificate that does not fit is a ValueError as well
        raise
    except (imaplib.IMAP4.error, ValueError) as error:
        raise OSError(f"the mail server said: {error}") from None


def _read(url: str) -> tuple[SplitResult, str, str, str]:
    """An address in its parts: where the server is, user, password and folder. Raises Rejected where it is none, and
    where one of them would end a line and begin a command of its own."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Rejected(problem("bad-mailbox")) from None
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username or port == 0:
        raise Rejected(problem("bad-mailbox"))
    user, password = unquote(parts.username), unquote(parts.password or "")
    folder = unquote(parts.path.lstrip("/")) or "INBOX"
    if any(CONTROL.search(each) for each in (user, password, folder)):
        raise Rejected(problem("mailbox-control"))
    return parts, user, password, folder


def _leave(client: imaplib.IMAP4) -> None:
    """Take leave; a line that is dead is closed all the same, and what was fetched over it is whole."""
    try:
        client.logout()
    except (imaplib.IMAP4.error, OSError):
        with contextlib.suppress(OSError):
            client.shutdown()


def _sign_in(client: imaplib.IMAP4, user: str, password: str) -> None:
    """LOGIN has ASCII alone in its quotes; what has more is sent by PLAIN, which is UTF-8 (RFC 4616)."""
    try:
        if (user + password).isascii():
            client.login(quoted(user), password)
        else:
            client.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        said = error.args[0] if error.args else ""
        reason = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise Rejected(problem("mailbox-refused", reason=reason)) from None


def _selected(client: imaplib.IMAP4, folder: str) -> int:
    """Open a folder for reading; how many letters lie in it."""
    state, counted = client.select(quoted(folder_name(folder)), readonly=True)
    if state != "OK":
        raise Rejected(problem("mailbox-refused", reason=filled(NO_FOLDER, folder=folder)))
    return int(counted[0] or 0)


def _new(client: imaplib.IMAP4, folder: str, validity: int | None, last: int, limit: int) -> Fetched:
    count = _selected(client, folder)
    numbering = client.response("UIDVALIDITY")[1]
    now = int(numbering[0]) if numbering and numbering[0] else 0
    if now != validity:
        last = 0  # the server numbers anew; what is known already is told by its Message-ID
    uids, until, beyond = _following(client, last, count)
    letters: list[tuple[int, bytes, int | None]] = []
    together = 0
    looked = uids[:limit]
    for place, uid in enumerate(looked):
        try:
            size = _size(client, uid)
            cut = size if size > SIZE_LIMIT else None
            together += size if cut is None else BEGINNING
            if letters and together > TOGETHER:
                looked = looked[:place]
                break
            part = "(BODY.PEEK[])" if cut is None else f"(BODY.PEEK[]<0.{BEGINNING}>)"
            _, said = client.uid("FETCH", str(uid), part)
        except (imaplib.IMAP4.abort, OSError):  # cut off within a letter: those before it are whole, and are taken
            if not letters:
                raise
            looked = looked[:place]
            break
        letters += [(uid, each[1], cut) for each in said if isinstance(each, tuple)]
    return Fetched(now, looked[-1] if looked else until, tuple(letters), beyond or len(uids) > len(looked))


def _size(client: imaplib.IMAP4, uid: int) -> int:
    _, said = client.uid("FETCH", str(uid), "(RFC822.SIZE)")
    told = re.search(rb"RFC822\.SIZE (\d+)", b" ".join(part for part in said if isinstance(part, bytes)))
    return int(told[1]) if told is not None else 0


def _following(client: imaplib.IMAP4, last: int, count: int) -> tuple[list[int], int, bool]:
    """The numbers of some letters after one, up to which number there is no other where there are none, and whether
    more are behind. What arrives later has the number that the server says is next, or a higher one. Numbers may lie
    far apart (some servers make them of the time), so letters are asked for by their places in the folder, in which
    their numbers rise."""
    told = client.response("UIDNEXT")[1]
    end = max(last, int(told[0]) - 1) if told and told[0] else None
    if end == last:
        return [], last, False
    known, new = 0, count + 1  # places: of a letter that was looked at, and of one that was not
    step = WINDOW
    while new - known > WINDOW:  # the new ones are the last: first in steps from there, then by halves
        place = max(known + 1, new - step) if known == 0 else (known + new) // 2
        if _numbers(client, place, place)[0] > last:
            new, step = place, step * 2
        else:
            known = place
    until = min(known + 2 * WINDOW, count)
    found = _numbers(client, known + 1, until) if known < count else []
    more = until < count
    return [each for each in found if each > last], last if end is None or more else end, more


def _numbers(client: imaplib.IMAP4, first: int, until: int) -> list[int]:
    """The numbers of the letters at these places, a line each."""
    state, said = client.fetch(f"{first}:{until}", "(UID)")
    found = [UID.search(each) for each in said if isinstance(each, bytes)]
    numbers = sorted({int(each[1]) for each in found if each is not None})
    if state != "OK" or not numbers:
        raise client.error(f"there are no letters {first} to {until} any more")
    return numbers
