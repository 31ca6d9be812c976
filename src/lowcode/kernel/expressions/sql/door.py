"""The door to the lowerings: a tree and a dialect in, an element out."""

from __future__ import annotations

from sqlalchemy import Numeric, cast, func, literal, type_coerce

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.problems import NotPushable
from lowcode.kernel.expressions.rewrite import rewrite
from lowcode.kernel.expressions.sql.duckdb import DuckdbLowering
from lowcode.kernel.expressions.sql.lower import Lowering, widened
from lowcode.kernel.expressions.sql.portable import PortableLowering
from lowcode.kernel.expressions.sql.postgresql import PostgresqlLowering
from lowcode.kernel.expressions.sql.resolver import Resolver
from lowcode.kernel.expressions.sql.sqlite import SqliteLowering
from lowcode.kernel.expressions.sql.storage_types import ResultType
from lowcode.kernel.expressions.sql.truth import Element
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import Type

DIALECTS: dict[str, type[Lowering]] = {
    "sqlite": SqliteLowering, "postgresql": PostgresqlLowering, "duckdb": DuckdbLowering, "portable": PortableLowering,
}  # fmt: skip


def lower_value(tree: n.Node, dialect: str, resolver: Resolver) -> Element:
    """The value as an element whose type converts to Python."""
    if isinstance(tree, n.Constant) and tree.value is not None:
        # type_coerce on a bound value would prepare it for the driver a second time.
        return literal(tree.value, ResultType(tree.type, dialect))
    element = lowering(dialect, resolver).value(tree)
    if dialect == "duckdb" and tree.type.kind == "datetime":  # its driver needs another package to make an instant
        element = func.epoch_us(element)
    return type_coerce(element, ResultType(tree.type, dialect))


def lower_kept(tree: n.Node, kind: Type, digits: int, dialect: str, resolver: Resolver) -> Element:
    """The value as a column of a type keeps it: a number with the decimals of that, half away from zero. One with more
    than `digits` digits is an error of the database."""
    made = lowering(dialect, resolver)
    if kind.kind != "number" or kind.scale is None or dialect != "postgresql":
        if kind.kind == "number" and kind.scale != tree.type.scale:
            raise NotPushable(say("decimals-unknown", function="ROUND"))
        return made.value(tree)
    return cast(made.value(tree), Numeric(digits, kind.scale))


def lower_measure(tree: n.Node, dialect: str, resolver: Resolver) -> Element:
    """The value of a measure over the set."""
    return lower_value(widened(tree), dialect, resolver)


def lower_condition(tree: n.Node, dialect: str, resolver: Resolver) -> Element:
    """The condition for WHERE: true where it is met; a blank condition is not met."""
    return lowering(dialect, resolver).condition(rewrite(tree), True)


def lowering(dialect: str, resolver: Resolver) -> Lowering:
    """The lowering of a dialect."""
    if dialect not in DIALECTS:
        raise NotPushable(say("no-lowering", database=dialect))
    return DIALECTS[dialect](resolver)
