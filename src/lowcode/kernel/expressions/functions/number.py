"""Functions of numbers. All exact; rounding is half away from zero."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Any

from lowcode.kernel.expressions.functions.declaration import Blanks, Function
from lowcode.kernel.expressions.types import Type
from lowcode.kernel.expressions.values import CUT, EXACT, STEPS, TWELVE, ZERO

HUGE = Decimal(10) ** 16


def to_places(value: Any, places: Any, rounding: str) -> Decimal:
    """The value cut or rounded to so many decimals; negative places round before the point."""
    if not -12 <= places <= 12:
        places = -12 if places < 0 else 12
    result = Decimal(value).quantize(STEPS[int(places)], rounding, EXACT)
    return result if places >= 0 else result.quantize(STEPS[0], context=EXACT)


def round_half_away(value: Any, places: Any = 0) -> Decimal:
    if type(value) is Decimal and type(places) is int and 0 <= places <= 12:
        return value.quantize(STEPS[places], ROUND_HALF_UP, EXACT)
    return to_places(value, places, ROUND_HALF_UP)


def multiple(value: Any, step: Any, rounding: str) -> Decimal | None:
    """The nearest multiple of step in the direction of rounding."""
    if not step:
        return None
    times = EXACT.divide(Decimal(value), abs(Decimal(step))).quantize(STEPS[0], rounding, EXACT)
    return EXACT.multiply(times, abs(Decimal(step)))


def modulo(value: Any, divisor: Any) -> Decimal | None:
    if not divisor:
        return None
    left, right = Decimal(value), Decimal(divisor)
    rest = EXACT.remainder(left, right)
    return rest + right if rest and (rest < 0) != (right < 0) else rest


def quotient(value: Any, divisor: Any) -> Decimal | None:
    return CUT.divide(Decimal(value), Decimal(divisor)).quantize(STEPS[0], ROUND_DOWN, CUT) if divisor else None


def bounded(value: Decimal) -> Decimal | None:
    return value.quantize(TWELVE, context=EXACT) if abs(value) < HUGE else None


def power(base: Any, exponent: Any) -> Decimal | None:
    base, exponent = Decimal(base), Decimal(exponent)
    whole = exponent == exponent.to_integral_value()
    if (base == 0 and exponent <= 0) or (base < 0 and not whole):
        return Decimal(1) if base == 0 and exponent == 0 else None
    digits = exponent * abs(base).log10(EXACT) if base else ZERO
    if abs(digits) > 40:  # far beyond what is kept, and slow to compute exactly
        return None if digits > 0 else ZERO
    return bounded(EXACT.power(base, exponent))


def square_root(value: Any) -> Decimal | None:
    return bounded(CUT.sqrt(Decimal(value))) if value >= 0 else None


def exponential(value: Any) -> Decimal | None:
    return None if value > 37 else Decimal(0) if value < -40 else bounded(EXACT.exp(Decimal(value)))


def natural_logarithm(value: Any) -> Decimal | None:
    return bounded(EXACT.ln(Decimal(value))) if value > 0 else None


def decimal_logarithm(value: Any) -> Decimal | None:
    return bounded(EXACT.log10(Decimal(value))) if value > 0 else None


def same(types: Sequence[Type], values: Sequence[Any]) -> Type:
    """The result keeps the decimals of the first argument."""
    return Type("number", scale=types[0].scale)


def places(types: Sequence[Type], values: Sequence[Any]) -> Type:
    """The result has the decimals asked for, when they are known."""
    if len(types) < 2:
        return Type("number", scale=0)
    if values[1] is None:
        return Type("number", scale=None)
    return Type("number", scale=min(12, max(0, int(values[1]))))


def widest(types: Sequence[Type], values: Sequence[Any]) -> Type:
    """The result has as many decimals as the longest argument."""
    scales = [one.scale for one in types]
    return Type("number", scale=None if None in scales else max(s for s in scales if s is not None))


def step(types: Sequence[Type], values: Sequence[Any]) -> Type:
    """The result has the decimals of the step."""
    return Type("number", scale=types[1].scale if len(types) > 1 else 0)


PARTIAL = Blanks.PARTIAL
FUNCTIONS = (
    Function("ABS", "value:number", same, abs, "The value without its sign."),
    Function("SIGN", "value:number", "integer", lambda value: (value > 0) - (value < 0), "1, 0 or -1."),
    Function("ROUND", "value:number, places:integer?", places, round_half_away, "Rounded, half away from zero."),
    Function(
        "ROUNDUP",
        "value:number, places:integer?",
        places,
        lambda value, places=0: to_places(value, places, ROUND_UP),
        "Rounded away from zero.",
    ),
    Function(
        "ROUNDDOWN",
        "value:number, places:integer?",
        places,
        lambda value, places=0: to_places(value, places, ROUND_DOWN),
        "Rounded towards zero.",
    ),
    Function(
        "TRUNC",
        "value:number, places:integer?",
        places,
        lambda value, places=0: to_places(value, places, ROUND_DOWN),
        "Cut off towards zero.",
    ),
    Function(
        "INT",
        "value:number",
        "integer",
        lambda value: to_places(value, 0, ROUND_FLOOR),
        "The whole number at or below.",
    ),
    Function(
        "CEILING",
        "value:number, step:number?",
        step,
        lambda value, step=1: multiple(value, step, ROUND_CEILING),
        "The multiple at or above.",
        PARTIAL,
    ),
    Function(
        "FLOOR",
        "value:number, step:number?",
        step,
        lambda value, step=1: multiple(value, step, ROUND_FLOOR),
        "The multiple at or below.",
        PARTIAL,
    ),
    Function(
        "MROUND",
        "value:number, step:number",
        step,
        lambda value, step: multiple(value, step, ROUND_HALF_UP),
        "The nearest multiple.",
        PARTIAL,
    ),
    Function("MOD", "value:number, divisor:number", widest, modulo, "The rest, with the sign of the divisor.", PARTIAL),
    Function("QUOTIENT", "value:number, divisor:number", "integer", quotient, "The whole part of a division.", PARTIAL),
    Function(
        "POWER",
        "base:number, exponent:number",
        "decimal",
        power,
        "The base raised to the exponent.",
        PARTIAL,
        javascript=False,
    ),
    Function("SQRT", "value:number", "decimal", square_root, "The square root.", PARTIAL),
    Function("EXP", "value:number", "decimal", exponential, "e raised to the value.", PARTIAL, javascript=False),
    Function("LN", "value:number", "decimal", natural_logarithm, "The natural logarithm.", PARTIAL, javascript=False),
    Function(
        "LOG10", "value:number", "decimal", decimal_logarithm, "The logarithm to base ten.", PARTIAL, javascript=False
    ),
)
