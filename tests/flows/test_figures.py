"""What reports find out about flows is what somebody counts who goes through the tasks one by one."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP
from tests.flows.app import Office, approval, document

WORKING = "WORKINGHOURS(asked_at, answered_at)"
TASKS = {
    "asked": "COUNT()", "open": 'COUNT(state in ("open", "waiting"))', "late": "COUNT(late)",
    "refused": 'COUNT(decision = "reject")', "returned": 'COUNT(decision = "return")',
    "days": "AVERAGE(days)", "seconds": "SUM(seconds)", "worked": f'SUM({WORKING}, state = "done")',
}  # fmt: skip
STEPS = {
    "times": "COUNT()", "waits": "COUNT(waits)", "returned": 'COUNT(outcome = "return")',
    "agreed": 'COUNT(outcome = "approved")', "seconds": "SUM(seconds)",
}  # fmt: skip


def report(name: str, form: str, by: str, measures: dict[str, str]) -> dict[str, Any]:
    """A report by one dimension."""
    return {
        "name": name, "type": "report", "form": form,
        "dimensions": [{"name": "by", "expression": by}],
        "measures": [{"name": each, "expression": text} for each, text in measures.items()],
    }  # fmt: skip


REPORTS = [
    report("by_step", "quote.flow_tasks", "step", TASKS),
    report("by_person", "quote.flow_tasks", "person", TASKS),
    report("by_department", "quote.flow_tasks", "person.department.name", TASKS),
    report("steps", "quote.flow_steps", "step", STEPS),
]


def worked(seed: int, url: str) -> Office:
    """Ten quotes on their way for some weeks, with refusals, ways back, hand-ons and people who are late."""
    nodes = approval({"user": "head"}, deadline={"hours": 30}, returns=["starter"])
    nodes[2:2] = [
        {"id": "many", "type": "approve", "title": "Finance", "mode": "any", "approvers": [{"role": "finance"}],
         "returns": ["previous"], "approved": "mark", "rejected": "return", "deadline": {"hours": 8, "working": True}},
    ]  # fmt: skip
    nodes[1]["approved"] = "many"
    more = {f"reports/{each['name']}.json": each for each in REPORTS}
    office, chance = Office(document(nodes=nodes, start={"on": "manual"}), database=url, more=more), random.Random(seed)
    for each in range(10):
        owner = "li" if each % 3 else "zhao"
        office.ask(owner, "flows.start", flow="approval", id=office.quote(login=owner))
    for _ in range(60):
        office.clock.advance(timedelta(minutes=chance.randrange(20, 1500)))
        login = chance.choice(["head", "fang", "feng", "li"])
        open_tasks = office.tasks(login)
        if not open_tasks:
            continue
        task = chance.choice(open_tasks)
        act = chance.random()
        try:
            if task["kind"] == "start":
                office.ask(login, "flows.decide", task=task["id"], decision="complete")
            elif act < 0.15:
                office.ask(login, "flows.send_back", task=task["id"], to="previous")
            elif act < 0.3:
                office.ask(login, "flows.transfer", task=task["id"], person=office.id("boss"))
            else:
                decision = "reject" if act < 0.4 else "approve"
                office.ask(login, "flows.decide", task=task["id"], decision=decision)
        except Rejected:
            continue
    return office


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest) -> Iterator[Office]:
    """Weeks of work, in each database."""
    if request.param == "sqlite":
        yield worked(3, "sqlite://")
        return
    with request.getfixturevalue("postgresql_server").database() as url:
        made = worked(3, url)
        yield made
        made.host.close()


def rows(office: Office, table: Any) -> list[dict[str, Any]]:
    """All that is kept."""
    with office.host.session(APP) as context:
        return context.unit.fetch(sa.select(office.host.database.table(table)))


def found(office: Office, login: str, name: str) -> dict[Any, dict[str, Any]]:
    """The rows of a report, by its dimension."""
    result = office.ask(login, "reports.run", report=name)
    names = [column["name"] for column in result["columns"]]
    cells = [dict(zip(names, row, strict=True)) for row in result["rows"]]
    return {each["by"]["id"] if isinstance(each["by"], dict) else each.pop("by"): each for each in cells}


def seconds(begin: datetime, end: datetime) -> int:
    """Whole seconds, as clocks without fractions have them."""
    return int(end.timestamp()) - int(begin.timestamp())


def counted(office: Office, by: Callable[[dict[str, Any]], Any], seen: Callable[[dict[str, Any]], bool]) -> Any:
    """The tasks, gone through one by one."""
    now, calendar = office.clock.now(), office.host.app.calendar
    groups: dict[Any, dict[str, Any]] = {}
    for task in rows(office, tables.task):
        if task["kind"] == "copy" or task["state"] == "kept" or not seen(task):
            continue
        group = groups.setdefault(by(task), {**dict.fromkeys(TASKS, 0), "days": []})
        group["asked"] += 1
        group["open"] += task["state"] in ("open", "waiting")
        group["refused"] += task["decision"] == "reject"
        group["returned"] += task["decision"] == "return"
        if task["state"] == "cancelled":
            continue
        end = task["decided_at"] or now
        took = seconds(task["created_at"], end)
        group["late"] += task["due_at"] is not None and seconds(task["due_at"], end) > 0
        group["seconds"] += took
        group["days"].append((Decimal(took) / 86_400).quantize(Decimal("0.0001"), ROUND_HALF_UP))
        if task["state"] == "done":
            group["worked"] += int(calendar.working_time(task["created_at"], end).total_seconds()) / 3600
    return groups


def same(expected: dict[Any, dict[str, Any]], seen: dict[Any, dict[str, Any]]) -> None:
    """All that is counted is equal; means and hours to the digits that are shown."""
    assert expected.keys() == seen.keys()
    for key, group in expected.items():
        for name in ("asked", "open", "late", "refused", "returned", "seconds"):
            assert int(seen[key][name] or 0) == group[name], (key, name)
        mean = sum(group["days"]) / len(group["days"]) if group["days"] else None
        assert (mean is None) == (seen[key]["days"] is None)
        assert mean is None or abs(Decimal(str(seen[key]["days"])) - mean) < Decimal("0.01")
        assert abs(Decimal(str(seen[key]["worked"] or 0)) - Decimal(str(group["worked"]))) < Decimal("0.05")


@pytest.mark.requirement("SB20")
def test_tasks_are_counted_by_step_person_and_department(office: Office) -> None:
    """How many, what waits, what is late, refusals, ways back, calendar time and working time."""
    users = {office.id(login): login for login in ("boss", "head", "li", "zhao", "fang", "feng")}
    where = {"boss": "top", "head": "trade", "li": "trade", "zhao": "trade", "fang": "money", "feng": "money"}
    everybody = lambda task: True  # noqa: E731
    same(counted(office, lambda task: f"approval/{task['node']}", everybody), found(office, "boss", "by_step"))
    same(counted(office, lambda task: task["person"], everybody), found(office, "boss", "by_person"))
    same(counted(office, lambda task: where[users[task["person"]]], everybody), found(office, "boss", "by_department"))


def test_whoever_may_not_read_a_record_does_not_count_its_tasks(office: Office) -> None:
    """Sales see what became of their own quotes, and nobody else's."""
    quotes = {each["id"] for each in office.ask("zhao", "records.list", type="quote", limit=50)["items"]}
    assert 0 < len(quotes) < 10
    mine = counted(office, lambda task: f"approval/{task['node']}", lambda task: task["record_id"] in quotes)
    same(mine, found(office, "zhao", "by_step"))


