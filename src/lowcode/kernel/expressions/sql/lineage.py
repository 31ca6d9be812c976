"""A record of a tree and everything above it, in SQL: walked when it is asked (decision 0080)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    any_,
    func,
    literal_column,
    select,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY

from lowcode.kernel.expressions.sql.storage_types import ResultType
from lowcode.kernel.expressions.types import Type

Element = ColumnElement[Any]
Named = Callable[[], tuple[FromClause, Element, Element]]
"""The records of a tree anew: what to select from, their ids, and what they are called."""


class Lineage(ScalarSelect[Any]):
    """The ids of a record and of all above it as a JSON list, or with `named` what they are called: that is what facts
    hold. A condition is made of its parts, so that nothing is walked for a row that is not asked for."""

    inherit_cache = True

    def __init__(
        self, link: Element, around: FromClause, tree: FromClause, up: str, dialect: str, named: Named | None = None
    ) -> None:
        self.link = link
        """The column that names the record; it is one of `around`."""
        self._around, self._tree, self._up, self._named = around, tree, up, named
        self._dialect = dialect
        rows, value = self._walked()
        listed = func.json_group_array(value) if dialect == "sqlite" else func.jsonb_agg(value)
        empty: Element = literal_column("'[]'" if dialect == "sqlite" else "'[]'::jsonb")
        made = type_coerce(func.coalesce(listed, empty), ResultType(Type("multi"), dialect))
        super().__init__(select(made).select_from(rows).where(value.is_not(None)))

    def above(self) -> Select[Any]:
        """The record and all above it, one row after the other."""
        rows, value = self._walked()
        return select(value).select_from(rows).where(value.is_not(None))

    def within(self, value: Element) -> Element:
        """The record is one that is known beforehand, or is below it. On PostgreSQL the branch is gathered first: of a
        recursive query the planner expects more rows than any tree has, and would read the whole table for them."""
        branch = self.below(value)
        if self._dialect == "postgresql":
            return self.link == any_(func.array(branch.scalar_subquery(), type_=ARRAY(BigInteger)))
        return self.link.in_(branch)

    def below(self, value: Element) -> Select[Any]:
        """The ids of a record, or of all of that name, and of everything below."""
        node, child = self._tree.alias(), self._tree.alias()
        start = select(node.c.id).where(node.c.id == value)
        if self._named is not None:
            records, identity, label = self._named()
            start = select(identity.label("id")).select_from(records).where(label == value)
        walk = start.cte(recursive=True, nesting=True)
        step = select(child.c.id).select_from(child.join(walk, child.c[self._up] == walk.c.id))
        return select(walk.union(step).c.id)

    def _walked(self) -> tuple[FromClause, Element]:
        """The rows of the record and of all above it, and what is wanted of each."""
        start = select(self.link.label("id")).where(self.link.is_not(None)).correlate(self._around)
        walk = start.cte(recursive=True, nesting=True)
        node = self._tree.alias()
        step = select(node.c[self._up]).select_from(node.join(walk, node.c.id == walk.c.id))
        walk = walk.union(step.where(node.c[self._up].is_not(None)))
        if self._named is None:
            return walk, walk.c.id
        records, identity, label = self._named()
        return records.join(walk, identity == walk.c.id), label
