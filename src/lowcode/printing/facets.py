"""What printing adds to the page: the papers of a form, and those that can be printed of a record now."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfRecord, facets


def describe(context: Context, _: Any) -> dict[str, Any]:
    """By form, its papers."""
    found: dict[str, Any] = {}
    for form in {plan.form for plan in context.app.plans["printing"].templates.values()}:
        found[form] = context.ask("printing.list", form=form)["items"]
    return found


def situation(context: Context, params: OfRecord) -> dict[str, Any]:
    """The papers that can be printed of the record now."""
    return {"print": [each["name"] for each in context.ask("printing.list", form=params.form, id=params.id)["items"]]}


FACETS = tuple(facets("printing", describe, situation))
