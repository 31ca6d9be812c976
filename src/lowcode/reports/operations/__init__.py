"""What can be asked of the report engine: `reports.run`, `.drill`, `.explain`, `.dashboard` and `.export`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from pydantic import Field

from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, localized
from lowcode.reports.measures import level_filter
from lowcode.reports.operations.answer import answer_funnel, answer_report
from lowcode.reports.operations.drill import drill_funnel, drill_report, explain_cell
from lowcode.reports.operations.export import workbook
from lowcode.reports.operations.query import permitted, problem
from lowcode.reports.plan import DashboardPlan, FunnelPlan, ReportPlan, ReportsPlan
from lowcode.reports.run import Unusable, period_of


class RunParameters(Parameters):
    """A report under filters; with `drill`, the records behind one of its cells."""

    report: str
    filters: Mapping[str, Any] = Field(default_factory=dict)
    drill: Mapping[str, Any] | None = None
    measure: str | None = Field(None, description="The measure whose records a drill leads to; left out, the report's.")
    path: Mapping[str, Sequence[Any]] = Field(
        default_factory=dict, description="By hierarchy, the values chosen so far, from the top down."
    )


class DrillParameters(Parameters):
    """The values of the dimensions of a cell; a dimension left out means all of them."""

    report: str
    drill: Mapping[str, Any] = Field(default_factory=dict)
    measure: str | None = Field(None, description="The measure whose records are meant; left out, the report's own.")
    filters: Mapping[str, Any] = Field(default_factory=dict)
    path: Mapping[str, Sequence[Any]] = Field(default_factory=dict)


class ExplainParameters(Parameters):
    """A number of a report: its measure, and the values of the dimensions of its row; none are the total."""

    report: str
    measure: str
    cell: Mapping[str, Any] = Field(default_factory=dict)
    filters: Mapping[str, Any] = Field(default_factory=dict)
    path: Mapping[str, Sequence[Any]] = Field(default_factory=dict)


class DashboardParameters(Parameters):
    """A dashboard under filters."""

    dashboard: str
    filters: Mapping[str, Any] = Field(default_factory=dict)


class ExportParameters(Parameters):
    """A report as a file."""

    report: str
    filters: Mapping[str, Any] = Field(default_factory=dict)


def run(context: Context, params: RunParameters) -> dict[str, Any]:
    """The rows of a report, or the way to the records behind a cell."""
    plan, filters = _below(_report(context, params.report), params.filters, params.path)
    if params.drill is not None:
        return _drilled(context, plan, filters, params.drill, params.measure)
    return _answered(context, plan, filters)


def drill(context: Context, params: DrillParameters) -> dict[str, Any]:
    """The condition that finds the records behind a cell, for `records.list`."""
    plan, filters = _below(_report(context, params.report), params.filters, params.path)
    return _drilled(context, plan, filters, params.drill, params.measure)


def explain(context: Context, params: ExplainParameters) -> dict[str, Any]:
    """Why a number is what it is: formula, parts, conditions, and how many records were counted."""
    plan, filters = _below(_report(context, params.report), params.filters, params.path)
    if isinstance(plan, FunnelPlan):
        raise Rejected(problem("no-explanation", report=plan.name))
    try:
        return explain_cell(context, plan, _dated(context, plan, filters), params.cell, params.measure)
    except Unusable as error:
        raise Rejected(problem("bad-filter", name=str(error))) from None


def dashboard(context: Context, params: DashboardParameters) -> dict[str, Any]:
    """Every tile of a dashboard in one answer; a tile that is refused says why, the others stand."""
    plan = plans_of(context).dashboards.get(params.dashboard)
    if plan is None:
        raise NotFound(problem("no-dashboard", dashboard=params.dashboard))
    if not has_role(context, plan.roles):
        raise Forbidden(problem("not-for-you", report=params.dashboard))
    filters = {each["name"]: params.filters.get(each["name"], each["value"]) for each in plan.filters}
    tiles = []
    for tile in plan.tiles:
        shown: dict[str, Any] = {"report": tile.report, **tile.place}
        if tile.title is not None:
            shown["title"] = tile.title
        try:
            shown["result"] = _answered(context, _report(context, tile.report), filters)
        except Rejected as refused:
            first = refused.problems[0]
            shown["problem"] = {"code": first.code, "detail": first.words(context.actor.locale)}
        tiles.append(shown)
    known = [{**each, "value": filters[each["name"]]} for each in plan.filters]
    return {"dashboard": plan.name, "title": plan.title, "filters": known, "tiles": tiles}


def export(context: Context, params: ExportParameters) -> dict[str, Any]:
    """A workbook with the rows of a report."""
    result = _answered(context, _report(context, params.report), params.filters)
    locale = context.actor.locale
    return {
        "name": f"{localized(result['title'], locale)}.xlsx",
        "media_type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "content": workbook(result, locale),
    }


def operations() -> Iterable[Operation]:
    """Each operation."""
    yield Operation("reports.run", run, RunParameters, writes=False, summary="The rows of a report")
    yield Operation("reports.drill", drill, DrillParameters, writes=False, summary="The records behind a cell")
    yield Operation("reports.explain", explain, ExplainParameters, writes=False, summary="Why a number is what it is")
    yield Operation("reports.dashboard", dashboard, DashboardParameters, writes=False, summary="A dashboard")
    yield Operation("reports.export", export, ExportParameters, writes=False, summary="A report as a workbook")


def _answered(context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any]) -> dict[str, Any]:
    try:
        if isinstance(plan, FunnelPlan):
            return answer_funnel(context, plan, filters)
        return answer_report(context, plan, _dated(context, plan, filters))
    except Unusable as error:
        raise Rejected(problem("bad-filter", name=str(error))) from None


def _drilled(
    context: Context,
    plan: ReportPlan | FunnelPlan,
    filters: Mapping[str, Any],
    cell: Mapping[str, Any],
    measure: str | None = None,
) -> dict[str, Any]:
    try:
        if isinstance(plan, FunnelPlan):
            return drill_funnel(context, plan, filters, cell)
        return drill_report(context, plan, _dated(context, plan, filters), cell, measure)
    except Unusable as error:
        raise Rejected(problem("bad-filter", name=str(error))) from None


def _below(
    plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any], path: Mapping[str, Sequence[Any]]
) -> tuple[ReportPlan | FunnelPlan, Mapping[str, Any]]:
    """The report further down its hierarchies, and the values chosen on the way as filters."""
    if not path or isinstance(plan, FunnelPlan):
        return plan, filters
    levels: list[int] = []
    chosen: dict[str, Any] = {}
    for dimension in plan.dimensions:
        values = path.get(dimension.column.name, ())
        levels.append(len(values))
        chosen |= {level_filter(name): [value] for name, value in zip(dimension.levels, values, strict=False)}
    found = plan.deeper.get(tuple(levels))
    if found is None or path.keys() - {dimension.column.name for dimension in plan.dimensions}:
        raise Rejected(problem("no-level", report=plan.name))
    return found, {**filters, **chosen}


def _dated(context: Context, plan: ReportPlan, filters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The filters with the day that the states of a report are those of."""
    if plan.as_of is None or filters.get("as_of"):
        return filters
    today = context.moment().today
    period = period_of(plan.as_of, today, plan.fiscal)
    return {**filters, "as_of": period[1] - timedelta(days=1) if period is not None else today}


def plans_of(context: Context) -> ReportsPlan:
    plan: ReportsPlan = context.app.plans["reports"]
    return plan


def _report(context: Context, name: str) -> ReportPlan | FunnelPlan:
    plan = plans_of(context).reports.get(name)
    if plan is None:
        raise NotFound(problem("no-report", report=name))
    if not has_role(context, plan.roles):
        raise Forbidden(problem("not-for-you", report=name))
    permitted(context, plan.form, lambda: Forbidden(problem("not-for-you", report=name)))
    return plan


def has_role(context: Context, roles: frozenset[str]) -> bool:
    return not roles or context.actor.is_administrator or bool(roles & context.actor.roles)


def may_see(context: Context, plan: ReportPlan | FunnelPlan | DashboardPlan) -> bool:
    host: Any = context.host
    if isinstance(plan, DashboardPlan):
        return has_role(context, plan.roles)
    readable: bool = host.grant(host.types[plan.form], context.actor).may("read")
    return readable and has_role(context, plan.roles)
