"""A currency by its ISO 4217 code; an amount of money may name the field that holds its own."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.kind import FieldDefinition, Invalid
from lowcode.kernel.records.fields.shown import as_it_is

_TWO_PLACES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP "
    "CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES "
    "KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK "
    "NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB "
    "TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG"
)
_NO_PLACES = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_PLACES = "BHD IQD JOD KWD LYD OMR TND"
PLACES: dict[str, int] = {
    **dict.fromkeys(_TWO_PLACES.split(), 2),
    **dict.fromkeys(_NO_PLACES.split(), 0),
    **dict.fromkeys(_THREE_PLACES.split(), 3),
    "CLF": 4,
    "UYW": 4,
}
"""The decimal places of each currency in use (ISO 4217, as of January 2026)."""
SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$", "TWD": "NT$"}
"""What stands before an amount, each of one currency only; before others stands their code. The page has the same."""


def sign_of(currency: str) -> str:
    """What stands before an amount in a currency: `¥`, or `CHF ` where it has no sign that is its alone."""
    return SIGNS.get(currency, f"{currency} ")


def digits(value: Decimal, currency: str, scale: int) -> str:
    """The digits of an amount, grouped: all places of its currency, and more (up to `scale`) where it has more to say:
    1,200.00 and 0.0125 of CNY, 1,200 of JPY. Half goes away from zero."""
    cut = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    text = f"{cut if cut else abs(cut):,f}"
    whole, _, part = text.partition(".")
    least = min(PLACES.get(currency, 2), scale)
    part = part[:least] + part[least:].rstrip("0")
    return f"{whole}.{part}" if part else whole


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
