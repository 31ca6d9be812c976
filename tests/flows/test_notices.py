"""A notice of a flow leads to the task of whoever reads it, while there is one to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lowcode.kernel.contract import in_batch
from tests.flows.app import Office, approval, document
from tests.support.push import Browser, PushService, push_service

__all__ = ["push_service"]


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


TITLED = [
    {"id": "start", "type": "start", "to": "look"},
    {"id": "look", "type": "approve", "title": {"en": "Look at it", "zh-CN": "审核报价"},
     "approvers": [{"user": "head"}], "approved": "tell", "rejected": "end"},
    {"id": "tell", "type": "notify", "title": "Told", "to_people": [{"user": "fang"}], "to": "end"},
    {"id": "end", "type": "end", "outcome": "approved"},
]  # fmt: skip


@pytest.mark.requirement("F20", "W34", "SW18")
def test_the_tasks_of_a_batch_are_told_as_one(database_url: str) -> None:
    """Whoever has twelve tasks of one import reads that twelve are waiting, which, and is led to exactly those; one
    alone leads to its task, as does what is not of a batch; what a flow tells people is told so as well."""
    office = Office(document(nodes=TITLED), database=database_url)

    def brought(batch: str, *numbers: str) -> list[int]:
        with office.host.session(office.host.actor("li")) as context:
            several = in_batch(context, batch)
            made = [several.ask("records.create", type="quote", values={"number": each}) for each in numbers]
            for each in made:
                several.ask("records.update", type="quote", id=each["id"], values={"stage": "approving"})
        office.host.settle()
        office.clock.advance(timedelta(seconds=3))
        office.host.settle()
        return [each["id"] for each in made]

    def told(login: str) -> list[Any]:
        return list(office.ask(login, "notifications.list")["items"])

    twelve = brought("import:1", *(f"N{at:02}" for at in range(12)))
    (notice,) = told("head")
    assert ("Look at it: 12 tasks are waiting for you", None) == (notice["title"], notice["record"])
    assert [*(f"• Quote N0{at}" for at in range(5)), "… and 7 more"] == notice["text"].splitlines()
    listed = office.ask("head", "records.list", type="quote", where=notice["list"]["where"], sort=("id",))["items"]
    assert twelve == [each["id"] for each in listed]
    office.ask("head", "identity.set_locale", locale="zh-CN")
    assert "审核报价：12 项待办等您处理" == told("head")[0]["title"]
    (alone,) = brought("import:2", "A1")
    single = office.submitted(number="S1")
    tasks = {each["record"]["id"]: each["id"] for each in office.tasks("head")}
    assert [("审核报价", tasks[single]), ("审核报价", tasks[alone])] == [
        (each["title"], each.get("task")) for each in told("head")[:2]
    ]
    with office.host.session(office.host.actor("head")) as context:
        for each in twelve[:3]:
            in_batch(context, "decided").ask("flows.decide", task=tasks[each], decision="approve")
    office.host.settle()
    office.clock.advance(timedelta(seconds=3))
    office.host.settle()
    assert ["Told (3)"] == [each["title"] for each in told("fang")]
    office.host.close()


@pytest.mark.requirement("F20", "W34", "SW18")
def test_what_is_due_of_a_batch_is_told_as_one() -> None:
    """Whoever has three tasks of one import that are due reads so once, and so does who they report to; a task alone is
    told for itself, and whoever is asked to hurry with several at once reads it once."""
    ladder = [{"after": {"hours": 1}, "do": "tell_manager"}]
    nodes = approval({"user": "head"}, deadline={"hours": 2, "then": "remind", "ladder": ladder})
    office = Office(document(nodes=nodes))
    with office.host.session(office.host.actor("li")) as context:
        several = in_batch(context, "import:1")
        for number in range(3):
            made = several.ask("records.create", type="quote", values={"number": f"N{number}"})
            several.ask("records.update", type="quote", id=made["id"], values={"stage": "approving"})
    office.host.settle()

    def told(login: str, **span: float) -> list[str]:
        for each in (span, {"seconds": 3}):
            office.clock.advance(timedelta(**each))
            office.host.settle()
        return [each["title"] for each in office.ask(login, "notifications.list")["items"]]

    assert ["Check the price: 3 tasks are waiting for you"] == told("head", minutes=1)
    assert "3 tasks are due: please decide" == told("head", hours=2)[0]
    assert ["Somebody who reports to you is late (3)"] == told("boss", hours=1)
    office.submitted(number="S1")
    assert "This is due: please decide" == told("head", hours=2)[0]
    instances = [each["instance"] for each in office.tasks("head")][:2]
    with office.host.session(office.host.actor("root")) as context:
        for each in instances:
            in_batch(context, "urging:1").ask("flows.urge", instance=each)
    assert "You are asked to hurry with 2 tasks" == told("head", seconds=1)[0]
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


@pytest.mark.requirement("F20", "SA14", "SW18")
def test_what_waits_reaches_a_device_that_shows_little(push_service: PushService) -> None:
    """Being asked, reminded and urged count as important; what a flow only tells does not."""
    late = {**TITLED[1], "deadline": {"days": 1, "then": "remind"}}  # type: ignore[dict-item]
    office = Office(
        document(nodes=[TITLED[0], late, *TITLED[2:]]), secrets={"PUSH_SERVICES": push_service.host}, allow_private=True
    )
    browsers = {login: Browser(push_service, office.ask(login, "push.devices")["key"]) for login in ("head", "fang")}
    for login, each in browsers.items():
        office.ask(login, "push.subscribe", **each.subscription, notices="chosen")
    office.submitted(number="N1")
    office.host.settle()
    [task] = office.tasks("head")
    office.ask("li", "flows.urge", instance=task["instance"])
    office.clock.advance(timedelta(days=2))
    office.host.tick()
    office.host.settle()
    said = [each["title"] for each in browsers["head"].shown]
    assert ["Look at it", "You are asked to hurry", "This is due: please decide"] == said
    office.decide("head")
    office.host.settle()
    assert "Told" in [each["title"] for each in office.ask("fang", "notifications.list")["items"]]
    assert [] == browsers["fang"].shown
    office.host.close()
