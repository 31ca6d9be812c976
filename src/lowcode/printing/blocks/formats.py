"""How values look in a language: numbers, money, dates, choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

import orjson

from lowcode.kernel.currencies import PLACES, digits, sign_of
from lowcode.kernel.diagnostics import Text, localized
from lowcode.printing.blocks.amounts import amount_in_words

Format = Literal[
    "auto", "plain", "number", "integer", "money", "percent", "date", "iso", "datetime", "time", "text", "words"
]
ON_PAPER = {"USD": "US$"}
"""A paper goes to people abroad, who have dollars of their own."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Locale:
    """The language of a paper, the zone its clock times are told in, and the currency of its amounts."""

    tag: str
    zone: ZoneInfo
    currency: str = "CNY"
    departments: Mapping[str, str] = field(default_factory=dict)
    """What departments are called, by their keys."""
    links: Mapping[str, str] = field(default_factory=dict)
    """What records are called that a field names together with their form (`customer/12`)."""

    @property
    def chinese(self) -> bool:
        """Whether the paper is in Chinese."""
        return self.tag.lower().startswith("zh")


def sign_on_paper(currency: str) -> str:
    """What stands before an amount in a currency."""
    return ON_PAPER.get(currency) or sign_of(currency)


def show(
    value: Any, form: Format, locale: Locale, options: Mapping[str, Text] | None = None, scale: int | None = None
) -> str:
    """A value as the reader of a paper sees it; a blank is nothing. `scale`: the places an amount has at most, where it
    may have more than its currency."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return ("是" if value else "否") if locale.chinese else ("Yes" if value else "No")
    if isinstance(value, (int, Decimal)):
        return _number(Decimal(value), form, locale, scale)
    if isinstance(value, datetime):
        return _instant(value, form, locale)
    if isinstance(value, date):
        return _day(value, form, locale)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, (list, tuple, set, frozenset)):
        parts = [show(each, form, locale, options) for each in value]
        return ("、" if locale.chinese else ", ").join(parts)
    if isinstance(value, Mapping):
        return orjson.dumps(value, default=str).decode()
    titles = options or {}
    return localized(titles[value], locale.tag) if value in titles else str(value)


def _number(value: Decimal, form: Format, locale: Locale, scale: int | None) -> str:
    if form == "words":
        return amount_in_words(value, locale.tag, locale.currency)
    if form == "money":
        amount = digits(value, locale.currency, PLACES.get(locale.currency, 2) if scale is None else scale)
        return f"{'-' * amount.startswith('-')}{sign_on_paper(locale.currency)}{amount.removeprefix('-')}"
    if form == "percent":
        return f"{_trim(_cut(value * 100, 2))}%"
    if form == "integer":
        return f"{_cut(value, 0):,f}"
    if form == "number":
        return f"{_cut(value, 2):,f}"
    if form == "plain":
        return _trim(value)
    return _trim(value, grouped=True)


def _cut(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _trim(value: Decimal, grouped: bool = False) -> str:
    text = f"{value:,f}" if grouped else f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _instant(value: datetime, form: Format, locale: Locale) -> str:
    local = value.astimezone(locale.zone)
    if form in ("date", "iso"):
        return _day(local.date(), form, locale)
    if form == "time":
        return local.strftime("%H:%M")
    return f"{_day(local.date(), 'auto', locale)} {local:%H:%M}"


def _day(value: date, form: Format, locale: Locale) -> str:
    if form == "iso":
        return value.isoformat()
    if locale.chinese:
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
