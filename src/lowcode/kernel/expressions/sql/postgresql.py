"""PostgreSQL: every node natively, each function by the lowering declared next to it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    TIMESTAMP,
    BigInteger,
    Date,
    Dialect,
    Integer,
    Numeric,
    String,
    Text,
    TypeDecorator,
    and_,
    any_,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    null,
    or_,
    select,
    text,
    type_coerce,
)
from sqlalchemy import column as named_column
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.problems import NotPushable
from lowcode.kernel.expressions.sql import postgresql_texts
from lowcode.kernel.expressions.sql.lower import Lowering
from lowcode.kernel.expressions.sql.storage_types import storage_type
from lowcode.kernel.expressions.sql.truth import Element
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import Type, common

RAW = frozenset({"unit", "pattern"})


class _People(TypeDecorator[str]):
    """An array of ids whose text is ready-made, once per person (see `moment.array`)."""

    impl = ARRAY(BigInteger)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> None:
        """The text goes to the driver as it is."""


class PostgresqlLowering(Lowering):
    """The lowering handed to the functions: they build elements with what it lends them."""

    dialect = "postgresql"
    bare = staticmethod(postgresql_texts.bare)
    func = func
    case = staticmethod(case)
    cast = staticmethod(cast)
    literal = staticmethod(literal)
    null = staticmethod(null)
    and_ = staticmethod(and_)
    or_ = staticmethod(or_)
    text = staticmethod(text)
    Integer, Date, Text, Numeric, Timestamp = Integer, Date, Text, Numeric, TIMESTAMP
    refusal = NotPushable

    def constant(self, value: Any, kind: Type) -> Element:
        if value is None:
            return cast(null(), storage_type(kind, "postgresql")) if kind.kind != "any" else null()
        return self.number(value) if kind.kind == "number" else literal(value, storage_type(kind, "postgresql"))

    def number(self, value: Any) -> Element:
        """A number as the exact type: a Decimal travels as NUMERIC, a whole number or a text as whatever fits it."""
        return literal(Decimal(value), Numeric) if isinstance(value, (int, str, Decimal)) else cast(value, Numeric)

    def whole(self, element: Element) -> Element:
        """A whole number as functions of positions take it, kept within bounds."""
        return cast(func.greatest(func.least(func.trunc(element), 1000000), -1000000), Integer)

    def seconds(self, element: Element) -> Element:
        """The seconds of an interval, exact."""
        return cast(extract("epoch", element), Numeric)

    def roles(self) -> Element:
        """The roles of the person asking."""
        return cast(bindparam("moment_roles", type_=Text), JSONB)

    def zone(self) -> Element:
        """The zone of the application."""
        return bindparam("moment_zone", type_=Text)

    def local(self, element: Element, kind: Type) -> Element:
        """An instant as the clocks of the zone show it; anything else as it is."""
        return func.timezone(self.zone(), element) if kind.kind == "datetime" else element

    def day(self, element: Element, kind: Type) -> Element:
        """The day of a date or an instant."""
        return cast(self.local(element, kind), Date) if kind.kind == "datetime" else element

    def inside(self, element: Element, options: n.Node) -> Element:
        """People come as one array, bound as such: the planner knows what to make of it, which it does not of the rows
        of a function, nor of text that it would read as an array for every row anew."""
        if isinstance(options, n.Now):
            return element == any_(bindparam(f"moment_{options.name}", type_=_People()))
        listed = func.jsonb_array_elements_text(self.value(options)).table_valued(named_column("value", String))
        return element.in_(select(listed.c.value))

    def count_of(self, element: Element) -> Element:
        return func.jsonb_array_length(element)

    def percentile(self, element: Element, kind: Type, share: n.Node, conditions: list[Element]) -> Element:
        every = func.array_agg(aggregate_order_by(element, element), type_=ARRAY(Numeric)).filter(*conditions)
        place = self.value(share) * (func.array_length(every, 1) - 1)
        below = cast(func.floor(place), Integer)
        low = every[below + 1]
        high = every[func.least(below + 2, func.array_length(every, 1))]
        return func.round(low + (high - low) * (place - below), 12)

    def ordered(self, element: Element, kind: Type) -> Element:
        return element.collate("C") if kind.kind in ("text", "choice") else element

    def finished(self, node: n.Aggregate, element: Element) -> Element:
        made = super().finished(node, element)
        return cast(made, Numeric) if node.function in ("COUNT", "COUNTUNIQUE") else made

    def sides(self, node: n.Compare) -> tuple[Element, Element] | None:
        left, right = self.value(node.left), self.value(node.right)
        if node.op in ("=", "<>") or node.left.type.kind not in ("text", "choice"):
            return left, right
        return left.collate("C"), right

    def computed(self, node: n.Node) -> Element:
        match node:
            case n.Arithmetic():
                return self.arithmetic(node)
            case n.Joined():
                return func.nullif(func.concat(*(self.text_of(self.value(one), one.type) for one in node.items)), "")
            case _:
                assert isinstance(node, n.Call)
                return self.call(node)

    def branch(self, node: n.Node, kind: Type) -> Element:
        return self.constant(None, kind) if n.always_blank(node) else self.value(node)

    def arithmetic(self, node: n.Arithmetic) -> Element:
        left, right = self.value(node.left), self.value(node.right)
        if node.op == "+":
            return left + right
        if node.op == "-":
            return left - right
        if node.op == "/":
            return self.divided(left, right)
        scales = node.left.type.scale, node.right.type.scale
        exact = scales[0] is not None and scales[1] is not None and scales[0] + scales[1] <= 12
        return left * right if exact else func.round(left * right, 12)

    def divided(self, left: Element, right: Element) -> Element:
        """The quotient with twelve decimals: cut after thirteen, then rounded, which is exact."""
        cut = func.div(left * self.number("10000000000000"), func.nullif(right, self.number(0)))
        return func.round(type_coerce(cut, Numeric) * self.number("0.0000000000001"), 12)

    def call(self, node: n.Call) -> Element:
        held = postgresql_texts.held(self, node)
        if held is not None:
            return func.coalesce(held, False)
        function = node.declared
        if function.postgresql is None:
            raise NotPushable(say("not-in", what=node.function, database="PostgreSQL"))
        arguments: list[Any] = []
        known = common([one.type for one in node.items]) or node.type
        for position, item in enumerate(node.items):
            parameter = function.parameters[min(position, len(function.parameters) - 1)]
            raw = bool(parameter.kinds & RAW) and isinstance(item, n.Constant)
            arguments.append(item.value if raw and isinstance(item, n.Constant) else self.branch(item, known))
        made: Element = function.postgresql(self, [one.type for one in node.items], *arguments)
        return cast(made, Numeric) if node.type.kind == "number" else made

    def text_of(self, element: Element, kind: Type) -> Element:
        match kind.kind:
            case "number":
                return cast(func.trim_scale(element), Text)
            case "boolean":
                return case((element, "true"), (element.is_(False), "false"), else_=null())
            case "date":
                return func.to_char(element, "YYYY-MM-DD")
            case "datetime":
                return func.to_char(func.timezone("UTC", element), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
            case "multi":
                joined = func.jsonb_array_elements_text(element).table_valued(named_column("value", String))
                return select(func.string_agg(joined.c.value, ", ")).scalar_subquery()
            case "text" | "choice":
                return element
            case _:
                return cast(element, Text)
