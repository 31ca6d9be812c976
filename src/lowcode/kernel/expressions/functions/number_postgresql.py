"""Functions of numbers in PostgreSQL, on NUMERIC alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def multiple_below(sql: Any, x: Any, step: Any) -> Any:
    """The multiple at or below; blank for a step of zero."""
    size = sql.func.abs(sql.func.nullif(step, sql.number(0)))
    return x - sql.func.mod(sql.func.mod(x, size) + size, size)


def multiple_above(sql: Any, types: Any, x: Any, step: Any = None) -> Any:
    return -multiple_below(sql, -x, sql.number(1) if step is None else step)


def nearest_multiple(sql: Any, types: Any, x: Any, step: Any) -> Any:
    size = sql.func.abs(step)
    return sql.func.sign(x) * multiple_below(sql, sql.func.abs(x) + size * sql.number("0.5"), step)


def modulo(sql: Any, types: Any, x: Any, y: Any) -> Any:
    divisor = sql.func.nullif(y, sql.number(0))
    return sql.func.mod(sql.func.mod(x, divisor) + divisor, divisor)


def rounded_up(sql: Any, types: Any, x: Any, places: Any = None) -> Any:
    count = sql.literal(0) if places is None else sql.whole(places)
    cut = sql.func.trunc(x, count)
    step = sql.func.sign(x) * sql.func.power(sql.number(10), -sql.number(count))
    return cut + sql.case((cut != x, step), else_=sql.number(0))


def with_places(name: str) -> Callable[..., Any]:
    def made(sql: Any, types: Any, x: Any, places: Any = None) -> Any:
        return getattr(sql.func, name)(x, sql.literal(0) if places is None else sql.whole(places))

    return made


def wide(sql: Any, x: Any) -> Any:
    """The same number with thirty decimals, so that transcendental functions keep as many."""
    return sql.func.round(x, 30)


def bounded(sql: Any, x: Any) -> Any:
    return sql.case((sql.func.abs(x) < sql.number(10**16), sql.func.round(x, 12)), else_=sql.null())


def power(sql: Any, types: Any, x: Any, y: Any) -> Any:
    zero = sql.number(0)
    size = y * sql.func.log(sql.func.nullif(sql.func.abs(x), zero))
    raised = bounded(sql, sql.func.power(wide(sql, x), y))
    return sql.case(
        (sql.and_(x == zero, y < zero), sql.null()),
        (sql.and_(x == zero, y == zero), sql.number(1)),
        (x == zero, zero),
        (sql.and_(x < zero, y != sql.func.trunc(y)), sql.null()),
        (size > sql.number(17), sql.null()),
        (size < sql.number(-14), zero),
        else_=raised,
    )


def when_positive(name: str, sign: str = ">") -> Callable[..., Any]:
    def made(sql: Any, types: Any, x: Any) -> Any:
        zero = sql.number(0)
        holds = x > zero if sign == ">" else x >= zero
        return sql.case((holds, sql.func.round(getattr(sql.func, name)(wide(sql, x)), 12)), else_=sql.null())

    return made


def exponential(sql: Any, types: Any, x: Any) -> Any:
    return sql.case(
        (x > sql.number(37), sql.null()),
        (x < sql.number(-40), sql.number(0)),
        else_=bounded(sql, sql.func.exp(wide(sql, x))),
    )


LOWERINGS: dict[str, Callable[..., Any]] = {
    "ABS": lambda sql, types, x: sql.func.abs(x),
    "SIGN": lambda sql, types, x: sql.func.sign(x),
    "ROUND": with_places("round"),
    "ROUNDDOWN": with_places("trunc"),
    "TRUNC": with_places("trunc"),
    "ROUNDUP": rounded_up,
    "INT": lambda sql, types, x: sql.func.floor(x),
    "CEILING": multiple_above,
    "FLOOR": lambda sql, types, x, step=None: multiple_below(sql, x, sql.number(1) if step is None else step),
    "MROUND": nearest_multiple,
    "MOD": modulo,
    "QUOTIENT": lambda sql, types, x, y: sql.func.div(x, sql.func.nullif(y, sql.number(0))),
    "POWER": power,
    "SQRT": when_positive("sqrt", ">="),
    "EXP": exponential,
    "LN": when_positive("ln"),
    "LOG10": when_positive("log"),
}
