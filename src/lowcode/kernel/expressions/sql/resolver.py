"""What the caller of a lowering knows: where a path's column is, and how rows join to their record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from sqlalchemy import ColumnElement, FromClause


class Resolver(Protocol):
    """Answers for paths; joins for to-one hops are the caller's matter."""

    def column(self, path: str) -> ColumnElement[Any]:
        """The column that holds a dotted to-one path."""

    def rows(
        self, path: str, child_paths: frozenset[str]
    ) -> tuple[FromClause, ColumnElement[bool], Callable[[str], ColumnElement[Any]]]:
        """The rows of a relation: what to select from, the condition joining it to the record, columns of the rows."""
