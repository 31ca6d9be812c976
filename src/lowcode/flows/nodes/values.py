"""Fields with the values they get, as steps write them: expressions over the record of the flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from lowcode.flows.nodes.reading import Reading
from lowcode.kernel.expressions import Expression, Type

if TYPE_CHECKING:
    from lowcode.flows.nodes.kind import Work


class Read(Protocol):
    """How a value is understood."""

    def __call__(self, text: str, pointer: str, /, *, expect: Type | None = None) -> Expression | None:
        """The expression; what is wrong becomes a finding."""
        ...


def read_values(
    texts: Mapping[str, str], reading: Reading, pointer: str, form: str, read: Read | None = None
) -> Mapping[str, Expression]:
    """Expressions over the flow's record, or as `read` understands them, for the fields of a form; unknown and computed
    fields are findings."""
    record = reading.scope.records.get(form)
    read = read or reading.expression
    values: dict[str, Expression] = {}
    for name, text in texts.items():
        at = f"{pointer}/{name}"
        shape = reading.field(form, name, at)
        if shape is None:
            read(text, at)
            continue
        field: Any = record.fields.get(name) if record is not None else None
        if field is not None and field.computed:
            reading.finding("fixed-field", at, seen=name)
        expression = read(text, at, expect=shape.type)
        if expression is not None:
            values[name] = expression
    return values


def evaluated(values: Mapping[str, Expression], work: Work) -> dict[str, Any]:
    """What the fields will be, all seen from the record as it is before."""
    return {name: work.value(expression) for name, expression in values.items()}
