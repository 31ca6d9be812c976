"""Real databases for the corpus: SQLite in memory, PostgreSQL started once for the session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import StaticPool

from lowcode.kernel.expressions.sql import install
from tests.support.postgresql import Server


@pytest.fixture(scope="session")
def sqlite_connection() -> Iterator[Connection]:
    """SQLite with the functions of the language."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    event.listen(engine, "connect", lambda connection, record: install(connection))
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_connection(postgresql_server: Server) -> Iterator[Connection]:
    """A database of its own for the session."""
    with postgresql_server.database() as address:
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            yield connection
        engine.dispose()
