"""What the page of a record offers while a flow keeps it closed: nothing that the server would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.flows.app import QUOTE, Office, approval, document
from tests.web.calls import Visitor

FORM: dict[str, Any] = QUOTE
*FIELDS, STAGE = FORM["fields"]
OWN = [
    {"from": "approving", "to": "approved", "roles": []},
    {"from": "approving", "to": "rejected", "roles": ["director", "supervisor"]},
]
SAID = "The record is locked while it is being approved."


@pytest.fixture
def office() -> Iterator[Office]:
    """A quote in approval: the flow alone approves it, a director or a supervisor may reject it beside the flow."""
    stage = {**STAGE, "transitions": [STAGE["transitions"][0], *OWN]}
    flow = document(nodes=approval({"user": "head"}, fields={"editable": ["note"]}))
    found = Office(flow, more={"forms/quote.json": {**FORM, "fields": [*FIELDS, stage]}})
    yield found
    found.host.close()


def offered(office: Office, login: str, quote: int) -> dict[str, Any]:
    """What the page is told that somebody may do."""
    visitor = Visitor(office, demo=True)  # type: ignore[arg-type]
    assert 200 == visitor.post("api/session", {"login": login}).status_code
    found: dict[str, Any] = visitor.get(f"api/records/quote/{quote}").json()["_meta"]
    return found


@pytest.mark.requirement("W30")
def test_nothing_is_offered_that_is_refused(office: Office) -> None:
    """Transitions that only the flow takes are not offered to an administrator, others with the reason; a person who
    is asked may change what their step opens; once the flow is over everything is as before."""
    quote = office.quote()
    assert "closed" not in offered(office, "root", quote)
    office.submit(quote)
    root, head, boss = (offered(office, login, quote) for login in ("root", "head", "boss"))
    assert {"but": [], "message": SAID} == root["closed"] == boss["closed"]
    refused = [{"to": "rejected", "allowed": False, "message": SAID}]
    assert {"stage": refused} == root["transitions"] == boss["transitions"] == head["transitions"]
    assert {"edit": False, "delete": False} == root["can"]
    assert {"edit": True, "delete": False} == head["can"]
    assert {"but": ["note"], "message": SAID} == head["closed"]
    assert "note" not in head["read_only"]
    assert {"number", "total", "owner", "stage"} <= set(head["read_only"])
    office.ask("head", "records.update", type="quote", id=quote, values={"note": "dear"})
    office.decide("head")
    assert "closed" not in offered(office, "root", quote)
    assert {"edit": True, "delete": True} == offered(office, "root", quote)["can"]


def test_no_browser_keeps_what_was_offered(office: Office) -> None:
    """What may be done changes while the record does not: a browser that kept the answer under the version of the
    record would show buttons that are refused. A program that says which version it has is still answered shortly."""
    quote = office.quote()
    visitor = Visitor(office, demo=True)  # type: ignore[arg-type]
    visitor.post("api/session", {"login": "root"})
    answer = visitor.get(f"api/records/quote/{quote}")
    assert ('"1"', "private, no-store") == (answer.headers["etag"], answer.headers["cache-control"])
    assert 304 == visitor.get(f"api/records/quote/{quote}", headers={"if-none-match": '"1"'}).status_code
