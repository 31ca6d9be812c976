"""`reports.explore`: dimensions and measures of a report or a dataset, combined by whoever looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.registry import Registry
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.drawing import narrowed
from lowcode.reports.operations.reading import drawn, report_of
from lowcode.reports.plan import FunnelPlan, ReportPlan


class ExploreParameters(Parameters):
    """A report or dataset by some of its dimensions, down and across, and some of its measures; left out, all of the
    measures and the first dimension."""

    report: str
    filters: Mapping[str, Any] = Field(default_factory=dict)
    rows: list[str] = Field(default_factory=list, max_length=6)
    columns: list[str] = Field(default_factory=list, max_length=3)
    measures: list[str] = Field(default_factory=list)
    heat: bool = False
    subtotals: bool = True


def explored(
    charts: Registry[ChartKind], context: Context, params: ExploreParameters
) -> Annotated[
    dict[str, Any],
    has(
        report=str,
        title=object,
        columns=list[dict],
        rows=list,
        totals=list | None,
        chart=dict | None,
        drill=bool,
        capped=bool,
        choices=list[dict],
    ),
]:
    """The cross table, and all that can be combined."""
    return combined(charts, context, report_of(context, params.report), params)


def combined(
    charts: Registry[ChartKind], context: Context, plan: ReportPlan | FunnelPlan, params: ExploreParameters
) -> dict[str, Any]:  # fmt: skip
    """The same of a report that is understood already."""
    if isinstance(plan, FunnelPlan) or not plan.dimensions:
        raise Rejected(problem("not-combined", report=params.report, name=", ".join([*params.rows, *params.columns])))
    dimensions = [dimension.column.name for dimension in plan.dimensions]
    measures = [column.name for column in plan.measures]
    rows = params.rows or [each for each in dimensions if each not in params.columns][:1]
    wanted = [*rows, *params.columns]
    unknown = [each for each in wanted if each not in dimensions] + [
        each for each in params.measures if each not in measures
    ]
    twice = [each for each in wanted if wanted.count(each) > 1]
    if unknown or twice:
        raise Rejected([problem("not-combined", report=params.report, name=each) for each in [*unknown, *twice]])
    chart = {
        "type": "pivot", "rows": rows, "columns": params.columns, "y": params.measures, "heat": params.heat,
        "subtotals": params.subtotals,
    }  # fmt: skip
    narrower = replace(narrowed(plan, wanted, params.measures or None), chart=chart)
    result, found = drawn(charts, context, narrower, params.filters)
    choices = [{"name": column.name, "title": column.title, "role": column.role} for column in plan.columns]
    return {**result, **({"drawing": found.draw()} if found is not None else {}), "choices": choices}
