"""`reports.forecasts`: every report that is carried on, each with what its forecast says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Nothing
from lowcode.kernel.diagnostics import Rejected
from lowcode.reports.operations.reading import answered, may_see, plans_of
from lowcode.reports.operations.scans import Scans
from lowcode.reports.plan import ReportPlan


def forecasts(context: Context, _: Nothing) -> Items:
    """The forecasts that this person may see: what of, from how many periods, and how far off they were where that
    could be tried; `reason` where nothing is forecast, and why."""
    return {"items": list(_told(context))}


def _told(context: Context) -> Iterator[dict[str, Any]]:
    scans = Scans(context)
    for plan in plans_of(context).reports.values():
        if not isinstance(plan, ReportPlan) or plan.foresight is None or not may_see(context, plan):
            continue
        try:
            result = answered(context, plan, {}, scans)
        except Rejected:
            continue  # what it is made of is kept from this person
        if "forecast" not in result:
            continue
        measure = next(each for each in plan.measures if each.name == plan.foresight.measure)
        yield {
            "report": plan.name,
            "title": plan.title,
            "form": plan.form,
            "measure": measure.title,
            "grain": plan.dimensions[0].column.grain,
            "periods": plan.foresight.periods,
            **{name: value for name, value in result["forecast"].items() if name != "measure"},
        }
