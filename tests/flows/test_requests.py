"""A request that is repeated is done once: the answer of the first time comes again, in the transaction of the work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.flows.operations import OPERATIONS
from lowcode.flows.operations.once import Requested
from lowcode.kernel.diagnostics import Conflict, Rejected
from tests.flows.app import Office, approval, document
from tests.flows.test_races import asking, at_once

PRICE = document("price", nodes=approval({"user": "head"}), start={"on": "manual"}, withdraw={})
"""Begun by hand."""


@pytest.fixture
def office() -> Iterator[Office]:
    """A quote goes to its head; another flow is begun by hand."""
    found = Office(document(nodes=approval({"user": "head"})), PRICE)
    yield found
    found.host.close()


def begun(office: Office, login: str = "li") -> dict[str, Any]:
    """What begins a flow."""
    return {"flow": "price", "id": office.quote(login=login)}


def test_every_telling_operation_takes_one() -> None:
    """All that a person or program may ask of flows and that writes; what the app asks of itself does not."""
    writing = {each.name for each in OPERATIONS if each.writes and each.access not in ("internal", "anyone")}
    without = {each.name for each in OPERATIONS if each.name in writing and not issubclass(each.params, Requested)}
    assert set() == without - {"flows.send_link", "flows.make_link", "flows.read_bpmn", "flows.export_bpmn"}
    assert {"flows.start", "flows.decide", "flows.add_signer", "flows.urge", "flows.cancel"} <= writing


def test_a_start_that_is_repeated_starts_once(office: Office) -> None:
    """Without a request the second is refused, as the flow runs; with it the first answer comes again."""
    given = begun(office)
    first = office.ask("root", "flows.start", **given, request="r1")
    assert first == office.ask("root", "flows.start", **given, request="r1")
    with pytest.raises(Conflict):
        office.ask("root", "flows.start", **given, request="r2")
    with pytest.raises(Conflict):
        office.ask("root", "flows.start", **given)


def test_what_would_happen_twice_happens_once(office: Office) -> None:
    """A signer is added once, a decision counted once and its answer the same, though the task is closed by then."""
    office.submitted()
    task = office.tasks("head")[0]["id"]
    person = office.id("fang")
    added = {"task": task, "person": person, "request": "add"}
    first = office.ask("head", "flows.add_signer", **added)
    assert first == office.ask("head", "flows.add_signer", **added)
    assert 1 == len(office.tasks("fang"))
    said = {"task": task, "decision": "approve", "request": "yes"}
    assert office.ask("head", "flows.decide", **said) == office.ask("head", "flows.decide", **said)


def test_a_request_is_of_one_person_and_one_thing(office: Office) -> None:
    """Another parameter under the same word is refused with its place; another person, or another operation, has words
    of its own."""
    first = begun(office)
    office.ask("root", "flows.start", **first, request="r")
    with pytest.raises(Rejected) as refused:
        office.ask("root", "flows.start", **begun(office), request="r")
    assert [("flows.request-differs", "/request")] == [(each.code, each.pointer) for each in refused.value.problems]
    office.ask("li", "flows.start", **begun(office), request="r")
    office.decide("head", request="r")


def test_what_was_refused_may_be_asked_again(office: Office) -> None:
    """Nothing is kept of what did not happen: the same request is done when it can be."""
    given = begun(office)
    running = office.ask("root", "flows.start", **given)
    with pytest.raises(Conflict):
        office.ask("root", "flows.start", **given, request="r")
    office.ask("root", "flows.cancel", instance=running["id"])
    assert running["id"] != office.ask("root", "flows.start", **given, request="r")["id"]


def test_it_stands_and_falls_with_the_transaction(office: Office) -> None:
    """In a transaction of the caller that is undone, the answer is undone with the work."""
    given = begun(office)
    with pytest.raises(RuntimeError), office.host.session(office.host.actor("root")) as context:
        context.ask("flows.start", **given, request="r")
        raise RuntimeError
    with office.host.session(office.host.actor("root")) as context:
        first = context.ask("flows.start", **given, request="r")
        assert first == context.ask("flows.start", **given, request="r")
    assert first == office.ask("root", "flows.start", **given, request="r")


def twice_at_once(office: Office, rounds: int) -> None:
    """The same request twice at one instant: one answer, and one instance, one signer, one decision, one message."""
    for turn in range(rounds):
        word = f"r{turn}"
        given = {**begun(office), "request": word}
        started = at_once([asking(office, "root", "flows.start", **given)] * 2)
        assert started[0] == started[1] and not isinstance(started[0], Exception), started
        task = office.tasks("head")[0]["id"]
        added = {"task": task, "person": office.id("fang"), "request": word}
        signers = at_once([asking(office, "head", "flows.add_signer", **added)] * 2)
        assert signers[0] == signers[1] and not isinstance(signers[0], Exception), signers
        urged = {"instance": started[0]["id"], "request": word}
        hurried = at_once([asking(office, "root", "flows.urge", **urged)] * 2)
        assert hurried[0] == hurried[1] and not isinstance(hurried[0], Exception), hurried
        said = {"task": task, "decision": "approve", "request": word}
        decided = at_once([asking(office, "head", "flows.decide", **said)] * 2)
        assert decided[0] == decided[1] and not isinstance(decided[0], Exception), decided
        mine = office.tasks("fang")
        assert 1 == len([each for each in mine if each["instance"] == started[0]["id"]])
        office.ask("fang", "flows.decide", task=mine[0]["id"], decision="approve")
    assert {} == office.waiting()


@pytest.mark.postgresql
def test_twice_at_once_on_postgresql(postgresql_url: str) -> None:
    """Real connections."""
    office = Office(PRICE, database=postgresql_url)
    try:
        twice_at_once(office, 12)
    finally:
        office.host.close()


def test_twice_at_once_on_sqlite(tmp_path: Any) -> None:
    """One writer, shared commits."""
    office = Office(PRICE, database=f"sqlite:///{tmp_path}/office.sqlite3")
    try:
        twice_at_once(office, 6)
    finally:
        office.host.close()
