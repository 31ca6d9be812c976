"""What a report means, once the database has answered: combining, sorting, filling, calculating, and drilling. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lowcode.reports.plan import Column, FunnelPlan, ReportPlan

Key = tuple[Any, ...]
Row = list[Any]
PLACES = {"percent": 4, "money": 2, "number": 2}
FILL_LIMIT = 400


class Unusable(ValueError):
    """A value of a filter or of a drill that means nothing."""


def period_of(value: Any, today: date, fiscal: int = 1) -> tuple[date, date] | None:
    """The days of a period, the second no longer part of it; None for all time. `fiscal` is the month in which the
    business year begins."""
    if isinstance(value, Mapping):
        try:
            first, last = date.fromisoformat(str(value["from"])), date.fromisoformat(str(value["to"]))
        except (KeyError, ValueError):
            raise Unusable(str(value)) from None
        return first, last + timedelta(days=1)
    match value:
        case None | "all" | "":
            return None
        case "today" | "yesterday" | "tomorrow":
            day = today + timedelta(days=("yesterday", "today", "tomorrow").index(value) - 1)
            return day, day + timedelta(days=1)
        case "last_7_days" | "last_30_days" | "last_90_days" | "last_365_days":
            return today - timedelta(days=int(value.split("_")[1]) - 1), today + timedelta(days=1)
        case str() if value.partition("_")[0] in NAMED and value.partition("_")[2] in STEPS:
            which, _, unit = value.partition("_")
            start = following(start_of(today, unit, fiscal), unit, NAMED[which])
            return start, following(start, unit)
        case _:
            raise Unusable(str(value))


NAMED = {"last": -1, "this": 0, "next": 1}
STEPS = ("week", "month", "quarter", "year", "fiscal_quarter", "fiscal_year")
MONTHS = {"month": 1, "quarter": 3, "year": 12, "fiscal_quarter": 3, "fiscal_year": 12}


def start_of(day: date, unit: str, fiscal: int = 1) -> date:
    """The first day of the period a day lies in; weeks begin on Monday."""
    if unit.startswith("fiscal_"):
        moved = following(day.replace(day=1), "month", 1 - fiscal)
        return following(start_of(moved, unit.removeprefix("fiscal_")), "month", fiscal - 1)
    match unit:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
        case _:
            return day


def following(start: date, unit: str, count: int = 1) -> date:
    """The first day of a period some periods later."""
    if unit in ("day", "week"):
        return start + timedelta(days=count * (7 if unit == "week" else 1))
    months = start.year * 12 + start.month - 1 + count * MONTHS[unit]
    return date(months // 12, months % 12 + 1, 1)


def earlier(period: tuple[date, date], compare: str, name: Any) -> tuple[date, date]:
    """The days another period is held against: those before, or the same a year ago, the second no longer part of
    them. `name`: what the period is called; a week is held against one that begins on the same day of the week."""
    first, until = period
    unit = name.partition("_")[2] if isinstance(name, str) else ""
    if compare == "last_year":
        if unit == "week":
            return first - timedelta(weeks=52), until - timedelta(weeks=52)
        return year_before(first), months_before(until, 12)
    if unit in STEPS:
        return following(first, unit, -1), first
    return first - (until - first), first


def so_far(period: tuple[date, date], compare: str, name: Any, today: date) -> tuple[date, date]:
    """As much of the `earlier` days as has passed of a period that goes on, today with it; all of them of one that is
    over, ends today, or has not begun. The first so many days of a month are held against as many of another, and
    those to the end of a short one against all of it."""
    first, until = period
    whole, tomorrow = earlier(period, compare, name), today + timedelta(days=1)
    if not first <= today < until - timedelta(days=1):
        return whole
    unit = name.partition("_")[2] if isinstance(name, str) else ""
    months = 12 if compare == "last_year" and unit != "week" else MONTHS.get(unit, 0)
    end = months_before(tomorrow, months) if months else whole[0] + (tomorrow - first)
    return whole[0], min(end, whole[1])


def months_before(day: date, months: int) -> date:
    """The same day of the month some months ago; where that has no such day, the first of the one after it."""
    start = following(day.replace(day=1), "month", -months)
    return min(start + timedelta(days=day.day - 1), following(start, "month"))


def year_before(day: date) -> date:
    """The same day a year ago; of a leap day the last of its month."""
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


def combine(
    plan: ReportPlan, parts: Sequence[tuple[Sequence[str], Sequence[int], Mapping[Key, Sequence[Any]]]], width: int
) -> dict[Key, Row]:
    """Measures of several grains side by side: a group that one of them lacks has zero counted there, or nothing.

    Each part says which places of a key it has. One that has fewer gives its numbers to every row that agrees in those.
    """
    order = [column.name for column in plan.measures]
    rows: dict[Key, Row] = {}
    for names, places, groups in parts:
        for key, values in groups.items() if len(places) == width else ():
            row = rows.setdefault(key, [None] * len(order))
            for name, value in zip(names, values, strict=True):
                row[order.index(name)] = value
    for names, places, groups in parts:
        for key, row in rows.items() if len(places) < width else ():
            values = groups.get(tuple(key[place] for place in places), [None] * len(names))
            for name, value in zip(names, values, strict=True):
                row[order.index(name)] = value
    return rows


def rounded(column: Column, value: Any) -> Any:
    """A number with the decimals its column shows: those of its type, else of its format."""
    if not isinstance(value, (int, Decimal)) or isinstance(value, bool):
        return value
    places = column.scale if column.scale is not None else PLACES.get(column.format or "number", 2)
    cut = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return int(cut) if places == 0 else cut


def fill(plan: ReportPlan, rows: dict[Key, Row], zeros: Row) -> None:
    """A report by periods alone has a row for each of them, also where nothing happened."""
    if len(plan.dimensions) != 1 or plan.dimensions[0].column.grain is None:
        return
    grain = plan.dimensions[0].column.grain
    days = [key[0] for key in rows if key[0] is not None]
    if len(days) < 2:
        return
    day, last, count = min(days), max(days), 0
    while day < last and count < FILL_LIMIT:
        rows.setdefault((day,), list(zeros))
        day, count = following(day, grain), count + 1


def sort(plan: ReportPlan, rows: list[Row], label: Callable[[Column, Any], Any]) -> list[Row]:
    """In the order asked for; else options in the author's order, periods in time, records by name; blanks last."""
    names = [column.name for column in plan.columns]
    keys = [*plan.sort, *(dimension.column.name for dimension in plan.dimensions)]
    for key in reversed(keys):
        place = names.index(key.lstrip("-"))
        column = plan.columns[place]
        options = {option["name"]: index for index, option in enumerate(column.options)}
        known = [row for row in rows if row[place] is not None]
        blank = [row for row in rows if row[place] is None]

        def value(row: Row, at: int = place, of: Column = column, order: dict[Any, int] = options) -> Any:
            if order:
                return order.get(row[at], len(order))
            said = label(of, row[at])
            return (said, row[at]) if of.record is not None else said  # several may be called alike

        rows = sorted(known, key=value, reverse=key.startswith("-")) + blank
    return rows


