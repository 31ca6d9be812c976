"""Messages that come before anybody waits for them: what two do at one instant, what is kept for whom, and how long.

The corpus (`stories/early.json`) tells what comes of one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.flows.operations.keeping import MOST
from lowcode.kernel.diagnostics import Conflict, Forbidden
from lowcode.kernel.identity import APP
from lowcode.kernel.storage.tables import job
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


def strict(role: str) -> dict[str, Any]:
    """The flow that waits, for what one role sends."""
    event = {"message": "paid", "roles": [role], "to": "end"}
    nodes = [START, ONE, {**WAIT, "events": [event]}, END]
    return document(nodes=nodes, start={"on": "manual"}, messages=DAY, withdraw={})


@pytest.mark.requirement("SW12", "X6")
def test_one_of_an_earlier_version_takes_what_its_version_says(tmp_path: Path) -> None:
    """Another version takes it from others: what runs under the one before still gets it from whom that one says, early
    or in time, and nobody else may send it."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    old = Office(strict("finance"), database=database)
    first, second = old.quote(), old.quote()
    for quote in (first, second):
        old.ask("li", "flows.start", flow="approval", id=quote)
    old.decide("li", "complete")
    old.host.close()
    office = Office(strict("director"), database=database)
    assert {"moved": 1, "kept": 0} == send(office, second)
    assert 1 == send(office, first)["kept"]
    with pytest.raises(Forbidden):
        send(office, first, "head")
    with pytest.raises(Forbidden):
        send(office, office.quote())
    office.decide("li", "complete")
    office.host.settle()
    assert ["approved"] * 2 == [office.history(quote)[0]["state"] for quote in (first, second)]
    office.host.close()


@pytest.mark.requirement("SW12")
def test_nothing_begins_for_a_record_that_is_gone(office: Office) -> None:
    """What is kept for a deleted record expires with it, though the flow that it would begin ends there."""
    quote = office.quote(500)
    assert (1, 2) == (send(office, quote)["begun"], send(office, quote)["kept"])
    office.ask("li", "records.delete", type="quote", id=quote)
    office.host.settle()
    assert ([], (0, 1, 3)) == (office.tasks("li"), counts(office))
    with office.host.session(APP) as context:
        rows = context.unit.fetch(sa.select(tables.instance.c.state))
    assert ["cancelled"] == [row["state"] for row in rows]


@pytest.mark.requirement("SW12")
def test_who_sent_it_is_who_is_said_to_have_sent_it() -> None:
    """Given later, or while somebody else sends theirs: the app does what follows, the history says who sent it, and
    when. What one sends oneself at the right moment one does oneself."""
    second = {"id": "second", "type": "wait", "events": [{"message": "paid", "roles": ["director"], "to": "end"}]}
    first = {"id": "wait", "type": "wait", "events": [{"message": "paid", "roles": ["finance"], "to": "second"}]}
    nodes = [START, ONE, first, second, END]
    chain = document(nodes=nodes, start={"on": "manual"}, messages=DAY, withdraw={})
    told = Office(chain)
    lines = sa.select(tables.history.c.event, tables.history.c.node, tables.history.c.actor, tables.history.c.body)
    for early in (True, False):
        quote = told.quote()
        told.ask("li", "flows.start", flow="approval", id=quote)
        if early:
            send(told, quote)
        told.clock.advance(timedelta(hours=1))
        told.decide("li", "complete")
        if not early:
            send(told, quote)
        send(told, quote, "boss")  # before any job has run: it finds what is kept
        told.host.settle()
        shown = told.history(quote)[0]
        assert "approved" == shown["state"]
        assert ["Fang", "Boss"] == [e["by"]["label"] for e in shown["deeds"] if e["event"] == "message"]
        with told.host.session(APP) as context:
            found = context.unit.fetch(lines.where(tables.history.c.instance == shown["id"]))
        passed = [row["actor"] for row in found if (row["event"], row["node"]) == ("passed", "wait")]
        assert [None if early else told.id("fang")] == passed
        said = [row["body"] for row in found if row["event"] == "message"]
        assert [told.id("fang"), told.id("boss")] == [each["sender"] for each in said]
        assert early == (said[0]["sent_at"] < said[1]["sent_at"])
    told.host.close()


@pytest.mark.requirement("SW12", "X14")
def test_so_many_wait_and_no_more() -> None:
    """Of one name for one flow of a record; who sends one more is told, nothing of it stays, and sending costs the same
    statements however many wait. What stands still puts off no work."""
    office = Office(WAITS)
    quote = office.quote()
    office.ask("li", "flows.start", flow="approval", id=quote)
    asked = []
    with office.host.session(office.host.actor("fang")) as context:
        for _ in range(MOST):
            before = context.unit.statements
            context.ask("flows.message", name="paid", form="quote", id=quote)
            asked.append(context.unit.statements - before)
        put_off = context.unit.fetch(sa.select(job.c.id).where(job.c.name == "flows.deliver"))
    assert ({asked[1]}, []) == (set(asked[1:]), put_off)
    with pytest.raises(Conflict) as refused:
        send(office, quote)
    assert ["flows.too-many-messages"] == [each.code for each in refused.value.problems]
    assert (MOST, 0, 0) == counts(office)
    office.decide("li", "complete")
    office.host.settle()
    assert ("approved", (MOST - 1, 1, 0)) == (office.history(quote)[0]["state"], counts(office))
    office.host.close()
