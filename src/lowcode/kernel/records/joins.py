"""Paths in SQL: one LEFT JOIN per distinct prefix, shared by everything in a statement.

A path that a person sends (a column, a filter, an order) must not lead around a row filter: with `allowed`, a linked
record that the person may not read joins as if it were not there, and rows they may not read do not count. What an
author wrote (formulas, permission lines) reads with the author's eyes: `definer`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import ColumnElement, FromClause
from sqlalchemy.dialects.postgresql import JSONB

from lowcode.kernel.expressions import ABOVE_LABELS, Expression, lineage_of
from lowcode.kernel.expressions.sql.lineage import Lineage
from lowcode.kernel.records.fields.named import DIRECTORY
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage import tables as t

Column = Callable[[str], ColumnElement[Any]]
NAMED_BY = "@named_by"
"""Read of what a field of several names: the record it is named by, which stands in the pairs and in no field."""


class Permits(Protocol):
    """What an actor may read of a record type (`permissions.Grant`)."""

    def conditions(self, action: str) -> tuple[Expression, ...] | None:
        """The row filters of an action; None when every row is permitted."""
        ...

    @property
    def hidden(self) -> frozenset[str]:
        """The fields whose values are kept from the actor."""
        ...


Allowed = Callable[[RecordType], Permits]


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
        allowed: Allowed | None = None,
    ) -> None:
        self.types = types
        self.own = own
        self.dialect = dialect
        self.allowed = allowed
        self.root: FromClause = table if table is not None else self.table(record_type)
        self.origin: FromClause = self.root
        self.order: tuple[ColumnElement[Any], ...] = ()
        """What rows within rows, and what several links name, stand in the order of, before their own."""
        self.named_by: ColumnElement[Any] | None = None
        self._paths = Paths(self, record_type, self.root, guarded=allowed is not None)
        self.definer = self._paths if allowed is None else Paths(self, record_type, self.root, guarded=False)
        """Paths as the author of the app sees them."""

    def table(self, record_type: RecordType | str) -> FromClause:
        """The table of a record type, or of the directory."""
        if isinstance(record_type, RecordType):
            return record_type.table
        return self.own(t.user if record_type == "user" else t.department)

    def column(self, path: str) -> ColumnElement[Any]:
        """The column (or computed element) a path leads to."""
        if path == NAMED_BY and self.named_by is not None:
            return self.named_by
        return self._paths.column(path)

    def rows(
        self, path: str, child_paths: Iterable[str] = ()
    ) -> tuple[FromClause, ColumnElement[bool], Callable[[str], ColumnElement[Any]]]:
        """The rows of a relation: what to select from, the condition tying it to the outer row, their columns."""
        return self._paths.rows(path, child_paths)

    def relation(self, path: str) -> tuple[FromClause, ColumnElement[bool], Joins]:
        """The rows of a relation: their table, what ties them to the outer row, and how their own paths resolve."""
        return self._paths.relation(path)

    def permitted(self, record_type: RecordType, identity: ColumnElement[Any]) -> ColumnElement[bool] | None:
        """That a record is one the person may read; None when all are."""
        if self.allowed is None or record_type.parent is not None:
            return None
        conditions = self.allowed(record_type).conditions("read")
        if conditions is None:
            return None
        inner = Joins(self.types, record_type, self.own, self.dialect, record_type.table.alias())
        held = [each.sql_condition(self.dialect, inner.definer) for each in conditions]
        if not held:
            return sa.false()
        return identity.in_(sa.select(inner.root.c.id).select_from(inner.origin).where(sa.or_(*held)))


class Joined(Joins):
    """People or departments that pairs name: their ids stand in the pairs, whether the directory knows them or not (an
    embedding program may have people of its own)."""

    def __init__(self, outer: Joins, target: str, identity: ColumnElement[Any]) -> None:
        super().__init__(outer.types, target, outer.own, outer.dialect, outer.table(target).alias())
        self.identity = identity

    def column(self, path: str) -> ColumnElement[Any]:
        """The column a path leads to."""
        return self.identity if path == "id" else super().column(path)


class Paths:
    """Paths from one table of a statement; joins go to the statement they share."""

    def __init__(self, joins: Joins, record_type: RecordType | str, table: FromClause, *, guarded: bool) -> None:
        self.joins = joins
        self.guarded = guarded
        self._at: dict[str, tuple[RecordType | str, FromClause]] = {"": (record_type, table)}
        self._below: dict[str, Paths] = {}

    def column(self, path: str) -> ColumnElement[Any]:
        """The column (or computed element) a path leads to."""
        link, above = lineage_of(path)
        if above:
            return self._lineage(link, above)
        head, _, name = path.rpartition(".")
        record_type, table = self._reach(head)
        if isinstance(record_type, RecordType):
            field = record_type.fields.get(name)
            if field is not None and not field.stored and field.expression is not None:
                return field.expression.sql(self.joins.dialect, self._definer(head, record_type, table))
        return table.c[name]

    def _lineage(self, link: str, above: str) -> Lineage:
        """A record of a tree and all above it. One that the person may not read is nowhere, as it is in every path."""
        joins = self.joins
        head, _, name = link.rpartition(".")
        owner, table = self._reach(head) if link else self._at[""]
        tree = self._target(owner, name) if link else owner
        hidden = self.guarded and isinstance(tree, RecordType) and joins.permitted(tree, table.c.id) is not None
        if link and hidden:
            _, table = self._reach(link)
        column = table.c.id if not link or hidden else table.c[name]
        records = joins.table(tree)
        up = tree.tree if isinstance(tree, RecordType) else "parent"
        assert up is not None
        named = partial(self._named, tree) if above == ABOVE_LABELS else None
        return Lineage(column, table, records, up, joins.dialect, named)

    def _named(self, tree: RecordType | str) -> tuple[FromClause, ColumnElement[Any], ColumnElement[Any]]:
        """The records of a tree anew, and what they are called: by their label, and by each text that is a key."""
        joins = self.joins
        inner = Joins(joins.types, tree, joins.own, joins.dialect, joins.table(tree).alias())
        if not isinstance(tree, RecordType):
            return self._departments_called(inner.root)
        identity = inner.root.c.id
        label = sa.cast(identity if tree.label is None else tree.label.sql(joins.dialect, inner), sa.Text)
        kept = joins.allowed(tree).hidden if self.guarded and joins.allowed is not None else frozenset()
        keys = [inner.root.c[name] for name in tree.called_by if name not in kept]
        if not keys:
            return inner.origin, identity, label
        called = sa.select(identity.label("id"), label.label("said")).select_from(inner.origin)
        known = (sa.select(identity, key).where(key.is_not(None)) for key in keys)
        said = sa.union_all(called, *known).subquery()
        return said, said.c.id, said.c.said

    def _departments_called(self, root: FromClause) -> tuple[FromClause, ColumnElement[Any], ColumnElement[Any]]:
        """Departments by their key, and by their title in each language it is written in."""
        if self.joins.dialect == "sqlite":
            words = sa.func.json_each(root.c.title).table_valued("value")
        else:
            title = sa.type_coerce(root.c.title, JSONB)
            whole = sa.case(
                (sa.func.jsonb_typeof(title) == "object", title), else_=sa.func.jsonb_build_object("", title)
            )
            words = sa.func.jsonb_each_text(whole).table_valued("key", "value")
        said = sa.union_all(
            sa.select(root.c.id.label("id"), root.c.name.label("said")),
            sa.select(root.c.id, sa.cast(words.c.value, sa.Text)).select_from(root.join(words, sa.true())),
        ).subquery()
        return said, said.c.id, said.c.said

    def _definer(self, head: str, record_type: RecordType, table: FromClause) -> Paths:
        """Paths of what the author computes, beginning at a record that was reached."""
        if not self.guarded and not head:
            return self
        found = self._below.get(head)
        if found is None:
            found = self._below[head] = Paths(self.joins, record_type, table, guarded=False)
        return found

    def rows(
        self, path: str, child_paths: Iterable[str] = ()
    ) -> tuple[FromClause, ColumnElement[bool], Callable[[str], ColumnElement[Any]]]:
        """The rows of a relation, for expressions."""
        _, tie, inner = self.relation(path)
        for child in child_paths:  # so that the joins they need are part of what is selected from
            inner.column(child)
        return inner.origin, tie, inner.column

    def relation(self, path: str) -> tuple[FromClause, ColumnElement[bool], Joins]:
        """The rows of a relation: their table, what ties them to the outer row, and how their own paths resolve."""
        head, _, name = path.rpartition(".")
        if head and self._several(head):  # rows in rows: groups.items
            _, tie, outer = self.relation(head)
            _, below, inner = outer.relation(name)
            inner.origin = inner.origin.join(outer.origin, below)
            before = (outer.root.c[each] for each in ("position", "id") if each in outer.root.c)
            inner.order = (*outer.order, *before, *inner.order)
            return inner.origin, tie, inner
        record_type, table = self._reach(head)
        assert isinstance(record_type, RecordType)
        field = record_type.fields.get(name)
        if field is not None and field.rows is not None:
            inner = self._inner(field.rows)
            return inner.root, inner.root.c.parent == table.c.id, inner
        if field is not None and name in record_type.joins:
            between = record_type.joins[name].alias()
            if field.options_type in DIRECTORY:
                people = Joined(self.joins, DIRECTORY[field.options_type], between.c.target)
                people.origin = between.outerjoin(people.root, people.root.c.id == between.c.target)
                people.order, people.named_by = (between.c.position,), between.c.source
                return people.origin, between.c.source == table.c.id, people
            target = self.joins.types[field.target or ""]
            inner = self._inner(target)
            child = inner.root
            inner.origin = child.join(between, between.c.target == child.c.id)
            inner.order, inner.named_by = (between.c.position,), between.c.source
            conditions = [between.c.source == table.c.id, child.c.deleted_at.is_(None)]
        else:
            relation = record_type.relations[name]
            target = self.joins.types[relation.record_type]
            inner = self._inner(target)
            child = inner.root
            named: ColumnElement[Any] = table.c.id
            if target.fields[relation.by].options_type == "link_any":
                named = sa.literal(f"{record_type.name}/") + sa.cast(table.c.id, sa.Text)
            conditions = [child.c[relation.by] == named, child.c.deleted_at.is_(None)]
        permitted = self.joins.permitted(target, child.c.id) if self.guarded else None
        if permitted is not None:
            conditions.append(permitted)
        return inner.origin, sa.and_(*conditions), inner

    def _several(self, path: str) -> bool:
        """Whether a path ends in rows and not in one record."""
        head, _, name = path.rpartition(".")
        if head and self._several(head):
            return True
        owner = self._reach(head)[0]
        if not isinstance(owner, RecordType):
            return False
        field = owner.fields.get(name)
        return name in owner.relations or (field is not None and (field.rows is not None or name in owner.joins))

    def _inner(self, record_type: RecordType) -> Joins:
        joins = self.joins
        allowed = joins.allowed if self.guarded else None
        return Joins(joins.types, record_type, joins.own, joins.dialect, record_type.table.alias(), allowed)

    def _reach(self, head: str) -> tuple[RecordType | str, FromClause]:
        """The record type and table a prefix leads to, joined when it is new."""
        found = self._at.get(head)
        if found is not None:
            return found
        before, _, name = head.rpartition(".")
        record_type, table = self._reach(before)
        target = self._target(record_type, name)
        reached = self.joins.table(target).alias()
        condition: ColumnElement[bool] = reached.c.id == table.c[name]
        if self.guarded and isinstance(target, RecordType):
            permitted = self.joins.permitted(target, reached.c.id)
            if permitted is not None:
                condition = sa.and_(condition, permitted)
        self.joins.origin = self.joins.origin.outerjoin(reached, condition)
        self._at[head] = (target, reached)
        return self._at[head]

    def _target(self, record_type: RecordType | str, name: str) -> RecordType | str:
        if not isinstance(record_type, RecordType):
            return "department" if name in ("department", "parent") else "user"
        if name == "parent" and record_type.parent is not None:
            return record_type.parent
        if name in record_type.fields:
            word = record_type.fields[name].target or record_type.fields[name].type.record or ""
            return self.joins.types.get(word, word)
        return "user"
