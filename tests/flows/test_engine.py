"""Flows in a host, through operations only: from the save that begins one to its end."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected
from tests.flows.app import Office, approval, document


def step(history: list[dict[str, Any]], node: str) -> Any:
    """The last step at a node of the newest instance."""
    return [each for each in history[0]["steps"] if each["node"] == node][-1]


@pytest.mark.requirement("SW06", "SW12", "W2", "W34")
def test_a_submitted_quote_is_approved_and_moves_on() -> None:
    """The save that enters the state begins the flow; the superior's yes sets the state."""
    office = Office(document(nodes=approval({"manager_of": "starter"})))
    quote = office.submitted()
    assert {"head": 1} == office.waiting()
    task = office.tasks("head")[0]
    assert ("Quote Q1", "Check the price", "approve", True) == (
        task["subject"],
        task["title"],
        task["kind"],
        task["mine"],
    )
    assert {"form": "quote", "id": quote, "label": "Q1"} == task["record"]
    decided = office.decide("head", opinion="fair")
    assert ("done", "approve", "fair") == (decided["state"], decided["decision"], decided["opinion"])
    assert "approved" == office.stage(quote)
    assert {} == office.waiting()
    instance = office.history(quote)[0]
    assert ("approved", ["start", "ask", "mark", "end"]) == (instance["state"], [s["node"] for s in instance["steps"]])
    assert ["Head"] == [p["person"]["label"] for p in step([instance], "ask")["people"]]
    assert [{"open": 0, "copied": 0}] == [office.ask("head", "flows.list_tasks", state="done")["counts"]]
    assert ["done"] == [each["state"] for each in office.tasks("head", "done")]
    assert [("instance", "done", "approved")] == [
        (each["kind"], each["state"], each["decision"]) for each in office.tasks("li", "started")
    ]
    told = office.ask("head", "notifications.list")["items"]
    assert ["Check the price"] == [each["title"] for each in told]


@pytest.mark.requirement("SW02", "W3")
def test_countersign_needs_everybody() -> None:
    """会签: each of a role is asked; one refusal ends it and the others are not asked any more."""
    office = Office(document(nodes=approval({"role": "finance"}, {"user": "boss"}, mode="all")))
    quote = office.submitted()
    assert {"fang": 1, "feng": 1, "boss": 1} == office.waiting()
    office.decide("fang")
    office.decide("boss")
    assert "approving" == office.stage(quote)
    office.decide("feng", "reject", opinion="too cheap")
    assert "rejected" == office.stage(quote)

    again = office.submitted()
    office.decide("fang", "reject")
    assert {} == office.waiting()
    assert "rejected" == office.stage(again)


@pytest.mark.requirement("W4")
def test_any_one_is_enough() -> None:
    """或签: the first decision moves on; with 'first_agreement' a refusal waits for the others."""
    office = Office(document(nodes=approval({"role": "finance"}, mode="any")))
    quote = office.submitted()
    office.decide("feng")
    assert ("approved", {}) == (office.stage(quote), office.waiting())

    office = Office(document(nodes=approval({"role": "finance"}, mode="any", decided_by="first_agreement")))
    quote = office.submitted()
    office.decide("feng", "reject")
    assert {"fang": 1} == office.waiting()
    office.decide("fang")
    assert "approved" == office.stage(quote)


@pytest.mark.requirement("SW01", "SW03")
def test_a_branch_takes_the_first_condition_that_holds() -> None:
    """By amount: the trace keeps which conditions were looked at and what they said."""
    nodes = [
        {"id": "start", "type": "start", "to": "amount"},
        {
            "id": "amount",
            "type": "branch",
            "branches": [{"when": "total > 100000", "to": "boss"}, {"when": "total > 10000", "to": "head"}],
            "otherwise": "end",
        },
        {"id": "boss", "type": "approve", "approvers": [{"role": "director"}], "approved": "end", "rejected": "no"},
        {"id": "head", "type": "approve", "approvers": [{"manager_of": "owner"}], "approved": "end", "rejected": "no"},
        {"id": "end", "type": "end", "outcome": "approved"},
        {"id": "no", "type": "end", "outcome": "rejected"},
    ]
    office = Office(document(nodes=nodes))
    office.submitted(200_000)
    assert {"boss": 1} == office.waiting()
    middle = office.submitted(50_000)
    assert {"boss": 1, "head": 1} == office.waiting()
    assert {"total > 100000": False, "total > 10000": True} == step(office.history(middle), "amount")["why"][
        "conditions"
    ]
    assert "approved" == office.history(office.submitted(5))[0]["state"]


