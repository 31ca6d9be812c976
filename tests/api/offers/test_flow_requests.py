"""Requests that a step of a flow makes: asked through the same queue as every message, and the flow goes on with the
answer; refused, it is an error that is caught, or the flow is stuck and tried again; once, whatever dies in between."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.diagnostics import DefinitionError, Diagnostic
from lowcode.kernel.identity import APP
from tests.api.app import Shop, documents
from tests.api.offers.apps import INVOICE, SECRETS, Billing, connector, files
from tests.api.vendors import Answer, Asked, serving

pytestmark = pytest.mark.requirement("A18", "SW10")
LEASE = timedelta(hours=1)
CHECKED = {
    "name": "named", "form": "order", "phase": "before",
    "on": {"becomes": 'there_number = "R-41" and number = "closed"'},
    "actions": [{"refuse": {"message": "not yet"}}],
}  # fmt: skip


def flow(*catches: Mapping[str, Any], **step: Any) -> dict[str, Any]:
    """A flow that asks for an invoice as soon as there is an order."""
    return {
        "name": "invoicing", "title": "Invoicing", "form": "order", "start": {"on": "created"},
        "subject": "{{ number }}",
        "nodes": [
            {"id": "start", "type": "start", "to": "ask"},
            {"id": "ask", "type": "request", **INVOICE, "to": "done", "on": list(catches), **step},
            {"id": "done", "type": "end", "outcome": "invoiced"},
            *({"id": each["to"], "type": "end", "outcome": each["to"]} for each in catches),
        ],
    }  # fmt: skip


def ending(what: str, value: Any, to: str) -> dict[str, Any]:
    """An event at the step that leads to an end of its own."""
    return {what: value, "to": to}


class Program:
    """The app that asks, the program it asks, and one order."""

    def __init__(self, shop: Shop, there: Billing) -> None:
        self.shop, self.there = shop, there
        self.order = 0

    def ordered(self, **more: Any) -> dict[str, Any]:
        """An order is made and all is delivered; its flow."""
        values = {"number": "A-1", "company": "Acme", "budget": "1234.50", "since": "2026-03-31", **more}
        values.setdefault("items", [{"name": "seat", "amount": "1000.25", "count": 3}])
        self.order = self.shop.ask("li", "records.create", type="order", values=values)["id"]
        return self.settled()

    def settled(self, **passed: float) -> dict[str, Any]:
        """Later, with all delivered; the flow."""
        if passed:
            self.shop.clock.advance(timedelta(**passed))
        self.shop.host.settle()
        found: dict[str, Any] = self.shop.ask("root", "flows.history", form="order", id=self.order)["items"][0]
        return found

    @property
    def record(self) -> dict[str, Any]:
        found: dict[str, Any] = self.shop.ask("root", "records.get", type="order", id=self.order)
        return found

    @property
    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.shop.ask("root", "api.deliveries")["items"]
        return found

    @property
    def incidents(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.shop.ask("root", "flows.incidents")["items"]
        return found

    @property
    def keys(self) -> list[str]:
        """The keys by which the program tells repetitions."""
        return [each.headers["idempotency-key"] for each in self.there.asked]


@pytest.fixture
def program(open_shop: Callable[..., Shop]) -> Iterator[Callable[..., Program]]:
    """Makes an app whose flow asks, and the program it asks."""
    with ExitStack() as stack:

        def make(*catches: Mapping[str, Any], more: Mapping[str, Any] | None = None, **step: Any) -> Program:
            there = Billing(lambda: shop.clock.now())
            stack.enter_context(serving(there))
            given = files() | {"flows/invoicing.json": flow(*catches, **step), **(more or {})}
            document = connector(variables={"port": there.url.rpartition(":")[2]})
            shop = open_shop(document, secrets=SECRETS, allow_private=("127.0.0.0/8",), more=given)
            return Program(shop, there)

        yield make


def lines(found: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What became of the step that asks, and the status of the answer."""
    return [(each["state"], (each["why"] or {}).get("status")) for each in found["steps"] if each["node"] == "ask"]


def test_asked_and_answered(program: Callable[..., Program]) -> None:
    """The request goes out after the commit, the answer sets fields, and the flow ends."""
    one = program()
    found = one.ordered()
    record = one.record
    assert ("invoiced", "ended") == (found["outcome"], found["state"])
    assert (41, "R-41", "1000.25") == (int(record["there"]), record["there_number"], str(record["there_total"]))
    assert one.there.got[0]["amount"] == 1234.5 and one.keys[0] == one.messages[0]["message"]
    assert [("done", 201)] == lines(found)


