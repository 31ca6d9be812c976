"""`lowcode mcp`: an app as tools of an agent, over standard input and output (Model Context Protocol)."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

import orjson

from lowcode.cli.console import Console
from lowcode.cli.opening import files_argument, files_of, open_host, understood
from lowcode.cli.understanding import plugins_of
from lowcode.host import Host
from lowcode.web import mcp


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, help="the folder of the app, or a zip archive of it")
    parser.add_argument("--database", help="a URL or file; <name of the app>.sqlite3 when left out")
    files_argument(parser)
    parser.add_argument("--as", dest="login", required=True, metavar="LOGIN", help="whom the agent acts as")


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
        for line in sys.stdin.buffer:
            if not line.strip():
                continue
            answer = _answer(host, options.login, line)
            if answer is not None:
                sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
                sys.stdout.buffer.flush()
    finally:
        host.close()
    return 0


def _answer(host: Host, login: str, line: bytes) -> object:
    try:
        message = orjson.loads(line)
    except ValueError as error:
        return mcp.unreadable(error)
    actor = host.actor(login)  # looked up anew: who was made inactive meanwhile is nobody
    return mcp.answer_to(host, actor, message, actor.locale).message