@pytest.mark.requirement("SW04", "SW15", "W24")
def test_parallel_work_then_a_contract_is_made() -> None:
    """Two branches at once, joined, then a record of another form is created as the app."""
    nodes = [
        {"id": "start", "type": "start", "to": "split"},
        {"id": "split", "type": "parallel", "to": ["money", "work"]},
        {"id": "money", "type": "approve", "approvers": [{"user": "fang"}], "approved": "join", "rejected": "no"},
        {"id": "work", "type": "task", "assignees": [{"user": "zhao"}], "to": "join"},
        {"id": "join", "type": "join", "to": "make"},
        {
            "id": "make",
            "type": "create",
            "form": "contract",
            "values": {"title": '"For " & number', "amount": "total", "quote": "id"},
            "to": "tell",
        },
        {"id": "tell", "type": "notify", "to_people": ["starter"], "title": "Contract for {{ number }}", "to": "end"},
        {"id": "end", "type": "end", "outcome": "done"},
        {"id": "no", "type": "end", "outcome": "rejected"},
    ]
    office = Office(document(nodes=nodes))
    quote = office.submitted(1234)
    office.decide("zhao", "complete")
    assert {"fang": 1} == office.waiting()
    office.decide("fang")
    contracts = office.ask("boss", "records.list", type="contract")["items"]
    assert [("For Q1", quote)] == [(each["title"], each["quote"]) for each in contracts]
    assert ["Contract for Q1"] == [each["title"] for each in office.ask("li", "notifications.list")["items"]]
    assert "ended" == office.history(quote)[0]["state"]


@pytest.mark.requirement("W30")
def test_the_record_is_closed_while_it_is_approved() -> None:
    """Nobody edits it but the person asked, and only the fields the step opens."""
    office = Office(document(nodes=approval({"user": "head"}, fields={"editable": ["note"]})))
    quote = office.submitted()
    for login, values in (("li", {"note": "x"}), ("boss", {"total": 1}), ("head", {"total": 1})):
        with pytest.raises(Rejected) as refused:
            office.ask(login, "records.update", type="quote", id=quote, values=values)
        assert ["flows.record-locked"] == [each.code for each in refused.value.problems]
    with pytest.raises(Rejected):
        office.ask("li", "records.delete", type="quote", id=quote)
    office.ask("head", "records.update", type="quote", id=quote, values={"note": "seen"})
    with pytest.raises(Rejected) as refused:
        office.decide("head", values={"total": 1})
    assert ["/values/total"] == [each.pointer for each in refused.value.problems]
    office.decide("head", values={"note": "agreed"})
    found = office.ask("boss", "records.get", type="quote", id=quote)
    assert ("agreed", "approved") == (found["note"], found["stage"])
    office.ask("boss", "records.update", type="quote", id=quote, values={"note": "open again"})


def test_only_the_person_asked_decides_and_only_once() -> None:
    """Somebody else is refused; a second decision is stale; the same request again is answered as before."""
    office = Office(document(nodes=approval({"user": "head"}, {"user": "boss"}, opinion="required")))
    office.submitted()
    task = office.tasks("head")[0]["id"]
    with pytest.raises(Forbidden):
        office.ask("fang", "flows.decide", task=task, decision="approve", opinion="x")
    with pytest.raises(NotFound):
        office.ask("zhao", "flows.task", id=task)
    with pytest.raises(Rejected) as refused:
        office.ask("head", "flows.decide", task=task, decision="approve", opinion="  ")
    assert ["flows.opinion-required"] == [each.code for each in refused.value.problems]
    with pytest.raises(Rejected):
        office.ask("head", "flows.decide", task=task, decision="complete", opinion="x")
    first = office.ask("head", "flows.decide", task=task, decision="approve", opinion="x", request="a")
    assert first == office.ask("head", "flows.decide", task=task, decision="approve", opinion="x", request="a")
    with pytest.raises(Conflict):
        office.ask("head", "flows.decide", task=task, decision="reject", opinion="x", request="b")


