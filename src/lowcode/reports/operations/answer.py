"""A report under filters, from the plan to the answer of the protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.references import in_text, references
from lowcode.reports.calculations import Begun, begun, calculate, calculate_whole, look_back
from lowcode.reports.diagnostics import problem
from lowcode.reports.foreseeing import added_columns, foreseen
from lowcode.reports.operations.history import furthest, stays
from lowcode.reports.operations.query import GROUP_LIMIT, reads_hidden
from lowcode.reports.operations.scans import Scans
from lowcode.reports.plan import ADDED, Column, Facts, FunnelPlan, ReportPlan
from lowcode.reports.run import (
    Key,
    Row,
    Unusable,
    combine,
    earlier,
    fill,
    funnel_rows,
    period_of,
    rounded,
    so_far,
    sort,
)

DRILL_LIMIT = 200
Period = tuple[date, date] | None
Labels = dict[tuple[str, int], dict[str, Any]]
"""How records among the dimensions are shown, by form and id."""


def answer_report(
    context: Context, plan: ReportPlan, filters: Mapping[str, Any], scans: Scans | None = None
) -> dict[str, Any]:
    """Rows, totals at their own level, and what the chart needs. `scans`: what was counted already, for whoever asks
    several reports at once."""
    plan, scans = visible(context, plan), scans or Scans(context)
    moment = context.moment()
    named, period = period_asked(context, plan, filters)
    every = range(len(plan.dimensions))
    groups = _combined(context, scans, plan, filters, period, every)
    capped = len(groups) >= GROUP_LIMIT
    zeros = [_nothing(plan, column) for column in plan.measures]
    fill(plan, groups, zeros)
    labels = _labels(context, plan.columns, groups)

    def label(column: Column, value: Any) -> Any:
        if column.record is None or value is None:
            return value
        return in_text(labels[column.record, value], context.actor.locale)

    @cache
    def totals(places: tuple[int, ...]) -> Mapping[Key, Row]:
        found = _combined(context, scans, plan, filters, period, places)
        for whole in found.values():
            calculate_whole(plan, whole, moment)
        return found

    rows: list[Row] = sort(plan, _rows(groups, zeros), label)
    earliest = look_back(plan, period[0]) if period is not None else None
    before = rows
    if period is not None and earliest is not None:
        before = _rows(_combined(context, scans, plan, filters, (earliest, period[1]), every), zeros)
    last = moment.today if period is None else min(moment.today, period[1] - timedelta(days=1))
    parts = [replace(each, rows=_rows(_combined(context, scans, plan, filters, each.days, every), zeros))
             for each in begun(plan, rows, last)]  # fmt: skip
    calculate(plan, before, rows, zeros, totals, moment, parts)
    made = {each.name for each in plan.calculations}
    if any(key.lstrip("-") in made for key in plan.sort):
        rows = sort(plan, rows, label)
    if plan.limit is not None and len(rows) > plan.limit:
        rows, capped = rows[: plan.limit], True
    columns, said = [*plan.columns], None
    if plan.foresight is not None and plan.foresight.measure in {column.name for column in plan.measures}:
        zero = zeros[[column.name for column in plan.measures].index(plan.foresight.measure)]
        rows, said = foreseen(plan, plan.foresight, rows, zero, moment.today)
        columns += added_columns(plan, plan.foresight)
    kept = [place for place, column in enumerate(columns) if column.name not in plan.silent]
    whole = totals(()).get((), [None] * len(plan.measures)) if plan.totals else []

    def cut(row: Row) -> Row:
        return [row[place] for place in kept]

    answer = {
        "report": plan.name,
        "title": plan.title,
        "columns": cut([column.as_json() for column in columns]),
        "rows": [cut(_shown(columns, row, labels)) for row in rows],
        "totals": cut([*_totals(plan, whole), *[None] * (len(columns) - len(plan.columns))]) if plan.totals else None,
        "chart": plan.chart,
        "drill": True,
        "capped": capped,
        **said_period(named, period),
    }
    hierarchies = [
        {"dimension": each.column.name, "levels": list(each.levels)} for each in plan.dimensions if each.levels
    ]
    if said is not None:
        answer["forecast"] = said
    if hierarchies:
        answer["hierarchies"] = hierarchies
    if parts:
        answer["begun"] = [_said_begun(plan, each) for each in parts]
    if plan.compare is not None and period is not None:
        days, part = held_against(plan.compare, plan.against, named, period, moment.today)
        compared = _whole(context, scans, plan, filters, days)
        answer |= {"compare": plan.compare, "compared_period": {**said_days(days), "part": part}}
        answer["compared"] = cut([*_totals(plan, compared), *[None] * (len(columns) - len(plan.columns))])
    return answer


def _said_begun(plan: ReportPlan, part: Begun) -> dict[str, str]:
    name = plan.dimensions[part.along].column.name
    return {"dimension": name, "start": part.start.isoformat(), "compare": part.compare, **said_days(part.days)}


def period_asked(context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any]) -> tuple[Any, Period]:
    """The period in force, as it is called and in days."""
    named = filters.get("period") or plan.period
    fiscal = int(context.app.scope.app.fiscal_year_starts)
    dated = plan.date is not None or (isinstance(plan, ReportPlan) and any(each.period for each in plan.facts))
    return named, period_of(named, context.moment().today, fiscal) if dated else None


def said_period(named: Any, period: Period) -> dict[str, Any]:
    """Which days a result is of, for whoever reads it: nothing where it is of all time, or of none."""
    if period is None:
        return {}
    return {"period": {"name": named if isinstance(named, str) else None, **said_days(period)}}


def said_days(period: tuple[date, date]) -> dict[str, str]:
    """The first and the last day of a period."""
    first, until = period
    return {"from": first.isoformat(), "to": (until - timedelta(days=1)).isoformat()}


def held_against(
    compare: str, against: str, named: Any, period: tuple[date, date], today: date
) -> tuple[tuple[date, date], bool]:
    """The days that a period is held against, and whether they are a part of an earlier one, as it goes on itself."""
    whole = earlier(period, compare, named)
    found = whole if against == "whole" else so_far(period, compare, named, today)
    return found, found != whole


def _rows(groups: Mapping[Key, Row], zeros: Row) -> list[Row]:
    return [[*key, *_zeroed(values, zeros)] for key, values in groups.items()]


def visible(context: Context, plan: ReportPlan) -> ReportPlan:
    """The report without the measures that read fields kept from this person; refused when its groups would."""
    facts = []
    for each in plan.facts:
        kept = tuple(pair for pair in each.measures if not reads_hidden(context, each.record, [pair[1]]))
        if reads_hidden(context, each.record, each.expressions):
            raise Forbidden(problem("hidden-field"))
        facts.append(replace(each, measures=kept))
    names = {name for each in facts for name, _ in each.measures}
    calculations = []
    for calculation in plan.calculations:
        if names >= {*calculation.needs, *([calculation.of] if calculation.of else [])}:
            calculations.append(calculation)
            names.add(calculation.name)
    measures = tuple(column for column in plan.measures if column.name in names)
    if not any(column.name not in plan.silent for column in measures):
        raise Forbidden(problem("hidden-field"))
    order = tuple(key for key in plan.sort if key.lstrip("-") in {c.name for c in plan.columns} - _gone(plan, names))
    chart = dict(plan.chart) if plan.chart is not None else None
    if chart is not None and chart.get("y"):
        chart["y"] = [name for name in chart["y"] if name in names or (name in ADDED and plan.foresight is not None)]
    return replace(
        plan, facts=tuple(facts), calculations=tuple(calculations), measures=measures, sort=order, chart=chart
    )


def answer_funnel(context: Context, plan: FunnelPlan, filters: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a funnel: reached, conversion, lost, and how long it took."""
    used, values = funnel_filters(context, plan, filters)
    rows = funnel_rows(plan, furthest(context, plan, used, values), stays(context, plan, used, values))
    y = ["value" if plan.value is not None else "reached"]
    named, period = period_asked(context, plan, filters)
    return {
        "report": plan.name,
        "title": plan.title,
        "columns": [column.as_json() for column in plan.columns],
        "rows": rows,
        "totals": None,
        "chart": {"type": plan.chart, "x": plan.field, "y": y},
        "drill": True,
        "capped": False,
        **said_period(named, period),
    }


