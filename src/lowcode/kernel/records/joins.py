"""Paths in SQL: one LEFT JOIN per distinct prefix, shared by everything in a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, FromClause

from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage import tables as t


class Joins:
    """Resolves dotted paths from one record type to columns, and collects the joins they need.

    `own` gives a kernel table as this database calls it. Expressions use it as their resolver.
    """

    def __init__(
        self,
        types: Mapping[str, RecordType],
        record_type: RecordType | str,
        own: Callable[[sa.Table], sa.Table],
        dialect: str,
        table: FromClause | None = None,
        prefix: str = "",
    ) -> None:
        self.types = types
        self.own = own
        self.dialect = dialect
        self._prefix = prefix
        self.root: FromClause = table if table is not None else self._table(record_type)
        self.origin: FromClause = self.root
        self._at: dict[str, tuple[RecordType | str, FromClause]] = {"": (record_type, self.root)}

    def _table(self, record_type: RecordType | str) -> FromClause:
        if isinstance(record_type, RecordType):
            return record_type.table
        return self.own(t.user if record_type == "user" else t.department)

    def column(self, path: str) -> ColumnElement[Any]:
        """The column (or computed element) a path leads to."""
        head, _, name = path.rpartition(".")
        record_type, table = self._reach(head)
        if isinstance(record_type, RecordType):
            field = record_type.fields.get(name)
            if field is not None and not field.stored and field.expression is not None:
                element = field.expression.sql(self.dialect, _Below(self, head))
                assert isinstance(element, ColumnElement)
                return element
        return table.c[name]

    def rows(
        self, path: str, child_paths: Iterable[str] = ()
    ) -> tuple[FromClause, ColumnElement[bool], Callable[[str], ColumnElement[Any]]]:
        """The rows of a relation: what to select from, the condition tying it to the outer row, their columns."""
        _, tie, inner = self.relation(path)
        for child in child_paths:  # so that the joins they need are part of what is selected from
            inner.column(child)
        return inner.origin, tie, inner.column

    def relation(self, path: str) -> tuple[FromClause, ColumnElement[bool], Joins]:
        """The rows of a relation: their table, what ties them to the outer row, and how their own paths resolve."""
        head, _, name = path.rpartition(".")
        record_type, table = self._reach(head)
        assert isinstance(record_type, RecordType)
        field = record_type.fields.get(name)
        if field is not None and field.rows is not None:
            child = field.rows.table.alias()
            inner = Joins(self.types, field.rows, self.own, self.dialect, child)
            return child, child.c.parent == table.c.id, inner
        if field is not None and name in record_type.joins:
            between = record_type.joins[name].alias()
            target = self.types[field.target or ""]
            child = target.table.alias()
            inner = Joins(self.types, target, self.own, self.dialect, child)
            inner.origin = child.join(between, between.c.target == child.c.id)
            tie = sa.and_(between.c.source == table.c.id, child.c.deleted_at.is_(None))
            return inner.origin, tie, inner
        relation = record_type.relations[name]
        target = self.types[relation.record_type]
        child = target.table.alias()
        inner = Joins(self.types, target, self.own, self.dialect, child)
        return child, sa.and_(child.c[relation.by] == table.c.id, child.c.deleted_at.is_(None)), inner

    def _reach(self, head: str) -> tuple[RecordType | str, FromClause]:
        """The record type and table a prefix leads to, joined when it is new."""
        found = self._at.get(head)
        if found is not None:
            return found
        before, _, name = head.rpartition(".")
        record_type, table = self._reach(before)
        target: RecordType | str
        if isinstance(record_type, RecordType):
            if name == "parent" and record_type.parent is not None:
                target = record_type.parent
            elif name in record_type.fields:
                word = record_type.fields[name].target or record_type.fields[name].type.record or ""
                target = self.types.get(word, word)
            else:
                target = "user"
        else:
            target = "department" if name in ("department", "parent") else "user"
        reached = self._table(target).alias()
        self.origin = self.origin.outerjoin(reached, reached.c.id == table.c[name])
        self._at[head] = (target, reached)
        return self._at[head]


class _Below:
    """The same joins, for paths that begin further down."""

    def __init__(self, joins: Joins, head: str) -> None:
        self._joins = joins
        self._head = f"{head}." if head else ""

    def column(self, path: str) -> ColumnElement[Any]:
        """The column a path leads to."""
        return self._joins.column(self._head + path)

    def rows(self, path: str, child_paths: Iterable[str] = ()) -> Any:
        """The rows of a relation."""
        return self._joins.rows(self._head + path, child_paths)
