"""Typed trees as JSON and back, so that a tree can travel to where it is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.functions import Function
from lowcode.kernel.expressions.types import Type

CLASSES = {
    kind.__name__: kind
    for kind in (
        n.Constant,
        n.Field,
        n.Variable,
        n.Now,
        n.Compare,
        n.Contained,
        n.Blank,
        n.Logic,
        n.Not,
        n.Arithmetic,
        n.Joined,
        n.Case,
        n.Coalesce,
        n.Call,
        n.Aggregate,
        n.Changed,
    )
}
VALUES: dict[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
}


def type_json(kind: Type) -> list[Any]:
    """A type as a short list."""
    return [kind.kind, kind.scale, kind.nullable, kind.record]


def type_from(stored: list[Any]) -> Type:
    """A type from its short list."""
    return Type(stored[0], scale=stored[1], nullable=stored[2], record=stored[3])


def to_json(node: n.Node) -> dict[str, Any]:
    """A node and everything below it; positions are left out."""
    out: dict[str, Any] = {"node": type(node).__name__}
    for field in fields(node):
        if field.name in ("start", "end", "declared"):
            continue
        value = getattr(node, field.name)
        if isinstance(value, Type):
            out[field.name] = type_json(value)
        elif isinstance(value, tuple):
            out[field.name] = [to_json(one) for one in value]
        elif type(value).__name__ in CLASSES:
            out[field.name] = to_json(value)
        elif field.name == "value":
            out[field.name] = _value_json(value)
        else:
            out[field.name] = value
    return out


def _value_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    for name, kind in (("datetime", datetime), ("date", date), ("time", time)):
        if isinstance(value, kind):
            return {name: value.isoformat()}
    return value


def from_json(stored: dict[str, Any], functions: Mapping[str, Function]) -> n.Node:
    """The node of its JSON, its functions from this table."""
    made: dict[str, Any] = {}
    for name, value in stored.items():
        if name == "type":
            made[name] = type_from(value)
        elif isinstance(value, list):
            made[name] = tuple(from_json(one, functions) for one in value)
        elif isinstance(value, dict) and "node" in value:
            made[name] = from_json(value, functions)
        elif isinstance(value, dict):
            ((kind, written),) = value.items()
            made[name] = VALUES[kind](written)
        elif name != "node":
            made[name] = value
    if stored["node"] == "Call":
        made["declared"] = functions[stored["function"]]
    node: n.Node = CLASSES[stored["node"]](**made)
    return node
