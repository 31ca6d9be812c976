"""SQLite: comparisons, logic, sums, days, aggregates natively; the rest by the Python functions in the connection."""

from __future__ import annotations

import json
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import Integer, Text, bindparam, case, cast, func, literal, null, or_, select, type_coerce
from sqlalchemy import column as named_column

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.codec import to_json, type_json
from lowcode.kernel.expressions.problems import NotPushable
from lowcode.kernel.expressions.rewrite import ours
from lowcode.kernel.expressions.sql import sqlite_dates, sqlite_texts
from lowcode.kernel.expressions.sql.lower import Lowering
from lowcode.kernel.expressions.sql.storage_types import bind_value, storage_type
from lowcode.kernel.expressions.sql.truth import Element, truth_of
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import Type

BY_CALENDAR = frozenset({"WORKDAY", "NETWORKDAYS", "WORKINGHOURS"})
LARGEST = 2**62
NATIVE = {**sqlite_dates.CALLS, **sqlite_texts.CALLS}


class SqliteLowering(Lowering):
    """Numbers stand as integers scaled by their decimals, or as decimal text when those are unknown."""

    dialect = "sqlite"
    bare = staticmethod(sqlite_texts.bare)

    def constant(self, value: Any, kind: Type) -> Element:
        if value is None:
            return null()
        raw = bind_value(value, kind, "sqlite")
        if isinstance(raw, int) and abs(raw) >= LARGEST:
            raise NotPushable(say("too-large"))
        return literal(raw, storage_type(kind, "sqlite"))

    def inside(self, element: Element, options: n.Node) -> Element:
        source = self.moment(options) if isinstance(options, n.Now) else self.value(options)
        return element.in_(select(func.json_each(source).table_valued(named_column("value", Integer)).c.value))

    def count_of(self, element: Element) -> Element:
        return func.json_array_length(element)

    def total(self, element: Element, kind: Type) -> Element:
        return func.sum(element) if kind.scale is not None else func.lowcode_sum(element)

    def percentile(self, element: Element, kind: Type, share: n.Node, conditions: list[Element]) -> Element:
        places = 0 if kind.scale is None else kind.scale
        made = func.lowcode_percentile(element, cast(self.fitted(share, Type("number")), Text), places)
        return made.filter(*conditions)

    def sides(self, node: n.Compare) -> tuple[Element, Element] | None:
        left, right = node.left, node.right
        if left.type.kind != "number" and right.type.kind != "number":
            return self.value(left), self.value(right)
        if left.type.kind == right.type.kind == "number" and left.type.scale == right.type.scale is not None:
            return self.value(left), self.value(right)
        for one, other in ((left, right), (right, left)):
            if isinstance(one, n.Constant) and isinstance(one.value, Decimal) and other.type.scale is not None:
                scale = other.type.scale
                if one.value == one.value.quantize(Decimal(1).scaleb(-scale), ROUND_FLOOR):
                    constant = self.constant(one.value, Type("number", scale))
                    return (constant, self.value(other)) if one is left else (self.value(other), constant)
        return None

    def contained(self, node: n.Contained, wanted: bool) -> Element:
        if node.value.type.kind == "number" and node.value.type.scale is None:
            return truth_of(self.evaluated(node), wanted)
        return super().contained(node, wanted)

    def value(self, node: n.Node) -> Element:
        untyped = isinstance(node, (n.Case, n.Coalesce)) and node.type.kind == "any"
        return self.evaluated(node) if untyped else super().value(node)

    def branch(self, node: n.Node, kind: Type) -> Element:
        return self.fitted(node, kind)

    def computed(self, node: n.Node) -> Element:
        match node:
            case n.Arithmetic() if node.op in ("+", "-") and node.type.scale is not None and self.summable(node):
                left, right = self.fitted(node.left, node.type), self.fitted(node.right, node.type)
                return left + right if node.op == "+" else left - right
            case n.Call() if node.function == "HASROLE":
                roles = select(
                    func.json_each(bindparam("moment_roles", type_=Text))
                    .table_valued(named_column("value", Text))
                    .c.value
                )
                return func.coalesce(self.value(node.items[0]).in_(roles), 0)
            case n.Call() if (made := self.native(node)) is not None:
                return type_coerce(made, storage_type(node.type, "sqlite"))
            case _:
                return self.evaluated(node)

    def native(self, node: n.Call) -> Element | None:
        """A call in SQLite's own words; None where there are none."""
        made = NATIVE.get(node.function)
        found = made(self, node) if made is not None and ours(node, node.function) else None
        if found is None:
            return None
        element, unless = found
        return case((or_(*unless), self.evaluated(node)), else_=element) if unless else element

    def summable(self, node: n.Arithmetic) -> bool:
        """Whether both sides can stand in the decimals of the sum without a risk of overflow."""
        return all(one.type.scale == node.type.scale or isinstance(one, n.Constant) for one in (node.left, node.right))

    def fitted(self, node: n.Node, kind: Type) -> Element:
        """A value in the representation of another type of number."""
        if isinstance(node, n.Constant):
            return self.constant(node.value, kind if node.type.kind != "boolean" else node.type)
        if kind.kind != "number" or node.type.scale == kind.scale:
            return self.value(node)
        return self.evaluated(node, kind)

    def evaluated(self, node: n.Node, kind: Type | None = None) -> Element:
        """A whole subtree by one call of the Python function, its leaves as arguments."""
        leaves: list[tuple[n.Node, Element]] = []
        tree = self.detached(node, leaves)
        if len(leaves) > 90:
            raise NotPushable(say("too-many-values"))
        stored = json.dumps(
            {
                "tree": to_json(tree),
                "type": type_json(kind or node.type),
                "leaves": [type_json(one.type) for one, _ in leaves],
            },
            ensure_ascii=False,
        )
        made = func.lowcode_expression(
            literal(stored, Text), bindparam("moment_zone", type_=Text), *(element for _, element in leaves)
        )
        result = storage_type(kind or node.type, "sqlite")
        return type_coerce(cast(made, result) if isinstance(result, Integer) else made, result)

    def detached(self, node: n.Node, leaves: list[tuple[n.Node, Element]]) -> n.Node:
        """The tree with a numbered variable in place of everything that comes from a row or the moment."""
        if isinstance(node, n.Call) and node.function == "LOOKUPTABLE":
            raise NotPushable(say("needs-tables", function=node.function))
        if isinstance(node, n.Call) and node.function in BY_CALENDAR:
            raise NotPushable(say("needs-calendars", function=node.function))
        among = isinstance(node, n.Contained) and node.options[0].type.kind == "users"
        role = isinstance(node, n.Call) and node.function == "HASROLE"
        if isinstance(node, (n.Field, n.Variable, n.Now, n.Aggregate, n.Changed)) or among or role:
            for position, (known, _) in enumerate(leaves):
                if known == node:
                    return n.Variable(str(position), node.type)
            leaves.append((node, self.value(node)))
            return n.Variable(str(len(leaves) - 1), node.type)
        return n.rebuilt(node, lambda one: self.detached(one, leaves))
