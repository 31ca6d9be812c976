"""A notice of a flow leads to the task of whoever reads it, while there is one to do."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.app import Office, approval, document


def leads(office: Office, login: str) -> list[Any]:
    """Where the notices of somebody lead, the newest first: to a task, or to the record alone."""
    return [each.get("task") for each in office.ask(login, "notifications.list")["items"]]


@pytest.mark.requirement("W34", "SW18")
def test_a_notice_leads_to_what_is_to_be_done() -> None:
    """Of several records each to its own; what was decided, and notices that no flow sent, lead to the record."""
    office = Office(document(nodes=approval({"user": "head"}, {"user": "fang"})))
    first, second = office.submitted(number="N1"), office.submitted(number="N2")
    with office.host.session() as app:
        for key in ("flow", "flow:x", "flow:1x:2", "other:1:1"):
            app.ask("notifications.send", to=(office.id("head"),), title="x", form="quote", record=first, key=key)
    tasks = {each["record"]["id"]: each["id"] for each in office.tasks("head")}
    assert [None, None, None, None, tasks[second], tasks[first]] == leads(office, "head")
    office.ask("head", "flows.decide", task=tasks[first], decision="approve")
    assert [None, None, None, None, tasks[second], None] == leads(office, "head")
    assert {each["id"] for each in office.tasks("fang")} == set(leads(office, "fang"))
    assert [] == leads(office, "boss")
    office.host.close()
