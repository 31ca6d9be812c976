"""Amounts of money as they are written: the sign of a currency, its decimal places, digits in groups."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext

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
    with localcontext(prec=max(28, value.adjusted() + scale + 2)):
        cut = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    text = f"{cut if cut else abs(cut):,f}"
    whole, _, part = text.partition(".")
    least = min(PLACES.get(currency, 2), scale)
    part = part[:least] + part[least:].rstrip("0")
    return f"{whole}.{part}" if part else whole


def amount_of(value: Decimal | int, currency: str, scale: int) -> str:
    """An amount with its sign, after its minus: `-¥1,200.00`."""
    text, sign = digits(Decimal(value), currency, scale), sign_of(currency)
    return f"-{sign}{text[1:]}" if text.startswith("-") else f"{sign}{text}"
