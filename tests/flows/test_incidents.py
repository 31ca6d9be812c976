"""What a step cannot do makes an incident there, with its reason and its cure."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lowcode.flows.operations import repairing
from lowcode.kernel.diagnostics import NotFound
from lowcode.kernel.storage.crypto import SECRET, new_key
from tests.flows.app import QUOTE, Office, document

OLD, NEW = new_key("old"), new_key("new")
NODES: list[dict[str, Any]] = [
    {"id": "start", "type": "start", "to": "one"},
    {"id": "one", "type": "task", "assignees": [{"user": "li"}], "to": "copy"},
    {"id": "copy", "type": "set", "values": {"number": "iban"}, "to": "end"},
    {"id": "end", "type": "end", "outcome": "approved"},
]
FORM = {**QUOTE, "fields": [*QUOTE["fields"], {"name": "iban", "type": "text", "encrypted": True}]}


@pytest.mark.requirement("SW12", "SP15")
def test_a_step_that_reads_what_no_key_opens(database_url: str, tmp_path: Path) -> None:
    """A value of the record that was encrypted with a key the host no longer has: the step stands, says why and what
    can be done, and goes on when the key is there again; whoever decided before it has decided."""
    if database_url == "sqlite://":
        database_url = f"sqlite:///{tmp_path}/office.sqlite3"

    flow = document(nodes=NODES, start={"on": "manual"}, withdraw={})

    def opened(keys: str) -> Office:
        return Office(flow, database=database_url, more={"forms/quote.json": FORM}, secrets={SECRET: keys})

    office = opened(OLD)
    quote = office.quote(iban="CN-1")
    office.ask("li", "flows.start", flow="approval", id=quote)
    office.host.close()
    other = opened(NEW)
    other.decide("li", "complete")
    (incident,) = other.history(quote)[0]["incidents"]
    (found,) = incident["problems"]
    assert ("copy", "flows.value-sealed") == (incident["node"], found["code"])
    assert SECRET in str(found)
    other.host.close()
    again = opened(f"{NEW},{OLD}")
    again.ask("root", "flows.retry", instance=again.history(quote)[0]["id"])
    assert "CN-1" == again.ask("boss", "records.get", type="quote", id=quote)["number"]
    assert "approved" == again.history(quote)[0]["state"]
    again.host.close()


@pytest.mark.requirement("SW12")
def test_many_are_tried_again_at_once(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each for itself: one that can goes on, one that is stuck still says by what and who is asked to help hears of it,
    one that is suspended is left alone; a page at a time, and of one flow when one is named."""
    monkeypatch.setattr(repairing, "MOST", 2)
    nodes = [
        {"id": "start", "type": "start", "to": "mark"},
        {"id": "mark", "type": "set", "title": "Mark", "values": {"note": "number"}, "to": "end"},
        {"id": "end", "type": "end", "outcome": "approved"},
    ]
    form = {**QUOTE, "checks": [{"name": "short", "expression": 'note <> "long"', "message": "Too long"}]}
    flow = document("marks", nodes=nodes, start={"on": "manual"}, withdraw={})
    office = Office(flow, {**flow, "name": "other"}, database=database_url, more={"forms/quote.json": form})
    quotes = [office.quote(number="long") for _ in range(4)]
    begun = [office.ask("li", "flows.start", flow="marks", id=quote)["id"] for quote in quotes]
    assert ["flows.retry_many"] == [each["operation"] for each in office.ask("root", "flows.incidents")["actions"]]
    for quote in (quotes[0], quotes[3]):
        office.ask("root", "records.update", type="quote", id=quote, values={"number": "ok"})
    office.ask("root", "flows.suspend", instance=begun[1])
    first = office.ask("root", "flows.retry_many", flow="marks")
    assert (first["refused"], first["next"]) == (1, begun[2])
    assert [(begun[0], True, []), (begun[2], False, ["Too long"])] == [
        (each["instance"], each["done"], [p["detail"] for p in each["problems"]]) for each in first["items"]
    ]
    rest = office.ask("root", "flows.retry_many", flow="marks", after=first["next"])
    assert ([begun[3]], None) == ([each["instance"] for each in rest["items"]], rest["next"])
    assert ["approved", "suspended", "failed", "approved"] == [office.history(each)[0]["state"] for each in quotes]
    assert [] == office.ask("root", "flows.retry_many", flow="other")["items"]
    with pytest.raises(NotFound, match=r"flows\.no-such-flow"):
        office.ask("root", "flows.retry_many", flow="mark")
    office.host.close()


@pytest.mark.requirement("SW12")
def test_what_is_tried_again_in_vain_is_stuck_since_it_was_at_first(database_url: str) -> None:
    """Administrators hear of it once, and it says by what it is stuck now and since when at all; what a later step is
    stuck by is another matter."""
    nodes = [
        {"id": "start", "type": "start", "to": "mark"},
        {"id": "mark", "type": "set", "title": "Mark", "values": {"note": "number"}, "to": "again"},
        {"id": "again", "type": "set", "title": "Again", "values": {"note": "number & number"}, "to": "end"},
        {"id": "end", "type": "end", "outcome": "approved"},
    ]
    checks = [
        {"name": text, "expression": f'note is blank or note <> "{text}"', "message": f"Not {text}"}
        for text in ("long", "wide", "okok")
    ]
    flow = document("marks", nodes=nodes, start={"on": "manual"}, withdraw={})
    office = Office(flow, database=database_url, more={"forms/quote.json": {**QUOTE, "checks": checks}})
    quote = office.quote(number="long")
    instance = office.ask("li", "flows.start", flow="marks", id=quote)["id"]
    first = office.clock.now()

    def retried(number: str) -> list[tuple[str, Any, str]]:
        """The record is changed and the step tried again, an hour later: where it is stuck, since when, and why."""
        office.clock.advance(timedelta(hours=1))
        office.ask("root", "records.update", type="quote", id=quote, values={"number": number})
        office.ask("root", "flows.retry", instance=instance)
        found = office.ask("root", "flows.incidents")["items"]
        return [(each["title"], each["at"], each["problems"][0]["message"]) for each in found]

    def told() -> int:
        """How often an administrator heard of it."""
        return len(office.ask("root", "notifications.list")["items"])

    assert [("Mark", first, "Not long")] == retried("long") and told() == 1
    assert [("Mark", first, "Not wide")] == retried("wide") and told() == 1
    assert [("Again", office.clock.now() + timedelta(hours=1), "Not okok")] == retried("ok") and told() == 2
    assert [] == retried("fine") and [] == office.history(quote)[0]["incidents"]
    assert "approved" == office.history(quote)[0]["state"]
    office.host.close()
