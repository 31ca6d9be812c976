"""Several of several options."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import ConditionalOption, former_of, one_of
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.storage.types import Json


class MultiSelectDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["multi_select"]
    options: list[ConditionalOption]
    widget: Literal["select", "checkboxes"] = "select"


class MultiSelect:
    """Several of several options."""

    name = "multi_select"
    options = MultiSelectDefinition

    def type(self, options: MultiSelectDefinition) -> Type:
        """The type of its values."""
        return Type("multi", options=tuple(option.name for option in options.options), former=former_of(options))

    def column(self, options: MultiSelectDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Json()

    def coerce(self, value: Any, options: MultiSelectDefinition) -> Any:
        """The value that was meant."""
        values = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
        chosen = {one_of(each, options.options) for each in values if each not in (None, "")}
        order = [option.name for option in options.options]
        return sorted(chosen, key=order.index) or None

    def show(self, value: Any, options: MultiSelectDefinition) -> Any:
        """The value as JSON."""
        return list(value)
