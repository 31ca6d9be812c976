"""What printing adds to the page: papers of a form, those that can be printed of a record now, those that were."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfRecord, facets
from lowcode.printing.operations.forgetting import forget
from lowcode.printing.operations.permitting import may_print, plans_of
from lowcode.printing.operations.sending import letters_of


def describe(context: Context, _: Any) -> dict[str, Any]:
    """By form, the papers this person may print."""
    offered: dict[str, list[dict[str, Any]]] = {}
    for _name, plan in sorted(plans_of(context).templates.items()):
        if may_print(context, plan):
            about: dict[str, Any] = {"name": plan.name, "title": plan.title, "languages": list(plan.languages)}
            about["outputs"] = list(plan.outputs)
            about |= {"labels": plan.labels.count if plan.labels is not None else None, "roll": plan.roll is not None,
                      "background": plan.background is not None,
                      "form_printed": plan.background is not None and plan.background.printed}  # fmt: skip
            offered.setdefault(plan.form, []).append(about)
    return offered


def situation(context: Context, params: OfRecord) -> dict[str, Any]:
    """The papers that can be printed of the record now."""
    if not plans_of(context).of_form(params.form):
        return {}
    return {"print": [each["name"] for each in context.ask("printing.list", form=params.form, id=params.id)["items"]]}


def activities(context: Context, params: OfRecord) -> list[dict[str, Any]]:
    """The papers that were made of the record, sent, and opened by their readers, as entries of its timeline."""
    rows = context.ask("printing.history", form=params.form, id=params.id)["items"]
    links = context.ask("printing.links", form=params.form, id=params.id)["items"]
    letters = context.unit.fetch(letters_of, of_type=params.form, of_record=params.id)
    ids = {row["printed_by"] for row in rows} | {row["sent_by"] for row in letters}
    known = tuple(each for each in ids if each is not None)
    people = context.ask("records.label", type="user", ids=known) if known else {}

    def entry(key: str, at: Any, by: int | None, kind: str, text: str) -> dict[str, Any]:
        who = {"id": by, "label": people.get(by, "")} if by else None
        return {"id": key, "at": at, "by": who, "kind": kind, "text": text}

    found = [
        entry(f"print-{row['id']}", row["printed_at"], row["printed_by"], "print",
              f"{row['file_name']} ({row['copy']})")
        for row in rows
    ]  # fmt: skip
    found += [
        entry(f"letter-{row['id']}", row["sent_at"], row["sent_by"], "mail", f"{row['subject']} → {row['recipient']}")
        for row in letters
    ]
    chinese = (context.actor.locale or context.app.definition.languages[0]).startswith("zh")
    for link in links:
        words = f"{link['reader'] or '?'} 打开了 {link['file_name']}" if chinese else \
            f"{link['reader'] or '?'} opened {link['file_name']}"  # fmt: skip
        found += [
            entry(f"view-{link['id']}-{place}", view["at"], None, "mail", words)
            for place, view in enumerate(link["views"])
            if view["what"] == "opened"
        ]
    return sorted(found, key=lambda each: each["at"], reverse=True)


FACETS = tuple(facets("printing", describe, situation, activities, forget))
