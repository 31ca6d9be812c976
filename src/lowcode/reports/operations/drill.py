"""The records behind a cell, and why a number is what it is: the same condition once to look at and once in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.expressions import Expression, Place, compile_expression
from lowcode.kernel.expressions import nodes as n
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.answer import (
    DRILL_LIMIT,
    filter_value,
    filters_in_force,
    funnel_filters,
    period_asked,
    visible,
)
from lowcode.reports.operations.history import who_reached
from lowcode.reports.operations.query import grouped, source
from lowcode.reports.plan import Calculation, Column, Facts, FunnelPlan, ReportPlan
from lowcode.reports.run import Unusable, drill_condition, joined, literal, period_text, rounded
from lowcode.reports.sql.facts import FACTS

Cell = Mapping[str, Any]


def drill_report(
    context: Context, plan: ReportPlan, filters: Mapping[str, Any], cell: Cell, measure: str | None = None
) -> dict[str, Any]:
    """The records behind a cell as a condition; fewer dimensions mean more records, none mean all of the report.

    A measure of another form, or with a condition of its own, leads to its own records.
    """
    plan = visible(context, plan)
    facts = facts_of(plan, measure)
    text = joined(text for _, text in conditions(context, plan, facts, filters, cell))
    if facts.record.startswith(f"{FACTS}."):
        raise Rejected(problem("no-drill"))
    columns = list(plan.drill) if facts.record.split(".")[0] == plan.form.split(".")[0] else []
    if "." not in facts.record:
        return {"form": facts.record, "where": text, "columns": columns}
    ids = _owners(context, facts.record, text)
    listed = ", ".join(str(each) for each in ids) or "0"
    form = facts.record.split(".")[0]
    return {"form": form, "where": f"id in ({listed})", "columns": columns, "capped": len(ids) == DRILL_LIMIT}


def drill_funnel(context: Context, plan: FunnelPlan, filters: Mapping[str, Any], cell: Cell) -> dict[str, Any]:
    """The records that reached a state, the newest first, up to a limit."""
    used, values = funnel_filters(context, plan, filters)
    state = cell.get(plan.field, plan.states[0])
    if state not in plan.states:
        raise Unusable(str(state))
    ids = who_reached(context, plan, state, used, values, DRILL_LIMIT)
    listed = ", ".join(str(identity) for identity in ids) or "0"
    answer = {"form": plan.form, "where": f"id in ({listed})", "columns": list(plan.drill)}
    return answer | {"capped": len(ids) == DRILL_LIMIT}


def explain_cell(
    context: Context, plan: ReportPlan, filters: Mapping[str, Any], cell: Cell, measure: str
) -> dict[str, Any]:
    """Why a number is what it is: its formula, each part of it with its value, what was counted, and under which
    conditions. What it is made of is explained in turn."""
    plan = visible(context, plan)
    column = next((each for each in plan.measures if each.name == measure), None)
    if column is None:
        raise Unusable(measure)
    made = next((each for each in plan.calculations if each.name == measure), None)
    if made is not None:
        return _calculated(context, plan, filters, cell, column, made)
    facts = facts_of(plan, measure)
    expression = dict(facts.measures)[measure]
    held = conditions(context, plan, facts, filters, cell)
    text = joined(text for _, text in held)
    parts = {each.text: each for each in _parts(context, facts, expression)}
    values = _values(context, facts, text, {"": expression, "rows": _compiled(context, facts, "COUNT()"), **parts})
    return {
        "measure": measure,
        "title": column.title,
        "value": rounded(column, values[""]),
        "formula": expression.written,
        "parts": [{"text": name, "value": values[name]} for name in parts if name != expression.text],
        "form": facts.record,
        "rows": int(values["rows"]),
        "restricted": _restricted(context, facts.record),
        "conditions": [{"reason": reason, "text": each} for reason, each in held],
        "where": text,
    }


def _calculated(
    context: Context, plan: ReportPlan, filters: Mapping[str, Any], cell: Cell, column: Column, made: Calculation
) -> dict[str, Any]:
    needs = made.needs or (made.of,)
    found = [explain_cell(context, plan, filters, cell, name) for name in needs]
    said: dict[str, Any] = {"measure": column.name, "title": column.title, "made_of": found}
    if made.expression is None:
        along = plan.dimensions[made.along].column.name if made.along is not None else None
        within = [plan.dimensions[place].column.name for place in made.within]
        return {**said, "calculation": made.kind, "of": made.of, "along": along, "within": within}
    values = {each["measure"]: each.get("value") for each in found}
    value = made.expression.evaluate({}, context.moment(), **values)
    return {**said, "formula": made.expression.written, "value": rounded(column, value)}


def facts_of(plan: ReportPlan, measure: str | None) -> Facts:
    """The facts a measure is counted over; of what is made of others, those of the first it is made of."""
    made = {each.name: (each.needs or (each.of,))[0] for each in plan.calculations}
    while measure in made:
        measure = made[measure]
    return next((each for each in plan.facts if measure in dict(each.measures)), plan.facts[0])


def conditions(
    context: Context, plan: ReportPlan, facts: Facts, filters: Mapping[str, Any], cell: Cell
) -> list[tuple[str, str]]:
    """What holds of the records of a cell, each with where it comes from: the report, a filter, the period, a group."""
    _, period = period_asked(context, plan, filters)
    held = [("report", facts.where.text)] if facts.where is not None else []
    if period is not None and facts.date is not None:
        held.append(("period", period_text(facts.date, period)))
    for name, value, condition in filters_in_force(facts, filters):
        found = filter_value(name, value, condition)
        text = facts.filter_texts[name]
        if f"filter_{name}" in text:
            held.append((name, re.sub(rf"\bfilter_{name}\b", literal(found), text)))
        else:
            held.append((name, f"({text}) = {literal(found)}"))
    split = [plan.dimensions[place] for place in facts.places]
    for dimension, expression, text in zip(split, facts.dimensions, facts.texts, strict=True):
        name = dimension.column.name
        if name in cell:
            value = cell[name]["id"] if isinstance(cell[name], Mapping) else cell[name]
            among = expression.type.kind == "multi" and value is not None
            held.append(
                (name, f"{literal(value)} in {text}" if among else drill_condition(dimension.column, text, value))
            )
    return held


def _restricted(context: Context, record: str) -> bool:
    """Whether there may be records that this person does not see."""
    host: Any = context.host
    return host.grant(host.types[record], context.actor).conditions("read") is not None


def _parts(context: Context, facts: Facts, expression: Expression) -> list[Expression]:
    """The aggregates of a measure, each as a measure of its own."""
    found = {
        expression.written[node.start : node.end]
        for node in n.walk(expression.tree)
        if isinstance(node, n.Aggregate) and node.end > node.start
    }
    return [_compiled(context, facts, text) for text in sorted(found)]


def _compiled(context: Context, facts: Facts, text: str, place: Place = Place.AGGREGATE) -> Expression:
    scope = context.app.scope
    return compile_expression(text, scope.shapes, facts.record, place=place, functions=scope.functions)


def _values(context: Context, facts: Facts, text: str, measures: Mapping[str, Expression]) -> dict[str, Any]:
    """Measures over the records of a cell."""
    where = _compiled(context, facts, text, Place.READ) if text else None
    one = Facts(facts.record, where, (), tuple(measures.items()), None, {})
    return dict(zip(measures, grouped(context, one, (), {}, whole=True)[()], strict=True))


def _owners(context: Context, record: str, text: str) -> list[int]:
    """The records that the lines, or the stays, of a cell belong to: the newest first, up to a limit."""
    host: Any = context.host
    joins, held = source(context, host.types[record])
    if text:
        scope = context.app.scope
        condition = compile_expression(text, scope.shapes, record, functions=scope.functions)
        held.append(condition.sql_condition(joins.dialect, joins))
    owner = joins.column("parent")
    statement = (
        sa.select(owner.label("id")).distinct().select_from(joins.origin).where(*held)
        .order_by(sa.desc("id")).limit(DRILL_LIMIT)
    )  # fmt: skip
    return [row["id"] for row in context.unit.fetch(statement, **context.moment().parameters(joins.dialect))]
