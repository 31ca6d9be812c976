"""Work that belongs to a state: a flow that begins with it holds the record there, or ends when it leaves."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from tests.flows import app as small
from tests.flows.app import MONDAY, Office, document

WORK = [
    {"id": "start", "type": "start", "to": "visit"},
    {"id": "visit", "type": "task", "title": "Visit", "assignees": ["owner"], "help": "Go there.",
     "checklist": [{"name": "seen", "title": "Seen"}], "due": {"days": 2, "working": True}, "to": "end"},
    {"id": "end", "type": "end"},
]  # fmt: skip


def office(monkeypatch: pytest.MonkeyPatch, leaving: str) -> Office:
    """Quotes whose work in `approving` is done by their owner; going back to draft asks for nothing."""
    quote: Any = copy.deepcopy(small.QUOTE)
    stage = quote["fields"][4]
    stage["transitions"][1]["roles"] = stage["transitions"][3]["roles"] = ["sales", "director"]
    stage["transitions"][3]["gates"] = "none"
    monkeypatch.setattr(small, "QUOTE", quote)
    start = {"on": "transition", "field": "stage", "to": "approving", "leaving": leaving}
    return Office(document(nodes=WORK, start=start, withdraw={}))


@pytest.mark.requirement("SW08", "SW10", "SW20")
def test_work_of_a_stage_is_done_before_the_record_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Coming into the stage gives the task with guide, checklist and deadline; the record leaves when it is done."""
    firm = office(monkeypatch, "refuse")
    quote = firm.submitted()
    task = firm.tasks("li")[0]
    assert (task["title"], task["due_at"]) == ("Visit", MONDAY + timedelta(days=2))
    with pytest.raises(Rejected) as refused:
        firm.ask("li", "records.update", type="quote", id=quote, values={"stage": "approved"})
    assert [(each.code, each.pointer) for each in refused.value.problems] == [("flows.work-left", "/stage")]
    firm.decide("li", "complete", checked=["seen"])
    firm.ask("li", "records.update", type="quote", id=quote, values={"stage": "approved"})
    assert firm.stage(quote) == "approved"


@pytest.mark.requirement("SW20")
def test_going_back_takes_the_work_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """A transition that is held to no gates leaves the work undone, and nobody has it on their list any more; so does
    any transition with `stop`."""
    firm = office(monkeypatch, "refuse")
    quote = firm.submitted()
    firm.ask("li", "records.update", type="quote", id=quote, values={"stage": "draft"})
    assert (firm.stage(quote), firm.waiting(), firm.history(quote)[0]["state"]) == ("draft", {}, "cancelled")
    firm = office(monkeypatch, "stop")
    quote = firm.submitted()
    firm.ask("li", "records.update", type="quote", id=quote, values={"stage": "approved"})
    assert (firm.stage(quote), firm.waiting()) == ("approved", {})