def funnel_filters(context: Context, plan: FunnelPlan, filters: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The filters in force for a funnel, and their values; refused when it reads what is kept from this person."""
    value = [plan.value] if plan.value is not None else []
    if reads_hidden(context, plan.form, [*plan.facts.expressions, *value]):
        raise Forbidden(problem("hidden-field"))
    _, period = period_asked(context, plan, filters)
    return _used(plan.facts, filters, period)


def _used(facts: Facts, filters: Mapping[str, Any], period: Period) -> tuple[list[str], dict[str, Any]]:
    """The filters in force for some facts, and the values of their variables."""
    used: list[str] = []
    values: dict[str, Any] = {}
    if period is not None and facts.period is not None:
        used.append("period")
        values |= {"variable_period_from": period[0], "variable_period_until": period[1]}
    for name, value, condition in filters_in_force(facts, filters):
        used.append(name)
        values[f"variable_filter_{name}"] = filter_value(name, value, condition)
    return used, values


def filters_in_force(facts: Facts, filters: Mapping[str, Any]) -> Iterator[tuple[str, Any, Expression]]:
    """The filters that have a value and that some facts know. What was chosen on the way down a hierarchy comes in a
    list, because a blank may be chosen there."""
    for name, value in filters.items():
        condition = facts.filters.get(name)
        chosen = isinstance(value, list) and len(value) == 1
        if name == "period" or condition is None or (value in (None, "", []) and not chosen):
            continue
        yield name, value[0] if chosen else value, condition


def filter_value(name: str, value: Any, condition: Expression) -> Any:
    """The value of a filter as its condition takes it."""
    value = value["id"] if isinstance(value, Mapping) and "id" in value else value
    kind = condition.variables[f"filter_{name}"].kind
    try:
        if value is None or (kind == "date" and isinstance(value, date)):
            return value
        if kind == "date":
            return date.fromisoformat(str(value)[:10])
        if kind == "number":
            return Decimal(str(value))
    except (ValueError, ArithmeticError):
        raise Unusable(name) from None
    if not isinstance(value, (str, int)) or (isinstance(value, bool) != (kind == "boolean")):
        raise Unusable(name)
    return value


def _part(
    context: Context, scans: Scans, facts: Facts, filters: Mapping[str, Any], period: Period, asked: Sequence[int]
) -> tuple[list[str], list[int], dict[Key, list[Any]]]:
    """The measures of some facts in the groups of the dimensions asked for, as far as those split them; and which of
    the places asked for they have."""
    used, values = _used(facts, filters, period)
    names = [name for name, _ in facts.measures]
    kept = [facts.places.index(place) for place in asked if place in facts.places]
    places = [index for index, place in enumerate(asked) if place in facts.places]
    if not kept:
        return names, places, scans.grouped(facts, used, values, whole=True) if names else {}
    part = replace(facts, dimensions=tuple(facts.dimensions[place] for place in kept))
    return names, places, scans.grouped(part, used, values)


def _combined(
    context: Context, scans: Scans, plan: ReportPlan, filters: Mapping[str, Any], period: Period, asked: Sequence[int]
) -> dict[Key, Row]:
    parts = [_part(context, scans, facts, filters, period, asked) for facts in plan.facts]
    return combine(plan, parts, len(asked))


def _whole(context: Context, scans: Scans, plan: ReportPlan, filters: Mapping[str, Any], period: Period) -> Row:
    """The measures over everything the report speaks of, asked for themselves and never added up from groups."""
    whole = _combined(context, scans, plan, filters, period, ()).get((), [None] * len(plan.measures))
    calculate_whole(plan, whole, context.moment())
    return whole


def _totals(plan: ReportPlan, whole: Row) -> Row:
    cells = [rounded(column, value) for column, value in zip(plan.measures, whole, strict=True)]
    return [*([None] * len(plan.dimensions)), *cells]


def _nothing(plan: ReportPlan, column: Column) -> Any:
    """What a group without records has: zero of what is counted or summed, nothing of the rest."""
    for facts in plan.facts:
        for name, expression in facts.measures:
            if name == column.name:
                nullable = expression.type.nullable or expression.type.kind != "number"
                return None if nullable else Decimal(0)
    return None


def _zeroed(values: Sequence[Any], zeros: Sequence[Any]) -> list[Any]:
    return [zero if value is None else value for value, zero in zip(values, zeros, strict=True)]


def _labels(context: Context, columns: Sequence[Column], groups: Mapping[Key, Row]) -> Labels:
    """What the records among the dimensions are called."""
    labels: Labels = {}
    for index, column in enumerate(columns):
        if column.role == "dimension" and column.record is not None:
            ids = tuple({key[index] for key in groups if key[index] is not None})
            found = references(context, column.record, ids)
            labels |= {(column.record, identity): shown for identity, shown in found.items()}
    return labels


def _shown(columns: Sequence[Column], row: Row, labels: Labels) -> Row:
    cells: Row = []
    for column, value in zip(columns, row, strict=True):
        if column.record is not None and value is not None:
            cells.append(labels[column.record, value])
        else:
            cells.append(rounded(column, value) if column.role == "measure" else value)
    return cells


def _gone(plan: ReportPlan, names: set[str]) -> set[str]:
    return {column.name for column in plan.measures} - names
