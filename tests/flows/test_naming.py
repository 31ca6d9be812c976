"""What the steps of a flow are called where their author gave them no title: never their ids."""

from typing import Any

import pytest

from lowcode.flows.naming import titles
from lowcode.kernel.diagnostics import localized
from tests.flows.app import Office, approval, document

NODES: list[dict[str, Any]] = [
    {"id": "start", "type": "start"},
    {"id": "a", "type": "approve"},
    {"id": "b", "type": "approve", "title": "b"},
    {"id": "c", "type": "approve", "title": "Finance"},
    {"id": "inside", "type": "scope"},
    {"id": "enter", "type": "start", "in": "inside"},
    {"id": "again", "type": "start", "in": "other"},
    {"id": "up", "type": "throw", "escalation": "help"},
    {"id": "say", "type": "throw", "signal": "done"},
    {"id": "plug", "type": "of_a_plug_in"},
    {"id": "ok", "type": "end", "outcome": "approved"},
    {"id": "yes", "type": "end", "outcome": "approved"},
    {"id": "own", "type": "end", "outcome": "parked"},
    {"id": "error", "type": "end", "error": "late"},
    {"id": "out", "type": "end"},
]


def test_by_what_they_do() -> None:
    """A title counts unless it repeats the id; of several of a kind the second has a number, ends are by their outcome.
    Of a kind that a plug-in brought nothing is known but its id."""
    found = titles(NODES)
    chinese = ["提交", "审批", "审批 2", "Finance", "子过程", "开始", "开始", "上报", "发出信号", "plug"]
    ends = ["结束：已同意", "结束：已同意", "结束：parked", "结束：late", "结束"]
    assert [*chinese, *ends] == [localized(each, "zh-CN") for each in found.values()]
    assert ["Submission", "Approval", "Approval 2", "Finance"] == [*(localized(e, "en") for e in found.values())][:4]


@pytest.mark.requirement("SW22")
def test_wherever_a_step_is_named() -> None:
    """The to-do, the timeline, the picture, what comes next and the choices of a list name a step alike."""
    office = Office(document(nodes=approval({"user": "head"}, title="ask")))
    quote = office.submitted()
    [task] = office.tasks("head")
    [instance] = office.history(quote)
    office.decide("head")
    [decided] = [each for each in office.ask("li", "flows.activities", form="quote", id=quote)
                 if each["event"] == "decided"]  # fmt: skip
    picture = office.ask("boss", "flows.picture", instance=instance["id"])
    assert "Approval" == task["title"] == localized(decided["node"], "en")
    assert ["审批"] == [localized(e["title"], "zh-CN") for e in instance["steps"] if e["kind"] == "approve"]
    assert {"Submission", "Approval", "End: Approved", "End: Rejected"} < {each["title"] for each in picture["nodes"]}


def test_the_end_of_a_part_says_nothing() -> None:
    """Of two branches that end for themselves only the end of the last is the end of the flow; one with a title of its
    own is told all the same."""
    asked = [
        {"id": name, "type": "approve", "approvers": [{"user": person}], "approved": f"{name}_end", "rejected": "no"}
        for name, person in (("a", "head"), ("b", "fang"), ("c", "boss"))
    ]
    ends = [{"id": f"{name}_end", "type": "end", "outcome": "approved"} for name in ("a", "b", "c")]
    ends[1]["title"] = "Money is there"
    office = Office(
        document(nodes=[
            {"id": "start", "type": "start", "to": "split"}, {"id": "split", "type": "parallel", "to": ["a", "b", "c"]},
            *asked, *ends, {"id": "no", "type": "end", "outcome": "rejected"},
        ])
    )  # fmt: skip
    quote = office.submitted()
    ahead = office.ask("li", "flows.ahead", instance=office.history(quote)[0]["id"])["steps"]
    for login in ("head", "fang", "boss"):
        office.decide(login)
    walked = office.history(quote)[0]["steps"]
    for steps in (ahead, walked):
        assert [("a_end", True), ("b_end", False), ("c_end", False)] == [
            (each["node"], each["ends_part"]) for each in steps if each["kind"] == "end"
        ]
