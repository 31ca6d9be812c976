"""How the engine's own rooms read: which plan is meant, whether this person may see it, and its answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.registry import Registry
from lowcode.reports.boards.own import own_plan
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.answer import answer_funnel, answer_report, drill_funnel, drill_report
from lowcode.reports.operations.drawing import Ready, ready
from lowcode.reports.operations.query import permitted
from lowcode.reports.plan import DashboardPlan, FunnelPlan, ReportPlan, ReportsPlan
from lowcode.reports.run import Unusable


def plans_of(context: Context) -> ReportsPlan:
    plan: ReportsPlan = context.app.plans["reports"]
    return plan


def report_of(context: Context, name: str) -> ReportPlan | FunnelPlan:
    plans = plans_of(context)
    plan = plans.reports.get(name) or plans.datasets.get(name)
    if plan is None:
        raise NotFound(problem("no-report", report=name))
    if not has_role(context, plan.roles):
        raise Forbidden(problem("not-for-you", report=name))
    permitted(context, plan.form, lambda: Forbidden(problem("not-for-you", report=name)))
    return plan


def answered(context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any]) -> dict[str, Any]:
    try:
        if isinstance(plan, FunnelPlan):
            return answer_funnel(context, plan, filters)
        return answer_report(context, plan, filters)
    except Unusable as error:
        raise Rejected(problem("bad-filter", name=str(error))) from None


def drilled(
    context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any], cell: Mapping[str, Any]
) -> dict[str, Any]:
    try:
        if isinstance(plan, FunnelPlan):
            return drill_funnel(context, plan, filters, cell)
        return drill_report(context, plan, filters, cell)
    except Unusable as error:
        raise Rejected(problem("bad-filter", name=str(error))) from None


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
    if name.isdigit():
        return own_plan(context, int(name))
    plan = plans_of(context).dashboards.get(name)
    if plan is None:
        raise NotFound(problem("no-dashboard", dashboard=name))
    if not has_role(context, plan.roles):
        raise Forbidden(problem("not-for-you", report=name))
    return plan


def drawn(
    charts: Registry[ChartKind], context: Context, plan: ReportPlan | FunnelPlan, filters: Mapping[str, Any],
    locale: str | None = None,
) -> tuple[dict[str, Any], Ready | None]:  # fmt: skip
    """A report under filters, and what is drawn of it."""
    result = answered(context, plan, filters)
    found = ready(context, charts, plan, result, lambda less: answer_report(context, less, filters), locale)
    return result, found
