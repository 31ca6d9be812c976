"""An amount of money in the app's currency, or the one named (ISO 4217)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import Coerce, FieldDefinition, Plain
from lowcode.kernel.records.fields.numbers import decimal_of, plainly_number, short_number, within
from lowcode.kernel.records.fields.shown import as_decimal
from lowcode.kernel.storage.types import ScaledDecimal


class MoneyDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["money"]
    scale: int = Key(2, ge=0, le=4)
    min: Decimal | None = None
    max: Decimal | None = None
    currency: str | None = Key(None, pattern=r"^[A-Z]{3}$")
    currency_from: str | None = Key(None, description="The field of type currency beside it that says in what.")
    widget: Literal["number", "capitals"] = Key("number", description="capitals: with the amount in words, 大写金额.")


class Money:
    """An amount of money in the app's currency, or the one named (ISO 4217)."""

    name = "money"
    options = MoneyDefinition

    def type(self, options: MoneyDefinition) -> Type:
        """A number of known places."""
        return Type("number", scale=options.scale)

    def column(self, options: MoneyDefinition) -> TypeEngine[Any]:
        """Exact in both databases."""
        return ScaledDecimal(options.scale)

    def coerce(self, value: Any, options: MoneyDefinition) -> Any:
        """An exact decimal within its limits."""
        return within(decimal_of(value, options.scale), options.min, options.max)

    def coercer(self, options: MoneyDefinition) -> Coerce:
        """The same, by a short way."""
        return short_number(self.coerce, options, options.scale, options.min, options.max)

    def plain(self, options: MoneyDefinition) -> Plain:
        """A whole number as it is."""
        return plainly_number(options.scale, options.min, options.max)

    show = as_decimal
