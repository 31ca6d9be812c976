"""Numbers as people send them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from lowcode.kernel.records.fields.kind import Coerce, Invalid, Plain

NOT_NUMBER = {"en": "'{seen}' is not a number", "zh-CN": "“{seen}”不是数字"}
TOO_SMALL = {"en": "at least {limit}, not {seen}", "zh-CN": "至少为 {limit}，现为 {seen}"}
TOO_LARGE = {"en": "at most {limit}, not {seen}", "zh-CN": "最多为 {limit}，现为 {seen}"}
TOO_MANY_DIGITS = {
    "en": "{seen} has more than {digits} digits before the decimal point",
    "zh-CN": "{seen} 的整数部分多于 {digits} 位",
}
TOO_MANY_PLACES = {"en": "{seen} has more than {scale} decimal places", "zh-CN": "{seen} 的小数多于 {scale} 位"}
NOT_WHOLE = {"en": "{seen} is not a whole number", "zh-CN": "{seen} 不是整数"}
WHOLE_DIGITS = 15
"""A number and its places fit into 64 bits on SQLite with every scale that is allowed for amounts."""

_GROUPS = re.compile(r"(?<=\d)[,，](?=\d{3}(\D|$))")
LARGEST = Decimal(10**WHOLE_DIGITS) - Decimal("1e-8")
BINARY_NOISE = Decimal("1e-12")
"""How far 0.1 + 0.2 may be from 0.3: what a program adds up in binary is meant, and 1.5 pieces are not."""


def decimal_of(value: Any, scale: int, *, percent: bool = False) -> Decimal:
    """An exact decimal with at most `scale` places. Text may have thousands separators; a share may end in %."""
    if type(value) is Decimal:
        number = value
    elif type(value) is int:
        number = Decimal(value)
    elif isinstance(value, (str, float)) and not isinstance(value, bool):
        text = str(value).strip()
        if not text.isascii() or "," in text:
            text = _GROUPS.sub("", text.replace("％", "%"))
        is_share = percent and text.endswith("%")
        try:
            number = Decimal(text.removesuffix("%")) / 100 if is_share else Decimal(text)
        except InvalidOperation:
            raise Invalid("records.not-number", NOT_NUMBER, seen=value) from None
    else:
        raise Invalid("records.not-number", NOT_NUMBER, seen=value)
    if not number.is_finite():
        raise Invalid("records.not-number", NOT_NUMBER, seen=value)
    if number.adjusted() >= WHOLE_DIGITS:
        raise Invalid("records.too-many-digits", TOO_MANY_DIGITS, seen=str(value)[:60], digits=WHOLE_DIGITS)
    rounded = number.quantize(_step(scale), ROUND_HALF_UP)
    if rounded != number:
        noise = abs(number) * BINARY_NOISE if isinstance(value, float) else 0
        if abs(rounded - number) > noise:
            told = TOO_MANY_PLACES if scale else NOT_WHOLE
            raise Invalid("records.too-many-places", told, seen=value, scale=scale)
    return rounded


@lru_cache(maxsize=50)
def _step(scale: int) -> Decimal:
    """The smallest difference of numbers with so many places."""
    return Decimal(1).scaleb(-scale)


def plainly(number: Any) -> str:
    """A number as people write it, without zeros at its end."""
    found = Decimal(number)
    return f"{found.normalize():f}" if found else "0"


def within(number: Decimal, least: Any, most: Any) -> Decimal:
    """The number, if it lies within its limits."""
    if least is not None and number < least:
        raise Invalid("records.too-small", TOO_SMALL, limit=plainly(least), seen=plainly(number))
    if most is not None and number > most:
        raise Invalid("records.too-large", TOO_LARGE, limit=plainly(most), seen=plainly(number))
    return number


def plainly_number(scale: int, least: Any, most: Any) -> Plain:
    """A whole number within its limits."""
    low = math.ceil(-LARGEST if least is None else max(-LARGEST, Decimal(least)))
    high = math.floor(LARGEST if most is None else min(LARGEST, Decimal(most)))
    made = "{decimal}(v).quantize({step})" if scale else "{decimal}(v)"
    names = {"decimal": Decimal, "step": _step(scale)} if scale else {"decimal": Decimal}
    return Plain(f"v.__class__ is int and {low} <= v <= {high}", made, names)


def short_number(coerce: Callable[[Any, Any], Any], options: Any, scale: int, least: Any, most: Any) -> Coerce:
    """The short way to make values of a field of numbers: a whole number, a decimal, or plain digits in text that have
    no more places than the field and lie within its limits."""
    step = _step(scale)
    low = -LARGEST if least is None else max(-LARGEST, Decimal(least))
    high = LARGEST if most is None else min(LARGEST, Decimal(most))

    def made(value: Any) -> Any:
        if value.__class__ in (str, int, Decimal):
            try:
                number = Decimal(value)
                rounded = number.quantize(step)
                if rounded == number and low <= rounded <= high:
                    return rounded
            except InvalidOperation:
                pass
        return coerce(value, options)

    return made
