"""What comes in from outside sets rules off: a request of another program, taken in by an intake of the app."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.rules.apps import Trial, rule, trial

WEBSITE: dict[str, Any] = {
    "name": "website", "type": "intake", "form": "lead",
    "payload": {"type": "object", "properties": {"company": {"type": "string"}, "phone": {"type": "string"}},
                "required": ["company"]},
    "values": {"company": "payload.company", "phone": "payload.phone"}, "authentication": {"key": True},
}  # fmt: skip
FORM: dict[str, Any] = {"others": {"api/website.json": WEBSITE}}


def send(app: Trial, **payload: str) -> int:
    """A request as another program sends it; the status of the answer."""
    body, headers = json.dumps(payload).encode(), {"content-type": "application/json"}
    answer = app.ask(None, "api.intake", name="website", body=body, headers=headers)
    app.settle()
    return int(answer["status"])


@pytest.mark.requirement("R8")
def test_a_request_from_outside_sets_a_rule_off(database_url: str) -> None:
    """Once for each request, for the record it became; a refused one sets nothing off, nor does what a person saves."""
    note = {"update": {"form": "lead", "where": "id = this", "values": {"note": 'COALESCE(note, "") & "in "'}}}
    rules = (
        rule("any", {"received": {"intake": "website"}}, note),
        rule("first", {"received": {"intake": "website", "outcome": "created"}}, {
            "create": {"form": "task", "values": {"title": '"call " & company', "lead": "id"}}}),
    )  # fmt: skip
    with trial(database_url, *rules, **FORM) as app:
        app.create(company="by hand")
        assert send(app, company="North", phone="13912345678") == 201
        assert send(app, phone="13912345678") == 422
        assert [(each["company"], each["note"]) for each in app.all("lead")] == [("by hand", None), ("North", "in")]
        assert [each["title"] for each in app.all()] == ["call North"]