def test_a_refusal_that_is_caught(program: Callable[..., Program]) -> None:
    """By its status or by any name; the record is told why."""
    for caught in ("422", "*"):
        one = program(ending("error", caught, "refused"))
        assert "refused" == one.ordered(company="Nobody")["outcome"]
        assert "the customer is unknown" in one.record["why_not"] and [] == one.incidents


def test_a_refusal_that_nobody_catches(program: Callable[..., Program]) -> None:
    """Is an incident with the reason; mended and tried again, it is asked anew, as another request."""
    one = program(ending("error", "404", "refused"))
    assert "failed" == one.ordered(company="Nobody")["state"]
    (stuck,) = one.incidents
    assert "billing: createInvoice" in str(stuck["problems"]) and "unknown" in str(stuck["problems"])
    one.shop.ask("li", "records.update", type="order", id=one.order, values={"company": "Acme"})
    one.shop.ask("root", "flows.retry", instance=stuck["instance"])
    assert "invoiced" == one.settled()["outcome"]
    assert 2 == len(set(one.keys)) and [] == one.incidents


def test_an_answer_that_may_not_be_kept(program: Callable[..., Program]) -> None:
    """Is not lost and not asked for twice: the flow is stuck with it, and tried again it sets the fields."""
    one = program(more={"rules/named.json": CHECKED})
    one.ordered(number="closed")
    (stuck,) = one.incidents
    assert "not yet" in str(stuck["problems"]) and one.record["there_number"] is None
    one.shop.ask("li", "records.update", type="order", id=one.order, values={"number": "open"})
    one.shop.ask("root", "flows.retry", instance=stuck["instance"])
    assert "invoiced" == one.settled()["outcome"]
    assert "R-41" == one.record["there_number"] and 1 == len(one.there.asked)


def test_time_is_up(program: Callable[..., Program]) -> None:
    """A busy program is asked again under the same key until the step's time is up; then nobody asks any more."""
    one = program(ending("after", {"hours": 2}, "late"))
    one.there.next = [(503, {})] * 20
    one.ordered()
    one.settled(minutes=61)
    asked = len(one.there.asked)
    assert asked > 1 and 1 == len(set(one.keys))
    assert "late" == one.settled(minutes=61)["outcome"]
    asked = len(one.there.asked)
    one.settled(days=3)
    assert ["dead"] == [each["state"] for each in one.messages] and asked == len(one.there.asked)


def test_sent_again_by_hand(program: Callable[..., Program]) -> None:
    """A message that was given up, sent again under its key, brings its answer to the step that is stuck; a step that
    asked anew meanwhile does not take it."""
    one = program()
    one.there.next = [(403, {}), (403, {})]
    one.ordered()
    (stuck,) = one.incidents
    first = one.messages[0]["id"]
    one.shop.clock.advance(timedelta(minutes=5))
    one.shop.ask("root", "flows.retry", instance=stuck["instance"])
    one.settled()
    assert [stuck["at"]] == [each["at"] for each in one.incidents], "it is stuck since it was at first"
    assert 1 == len(one.shop.ask("root", "notifications.list")["items"]), "nobody is told of it once more"
    one.shop.ask("root", "api.redeliver", id=first)
    assert "failed" == one.settled()["state"] and 1 == len(one.incidents)
    one.shop.ask("root", "api.redeliver", id=one.messages[0]["id"])
    found = one.settled()
    assert "invoiced" == found["outcome"] and [] == one.incidents
    assert 2 == len(set(one.keys)) and 4 == len(one.keys)


def test_a_step_that_was_left(program: Callable[..., Program]) -> None:
    """Takes no answer: what comes when the flow went on is noted and changes nothing."""
    one = program()
    one.there.next = [(503, {})]
    found = one.ordered()
    one.shop.ask("root", "flows.cancel", instance=found["id"], opinion="not needed")
    with one.shop.host.session() as app:
        came = {"instance": found["id"], "token": 2, "values": {}, "status": 200}
        assert "late" == app.ask("flows.answered", message=one.messages[0]["message"], **came)
    one.settled(days=1)
    assert one.record["there_number"] is None and 1 == len(one.there.asked)


def test_what_is_foreseen(program: Callable[..., Program]) -> None:
    """A simulation asks nobody and goes on."""
    one = program()
    one.ordered()
    asked = len(one.there.asked)
    found = one.shop.ask("root", "flows.simulate", flow="invoicing", id=one.order)
    one.settled()
    assert "invoiced" == found["outcome"] and asked == len(one.there.asked)


