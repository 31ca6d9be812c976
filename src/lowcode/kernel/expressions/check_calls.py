"""Calls to typed nodes: functions of the table, and forms that become branches and comparisons."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.check_arguments import arity, blank, function_call, function_call_unchecked
from lowcode.kernel.expressions.check_rows import aggregate
from lowcode.kernel.expressions.functions import AGGREGATES, FORMS, SHORT
from lowcode.kernel.expressions.names import nearest
from lowcode.kernel.expressions.shapes import ABOVE, ABOVE_LABELS, Place
from lowcode.kernel.expressions.syntax import Invocation, Name, Syntax, operation
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import (
    BOOLEAN,
    DATE,
    DATETIME,
    INTEGER,
    TEXT,
    USER,
    USERS,
    Type,
    common,
    same_family,
)

if TYPE_CHECKING:
    from lowcode.kernel.expressions.check import Checker

TWO_VALUED = BOOLEAN.required
MOMENTS = {
    "TODAY": ("today", DATE.required),
    "NOW": ("now", DATETIME.required),
    "ME": ("me", USER),
    "CURRENTUSER": ("me", USER),
    "TEAM": ("team", USERS),
    "UNITS": ("units", Type("users", record="unit", nullable=False)),
}


def check_call(checker: Checker, node: Invocation) -> n.Node:
    """The typed node of a call."""
    form = FORM_CHECKS.get(node.name)
    if form is not None:
        return form(checker, node)
    if node.name in MOMENTS:
        name, kind = MOMENTS[node.name]
        return moment_value(checker, node, name, kind)
    if node.name in AGGREGATES:
        return aggregate(checker, node)
    function = checker.functions.get(node.name)
    if function is None:
        known = {*checker.functions, *FORMS}
        near = SHORT.get(node.name) or nearest(node.name, known)
        for one in node.items:
            checker.check(one)
        return checker.refuse("unknown-function", say("unknown-function", name=node.name), node, near=near)
    if node.name == "DATE" and len(node.items) == 1:
        return literal_date(checker, node)
    items = tuple(checker.check(one) for one in node.items)
    if node.name == "NEXTANNIVERSARY" and len(items) == 1:
        items = (*items, n.Now("today", DATE.required, node.start, node.end))
    return function_call(checker, function, items, node)


def moment_value(checker: Checker, node: Invocation, name: str, kind: Type) -> n.Node:
    arity(checker, node, 0, 0)
    return n.Now(name, kind, node.start, node.end)


def literal_date(checker: Checker, node: Invocation) -> n.Node:
    item = checker.check(node.items[0])
    if isinstance(item, n.Constant) and isinstance(item.value, str):
        return checker.adapt(item, DATE)
    return function_call(checker, checker.functions["DATEVALUE"], (item,), node)


# ── forms ──


def branches(
    checker: Checker, node: Invocation, conditions: list[n.Node], values: list[n.Node], otherwise: n.Node
) -> n.Node:
    """Conditions and values as one flat list of branches."""
    for wanted in [one.type for one in (*values, otherwise) if one.type.kind in ("choice", "date", "datetime")][:1]:
        if wanted.kind != "choice":
            values = [checker.adapt(one, wanted) for one in values]
            otherwise = checker.adapt(otherwise, wanted)
    kind = common([one.type for one in (*values, otherwise)])
    if kind is None:
        first = next(one for one in values if one.type.kind != "any")
        other = next(one for one in (*values, otherwise) if not same_family(first.type, one.type))
        checker.refuse(
            "branches-differ",
            say("branches-differ", first=first.type, other=other.type),
            other,
            say("branches-alike"),
        )
        kind = Type("any")
    if isinstance(otherwise, n.Case):
        conditions, values = [*conditions, *otherwise.conditions], [*values, *otherwise.values]
        otherwise = otherwise.otherwise
    return n.Case(tuple(conditions), tuple(values), otherwise, kind, node.start, node.end)


def check_if(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 2, 3):
        return blank(node)
    otherwise = checker.check(node.items[2]) if len(node.items) == 3 else blank(node)
    return branches(checker, node, [checker.condition(node.items[0])], [checker.check(node.items[1])], otherwise)


def check_ifs(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 2, None):
        return blank(node)
    pairs = len(node.items) // 2
    conditions = [checker.condition(node.items[2 * i]) for i in range(pairs)]
    values = [checker.check(node.items[2 * i + 1]) for i in range(pairs)]
    otherwise = checker.check(node.items[-1]) if len(node.items) % 2 else blank(node)
    return branches(checker, node, conditions, values, otherwise)


def check_switch(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 3, None):
        return blank(node)
    value, rest = checker.check(node.items[0]), node.items[1:]
    pairs = len(rest) // 2
    conditions = [checker.compare("=", value, checker.check(rest[2 * i]), rest[2 * i]) for i in range(pairs)]
    values = [checker.check(rest[2 * i + 1]) for i in range(pairs)]
    otherwise = checker.check(rest[-1]) if len(rest) % 2 else blank(node)
    return branches(checker, node, conditions, values, otherwise)


def check_choose(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 2, None):
        return blank(node)
    value = checker.check(node.items[0])
    numbers = [n.Constant(Decimal(i), INTEGER.required, node.start, node.end) for i in range(1, len(node.items))]
    conditions = [checker.compare("=", value, number, node.items[0]) for number in numbers]
    return branches(checker, node, conditions, [checker.check(one) for one in node.items[1:]], blank(node))


def check_coalesce(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 2, None if node.name == "COALESCE" else 2):
        return blank(node)
    items = [checker.check(one) for one in node.items]
    wanted = next((one.type for one in items if one.type.kind in ("date", "datetime")), None)
    if wanted is not None:
        items = [checker.adapt(one, wanted) for one in items]
    kind = common([one.type for one in items])
    if kind is None:
        return checker.refuse("type-mismatch", say("different-types", function=node.name), node)
    nullable = all(one.type.nullable for one in items)
    return n.Coalesce(tuple(items), kind.optional if nullable else kind.required, node.start, node.end)


def check_logic(checker: Checker, node: Invocation) -> n.Node:
    arity(checker, node, 1, None)
    return checker.logic(node.name.lower(), tuple(checker.condition(one) for one in node.items), node)


def check_not(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 1, 1):
        return blank(node)
    value = checker.condition(node.items[0])
    return n.Not(value, value.type, node.start, node.end)


def check_isblank(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 1, 1):
        return blank(node)
    return checker.blankness(operation("is blank", node.items, node.start, node.end), False)


def today(node: Syntax) -> n.Node:
    return n.Now("today", DATE.required, node.start, node.end)


def since(name: str, unit: str | None) -> Callable[[Checker, Invocation], n.Node]:
    def made(checker: Checker, node: Invocation) -> n.Node:
        if not arity(checker, node, 1, 1):
            return blank(node)
        value = checker.adapt(checker.check(node.items[0]), DATE)
        if unit is None:
            return function_call_unchecked(checker, "DAYS", (today(node), value), node)
        constant = n.Constant(unit, TEXT.required, node.start, node.end)
        return function_call_unchecked(checker, "DATEDIF", (value, today(node), constant), node)

    return made


def check_edate(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 2, 2):
        return blank(node)
    value, count = checker.adapt(checker.check(node.items[0]), DATE), checker.check(node.items[1])
    unit = n.Constant("months", TEXT.required, node.start, node.end)
    return function_call_unchecked(checker, "DATEADD", (value, count, unit), node)


def day_of(checker: Checker, node: Invocation) -> n.Node | None:
    """The day of the first argument."""
    value = checker.adapt(checker.check(node.items[0]), DATE)
    if value.type.kind not in ("date", "datetime", "any"):
        checker.refuse("type-mismatch", say("takes-date", function=node.name, type=value.type), value)
        return None
    if value.type.kind == "datetime":
        return function_call_unchecked(checker, "TODATE", (value,), node)
    return value


def window(forward: bool) -> Callable[[Checker, Invocation], n.Node]:
    def made(checker: Checker, node: Invocation) -> n.Node:
        if not arity(checker, node, 3, 3):
            return blank(node)
        day, count, unit = day_of(checker, node), checker.check(node.items[1]), checker.check(node.items[2])
        if day is None:
            return blank(node)
        if not forward:
            count = checker.arithmetic("-", n.Constant(Decimal(0), INTEGER.required), count, node)
        edge = function_call_unchecked(checker, "DATEADD", (today(node), count, unit), node)
        low, high = ((">=", today(node)), ("<", edge)) if forward else ((">", edge), ("<=", today(node)))
        items = tuple(checker.compare(sign, day, bound, node) for sign, bound in (low, high))
        return checker.logic("and", items, node)

    return made


def check_sameperiod(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 2, 2):
        return blank(node)
    day, unit = day_of(checker, node), checker.check(node.items[1])
    if day is None:
        return blank(node)
    first, last = (function_call_unchecked(checker, name, (today(node), unit), node) for name in ("STARTOF", "ENDOF"))
    items = (checker.compare(">=", day, first, node), checker.compare("<=", day, last, node))
    return checker.logic("and", items, node)


def event_only(checker: Checker, node: Invocation) -> bool:
    if checker.place is Place.EVENT:
        return True
    checker.refuse("event-only", say("event-only", function=node.name), node)
    return False


def check_old(checker: Checker, node: Invocation) -> n.Node:
    if not (arity(checker, node, 1, 1) and event_only(checker, node)):
        return blank(node)
    made = checker.check(node.items[0])
    if not isinstance(made, n.Field) or made.scope != "record" or made.type.kind == "rows":
        return checker.refuse("expected-field", say("takes-field", function=node.name), node)
    if node.name == "CHANGED":
        return n.Changed(made.path, TWO_VALUED, node.start, node.end)
    return n.Field(made.path, made.type.optional, "old", node.start, node.end)


def check_isnew(checker: Checker, node: Invocation) -> n.Node:
    arity(checker, node, 0, 0)
    event_only(checker, node)
    return n.Now("is_new", TWO_VALUED, node.start, node.end)


def check_inunit(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 1, 1):
        return blank(node)
    source = node.items[0]
    value = checker.check(source)
    user = checker.shapes.records.get("user")
    if value.type.kind == "user" and user is not None and isinstance(source, Name):
        unit = next((one for one in ("unit", "department") if one in user.fields), None)
        if unit is not None:
            longer = Name((*source.parts, unit), (*source.labels, False), source.start, source.end)
            value = checker.check(longer)
    if value.type.kind not in ("record", "any"):
        return checker.refuse(
            "type-mismatch",
            say("takes-unit", type=value.type),
            node,
            say("write-unit"),
        )
    units = n.Now("units", Type("users", record=value.type.record, nullable=False), node.start, node.end)
    return n.Contained(value, (units,), TWO_VALUED, node.start, node.end)


def check_recordid(checker: Checker, node: Invocation) -> n.Node:
    arity(checker, node, 0, 0)
    scope, record = ("child", checker.child) if checker.child is not None else ("record", checker.record)
    return n.Field("id", Type("record", record=record, nullable=False), scope, node.start, node.end)


def check_under(checker: Checker, node: Invocation) -> n.Node:
    if not arity(checker, node, 2, None):
        return blank(node)
    link = checker.check(node.items[0])
    target = link.type.target
    shape = checker.shapes.records.get(target or "")
    if not isinstance(link, n.Field) or link.scope == "old" or target is None or shape is None or not shape.tree:
        checker.refuse(
            "not-in-a-tree",
            say("takes-tree", type=link.type),
            link,
            say("declare-tree"),
        )
        return blank(node)
    items = tuple(_under_one(checker, link, target, checker.check(one)) for one in node.items[1:])
    return items[0] if len(items) == 1 else n.Logic("or", items, TWO_VALUED, node.start, node.end)


def _under_one(checker: Checker, link: n.Field, target: str, wanted: n.Node) -> n.Node:
    """That what is wanted stands among a record and everything above it: by its id, or by what it is called."""
    words = isinstance(wanted, n.Constant) and isinstance(wanted.value, str)
    if isinstance(wanted, n.Constant) and isinstance(wanted.value, Decimal) and wanted.value == int(wanted.value):
        kind = Type("record", record=target, nullable=False)
        wanted = n.Constant(int(wanted.value), kind, wanted.start, wanted.end)
    if not words and wanted.type.target != target:
        checker.refuse(
            "type-mismatch",
            say("under-another", record=target, type=wanted.type),
            wanted,
            say("name-record"),
        )
    head = link.path.removesuffix("id").rstrip(".") if link.path.split(".")[-1] == "id" else link.path
    path = f"{head}.{ABOVE_LABELS if words else ABOVE}".lstrip(".")
    kind = Type("users", record=target, nullable=False)
    return n.Contained(
        wanted, (n.Field(path, kind, link.scope, link.start, link.end),), TWO_VALUED, wanted.start, wanted.end
    )


FORM_CHECKS: dict[str, Callable[[Checker, Invocation], n.Node]] = {
    "IF": check_if,
    "IFS": check_ifs,
    "SWITCH": check_switch,
    "CHOOSE": check_choose,
    "COALESCE": check_coalesce,
    "IFBLANK": check_coalesce,
    "IFERROR": check_coalesce,
    "AND": check_logic,
    "OR": check_logic,
    "NOT": check_not,
    "ISBLANK": check_isblank,
    "DAYSSINCE": since("DAYSSINCE", None),
    "AGE": since("AGE", "years"),
    "EDATE": check_edate,
    "INLAST": window(False),
    "INNEXT": window(True),
    "SAMEPERIOD": check_sameperiod,
    "OLD": check_old,
    "CHANGED": check_old,
    "ISNEW": check_isnew,
    "INUNIT": check_inunit,
    "RECORDID": check_recordid,
    "UNDER": check_under,
}
