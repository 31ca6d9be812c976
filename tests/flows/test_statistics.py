"""How the work goes, counted from the tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lowcode.kernel.diagnostics import Forbidden
from tests.flows.app import MONDAY, Office, approval, document


def test_steps_and_people_are_counted(database_url: str) -> None:
    """Asked, answered, refused, late, and how long it took; what is outside the span of time is not counted."""
    flow = document(nodes=approval({"role": "finance"}, mode="all", deadline={"hours": 5}))
    office = Office(flow, database=database_url)
    span = {"since": MONDAY, "until": MONDAY + timedelta(days=1)}
    office.submitted()
    office.clock.advance(timedelta(hours=2))
    office.decide("fang")
    office.submitted()
    office.clock.advance(timedelta(hours=4))
    office.decide("fang", "reject")
    found = office.ask("root", "flows.statistics", **span)["items"]
    line = {"flow": "approval", "node": "ask", "title": "Check the price"}
    assert [{**line, "asked": 4, "open": 1, "late": 1, "done": 2, "agreed": 1, "refused": 1, "hours": 3.0}] == found
    people = office.ask("root", "flows.statistics", by="person", flow="approval", **span)["items"]
    assert [("Fang", 2, 3.0), ("Feng", 2, None)] == [
        (each["person"]["label"], each["asked"], each["hours"]) for each in people
    ]
    later = {"since": MONDAY + timedelta(days=1), "until": MONDAY + timedelta(days=2)}
    assert [] == office.ask("root", "flows.statistics", **later)["items"]
    with pytest.raises(Forbidden):
        office.ask("li", "flows.statistics", **span)
    office.host.close()
