"""Exact numbers and plain texts: the arithmetic every back end must agree with."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import Any

from lowcode.kernel.expressions.moment import instant_text

CUT = Context(prec=80, rounding=ROUND_DOWN)
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
STEPS = {places: Decimal(1).scaleb(-places) for places in range(-20, 21)}
TWELVE = STEPS[12]
ZERO = Decimal(0)


def multiply(left: Any, right: Any) -> Any:
    """The product, rounded to twelve decimals when it has more."""
    product = EXACT.multiply(left, right)
    short = product.quantize(TWELVE, ROUND_HALF_UP, EXACT)
    return product if short == product else short


def divide(left: Any, right: Any) -> Decimal | None:
    """The quotient with twelve decimals; blank when the divisor is zero."""
    if not right:
        return None
    return CUT.divide(Decimal(left), Decimal(right)).quantize(TWELVE, context=EXACT)


def rounded(value: Any, places: int = 0) -> Decimal:
    """The value with so many decimals, half away from zero."""
    step = STEPS[places]
    return (value if type(value) is Decimal else Decimal(value)).quantize(step, ROUND_HALF_UP, EXACT)


def number_text(value: Any) -> str:
    """A number as people write it: no exponent, no trailing zeros."""
    if isinstance(value, int):
        return str(value)
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def to_text(value: Any) -> str:
    """Any value as text; blank is nothing."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return number_text(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable):
        return ", ".join(to_text(one) for one in value)
    return str(value)


def joined(*values: Any) -> str | None:
    """Texts one after the other; nothing at all is blank."""
    return "".join([to_text(one) for one in values]) or None
