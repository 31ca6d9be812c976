"""What can be asked: `reports.run`, `.drill`, `.dashboard`, `.picture`, `.export` and `.describe`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from pydantic import Field

from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, localized
from lowcode.kernel.registry import Registry
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.answer import answer_funnel, answer_report, drill_funnel, drill_report
from lowcode.reports.operations.drawing import ready
from lowcode.reports.operations.export import workbook
from lowcode.reports.operations.picture import PictureParameters, file_of
from lowcode.reports.operations.query import permitted
from lowcode.reports.pictures import Pictures
from lowcode.reports.plan import DashboardPlan, FunnelPlan, ReportPlan, ReportsPlan
from lowcode.reports.run import Unusable


class RunParameters(Parameters):
    """A report under filters; with `drill`, the records behind one of its cells."""

    report: str
    filters: Mapping[str, Any] = Field(default_factory=dict)
    drill: Mapping[str, Any] | None = None


class DrillParameters(Parameters):
    """The values of the dimensions of a cell; a dimension left out means all of them."""

    report: str
    drill: Mapping[str, Any] = Field(default_factory=dict)
    filters: Mapping[str, Any] = Field(default_factory=dict)


class DashboardParameters(Parameters):
    """A dashboard under filters."""

    dashboard: str
    filters: Mapping[str, Any] = Field(default_factory=dict)


class ExportParameters(Parameters):
    """A report as a file."""

    report: str
    filters: Mapping[str, Any] = Field(default_factory=dict)


def run(charts: Registry[ChartKind], context: Context, params: RunParameters) -> dict[str, Any]:
    """The rows of a report with their drawing, or the way to the records behind a cell."""
    plan = _report(context, params.report)
    if params.drill is not None:
        return _drilled(context, plan, params.filters, params.drill)
    return shown(charts, context, plan, params.filters)


def drill(context: Context, params: DrillParameters) -> dict[str, Any]:
    """The condition that finds the records behind a cell, for `records.list`."""
    return _drilled(context, _report(context, params.report), params.filters, params.drill)


def dashboard(charts: Registry[ChartKind], context: Context, params: DashboardParameters) -> dict[str, Any]:
    """Every tile of a dashboard in one answer; a tile that is refused says why, the others stand."""
    plan = plans_of(context).dashboards.get(params.dashboard)
    if plan is None:
        raise NotFound(problem("no-dashboard", dashboard=params.dashboard))
    if not has_role(context, plan.roles):
        raise Forbidden(problem("not-for-you", report=params.dashboard))
    filters = {each["name"]: params.filters.get(each["name"], each["value"]) for each in plan.filters}
    tiles = []
    for tile in plan.tiles:
        place: dict[str, Any] = {"report": tile.report, **tile.place}
        if tile.title is not None:
            place["title"] = tile.title
        try:
            place["result"] = shown(charts, context, _report(context, tile.report), filters)
        except Rejected as refused:
            first = refused.problems[0]
            place["problem"] = {"code": first.code, "detail": first.words(context.actor.locale)}
        tiles.append(place)
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


def picture(
    charts: Registry[ChartKind], pictures: Pictures, context: Context, params: PictureParameters
) -> dict[str, Any]:
    """A report as a picture."""
    plan = _report(context, params.report)
    result = _answered(context, plan, params.filters)
    return file_of(
        context,
        pictures,
        result,
        ready(
            context,
            charts,
            plan,
            result,
            lambda narrowed: answer_report(context, narrowed, params.filters),
            params.locale,
        ),
        params,
    )


def operations(charts: Registry[ChartKind], pictures: Pictures) -> Iterable[Operation]:
    """Each operation; `charts` are the kinds that the host knows, `pictures` is what draws without a browser."""
    yield Operation("reports.run", partial(run, charts), RunParameters, writes=False, summary="The rows of a report")
    yield Operation("reports.drill", drill, DrillParameters, writes=False, summary="The records behind a cell")
    yield Operation(
        "reports.dashboard", partial(dashboard, charts), DashboardParameters, writes=False, summary="A dashboard"
    )
    drawing = partial(picture, charts, pictures)
    yield Operation("reports.picture", drawing, PictureParameters, writes=False, summary="A report as a picture")
    yield Operation("reports.export", export, ExportParameters, writes=False, summary="A report as a workbook")


def shown(
    charts: Registry[ChartKind], context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any]
) -> dict[str, Any]:
    """A report under filters, with what draws it."""
    result = _answered(context, plan, filters)
    found = ready(context, charts, plan, result, lambda narrowed: answer_report(context, narrowed, filters))
    return result if found is None else {**result, "drawing": found.draw()}


def _answered(context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any]) -> dict[str, Any]:
    try:
        if isinstance(plan, FunnelPlan):
            return answer_funnel(context, plan, filters)
        return answer_report(context, plan, filters)
    except Unusable as error:
        raise Rejected(problem("bad-filter", name=str(error))) from None


def _drilled(
    context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any], cell: Mapping[str, Any]
) -> dict[str, Any]:
    try:
        if isinstance(plan, FunnelPlan):
            return drill_funnel(context, plan, filters, cell)
        return drill_report(context, plan, filters, cell)
    except Unusable as error:
        raise Rejected(problem("bad-filter", name=str(error))) from None


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
