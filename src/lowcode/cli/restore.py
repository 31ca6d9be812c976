"""`lowcode restore`: a backup into an empty database, of either kind."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lowcode.cli import archive
from lowcode.cli.console import Bar, Console
from lowcode.cli.opening import files_argument, files_of
from lowcode.cli.understanding import plugins_of


def arguments(parser: ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", type=Path, help="the backup")
    parser.add_argument("--database", required=True, help="an empty database: a URL or a file")
    files_argument(parser)


def run(options: Namespace, console: Console) -> int:
    """Run the command."""
    bar = Bar(console.error, "restoring", 1)
    try:
        files = files_of(options, options.database)
        counts = archive.read(options.file, options.database, bar.watch, plugins_of(options), files)
    finally:
        bar.finish()
    console.say(f"{options.database}: {sum(counts.values())} rows of {len(counts)} tables")
    return 0