@pytest.mark.requirement("W20", "W21")
def test_policies_for_nobody_the_starter_and_the_same_person() -> None:
    """Named policies decide, and the trace names them."""
    office = Office(document(nodes=approval({"manager_of": "starter"})))
    office.ask("root", "identity.save_person", login="boss", roles=["director", "sales"])
    own = office.submitted(login="boss")  # nobody is above the boss
    assert {"root": 1} == office.waiting()
    assert [["nobody:to_administrator", None]] == step(office.history(own), "ask")["why"]["notes"]

    office = Office(document(nodes=approval({"role": "supervisor"}, starter_is_approver="skip")))
    office.ask("root", "identity.save_person", login="head", roles=["supervisor", "sales"])
    assert "approved" == office.stage(office.submitted(login="head"))

    nodes = approval({"user": "head"})
    nodes[1]["approved"] = "second"
    nodes.insert(2, {**nodes[1], "id": "second", "approvers": [{"user": "head"}, {"user": "boss"}], "approved": "mark",
                     "same_person": "skip"})  # fmt: skip
    office = Office(document(nodes=nodes))
    quote = office.submitted()
    office.decide("head")
    assert {"boss": 1} == office.waiting()
    people = step(office.history(quote), "second")["people"]
    assert [("approve", "same_person"), (None, None)] == [(each["decision"], each["reason"]) for each in people]


@pytest.mark.requirement("W13")
def test_an_agent_stands_in_for_who_is_away() -> None:
    """代理: the agent is asked, and it shows on whose behalf."""
    office = Office(document(nodes=approval({"user": "head"})))
    now = office.clock.now()
    office.ask("head", "identity.away", since=now - timedelta(days=1), until=now + timedelta(days=1), agent="fang")
    office.submitted()
    assert {"fang": 1} == office.waiting()
    assert "Head" == office.tasks("fang")[0]["behalf"]["label"]
    office.clock.advance(timedelta(days=2))
    office.submitted()
    assert {"fang": 1, "head": 1} == office.waiting()


@pytest.mark.requirement("W3")
@pytest.mark.parametrize(
    ("decided_by", "said", "asked"),
    [("first_rejection", [("fang", "reject")], 0), ("everyone", [("fang", "reject"), ("feng", "approve")], 1)],
)
def test_a_refusal_in_a_countersign(decided_by: str, said: list[tuple[str, str]], asked: int) -> None:
    """会签: refused by one it is refused, at once or when everybody was heard; the record follows, nobody is left
    asked, and it can be submitted again."""
    office = Office(document(nodes=approval({"role": "finance"}, decided_by=decided_by)))
    quote = office.submitted()
    (login, decision), *others = said
    office.decide(login, decision)
    assert asked == len(office.tasks("feng"))
    for login, decision in others:
        assert "approving" == office.stage(quote)
        office.decide(login, decision)
    assert ("rejected", {}, "rejected") == (office.stage(quote), office.waiting(), office.history(quote)[0]["state"])
    office.ask("boss", "records.update", type="quote", id=quote, values={"stage": "draft"})
    office.submit(quote)
    assert {"fang": 1, "feng": 1} == office.waiting()


