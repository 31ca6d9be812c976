"""`lowcode demo`: the example CRM (or another app), seeded, in the browser; anybody signs in by one click."""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path

from lowcode.cli.console import Console
from lowcode.cli.opening import files_argument, files_of, open_host, seeded, understood
from lowcode.cli.serving import CannotServe, free_port, serve
from lowcode.cli.understanding import plugins_of
from lowcode.host import Host
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.storage import crypto

EXAMPLE = Path("examples") / "crm_app"


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, nargs="?", help="the folder of an app; the example CRM when left out")
    parser.add_argument("--database", help="a URL or file; a temporary file when left out")
    files_argument(parser)
    parser.add_argument("--address", default="127.0.0.1", help="where to listen")
    parser.add_argument("--port", type=int, default=8000, help="the first port to try")
    parser.add_argument("--fresh", action="store_true", help="forget what was done in the demo before")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    documents = understood(options.app or example(), console, plugins_of(options))
    database = options.database or str(place_of(documents.app.name, documents.digest))
    if options.fresh and options.database is None:
        for left in (database, f"{database}-wal", f"{database}-shm", f"{database}{KEYS}"):
            Path(left).unlink(missing_ok=True)
    files = files_of(options, database)
    host = open_host(documents, database, plugins_of(options), secrets=lambda name: secret(name, database), files=files)
    seeded(host, console)
    _introduce(host, console)
    port = free_port(options.address, options.port)
    if port != options.port:
        console.say(console.yellow(f"Port {options.port} is taken, so another is used: {port}"))
    browse = not options.no_browser and console.error.isatty()
    serve(host, options.address, port, console, demo=True, browse=browse)
    return 0


def example() -> Path:
    """The example CRM: in the folder one stands in, or in the checkout this library runs from."""
    for folder in (Path.cwd(), *Path(__file__).resolve().parents):
        if (folder / EXAMPLE / "app.json").is_file():
            return folder / EXAMPLE
    raise CannotServe("there is no example here; name the folder of an app: lowcode demo FOLDER")


def place_of(name: str, digest: str) -> Path:
    """Where a demo keeps its data: one file per version of the definitions, since a changed app starts anew."""
    return Path(tempfile.gettempdir()) / f"lowcode-demo-{name}-{digest[:12]}.sqlite3"


KEYS = ".keys"


def secret(name: str, database: str) -> str | None:
    """A secret from the environment; the keys of what is encrypted are made for the demo and kept beside its file, so
    that every part of it can be tried without setting anything up. No database but a file gets keys this way."""
    given = os.environ.get(f"LOWCODE_SECRET_{name}")
    if given or name != crypto.SECRET or "://" in database or not crypto.possible():
        return given
    kept = Path(f"{database}{KEYS}")
    if not kept.exists():
        with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(crypto.new_key())
    return kept.read_text("utf-8")


def _introduce(host: Host, console: Console) -> None:
    """Who there is, to sign in as."""
    people = sorted(host.directory().users.values(), key=lambda each: each.id)
    console.say("Sign in as any of these (one click, no password):")
    width = max((len(each.login) for each in people), default=0)
    for each in people:
        roles = ", ".join(sorted(each.roles))
        console.say(
            f"  {console.bold(each.login.ljust(width))}  {each.name}  {localized(each.title)}  {console.dim(roles)}"
        )
