"""A value computed from others of the record; nobody types it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.computed import COMPUTED, declared_type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is


class FormulaDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["formula"]
    expression: ExpressionText
    result: Literal["number", "text", "boolean", "date", "datetime"] | None = None
    scale: int | None = Key(None, ge=0, le=8)
    format: Literal["number", "money", "percent"] | None = None


class Formula:
    """A value computed from others of the record; nobody types it."""

    name = "formula"
    options = FormulaDefinition

    def type(self, options: FormulaDefinition) -> Type:
        """The type of its values."""
        return declared_type(options.result, options.scale)

    def column(self, options: FormulaDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return None

    def coerce(self, value: Any, options: FormulaDefinition) -> Any:
        """The value that was meant."""
        raise Invalid("records.computed", COMPUTED)

    show = as_it_is
