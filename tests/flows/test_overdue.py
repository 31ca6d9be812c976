"""After downtime what was due is done in the order in which it was, the oldest first."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.kernel.events.deliver import Delivery
from lowcode.kernel.identity import APP
from tests.flows.app import MONDAY, QUOTE, Office, approval, document

FORM: dict[str, Any] = QUOTE
WAIT = [
    {"id": "start", "type": "start", "to": "wait"},
    {"id": "wait", "type": "wait", "until": "due", "to": "end"},
    {"id": "end", "type": "end"},
]
WOKEN = sa.select(tables.history.c.instance).where(tables.history.c.event == "woken").order_by(tables.history.c.id)
RECORDS = sa.select(tables.instance.c.id, tables.instance.c.record_id)


@pytest.mark.requirement("X22", "W22")
def test_the_oldest_first(database_url: str) -> None:
    """In whichever order they began to wait, and in however many pieces they are taken: those that were due first are
    woken first, and each once."""
    form = {**FORM, "fields": [*FORM["fields"], {"name": "due", "type": "datetime"}]}
    flow = document("waits", nodes=WAIT, start={"on": "manual"}, withdraw={})
    office = Office(flow, database=database_url, more={"forms/quote.json": form})
    hours = list(range(1, 41))
    random.Random(7).shuffle(hours)
    due = {office.quote(number=f"D{each}", due=MONDAY + timedelta(hours=each)): each for each in hours}
    for quote in due:
        office.ask("li", "flows.start", flow="waits", id=quote)
    office.host.settle()
    office.clock.advance(timedelta(days=30))
    Delivery(office.host, batch=6).deliver()
    with office.host.session(APP) as context:
        record = {row["id"]: row["record_id"] for row in context.unit.fetch(RECORDS)}
        woken = [due[record[row["instance"]]] for row in context.unit.fetch(WOKEN)]
    assert sorted(hours) == woken
    office.host.close()


RUNGS = {"days": 1, "times": 2, "ladder": [{"after": {"days": 1}, "do": "approve"}]}


@pytest.mark.requirement("X22", "W22")
def test_rungs_over_a_clock_that_jumps(database_url: str) -> None:
    """The clock is put forward by three days and back by one. The rung that was reached comes once, and not again when
    its time comes a second time; who was told has the whole span until the next one, and what begins by the clock that
    was put back has its own."""
    flow = document(nodes=approval({"user": "head"}, deadline=RUNGS))
    office = Office(flow, database=database_url)

    def events(instance: int) -> list[str]:
        lines = sa.select(tables.history.c.event).where(tables.history.c.instance == instance)
        with office.host.session(APP) as context:
            return [each["event"] for each in context.unit.fetch(lines.order_by(tables.history.c.id))]

    def found(*quotes: int) -> list[tuple[int, str]]:
        return [(events(office.history(each)[0]["id"]).count("woken"), office.stage(each)) for each in quotes]

    def pass_by(**span: int) -> None:
        office.clock.advance(timedelta(**span))
        office.host.settle()

    early = office.submitted()
    pass_by(days=3, hours=1)
    assert [(1, "approving")] == found(early)
    told = office.ask("head", "notifications.list")["items"]
    office.clock.advance(timedelta(days=-1))
    late = office.submitted()
    pass_by(hours=23)
    assert [(1, "approving"), (0, "approving")] == found(early, late)
    assert [each["id"] for each in told] == [e["id"] for e in office.ask("head", "notifications.list")["items"]][1:]
    for hours, rungs in ((2, (1, 1)), (24, (2, 2)), (24, (3, 3))):
        pass_by(hours=hours)
        stage = "approved" if rungs == (3, 3) else "approving"
        assert [(each, stage) for each in rungs] == found(early, late)
    pass_by(days=30)
    assert [(3, "approved")] * 2 == found(early, late)
    assert {} == office.waiting()
    office.host.close()
