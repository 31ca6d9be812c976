"""What the page of a record offers while a flow keeps it closed: nothing that the server would refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from tests.flows.app import QUOTE, Office, approval, document
from tests.web.calls import Visitor

FORM: dict[str, Any] = QUOTE
*FIELDS, STAGE = FORM["fields"]
OWN = [
    {"from": "approving", "to": "approved", "roles": []},
    {"from": "approving", "to": "rejected", "roles": ["director", "supervisor"]},
]
SAID = "The record is locked while it is being approved."


@pytest.fixture
def office() -> Iterator[Office]:
    """A quote in approval: the flow alone approves it, a director or a supervisor may reject it beside the flow."""
    stage = {**STAGE, "transitions": [STAGE["transitions"][0], *OWN]}
    flow = document(nodes=approval({"user": "head"}, fields={"editable": ["note"]}))
    found = Office(flow, more={"forms/quote.json": {**FORM, "fields": [*FIELDS, stage]}})
    yield found
    found.host.close()


def offered(office: Office, login: str, quote: int) -> dict[str, Any]:
    """What the page is told that somebody may do."""
    visitor = Visitor(office, demo=True)  # type: ignore[arg-type]
    assert 200 == visitor.post("api/session", {"login": login}).status_code
    found: dict[str, Any] = visitor.get(f"api/records/quote/{quote}").json()["_meta"]
    return found


@pytest.mark.requirement("W30")
def test_nothing_is_offered_that_is_refused(office: Office) -> None:
    """Transitions that only the flow takes are not offered to an administrator, others with the reason; a person who
    is asked may change what their step opens; once the flow is over everything is as before."""
    quote = office.quote()
    assert "closed" not in offered(office, "root", quote)
    office.submit(quote)
    root, head, boss = (offered(office, login, quote) for login in ("root", "head", "boss"))
    assert {"but": [], "message": SAID} == root["closed"] == boss["closed"]
    refused = [{"to": "rejected", "allowed": False, "message": SAID}]
    assert {"stage": refused} == root["transitions"] == boss["transitions"] == head["transitions"]
    assert {"edit": False, "delete": False} == root["can"]
    assert {"edit": True, "delete": False} == head["can"]
    assert {"but": ["note"], "message": SAID} == head["closed"]
    assert "note" not in head["read_only"]
    assert {"number", "total", "owner", "stage"} <= set(head["read_only"])
    office.ask("head", "records.update", type="quote", id=quote, values={"note": "dear"})
    office.decide("head")
    assert "closed" not in offered(office, "root", quote)
    assert {"edit": True, "delete": True} == offered(office, "root", quote)["can"]


def test_no_browser_keeps_what_was_offered(office: Office) -> None:
    """What may be done changes while the record does not: a browser that kept the answer under the version of the
    record would show buttons that are refused. A program that says which version it has is still answered shortly."""
    quote = office.quote()
    visitor = Visitor(office, demo=True)  # type: ignore[arg-type]
    visitor.post("api/session", {"login": "root"})
    answer = visitor.get(f"api/records/quote/{quote}")
    assert ('"1"', "private, no-store") == (answer.headers["etag"], answer.headers["cache-control"])
    assert 304 == visitor.get(f"api/records/quote/{quote}", headers={"if-none-match": '"1"'}).status_code


def fixed(office: Office, login: str, *quotes: int, field: str = "stage") -> dict[int, str]:
    """The quotes that somebody cannot move by a field, and why."""
    found = office.ask(login, "records.fixed", type="quote", ids=quotes, field=field)["items"]
    return {each["id"]: each["message"] for each in found}


@pytest.mark.requirement("W30", "SF27")
def test_a_card_that_cannot_be_moved_says_why(office: Office) -> None:
    """Whatever a save would refuse wherever it leads: to an administrator as to others while it is approved, but for
    what a step opens to who is asked; records of others to who may only edit their own, and nothing of what may not be
    read. What is not refused is not among them."""
    free, locked, other = office.quote(), office.submitted(), office.quote(login="zhao")
    everything = (free, locked, other)
    for login in ("root", "boss", "head"):
        assert {locked: SAID} == fixed(office, login, *everything)
    assert {locked: SAID} == fixed(office, "li", *everything)
    assert {} == fixed(office, "head", *everything, field="note")
    assert {locked: SAID} == fixed(office, "boss", *everything, field="note")
    for quote in fixed(office, "root", *everything):
        with pytest.raises(Rejected):
            office.ask("root", "records.update", type="quote", id=quote, values={"stage": "rejected"})
    with pytest.raises(NotFound):
        fixed(office, "root", free, field="stag")
    office.decide("head")
    assert {} == fixed(office, "root", *everything)


@pytest.mark.requirement("W30")
def test_nobody_is_told_of_records_they_may_not_read(office: Office) -> None:
    """That a record is in approval is known to who may read it: not to others, whichever way they ask."""
    locked = office.submitted()
    with pytest.raises(NotFound):
        office.ask("zhao", "records.get", type="quote", id=locked)
    assert [] == office.ask("zhao", "flows.situation", form="quote", id=locked)["closed"]
    assert [{"but": [], "message": SAID}] == office.ask("li", "flows.situation", form="quote", id=locked)["closed"]
    assert {} == fixed(office, "zhao", locked)
    for login in ("zhao", "li", "root"):
        with pytest.raises(Forbidden):
            office.ask(login, "flows.closed", form="quote", ids=[locked], person=office.id(login))
    with office.host.session() as app, pytest.raises(Rejected):
        app.ask("flows.closed", form="quote", ids=list(range(1001)), person=None)


def test_what_the_form_fixes_says_so() -> None:
    """The permissions of the form and its conditions: who may see and not edit, and a field that is read only now."""
    fields = [*FIELDS, STAGE, {"name": "grade", "type": "text", "read_only_when": "total > 100"},
              {"name": "twice", "type": "formula", "expression": "total * 2"}]  # fmt: skip
    permissions = [
        {"role": "sales", "can": ["create", "read", "edit"], "where": "total < 1000"},
        {"role": ["director"], "can": ["read"]},
    ]
    office = Office(more={"forms/quote.json": {**FORM, "fields": fields, "permissions": permissions}})
    small, large = office.quote(50), office.quote(500)
    assert {large: "this cannot be changed"} == fixed(office, "li", small, large, field="grade")
    assert {} == fixed(office, "li", small, large)
    assert {} == fixed(office, "li", small, large, field="owner")
    assert {small, large} == fixed(office, "boss", small, large, field="owner").keys()
    assert {small, large} == fixed(office, "li", small, large, field="twice").keys()
    assert {"you may not edit this"} == set(fixed(office, "boss", small, large).values())
    chinese = replace(office.host.actor("boss"), locale="zh-CN")
    told = office.host.ask(chinese, "records.fixed", type="quote", ids=[large], field="stage")["items"]
    assert [{"id": large, "message": "您没有权限修改这条记录"}] == told
    with office.host.session() as app:
        app.ask("records.update", type="quote", id=large, values={"total": 5000})
    assert {} == fixed(office, "li", large)
    assert {large: "you may not edit this"} == fixed(office, "boss", large)
    office.host.close()