def test_carried_to_another_version(program: Callable[..., Program]) -> None:
    """A flow that waits for an answer goes to a version that asks the same, and to no other."""
    one = program()
    one.there.next = [(503, {})]
    found = one.ordered()
    same = flow(title="Ask for it", set={"there_number": "answer.number", "paid_on": "answer.paid_on"})
    other = flow(operation="rates", body=None, set={})
    for version, carried in ((other, False), (same, True)):
        changed = {"flows/invoicing.json": version}
        plan = one.shop.ask("root", "app.plan", documents=changed)
        one.shop.ask("root", "app.publish", documents=changed, plan=plan["plan"], allow=plan["consents"])
        moved = one.shop.ask("root", "flows.migrate", flow="invoicing", instances=[found["id"]])["items"]
        assert [carried] == [each["done"] for each in moved], moved
    assert "invoiced" == one.settled(hours=1)["outcome"] and "R-41" == one.record["there_number"]
    assert one.record["there"] is None


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("operation", {"operation": "createInvoce"}, "requests.unknown-operation", "/operation"),
    ("connector", {"connector": "biling"}, "names.unknown", "/connector"),
    ("part", {"body": {**INVOICE["body"], "curency": '"EUR"'}}, "requests.unknown-part", "/body/curency"),
    ("answer", {"set": {"there": "answer.idd"}}, "expressions.", "/set/there"),
    ("field", {"set": {"ther": "answer.id"}}, "flows.unknown-field", "/set/ther"),
    ("refusal", {"refused": {"why_not": "refusal.why"}}, "expressions.", "/refused/why_not"),
    ("answer of a refusal", {"refused": {"why_not": "answer.number"}}, "expressions.", "/refused/why_not"),
]


@pytest.mark.parametrize(("step", "code", "pointer"), [e[1:] for e in WRONG], ids=[e[0] for e in WRONG])
def test_what_is_wrong(step: dict[str, Any], code: str, pointer: str) -> None:
    """Is a finding at its place in the flow."""
    found: list[Diagnostic] = []
    given = documents(connector(variables={"port": "80"}), **files(), **{"flows/invoicing.json": flow(**step)})
    with Host(given, "sqlite://") as host:
        try:
            host.publish()
        except DefinitionError as error:
            found = list(error.report)
    assert [(True, f"/nodes/1{pointer}")] == [(e.code.startswith(code), e.place.pointer) for e in found], found


class Deadly(Billing):
    """The program, which takes the first request and never gets to its answer: who asked is dead by then."""

    victim: Any = None

    def answer(self, asked: Asked) -> Answer:
        if len(self.asked) == 1:
            self.victim.kill()
            self.victim.join()
        return super().answer(asked)


def app_of(port: str) -> dict[str, Any]:
    """The app whose flow asks."""
    given = files() | {"flows/invoicing.json": flow()}
    return documents(connector(variables={"port": port}), **given)


def opened(url: str, port: str, clock: FrozenClock | None = None) -> Host:
    """A host of that app."""
    host = Host(app_of(port), url, secrets=SECRETS, allow_private=("127.0.0.0/8",), clock=clock)
    host.publish()
    return host


def deliver(url: str, port: str) -> None:
    """What the process does that is killed."""
    with opened(url, port) as host:
        host.settle()


def test_killed_between_the_request_and_its_answer(tmp_path: Path) -> None:
    """It is asked again under the same key when the lease of the dead has run out, and the flow goes on once."""
    there, url = Deadly(lambda: datetime.now(UTC)), f"sqlite:///{tmp_path}/killed.sqlite3"
    with serving(there):
        port = there.url.rpartition(":")[2]
        with opened(url, port) as host, host.session(APP) as context:
            values = {"number": "A-1", "company": "Acme", "budget": "1", "items": [{"name": "a", "amount": "1"}]}
            order = context.ask("records.create", type="order", values=values)["id"]
        there.victim = multiprocessing.get_context("forkserver").Process(target=deliver, args=(url, port))
        there.victim.start()
        there.victim.join()
        with opened(url, port, FrozenClock(datetime.now(UTC) + LEASE)) as host:
            host.settle()
            history = host.ask(APP, "flows.history", form="order", id=order)["items"]
    asked = [each.headers["idempotency-key"] for each in there.asked]
    assert 2 == len(asked) and 1 == len(set(asked))
    assert ["invoiced"] == [each["outcome"] for each in history]
    assert [("done", 201)] == lines(history[0])
