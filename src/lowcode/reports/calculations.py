"""Measures made of others, when all rows are known: formulas, shares, ranks, running totals, the periods before. Pure.

The period before is found by the calendar and not by the row above, so that a month without rows is no gap. It counts
whole, even where a report begins in the midst of it; what is only looked back to takes no part in ranks, shares and
running totals. A period that goes on is held against as many days of the earlier one (decision 0237).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Any

from lowcode.kernel.expressions import Moment
from lowcode.reports.plan import Calculation, ReportPlan
from lowcode.reports.run import Key, Row, earlier, following, so_far, start_of, year_before

Totals = Callable[[tuple[int, ...]], Mapping[Key, Row]]
"""The measures asked for at the level of some dimensions, by their places."""
BACK = frozenset({"previous", "difference", "change"})
YEAR = frozenset({"last_year", "change_last_year"})


def look_back(plan: ReportPlan, first: date) -> date | None:
    """The first day that must be read so that the first row can look back; None when no row does."""
    days = []
    for each in plan.calculations:
        if each.along is None or plan.dimensions[each.along].text != plan.date:
            continue
        grain = plan.dimensions[each.along].column.grain or "day"
        start = start_of(first, grain, plan.fiscal)
        if each.kind in BACK:
            days.append(following(start, grain, -1))
        elif each.kind in YEAR:
            days.append(_year_ago(start, grain))
        elif each.kind == "moving_average":
            days.append(following(start, grain, 1 - each.rows))
    return min(days, default=None)


@dataclass(frozen=True, slots=True)
class Begun:
    """A period that goes on, and the days of an earlier one that it is held against: its first day, those days, the
    second no longer part of them, and what was measured in them."""

    along: int
    compare: str
    start: date
    days: tuple[date, date]
    rows: Sequence[Row] = ()


def begun(plan: ReportPlan, shown: Sequence[Row], last: date) -> list[Begun]:
    """The periods among the rows that go on and are held against an earlier one, without what was measured there.
    `last`: the day that counts last in what is shown, today or the end of what was asked for."""
    found: dict[tuple[int, str], Begun] = {}
    for each in plan.calculations if plan.against == "so_far" else ():
        if each.along is None or each.kind not in BACK | YEAR or plan.dimensions[each.along].text != plan.date:
            continue
        grain = plan.dimensions[each.along].column.grain or "day"
        compare, start = "last_year" if each.kind in YEAR else "previous", start_of(last, grain, plan.fiscal)
        period, named = (start, following(start, grain)), f"this_{grain}"
        days = so_far(period, compare, named, last)
        if days != earlier(period, compare, named) and any(row[each.along] == start for row in shown):
            found[each.along, compare] = Begun(each.along, compare, start, days)
    return list(found.values())


def calculate(
    plan: ReportPlan, rows: Sequence[Row], shown: Sequence[Row], zeros: Row, totals: Totals, moment: Moment,
    parts: Sequence[Begun] = (),
) -> None:  # fmt: skip
    """Fill in the calculated measures of the rows that are shown; `rows` are what they look back to, `parts` what a
    period that goes on is held against."""
    width = len(plan.dimensions)
    order = [column.name for column in plan.measures]
    for each in plan.calculations:
        target = width + order.index(each.name)
        if each.kind == "formula":
            for row in (*(() if rows is shown else rows), *shown, *chain.from_iterable(part.rows for part in parts)):
                row[target] = _formula(each, {name: row[width + order.index(name)] for name in each.needs}, moment)
            continue
        source = width + order.index(each.of)
        for row, value in zip(shown, _values(plan, each, rows, shown, source, zeros, totals, parts), strict=True):
            row[target] = value


def calculate_whole(plan: ReportPlan, whole: Row, moment: Moment) -> None:
    """Formulas of the whole, from the other measures of the whole; what goes row by row has no whole."""
    order = [column.name for column in plan.measures]
    for each in plan.calculations:
        if each.kind == "formula":
            whole[order.index(each.name)] = _formula(
                each, {name: whole[order.index(name)] for name in each.needs}, moment
            )  # fmt: skip


def _formula(calculation: Calculation, values: Mapping[str, Any], moment: Moment) -> Any:
    assert calculation.expression is not None
    exact = {name: Decimal(each) if isinstance(each, int) else each for name, each in values.items()}
    return calculation.expression.evaluate({}, moment, **exact)


def _values(
    plan: ReportPlan, each: Calculation, rows: Sequence[Row], shown: Sequence[Row], source: int, zeros: Row,
    totals: Totals, parts: Sequence[Begun],
) -> list[Any]:  # fmt: skip
    width = len(plan.dimensions)
    if each.kind == "share":
        wholes = totals(each.within)
        found = [wholes.get(tuple(row[place] for place in each.within)) for row in shown]
        pairs = zip(shown, found, strict=True)
        return [_ratio(row[source], whole[source - width] if whole is not None else None) for row, whole in pairs]
    if each.kind in ("rank", "running", "running_share"):
        return _in_order(each, shown, source, totals, width)
    grain = plan.dimensions[each.along].column.grain if each.along is not None else None
    back = _by_calendar if grain is not None else _by_row
    zero = zeros[source - width]
    if each.kind == "moving_average":
        windows = zip(*(back(each, rows, shown, source, grain, step, zero) for step in range(each.rows)), strict=True)
        return [None if None in window else sum(map(Decimal, window)) / len(window) for window in windows]
    step = "year" if each.kind in YEAR else 1
    before = back(each, rows, shown, source, grain, step, zero)
    for part in parts:
        if part.along == each.along and part.compare == ("last_year" if step == "year" else "previous"):
            _in_part(each, part, shown, source, zero, before)
    held = zip((row[source] for row in shown), before, strict=True)
    match each.kind:
        case "previous" | "last_year":
            return before
        case "difference":
            return [None if value is None or old is None else Decimal(value) - Decimal(old) for value, old in held]
        case _:
            return [_change(value, old) for value, old in held]


def _in_order(
    each: Calculation, shown: Sequence[Row], source: int, totals: Totals, width: int
) -> list[Any]:  # fmt: skip
    groups: dict[Key, list[int]] = {}
    for index, row in enumerate(shown):
        groups.setdefault(tuple(row[place] for place in each.within), []).append(index)
    found: list[Any] = [None] * len(shown)
    wholes = totals(each.within) if each.kind == "running_share" else {}
    for key, members in groups.items():
        values = [shown[index][source] for index in members]
        if each.kind == "rank":
            ordered = sorted((value for value in values if value is not None), reverse=True)
            ranks = {value: place for place, value in reversed(list(enumerate(ordered, 1)))}
            for index, value in zip(members, values, strict=True):
                found[index] = None if value is None else ranks[value]
            continue
        running, whole = Decimal(0), wholes.get(key)
        for index, value in zip(members, values, strict=True):
            running += Decimal(value or 0)
            found[index] = running
            if each.kind == "running_share":
                found[index] = _ratio(running, whole[source - width] if whole is not None else None)
    return found


def _by_calendar(
    each: Calculation, rows: Sequence[Row], shown: Sequence[Row], source: int, grain: Any, step: Any, zero: Any
) -> list[Any]:  # fmt: skip
    """The value so many periods, or a year, before; where no row is, nothing happened, save before the first."""
    assert each.along is not None
    width = len(shown[0]) if shown else 0
    dimensions = [place for place in range(width) if place in each.within or place == each.along]
    known = {tuple(row[place] for place in dimensions): row[source] for row in rows}
    days = [row[each.along] for row in rows if row[each.along] is not None]
    first = min(days) if days else None
    found = []
    for row in shown:
        day = row[each.along]
        if step == 0:
            found.append(row[source])
            continue
        if day is None or first is None:
            found.append(None)
            continue
        before = _year_ago(day, grain) if step == "year" else following(day, grain, -step)
        key = tuple(before if place == each.along else row[place] for place in dimensions)
        found.append(known.get(key, zero if before >= first else None))
    return found


def _in_part(each: Calculation, part: Begun, shown: Sequence[Row], source: int, zero: Any, before: list[Any]) -> None:
    """In the rows of the period that goes on, what as many days of the earlier one had."""
    known = {tuple(row[place] for place in each.within): row[source] for row in part.rows}
    for place, row in enumerate(shown):
        if row[part.along] == part.start and before[place] is not None:
            before[place] = known.get(tuple(row[place] for place in each.within), zero)


def _by_row(
    each: Calculation, rows: Sequence[Row], shown: Sequence[Row], source: int, grain: Any, step: Any, zero: Any
) -> list[Any]:  # fmt: skip
    """The value so many rows above, among the rows of the same group."""
    above: dict[Key, list[Any]] = {}
    found = []
    for row in shown:
        values = above.setdefault(tuple(row[place] for place in each.within), [])
        values.append(row[source])
        place = len(values) - 1 - (1 if step == "year" else step)
        found.append(values[place] if place >= 0 else None)
    return found


def _year_ago(day: date, grain: str) -> date:
    return day - timedelta(weeks=52) if grain == "week" else year_before(day)


def _ratio(part: Any, whole: Any) -> Decimal | None:
    return None if part is None or not whole else Decimal(part) / Decimal(whole)


def _change(value: Any, before: Any) -> Decimal | None:
    return None if value is None or not before else Decimal(value) / Decimal(before) - 1