def test_steps_are_counted_by_how_they_were_left(office: Office) -> None:
    """Each time a step was entered: how long it took, how it was left, and what is not over."""
    now = office.clock.now()
    running = {each["id"]: each["running"] is not None for each in rows(office, tables.instance)}
    lines = sorted(rows(office, tables.history), key=lambda line: line["id"])
    begun: dict[tuple[int, int], dict[str, Any]] = {}
    for line in lines:
        if line["event"] in ("asked", "waits"):
            begun.setdefault((line["instance"], line["token"]), {"node": line["node"], "at": line["at"]})
    for line in lines:
        if line["event"] in ("passed", "dropped") and (line["instance"], line["token"]) in begun:
            begun[line["instance"], line["token"]] |= {"left": line["at"], "exit": line["body"].get("exit")}
    expected: dict[str, dict[str, int]] = {}
    for (instance, _), step in begun.items():
        group = expected.setdefault(f"approval/{step['node']}", dict.fromkeys(STEPS, 0))
        group["times"] += 1
        group["waits"] += "left" not in step and running[instance]
        group["returned"] += step.get("exit") == "return"
        group["agreed"] += step.get("exit") == "approved"
        group["seconds"] += seconds(step["at"], step.get("left") or now)
    shown = found(office, "boss", "steps")
    assert expected == {key: {name: int(group[name] or 0) for name in STEPS} for key, group in shown.items()}


def test_behind_a_number_are_its_records(office: Office) -> None:
    """What waits at a step is drilled to the quotes."""
    waiting = {t["record_id"] for t in rows(office, tables.task) if t["state"] == "open" and t["node"] == "many"}
    drill = office.ask("boss", "reports.drill", report="by_step", drill={"by": "approval/many"}, measure="open")
    listed = office.ask("boss", "records.list", type="quote", where=drill["where"], limit=50)["items"]
    assert waiting == {each["id"] for each in listed} or not waiting
