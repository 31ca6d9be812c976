"""Days of dates and instants in SQLite's own words, so that grouping a million rows by months calls no Python for each.

A date is ISO text, and most of what is asked of it is a piece of that text. An instant is UTC text, and its day is that
of a zone that comes with the statement: SQLite asks once per statement for the latest changes of that zone's clocks
(`told`) and adds what was in force. An instant before or after those, and a span that could leave the calendar, is left
to the Python function, row by row; so is every call that is not in `CALLS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Integer, Text, bindparam, case, cast, func, literal_column, select

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.functions.dates import SPANS
from lowcode.kernel.expressions.rewrite import ours
from lowcode.kernel.expressions.sql.sqlite_clocks import CHANGES, ZONE_NAME
from lowcode.kernel.expressions.sql.truth import Element

if TYPE_CHECKING:
    from lowcode.kernel.expressions.sql.sqlite import SqliteLowering

FIRST, LAST = "0500-01-01", "9500-01-01"
"""Days between which spans stay within the calendar, however many of them stand in one expression."""
LARGEST = {"days": 3650, "months": 120}
LONG = frozenset({"months", "quarters", "years"})
"""Periods that begin with a month."""
QUARTERS = ("01-01", "04-01", "07-01", "10-01")


def word(text: str) -> Element:
    """A word of ours, written into the statement."""
    return literal_column(f"'{text}'", Text)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as SQLite's date functions take it: a text, what it is changed by, and where Python is asked instead."""

    text: Element
    changes: tuple[Element, ...] = ()
    unless: tuple[Element, ...] = ()
    whole: bool = True
    """Whether the text is a date, and no instant."""

    def changed(self, *words: str, unless: tuple[Element, ...] = ()) -> Day:
        """The day with more changes."""
        return Day(self.text, (*self.changes, *map(word, words)), (*self.unless, *unless), self.whole)

    def part(self, sign: str, begin: int, size: int) -> Element:
        """A part of it as text: a piece where it is a date as it stands."""
        if self.whole and not self.changes:
            return func.substr(self.text, begin, size)
        return func.strftime(word(f"%{sign}"), self.text, *self.changes)

    @property
    def date(self) -> Element:
        """It as ISO text."""
        return self.text if self.whole and not self.changes else func.date(self.text, *self.changes)


Found = tuple[Element, tuple[Element, ...]]
Native = Callable[["SqliteLowering", n.Call], Found | None]


def day_of(sql: SqliteLowering, node: n.Node) -> Day | None:
    """A date, or the day of an instant; None where Python has to work it out."""
    if isinstance(node, n.Call) and ours(node, node.function):
        match node.function:
            case "TODATE":
                return day_of(sql, node.items[0])
            case "STARTOF":
                return _start(sql, node)
            case "DATEADD":
                return _moved(sql, node)
    if not isinstance(node, (n.Field, n.Now, n.Variable)):
        return None
    if node.type.kind == "date":
        return Day(sql.value(node))
    if node.type.kind != "datetime":
        return None
    instant = sql.value(node)
    outside = (instant >= told("until"), instant < told("from"))
    return Day(func.substr(instant, 1, 19), (_offset(instant),), outside, whole=False)


def told(what: str) -> Element:
    """Something of the zone's clocks, asked once per statement."""
    zone, today = bindparam("moment_zone", type_=Text), bindparam("moment_today", type_=Text)
    return select(getattr(func, ZONE_NAME)(zone, today, word(what))).scalar_subquery()


def _offset(instant: Element) -> Element:
    """What is to be added to an instant: what has been in force since the latest change before it."""
    held = [(instant >= told(f"since {place}"), told(f"offset {place}")) for place in range(CHANGES - 1)]
    return case(*held, else_=told(f"offset {CHANGES - 1}"))


def _constant(node: n.Node) -> Any:
    return node.value if isinstance(node, n.Constant) else None


def _start(sql: SqliteLowering, node: n.Call) -> Day | None:
    """The first day of a period, by what changes a day into it; of a quarter see `_start_text`."""
    first, unit = node.items[0], _constant(node.items[1])
    if unit in LONG and (span := _span(first)) is not None and span[1] == "months" and isinstance(first, n.Call):
        before = day_of(sql, first.items[0])  # whichever day of the month it was, the period is the same
        day = None if before is None else _by(before.changed("start of month"), *span)
    else:
        day = day_of(sql, first)
    if day is None:
        return None
    match unit:
        case "days":
            return day
        case "weeks":
            return day.changed("-6 days", "weekday 1")
        case "months":
            return day.changed("start of month")
        case "years":
            return day.changed("start of year")
        case "quarters":
            month = day.part("m", 6, 2)
            back = {f"{each:02}": word(f"-{(each - 1) % 3} months") for each in range(1, 13)}
            begun = day.changed("start of month")
            return Day(begun.text, (*begun.changes, case(back, value=month)), begun.unless, begun.whole)
        case _:
            return None


