"""How the engine's own rooms read: which plan is meant, whether this person may see it, and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.registry import Registry
from lowcode.kernel.texts import whole_in
from lowcode.reports.boards.own import own_plan
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.diagnostics import problem
from lowcode.reports.measures import level_filter
from lowcode.reports.operations.answer import answer_funnel, answer_report
from lowcode.reports.operations.drawing import Ready, ready
from lowcode.reports.operations.query import permitted
from lowcode.reports.operations.scans import Scans
from lowcode.reports.plan import DashboardPlan, FunnelPlan, ReportPlan, ReportsPlan
from lowcode.reports.run import Unusable, period_of


def plans_of(context: Context) -> ReportsPlan:
    plan: ReportsPlan = context.app.plans["reports"]
    return plan


def report_of(context: Context, name: str) -> ReportPlan | FunnelPlan:
    plans = plans_of(context)
    plan = plans.reports.get(name) or plans.datasets.get(name)
    if plan is None:
        raise NotFound(problem("no-report", report=name))
    if not has_role(context, plan.roles):
        raise Forbidden(problem("not-for-you"))
    permitted(context, plan.form, lambda: Forbidden(problem("not-for-you")))
    return plan


def answered(
    context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any], scans: Scans | None = None
) -> dict[str, Any]:
    """A report under filters; `scans` is what was counted already for reports that are asked together."""
    try:
        if isinstance(plan, FunnelPlan):
            return answer_funnel(context, plan, filters)
        return answer_report(context, plan, dated(context, plan, filters), scans)
    except Unusable as error:
        raise Rejected(problem("bad-filter", name=str(error))) from None


def below(
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


def dated(context: Context, plan: ReportPlan, filters: Mapping[str, Any]) -> Mapping[str, Any]:
    """The filters with the day that the states of a report are those of."""
    if plan.as_of is None or filters.get("as_of"):
        return filters
    today = context.moment().today
    period = period_of(plan.as_of, today, plan.fiscal)
    return {**filters, "as_of": period[1] - timedelta(days=1) if period is not None else today}


def has_role(context: Context, roles: frozenset[str]) -> bool:
    return not roles or context.actor.is_administrator or bool(roles & context.actor.roles)


def may_see(context: Context, plan: ReportPlan | FunnelPlan | DashboardPlan) -> bool:
    host: Any = context.host
    if isinstance(plan, DashboardPlan):
        return has_role(context, plan.roles)
    readable: bool = host.grant(host.types[plan.form], context.actor).may("read")
    return readable and has_role(context, plan.roles)


def board_plan(context: Context, name: str) -> DashboardPlan:
    """A dashboard by its name, or a board of one's own by its number."""
    if (number := whole_in(name)) is not None:
        return own_plan(context, number)
    plan = plans_of(context).dashboards.get(name)
    if plan is None:
        raise NotFound(problem("no-dashboard", dashboard=name))
    if not has_role(context, plan.roles):
        raise Forbidden(problem("not-for-you"))
    return plan


def drawn(
    charts: Registry[ChartKind], context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any],
    locale: str | None = None, scans: Scans | None = None,
) -> tuple[dict[str, Any], Ready | None]:  # fmt: skip
    """A report under filters, and what is drawn of it; `scans` as in `answered`."""
    counted = scans or Scans(context)
    result = answered(context, plan, filters, counted)

    def answer(less: ReportPlan) -> dict[str, Any]:
        return answer_report(context, less, dated(context, less, filters), counted)

    return result, ready(context, charts, plan, result, answer, locale)


def shown(
    charts: Registry[ChartKind], context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any],
    scans: Scans | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A report under filters, with what draws it."""
    result, found = drawn(charts, context, plan, filters, scans=scans)
    return result if found is None else {**result, "drawing": found.draw()}
