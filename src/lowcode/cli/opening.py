"""Opening an app for a command: its definitions understood, its tables made, its first rows written."""

from __future__ import annotations

import gc
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from lowcode.cli.console import Bar, Console
from lowcode.cli.findings import show_report
from lowcode.cli.places import PLACE, AppliedTo, NothingThere, Place, place
from lowcode.cli.understanding import Reading, plugins_of
from lowcode.host import Host
from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import LowcodeError, Report
from lowcode.kernel.storage.database import temporary_folder
from lowcode.plugins import Plugins
from lowcode.seeding import seed

NO_DATABASE = {
    "zh-CN": "找不到数据库 {database}，未执行任何操作；请用 --database 指定应用所在的数据库"
    "（与 lowcode apply 或 lowcode run 所用的相同）",
    "en": "there is no database at {database}; nothing was done. Say with --database which one the app is in: the one "
    "that lowcode apply or lowcode run was given",
}


FILES = "LOWCODE_FILES"


class NoFolder(LowcodeError):
    """The database is on a server, and nothing says where the contents of files are kept."""


class NotFit(LowcodeError):
    """The definitions have errors; they were shown already."""


def understood(path: Place, console: Console, plugins: Plugins = ()) -> Documents:
    """The documents of an app without errors. Raises NotFit after showing what is wrong."""
    report = Report()
    reading = Reading(plugins)
    documents = reading.load(path, report)
    reading.compile(documents, report)
    if not report.ok:
        show_report(console, report, documents.source)
        raise NotFit(f"{path} has errors in its definitions; nothing was done")
    return documents


@contextmanager
def planned_host(options: Namespace, console: Console, *, there: bool = False) -> Iterator[Host]:
    """A host on the database of the options, for planning: nothing is done to the database by opening it. `there`: it
    has to be one already, and none is made. Raises NothingThere."""
    plugins = plugins_of(options)
    documents = understood(options.app, console, plugins)
    database = options.database or f"{documents.app.name}.sqlite3"
    file = _file_of(database)
    if there and file is not None and not file.is_file():
        raise NothingThere(NO_DATABASE[options.language].format(database=file))
    host = Host(documents, database, plugins=plugins)
    try:
        yield host
    finally:
        host.close()


def _file_of(database: str) -> Path | None:
    """The file of a database; None for one on a server or in memory."""
    if "://" not in database:
        return Path(database)
    url = make_url(database)
    within = url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:"
    return Path(url.database) if within and url.database else None


def files_argument(parser: ArgumentParser) -> None:
    """What commands take that keep or read contents of files."""
    parser.add_argument(
        "--files", metavar="FOLDER",
        help=f"where contents of files are kept; beside the database when left out, and needed (or {FILES}) where that "
        "is on a server: the same folder for serve, work, backup and restore",
    )  # fmt: skip


def files_of(options: Namespace, database: str) -> str | None:
    """The folder for contents of files; None for the one beside the database. Raises NoFolder where there is none."""
    given = (options.files or "").strip() or os.environ.get(FILES, "").strip() or None
    if given is not None or _file_of(database) is not None or make_url(database).get_backend_name() == "sqlite":
        return given
    raise NoFolder(
        f"the database is on a server, and nothing says where contents of files are kept: name a folder with --files "
        f"(or {FILES}), one that stays, that is backed up, and that all machines of this app share. Before there was "
        f"this option, they lay in a folder of temporary files ({temporary_folder()}): move what is there"
    )


def open_host(
    documents: Documents,
    database: str,
    plugins: Plugins = (),
    allow_private: Iterable[str] = (),
    secrets: Callable[[str], str | None] | None = None,
    files: str | None = None,
) -> Host:
    """A host on a database, its tables made; `secrets` from the environment when left out."""
    host = Host(documents, database, plugins=plugins, allow_private=tuple(allow_private), secrets=secrets, files=files)
    host.publish()
    return host


def running_arguments(parser: ArgumentParser) -> None:
    """What processes that run an app take."""
    parser.add_argument("app", type=place, help=f"the app: {PLACE}, which is run as it was published last")
    parser.add_argument(
        "--database", help="a URL or file; left out, the one the app is in, or <name of the app>.sqlite3"
    )
    files_argument(parser)
    parser.add_argument(
        "--allow-private",
        action="append",
        default=[],
        metavar="NETWORK",
        help="a private network that webhooks and connectors may reach: 10.1.0.0/16; repeatable",
    )
    parser.add_argument(
        "--broker", metavar="URL",
        help="a broker for Celery as wake-up call between processes: redis://…, amqp://…, filesystem:///folder",
    )  # fmt: skip


def running_host(options: Namespace, console: Console) -> Host:
    """The host of these options, its tables made."""
    plugins = plugins_of(options)
    documents = understood(options.app, console, plugins)
    own = options.app.url if isinstance(options.app, AppliedTo) else f"{documents.app.name}.sqlite3"
    database = options.database or own
    return open_host(documents, database, plugins, options.allow_private, files=files_of(options, database))


def keep_compiled(host: Host) -> None:
    """Compile the app, and let the collector of garbage pass by what is there from now on.

    A full look through what the example CRM is compiled to stops the process for a quarter of a second, again and
    again, and finds nothing: it stays as long as the process. For processes that are ours alone (docs/embedding.md).
    """
    _ = host.app
    gc.collect()
    gc.freeze()


def seeded(host: Host, console: Console) -> int:
    """Write the app's first rows into a database that has no people yet; how many records."""
    if host.directory().users:
        return 0
    bar = Bar(console.error, "writing the first data", 1)
    count = seed(host, bar.watch)
    bar.finish()
    return count
