"""A report by periods, carried on into those to come: its complete periods are the series, and what is said of the
forecast says how good it was where it could be tried. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from lowcode.kernel.diagnostics import Text
from lowcode.reports.forecasts import LEAST, Forecast, forecast
from lowcode.reports.plan import Column, Foresight, ReportPlan
from lowcode.reports.run import Row, following, rounded, start_of

SEASONS = {"day": 7, "week": 52, "month": 12, "quarter": 4, "fiscal_quarter": 4}
LONGEST = 400
TITLES: dict[str, Text] = {
    "forecast": {"zh-CN": "预测", "en": "Forecast"},
    "forecast_low": {"zh-CN": "预测下限", "en": "Forecast, at least"},
    "forecast_high": {"zh-CN": "预测上限", "en": "Forecast, at most"},
    "unusual": {"zh-CN": "异常", "en": "Unusual"},
}


def added_columns(plan: ReportPlan, wanted: Foresight) -> list[Column]:
    """The columns a forecast adds: like the measure that is forecast, and whether a period was unusual."""
    of = next(column for column in plan.measures if column.name == wanted.measure)
    numbers = [replace(of, name=name, title=title) for name, title in TITLES.items() if name != "unusual"]
    return [*numbers, Column("unusual", TITLES["unusual"], "measure", "boolean")]


def foreseen(
    plan: ReportPlan, wanted: Foresight, rows: Sequence[Row], zero: Any, today: date
) -> tuple[list[Row], dict[str, Any]]:
    """The rows with those to come, and what is to be said of them."""
    grain = plan.dimensions[0].column.grain or "day"
    place = 1 + [column.name for column in plan.measures].index(wanted.measure)
    column = plan.measures[place - 1]
    current = start_of(today, grain, plan.fiscal)
    values = {row[0]: row[place] for row in rows if row[0] is not None}
    days, series = _series(values, grain, current, zero)
    said: dict[str, Any] = {"measure": wanted.measure, "confidence": wanted.confidence, "learned_from": len(series)}
    found = None
    if None not in series:
        season = SEASONS.get(grain, 1)
        found = forecast([float(each) for each in series], wanted.periods, season, wanted.confidence)
    if found is None:
        reason = "blank-periods" if None in series else "too-few-periods"
        return [[*row, None, None, None, None] for row in rows], {**said, "reason": reason, "least": LEAST}
    marked = dict(zip(days, found.unusual, strict=True))
    kept = [[*row, None, None, None, marked.get(row[0], False)] for row in rows]
    known, day = {row[0]: row for row in kept}, current
    for index in range(wanted.periods):
        numbers = [rounded(column, Decimal(repr(each[index]))) for each in (found.values, found.low, found.high)]
        if day in known:
            known[day][-4:-1] = numbers
        else:
            kept.append([day, *([None] * len(plan.measures)), *numbers, False])
        day = following(day, grain)
    return kept, {**said, **_told(found)}


def _series(values: dict[Any, Any], grain: str, current: date, zero: Any) -> tuple[list[date], list[Any]]:
    """The complete periods from the first to the one before the current, those without rows with nothing in them."""
    days: list[date] = []
    day = min(values, default=current)
    while day < current and len(days) < LONGEST:
        days.append(day)
        day = following(day, grain)
    return days, [values.get(day, zero) for day in days]


def _told(found: Forecast) -> dict[str, Any]:
    def share(value: float | None) -> Decimal | None:
        return None if value is None else Decimal(repr(value)).quantize(Decimal("0.0001"))

    return {
        "trend": found.trend,
        "season": found.season,
        "tried": found.tried,
        "error": share(found.error),
        "naive_error": share(found.naive_error),
    }
