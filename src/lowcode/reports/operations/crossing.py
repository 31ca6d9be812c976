"""What was pressed on one tile narrows the others: those of the same form, and those that have the same dimension."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.query import compile_filter
from lowcode.reports.plan import Column, Facts, FunnelPlan, ReportPlan
from lowcode.reports.run import drill_condition, joined

Plan = ReportPlan | FunnelPlan


def crossed(context: Context, plan: Plan, source: Plan, key: Mapping[str, Any]) -> Plan | None:
    """The report, over the records of the pressed values alone; None when it cannot be narrowed by them."""
    if plan.name == source.name or not key:
        return None
    texts = _texts(source)
    if isinstance(plan, FunnelPlan):
        narrowed = _facts(context, plan.facts, {}, source, texts, key)
        return replace(plan, facts=narrowed) if narrowed is not None else None
    names = [dimension.column.name for dimension in plan.dimensions]
    found = []
    for facts in plan.facts:
        own = dict(zip(names, facts.dimensions, strict=True))
        narrowed = _facts(context, facts, own, source, texts, key)
        if narrowed is None:
            return None
        found.append(narrowed)
    where = joined([plan.where, *(_condition(texts[name], value) for name, value in key.items() if name in texts)])
    return replace(plan, facts=tuple(found), where=where if plan.form == source.form else plan.where)


def _texts(source: Plan) -> dict[str, tuple[Column, str]]:
    """The dimensions of the pressed report, with their expressions as written."""
    if isinstance(source, FunnelPlan):
        return {source.field: (source.columns[0], source.field)}
    return {dimension.column.name: (dimension.column, dimension.text) for dimension in source.dimensions}


def _facts(
    context: Context, facts: Facts, own: Mapping[str, Expression], source: Plan,
    texts: Mapping[str, tuple[Column, str]], key: Mapping[str, Any],
) -> Facts | None:  # fmt: skip
    conditions = [facts.where.text if facts.where is not None else None]
    for name, value in key.items():
        if facts.record == source.form and name in texts:
            conditions.append(_condition(texts[name], value))
        elif name in own and name in texts and own[name].type.target == texts[name][0].record:
            column = texts[name][0]
            conditions.append(drill_condition(replace(column, grain=None), own[name].text, value))
        else:
            return None
    host: Any = context.host
    record_type = host.types[facts.record]
    expression = compile_filter(context, record_type, host.grant(record_type, context.actor), joined(conditions))
    return replace(facts, where=expression)


def _condition(dimension: tuple[Column, str], value: Any) -> str:
    return drill_condition(*dimension, value)
