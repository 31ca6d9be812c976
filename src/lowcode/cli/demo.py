"""`lowcode demo`: the example CRM (or another app), seeded, in the browser; anybody signs in by one click."""

from __future__ import annotations

import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path

from lowcode.cli.console import Console
from lowcode.cli.opening import open_host, seeded, understood
from lowcode.cli.serving import CannotServe, free_port, serve
from lowcode.cli.understanding import plugins_of
from lowcode.host import Host
from lowcode.kernel.diagnostics import localized

EXAMPLE = Path("examples") / "crm_app"


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, nargs="?", help="the folder of an app; the example CRM when left out")
    parser.add_argument("--database", help="a URL or file; a temporary file when left out")
    parser.add_argument("--address", default="127.0.0.1", help="where to listen")
    parser.add_argument("--port", type=int, default=8000, help="the first port to try")
    parser.add_argument("--fresh", action="store_true", help="forget what was done in the demo before")
    parser.add_argument("--no-browser", action="store_true", help="do not open the browser")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    documents = understood(options.app or example(), console, plugins_of(options))
    database = options.database or str(place_of(documents.app.name, documents.digest))
    if options.fresh and options.database is None:
        for left in (database, f"{database}-wal", f"{database}-shm"):
            Path(left).unlink(missing_ok=True)
    host = open_host(documents, database, plugins_of(options))
    seeded(host, console)
    _introduce(host, console)
    port = free_port(options.address, options.port)
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
