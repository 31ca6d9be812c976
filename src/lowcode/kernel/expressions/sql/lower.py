"""What both dialects share of rows: correlated subqueries, measures over the set, existence."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    exists,
    func,
    not_,
    null,
    or_,
    select,
)

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.problems import NotPushable
from lowcode.kernel.expressions.rewrite import rewrite
from lowcode.kernel.expressions.sql.lineage import Lineage
from lowcode.kernel.expressions.sql.truth import Element, TruthLowering
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import MAXIMUM_SCALE, Type

ANY_NUMBER = Type("number")


PLACES = ("MEDIAN", "PERCENTILE")


class Lowering(TruthLowering):
    """Lowers a whole tree for one dialect."""

    def total(self, element: Element, kind: Type) -> Element:
        """The sum of a column."""
        return func.sum(element)

    # ── values ──

    def value(self, node: n.Node) -> Element:
        """The value, NULL when blank: what all dialects do alike, else `computed`."""
        match node:
            case n.Constant():
                return self.constant(node.value, node.type)
            case n.Field():
                return self.field(node)
            case n.Variable():
                return self.variable(node)
            case n.Now():
                return self.moment(node)
            case n.Compare() | n.Contained() | n.Blank() | n.Logic() | n.Not():
                return self.three_valued(node)
            case n.Aggregate():
                return self.aggregate(node)
            case n.Case():
                return self.branches(node, lambda one: self.branch(one, node.type))
            case n.Coalesce():
                return func.coalesce(*(self.branch(one, node.type) for one in node.items))
            case n.Changed():
                raise NotPushable(say("changed-at-save"))
            case _:
                return self.computed(node)

    def branch(self, node: n.Node, kind: Type) -> Element:
        """One of the values a choice is made from, as the type of the whole is represented."""
        return self.value(node)

    @abstractmethod
    def computed(self, node: n.Node) -> Element:
        """Arithmetic, calls and joined text, which each dialect carries out in its own way."""

    # ── trees ──

    def contained(self, node: n.Contained, wanted: bool) -> Element:
        lineage = n.lineage(node)
        if lineage is None:
            return super().contained(node, wanted)
        return self.under(node.value, lineage, wanted)

    def under(self, value: n.Node, lineage: n.Field, wanted: bool) -> Element:
        """From what is known beforehand the tree is walked down, once, and an index serves; else up, from each row."""
        column = self.child if lineage.scope == "child" and self.child else self.resolver.column
        tree = column(lineage.path)
        assert isinstance(tree, Lineage)
        known = isinstance(value, (n.Constant, n.Variable, n.Now))
        inside = tree.within(self.value(value)) if known else self.value(value).in_(tree.above())
        return inside if wanted else or_(tree.link.is_(null()), self.blank(value, True), not_(inside))

    # ── rows ──

    def over(self, node: n.Aggregate) -> tuple[Any, Element, Callable[[str], Element]]:
        paths = frozenset(one.path for one in n.walk(node) if isinstance(one, n.Field) and one.scope == "child")
        if self.child is not None:
            raise NotPushable(say("aggregate-within"))
        return self.resolver.rows(node.relation, paths)

    def aggregate(self, node: n.Aggregate) -> Element:
        if node.function in ("ANY", "ALL"):
            return self.two_valued(node)
        if node.function == "AVERAGE":
            return self.value(average_tree(node))
        if not node.relation:
            self.child = self.resolver.column
            element = self.measure(node)
            self.child = None
            return element
        source, join, child = self.over(node)
        self.child = child
        reduced = self.reduced(node)
        where = [join] if node.condition is None else [join, self.condition(rewrite(node.condition), True)]
        self.child = None
        query = select(reduced).select_from(source).where(*where).correlate_except(source).scalar_subquery()
        return self.finished(node, query)

    def measure(self, node: n.Aggregate) -> Element:
        """An aggregate over the set the statement selects from."""
        if node.function in PLACES:
            return self.placed(node)
        reduced = self.reduced(node)
        if node.condition is not None:
            reduced = reduced.filter(self.condition(rewrite(node.condition), True))
        return self.finished(node, reduced)

    def placed(self, node: n.Aggregate) -> Element:
        """A value by its place among all: only of a set, and only where the result may have any decimals."""
        if node.value is None or node.type.scale is not None:
            raise NotPushable(say("rows-one-by-one", function=node.function))
        element = self.value(node.value)
        conditions: list[Element] = [element.is_not(null())]
        if node.condition is not None:
            conditions.append(self.condition(rewrite(node.condition), True))
        share = node.extra[0] if node.extra else n.Constant(Decimal("0.5"), Type("number", 1))
        return self.percentile(element, node.value.type, share, conditions)

    @abstractmethod
    def percentile(self, element: Element, kind: Type, share: n.Node, conditions: list[Element]) -> Element:
        """The value below which a share of the values of a column lie, exact."""

    def finished(self, node: n.Aggregate, element: Element) -> Element:
        return func.coalesce(element, self.constant(0, node.type)) if node.function == "SUM" else element

    def reduced(self, node: n.Aggregate) -> Any:
        if node.function == "COUNT" and node.value is None:
            return func.count()
        if node.value is None or node.function not in ("SUM", "COUNT", "COUNTUNIQUE", "MIN", "MAX"):
            raise NotPushable(say("rows-one-by-one", function=node.function))
        element = self.value(node.value)
        if node.function == "SUM":
            return self.total(element, node.value.type)
        if node.function == "COUNT":
            return func.count(element)
        if node.function == "COUNTUNIQUE":
            return func.count(element.distinct())
        if node.type.kind == "number" and node.type.scale is None and self.dialect == "sqlite":
            raise NotPushable(say("decimals-unknown", function=node.function))
        ordered = self.ordered(element, node.value.type)
        return func.min(ordered) if node.function == "MIN" else func.max(ordered)

    def ordered(self, element: Element, kind: Type) -> Element:
        return element

    def row_truth(self, node: n.Aggregate, wanted: bool) -> Element:
        assert node.value is not None
        if not node.relation:
            raise NotPushable(say("over-whole-set", function=node.function))
        source, join, child = self.over(node)
        self.child = child
        found = self.condition(rewrite(node.value), node.function == "ANY")
        where = [join, found]
        if node.condition is not None:
            where.append(self.condition(rewrite(node.condition), True))
        self.child = None
        query = exists(select(1).select_from(source).where(*where).correlate_except(source))
        return query if (node.function == "ANY") == wanted else not_(query)


def average_tree(node: n.Aggregate) -> n.Node:
    """A mean as the sum divided by the count, so that it is as exact as any quotient."""
    assert node.value is not None
    scale = node.value.type.scale
    total = replace(node, function="SUM", type=Type("number", scale, nullable=False))
    count = replace(node, function="COUNT", type=Type("number", 0, nullable=False))
    return n.Arithmetic("/", total, count, Type("number", 12))


def widened(tree: n.Node) -> n.Node:
    """A measure whose quotients may be of any size: with twelve decimals in a whole number of 64 bits, as a stored
    quotient has them, nine million would be the end."""
    if isinstance(tree, n.Aggregate):
        if tree.function == "AVERAGE" and not tree.relation:
            return replace(average_tree(tree), type=ANY_NUMBER)
        return replace(tree, type=ANY_NUMBER) if tree.function in PLACES and not tree.relation else tree
    made = n.rebuilt(tree, widened)
    wide = made.type.kind == "number" and isinstance(made, (n.Arithmetic, n.Call, n.Case, n.Coalesce))
    return replace(made, type=ANY_NUMBER) if wide and made.type.scale == MAXIMUM_SCALE else made
