"""Messages that come before anybody waits for them: what two do at one instant, what is kept for whom, and how long.

The corpus (`stories/early.json`) tells what comes of one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.identity import APP
from tests.flows.app import Office, document
from tests.flows.test_races import asking, at_once, deciding

START = {"id": "start", "type": "start", "to": "one"}
ONE = {"id": "one", "type": "task", "assignees": [{"user": "li"}], "to": "wait"}
WAIT = {"id": "wait", "type": "wait", "events": [{"message": "paid", "roles": ["finance"], "to": "end"}]}
END = {"id": "end", "type": "end", "outcome": "approved"}
DAY: list[dict[str, Any]] = [{"name": "paid", "keep": {"days": 1}}]
WAITS = document(nodes=[START, ONE, WAIT, END], start={"on": "manual"}, messages=DAY, withdraw={})
BEGINS = document(
    "begins",
    nodes=[{**START, "to": "sign"}, {**ONE, "id": "sign", "to": "end"}, END],
    start={"on": "message", "name": "paid", "roles": ["finance"], "when": "total > 100"},
    messages=DAY,
    withdraw={},
)


def send(office: Office, quote: int, login: str = "fang", **more: Any) -> Any:
    """Somebody says that it is paid."""
    return office.ask(login, "flows.message", name="paid", form="quote", id=quote, **more)


def counts(office: Office) -> tuple[int, int, int]:
    """How many wait, were received, and expired."""
    found = office.ask("root", "flows.messages")["counts"]
    return found["waiting"], found["received"], found["expired"]


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """The flows, on either database."""
    found = Office(WAITS, BEGINS, database=database_url)
    yield found
    found.host.close()


@pytest.mark.requirement("SW12")
def test_one_that_is_sent_while_the_wait_begins_is_never_lost(office: Office) -> None:
    """Two connections at one instant, many times, and its sender sends it twice: whoever commits last finds the other,
    and it is taken once."""
    for number in range(1, 13):
        quote = office.quote(50)
        office.ask("li", "flows.start", flow="approval", id=quote)
        task = office.tasks("li")[0]["id"]
        sending = asking(office, "fang", "flows.message", name="paid", form="quote", id=quote, message_id="a")
        answers = at_once([deciding(office, "li", task, "complete"), sending, sending])
        assert [] == [each for each in answers if isinstance(each, Exception)]
        office.host.settle()
        assert ["approved"] == [each["state"] for each in office.history(quote)], answers
        assert 1 == sum("known" in each for each in answers[1:]), answers
        assert (number, number, 0) == counts(office)  # the other flow's condition keeps it out


@pytest.mark.requirement("SW12")
def test_kept_for_each_flow_by_itself(office: Office) -> None:
    """One flow takes it at once, and another when it may: one that begins with it runs once at a time, and begins again
    when it has ended. What its condition does not let in waits and expires."""
    quote, small = office.quote(500), office.quote(50)
    first, second = send(office, quote), send(office, quote)
    assert ((1, 1), (0, 2)) == ((first["begun"], first["kept"]), (second.get("begun", 0), second["kept"]))
    assert (3, 1, 0) == counts(office)
    office.decide("li", "complete")
    office.host.settle()
    assert (1, 2) == (len(office.tasks("li")), len(office.history(quote)))
    assert 2 == send(office, small)["kept"]
    office.host.settle()
    assert [] == office.history(small)
    office.clock.advance(timedelta(days=1))
    assert (0, 2, 4) == counts(office)
    shown = office.ask("root", "flows.messages", state="expired", limit=3)
    assert 3 == len(shown["items"]) and {"expired"} == {each["state"] for each in shown["items"]}
    onward = office.ask("root", "flows.messages", state="expired", limit=3, after=shown["next"])
    assert (1, None) == (len(onward["items"]), onward["next"])
    with pytest.raises(Forbidden):
        office.ask("fang", "flows.messages")


@pytest.mark.requirement("SW12")
def test_kept_by_whom_it_may_be_sent() -> None:
    """What its sender was when they sent it counts when it is taken: a step that takes it from others does not."""
    strict = {**WAIT, "events": [{"message": "paid", "roles": ["director"], "to": "end"}]}
    loose = {**ONE, "on": [{"message": "paid", "roles": ["finance"], "to": "wait"}], "id": "loose", "to": "wait"}
    nodes = [START, {**ONE, "to": "loose"}, loose, strict, END]
    office = Office(document(nodes=nodes, start={"on": "manual"}, messages=DAY, withdraw={}))
    quote = office.quote()
    office.ask("li", "flows.start", flow="approval", id=quote)
    assert 2 == sum(send(office, quote)["kept"] for _ in range(2))
    office.decide("li", "complete")
    office.host.settle()
    assert ("running", (1, 1, 0)) == (office.history(quote)[0]["state"], counts(office))
    assert 1 == send(office, quote, "boss")["moved"]
    assert ("approved", (1, 2, 0)) == (office.history(quote)[0]["state"], counts(office))


@pytest.mark.requirement("SW12", "X14")
def test_forgotten_with_its_record_and_trimmed_by_night() -> None:
    """What was said is taken out with the names of a record, and the row goes long after the message has expired."""
    office = Office(WAITS)
    quote = office.quote()
    office.ask("li", "flows.start", flow="approval", id=quote)
    send(office, quote, body={"payer": "Wang"})
    with office.host.session(APP) as context:
        context.ask("flows.forget", form="quote", ids=(quote,))
        assert [{}] == [row["body"] for row in context.unit.fetch(sa.select(tables.message))]
    for days, left in ((91, 1), (2, 0)):
        office.clock.advance(timedelta(days=days) - timedelta(hours=days == 91))
        office.host.settle()
        assert (0, 0, left) == counts(office)
