"""Options that get another name while instances run under a version that says the former one."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from tests.flows.app import QUOTE, Office, document

GRADES = [{"name": "a"}, {"name": "b"}]


def quote(*, renamed: bool) -> dict[str, Any]:
    """The form, before and after a state and an option of it have another name."""
    form: dict[str, Any] = deepcopy(QUOTE)
    form["fields"].append({"name": "grade", "type": "select", "options": deepcopy(GRADES)})
    form["fields"].append({"name": "wants", "type": "multi_select", "options": deepcopy(GRADES)})
    if renamed:
        names = {"approving": "reviewing", "approved": "agreed"}
        stage = next(each for each in form["fields"] if each["name"] == "stage")
        stage["states"] = [
            {"name": names[each["name"]], "was": each["name"]} if each["name"] in names else each
            for each in stage["states"]
        ]
        for each in stage["transitions"]:
            came = each["from"] if isinstance(each["from"], list) else [each["from"]]
            each.update({"from": [names.get(one, one) for one in came], "to": names.get(each["to"], each["to"])})
        for field in form["fields"][-2:]:
            field["options"][0] = {"name": "first", "was": "a"}
    return form


def flow(state: str, done: str, grade: str) -> dict[str, Any]:
    """Somebody decides, and what the record holds says where it goes on."""
    ways = [
        {"when": f'grade = "{grade}" and "{grade}" in wants and COALESCE(grade, grade) in ("{grade}")',
         "to": "mark"},
        {"when": f'SWITCH(grade, "{grade}", stage, "draft") = "{state}"', "to": "no"},
    ]  # fmt: skip
    nodes: list[dict[str, Any]] = [
        {"id": "start", "type": "start", "to": "ask"},
        {"id": "ask", "type": "approve", "approvers": [{"user": "fang"}], "approved": "which", "rejected": "no"},
        {"id": "which", "type": "branch", "branches": ways, "otherwise": "no"},
        {"id": "mark", "type": "set", "values": {"stage": f'"{done}"'}, "to": "end"},
        {"id": "end", "type": "end", "outcome": "approved"},
        {"id": "no", "type": "end", "outcome": "rejected"},
    ]
    return document(nodes=nodes, start={"on": "transition", "field": "stage", "to": state})


@pytest.mark.requirement("X6", "X15")
def test_running_instances_go_on_with_the_options_of_now(tmp_path: Path) -> None:
    """A version that instances are pinned to says the former names: it means what the records hold by then. A step that
    is added to such an instance does not hinder it."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    before = {"forms/quote.json": quote(renamed=False)}
    old = Office(flow("approving", "approved", "a"), database=database, more=before)
    one, other = (old.submitted(grade="a", wants=["a", "b"]) for _ in range(2))
    old.host.close()

    after = {"forms/quote.json": quote(renamed=True)}
    new = Office(flow("reviewing", "agreed", "first"), database=database, more=after)
    assert "reviewing" == new.stage(one)
    tasks = {each["record"]["id"]: each["id"] for each in new.tasks("fang")}
    new.ask("fang", "flows.decide", task=tasks[one], decision="approve")
    assert ("agreed", "approved") == (new.stage(one), new.history(one)[0]["outcome"])
    instance = new.history(other)[0]["id"]
    new.ask("root", "flows.add_step", instance=instance, after="ask", title="Costs", people=[new.id("head")])
    new.ask("fang", "flows.decide", task=tasks[other], decision="approve")
    new.decide("head")
    assert ("agreed", "approved") == (new.stage(other), new.history(other)[0]["outcome"])
    third = new.submitted(grade="a", wants=["a"])
    new.decide("fang")
    assert "agreed" == new.stage(third)
    new.host.close()
