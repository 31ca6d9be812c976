"""A share, stored as a fraction: 0.1 is 10 %."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import Coerce, FieldDefinition, Invalid, Plain
from lowcode.kernel.records.fields.numbers import decimal_of, plainly, plainly_number, short_number, within
from lowcode.kernel.records.fields.shown import as_decimal
from lowcode.kernel.storage.types import ScaledDecimal


class PercentDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["percent"]
    scale: int = Key(4, ge=0, le=8)
    min: Decimal | None = Decimal(0)
    max: Decimal | None = None
    step: Decimal | None = Key(None, gt=0, description="slider: the distance between two values.")
    widget: Literal["number", "slider", "progress"] = "number"


class Percent:
    """A share, stored as a fraction: 0.1 is 10 %."""

    name = "percent"
    options = PercentDefinition

    def type(self, options: PercentDefinition) -> Type:
        """A number of known places."""
        return Type("number", scale=options.scale)

    def column(self, options: PercentDefinition) -> TypeEngine[Any]:
        """Exact in both databases."""
        return ScaledDecimal(options.scale)

    def coerce(self, value: Any, options: PercentDefinition) -> Any:
        """An exact decimal within its limits."""
        try:
            return within(decimal_of(value, options.scale, percent=True), options.min, options.max)
        except Invalid as wrong:
            raise _in_percent(wrong, value) from None

    def coercer(self, options: PercentDefinition) -> Coerce:
        """The same, by a short way."""
        return short_number(self.coerce, options, options.scale, options.min, options.max)

    def plain(self, options: PercentDefinition) -> Plain:
        """A whole number as it is."""
        return plainly_number(options.scale, options.min, options.max)

    show = as_decimal


def _in_percent(wrong: Invalid, sent: Any) -> Invalid:
    """What is wrong with a share, in percent as people see and type it."""
    if wrong.code in ("records.too-small", "records.too-large"):
        told = {key: f"{plainly(Decimal(each) * 100)}%" for key, each in wrong.values.items()}
    elif wrong.code == "records.too-many-places":
        text = str(sent).strip().replace("％", "%")
        seen = text if text.endswith("%") else f"{plainly(Decimal(text) * 100)}%"
        told = {"seen": seen, "scale": max(0, wrong.values["scale"] - 2)}
    else:
        return wrong
    return Invalid(wrong.code, wrong.message, **told)
