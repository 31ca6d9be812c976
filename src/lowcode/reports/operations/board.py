"""A board as it is answered: every tile with its report, in one pass over the facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.registry import Registry
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.operations.crossing import crossed
from lowcode.reports.operations.reading import plans_of, report_of, shown
from lowcode.reports.operations.scans import Scans
from lowcode.reports.plan import DashboardPlan, FunnelPlan, ReportPlan, Tile


class Cross(Parameters):
    """What was pressed on a board: values of dimensions of one of its reports."""

    report: str
    key: Mapping[str, Any]


Found = ReportPlan | FunnelPlan


def answered_board(
    charts: Registry[ChartKind], context: Context, plan: DashboardPlan, chosen: Mapping[str, Any],
    cross: Cross | None = None, find: Callable[[Context, str], Found] = report_of,
) -> dict[str, Any]:  # fmt: skip
    """A board with every tile: a tile that is refused says why, the others stand. `chosen`: values of its filters, of
    those left out what they begin with. `find`: which plan a report has, where it is not the published one."""
    filters = {each["name"]: chosen.get(each["name"], each["value"]) for each in plan.filters}
    source = find(context, cross.report) if cross is not None else None
    scans = Scans(context)

    def tile(each: Tile) -> dict[str, Any]:
        said = {name: getattr(each, name) for name in ("report", "heading", "text", "title")}
        place = {**{name: value for name, value in said.items() if value is not None}, **each.place}
        if each.report is None:
            return place
        followed = each.followed(filters)
        if each.filters:
            place |= {"follows": dict(each.filters), "filters": followed}
        try:
            found = find(context, each.report)
            if cross is not None and source is not None:
                narrower = crossed(context, found, source, cross.key)
                place["crossed"] = narrower is not None
                found = narrower or found
            place["result"] = shown(charts, context, found, followed, scans)
        except Rejected as refused:
            first = refused.problems[0]
            known = plans_of(context).reports.get(each.report)
            place.setdefault("title", known.title if known is not None else each.report)
            place["problem"] = {"code": first.code, "detail": first.words(context.actor.locale)}
        return place

    known = [{**each, "value": filters[each["name"]]} for each in plan.filters]
    tiles = [tile(each) for each in plan.tiles]
    return {"dashboard": plan.name, "title": plan.title, "filters": known, "tiles": tiles}
