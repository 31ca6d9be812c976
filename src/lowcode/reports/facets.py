"""What reports add to the app: the dashboards and reports a person may see."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.facets import facets
from lowcode.reports.forgetting import forget
from lowcode.reports.operations.reading import may_see, plans_of


def describe(context: Context, _: Any) -> dict[str, Any]:
    """By name, the dashboards and reports of this person, with their titles."""
    plans = plans_of(context)
    return {
        "dashboards": {
            name: {"title": plan.title} for name, plan in plans.dashboards.items() if may_see(context, plan)
        },
        "datasets": {name: {"title": plan.title} for name, plan in plans.datasets.items() if may_see(context, plan)},
        "reports": {name: {"title": plan.title} for name, plan in plans.reports.items() if may_see(context, plan)},
    }


FACETS = tuple(facets("reports", describe, forget_texts=forget))
