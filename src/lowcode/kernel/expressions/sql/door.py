"""The door to the lowerings: a tree and a dialect in, an element out."""

from __future__ import annotations

from sqlalchemy import func, literal, type_coerce

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
