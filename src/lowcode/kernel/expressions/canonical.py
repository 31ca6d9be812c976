"""Syntax back to text in one form, and to JSON with permanent ids in place of names."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lowcode.kernel.expressions.lexer import KEYWORDS
from lowcode.kernel.expressions.resolve import Resolved
from lowcode.kernel.expressions.shapes import Shapes
from lowcode.kernel.expressions.syntax import Invocation, Literal, Name, Operation, Syntax, invocation, operation
from lowcode.kernel.expressions.values import number_text

STRENGTH = {"or": 1, "and": 2, "not": 3, "&": 5, "+": 6, "-": 6, "*": 7, "/": 7, "negate": 8}
Names = Mapping[tuple[int, int], Resolved]


def canonical(node: Syntax, names: Names) -> str:
    """The text in its stored form."""
    if isinstance(node, Literal):
        return literal_text(node.value)
    if isinstance(node, Name):
        return name_text(node, names)
    if isinstance(node, Invocation):
        return f"{node.name}({', '.join(canonical(one, names) for one in node.items)})"
    strength = STRENGTH.get(node.op, 4)
    if node.op == "list":
        return "(" + ", ".join(canonical(one, names) for one in node.items) + ")"
    parts = [inner(one, names, strength, position) for position, one in enumerate(node.items)]
    if node.op == "not":
        return "not " + parts[0]
    if node.op == "negate":
        return "-" + parts[0]
    if node.op.startswith("is "):
        return f"{parts[0]} {node.op}"
    if node.op.endswith("between"):
        return f"{parts[0]} {node.op} {parts[1]} and {parts[2]}"
    return f" {node.op} ".join(parts)


def inner(node: Syntax, names: Names, strength: int, position: int) -> str:
    """An operand, in parentheses where reading it back needs them."""
    text = canonical(node, names)
    if not isinstance(node, Operation) or node.op == "list":
        return text
    own = STRENGTH.get(node.op, 4)
    weak = own < strength or (own == strength and (position > 0 or strength == 4))
    return f"({text})" if weak and not (own == strength == 8) else text


def literal_text(value: object) -> str:
    """A literal as written."""
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    return '"' + str(value).replace('"', '""') + '"'


def name_text(node: Name, names: Names) -> str:
    """A path by the names of its fields."""
    found = names.get((node.start, node.end))
    parts = node.parts
    if found is not None:
        parts = (*node.parts[: len(node.parts) - len(found.names)], *found.names)
    return ".".join(part_text(one) for one in parts)


def part_text(part: str) -> str:
    """One part of a path, in braces when it is no plain name."""
    plain = part == "?" or (part.isidentifier() and part.lower() not in KEYWORDS)
    return part if plain else "{" + part + "}"


def syntax_json(node: Syntax, names: Names) -> Any:
    """A tree as JSON: literals plain, fields by id, the rest as lists led by the operator or function."""
    if isinstance(node, Literal):
        return {"number": number_text(node.value)} if isinstance(node.value, Decimal) else node.value
    if isinstance(node, Name):
        found = names.get((node.start, node.end))
        if found is None:
            return {"name": list(node.parts)}
        before = node.parts[: len(node.parts) - len(found.names)]
        return {"field": list(found.ids), **({"before": list(before)} if before else {})}
    head = {"call": node.name} if isinstance(node, Invocation) else {"op": node.op}
    return {**head, "items": [syntax_json(one, names) for one in node.items]}


def text_from_json(stored: Any, shapes: Shapes) -> str:
    """The text of a stored tree, fields by the names they have now."""
    by_id = {one.id: one.name for shape in shapes.records.values() for one in shape.fields.values()}
    return canonical(_from_json(stored, by_id), {})


def _from_json(stored: Any, by_id: Mapping[str, str]) -> Syntax:
    if not isinstance(stored, dict):
        return Literal(stored, 0, 0)
    if "number" in stored:
        return Literal(Decimal(stored["number"]), 0, 0)
    if "name" in stored:
        parts = tuple(stored["name"])
        return Name(parts, (False,) * len(parts), 0, 0)
    if "field" in stored:
        parts = (*stored.get("before", ()), *(by_id.get(one, one) for one in stored["field"]))
        return Name(parts, (False,) * len(parts), 0, 0)
    items = tuple(_from_json(one, by_id) for one in stored["items"])
    return invocation(stored["call"], items, 0, 0) if "call" in stored else operation(stored["op"], items, 0, 0)
