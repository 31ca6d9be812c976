"""A whole number."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.definitions import Text
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import Coerce, FieldDefinition, Plain
from lowcode.kernel.records.fields.numbers import decimal_of, plainly_number, short_number, within
from lowcode.kernel.records.fields.shown import as_whole
from lowcode.kernel.storage.types import ScaledDecimal


class IntegerDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["integer"]
    min: int | None = None
    max: int | None = None
    step: int | None = Key(None, gt=0, description="slider: the distance between two values.")
    widget: Literal["number", "slider", "progress"] = "number"
    unit: Text | None = None


class Integer:
    """A whole number."""

    name = "integer"
    options = IntegerDefinition

    def type(self, options: IntegerDefinition) -> Type:
        """A number of known places."""
        return Type("number", scale=0)

    def column(self, options: IntegerDefinition) -> TypeEngine[Any]:
        """Exact in both databases."""
        return ScaledDecimal(0)

    def coerce(self, value: Any, options: IntegerDefinition) -> Any:
        """An exact decimal within its limits."""
        return within(decimal_of(value, 0), options.min, options.max)

    def coercer(self, options: IntegerDefinition) -> Coerce:
        """The same, by a short way."""
        return short_number(self.coerce, options, 0, options.min, options.max)

    def plain(self, options: IntegerDefinition) -> Plain:
        """A whole number as it is."""
        return plainly_number(0, options.min, options.max)

    show = as_whole
