"""What was done to a flow beside the answers of its steps is told in sentences, in the language of whoever reads."""

from __future__ import annotations

from typing import Any

import pytest

from tests.flows.app import Office, approval, document

PERMITS = ["transfer", "delegate", "consult", "copy", "add_signer", "remove_signer", "take_back"]


def said(office: Office, quote: int, language: str = "en") -> list[tuple[str | None, str, str | None]]:
    """By whom, what, and what was said with it."""
    (instance,) = office.history(quote, "li")
    return [(each["by"] and each["by"]["label"], each["text"][language], each["opinion"]) for each in instance["deeds"]]


@pytest.mark.requirement("X10", "W9", "W10", "W11", "W12", "W15", "W18", "W19")
def test_each_deed_names_who_did_what_to_whom() -> None:
    """In order, with the opinion; handing one's own task on and giving another's away are told apart."""
    office = Office(document(nodes=approval({"user": "head"}, permits=PERMITS, returns=["starter"])))
    quote = office.submitted()
    task = office.tasks("head")[0]["id"]

    def do(login: str, what: str, **parameters: Any) -> None:
        office.ask(login, f"flows.{what}", task=office.tasks(login)[0]["id"], **parameters)

    do("head", "consult", people=[office.id("fang")], opinion="is it right?")
    do("head", "copy", people=[office.id("boss")])
    do("head", "transfer", person=office.id("zhao"), opinion="I travel")
    office.ask("root", "flows.transfer", task=office.tasks("zhao")[0]["id"], person=office.id("feng"))
    do("feng", "add_signer", people=[office.id("boss")], position="before")
    office.ask("li", "flows.urge", instance=office.tasks("boss")[0]["instance"], opinion="please")
    office.decide("boss")
    do("feng", "send_back", to="starter", opinion="no terms")
    assert [
        ("Head", "asked Fang for an opinion", "is it right?"),
        ("Head", "sent a copy to Boss", None),
        ("Head", "handed the task to Zhao", "I travel"),
        ("Root", "gave the task of Zhao to Feng", None),
        ("Feng", "asked Boss to decide first", None),
        ("Li", "urged Fang, Boss", "please"),
        ("Feng", "sent it back to the starter", "no terms"),
    ] == said(office, quote)
    assert ("Feng", "驳回到“发起人”", "no terms") == said(office, quote, "zh-CN")[-1]
    told = office.ask("li", "notifications.list")["items"][0]
    assert "Sent back: change it and submit it again" == told["title"]
    again = office.ask("li", "flows.task", id=office.tasks("li")[0]["id"])
    assert [("Submit again", "It is right now; it goes on its way again.", "Submitted again")] == [
        tuple(each[key]["en"] for key in ("title", "help", "done")) for each in again["actions"][:1]
    ]
    assert task != again["id"]


def test_how_a_flow_ended_is_told_apart() -> None:
    """Taken back, ended and voided are three things."""
    office = Office(document(nodes=approval({"user": "head"})))
    ended = []
    for login, what, more in (
        ("li", "withdraw", {}), ("root", "cancel", {}), ("root", "cancel", {"outcome": "voided"})
    ):  # fmt: skip
        quote = office.submitted()
        office.ask(login, f"flows.{what}", instance=office.history(quote)[0]["id"], **more)
        ended.append((office.history(quote)[0]["state"], said(office, quote)))
    assert [
        ("withdrawn", [("Li", "took the flow back", None)]),
        ("cancelled", [("Root", "ended the flow", None)]),
        ("voided", [("Root", "voided the flow", None)]),
    ] == ended


def test_what_waits_for_somebody_is_counted_before_it_goes() -> None:
    """A dry run of handing everything over says how much it is, and moves nothing."""
    office = Office(document(nodes=approval({"user": "fang"})))
    office.submitted()
    office.submitted()
    people = {"person": office.id("fang"), "to": office.id("feng")}
    assert {"moved": 2, "merged": 0} == office.ask("root", "flows.reassign", **people, dry_run=True)
    assert {"fang": 2} == office.waiting()
    assert {"moved": 2, "merged": 0} == office.ask("root", "flows.reassign", **people)
    assert {"feng": 2} == office.waiting()


