"""One writer per node; values are null when blank, numbers are instances of the library."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.functions.text import plain_pattern
from lowcode.kernel.expressions.moment import instant_text
from lowcode.kernel.expressions.problems import NotPushable
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import Type
from lowcode.kernel.expressions.values import number_text

COMPARISONS = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


def emit(tree: n.Node) -> str:
    """The source of an arrow function."""
    return f"(r, m, f) => {value(tree)}"


def quoted(text: str) -> str:
    """A text as a JavaScript literal that is safe inside a script element too."""
    return (
        json.dumps(text, ensure_ascii=False)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def literal(constant: Any, kind: Type) -> str:
    """A constant; numbers, dates and instants through the library."""
    if constant is None:
        return "null"
    if isinstance(constant, bool):
        return "true" if constant else "false"
    if kind.target is not None:
        return str(constant)
    if isinstance(constant, (int, Decimal)):
        return f"f.number({quoted(number_text(constant))})"
    if isinstance(constant, datetime):
        return f"f.datetime({quoted(instant_text(constant))})"
    if isinstance(constant, date):
        return f"f.date({quoted(constant.isoformat())})"
    if isinstance(constant, time):
        return f"f.time({quoted(constant.isoformat())})"
    return quoted(str(constant))


def value(node: n.Node) -> str:
    """Source of the value, null when blank."""
    match node:
        case n.Constant():
            return literal(node.value, node.type)
        case n.Field():
            return f"f.old(m, {quoted(node.path)})" if node.scope == "old" else f"{node.scope[0]}[{quoted(node.path)}]"
        case n.Variable():
            return f"m.variables[{quoted(node.name)}]"
        case n.Now():
            return f"m.{'isNew' if node.name == 'is_new' else node.name}"
        case n.Compare():
            return f"f.{COMPARISONS[node.op]}({value(node.left)}, {value(node.right)})"
        case n.Contained():
            return contained(node)
        case n.Blank():
            return f"f.isBlank({value(node.value)})"
        case n.Logic():
            return f"f.{node.op}({', '.join(f'() => {value(one)}' for one in node.items)})"
        case n.Not():
            return f"f.not({value(node.value)})"
        case n.Arithmetic():
            return f"f.{ARITHMETIC[node.op]}({value(node.left)}, {value(node.right)})"
        case n.Joined():
            return f"f.join({', '.join(value(one) for one in node.items)})"
        case n.Case():
            parts = "".join(
                f"{value(condition)} === true ? {value(one)} : "
                for condition, one in zip(node.conditions, node.values, strict=True)
            )
            return f"({parts}{value(node.otherwise)})"
        case n.Coalesce():
            return f"f.coalesce({', '.join(f'() => {value(one)}' for one in node.items)})"
        case n.Call():
            return call(node)
        case n.Aggregate():
            return aggregate(node)
        case n.Changed():
            return f"f.changed(r, m, {quoted(node.path)})"


def contained(node: n.Contained) -> str:
    if n.lineage(node) is not None:
        raise NotPushable(say("browser-trees"))
    if len(node.options) == 1 and node.options[0].type.kind in ("users", "multi"):
        return f"f.inSet({value(node.value)}, {value(node.options[0])})"
    return f"f.in({value(node.value)}, [{', '.join(value(one) for one in node.options)}])"


def call(node: n.Call) -> str:
    function = node.declared
    if not function.javascript:
        raise NotPushable(say("browser-function", function=node.function))
    arguments = ["m"] if function.uses_moment else []
    for position, item in enumerate(node.items):
        parameter = function.parameters[min(position, len(function.parameters) - 1)]
        if "pattern" in parameter.kinds and isinstance(item, n.Constant):
            arguments.append(quoted(plain_pattern(item.value)))
        else:
            arguments.append(value(item))
    called = f"f.{node.function}" if function.javascript is True else f"({function.javascript})"
    if function.javascript is not True:
        arguments = ["f", *arguments]
    return f"{called}({', '.join(arguments)})"


def aggregate(node: n.Aggregate) -> str:
    rows = f"r[{quoted(node.relation)}]"
    one = "c" if node.value is None else value(node.value)
    condition = f", (c) => {value(node.condition)}" if node.condition is not None else ""
    over = f"f.over({rows}, (c) => {one}{condition})"
    if node.function == "TEXTJOIN":
        return f"f.TEXTJOIN({value(node.extra[0])}, ...{over})"
    if node.function == "PERCENTILE":
        return f"f.PERCENTILE({over}, {value(node.extra[0])})"
    return f"f.{node.function}(...{over})"
