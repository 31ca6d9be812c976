"""What can be asked: `reports.run`, `.drill`, `.explain`, `.forecasts`, `.dashboard`, `.explore`, `.picture`,
`.export`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from pydantic import Field

from lowcode.kernel.answers import File, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.kernel.registry import Registry
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.board import Cross, answered_board
from lowcode.reports.operations.drawing import speech_of
from lowcode.reports.operations.drill import drill_funnel, drill_report, explain_cell
from lowcode.reports.operations.exploring import ExploreParameters, explored
from lowcode.reports.operations.export import TYPE, workbook
from lowcode.reports.operations.outlooks import forecasts
from lowcode.reports.operations.picture import PictureParameters, file_of
from lowcode.reports.operations.reading import below, board_plan, dated, drawn, report_of, shown
from lowcode.reports.pictures import Pictures
from lowcode.reports.plan import FunnelPlan, ReportPlan
from lowcode.reports.run import Unusable


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
    """A dashboard by its name, or a board of one's own by its number, under filters. With `cross`, the tiles that can
    are narrowed to what was pressed on another one."""

    dashboard: str
    filters: Mapping[str, Any] = Field(default_factory=dict)
    cross: Cross | None = None


class ExportParameters(ExploreParameters):
    """A report as a file; with `rows` or `columns`, as a cross table of them."""


def run(charts: Registry[ChartKind], context: Context, params: RunParameters) -> Annotated[dict[str, Any], has()]:
    """The rows of a report with their drawing, or the way to the records behind a cell."""
    plan, filters = below(report_of(context, params.report), params.filters, params.path)
    if params.drill is not None:
        return drilled(context, plan, filters, params.drill, params.measure)
    return shown(charts, context, plan, filters)


def drill(
    context: Context, params: DrillParameters
) -> Annotated[dict[str, Any], has(form=str, where=str, columns=list[str])]:
    """The condition that finds the records behind a cell, for `records.list`."""
    plan, filters = below(report_of(context, params.report), params.filters, params.path)
    return drilled(context, plan, filters, params.drill, params.measure)


def explain(
    context: Context, params: ExplainParameters
) -> Annotated[dict[str, Any], has(measure=str, title=object, formula=object)]:
    """Why a number is what it is: formula, parts, conditions, and how many records were counted."""
    plan, filters = below(report_of(context, params.report), params.filters, params.path)
    if isinstance(plan, FunnelPlan):
        raise Rejected(problem("no-explanation", report=plan.name))
    try:
        return explain_cell(context, plan, dated(context, plan, filters), params.cell, params.measure)
    except Unusable as error:
        raise Rejected(problem("bad-filter", name=str(error))) from None


def dashboard(
    charts: Registry[ChartKind], context: Context, params: DashboardParameters
) -> Annotated[dict[str, Any], has(dashboard=str, title=object, filters=list[dict], tiles=list[dict])]:
    """Every tile of a dashboard in one answer; a tile that is refused says why, the others stand."""
    return answered_board(charts, context, board_plan(context, params.dashboard), params.filters, params.cross)


def export(charts: Registry[ChartKind], context: Context, params: ExportParameters) -> File:
    """A workbook with the rows of a report, or with its cross table."""
    plan = report_of(context, params.report)
    if params.rows or params.columns:
        result = explored(charts, context, params)
        cross = result["drawing"]["pivot"]
    else:
        result, found = drawn(charts, context, plan, params.filters)
        cross = found.draw()["pivot"] if found is not None and found.kind.name == "pivot" else None
    speech = speech_of(context)
    content = workbook(result, speech, cross)
    return {"name": f"{localized(result['title'], speech.locale)}.xlsx", "media_type": TYPE, "content": content}


def picture(charts: Registry[ChartKind], pictures: Pictures, context: Context, params: PictureParameters) -> File:
    """A report as a picture."""
    result, found = drawn(charts, context, report_of(context, params.report), params.filters, params.locale)
    return file_of(context, pictures, result, found, params)


def drilled(
    context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any], cell: Mapping[str, Any],
    measure: str | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The way to the records behind a cell."""
    try:
        if isinstance(plan, FunnelPlan):
            return drill_funnel(context, plan, filters, cell)
        return drill_report(context, plan, dated(context, plan, filters), cell, measure)
    except Unusable as error:
        raise Rejected(problem("bad-filter", name=str(error))) from None


def operations(charts: Registry[ChartKind], pictures: Pictures) -> Iterable[Operation]:
    """Each operation; `charts` are the kinds that the host knows, `pictures` is what draws without a browser."""
    yield Operation(
        "reports.run", partial(run, charts), RunParameters, writes=False, granted=True, summary="The rows of a report"
    )
    yield Operation(
        "reports.drill", drill, DrillParameters, writes=False, granted=True, summary="The records behind a cell"
    )
    yield Operation("reports.forecasts", forecasts, Nothing, writes=False, summary="What is forecast, and how well")
    yield Operation("reports.explain", explain, ExplainParameters, writes=False, summary="Why a number is what it is")
    yield Operation(
        "reports.dashboard", partial(dashboard, charts), DashboardParameters, writes=False, summary="A dashboard"
    )
    drawing = partial(picture, charts, pictures)
    yield Operation("reports.picture", drawing, PictureParameters, writes=False, summary="A report as a picture")
    exploring = partial(explored, charts)
    yield Operation(
        "reports.explore", exploring, ExploreParameters, writes=False, granted=True, summary="A report combined freely"
    )
    yield Operation(
        "reports.export",
        partial(export, charts),
        ExportParameters,
        writes=False,
        granted=True,
        summary="A report as a workbook",
    )