@pytest.mark.requirement("W16")
def test_sending_back_stands_once_in_a_timeline() -> None:
    """It is a deed that says where to; that somebody submitted again is said without the id of the start."""
    office = Office(document(nodes=approval({"user": "head"}, returns=["starter"])))
    quote = office.submitted()
    office.ask("head", "flows.send_back", task=office.tasks("head")[0]["id"], to="starter", opinion="no terms")
    office.ask("li", "flows.decide", task=office.tasks("li")[0]["id"], decision="complete")
    found = office.ask("li", "flows.activities", form="quote", id=quote)
    assert ["deed"] == [each["event"] for each in found if each.get("opinion") == "no terms"]
    assert [{"en": "Submission", "zh-CN": "提交"}] == [each["node"] for each in found if each["event"] == "decided"]


@pytest.mark.requirement("W10", "W12")
def test_taking_a_question_back_is_called_so() -> None:
    """A delegation or a question that is taken back is called that, and taking a signer out is not; a choice that
    counts when none is made is named."""
    office = Office(document(nodes=approval({"user": "head"}, permits=PERMITS)))
    office.submitted()
    task = office.tasks("head")[0]["id"]

    def offered() -> dict[str, Any]:
        return {each["title"]["en"]: each for each in office.ask("head", "flows.task", id=task)["actions"]}

    assert ["beside"] == [e["usual"] for e in offered()["Ask more people"]["parameters"] if e["name"] == "position"]
    for do, words in (
        ("consult", "Ask no longer"),
        ("add_signer", "Take a signer out"),
        ("delegate", "Take the deleg"),
    ):
        given = {"person": office.id("fang")} if do == "delegate" else {"people": [office.id("fang")]}
        office.ask("head", f"flows.{do}", task=task, **given, **({"opinion": "?"} if do == "consult" else {}))
        (title,) = [each for each, action in offered().items() if action["operation"] == "flows.remove_signer"]
        assert title.startswith(words)
        office.ask("head", "flows.remove_signer", task=task, person=office.id("fang"))


@pytest.mark.requirement("X5")
def test_an_added_step_keeps_its_name() -> None:
    """Also once it was taken out again."""
    office = Office(document(nodes=approval({"user": "head"})))
    quote = office.submitted()
    instance = office.history(quote)[0]["id"]
    added = {"instance": instance, "after": "ask", "title": "Costs", "people": [office.id("fang")]}
    office.ask("root", "flows.add_step", **added)
    step = next(each for each in office.history(quote)[0]["actions"] if each["operation"] == "flows.remove_step")
    office.ask("root", "flows.remove_step", instance=instance, step=step["parameters"][0]["options"][0]["name"])
    assert ["added the step Costs", "took the step Costs out"] == [text for _, text, _ in said(office, quote)]


@pytest.mark.requirement("W11", "W15")
def test_a_task_handed_on_is_taken_back_with_its_questions() -> None:
    """转办 of a task whose owner had asked for an opinion: it comes back with the question; once the other has asked
    somebody it stays with them."""
    office = Office(document(nodes=approval({"user": "head"}, permits=PERMITS)))
    quote = office.submitted()
    task = office.tasks("head")[0]["id"]
    office.ask("head", "flows.consult", task=task, people=[office.id("fang")], opinion="is it right?")
    office.ask("head", "flows.transfer", task=task, person=office.id("zhao"))
    (offered,) = office.ask("head", "flows.task", id=task)["actions"]
    assert "flows.take_back" == offered["operation"]
    office.ask("head", "flows.take_back", task=task)
    assert {"head": 1, "fang": 1} == office.waiting()
    mine = office.tasks("head")[0]["id"]
    taken = {each["title"]["en"] for each in office.ask("head", "flows.task", id=mine)["actions"]}
    assert "Ask no longer" in taken
    office.ask("head", "flows.transfer", task=mine, person=office.id("zhao"))
    other = office.tasks("zhao")[0]["id"]
    office.ask("zhao", "flows.consult", task=other, people=[office.id("feng")], opinion="and you?")
    assert [] == office.ask("head", "flows.task", id=mine)["actions"]
    office.decide("zhao")
    assert "approved" == office.stage(quote)
