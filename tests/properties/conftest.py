"""The databases of the corpus, for properties too."""

from tests.conformance.expressions.conftest import postgresql_connection, sqlite_connection

__all__ = ["postgresql_connection", "sqlite_connection"]