def literal(value: Any) -> str:
    """A value as the expression language writes it."""
    if value is None:
        return "blank"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return f"DATE({value.year}, {value.month}, {value.day})"
    if isinstance(value, (int, Decimal)):
        return f"{value}"
    return '"' + str(value).replace('"', '""') + '"'


def drill_condition(column: Column, text: str, value: Any) -> str:
    """The condition that finds the records of one value of a dimension."""
    if value is None:
        return f"({text}) is blank"
    if column.grain is not None or column.kind == "date":
        day = value if isinstance(value, date) else _day(value)
        if column.grain in (None, "day"):
            return f"TODATE({text}) = {literal(day)}"
        until = following(day, column.grain)
        return f"TODATE({text}) >= {literal(day)} and TODATE({text}) < {literal(until)}"
    if column.record is not None:
        if not isinstance(value, int):
            raise Unusable(column.name)
        return f"({text}) = {value}"
    if column.kind == "number":
        try:
            return f"({text}) = {Decimal(str(value)):f}"
        except ArithmeticError:
            raise Unusable(column.name) from None
    return f"({text}) = {literal(value)}"


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Unusable(str(value)) from None


def period_text(text: str, period: tuple[date, date]) -> str:
    """The condition of a period, as written."""
    return f"TODATE({text}) >= {literal(period[0])} and TODATE({text}) < {literal(period[1])}"


def joined(conditions: Iterable[str | None]) -> str:
    """Conditions that must all hold."""
    texts = [each for each in conditions if each]
    return texts[0] if len(texts) == 1 else " and ".join(f"({each})" for each in texts)


def funnel_rows(
    plan: FunnelPlan, furthest: Mapping[int, tuple[int, Any]], stays: Mapping[str, tuple[int, int]]
) -> list[Row]:
    """The rows of a funnel. `furthest` gives, for each state's place, how many records came no further and their value;
    who came to a later state counts as having reached the earlier ones."""
    rows: list[Row] = []
    reached = [
        sum(count for place, (count, _) in furthest.items() if place >= index) for index in range(len(plan.states))
    ]
    for index, state in enumerate(plan.states):
        count = reached[index]
        before = reached[index - 1] if index else count
        row: Row = [state, count]
        if plan.value is not None:
            row.append(
                sum((Decimal(value or 0) for place, (_, value) in furthest.items() if place >= index), Decimal(0))
            )
        row.append(_share(count, before))
        row.append(_share(count, reached[0]))
        row.append(count - reached[index + 1] if index + 1 < len(plan.states) else 0)
        seconds, number = stays.get(state, (0, 0))
        row.append(_cut(Decimal(seconds) / number / 86_400, 1) if number else None)
        rows.append(row)
    return rows


def _share(part: int, whole: int) -> Decimal | None:
    return _cut(Decimal(part) / whole, 4) if whole else None


def _cut(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
