"""A currency by its ISO 4217 code; an amount of money may name the field that holds its own."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.currencies import PLACES
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is

NOT_CURRENCY = {"en": "'{seen}' is not a currency: {known}", "zh-CN": "“{seen}”不是货币：{known}"}
USUAL = ("CNY", "USD", "EUR", "GBP", "HKD", "JPY")


class CurrencyDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["currency"]
    currencies: list[str] | None = Key(None, min_length=1, description="The codes that may be chosen; all by default.")


class Currency:
    """A currency by its ISO 4217 code."""

    name = "currency"
    options = CurrencyDefinition

    def type(self, options: CurrencyDefinition) -> Type:
        """One of the codes."""
        return Type("choice", options=tuple(options.currencies or sorted(PLACES)))

    def column(self, options: CurrencyDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: CurrencyDefinition) -> Any:
        """The code in capitals, if it may be chosen."""
        code = str(value).strip().upper()
        known = options.currencies or PLACES
        if code not in known or code not in PLACES:
            usual = ", ".join(options.currencies or USUAL)
            raise Invalid("records.not-currency", NOT_CURRENCY, seen=value, known=usual)
        return code

    show = as_it_is
