"""An answer is refused once, with everything that is wrong with it, each at its place."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from tests.flows.app import QUOTE, Office, document

ENDS = [{"id": "end", "type": "end", "outcome": "approved"}, {"id": "no", "type": "end", "outcome": "rejected"}]
ASK: dict[str, Any] = {
    "id": "ask", "type": "approve", "approvers": [{"user": "head"}], "opinion": "required", "signature": True,
    "attachment": True, "fields": {"required": ["terms", "place", "risk"], "editable": ["rate"]},
    "checklist": [{"name": "seen", "title": "Seen", "required": True}], "approved": "next", "rejected": "no",
}  # fmt: skip
NEXT = {"id": "next", "type": "approve", "approvers": [{"chosen_by": "previous"}], "approved": "end", "rejected": "no"}
FIELDS = [
    {"name": "terms", "type": "text"},
    {"name": "place", "type": "select", "options": [{"name": "here"}, {"name": "there"}]},
    {"name": "risk", "type": "text"},
    {"name": "rate", "type": "percent"},
]


@pytest.mark.requirement("W2")
def test_everything_that_is_wrong_is_said_at_once() -> None:
    """Values that the record does not take, what the step wants beside the answer, and who may not be picked. What is
    given and wrong is not missing as well; what is right beside it is not written."""
    start = {"id": "start", "type": "start", "to": "ask"}
    flow = document(nodes=[start, ASK, NEXT, *ENDS], start={"on": "manual"}, withdraw={})
    office = Office(flow, more={"forms/quote.json": {**QUOTE, "fields": [*QUOTE["fields"], *FIELDS]}})
    quote = office.quote()
    office.ask("li", "flows.start", flow="approval", id=quote)
    given = {"terms": "30 days", "place": "nowhere", "rate": "much"}
    with pytest.raises(Rejected) as refused:
        office.decide("head", values=given, chosen={"next": [999]}, files=[999])
    assert {
        "/values/place", "/values/rate", "/values/risk", "/opinion", "/signature", "/files", "/checked/seen",
        "/chosen/next",
    } == {each.pointer for each in refused.value.problems}  # fmt: skip
    pointers = [each.pointer for each in refused.value.problems]
    assert len(set(pointers)) == len(pointers)
    assert None is office.ask("boss", "records.get", type="quote", id=quote)["terms"]
    right = {"terms": "30 days", "place": "here", "risk": "low"}
    said: dict[str, Any] = {"opinion": "well", "signature": "Head", "checked": ["seen"]}
    said["chosen"] = {"next": [office.id("boss")]}
    with pytest.raises(Rejected) as refused:
        office.decide("head", values=right, **said)
    assert ["/files"] == [each.pointer for each in refused.value.problems]
    assert None is office.ask("boss", "records.get", type="quote", id=quote)["terms"]
    office.host.close()
