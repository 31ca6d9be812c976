"""`lowcode serve`: an app on a database, over HTTP."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lowcode.cli.console import Console
from lowcode.cli.opening import open_host, seeded, understood
from lowcode.cli.serving import serve
from lowcode.cli.understanding import plugins_of


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, help="the folder of the app, or a zip archive of it")
    parser.add_argument("--database", help="a URL or file; <name of the app>.sqlite3 when left out")
    parser.add_argument("--address", default="127.0.0.1", help="where to listen; 0.0.0.0 for every network")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--proxies", default="", help="addresses of proxies whose X-Forwarded headers are believed (10.0.0.5,10.0.0.6)"
    )
    parser.add_argument("--seed", action="store_true", help="write the first data when nobody is in the database yet")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    documents = understood(options.app, console, plugins_of(options))
    host = open_host(documents, options.database or f"{documents.app.name}.sqlite3", plugins_of(options))
    if options.seed:
        seeded(host, console)
    serve(host, options.address, options.port, console, proxies=options.proxies)
    return 0
