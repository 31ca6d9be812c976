"""A letter as it came, read: who, to whom, what about, which letters it answers, its words and its files. Pure."""

from __future__ import annotations

import email
import email.policy
import email.utils
import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import Policy
from email.utils import getaddresses
from itertools import islice
from typing import Any

TEXT_LIMIT = 20_000
FILE_LIMIT = 20 * 2**20
FILES = 20
SUBJECT_LIMIT = 500
ADDRESS_LIMIT = 320
RECIPIENTS, ANSWERS = 50, 100
"""So many recipients, and of the letters it answers the last, are looked for."""
HEADER_LIMIT, HEADERS = 16_000, 20
WRITTEN_LIMIT = 2**20
"""Characters of a text, or of the HTML that shows it, that are read."""
PARTS, LEVELS = 2000, 50
"""Parts that a letter may have, and parts within parts."""
TELLING = frozenset({"content-type", "content-transfer-encoding", "content-disposition", "content-id"})
TELLING_LIMIT, TOLD = 4_000, 2**16
"""Characters that are read of a header that says what a part is, and of all those of a letter: the library takes ever
longer for each of them."""
STUMBLES = (
    ValueError, LookupError, AttributeError, TypeError, AssertionError, ArithmeticError, RecursionError,
    MessageError,
)  # fmt: skip
"""What the library raises where a letter is not as it should be."""
REFERENCE = re.compile(r"<[^<>\s]{1,250}>")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a letter."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says. `automatic`: a machine wrote it, so nothing is to answer it. `by_head`: nobody can walk
    through its parts, so only its head was read, and its one file is the letter itself. `cut`: so many bytes it has, of
    which the beginning was fetched, without its files."""

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
    by_head: bool = False
    cut: int | None = None


class Bounded(EmailMessage):
    """A letter, or a part of one, that is given up where it has more than anybody can walk through. What a part is, is
    read once, and not at all where the library stumbles over it."""

    def __init__(self, policy: Policy[Any] | None = None) -> None:
        super().__init__(policy)
        self.level = 0
        self.counted = Counter[str]()
        """Of the whole letter."""

    def attach(self, payload: Any) -> None:
        """A part of it was found. Raises ValueError for one too many, or too far within."""
        if isinstance(payload, Bounded):
            payload.level, payload.counted = self.level + 1, self.counted
            self.counted["parts"] += 1
            if payload.level > LEVELS or self.counted["parts"] > PARTS:
                raise ValueError("more parts than a letter has")
        super().attach(payload)

    def set_raw(self, name: str, value: str) -> None:
        """A header of it was found. Raises ValueError where they say more of parts than a letter does."""
        if name.lower() in TELLING:
            value = value[:TELLING_LIMIT]
            self.counted["told"] += len(value)
            if self.counted["told"] > TOLD:
                raise ValueError("more about parts than a letter says")
            try:
                value = self.policy.header_fetch_parse(name, value)
            except STUMBLES:
                value = ""
        super().set_raw(name, value)


def read(content: bytes, cut: int | None = None) -> Letter:
    """Read a letter of RFC 5322; `cut` is the size of one of which this is the beginning. What is broken in it is left
    out; a letter is never refused for its form: it would stand in the way of those behind it for ever."""
    parsed, by_head = _parsed(content)
    senders = _addresses(_raw(parsed, "From"))
    name, sender = senders[0] if senders else ("", "")
    others = [each for word in ("To", "Cc", "Delivered-To") for each in _addresses(*_all(parsed, word))]
    message = REFERENCE.findall(_raw(parsed, "Message-ID"))
    answers = REFERENCE.findall(_raw(parsed, "In-Reply-To")) + REFERENCE.findall(_raw(parsed, "References"))
    word = _raw(parsed, "Auto-Submitted").strip().lower()
    return Letter(
        message[0] if message else f"<{hashlib.sha256(content).hexdigest()[:40]}@lowcode>",
        sender.strip().lower()[:ADDRESS_LIMIT],
        name[:SUBJECT_LIMIT],
        tuple(dict.fromkeys(address.strip().lower()[:ADDRESS_LIMIT] for _, address in others if address))[:RECIPIENTS],
        " ".join(_decoded(_raw(parsed, "Subject")).split())[:SUBJECT_LIMIT],
        _text(parsed)[:TEXT_LIMIT],
        _sent(parsed),
        tuple(dict.fromkeys(answers))[-ANSWERS:],
        bool(word) and word != "no",
        () if cut is not None else _itself(content) if by_head else tuple(islice(_files(parsed), FILES)),
        by_head,
        cut,
    )


def _parsed(content: bytes) -> tuple[EmailMessage, bool]:
    """The letter in its parts, or, where there are more than anybody can walk through, its head alone."""
    try:
        return BytesParser(Bounded, policy=email.policy.default).parsebytes(content), False
    except STUMBLES:
        found = BytesParser(EmailMessage, policy=email.policy.default).parsebytes(content, headersonly=True)
    for name in {each for each in found if each.lower().startswith("content-")}:
        del found[name]
    found.set_payload("")
    return found, True


def _itself(content: bytes) -> tuple[Attached, ...]:
    return (Attached("letter.eml", "message/rfc822", content),) if len(content) <= FILE_LIMIT else ()


def _all(parsed: EmailMessage, name: str) -> list[str]:
    """The values of a header as they stand in the letter: the library's own reading of them stumbles over some, and
    takes minutes for others."""
    found = [str(value) for each, value in parsed.raw_items() if each.lower() == name.lower()]
    return [_whole(each[:HEADER_LIMIT]) for each in found[:HEADERS]]


def _raw(parsed: EmailMessage, name: str) -> str:
    return next(iter(_all(parsed, name)), "")


def _whole(text: str) -> str:
    """A text of whole characters: bytes beyond ASCII stand in a header as halves of some."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\0", "")


