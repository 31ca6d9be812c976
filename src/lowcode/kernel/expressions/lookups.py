"""What an expression asks decision tables, held against what the tables declare: `LOOKUPTABLE("table", "output", …)`.

Whoever asks for an output that the table has not would get a blank, and never learn why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.expression import Expression


@dataclass(frozen=True, slots=True)
class Lookup:
    """What can be asked of a table: its outputs by name, and by how many values it decides."""

    outputs: tuple[str, ...]
    inputs: tuple[str, ...]


def lookup_of(data: Mapping[str, Any]) -> Lookup:
    """The same of a table's document, before it is understood."""
    return Lookup(*(tuple(_names(data.get(key))) for key in ("outputs", "inputs")))


def _names(listed: Any) -> Iterator[str]:
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, Mapping) and isinstance(each.get("name"), str):
            yield each["name"]


def wrong(expression: Expression, tables: Mapping[str, Lookup]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The keys of what is wrong (`scope.MESSAGES`), with the values of each."""
    for call in n.walk(expression.tree):
        if isinstance(call, n.Call) and call.function == "LOOKUPTABLE":
            yield from _wrong(call, tables)


def _wrong(call: n.Call, tables: Mapping[str, Lookup]) -> Iterator[tuple[str, dict[str, Any]]]:
    name = call.items[0].value if isinstance(call.items[0], n.Constant) else None
    if not isinstance(name, str):
        return  # worked out for each record
    table = tables.get(name)
    if table is None:
        yield "unknown", {"what": "table", "seen": name, "known": list(tables)}
        return
    asked = call.items[1] if len(call.items) > 1 else None
    written = {"table": name, "outputs": ", ".join(table.outputs), "inputs": ", ".join(table.inputs)}
    if isinstance(asked, n.Constant) and isinstance(asked.value, str):
        if asked.value not in table.outputs:
            yield "unknown-output", {**written, "seen": asked.value, "known": list(table.outputs)}
    else:
        yield "no-output", {**written, "first": next(iter(table.outputs), "…")}
    if len(call.items) - 2 > len(table.inputs):
        yield "too-many-inputs", {**written, "seen": len(call.items) - 2, "count": len(table.inputs)}
