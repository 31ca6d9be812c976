"""Numbers, money, percents and periods in a person's language, in few characters where room is short: 12.3 万, 1.2M.

The page has the same rules (`web/packages/kit/src/format.ts`), for what it formats while a chart moves; a test holds
both against one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lowcode.kernel.currencies import digits, sign_of
from lowcode.kernel.diagnostics import localized

CHINESE_STEPS = ((Decimal(10) ** 8, Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, Decimal(10) ** 4, "万"))
ENGLISH_STEPS = (
    (Decimal(10) ** 9, Decimal(10) ** 9, "B"),
    (Decimal(10) ** 6, Decimal(10) ** 6, "M"),
    (Decimal(10) ** 4, Decimal(10) ** 3, "K"),
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Speech:
    """Who reads: the language, the currency of the app's amounts, and the zone of its clocks."""

    locale: str = "en"
    currency: str = "CNY"
    zone: tzinfo = UTC

    @property
    def chinese(self) -> bool:
        """Whether large numbers are counted in 万 and 亿."""
        return self.locale.lower().startswith("zh")

    @property
    def sign(self) -> str:
        """What stands before an amount."""
        return sign_of(self.currency)

    def words(self, text: Any) -> str:
        """A text in the reader's language."""
        return localized(text, self.locale)

    def say(self, chinese: str, english: str) -> str:
        """A word of the charts' own."""
        return chinese if self.chinese else english


def number(value: Decimal, places: int | None) -> str:
    """Exact, grouped; half away from zero."""
    if places is None:
        text = f"{value:,f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    cut = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{cut if cut else abs(cut):,f}"


def money(value: Decimal, speech: Speech, places: int = 2) -> str:
    """An amount with the sign of its currency."""
    text = digits(value, speech.currency, places)
    return f"-{speech.sign}{text[1:]}" if text.startswith("-") else speech.sign + text


def percent(value: Decimal, places: int = 1) -> str:
    """A share as percent."""
    return f"{number(value * 100, places)}%"


def short(value: Decimal, speech: Speech) -> str:
    """A large number in few characters."""
    size = abs(value)
    for limit, unit, mark in CHINESE_STEPS if speech.chinese else ENGLISH_STEPS:
        if size >= limit:
            text = number(value / unit, 0 if size / unit >= 100 else 1).removesuffix(".0").replace(",", "")
            return f"{text}{' ' if speech.chinese else ''}{mark}"
    return number(value, 0 if value == value.to_integral_value() else 2)


def exact(column: Mapping[str, Any], value: Any, speech: Speech) -> str:
    """A measure with every digit its column shows."""
    if value is None:
        return "—"
    if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
        return day(value, speech) if isinstance(value, date) else str(value)
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    if column.get("format") == "money":
        scale = column.get("scale")
        return money(amount, speech, 2 if scale is None else scale)
    if column.get("format") == "percent":
        return percent(amount)
    return number(amount, column.get("scale"))


def brief(column: Mapping[str, Any], value: Any, speech: Speech) -> str:
    """A measure where room is short."""
    if value is None or not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
        return exact(column, value, speech)
    amount = value if isinstance(value, Decimal) else Decimal(str(value))
    if column.get("format") == "percent":
        return percent(amount).replace(".0%", "%")
    if column.get("format") == "money":
        text = short(amount, speech)
        return f"-{speech.sign}{text[1:]}" if text.startswith("-") else speech.sign + text
    return short(amount, speech)


def day(value: date, speech: Speech) -> str:
    """A day on an axis; of an instant, the minute it is where the app is."""
    if isinstance(value, datetime):
        return f"{value.astimezone(speech.zone):%Y-%m-%d %H:%M}"
    return f"{value:%Y-%m-%d}"


def period(value: date, grain: str, speech: Speech) -> str:
    """The name of a period that begins on a day."""
    quarter, month = (value.month - 1) // 3 + 1, MONTHS[value.month - 1]
    match grain:
        case "year":
            return speech.say(f"{value.year}年", str(value.year))
        case "quarter":
            return speech.say(f"{value.year}年{quarter}季度", f"Q{quarter} {value.year}")
        case "month":
            return speech.say(f"{value.year}年{value.month}月", f"{month} {value.year}")
        case "week":
            return speech.say(f"{value.month}月{value.day}日周", f"wk {value.day} {month}")
        case _:
            return day(value, speech)
