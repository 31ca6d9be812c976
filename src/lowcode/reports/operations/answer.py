"""A report under filters, from the plan to the answer of the protocol."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.history import furthest, stays, who_reached
from lowcode.reports.operations.query import GROUP_LIMIT, grouped, reads_hidden
from lowcode.reports.plan import Column, Facts, FunnelPlan, ReportPlan
from lowcode.reports.run import (
    Key,
    Row,
    Unusable,
    calculate,
    combine,
    drill_condition,
    earlier,
    fill,
    funnel_rows,
    joined,
    literal,
    period_of,
    period_text,
    rounded,
    sort,
)

DRILL_LIMIT = 200
Period = tuple[date, date] | None


def answer_report(context: Context, plan: ReportPlan, filters: Mapping[str, Any]) -> dict[str, Any]:
    """Rows, totals at their own level, and what the chart needs."""
    plan = visible(context, plan)
    named = filters.get("period") or plan.period
    period = period_of(named, context.moment().today) if plan.date is not None else None
    groups = combine(plan, [_part(context, plan, facts, filters, period) for facts in plan.facts])
    capped = len(groups) >= GROUP_LIMIT
    whole = _whole(context, plan, filters, period)
    zeros = [_nothing(plan, column) for column in plan.measures]
    fill(plan, groups, zeros)
    labels = _labels(context, plan.columns, groups)
    rows: list[Row] = [[*key, *_zeroed(values, zeros)] for key, values in groups.items()]
    rows = sort(
        plan, rows, lambda column, value: labels.get((column.record, value), str(value)) if column.record else value
    )  # fmt: skip
    if plan.limit is not None and len(rows) > plan.limit:
        rows, capped = rows[: plan.limit], True
    calculate(plan, rows, whole)
    answer = {
        "report": plan.name,
        "title": plan.title,
        "columns": [column.as_json() for column in plan.columns],
        "rows": [_shown(plan.columns, row, labels) for row in rows],
        "totals": _totals(plan, whole) if plan.totals else None,
        "chart": plan.chart,
        "drill": plan.facts[0].record == plan.form and "." not in plan.form,
        "capped": capped,
    }
    if plan.compare is not None and period is not None:
        before = _whole(context, plan, filters, earlier(period, plan.compare, named))
        answer["compared"] = _totals(plan, before)
    return answer


def visible(context: Context, plan: ReportPlan) -> ReportPlan:
    """The report without the measures that read fields kept from this person; refused when its groups would."""
    facts = []
    for each in plan.facts:
        if reads_hidden(context, each.record, each.expressions):
            raise Forbidden(problem("hidden-field", report=plan.name))
        kept = tuple(pair for pair in each.measures if not reads_hidden(context, each.record, [pair[1]]))
        facts.append(replace(each, measures=kept))
    names = {name for each in facts for name, _ in each.measures}
    calculations = tuple(each for each in plan.calculations if each.of in names)
    names |= {each.name for each in calculations}
    measures = tuple(column for column in plan.measures if column.name in names)
    if not measures:
        raise Forbidden(problem("hidden-field", report=plan.name))
    order = tuple(key for key in plan.sort if key.lstrip("-") in {c.name for c in plan.columns} - _gone(plan, names))
    chart = dict(plan.chart) if plan.chart is not None else None
    if chart is not None and chart.get("y"):
        chart["y"] = [name for name in chart["y"] if name in names]
    return replace(plan, facts=tuple(facts), calculations=calculations, measures=measures, sort=order, chart=chart)


def drill_report(
    context: Context, plan: ReportPlan, filters: Mapping[str, Any], cell: Mapping[str, Any]
) -> dict[str, Any]:
    """The records behind a cell as a condition; fewer dimensions mean more records, none mean all of the report."""
    plan = visible(context, plan)
    if "." in plan.form:
        raise Rejected(problem("no-drill"))
    named = filters.get("period") or plan.period
    period = period_of(named, context.moment().today) if plan.date is not None else None
    conditions = [plan.where]
    if period is not None and plan.date is not None:
        conditions.append(period_text(plan.date, period))
    conditions += _filter_texts(plan, filters)
    for dimension in plan.dimensions:
        name = dimension.column.name
        if name in cell:
            value = cell[name]["id"] if isinstance(cell[name], Mapping) else cell[name]
            multi = plan.facts[0].dimensions[plan.dimensions.index(dimension)].type.kind == "multi"
            text = f"{literal(value)} in {dimension.text}" if multi and value is not None else None
            conditions.append(text or drill_condition(dimension.column, dimension.text, value))
    return {"form": plan.form, "where": joined(conditions), "columns": list(plan.drill)}


def answer_funnel(context: Context, plan: FunnelPlan, filters: Mapping[str, Any]) -> dict[str, Any]:
    """The rows of a funnel: reached, conversion, lost, and how long it took."""
    used, values = _funnel_filters(context, plan, filters)
    rows = funnel_rows(plan, furthest(context, plan, used, values), stays(context, plan, used, values))
    y = ["value" if plan.value is not None else "reached"]
    return {
        "report": plan.name,
        "title": plan.title,
        "columns": [column.as_json() for column in plan.columns],
        "rows": rows,
        "totals": None,
        "chart": {"type": plan.chart, "x": plan.field, "y": y},
        "drill": True,
        "capped": False,
    }


def drill_funnel(
    context: Context, plan: FunnelPlan, filters: Mapping[str, Any], cell: Mapping[str, Any]
) -> dict[str, Any]:
    """The records that reached a state, the newest first, up to a limit."""
    used, values = _funnel_filters(context, plan, filters)
    state = cell.get(plan.field, plan.states[0])
    if state not in plan.states:
        raise Unusable(str(state))
    ids = who_reached(context, plan, state, used, values, DRILL_LIMIT)
    listed = ", ".join(str(identity) for identity in ids) or "0"
    answer = {"form": plan.form, "where": f"id in ({listed})", "columns": list(plan.drill)}
    return answer | {"capped": len(ids) == DRILL_LIMIT}


def _funnel_filters(context: Context, plan: FunnelPlan, filters: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    value = [plan.value] if plan.value is not None else []
    if reads_hidden(context, plan.form, [*plan.facts.expressions, *value]):
        raise Forbidden(problem("hidden-field", report=plan.name))
    named = filters.get("period") or plan.period
    period = period_of(named, context.moment().today) if plan.date is not None else None
    return _used(plan.facts, filters, period)


def _used(facts: Facts, filters: Mapping[str, Any], period: Period) -> tuple[list[str], dict[str, Any]]:
    """The filters in force for some facts, and the values of their variables."""
    used: list[str] = []
    values: dict[str, Any] = {}
    if period is not None and facts.period is not None:
        used.append("period")
        values |= {"variable_period_from": period[0], "variable_period_until": period[1]}
    for name, value in filters.items():
        condition = facts.filters.get(name)
        if name == "period" or condition is None or value in (None, "", []):
            continue
        used.append(name)
        values[f"variable_filter_{name}"] = _filter_value(name, value)
    return used, values


def _filter_value(name: str, value: Any) -> Any:
    value = value["id"] if isinstance(value, Mapping) and "id" in value else value
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        raise Unusable(name)
    return value


def _filter_texts(plan: ReportPlan, filters: Mapping[str, Any]) -> list[str]:
    texts = []
    for name, value in filters.items():
        condition = plan.facts[0].filters.get(name)
        if name == "period" or condition is None or value in (None, "", []):
            continue
        found, text = _filter_value(name, value), plan.filter_texts[name]
        texts.append(f"({text}) = {literal(found)}")
    return texts


def _part(
    context: Context, plan: ReportPlan, facts: Facts, filters: Mapping[str, Any], period: Period
) -> tuple[list[str], dict[Key, list[Any]]]:
    used, values = _used(facts, filters, period)
    return [name for name, _ in facts.measures], grouped(context, facts, used, values)


def _whole(context: Context, plan: ReportPlan, filters: Mapping[str, Any], period: Period) -> Row:
    """The measures over everything the report speaks of, asked for themselves and never added up from groups."""
    found: dict[str, Any] = {}
    for facts in plan.facts:
        used, values = _used(facts, filters, period)
        names = [name for name, _ in facts.measures]
        whole = grouped(context, facts, used, values, whole=True).get((), [None] * len(names))
        found |= dict(zip(names, whole, strict=True))
    return [found.get(column.name) for column in plan.measures]


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


def _labels(context: Context, columns: Sequence[Column], groups: Mapping[Key, Row]) -> dict[tuple[str, int], str]:
    """What the records among the dimensions are called."""
    labels: dict[tuple[str, int], str] = {}
    for index, column in enumerate(columns):
        if column.role == "dimension" and column.record is not None:
            ids = tuple({key[index] for key in groups if key[index] is not None})
            found = context.ask("records.label", type=column.record, ids=ids)
            labels |= {(column.record, identity): label for identity, label in found.items()}
    return labels


def _shown(columns: Sequence[Column], row: Row, labels: Mapping[tuple[str, int], str]) -> Row:
    cells: Row = []
    for column, value in zip(columns, row, strict=True):
        if column.record is not None and value is not None:
            cells.append({"id": value, "label": labels.get((column.record, value), str(value))})
        else:
            cells.append(rounded(column, value) if column.role == "measure" else value)
    return cells


def _gone(plan: ReportPlan, names: set[str]) -> set[str]:
    return {column.name for column in plan.measures} - names
