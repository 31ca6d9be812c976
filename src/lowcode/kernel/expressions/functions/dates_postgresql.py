"""Functions of dates and times in PostgreSQL; the zone is a parameter of the statement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lowcode.kernel.expressions.functions.dates import SPANS

PERIODS = {"days": "day", "weeks": "week", "months": "month", "quarters": "quarter", "years": "year"}


def interval(sql: Any, unit: str, count: Any) -> Any:
    """So many months, days or seconds as an interval."""
    zero = sql.literal(0)
    places = {"months": (zero, count), "days": (zero, zero, zero, count)}
    if unit in places:
        return sql.func.make_interval(*places[unit])
    return sql.func.make_interval(zero, zero, zero, zero, zero, zero, count)


def part(name: str) -> Callable[..., Any]:
    """A part of the day of a date or instant."""
    return lambda sql, types, x: sql.func.date_part(name, sql.day(x, types[0]))


def clock(name: str) -> Callable[..., Any]:
    return lambda sql, types, x: sql.func.floor(sql.number(sql.func.date_part(name, sql.local(x, types[0]))))


def date_add(sql: Any, types: Any, x: Any, count: Any, unit: str) -> Any:
    base, factor = SPANS.get(unit, (unit, 1))
    amount = sql.cast(sql.func.trunc(count) * factor, sql.Integer)
    if base == "seconds":
        return x + interval(sql, base, amount)
    if types[0].kind == "datetime":
        return sql.func.timezone(sql.zone(), sql.local(x, types[0]) + interval(sql, base, amount))
    return x + amount if base == "days" else sql.cast(x + interval(sql, base, amount), sql.Date)


def months_between(sql: Any, start: Any, end: Any) -> Any:
    def months(day: Any) -> Any:
        return sql.func.date_part("year", day) * 12 + sql.func.date_part("month", day)

    early = sql.case((sql.func.date_part("day", end) < sql.func.date_part("day", start), 1), else_=0)
    return months(end) - months(start) - early


def date_difference(sql: Any, types: Any, start: Any, end: Any, unit: str) -> Any:
    base, factor = SPANS.get(unit, (unit, 1))
    if base == "seconds":
        seconds = sql.seconds(end - start)
        return sql.func.trunc(sql.func.trunc(seconds) / factor)
    first, last = sql.day(start, types[0]), sql.day(end, types[1])
    if base == "days":
        return sql.func.div(sql.number(last - first), sql.number(factor))
    count = sql.case((last >= first, months_between(sql, first, last)), else_=-months_between(sql, last, first))
    return sql.func.div(sql.number(count), sql.number(factor))


def start_of(sql: Any, types: Any, x: Any, unit: str) -> Any:
    return sql.cast(sql.func.date_trunc(PERIODS[unit], sql.cast(sql.day(x, types[0]), sql.Timestamp)), sql.Date)


def end_of(sql: Any, types: Any, x: Any, unit: str) -> Any:
    base, factor = SPANS.get(unit, (unit, 1))
    following = start_of(sql, types, x, unit) + interval(sql, base, sql.literal(factor))
    return sql.cast(following, sql.Date) - 1


def end_of_month(sql: Any, types: Any, x: Any, months: Any = None) -> Any:
    count = sql.literal(1) if months is None else sql.whole(months) + 1
    first = sql.func.date_trunc("month", sql.cast(x, sql.Timestamp)) + interval(sql, "months", count)
    return sql.cast(first, sql.Date) - 1


def make_date(sql: Any, types: Any, year: Any, month: Any, day: Any) -> Any:
    y, m, d = (sql.whole(one) for one in (year, month, day))
    begin = sql.func.make_date(y, m, 1)
    length = sql.func.date_part(
        "day", begin + interval(sql, "months", sql.literal(1)) - interval(sql, "days", sql.literal(1))
    )
    inner = sql.case((d <= length, sql.func.make_date(y, m, d)), else_=sql.null())
    return sql.case((sql.and_(y.between(1, 9999), m.between(1, 12), d >= 1), inner), else_=sql.null())


def date_value(sql: Any, types: Any, x: Any) -> Any:
    text = sql.func.btrim(x, " \t\n\r")
    pieces = [sql.number(sql.func.substr(text, at, size)) for at, size in ((1, 4), (6, 2), (9, 2))]
    return sql.case((text.op("~")("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), make_date(sql, types, *pieces)), else_=sql.null())


def make_time(sql: Any, types: Any, hour: Any, minute: Any, second: Any = None) -> Any:
    h, m = sql.whole(hour), sql.whole(minute)
    s = sql.literal(0) if second is None else sql.whole(second)
    valid = sql.and_(h.between(0, 23), m.between(0, 59), s.between(0, 59))
    return sql.case((valid, sql.func.make_time(h, m, s)), else_=sql.null())


def weekday(sql: Any, types: Any, x: Any, kind: Any = None) -> Any:
    number = sql.number(sql.func.date_part("isodow", sql.day(x, types[0])))
    sunday = sql.func.mod(number, sql.number(7)) + 1
    if kind is None:
        return sunday
    return sql.case((kind == 1, sunday), (kind == 2, number), (kind == 3, number - 1), else_=sql.null())


def next_anniversary(sql: Any, types: Any, day: Any, today: Any) -> Any:
    def moved(extra: int) -> Any:
        years = sql.func.date_part("year", today) - sql.func.date_part("year", day) + extra
        months = sql.cast(years * 12, sql.Integer)
        return sql.cast(day + interval(sql, "months", months), sql.Date)

    return sql.case((moved(0) >= today, moved(0)), else_=moved(1))


LOWERINGS: dict[str, Callable[..., Any]] = {
    "DATE": make_date,
    "TIME": make_time,
    "YEAR": part("year"),
    "MONTH": part("month"),
    "DAY": part("day"),
    "HOUR": clock("hour"),
    "MINUTE": clock("minute"),
    "SECOND": clock("second"),
    "TODATE": lambda sql, types, x: sql.day(x, types[0]),
    "WEEKDAY": weekday,
    "ISOWEEK": part("week"),
    "QUARTER": part("quarter"),
    "DATEADD": date_add,
    "EOMONTH": end_of_month,
    "STARTOF": start_of,
    "ENDOF": end_of,
    "DATEDIF": date_difference,
    "DAYS": lambda sql, types, end, start: sql.day(end, types[0]) - sql.day(start, types[1]),
    "NEXTANNIVERSARY": next_anniversary,
    "DATEVALUE": date_value,
    "DAYSTART": lambda sql, types, day: sql.func.timezone(sql.zone(), sql.cast(day, sql.Timestamp)),
}