@pytest.mark.requirement("W13")
def test_an_agent_stands_in_for_anybody() -> None:
    """代理 of somebody who is nobody's superior, one of several with a role; who is away without an agent is asked."""
    office = Office(document(nodes=approval({"role": "finance"}, {"user": "zhao"})))
    now = office.clock.now()
    around = {"since": now - timedelta(days=1), "until": now + timedelta(days=1)}
    office.ask("feng", "identity.away", agent="head", **around)
    office.ask("zhao", "identity.away", **around)
    office.submitted()
    assert {"fang": 1, "head": 1, "zhao": 1} == office.waiting()
    assert "Feng" == office.tasks("head")[0]["behalf"]["label"]


@pytest.mark.requirement("W14")
def test_the_starter_takes_it_back_before_the_first_decision() -> None:
    """撤回: the tasks are cancelled and the record is set as the flow says; after a decision it is too late."""
    office = Office(document(nodes=approval({"role": "finance"})))
    quote = office.submitted()
    instance = office.history(quote)[0]["id"]
    with pytest.raises(Forbidden):
        office.ask("zhao", "flows.withdraw", instance=instance)
    office.ask("li", "flows.withdraw", instance=instance)
    assert ("draft", {}, "withdrawn") == (office.stage(quote), office.waiting(), office.history(quote)[0]["state"])
    office.submit(quote)
    office.decide("fang")
    with pytest.raises(Conflict):
        office.ask("li", "flows.withdraw", instance=office.history(quote)[0]["id"])
    office.ask("root", "flows.cancel", instance=office.history(quote)[0]["id"])
    assert ("draft", {}) == (office.stage(quote), office.waiting())


@pytest.mark.requirement("W9", "W11")
def test_hand_on_and_ask_one_more() -> None:
    """转办 and 加签."""
    office = Office(document(nodes=approval({"user": "head"})))
    quote = office.submitted()
    task = office.tasks("head")[0]["id"]
    office.ask("head", "flows.add_signer", task=task, person=office.id("fang"))
    office.ask("head", "flows.transfer", task=task, person=office.id("boss"), opinion="yours")
    assert {"boss": 1, "fang": 1} == office.waiting()
    with pytest.raises(Conflict):
        office.ask("head", "flows.decide", task=task, decision="approve")
    with pytest.raises(Conflict):
        office.ask("boss", "flows.transfer", task=office.tasks("boss")[0]["id"], person=office.id("fang"))
    office.decide("boss")
    assert "approving" == office.stage(quote)
    office.decide("fang")
    assert "approved" == office.stage(quote)


@pytest.mark.requirement("W22")
def test_a_deadline_reminds_and_then_another_decides() -> None:
    """A reminder goes to who has not answered; with 'then' the flow answers itself, once."""
    reminding = approval({"role": "finance"}, deadline={"hours": 24, "times": 2})
    office = Office(document(nodes=reminding))
    office.submitted()
    office.decide("fang")
    for _ in range(4):
        office.clock.advance(timedelta(hours=24))
        office.host.settle()
    assert 3 == len(office.ask("feng", "notifications.list")["items"])
    assert 1 == len(office.ask("fang", "notifications.list")["items"])

    office = Office(document(nodes=approval({"role": "finance"}, deadline={"hours": 24, "then": "reject"})))
    quote = office.submitted()
    office.clock.advance(timedelta(hours=23))
    office.host.settle()
    assert "approving" == office.stage(quote)
    office.clock.advance(timedelta(hours=1))
    office.host.settle()
    assert ("rejected", {}) == (office.stage(quote), office.waiting())


def test_a_wait_goes_on_when_its_time_is_over() -> None:
    """Time comes as a job; a flow that was stopped meanwhile is left alone."""
    nodes = [
        {"id": "start", "type": "start", "to": "wait"},
        {"id": "wait", "type": "wait", "for": {"days": 3}, "to": "mark"},
        {"id": "mark", "type": "set", "values": {"note": '"three days"'}, "to": "end"},
        {"id": "end", "type": "end"},
    ]
    office = Office(document(nodes=nodes))
    quote, stopped = office.submitted(), office.submitted()
    office.ask("li", "flows.withdraw", instance=office.history(stopped)[0]["id"])
    office.clock.advance(timedelta(days=3))
    office.host.settle()
    assert ["three days", None] == [
        office.ask("boss", "records.get", type="quote", id=q)["note"] for q in (quote, stopped)
    ]


