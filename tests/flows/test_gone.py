"""A definition that was taken away, or no longer fits, blocks nothing: what began under it goes on by the version it
keeps or stands where an administrator sees it, and everything else goes on in time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.flows.app import APPLICATION, Office, approval, document

MANUAL: dict[str, Any] = {"start": {"on": "manual"}, "withdraw": {}}


def timed(name: str, **keys: Any) -> dict[str, Any]:
    """A flow whose only step approves itself after a day."""
    return document(name, nodes=approval({"user": "head"}, deadline={"hours": 24, "then": "approve"}, **keys), **MANUAL)


def begun(office: Office, *flows: str) -> dict[str, int]:
    """A quote in approval for each flow."""
    quotes = {flow: office.submitted() for flow in flows}
    for flow, quote in quotes.items():
        office.ask("li", "flows.start", flow=flow, id=quote)
    return quotes


@pytest.mark.requirement("W28", "X6")
def test_a_flow_that_is_gone_blocks_no_queue(tmp_path: Path) -> None:
    """Its instances keep the version they began under and end by it; nobody can begin it; the timers of others come in
    time."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    old = Office(timed("gone"), timed("stays"), database=database)
    quotes = begun(old, "gone", "stays")
    old.host.close()
    new = Office(timed("stays"), database=database)
    new.clock.advance(timedelta(hours=25))
    new.host.settle()
    assert {"gone": "approved", "stays": "approved"} == {flow: new.stage(quote) for flow, quote in quotes.items()}
    assert [] == new.ask("root", "jobs.dead")["items"]
    new.host.close()


@pytest.mark.requirement("W28", "X6", "W32")
def test_a_version_that_no_longer_fits_blocks_no_queue(tmp_path: Path) -> None:
    """The role it asks is gone from the app: its instance waits until somebody helps, and says so; the timer of another
    comes in time, and an administrator can end what cannot go on."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    roles = [*APPLICATION["roles"], {"name": "auditor"}]
    audit = {"id": "audit", "type": "approve", "approvers": [{"role": "auditor"}], "approved": "mark",
             "rejected": "return"}  # fmt: skip
    nodes = approval({"user": "head"}, deadline={"hours": 24, "then": "approve"}, approved="audit")
    audited = document("audited", nodes=[*nodes, audit], **MANUAL)
    old = Office(audited, timed("stays"), database=database, more={"app.json": {**APPLICATION, "roles": roles}})
    quotes = begun(old, "audited", "stays")
    old.host.close()
    new = Office(timed("stays"), database=database)
    new.clock.advance(timedelta(hours=25))
    new.host.settle()
    assert {"audited": "approving", "stays": "approved"} == {flow: new.stage(each) for flow, each in quotes.items()}
    found = new.history(quotes["audited"])[0]
    assert ("running", ["flows.cancel"]) == (found["state"], [each["operation"] for each in found["actions"]])
    ended = new.ask("root", "flows.cancel", instance=found["id"])
    assert ("cancelled", ["done", "skipped"], []) == (
        ended["state"], [each["state"] for each in ended["steps"]], ended["actions"],
    )  # fmt: skip
    new.host.settle()
    assert {} == new.waiting()
    new.host.close()


@pytest.mark.requirement("W28", "W19")
def test_ending_what_no_longer_fits_lets_go_of_what_hangs_on_it(tmp_path: Path) -> None:
    """It is ended as was chosen; the flow that began it goes on, and the one that it began is stopped."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    roles = [*APPLICATION["roles"], {"name": "auditor"}]
    start = {"id": "start", "type": "start", "to": "call"}
    ends = [{"id": each, "type": "end", "outcome": how} for each, how in (("end", "approved"), ("refused", "rejected"))]
    outer = [start, {"id": "call", "type": "flow", "flow": "audited", "to": "end", "rejected": "refused"}, *ends]
    audit = {"id": "audit", "type": "approve", "approvers": [{"role": "auditor"}], "approved": "end",
             "rejected": "end"}  # fmt: skip
    middle = [start, {"id": "call", "type": "flow", "flow": "inner", "to": "audit"}, audit, ends[0]]
    inner = document("inner", nodes=approval({"user": "head"}), **MANUAL)
    kept = document("outer", nodes=outer, **MANUAL)
    changed = {"app.json": {**APPLICATION, "roles": roles}}
    old = Office(kept, inner, document("audited", nodes=middle, **MANUAL), database=database, more=changed)
    quote = begun(old, "outer")["outer"]
    old.host.settle()
    assert {"outer", "audited", "inner"} == {each["flow"]["name"] for each in old.history(quote)}
    old.host.close()
    plain = document("audited", nodes=approval({"user": "head"}), **MANUAL)
    new = Office(kept, inner, plain, database=database)
    there = {each["flow"]["name"]: each["id"] for each in new.history(quote)}
    ended = new.ask("root", "flows.cancel", instance=there["audited"], outcome="voided")
    new.host.settle()
    assert ("voided", "voided") == (ended["state"], ended["outcome"])
    states = {each["flow"]["name"]: (each["state"], each["outcome"]) for each in new.history(quote)}
    assert {"outer": ("rejected", "rejected"), "inner": ("cancelled", "cancelled")} == {
        name: state for name, state in states.items() if name != "audited"
    }
    assert {} == new.waiting()
    new.host.close()


@pytest.mark.requirement("W28", "R5")
def test_deadlines_of_a_record_in_the_bin(database_url: str) -> None:
    """They are over with its flow and stay so when it is back; submitted again, its deadline counts anew, once."""
    ends = [{"id": "mark", "type": "set", "values": {"note": '"late"'}, "to": "end"}, {"id": "end", "type": "end"}]
    due = {"deadline": {"hours": 24, "then": "leave"}, "late": "mark"}
    work = {"id": "work", "type": "task", "assignees": [{"user": "head"}], "to": "end", **due}
    nodes = [{"id": "start", "type": "start", "to": "work"}, work, *ends]
    office = Office(document(nodes=nodes, **MANUAL), database=database_url)
    quote = begun(office, "approval")["approval"]
    office.ask("li", "records.delete", type="quote", id=quote)
    office.clock.advance(timedelta(hours=25))
    office.host.settle()
    office.ask("li", "records.undelete", type="quote", id=quote)
    office.clock.advance(timedelta(hours=25))
    office.host.settle()
    assert (["cancelled"], {}) == ([each["state"] for each in office.history(quote)], office.waiting())
    office.ask("li", "flows.start", flow="approval", id=quote)
    office.clock.advance(timedelta(hours=23))
    office.host.settle()
    assert {"head": 1} == office.waiting()
    office.clock.advance(timedelta(hours=2))
    office.host.settle()
    assert ["ended", "cancelled"] == [each["state"] for each in office.history(quote)]
    assert "late" == office.ask("li", "records.get", type="quote", id=quote)["note"]
    assert [] == office.ask("root", "jobs.dead")["items"]
    office.host.close()
