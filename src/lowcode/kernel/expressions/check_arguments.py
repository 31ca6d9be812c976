"""Arguments against the declaration of a function: how many, of which kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.functions import AGGREGATES, FORMS, Determinism, Function, Parameter
from lowcode.kernel.expressions.functions.dates import unit_name
from lowcode.kernel.expressions.functions.text import refusal
from lowcode.kernel.expressions.names import nearest
from lowcode.kernel.expressions.shapes import Place
from lowcode.kernel.expressions.syntax import Invocation, Syntax
from lowcode.kernel.expressions.told import Sentence, Several, say
from lowcode.kernel.expressions.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    NUMBER,
    TEXT,
    Type,
    common,
)

if TYPE_CHECKING:
    from lowcode.kernel.expressions.check import Checker


LIKELY = {"text": TEXT, "number": NUMBER, "integer": NUMBER, "date": DATE, "datetime": DATETIME, "boolean": BOOLEAN}
"""The type a blank takes where a parameter allows several."""


def arity(checker: Checker, node: Invocation, low: int, high: int | None) -> bool:
    """Whether the number of arguments fits; a mistake is noted."""
    count = len(node.items)
    if low <= count and (high is None or count <= high):
        return True
    wanted: int | Sentence = (
        low if low == high else say("at-least", count=low) if high is None else say("from-to", low=low, high=high)
    )
    shown = FORMS.get(node.name, ("",))[0] or catalogue_signature(checker, node.name)
    said = say("wrong-count", function=node.name, wanted=wanted, count=count)
    checker.refuse("wrong-arguments", said, node, say("signature", function=node.name, arguments=shown))
    return False


def catalogue_signature(checker: Checker, name: str) -> str:
    """The arguments of a function as shown in messages."""
    function = checker.functions.get(name)
    if function is None:
        return ""
    shown = [one.name + ("?" if one.optional else "") + (", …" if one.repeated else "") for one in function.parameters]
    return ", ".join(shown)


def function_call(checker: Checker, function: Function, items: tuple[n.Node, ...], node: Invocation) -> n.Node:
    """A call of the table, arguments checked against the declaration."""
    parameters = function.parameters
    least = sum(not one.optional for one in parameters)
    most = None if any(one.repeated for one in parameters) else len(parameters)
    if not arity(checker, node, least, most) and len(items) != len(parameters):
        return n.Constant(None, Type("any"), node.start, node.end)
    made = []
    for position, item in enumerate(items):
        parameter = parameters[min(position, len(parameters) - 1)]
        made.append(argument(checker, function, parameter, item))
    values = [one.value if isinstance(one, n.Constant) else None for one in made]
    kinds = [one.type for one in made]
    if function.name in AGGREGATES - {"TEXTJOIN", "COUNT"} and common(kinds) is None:
        checker.refuse("type-mismatch", say("different-types", function=function.name), node)
    if function.determinism is Determinism.EVENT and checker.place is not Place.EVENT:
        checker.refuse("event-only", say("event-only", function=function.name), node)
    if function.name == "DATEDIF" and values[2] in ("hours", "minutes", "seconds"):
        for one in made[:2]:
            if one.type.kind == "date":
                checker.refuse("type-mismatch", say("between-instants", unit=str(values[2]).capitalize()), one)
    if function.name == "DATEADD" and values[2] in ("hours", "minutes", "seconds") and kinds[0].kind == "date":
        checker.refuse("type-mismatch", say("date-without", unit=str(values[2])), node, say("use-days-or-instant"))
    kept = tuple(made)
    made_type = function.result_type(kinds, values)
    return n.Call(function.name, kept, made_type, node.start, node.end, declared=function)


def argument(checker: Checker, function: Function, parameter: Parameter, item: n.Node) -> n.Node:
    """One argument, adapted to what the parameter takes."""
    kinds = parameter.kinds
    if "unit" in kinds:
        unit = unit_name(item.value) if isinstance(item, n.Constant) and isinstance(item.value, str) else ""
        if unit not in function.units:
            return checker.refuse(
                "unknown-unit",
                say("unit-needed", function=function.name),
                item,
                say("units", units=Several(tuple(f'"{one}"' for one in function.units))),
                nearest(unit, function.units),
            )
        return n.Constant(unit, TEXT.required, item.start, item.end)
    if "pattern" in kinds:
        if not isinstance(item, n.Constant) or not isinstance(item.value, str):
            return checker.refuse("pattern-not-literal", say("pattern-not-literal"), item)
        reason = refusal(item.value)
        if reason is None:
            return item
        return checker.refuse("pattern-refused", say("pattern-refused", reason=reason), item)
    if "date" in kinds and "text" not in kinds:
        item = checker.adapt(item, DATE)
    found = item.type.kind
    if found == "any" and not parameter.repeated:
        likely = next((one for one in ("text", "number", "integer", "date", "datetime", "boolean") if one in kinds), "")
        return checker.adapt(item, LIKELY.get(likely, ANY))
    if found == "any" or found in kinds:
        return item
    if found == "choice" and "text" in kinds:
        return item
    if found == "number" and "integer" in kinds:
        if item.type.scale in (0, None):
            return item
        return checker.refuse(
            "expected-whole-number",
            say("no-whole-number", function=function.name, argument=parameter.name),
            item,
            say("round-it"),
        )
    taken = sorted((Type(one) if one != "integer" else NUMBER for one in kinds), key=str)  # type: ignore[arg-type]
    wanted, cure = Several(tuple(taken), "or"), None
    if "text" in kinds and found != "rows":
        cure = say("use-totext")
    elif found == "datetime" and "date" in kinds:
        cure = say("use-todate")
    said = say("wrong-argument", function=function.name, wanted=wanted, argument=parameter.name, type=item.type)
    return checker.refuse("type-mismatch", said, item, cure)


def function_call_unchecked(checker: Checker, name: str, items: tuple[n.Node, ...], node: Invocation) -> n.Node:
    """A call whose arguments were put together here rather than written."""
    stand_in = Invocation(name, (node,) * len(items), node.start, node.end, 1, 1)
    return function_call(checker, checker.functions[name], items, stand_in)


def blank(node: Syntax) -> n.Node:
    return n.Constant(None, Type("any"), node.start, node.end)