@pytest.mark.requirement("W32", "X22")
def test_a_refused_step_is_an_incident_that_is_retried() -> None:
    """What was decided stays decided; the reason is there to read; a retry goes on from where it stood."""
    nodes = approval({"user": "head"})
    nodes[2]["to"] = "make"
    nodes.append({"id": "make", "type": "create", "form": "contract", "values": {"title": "note"}, "to": "end"})
    office = Office(document(nodes=nodes))
    quote = office.submitted()
    office.decide("head")
    instance = office.history(quote)[0]
    assert ("failed", "approved", "make") == (instance["state"], office.stage(quote), instance["incidents"][0]["node"])
    assert ["/title"] == [each["pointer"] for each in instance["incidents"][0]["problems"]]
    assert 1 == len(office.ask("root", "flows.incidents")["items"])
    assert 1 == len(office.ask("root", "notifications.list")["items"])
    with pytest.raises(Forbidden):
        office.ask("li", "flows.retry", instance=instance["id"])
    office.ask("boss", "records.update", type="quote", id=quote, values={"note": "now there is one"})
    office.ask("root", "flows.retry", instance=instance["id"])
    assert ("approved", []) == (office.history(quote)[0]["state"], office.ask("root", "flows.incidents")["items"])
    assert 1 == len(office.ask("boss", "records.list", type="contract")["items"])


