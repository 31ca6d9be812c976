"""What both dialects share: the walk over the tree, truth by polarity, subqueries for rows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    not_,
    null,
    or_,
    select,
    true,
    type_coerce,
)

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.problems import NotPushable
from lowcode.kernel.expressions.rewrite import rewrite
from lowcode.kernel.expressions.sql.resolver import Resolver
from lowcode.kernel.expressions.sql.storage_types import ResultType, storage_type
from lowcode.kernel.expressions.types import BOOLEAN, Type

Element = ColumnElement[Any]
TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}

NO = n.Constant(False, BOOLEAN.required)


class Lowering(ABC):
    """Lowers nodes for one dialect; `child` gives columns of the rows inside an aggregate."""

    dialect: str

    def __init__(self, resolver: Resolver):
        self.resolver = resolver
        self.child: Callable[[str], Element] | None = None

    # ── leaves ──

    def field(self, node: n.Field) -> Element:
        if node.scope == "old":
            raise NotPushable("OLD() is known only while a record is saved")
        column = self.child(node.path) if node.scope == "child" and self.child else self.resolver.column(node.path)
        return type_coerce(column, storage_type(node.type, self.dialect))

    def variable(self, node: n.Variable) -> Element:
        name = "variable_" + node.name.replace(".", "_").replace("?", "it")
        return bindparam(name, type_=ResultType(node.type, self.dialect))

    def moment(self, node: n.Now) -> Element:
        if node.name == "is_new":
            raise NotPushable("ISNEW() is known only while a record is saved")
        return bindparam(f"moment_{node.name}", type_=storage_type(node.type, self.dialect))

    @abstractmethod
    def constant(self, value: Any, kind: Type) -> Element:
        """A bound literal."""

    @abstractmethod
    def value(self, node: n.Node) -> Element:
        """The value, NULL when blank."""

    @abstractmethod
    def members(self, node: n.Node) -> Any:
        """A subquery of the members of a set."""

    @abstractmethod
    def sides(self, node: n.Compare) -> tuple[Element, Element] | None:
        """Both sides of a comparison in one representation, or None when the dialect cannot compare them itself."""

    @abstractmethod
    def total(self, element: Element, kind: Type) -> Element:
        """The sum of a column."""

    # ── truth ──

    def condition(self, node: n.Node, wanted: bool) -> Element:
        """Holds exactly when the node is `wanted`; NULL counts as not."""
        if isinstance(node, n.Not):
            return self.condition(node.value, not wanted)
        if isinstance(node, n.Logic):
            items = [self.condition(one, wanted) for one in node.items]
            return and_(*items) if (node.op == "and") == wanted else or_(*items)
        if isinstance(node, n.Constant):
            return true() if node.value is wanted else false()
        if isinstance(node, n.Blank):
            return self.blank(node.value, wanted)
        if isinstance(node, n.Compare):
            return self.compare(node, wanted)
        if isinstance(node, n.Contained):
            return self.contained(node, wanted)
        if isinstance(node, n.Aggregate) and node.function in ("ANY", "ALL"):
            return self.row_truth(node, wanted)
        if isinstance(node, n.Coalesce) and wanted and len(node.items) == 2 and node.items[1] == NO:
            return self.condition(node.items[0], True)
        return self.truth_of(self.value(node), wanted)

    def truth_of(self, element: Element, wanted: bool) -> Element:
        return element if wanted else not_(element)

    def blank(self, node: n.Node, wanted: bool) -> Element:
        element = self.value(node)
        if node.type.kind == "multi":
            empty = or_(element.is_(null()), self.count_of(element) == 0)
            return empty if wanted else not_(empty)
        return element.is_(null()) if wanted else element.is_not(null())

    @abstractmethod
    def count_of(self, element: Element) -> Element:
        """How many choices a set holds."""

    def compare(self, node: n.Compare, wanted: bool) -> Element:
        op = node.op if wanted else TURNED[node.op]
        for one, other in ((node.left, node.right), (node.right, node.left)):
            if isinstance(one, n.Constant) and one.value is None and op in ("=", "<>"):
                return self.blank(other, op == "=")
        sides = self.sides(node)
        if sides is None:
            return self.truth_of(self.evaluated(node), wanted)
        left, right = sides
        if op in ("=", "<>"):
            return self.equality(node, left, right, op == "=")
        return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[op]

    def equality(self, node: n.Compare, left: Element, right: Element, equal: bool) -> Element:
        nullable = node.left.type.nullable, node.right.type.nullable
        if equal:
            return left.is_not_distinct_from(right) if all(nullable) else left == right
        return left.is_distinct_from(right) if any(nullable) else left != right

    def evaluated(self, node: n.Node, kind: Type | None = None) -> Element:
        """A node the dialect cannot carry out itself."""
        raise NotPushable(f"{type(node).__name__.lower()} cannot be carried out in {self.dialect}")

    def contained(self, node: n.Contained, wanted: bool) -> Element:
        element = self.value(node.value)
        if len(node.options) == 1 and node.options[0].type.kind in ("users", "multi"):
            inside = element.in_(self.members(node.options[0]))
            return inside if wanted else or_(element.is_(null()), not_(inside))
        known = [one for one in node.options if not (isinstance(one, n.Constant) and one.value is None)]
        parts = [
            self.condition(n.Compare("=", node.value, one, node.type), wanted)
            for one in known
            if not isinstance(one, n.Constant)
        ]
        constants = [one for one in known if isinstance(one, n.Constant)]
        if constants:
            parts.append(self.among(node, element, constants, wanted))
        if len(known) < len(node.options):
            parts.append(self.blank(node.value, wanted))
        return or_(*parts) if wanted else and_(*parts)

    def among(self, node: n.Contained, element: Element, constants: list[n.Constant], wanted: bool) -> Element:
        options = [
            pair[1] for one in constants if (pair := self.sides(n.Compare("=", node.value, one, node.type))) is not None
        ]
        inside = element.in_(options)
        if wanted:
            return inside
        return or_(element.is_(null()), not_(inside)) if node.value.type.nullable else not_(inside)

    # ── values made of conditions ──

    def two_valued(self, node: n.Node) -> Element:
        """A condition that is never blank, as a value."""
        return case((self.condition(node, True), true()), else_=false())

    def three_valued(self, node: n.Node) -> Element:
        """A condition as a value: true, false or blank."""
        if not node.type.nullable:
            return self.two_valued(node)
        return case((self.condition(node, True), true()), (self.condition(node, False), false()), else_=null())

    def branches(self, node: n.Case, value: Callable[[n.Node], Element]) -> Element:
        whens = [
            (self.condition(condition, True), value(one))
            for condition, one in zip(node.conditions, node.values, strict=True)
        ]
        return case(*whens, else_=value(node.otherwise))

    # ── rows ──

    def over(self, node: n.Aggregate) -> tuple[Any, Element, Callable[[str], Element]]:
        paths = frozenset(one.path for one in n.walk(node) if isinstance(one, n.Field) and one.scope == "child")
        if self.child is not None:
            raise NotPushable("an aggregate inside an aggregate")
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
        reduced = self.reduced(node)
        if node.condition is not None:
            reduced = reduced.filter(self.condition(rewrite(node.condition), True))
        return self.finished(node, reduced)

    def finished(self, node: n.Aggregate, element: Element) -> Element:
        return func.coalesce(element, self.constant(0, node.type)) if node.function == "SUM" else element

    def reduced(self, node: n.Aggregate) -> Any:
        if node.function == "COUNT" and node.value is None:
            return func.count()
        if node.value is None or node.function not in ("SUM", "COUNT", "COUNTUNIQUE", "MIN", "MAX"):
            raise NotPushable(f"{node.function} over rows needs them one by one")
        element = self.value(node.value)
        if node.function == "SUM":
            return self.total(element, node.value.type)
        if node.function == "COUNT":
            return func.count(element)
        if node.function == "COUNTUNIQUE":
            return func.count(element.distinct())
        if node.type.kind == "number" and node.type.scale is None and self.dialect == "sqlite":
            raise NotPushable(f"{node.function} over numbers of unknown decimals")
        ordered = self.ordered(element, node.value.type)
        return func.min(ordered) if node.function == "MIN" else func.max(ordered)

    def ordered(self, element: Element, kind: Type) -> Element:
        return element

    def row_truth(self, node: n.Aggregate, wanted: bool) -> Element:
        assert node.value is not None
        if not node.relation:
            raise NotPushable(f"{node.function} over the whole set")
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
