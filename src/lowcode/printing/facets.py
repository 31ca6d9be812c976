"""What printing adds to the page: papers of a form, those that can be printed of a record now, those that were."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfRecord, facets
from lowcode.printing.operations.permitting import may_print, plans_of


def describe(context: Context, _: Any) -> dict[str, Any]:
    """By form, the papers this person may print."""
    offered: dict[str, list[dict[str, Any]]] = {}
    for _name, plan in sorted(plans_of(context).templates.items()):
        if may_print(context, plan):
            about = {"name": plan.name, "title": plan.title, "languages": list(plan.languages)}
            about["outputs"] = list(plan.outputs)
            offered.setdefault(plan.form, []).append(about)
    return offered


def situation(context: Context, params: OfRecord) -> dict[str, Any]:
    """The papers that can be printed of the record now."""
    return {"print": [each["name"] for each in context.ask("printing.list", form=params.form, id=params.id)["items"]]}


def activities(context: Context, params: OfRecord) -> list[dict[str, Any]]:
    """The papers that were made of the record, as entries of its timeline."""
    rows = context.ask("printing.history", form=params.form, id=params.id)["items"]
    ids = tuple({row["printed_by"] for row in rows if row["printed_by"] is not None})
    people = context.ask("records.label", type="user", ids=ids) if ids else {}
    return [
        {
            "id": f"print-{row['id']}",
            "at": row["printed_at"],
            "by": {"id": row["printed_by"], "label": people.get(row["printed_by"], "")} if row["printed_by"] else None,
            "kind": "print",
            "text": f"{row['file_name']} ({row['copy']})",
        }
        for row in rows
    ]


FACETS = tuple(facets("printing", describe, situation, activities))
