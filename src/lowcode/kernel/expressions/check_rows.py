"""Aggregates: over the rows of a relation, over the set of a measure, or over plain arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.resolve import Resolved, resolve
from lowcode.kernel.expressions.shapes import Place
from lowcode.kernel.expressions.syntax import Invocation, Operation, Syntax
from lowcode.kernel.expressions.told import Several, say
from lowcode.kernel.expressions.types import BOOLEAN, INTEGER, USER, Type

if TYPE_CHECKING:
    from lowcode.kernel.expressions.check import Checker
from lowcode.kernel.expressions.check_arguments import argument, arity, blank, function_call

TWO_VALUED = BOOLEAN.required


def aggregate(checker: Checker, node: Invocation) -> n.Node:
    """A function over rows when its value crosses rows or stands in a measure, else over its arguments."""
    if node.name == "PERCENTILE":
        return percentile(checker, node)
    lead = 1 if node.name == "TEXTJOIN" else 0
    whole_set = checker.place is Place.AGGREGATE and checker.child is None
    if whole_set and not node.items[lead:] and node.name == "COUNT":
        return over_rows(checker, node, (), None, (), ())
    if len(node.items) <= lead:
        arity(checker, node, lead + 1, None)
        return blank(node)
    extra = tuple(checker.check(one) for one in node.items[:lead])
    if checker.child is not None:
        return over_arguments(checker, node, extra, nested=True)
    if whole_set:
        return measure(checker, node, lead, extra)
    outer, checker.crossed = checker.crossed, set()
    value = checker.check(node.items[lead])
    crossed, checker.crossed = checker.crossed, outer
    if isinstance(value, n.Field) and value.type.kind == "rows":
        before = crossed.pop() if value.scope == "child" else ()  # rows of rows: COUNT(groups.items)
        relation = (*before, *value.path.split("."))
        return over_rows(checker, node, relation, None, extra, node.items[lead + 1 :])
    if len(crossed) > 1:
        relations = Several(tuple(sorted(".".join(one) for one in crossed)), "and")
        return checker.refuse("two-relations", say("two-relations", relations=relations), node)
    if crossed and any(isinstance(one, n.Aggregate) for one in n.walk(value)):
        return nested_aggregate(checker, node)
    if crossed:
        return over_rows(checker, node, crossed.pop(), value, extra, node.items[lead + 1 :])
    return over_arguments(checker, node, extra, first=value)


def percentile(checker: Checker, node: Invocation) -> n.Node:
    """A share of the rows of a relation or of a set: it stands second, as in a spreadsheet, and is written out."""
    if not arity(checker, node, 2, 3):
        return blank(node)
    share = checker.check(node.items[1])
    value = share.value if isinstance(share, n.Constant) and share.type.kind == "number" else None
    if value is None or not 0 <= value <= 1:
        return checker.refuse("expected-share", say("takes-share"), share, say("write-share"))
    if checker.child is not None:
        return nested_aggregate(checker, node)
    rest = Invocation(node.name, (node.items[0], *node.items[2:]), node.start, node.end, node.depth, node.size)
    if checker.place is Place.AGGREGATE:
        return measure(checker, rest, 0, (share,))
    outer, checker.crossed = checker.crossed, set()
    found = checker.check(node.items[0])
    crossed, checker.crossed = checker.crossed, outer
    if len(crossed) != 1 or any(isinstance(one, n.Aggregate) for one in n.walk(found)):
        return checker.refuse(
            "expected-rows",
            say("takes-rows"),
            node,
            say("write-percentile"),
        )
    return over_rows(checker, rest, crossed.pop(), found, (share,), node.items[2:])


def measure(checker: Checker, node: Invocation, lead: int, extra: tuple[n.Node, ...]) -> n.Node:
    """An aggregate over the set itself, as reports use it."""
    checker.child = checker.record
    first = node.items[lead]
    value: n.Node | None = checker.check(first)
    checker.child = None
    if node.name == "COUNT" and value is not None and value.type.kind == "boolean" and len(node.items) == 1 + lead:
        return over_rows(checker, node, (), None, extra, (first,))
    return over_rows(checker, node, (), value, extra, node.items[lead + 1 :])


def nested_aggregate(checker: Checker, node: Syntax) -> n.Node:
    return checker.refuse("nested-aggregate", say("nested-aggregate"), node, say("formula-of-inner"))


def over_arguments(
    checker: Checker, node: Invocation, extra: tuple[n.Node, ...], first: n.Node | None = None, nested: bool = False
) -> n.Node:
    rest = node.items[len(extra) + (first is not None) :]
    items = (*extra, *((first,) if first is not None else ()), *(checker.check(one) for one in rest))
    if nested and (any(one.type.kind == "rows" for one in items) or len(items) == 1 + len(extra)):
        return nested_aggregate(checker, node)
    wanted = next((one.type for one in items if one.type.kind in ("date", "datetime")), None)
    if wanted is not None and node.name != "TEXTJOIN":
        items = tuple(checker.adapt(one, wanted) for one in items)
    return function_call(checker, checker.functions[node.name], items, node)


def over_rows(
    checker: Checker,
    node: Invocation,
    relation: tuple[str, ...],
    value: n.Node | None,
    extra: tuple[n.Node, ...],
    filters: tuple[Syntax, ...],
) -> n.Node:
    checker.aggregates += 1
    if len(filters) > 1:
        return checker.refuse("wrong-arguments", say("one-filter"), node, say("join-conditions"))
    condition = child_condition(checker, relation, filters[0]) if filters else None
    name = node.name
    function = checker.functions[name]
    if value is None and name in ("ANY", "ALL") and condition is not None:
        value, condition = condition, None
    if value is None and name != "COUNT":
        path = ".".join(relation)
        cure = say("write-column", function=name, relation=path)
        return checker.refuse("expected-column", say("takes-column", function=name), node, cure)
    if value is not None:
        argument(checker, function, function.parameters[-1], value)
    kinds = [value.type] if value is not None else [INTEGER]
    made = function.result_type(kinds, [None])
    if name in ("AVERAGE", "MIN", "MAX", "MEDIAN", "PERCENTILE", "FIRST", "LAST", "TEXTJOIN"):
        made = made.optional
    return n.Aggregate(name, ".".join(relation), value, condition, extra, made, node.start, node.end)


def among(checker: Checker, value: n.Node, rows: n.Node, node: Operation) -> n.Node:
    """Whether a record or a person is among those that a field of several names, or that link here: an ANY of them."""
    target = rows.type.record
    if value.type.kind != "any" and value.type.target != target:
        return checker.refuse("type-mismatch", say("never-among", left=value.type, right=rows.type), node)
    if not isinstance(rows, n.Field) or rows.scope != "record" or checker.child is not None:
        return nested_aggregate(checker, node)
    checker.aggregates += 1
    kind = USER if target == "user" else Type("record", record=target)
    one = n.Field("id", kind.required, "child", node.start, node.end)
    same = n.Compare("=", one, value, TWO_VALUED, node.start, node.end)
    return n.Aggregate("ANY", rows.path, same, None, (), TWO_VALUED, node.start, node.end)


def child_condition(checker: Checker, relation: tuple[str, ...], source: Syntax) -> n.Node:
    """The filter of an aggregate, its names read from the rows first."""
    outer, checker.crossed = checker.crossed, None
    checker.relation = relation
    checker.child = checker.record
    if relation and checker.record is not None:
        found = resolve(checker.shapes, checker.record, relation)
        checker.child = found.field.type.record if isinstance(found, Resolved) else None
    made = checker.condition(source)
    checker.child, checker.relation, checker.crossed = None, (), outer
    return made
