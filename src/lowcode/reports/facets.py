"""What reports add to the app: the dashboards and reports a person may see."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfTexts, facets
from lowcode.kernel.records.mentioned import forget_texts
from lowcode.reports.operations.reading import may_see, plans_of
from lowcode.reports.tables import board, share, subscription


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


def forget(context: Context, params: OfTexts) -> None:
    """Boards that people made for themselves, links and subscriptions look for nobody who was erased."""
    forget_texts(context, params.texts, (board.c.filters, share.c.filters, subscription.c.filters))


FACETS = tuple(facets("reports", describe, forget_texts=forget))
