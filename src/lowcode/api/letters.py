"""A letter as it came, read: who, to whom, what about, which letters it answers, its words and its files. Pure."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser

TEXT_LIMIT = 20_000
FILE_LIMIT = 20 * 2**20
FILES = 20
SUBJECT_LIMIT = 500
REFERENCE = re.compile(r"<[^<>\s]{1,250}>")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says. `automatic`: a machine wrote it, so nothing is to answer it."""

    message: str
    sender: str
    sender_name: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    at: datetime | None
    answers: tuple[str, ...]
    automatic: bool
    files: tuple[Attached, ...]


def read(content: bytes) -> Letter:
    """Read a letter of RFC 5322. What is broken in it is left out; a letter is never refused for its form."""
    parsed = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    senders = getaddresses([str(parsed.get("From", ""))])
    name, sender = senders[0] if senders else ("", "")
    others = getaddresses([str(each) for word in ("To", "Cc", "Delivered-To") for each in parsed.get_all(word, ())])
    message = REFERENCE.findall(_header(parsed, "Message-ID"))
    answers = REFERENCE.findall(_header(parsed, "In-Reply-To")) + REFERENCE.findall(_header(parsed, "References"))
    word = _header(parsed, "Auto-Submitted").lower()
    return Letter(
        message[0] if message else f"<{hashlib.sha256(content).hexdigest()[:40]}@lowcode>",
        sender.strip().lower(),
        name,
        tuple(dict.fromkeys(address.strip().lower() for _, address in others if address)),
        " ".join(_header(parsed, "Subject").split())[:SUBJECT_LIMIT],
        _text(parsed)[:TEXT_LIMIT],
        _sent(parsed),
        tuple(dict.fromkeys(answers)),
        bool(word) and word != "no",
        tuple(_files(parsed)),
    )


def _header(parsed: EmailMessage, name: str) -> str:
    try:
        return str(parsed.get(name, "")).replace("\0", "")
    except (ValueError, IndexError, KeyError, AttributeError):  # the header parsers of the library stumble on some
        return ""


def _sent(parsed: EmailMessage) -> datetime | None:
    try:
        at = email.utils.parsedate_to_datetime(str(parsed.get("Date", "")))
    except (ValueError, TypeError, IndexError):
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _text(parsed: EmailMessage) -> str:
    body = parsed.get_body(("plain", "html"))
    if body is None:
        return ""
    try:
        words = body.get_content()
    except (LookupError, ValueError, KeyError):  # a charset that nobody knows
        raw = body.get_payload(decode=True)
        words = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    words = str(words).replace("\0", "")
    return _Words.of(words) if body.get_content_type() == "text/html" else words.strip()


def _files(parsed: EmailMessage) -> list[Attached]:
    found = []
    for part in parsed.iter_attachments():
        raw = part.get_payload(decode=True)
        name = part.get_filename()
        if isinstance(raw, bytes) and name and len(raw) <= FILE_LIMIT:
            found.append(Attached(name, part.get_content_type(), raw))
    return found[:FILES]


class _Words(HTMLParser):
    """The words of a letter written in HTML."""

    BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "blockquote"})
    SILENT = frozenset({"script", "style", "head", "title"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: list[str] = []
        self.silent = 0

    @classmethod
    def of(cls, text: str) -> str:
        """The words alone, a line for each block."""
        reader = cls()
        reader.feed(text)
        reader.close()
        lines = (" ".join(line.split()) for line in "".join(reader.said).split("\n"))
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        if tag in self.BLOCKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data)
