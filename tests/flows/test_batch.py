"""Many tasks decided in one step: each for itself, and those that cannot be are told beside the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flows.app import Office, approval, document


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    made = Office(document(nodes=approval({"user": "boss"})), database=database_url)
    yield made
    made.host.close()


@pytest.mark.requirement("W34")
@pytest.mark.parametrize("count", [1, 3])
def test_several_at_once(office: Office, count: int) -> None:
    """What is mine and open is decided, whatever stands beside it in the list."""
    quotes = [office.submitted() for _ in range(count + 2)]
    mine = [each["id"] for each in office.tasks("boss")]
    office.ask("boss", "flows.decide", task=mine[0], decision="reject")
    asked = (*mine[: count + 1], mine[1], 999)
    found = office.ask("boss", "flows.decide_many", tasks=asked, decision="approve", opinion="fine")["items"]
    assert [mine[0], *mine[1 : count + 1], 999] == [each["task"] for each in found]
    assert [False, *[True] * count, False] == [each["done"] for each in found]
    assert all(bool(each["problems"]) != each["done"] for each in found)
    assert sorted(["approving", "rejected", *["approved"] * count]) == sorted(map(office.stage, quotes))
    other = office.ask("li", "flows.decide_many", tasks=(mine[-1],), decision="approve")["items"]
    assert not other[0]["done"] and other[0]["problems"]


@pytest.mark.requirement("W34")
def test_one_of_a_list_however_far_down() -> None:
    """Of each list the one that is asked for, if it is in it; another person's is in none of mine."""
    nodes = approval({"user": "head"})
    nodes[0]["to"] = "tell"
    nodes.insert(1, {"id": "tell", "type": "copy", "to_people": [{"user": "fang"}], "to": "ask"})
    office = Office(document(nodes=nodes))
    for number in range(3):
        office.submitted(number=f"Q{number}")
    lists = {"open": "head", "started": "li", "copied": "fang"}
    for state, login in lists.items():
        all_of_them = office.tasks(login, state)
        oldest = all_of_them[-1]
        found = office.ask(login, "flows.list_tasks", state=state, only=oldest["id"])
        assert ([oldest], None) == (found["items"], found["next"])
        assert [] == office.ask("boss", "flows.list_tasks", state=state, only=oldest["id"])["items"]
    task = office.tasks("head")[-1]["id"]
    office.ask("head", "flows.decide", task=task, decision="approve")
    assert [] == office.ask("head", "flows.list_tasks", state="open", only=task)["items"]
    assert [task] == [each["id"] for each in office.ask("head", "flows.list_tasks", state="done", only=task)["items"]]
