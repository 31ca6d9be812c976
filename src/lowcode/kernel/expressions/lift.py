"""Conditions apart from the values they compare with, so that those which differ in nothing else share one statement.

People look at the contacts of one customer after another, and a statement made for each would cost ten times what
asking it does. Lifted is what stands bare beside a field: `customer = 17`, `amount > 1000`, `id in (3, 4, 5)`. What
decides how a condition is carried out stays in it: a value that does not fit the decimals of its field, arguments of
functions, blanks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.expression import Expression
from lowcode.kernel.expressions.functions.number import to_places
from lowcode.kernel.expressions.rewrite import ours, rewrite
from lowcode.kernel.expressions.types import Type

DIGITS = 18
"""Whole numbers of so many digits fit every database's own, as what numbers with decimals are kept as, too."""
PLAIN: Mapping[str, type] = {"text": str, "choice": str, "date": date, "datetime": datetime, "time": time}
"""What a constant holds that is compared with a field of this kind."""
PREFIX = "lifted_"


@dataclass(frozen=True)
class Lifted:
    """A condition with variables in place of values, and these. Two of the same `tree` differ in their values only;
    `values`: by the name of their variable."""

    expression: Expression
    values: Mapping[str, Any]

    @property
    def tree(self) -> n.Node:
        """What is the same for all of them."""
        return self.expression.tree


def lifted(expression: Expression) -> Lifted:
    """The condition with its values apart."""
    values: dict[str, Any] = {}
    tree = _condition(rewrite(expression.tree), values)
    return Lifted(replace(expression, tree=_nowhere(tree)), values)


def _condition(node: n.Node, values: dict[str, Any]) -> n.Node:
    match node:
        case n.Logic():
            return replace(node, items=tuple(_condition(one, values) for one in node.items))
        case n.Not():
            return replace(node, value=_condition(node.value, values))
        case n.Compare(left=n.Field(scope="record") as field, right=n.Constant() as constant):
            return replace(node, right=_variable(field.type, constant, values))
        case n.Contained(value=n.Field(scope="record") as field, options=(n.Constant(), *_)):
            return replace(node, options=_options(field.type, node.options, values))
        case n.Call(items=(n.Field(scope="record") as field, n.Constant() as constant)) if ours(node, "STARTSWITH"):
            return replace(node, items=(field, _variable(field.type, constant, values)))
    return node


def _options(kind: Type, options: tuple[n.Node, ...], values: dict[str, Any]) -> tuple[n.Node, ...]:
    """Members of a list; the last one is said again until there are 2, 4, 8 …, so that few lengths differ."""
    if not all(isinstance(each, n.Constant) and _fits(kind, each) for each in options):
        return options
    many = 1 << (len(options) - 1).bit_length()
    padded = (*options, *[options[-1]] * (many - len(options)))
    return tuple(_variable(kind, each, values) for each in padded if isinstance(each, n.Constant))


def _variable(kind: Type, constant: n.Constant, values: dict[str, Any]) -> n.Node:
    if not _fits(kind, constant):
        return constant
    name = f"{PREFIX}{len(values)}"
    values[name] = int(constant.value) if kind.target is not None else constant.value
    scale = kind.scale if kind.kind == "number" else constant.type.scale
    return n.Variable(name, replace(constant.type, scale=scale, options=None, nullable=False))


def _fits(kind: Type, constant: n.Constant) -> bool:
    """Whether any value of its kind could stand in the place of the constant."""
    value = constant.value
    if value is None or isinstance(value, bool) or not _alike(kind, constant.type):
        return False
    if isinstance(value, (int, Decimal)) and (kind.kind == "number" or kind.target is not None):
        scale = kind.scale if kind.kind == "number" else 0
        if scale is None or Decimal(value).adjusted() + scale >= DIGITS:
            return False
        return bool(to_places(value, scale, ROUND_FLOOR) == value)
    return isinstance(value, PLAIN.get(kind.kind, ())) and (kind.kind != "date" or not isinstance(value, datetime))


def _alike(kind: Type, other: Type) -> bool:
    return kind.kind == other.kind or {kind.kind, other.kind} <= {"text", "choice"}


def _nowhere(node: n.Node) -> n.Node:
    """The tree without where in the text each node stands: a longer number moves all that follows."""
    return n.rebuilt(node, _nowhere, start=0, end=0)
