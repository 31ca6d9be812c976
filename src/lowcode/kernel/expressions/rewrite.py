"""Conditions turned so that an index serves: the column alone on one side, what no row changes on the other.

`DAYSSINCE(x) >= 120` becomes `x <= DATEADD(TODAY(), -120, "days")`; `TODATE(at) = TODAY()` becomes a range of instants.
Every rule keeps the meaning of blanks: a comparison with a blank stays blank.

Lowering a text for every row is most of what `CONTAINS(LOWER(name), "…")` costs. For a part without letters that have
capitals (公司, digits) nothing has to be lowered; for a part in ASCII, ASCII alone and the one sign beyond it that
becomes a letter of it.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_FLOOR, Decimal

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.functions import catalogue
from lowcode.kernel.expressions.functions.number import to_places
from lowcode.kernel.expressions.functions.text import lower, upper
from lowcode.kernel.expressions.types import BOOLEAN, DATE, DATETIME, INTEGER, TEXT

MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "<>": "<>"}
KELVIN = "\u212a"
"""The sign of the kelvin: the one character beyond ASCII whose small letter, k, is within."""


def fixed(node: n.Node) -> bool:
    """Whether a value is the same for every row."""
    return not any(isinstance(one, (n.Field, n.Aggregate, n.Changed)) for one in n.walk(node))


def rewrite(node: n.Node) -> n.Node:
    """The condition with every comparison turned where a rule applies."""
    if isinstance(node, n.Logic):
        return replace(node, items=tuple(rewrite(one) for one in node.items))
    if isinstance(node, n.Not):
        return replace(node, value=rewrite(node.value))
    if isinstance(node, n.Coalesce) and node.type.kind == "boolean":
        return replace(node, items=tuple(rewrite(one) for one in node.items))
    if isinstance(node, n.Compare):
        return comparison(node)
    searched = without_case(node)
    if isinstance(node, n.Call) and searched is not None:
        return replace(node, items=(searched, node.items[1]))
    return node


def comparison(node: n.Compare) -> n.Node:
    if fixed(node.left) and not fixed(node.right):
        node = replace(node, op=MIRRORED[node.op], left=node.right, right=node.left)
    if not fixed(node.right) or fixed(node.left):
        return node
    turned = turn(node) or cut(node)
    return rewrite(turned) if turned is not None else node


def cut(node: n.Compare) -> n.Node | None:
    """An order against a number with more decimals than the value has, as one against the number cut below."""
    scale, bound = node.left.type.scale, node.right
    if scale is None or node.op in ("=", "<>") or not isinstance(bound, n.Constant) or not bound.value:
        return None
    below = to_places(bound.value, scale, ROUND_FLOOR)
    if below == bound.value:
        return None
    right = n.Constant(below, replace(bound.type, scale=scale), bound.start, bound.end)
    return replace(node, op="<=" if node.op in ("<", "<=") else ">", right=right)


def turn(node: n.Compare) -> n.Node | None:
    """One step towards a bare column, or None when no rule applies."""
    left = node.left
    if isinstance(left, n.Arithmetic):
        return sum_turned(node, left)
    if not isinstance(left, n.Call) or node.op == "<>":
        return None
    if left.function == "DAYS":
        return days_turned(node, left.items[0], left.items[1])
    if left.function == "DATEDIF":
        unit = left.items[2]
        if isinstance(unit, n.Constant) and unit.value == "days":
            return days_turned(node, left.items[1], left.items[0])
        return months_turned(node, left)
    if left.function == "YEAR":
        return year_turned(node, left.items[0])
    if left.function == "TODATE":
        return day_turned(node, left.items[0])
    return None


def call(function: str, items: tuple[n.Node, ...], kind: str) -> n.Node:
    types = {"date": DATE, "datetime": DATETIME}
    return n.Call(function, items, types[kind].optional, declared=catalogue()[function])


def number(value: Decimal | int) -> n.Node:
    return n.Constant(Decimal(value), INTEGER.required)


def later(day: n.Node, count: n.Node) -> n.Node:
    return call("DATEADD", (day, count, n.Constant("days", TEXT.required)), "date")


def compared(op: str, left: n.Node, right: n.Node) -> n.Node:
    return n.Compare(op, left, right, BOOLEAN)


def whole(node: n.Node, low: int, high: int) -> bool:
    """Whether a node is a whole number within bounds, so that the date made of it exists."""
    if not isinstance(node, n.Constant) or not isinstance(node.value, Decimal):
        return False
    return node.value == int(node.value) and low <= node.value <= high


def minus(left: n.Node, right: n.Node) -> n.Node:
    return moved("-", left, right)


def moved(op: str, left: n.Node, right: n.Node) -> n.Node:
    """A sum of two values that do not depend on the row, worked out now when both are known."""
    scales = left.type.scale, right.type.scale
    scale = None if scales[0] is None or scales[1] is None else max(scales[0], scales[1])
    if isinstance(left, n.Constant) and isinstance(right, n.Constant) and None not in (left.value, right.value):
        value = left.value - right.value if op == "-" else left.value + right.value
        return replace(left, value=value, type=replace(left.type, scale=scale))
    return n.Arithmetic(op, left, right, replace(left.type, scale=scale, nullable=True))


def day_of(value: n.Node) -> n.Node:
    return call("TODATE", (value,), "date") if value.type.kind == "datetime" else value


def sum_turned(node: n.Compare, left: n.Arithmetic) -> n.Node | None:
    if node.op in ("=", "<>") or left.op not in ("+", "-"):
        return None
    if fixed(left.right):
        return replace(node, left=left.left, right=moved("-" if left.op == "+" else "+", node.right, left.right))
    if left.op == "+" and fixed(left.left):
        return replace(node, left=left.right, right=minus(node.right, left.left))
    if fixed(left.left):
        return replace(node, op=MIRRORED[node.op], left=left.right, right=minus(left.left, node.right))
    return None


def days_turned(node: n.Compare, end: n.Node, start: n.Node) -> n.Node | None:
    """end - start against a number, one of the two being the same for every row."""
    if node.op == "=" or not whole(node.right, -100_000, 100_000):
        return None
    if fixed(end) and end.type.kind == "date":
        return compared(MIRRORED[node.op], day_of(start), later(end, minus(number(0), node.right)))
    if fixed(start) and start.type.kind == "date":
        return compared(node.op, day_of(end), later(start, node.right))
    return None


def months_turned(node: n.Compare, left: n.Call) -> n.Node | None:
    """Whole months or years until a day that is the same for every row."""
    start, end, unit = left.items
    count = node.right
    if not (fixed(end) and end.type.kind == "date" and start.type.kind == "date" and isinstance(unit, n.Constant)):
        return None
    if unit.value not in ("months", "years") or not isinstance(count, n.Constant) or node.op == "=":
        return None
    value = count.value
    if not isinstance(value, Decimal) or value != int(value):
        return None
    edge = int(value) + (node.op in (">", "<="))
    if edge < 1:
        return None
    back = call("DATEADD", (end, number(-edge), unit), "date")
    return compared("<=" if node.op in (">", ">=") else ">", start, back)


def year_turned(node: n.Compare, value: n.Node) -> n.Node | None:
    this_year = isinstance(node.right, n.Call) and node.right.function == "YEAR"
    if not this_year and not whole(node.right, 1, 9998):
        return None
    day = day_of(value)
    first = call("DATE", (node.right, number(1), number(1)), "date")
    last = call("DATE", (node.right, number(12), number(31)), "date")
    if node.op == "=":
        return None if node.right.type.nullable else both(compared(">=", day, first), compared("<=", day, last))
    return compared(node.op, day, first if node.op in ("<", ">=") else last)


def both(*items: n.Node) -> n.Node:
    """Two bounds of a range; equality is two-valued, so a blank gives false."""
    inside = n.Logic("and", items, BOOLEAN)
    return n.Coalesce((inside, n.Constant(False, BOOLEAN.required)), BOOLEAN.required)


def day_turned(node: n.Compare, instant: n.Node) -> n.Node | None:
    """The day of an instant against a day, as a range of instants."""
    if instant.type.kind != "datetime":
        return replace(node, left=instant)
    begins = call("DAYSTART", (node.right,), "datetime")
    ends = call("DAYSTART", (later(node.right, number(1)),), "datetime")
    if node.op == "=":
        return None if node.right.type.nullable else both(compared(">=", instant, begins), compared("<", instant, ends))
    return compared("<" if node.op in ("<", "<=") else ">=", instant, ends if node.op in ("<=", ">") else begins)


# -- letters ----------------------------------------------------------------------------------------------------------


def ours(node: n.Node, name: str) -> bool:
    """Whether a call is of this function of the library, and not of one of a plug-in with its name."""
    return isinstance(node, n.Call) and node.function == name and node.declared is catalogue().get(name)


def _parts(node: n.Node) -> tuple[n.Node, str] | None:
    """What is lowered and then searched, and the part looked for; None for anything else."""
    if not (isinstance(node, n.Call) and ours(node, "CONTAINS")):
        return None
    text, part = node.items
    if not (isinstance(text, n.Call) and ours(text, "LOWER") and isinstance(part, n.Constant)):
        return None
    return (text.items[0], part.value) if isinstance(part.value, str) and part.value else None


def without_case(node: n.Node) -> n.Node | None:
    """The text that is searched, where the part looked for is the same in capitals: it need not be lowered."""
    found = _parts(node)
    return found[0] if found is not None and lower(found[1]) == upper(found[1]) == found[1].upper() else None


def within_ascii(node: n.Node) -> tuple[n.Node, str] | None:
    """The text that is searched and the part looked for, small letters of ASCII: lowering ASCII, and the sign of the
    kelvin, is enough."""
    found = _parts(node)
    return found if found is not None and found[1].isascii() and lower(found[1]) == found[1] else None
