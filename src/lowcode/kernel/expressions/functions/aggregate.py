"""Functions over rows or over arguments. Blanks are left out; the sum of nothing is 0, other results are blank."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from lowcode.kernel.expressions.functions.declaration import Blanks, Function
from lowcode.kernel.expressions.types import MAXIMUM_SCALE, Type, common
from lowcode.kernel.expressions.values import divide, joined, to_text


def average(values: list[Any]) -> Decimal | None:
    return divide(sum(values), len(values)) if values else None


def median(values: list[Any]) -> Any:
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    return ordered[middle] if len(values) % 2 else divide(ordered[middle - 1] + ordered[middle], 2)


def percentile(values: list[Any], share: Decimal) -> Any:
    """The value below which a share of the values lie, between two of them in proportion."""
    if not values:
        return None
    ordered, place = sorted(values), share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return divide(ordered[below] + (ordered[above] - ordered[below]) * (place - below), 1)


def over_values(reduce: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    """The same function over arguments, blanks left out."""
    return lambda *values: reduce([one for one in values if one is not None])


REDUCERS: dict[str, Callable[[list[Any]], Any]] = {
    "SUM": sum,
    "COUNT": len,
    "COUNTUNIQUE": lambda values: len(set(values)),
    "AVERAGE": average,
    "MIN": lambda values: min(values, default=None),
    "MAX": lambda values: max(values, default=None),
    "MEDIAN": median,
    "FIRST": lambda values: values[0] if values else None,
    "LAST": lambda values: values[-1] if values else None,
    "ANY": any,
    "ALL": all,
}


def text_join(separator: str | None, *values: Any) -> str | None:
    return (separator or "").join([to_text(one) for one in values if one is not None]) or None


def widest(types: Sequence[Type], values: Sequence[Any]) -> Type:
    return common(list(types)) or Type("any")


def total(types: Sequence[Type], values: Sequence[Any]) -> Type:
    """A sum is a number even of blanks alone: it is 0."""
    found = widest(types, values)
    return found if found.kind != "any" else Type("number", scale=0)


def halves(types: Sequence[Type], values: Sequence[Any]) -> Type:
    return Type("number", scale=MAXIMUM_SCALE)


ORDERED = "number|text|date|datetime|time|duration|choice"
ANYTHING = "number|text|boolean|date|datetime|time|duration|choice|record|user"
NEVER, OPEN = Blanks.NEVER, Blanks.OPEN


def declare(name: str, kinds: str, result: Any, summary: str, blanks: Blanks) -> Function:
    return Function(name, f"value:{kinds}...", result, over_values(REDUCERS[name]), summary, blanks, cost=2)


PERCENTILE = Function(
    "PERCENTILE",
    "value:number, share:number",
    halves,
    percentile,
    "The value below which this share of the rows' values lie, such as 0.9; blank of nothing.",
    OPEN,
    cost=2,
)
AGGREGATES = (
    declare("SUM", "number", total, "The sum; 0 of nothing.", NEVER),
    declare("COUNT", ANYTHING + "|rows", "integer", "How many rows, or how many values that are not blank.", NEVER),
    declare("COUNTUNIQUE", ANYTHING, "integer", "How many different values.", NEVER),
    declare("AVERAGE", "number", "decimal", "The mean; blank of nothing.", OPEN),
    declare("MIN", ORDERED, widest, "The smallest; blank of nothing.", OPEN),
    declare("MAX", ORDERED, widest, "The largest; blank of nothing.", OPEN),
    declare("MEDIAN", "number", halves, "The middle value; blank of nothing.", OPEN),
    PERCENTILE,
    declare("FIRST", ANYTHING, widest, "The first value that is not blank.", OPEN),
    declare("LAST", ANYTHING, widest, "The last value that is not blank.", OPEN),
    declare("ANY", "boolean", "boolean", "Whether one at least is true.", NEVER),
    declare("ALL", "boolean", "boolean", "Whether all are true.", NEVER),
    Function(
        "TEXTJOIN",
        f"separator:text, value:{ANYTHING}...",
        "text",
        text_join,
        "Texts one after the other with a separator, blanks left out.",
        OPEN,
        cost=2,
    ),
)
NAMES = frozenset(one.name for one in AGGREGATES)
FUNCTIONS = (
    *AGGREGATES,
    Function("CONCAT", f"value:{ANYTHING}|multi...", "text", joined, "Texts one after the other.", OPEN),
)
