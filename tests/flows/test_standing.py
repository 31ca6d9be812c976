"""How a step stands that is not over: how far a vote has come, what happens when time is up, what it waits for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.flows.app import MONDAY, Office, approval, document

ENDS = [{"id": "end", "type": "end", "outcome": "approved"}, {"id": "no", "type": "end", "outcome": "rejected"}]
MANUAL: dict[str, Any] = {"start": {"on": "manual"}, "withdraw": {}}


def begun(*nodes: dict[str, Any], then: Any = None, more: Any = ()) -> tuple[Office, int]:
    """An office where a flow of these nodes was begun, and the record."""
    start = {"id": "start", "type": "start", "to": nodes[0]["id"]}
    office = Office(document(nodes=[start, *nodes, *ENDS], **MANUAL), *more)
    quote = office.quote()
    office.ask("li", "flows.start", flow="approval", id=quote)
    return office, quote


def stands(office: Office, quote: int, node: str) -> dict[str, Any]:
    """What is said of a step beside what is said of every step."""
    steps = [each for each in office.history(quote)[-1]["steps"] if each["node"] == node]
    return {key: steps[-1][key] for key in ("votes", "later", "until", "awaits") if key in steps[-1]}


def vote(*approvers: Any, passes: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """One vote."""
    ways = {"approved": "end", "rejected": "no"}
    return {"id": "vote", "type": "approve", "mode": "vote", "approvers": approvers, "passes": passes, **ways, **keys}


ALL = ({"user": "boss", "weight": 3}, {"user": "head"}, {"role": "finance"})


@pytest.mark.requirement("W5")
@pytest.mark.parametrize(
    ("passes", "answers", "expected"),
    [
        ({"share": "1/2", "weighted": True, "more_than": True}, [], [(0, 4, 6)]),
        ({"share": "1/2", "weighted": True}, ["head"], [(1, 3, 6)]),
        ({"count": 5, "weighted": True}, ["boss"], [(3, 5, 6)]),
        ({"share": "2/3"}, ["boss"], [(1, 3, 4)]),
        ({"share": "1/2", "more_than": True}, [], [(0, 3, 4)]),
        ({"count": 9}, [], [(0, 4, 4)]),
    ],
)
def test_how_far_a_vote_has_come(
    passes: dict[str, Any], answers: list[str], expected: list[tuple[int, int, int]]
) -> None:
    """By heads or by weight, as it is counted: what agreed, what is needed, of how much; one answer more or less than
    what is said to be needed decides it."""
    office, quote = begun(vote(*ALL, passes=passes))
    for login in answers:
        office.decide(login)
    found = stands(office, quote, "vote")["votes"]
    assert [dict(zip(("agreed", "needed", "everybody"), each, strict=True)) for each in expected] == found
    left = found[0]["needed"] - found[0]["agreed"]
    for login in ("head", "fang", "feng", "boss"):
        if login not in answers and left > 0:
            assert stands(office, quote, "vote")
            office.decide(login)
            left -= 3 if passes.get("weighted") and login == "boss" else 1
    assert "approved" == office.history(quote)[0]["state"]
    assert {} == stands(office, quote, "vote")
    office.host.close()


@pytest.mark.requirement("W5", "W7")
def test_those_who_abstain_and_groups() -> None:
    """Who abstains lowers what is needed where they do not count; of groups each stands for itself."""
    office, quote = begun(vote(*ALL, passes={"share": "1/2", "abstentions": "left_out"}))
    office.decide("boss", "abstain")
    assert [{"agreed": 0, "needed": 2, "everybody": 3}] == stands(office, quote, "vote")["votes"]
    office.host.close()
    office, quote = begun(vote({"role": "finance"}, {"user": "head"}, passes={"share": "1/2"}, groups="each"))
    office.decide("fang")
    assert [(1, 1), (0, 1)] == [(each["agreed"], each["needed"]) for each in stands(office, quote, "vote")["votes"]]
    office.host.close()


LADDER = {
    "hours": 24,
    "times": 2,
    "ladder": [
        {"after": {"days": 2, "working": True}, "do": "hand_to", "people": [{"user": "boss"}]},
        {"after": {"hours": 1, "minutes": 30}, "do": "leave"},
    ],
}


@pytest.mark.requirement("W22")
def test_what_happens_when_time_is_up() -> None:
    """Rung by rung: of the first when, of the others how much later; what was done is no longer to come."""
    late = {"id": "late", "type": "task", "title": "Too late", "assignees": ["starter"], "to": "end"}
    office, quote = begun(approval({"user": "head"}, late="late", deadline=LADDER)[1] | {"approved": "end",
                          "rejected": "no"}, late)  # fmt: skip
    first, handed, left = stands(office, quote, "ask")["later"]
    due = (MONDAY + timedelta(hours=24)).isoformat()
    assert (due, 2, "those asked are reminded") == (first["at"], first["times"], first["text"]["en"])
    assert ("it is handed to Boss", None) == (handed["text"]["en"], handed["at"])
    assert {"days": 2, "hours": 0, "minutes": 0, "working": True} == handed["after"]
    assert ("转到“Too late”", 90) == (left["text"]["zh-CN"], left["after"]["hours"] * 60 + left["after"]["minutes"])
    office.clock.advance(timedelta(hours=25))
    office.host.deliver()
    first, *_ = stands(office, quote, "ask")["later"]
    assert ((MONDAY + timedelta(hours=49)).isoformat(), 1) == (first["at"], first["times"])
    office.host.close()


def test_what_a_step_waits_for() -> None:
    """Until when, which messages and conditions end it and where they lead, what is caught on a step and when its time
    is, and the flow it waits for."""
    paid, waived = {"message": "paid", "to": "ask"}, {"when": 'note = "x"', "title": "Waived", "to": "end"}
    wait = {"id": "wait", "type": "wait", "for": {"days": 7}, "to": "no", "events": [paid, waived]}
    ways = {"approved": "call", "rejected": "no"}
    ask = {"id": "ask", "type": "approve", "title": "Check {{ number }}", "approvers": [{"user": "head"}], **ways}
    timed = {**ask, "on": [{"after": {"hours": 3}, "interrupts": False, "to": "end"}]}
    call = {"id": "call", "type": "flow", "flow": "legal", "to": "end"}
    law = [{"id": "start", "type": "start", "to": "law"}, {**ask, "id": "law", "approved": "end"}, *ENDS]
    office, quote = begun(wait, timed, call, more=(document("legal", nodes=law, **MANUAL),))
    found = stands(office, quote, "wait")
    assert [
        ("when the message “paid” comes: on to “Check …”", None),
        ("when Waived: on to “the end”", None),
        ("at the latest, if nothing happens before: on to “the end”", (MONDAY + timedelta(days=7)).isoformat()),
    ] == [(each["text"]["en"], each["at"]) for each in found["awaits"]]
    assert "until" not in found
    office.ask("root", "flows.message", form="quote", id=quote, name="paid")
    office.host.deliver()
    (beside,) = stands(office, quote, "ask")["awaits"]
    assert ("时间到时另起“结束”", (MONDAY + timedelta(hours=3)).isoformat()) == (beside["text"]["zh-CN"], beside["at"])
    office.decide("head")
    office.host.deliver()
    assert "until the flow “Approval” has ended" == stands(office, quote, "call")["awaits"][0]["text"]["en"]
    office.host.close()


def test_branches_of_what_comes_next() -> None:
    """Each foreseen step says out of which splits it comes, so that what goes on side by side can be told apart."""
    both = {"id": "both", "type": "parallel", "to": ["a", "b"]}
    steps = [
        {"id": id, "type": "approve", "approvers": [{"user": "head"}], "approved": to, "rejected": "no"}
        for id, to in (("a", "c"), ("b", "join"), ("c", "join"), ("last", "end"))
    ]
    join = {"id": "join", "type": "join", "to": "last"}
    office, quote = begun(both, *steps, join)
    instance = office.history(quote)[0]["id"]
    found = office.ask("li", "flows.ahead", instance=instance)["steps"]
    branches = {each["node"]: [exit for _, exit in each["branch"]] for each in found if each["kind"] == "approve"}
    assert {"c": [0], "last": []} == branches
    whole = office.ask("li", "flows.simulate", flow="approval", id=office.quote())["steps"]
    assert {"a": [0], "b": [1], "c": [0], "last": []} == {
        each["node"]: [exit for _, exit in each["branch"]] for each in whole if each["kind"] == "approve"
    }
    office.host.close()


@pytest.mark.requirement("X5")
def test_who_may_say_that_it_has_happened_is_offered_to() -> None:
    """By the roles of the message and to administrators, under the words of its author, while it is waited for; nobody
    else, and nothing that is not waited for."""
    events = [{"message": "paid", "title": {"en": "Paid", "zh-CN": "已付款"}, "roles": ["finance"], "to": "ask"}]
    ask = {"id": "ask", "type": "approve", "approvers": [{"user": "head"}], "approved": "end", "rejected": "no"}
    caught = {**ask, "on": [{"message": "waived", "roles": ["supervisor"], "to": "end"}]}
    office, quote = begun({"id": "wait", "type": "wait", "events": events}, caught)

    def offered(login: str) -> list[Any]:
        actions = office.history(quote, login)[0]["actions"]
        return [each for each in actions if each["operation"] == "flows.message"]

    assert ([], []) == (offered("li"), offered("head"))
    [found] = offered("fang")
    assert {"form": "quote", "id": quote} == found["fixed"]
    assert [("name", [{"name": "paid", "title": "Paid"}])] == [(e["name"], e["options"]) for e in found["parameters"]]
    assert found == offered("root")[0]
    assert {"moved": 1, "kept": 0} == office.ask("fang", "flows.message", **found["fixed"], name="paid")
    assert [] == offered("fang")
    assert ["waived"] == [each["name"] for each in offered("head")[0]["parameters"][0]["options"]]
    office.host.close()
