"""`lowcode backup`: definitions, rows and files in one archive, while people work on."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lowcode.cli import archive
from lowcode.cli.console import Bar, Console
from lowcode.cli.opening import files_argument, files_of, understood
from lowcode.cli.understanding import plugins_of
from lowcode.host import Host


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("app", type=Path, help="the folder of the app, or a zip archive of it")
    parser.add_argument("file", type=Path, help="the backup to write, a zip archive")
    parser.add_argument("--database", required=True, help="the database of the app: a URL or a file")
    files_argument(parser)


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    plugins = plugins_of(options)
    files = files_of(options, options.database)
    host = Host(understood(options.app, console, plugins), options.database, plugins=plugins, files=files)
    bar = Bar(console.error, "backing up", 1)
    try:
        counts = archive.write(host, options.file, bar.watch)
    finally:
        bar.finish()
        host.close()
    console.say(f"{options.file}: {sum(counts.values())} rows of {len(counts)} tables")
    return 0
