"""`lowcode serve`: an app on a database, over HTTP."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lowcode.cli.console import Console
from lowcode.cli.opening import running_arguments, running_host, seeded
from lowcode.cli.serving import serve


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    running_arguments(parser)
    parser.add_argument("--address", default="127.0.0.1", help="where to listen; 0.0.0.0 for every network")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument(
        "--proxies", default="", help="addresses of proxies whose X-Forwarded headers are believed (10.0.0.5,10.0.0.6)"
    )
    parser.add_argument(
        "--no-worker", dest="worker", action="store_false", help="only answer; lowcode work does the rest elsewhere"
    )
    parser.add_argument("--seed", action="store_true", help="write the first data when nobody is in the database yet")


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    host = running_host(options, console)
    if options.seed:
        seeded(host, console)
    serve(
        host, options.address, options.port, console, proxies=options.proxies, works=options.worker,
        broker=options.broker,
    )  # fmt: skip
    return 0
