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
from tests.flows.app import MONDAY, QUOTE, Office, document

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
