"""Changes the record the flow is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from lowcode.flows.nodes.kind import Go, NodeDocument, Step, Understood, Work
from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.expressions import Expression

if TYPE_CHECKING:
    from lowcode.flows.plan import Node


class SetDocument(NodeDocument):
    """Gives fields of the record new values."""

    type: Literal["set"]
    values: dict[str, ExpressionText] = Field(description="An expression for each field.")
    to: str


class SetNode(Step):
    """One save with all values; refused, the flow is stuck there with the reason."""

    name = "set"
    document = SetDocument

    def compile(self, document: SetDocument, reading: Reading) -> Understood:
        """The expressions, each of the type of its field."""
        if not document.values:
            reading.finding("nothing-set", "/values", seen=document.id)
        return Understood(read_values(document.values, reading, "/values", reading.form), {"writes": True})

    def enter(self, work: Work, node: Node) -> Go:
        """Evaluate all, then save."""
        values = evaluated(node.work, work)
        return Go(trace={"fields": sorted(values), **work.update(values)})


def read_values(texts: Mapping[str, str], reading: Reading, pointer: str, form: str) -> Mapping[str, Expression]:
    """Expressions over the flow's record for the fields of a form; unknown and computed fields are findings."""
    record = reading.scope.records.get(form)
    values: dict[str, Expression] = {}
    for name, text in texts.items():
        at = f"{pointer}/{name}"
        shape = reading.field(form, name, at)
        if shape is None:
            reading.expression(text, at)
            continue
        field: Any = record.fields.get(name) if record is not None else None
        if field is not None and field.computed:
            reading.finding("fixed-field", at, seen=name)
        expression = reading.expression(text, at, expect=shape.type)
        if expression is not None:
            values[name] = expression
    return values


def evaluated(values: Mapping[str, Expression], work: Work) -> dict[str, Any]:
    """What the fields will be, all seen from the record as it is before."""
    return {name: work.value(expression) for name, expression in values.items()}
