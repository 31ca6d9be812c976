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


SPLIT = [
    {"id": "start", "type": "start", "to": "both"},
    {"id": "both", "type": "parallel", "to": ["one", "two"]},
    {"id": "one", "type": "task", "title": "One", "assignees": [{"user": "head"}], "to": "more"},
    {"id": "more", "type": "task", "title": "More", "assignees": [{"user": "head"}], "to": "join"},
    {"id": "two", "type": "task", "title": "Two", "assignees": [{"user": "head"}], "to": "join"},
    {"id": "join", "type": "join", "to": "end"},
    {"id": "end", "type": "end", "outcome": "approved"},
]


@pytest.mark.requirement("W34", "SW18")
def test_a_notice_leads_to_the_step_it_is_of() -> None:
    """Whoever is asked in two branches is led to either by its own notice; that of an answered step leads nowhere, also
    when the same person is asked next; one of no step leads to the first that is open."""
    office = Office(document(nodes=SPLIT))
    office.submitted()

    def led() -> dict[str, str | None]:
        titles = {each["id"]: each["node"] for each in office.tasks("head")}
        notices = office.ask("head", "notifications.list")["items"]
        return {each["title"]: titles[each["task"]] if "task" in each else None for each in notices}

    def task(node: str) -> int:
        return next(int(each["id"]) for each in office.tasks("head") if each["node"] == node)

    assert {"One": "one", "Two": "two"} == led()
    office.ask("head", "flows.decide", task=task("one"), decision="complete")
    assert {"One": None, "Two": "two", "More": "more"} == led()
    office.ask("li", "flows.urge", instance=office.tasks("head")[0]["instance"])
    assert "two" == led().pop("You are asked to hurry")
    office.ask("head", "flows.decide", task=task("two"), decision="complete")
    assert {"One": None, "Two": None, "More": "more", "You are asked to hurry": "more"} == led()
    office.host.close()
