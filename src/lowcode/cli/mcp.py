"""`lowcode mcp`: an app as tools of an agent, over standard input and output (Model Context Protocol)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

import orjson

from lowcode.cli.console import Console
from lowcode.cli.opening import files_argument, files_of, open_host, understood
from lowcode.cli.understanding import plugins_of
from lowcode.host import Host
from lowcode.web import mcp

CANCELLED = "notifications/cancelled"


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, help="the folder of the app, or a zip archive of it")
    parser.add_argument("--database", help="a URL or file; <name of the app>.sqlite3 when left out")
    files_argument(parser)
    parser.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="whom the agent acts as")
    parser.add_argument(
        "--tools", default="", metavar="NAMES", help="only these tools, with commas, * for any rest of a name"
    )


def run(options: Namespace, console: Console) -> int:
    """Answer one message a line until the input ends. Standard output carries the protocol alone."""
    documents = understood(options.app, console, plugins_of(options))
    database = options.database or f"{documents.app.name}.sqlite3"
    host = open_host(documents, database, plugins_of(options), files=files_of(options, database))
    try:
        try:
            host.actor(options.login)
        except KeyError:
            console.say(console.red(f"nobody is called '{options.login}'; name an active person of the app with --as"))
            return 1
        only = tuple(each for each in options.tools.split(",") if each)
        for message in Incoming(sys.stdin.buffer):
            answer = _answer(host, options.login, message, only)
            if answer is not None and not message.given_up:
                sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
                sys.stdout.buffer.flush()
    finally:
        host.close()
    return 0


@dataclass
class Message:
    """One line, and whether its sender gave it up."""

    content: Any
    wrong: dict[str, Any] | None = None
    given_up: bool = False


class Incoming:
    """The messages of a stream, read while one of them is answered: what its sender gives up meanwhile is not begun,
    and where it was begun, not answered."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._waiting: SimpleQueue[Message | None] = SimpleQueue()
        self._open: dict[str | int, Message] = {}

    def __iter__(self) -> Iterator[Message]:
        Thread(target=self._read, daemon=True).start()
        while (message := self._waiting.get()) is not None:
            if not message.given_up:
                yield message
            identity = _identity(message.content)
            if identity is not None and self._open.get(identity) is message:
                del self._open[identity]

    def _read(self) -> None:
        try:
            for line in self._stream:
                if line.strip():
                    self._take(line)
        finally:
            self._waiting.put(None)

    def _take(self, line: bytes) -> None:
        try:
            message = Message(orjson.loads(line))
        except ValueError as error:
            message = Message(None, mcp.unreadable(error))
        content = message.content
        if isinstance(content, dict) and content.get("method") == CANCELLED:
            params = content.get("params")
            identity = _named(params.get("requestId")) if isinstance(params, dict) else None
            if identity is not None and identity in self._open:
                self._open[identity].given_up = True
            return
        identity = _identity(content)
        if identity is not None:
            self._open[identity] = message
        self._waiting.put(message)


def _identity(content: Any) -> str | int | None:
    return _named(content.get("id")) if isinstance(content, dict) else None


def _named(identity: Any) -> str | int | None:
    """What a request is called; None for what is no request's."""
    return identity if isinstance(identity, str | int) and not isinstance(identity, bool) else None


def _answer(host: Host, login: str, message: Message, only: tuple[str, ...]) -> object:
    if message.wrong is not None:
        return message.wrong
    actor = host.actor(login)  # looked up anew: who was made inactive meanwhile is nobody
    return mcp.answer_to(host, actor, message.content, actor.locale, only=only).message
