"""Functions between numbers, dates and texts."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lowcode.kernel.expressions.functions.dates import local_time
from lowcode.kernel.expressions.functions.declaration import Blanks, Function
from lowcode.kernel.expressions.functions.number import to_places
from lowcode.kernel.expressions.moment import Moment

NUMBER = re.compile(r"[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]{1,12})?", re.ASCII)
DATE_PARTS = re.compile(r"YYYY|YY|MM|M|DD|D|HH|H|mm|m|ss|s|[^YMDHms]+|.")


def parse_number(text: str) -> Decimal | None:
    stripped = text.strip(" ")
    if not NUMBER.fullmatch(stripped) or len(stripped) > 29:
        return None
    return Decimal(stripped.replace(",", ""))


def number_as(value: Any, pattern: str) -> str | None:
    """A number after a pattern of 0 # , . % with text around it."""
    found = re.search(r"[0#,]+(?:\.[0#]+)?", pattern)
    if found is None:
        return pattern or None
    shape = found.group()
    whole, _, fraction = shape.partition(".")
    percent = "%" in pattern
    scaled = Decimal(value) * 100 if percent else Decimal(value)
    cut = to_places(scaled, min(len(fraction), 12), "ROUND_HALF_UP")
    digits, _, decimals = format(abs(cut), "f").partition(".")
    decimals = decimals.ljust(len(fraction), "0")
    while decimals and fraction[len(decimals) - 1] == "#" and decimals[-1] == "0":
        decimals = decimals[:-1]
    digits = digits.rjust(whole.replace(",", "").count("0"), "0")
    if "," in whole:
        head = len(digits) % 3
        groups = ([digits[:head]] if head else []) + [digits[i : i + 3] for i in range(head, len(digits), 3)]
        digits = ",".join(groups)
    if digits == "0" and "0" not in whole:
        digits = ""
    text = digits + ("." + decimals if decimals else "")
    return (pattern[: found.start()] + ("-" if cut < 0 else "") + text + pattern[found.end() :]) or None


def date_as(value: Any, pattern: str) -> str | None:
    """A date or time after a pattern of YYYY MM DD HH mm ss."""
    day = value if isinstance(value, date) else None
    clock = value if isinstance(value, (datetime, time)) else None
    parts = {
        "YYYY": (day, "year", 4),
        "YY": (day, "year", 2),
        "MM": (day, "month", 2),
        "M": (day, "month", 1),
        "DD": (day, "day", 2),
        "D": (day, "day", 1),
        "HH": (clock, "hour", 2),
        "H": (clock, "hour", 1),
        "mm": (clock, "minute", 2),
        "m": (clock, "minute", 1),
        "ss": (clock, "second", 2),
        "s": (clock, "second", 1),
    }
    out = []
    for piece in DATE_PARTS.findall(pattern):
        if piece not in parts:
            out.append(piece)
            continue
        source, name, width = parts[piece]
        number = getattr(source, name) if source is not None else 0
        out.append(str(number % 100 if piece == "YY" else number).rjust(width, "0"))
    return "".join(out) or None


def as_text(moment: Moment, value: Any, pattern: str) -> str | None:
    if isinstance(value, (date, time)):
        return date_as(local_time(moment, value), pattern)
    return number_as(value, pattern)


def fixed(value: Any, places: Any = 2) -> str | None:
    count = int(min(max(places, 0), 12))
    return number_as(value, "#,##0" + ("." + "0" * count if count else ""))


DIGITS = "零壹贰叁肆伍陆柒捌玖"


def chinese_section(number: int) -> str:
    """Four digits in capitals, zeros inside said once."""
    out, zero = "", False
    for place, unit in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // place % 10
        if digit:
            out += ("零" if zero and out else "") + DIGITS[digit] + unit
            zero = False
        else:
            zero = True
    return out


def chinese_capitals(value: Any) -> str | None:
    """An amount of money in Chinese capitals, as contracts and receipts need it."""
    cents = int(to_places(value, 2, "ROUND_HALF_UP") * 100)
    sign, cents = ("负" if cents < 0 else ""), abs(cents)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    if yuan >= 10**16:
        return None
    out, gap = "", False
    for place, unit in ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"), (1, "")):
        section = yuan // place % 10**4
        if section:
            out += ("零" if out and (gap or section < 1000) else "") + chinese_section(section) + unit
        gap = bool(out) and section % 10 == 0
    if out:
        out += "元"
    if not jiao and not fen:
        return sign + (out or "零元") + "整"
    if jiao:
        out += ("零" if out and yuan % 10 == 0 else "") + DIGITS[jiao] + "角"
    elif out:
        out += "零"
    return sign + out + (DIGITS[fen] + "分" if fen else "整")


PARTIAL = Blanks.PARTIAL
FUNCTIONS = (
    Function("VALUE", "text:text", "number", parse_number, "The number written in a text, or blank.", PARTIAL),
    Function(
        "TEXT",
        "value:number|date|datetime|time, format:text",
        "text",
        as_text,
        "A value written after a pattern such as #,##0.00 or YYYY-MM-DD.",
        PARTIAL,
        uses_moment=True,
    ),
    Function("FIXED", "value:number, places:integer?", "text", fixed, "With thousands and fixed decimals.", PARTIAL),
    Function("CNUPPER", "value:number", "text", chinese_capitals, "An amount in Chinese capitals.", PARTIAL),
)