def _decoded(text: str) -> str:
    """What a header says, where it is written in encoded words (RFC 2047)."""
    try:
        return _whole(str(make_header(decode_header(text))))
    except STUMBLES:
        return text


def _addresses(*texts: str) -> list[tuple[str, str]]:
    """The names and addresses of a header. Names are decoded after they are told apart: one may hold a comma."""
    try:
        return [(_decoded(name), _whole(address)) for name, address in getaddresses(texts)]
    except STUMBLES:
        return []


def _sent(parsed: EmailMessage) -> datetime | None:
    try:
        at = email.utils.parsedate_to_datetime(_raw(parsed, "Date"))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except STUMBLES:
        return None


def _text(parsed: EmailMessage) -> str:
    try:
        body = parsed.get_body(("plain", "html"))
    except STUMBLES:
        return ""
    if body is None:
        return ""
    try:
        words = body.get_content()
    except STUMBLES:  # a charset that nobody knows
        words = _payload(body)
    words = words.decode("utf-8", "replace") if isinstance(words, bytes) else _whole(str(words))
    words = words[:WRITTEN_LIMIT].replace("\0", "")
    return words_of_html(words) if body.get_content_type() == "text/html" else words.strip()


def _payload(part: Message) -> bytes:
    try:
        raw = part.get_payload(decode=True)
    except STUMBLES:
        return b""
    return raw if isinstance(raw, bytes) else b""


def _files(parsed: EmailMessage) -> Iterator[Attached]:
    try:
        for part in parsed.iter_attachments():
            raw = part.get_payload(decode=True)
            name = part.get_filename()
            if isinstance(raw, bytes) and name and len(raw) <= FILE_LIMIT:
                yield Attached(_whole(name), _whole(part.get_content_type()), raw)
    except STUMBLES:
        return


BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "blockquote"})
SILENT = frozenset({"script", "style", "title"})
NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
INSIDE = re.compile(r"""[^>=]+|=\s*(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*)|=""")
"""Of a tag, what is not its end: names, and values in quotes of either kind or in none."""
LONG = re.compile(r"&#0*([0-9]{1,8})[0-9]*")
"""A character by a number; of one beyond all characters so many digits as show that it is. Python reads no number of
thousands."""


def words_of_html(text: str) -> str:
    """The words alone, a line for each block. Each character is looked at once or twice: the parser of the library
    takes an hour for a letter of nothing but beginnings of comments."""
    said: list[str] = []
    at = 0
    while (begin := text.find("<", at)) >= 0:
        said.append(text[at:begin])
        if text.startswith("<!--", begin):
            end = text.find("-->", begin + 4)
            at = len(text) if end < 0 else end + 3
            continue
        named = NAME.match(text, begin)
        if named is None and text[begin + 1 : begin + 2] not in ("!", "?"):
            said.append("<")
            at = begin + 1
            continue
        end = text.find(">", begin) if named is None else _tag_end(text, named.end())
        if end < 0:
            at = len(text)
            break
        at = end + 1
        tag = named[1].lower() if named is not None else ""
        if text[begin + 1] == "/":
            continue
        if tag in SILENT:
            closing = re.compile(f"</{tag}", re.IGNORECASE).search(text, at)
            at = len(text) if closing is None else closing.start()
        elif tag in BLOCKS:
            said.append("\n")
    said.append(text[at:])
    lines = (" ".join(line.split()) for line in html.unescape(LONG.sub(r"&#\1", "".join(said))).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _tag_end(text: str, at: int) -> int:
    """Where a tag ends whose name was read; -1 where it does not. A mark inside of a quoted value is no end."""
    while (inside := INSIDE.match(text, at)) is not None:
        at = inside.end()
    return at if at < len(text) else -1