def _start_text(sql: SqliteLowering, node: n.Call) -> Found | None:
    """The same, as pieces of text where it is of a date as it stands."""
    day, unit = day_of(sql, node.items[0]), _constant(node.items[1])
    if day is not None and day.whole and not day.changes:
        match unit:
            case "months":
                return func.substr(day.text, 1, 8).concat(word("01")), day.unless
            case "years":
                return func.substr(day.text, 1, 5).concat(word("01-01")), day.unless
            case "quarters":
                begins = {f"{each:02}": word(QUARTERS[(each - 1) // 3]) for each in range(1, 13)}
                return func.substr(day.text, 1, 5).concat(case(begins, value=func.substr(day.text, 6, 2))), day.unless
    return _text(_start(sql, node))


def _moved(sql: SqliteLowering, node: n.Call) -> Day | None:
    """A day so many days later; or so many months, from a day that every month has."""
    span = _span(node)
    if span is None or (span[1] == "months" and not _begins(node.items[0])):
        return None
    day = day_of(sql, node.items[0])
    return None if day is None else _by(day, *span)


def _span(node: n.Node) -> tuple[int, str] | None:
    """By how many days or months a call moves a date, where that is known beforehand and not far."""
    if not isinstance(node, n.Call) or not ours(node, "DATEADD") or node.items[0].type.kind != "date":
        return None
    count, unit = _constant(node.items[1]), str(_constant(node.items[2]))
    base, factor = SPANS.get(unit, (unit, 1))
    if count is None or base not in LARGEST or abs(int(count) * factor) > LARGEST[base]:
        return None
    return int(count) * factor, base


def _by(day: Day, count: int, base: str) -> Day:
    """A day moved; an instant that is told of is near enough to the present, a date may be anywhere."""
    near = (day.text < word(FIRST), day.text >= word(LAST)) if day.whole else ()
    return day.changed(f"{count:+d} {base}", unless=near)


def _begins(node: n.Node) -> bool:
    """Whether a day is the first of its month."""
    if not isinstance(node, n.Call):
        return False
    if ours(node, "STARTOF"):
        return _constant(node.items[1]) in LONG
    span = _span(node)
    return span is not None and span[1] == "months" and _begins(node.items[0])


def _text(day: Day | None) -> Found | None:
    return None if day is None else (day.date, day.unless)


def _number(sign: str, begin: int, size: int) -> Native:
    """A part of a day as a whole number."""

    def made(sql: SqliteLowering, node: n.Call) -> Found | None:
        day = day_of(sql, node.items[0])
        return None if day is None else (cast(day.part(sign, begin, size), Integer), day.unless)

    return made


def _clock(sign: str, begin: int) -> Native:
    """A part of the time of an instant, or of a time of day, which is text."""

    def made(sql: SqliteLowering, node: n.Call) -> Found | None:
        if node.items[0].type.kind == "time":
            known = isinstance(node.items[0], (n.Field, n.Variable))
            return (cast(func.substr(sql.value(node.items[0]), begin, 2), Integer), ()) if known else None
        day = day_of(sql, node.items[0])
        return None if day is None else (cast(day.part(sign, begin, 2), Integer), day.unless)

    return made


def _quarter(sql: SqliteLowering, node: n.Call) -> Found | None:
    day = day_of(sql, node.items[0])
    return None if day is None else ((cast(day.part("m", 6, 2), Integer) + 2) // 3, day.unless)


def _weekday(sql: SqliteLowering, node: n.Call) -> Found | None:
    day, kind = day_of(sql, node.items[0]), _constant(node.items[1]) if len(node.items) > 1 else 1
    if day is None or kind not in (1, 2, 3):
        return None
    sunday = cast(func.strftime(word("%w"), day.text, *day.changes), Integer)
    return {1: sunday + 1, 2: (sunday + 6) % 7 + 1, 3: (sunday + 6) % 7}[int(kind)], day.unless


def _days(sql: SqliteLowering, node: n.Call) -> Found | None:
    end, start = (day_of(sql, each) for each in node.items)
    if end is None or start is None:
        return None
    between = cast(func.julianday(end.date) - func.julianday(start.date), Integer)
    return between, (*end.unless, *start.unless)


CALLS: Mapping[str, Native] = {
    "TODATE": lambda sql, node: _text(day_of(sql, node)),
    "STARTOF": _start_text,
    "DATEADD": lambda sql, node: _text(_moved(sql, node)),
    "YEAR": _number("Y", 1, 4),
    "MONTH": _number("m", 6, 2),
    "DAY": _number("d", 9, 2),
    "QUARTER": _quarter,
    "HOUR": _clock("H", 1),
    "MINUTE": _clock("M", 4),
    "WEEKDAY": _weekday,
    "DAYS": _days,
}
