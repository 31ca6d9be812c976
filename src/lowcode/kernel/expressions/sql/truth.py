"""What both dialects share of conditions: truth by polarity, two-valued equality, values made of conditions."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    cast,
    false,
    not_,
    null,
    or_,
    true,
    type_coerce,
)

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.problems import NotPushable
from lowcode.kernel.expressions.sql.resolver import Resolver
from lowcode.kernel.expressions.sql.storage_types import ResultType, storage_type
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import BOOLEAN, Type

Element = ColumnElement[Any]
TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "=": "<>", "<>": "="}

NO = n.Constant(False, BOOLEAN.required)


def truth_of(element: Element, wanted: bool) -> Element:
    """A boolean element, or its opposite; NULL stays NULL."""
    return element if wanted else not_(element)


def variable_parameter(name: str) -> str:
    """The parameter of a statement that carries the value of a variable."""
    return "variable_" + name.replace(".", "_").replace("?", "it")


def given(node: n.Node) -> bool:
    """Whether it is a value handed in that is never blank."""
    return isinstance(node, n.Variable) and not node.type.nullable


class TruthLowering(ABC):
    """Lowers nodes for one dialect; `child` gives columns of the rows inside an aggregate."""

    dialect: str
    bare: Callable[[Any, n.Call], Element | None] = staticmethod(lambda sql, node: None)
    """A call as a condition that an index serves, NULL where something is blank; None where there is no such."""

    def __init__(self, resolver: Resolver):
        self.resolver = resolver
        self.child: Callable[[str], Element] | None = None

    # ── leaves ──

    def field(self, node: n.Field) -> Element:
        if node.scope == "old":
            raise NotPushable(say("old-at-save"))
        column = self.child(node.path) if node.scope == "child" and self.child else self.resolver.column(node.path)
        if getattr(column.type, "sealed", False):
            raise NotPushable(say("encrypted", name=node.path))
        return type_coerce(column, storage_type(node.type, self.dialect))

    def variable(self, node: n.Variable) -> Element:
        named = bindparam(variable_parameter(node.name), type_=ResultType(node.type, self.dialect))
        # PostgreSQL cannot tell the type of a parameter that is only asked whether it is blank.
        return cast(named, named.type) if self.dialect == "postgresql" else named

    def moment(self, node: n.Now) -> Element:
        if node.name == "is_new":
            raise NotPushable(say("new-at-save"))
        return bindparam(f"moment_{node.name}", type_=storage_type(node.type, self.dialect))

    @abstractmethod
    def constant(self, value: Any, kind: Type) -> Element:
        """A bound literal."""

    @abstractmethod
    def value(self, node: n.Node) -> Element:
        """The value, NULL when blank."""

    @abstractmethod
    def inside(self, element: Element, options: n.Node) -> Element:
        """Whether a value is a member of a set."""

    @abstractmethod
    def row_truth(self, node: n.Aggregate, wanted: bool) -> Element:
        """Whether some row, or every row, meets a condition."""

    @abstractmethod
    def sides(self, node: n.Compare) -> tuple[Element, Element] | None:
        """Both sides of a comparison in one representation, or None when the dialect cannot compare them itself."""

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
        bare = self.bare(self, node) if wanted and isinstance(node, n.Call) else None
        return truth_of(self.value(node), wanted) if bare is None else bare

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
            if isinstance(one, n.Constant) and one.value is None:
                return self.blank(other, op == "=") if op in ("=", "<>") else false()
        sides = self.sides(node)
        if sides is None:
            return truth_of(self.evaluated(node), wanted)
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
        raise NotPushable(say("not-in", what=type(node).__name__.lower(), database=self.dialect))

    def contained(self, node: n.Contained, wanted: bool) -> Element:
        element = self.value(node.value)
        if len(node.options) == 1 and node.options[0].type.kind in ("users", "multi"):
            inside = self.inside(element, node.options[0])
            return inside if wanted else or_(element.is_(null()), not_(inside))
        known = [one for one in node.options if not (isinstance(one, n.Constant) and one.value is None)]
        listed = [
            one for one in known
            if isinstance(one, n.Constant)
            or (given(one) and self.sides(n.Compare("=", node.value, one, node.type)) is not None)
        ]  # fmt: skip
        parts = [
            self.condition(n.Compare("=", node.value, one, node.type), wanted) for one in known if one not in listed
        ]
        if listed:
            parts.append(self.among(node, element, listed, wanted))
        if len(known) < len(node.options):
            parts.append(self.blank(node.value, wanted))
        return or_(*parts) if wanted else and_(*parts)

    def among(self, node: n.Contained, element: Element, listed: list[n.Node], wanted: bool) -> Element:
        options = [
            pair[1] for one in listed if (pair := self.sides(n.Compare("=", node.value, one, node.type))) is not None
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