@pytest.mark.requirement("W28", "SW21")
def test_an_instance_keeps_the_version_it_began_under(tmp_path: Any) -> None:
    """A flow published meanwhile holds for new instances only."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    old = Office(document(nodes=approval({"user": "head"})), database=database)
    quote = old.submitted()
    old.host.close()
    changed = approval({"user": "boss"})
    changed[2]["values"]["note"] = '"by the new version"'
    new = Office(document(nodes=changed), database=database)
    later = new.submitted()
    assert {"head": 1, "boss": 1} == new.waiting()
    new.decide("head")
    new.decide("boss")
    notes = [new.ask("boss", "records.get", type="quote", id=each)["note"] for each in (quote, later)]
    assert [None, "by the new version"] == notes
    assert 2 == len({new.history(each)[0]["digest"] for each in (quote, later)})
    new.host.close()


def test_a_flow_runs_once_per_record_and_by_hand_for_its_roles() -> None:
    """A second start is refused while it runs; roles and permission on the record hold."""
    manual = document("check", nodes=approval({"user": "head"}), start={"on": "manual", "roles": ["sales"]})
    office = Office(manual)
    quote = office.quote()
    office.ask("li", "flows.start", flow="check", id=quote)
    with pytest.raises(Conflict):
        office.ask("li", "flows.start", flow="check", id=quote)
    with pytest.raises(Forbidden):
        office.ask("fang", "flows.start", flow="check", id=quote)
    with pytest.raises(NotFound):
        office.ask("zhao", "flows.start", flow="check", id=quote)
    with pytest.raises(NotFound):
        office.ask("li", "flows.start", flow="chek", id=quote)


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ({"on": "created"}, 2),
        ({"on": "created", "when": "total > 100"}, 1),
        ({"on": "updated", "fields": ["note"]}, 1),
        ({"on": "updated", "when": "CHANGED(total)"}, 0),
    ],
)
def test_what_begins_a_flow(start: dict[str, Any], expected: int) -> None:
    """Created or updated, of these fields, under this condition."""
    office = Office(document(nodes=approval({"user": "head"}), start=start))
    office.quote(50)
    big = office.quote(500)
    if start["on"] == "updated":
        office.ask("li", "records.update", type="quote", id=big, values={"number": "Q2"})
        office.ask("li", "records.update", type="quote", id=big, values={"note": "x"})
    assert expected == len(office.tasks("head"))


def test_a_deleted_record_ends_its_flows() -> None:
    """A task without a record helps nobody; when the record comes back, it is as after a cancellation, and may be sent
    in again."""
    nodes = [
        {"id": "start", "type": "start", "to": "work"},
        {"id": "work", "type": "task", "assignees": ["starter"], "to": "end"},
        {"id": "end", "type": "end"},
    ]
    office = Office(document(nodes=nodes))
    quote = office.submitted()
    assert {"li": 1} == office.waiting()
    office.ask("li", "records.delete", type="quote", id=quote)
    assert {} == office.waiting()
    office.clock.advance(timedelta(hours=1))
    office.ask("li", "records.undelete", type="quote", id=quote)
    assert "draft" == office.ask("li", "records.get", type="quote", id=quote)["stage"]
    assert {} == office.waiting()
    office.ask("li", "records.update", type="quote", id=quote, values={"stage": "approving"})
    assert {"li": 1} == office.waiting()


@pytest.mark.requirement("X10")
def test_an_instance_is_seen_on_its_graph() -> None:
    """Every node and arrow with how often it was walked, and where it stands; only for who may see it."""
    nodes = approval({"user": "head"}, returns=["starter"])
    office = Office(document(nodes=nodes))
    quote = office.submitted()
    instance = office.history(quote)[0]["id"]
    office.ask("head", "flows.send_back", task=office.tasks("head")[0]["id"], to="starter")
    office.decide("li", "complete")
    drawn = office.ask("head", "flows.picture", instance=instance)
    stands = {each["id"]: (each["rank"], each["state"], each["walked"]) for each in drawn["nodes"]}
    assert {
        "start": (0, "done", 2),
        "ask": (1, "active", 1),
        "mark": (2, "ahead", 0),
        "return": (2, "ahead", 0),
        "end": (3, "ahead", 0),
        "refused": (3, "ahead", 0),
    } == stands
    assert {"end": "approved", "refused": "rejected"} == {
        each["id"]: each["outcome"] for each in drawn["nodes"] if each["outcome"]
    }
    office.decide("head")
    drawn = office.ask("li", "flows.picture", instance=instance)
    walked = {(each["from"], each["exit"], each["to"]) for each in drawn["arrows"] if each["walked"]}
    assert {("start", "to", "ask"), ("ask", "approved", "mark"), ("mark", "to", "end")} == walked
    with pytest.raises(NotFound):
        office.ask("zhao", "flows.picture", instance=instance)


def test_being_asked_shows_the_record() -> None:
    """Somebody who may not read the record otherwise sees what they are asked about, without what is hidden."""
    hidden = {"fields": {"hidden": ["total"]}}
    office = Office(document(nodes=approval({"user": "zhao"}, **hidden)))
    quote = office.submitted(note="for you")
    with pytest.raises(NotFound):
        office.ask("zhao", "records.get", type="quote", id=quote)
    shown = office.ask("zhao", "flows.task", id=office.tasks("zhao")[0]["id"])
    assert ("for you", False, ["approve", "reject"]) == (
        shown["values"]["note"],
        "total" in shown["values"],
        shown["decisions"],
    )
    assert shown["instance"]["steps"][-1]["people"][0]["task"] == shown["id"]


def test_a_version_that_can_no_longer_be_read_can_be_ended(tmp_path: Any) -> None:
    """A form lost the field that a running version names: deciding says so, and an administrator ends it."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    nodes = approval({"user": "head"})
    old = Office(document(nodes=nodes), database=database)
    quote = old.submitted()
    with old.host.database.transaction() as unit:
        broken = json.loads(json.dumps(document(nodes=nodes)).replace("stage", "phase"))
        unit.run(sa.update(tables.version).values(document=broken))
    old.host.close()
    new = Office(document(nodes=approval({"user": "boss"})), database=database)
    with pytest.raises(Conflict) as refused:
        new.decide("head")
    assert "phase" in refused.value.problems[0].words("en")
    new.ask("root", "flows.cancel", instance=new.history(quote)[0]["id"])
    assert ({}, "cancelled") == (new.waiting(), new.history(quote)[0]["state"])
    new.ask("boss", "records.update", type="quote", id=quote, values={"note": "open again"})
    new.host.close()
