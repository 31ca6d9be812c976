"""A number with a fixed count of decimal places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.definitions import Text
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import Coerce, FieldDefinition, Plain
from lowcode.kernel.records.fields.numbers import decimal_of, plainly_number, short_number, within
from lowcode.kernel.records.fields.shown import as_decimal
from lowcode.kernel.storage.types import ScaledDecimal


class NumberDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["number"]
    scale: int = Key(2, ge=0, le=8)
    min: Decimal | None = None
    max: Decimal | None = None
    step: Decimal | None = Key(None, gt=0, description="slider: the distance between two values.")
    widget: Literal["number", "slider", "progress"] = "number"
    unit: Text | None = None


class Number:
    """A number with a fixed count of decimal places."""

    name = "number"
    options = NumberDefinition

    def type(self, options: NumberDefinition) -> Type:
        """A number of known places."""
        return Type("number", scale=options.scale)

    def column(self, options: NumberDefinition) -> TypeEngine[Any]:
        """Exact in both databases."""
        return ScaledDecimal(options.scale)

    def coerce(self, value: Any, options: NumberDefinition) -> Any:
        """An exact decimal within its limits."""
        return within(decimal_of(value, options.scale), options.min, options.max)

    def coercer(self, options: NumberDefinition) -> Coerce:
        """The same, by a short way."""
        return short_number(self.coerce, options, options.scale, options.min, options.max)

    def plain(self, options: NumberDefinition) -> Plain:
        """A whole number as it is."""
        return plainly_number(options.scale, options.min, options.max)

    show = as_decimal
