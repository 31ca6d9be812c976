"""DuckDB, for the columnar mirror of a database: what is exact there, and nothing else.

The mirror answers in place of the database, so it may only be asked what it answers alike. DuckDB divides into floating
point, has other patterns and other texts of numbers: what is not in this room raises `NotPushable`, and the database
itself is asked. Products and quotients of sums are worked out where the sums arrive.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import TIMESTAMP, BigInteger, Date, Integer, Text, bindparam, cast, func, literal, null, select
from sqlalchemy.dialects.postgresql import ARRAY

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.functions import catalogue
from lowcode.kernel.expressions.functions.dates import SPANS
from lowcode.kernel.expressions.functions.dates_postgresql import PERIODS
from lowcode.kernel.expressions.problems import NotPushable
from lowcode.kernel.expressions.sql.lower import Lowering
from lowcode.kernel.expressions.sql.storage_types import storage_type
from lowcode.kernel.expressions.sql.truth import Element
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import MAXIMUM_SCALE, Type

HELD = frozenset({"number", "text", "choice", "boolean", "date", "datetime", "record", "user", "any"})
"""The kinds of values a mirror holds."""


class DuckdbLowering(Lowering):
    """Lowers what a mirror answers as the database does."""

    dialect = "duckdb"

    def constant(self, value: Any, kind: Type) -> Element:
        if value is None:
            return null()
        return literal(value, storage_type(kind, "duckdb"))

    def field(self, node: n.Field) -> Element:
        if node.type.kind not in HELD or (node.type.kind == "number" and node.type.scale is None):
            raise NotPushable(say("mirror-lacks", name=node.path))
        return super().field(node)

    def zone(self) -> Element:
        return bindparam("moment_zone", type_=Text)

    def day(self, element: Element, kind: Type) -> Element:
        """The day of a date or an instant."""
        return cast(func.timezone(self.zone(), element), Date) if kind.kind == "datetime" else element

    def inside(self, element: Element, options: n.Node) -> Element:
        if not isinstance(options, n.Now):
            raise NotPushable(say("mirror-sets"))
        people = cast(bindparam(f"moment_{options.name}", type_=Text), ARRAY(BigInteger))
        return element.in_(select(func.unnest(people)))  # is joined; a list would be walked for each row

    def under(self, value: n.Node, lineage: n.Field, wanted: bool) -> Element:
        raise NotPushable(say("mirror-trees"))

    def count_of(self, element: Element) -> Element:
        raise NotPushable(say("mirror-sets"))

    def percentile(self, element: Element, kind: Type, share: n.Node, conditions: list[Element]) -> Element:
        raise NotPushable(say("places-among-all"))

    def sides(self, node: n.Compare) -> tuple[Element, Element] | None:
        return self.value(node.left), self.value(node.right)

    def computed(self, node: n.Node) -> Element:
        match node:
            case n.Arithmetic():
                return self.arithmetic(node)
            case n.Call():
                return self.call(node)
            case _:
                raise NotPushable(say("mirror-node", what=type(node).__name__.lower()))

    def arithmetic(self, node: n.Arithmetic) -> Element:
        scales = node.left.type.scale, node.right.type.scale
        if node.op == "/" or scales[0] is None or scales[1] is None:
            raise NotPushable(say("mirror-division"))
        left, right = self.value(node.left), self.value(node.right)
        if node.op == "+":
            return left + right
        if node.op == "-":
            return left - right
        if scales[0] + scales[1] > MAXIMUM_SCALE:
            raise NotPushable(say("product-rounded"))
        return left * right

    def call(self, node: n.Call) -> Element:
        made = CALLS.get(node.function)
        if made is None or node.declared is not catalogue().get(node.function):
            raise NotPushable(say("mirror-node", what=node.function))
        return made(self, node)


# -- the functions that mean the same there ---------------------------------------------------------------------------


SINCE = {"week": "isodow", "month": "day"}
"""The part of a day that counts the days of a period."""


def _unit(node: n.Call, at: int) -> str:
    unit = node.items[at]
    if not isinstance(unit, n.Constant) or not isinstance(unit.value, str):
        raise NotPushable(say("unit-unknown"))
    return unit.value


def _day(sql: DuckdbLowering, node: n.Call) -> Element:
    return sql.day(sql.value(node.items[0]), node.items[0].type)


def _part(name: str) -> Callable[[DuckdbLowering, n.Call], Element]:
    return lambda sql, node: func.date_part(name, _day(sql, node))


def _start_of(sql: DuckdbLowering, node: n.Call) -> Element:
    period = PERIODS.get(_unit(node, 1))
    if period is None:
        raise NotPushable(say("period-begins"))
    day = _day(sql, node)
    if period in SINCE:  # in half the time that cutting an instant off takes
        return cast(day - cast(func.date_part(SINCE[period], day) - 1, Integer), Date)
    return cast(func.date_trunc(period, day), Date)


def _date_add(sql: DuckdbLowering, node: n.Call) -> Element:
    base, factor = SPANS.get(_unit(node, 2), (_unit(node, 2), 1))
    count = node.items[1]
    if node.items[0].type.kind != "date" or not isinstance(count, n.Constant) or count.value is None:
        raise NotPushable(say("span-unknown"))
    amount = literal(int(count.value) * factor, Integer)
    day = sql.value(node.items[0])
    if base == "days":
        return day + amount
    if base != "months":
        raise NotPushable(say("span-unit"))
    return cast(day + func.to_months(amount), Date)


def _day_start(sql: DuckdbLowering, node: n.Call) -> Element:
    return func.timezone(sql.zone(), cast(sql.value(node.items[0]), TIMESTAMP))


CALLS: Mapping[str, Callable[[DuckdbLowering, n.Call], Element]] = {
    "TODATE": _day,
    "YEAR": _part("year"),
    "MONTH": _part("month"),
    "DAY": _part("day"),
    "QUARTER": _part("quarter"),
    "STARTOF": _start_of,
    "DATEADD": _date_add,
    "DAYSTART": _day_start,
    "ABS": lambda sql, node: func.abs(sql.value(node.items[0])),
}
