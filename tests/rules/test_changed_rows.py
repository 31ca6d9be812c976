"""Rows of lines that a rule changes in other records, by a condition: as a person would save them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.changes import which
from lowcode.kernel.identity import APP
from lowcode.kernel.records.creating import create_many
from lowcode.kernel.storage.unit import Unit
from tests.rules.apps import Trial, rule, trial

CASES = json.loads((Path(__file__).parents[1] / "conformance" / "rules" / "changed_rows.json").read_text("utf-8"))


def seen(task: dict[str, Any], like: dict[str, Any]) -> dict[str, Any]:
    """A task as a case says it."""
    rows = [[each["what"], *(None if each[one] is None else str(each[one]) for one in ("on", "share"))]
            for each in task["steps"]]  # fmt: skip
    parts = [[each["count"] for each in row["parts"]] for row in task["steps"]]
    return {name: {"steps": rows, "parts": parts}.get(name, task.get(name)) for name in like}


@pytest.mark.requirement("R11", "SR29")
def test_rows_are_changed(database_url: str) -> None:
    """Each case in one app: what becomes of the rows of a lead's tasks, that rows keep their ids, and what is told."""
    rules = [
        rule(f"case{at}", {"becomes": f'email = "c{at}@x.cn"'}, {"update": case["update"]})
        for at, case in enumerate(CASES)
    ]
    with trial(database_url, *rules) as app:
        for at, case in enumerate(CASES):
            lead = app.create(company="Acme", note=case.get("note"))
            made = [app.create(form="task", lead=lead, **each) for each in case["tasks"]]
            before = [[row["id"] for row in app.get(each, "task")["steps"]] for each in made]
            app.update(lead, email=f"c{at}@x.cn")
            app.settle()
            after = [app.get(each, "task") for each in made]
            assert [seen(*pair) for pair in zip(after, case["become"], strict=True)] == case["become"], case["title"]
            assert [[row["id"] for row in each["steps"]] for each in after] == before, case["title"]
            assert [each["outcome"] for each in app.log(f"case{at}")] == ["done"], case["title"]
        (told,) = app.log("case0")[0]["actions"]
        assert [(row["share"], row["on"]) for row in told["lines"]["steps"]] == [("20.00", "2026-03-02")]


@pytest.mark.requirement("R11", "SC26")
def test_rows_of_many_records_are_read_at_once(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are read for all records together. Of more records than one transaction holds, they change in pieces, by
    what the record of the rule said when it fired; the history has it as a person's change."""
    change = {
        "update": {"relation": "tasks", "lines": {"steps": {"where": "what = this.note", "values": {"share": "1"}}}}
    }
    with trial(database_url, rule("change", {"becomes": 'email = "a@x.cn"'}, change)) as app:
        monkeypatch.setattr(which, "AT_ONCE", 4)
        assert _reads(app, 2, monkeypatch) == _reads(app, 4, monkeypatch)
        _reads(app, 9, monkeypatch)
        tasks = [app.get(each["id"], "task") for each in app.all()]
        assert [str(row["share"]) for each in tasks for row in each["steps"]] == ["1.00"] * (2 + 4 + 9)
        history = app.ask(None, "records.history", type="task", id=app.all()[-1]["id"])
        assert [each["kind"] for each in history] == ["updated", "created"]


def _reads(app: Trial, number: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often rows are read in a firing for so many tasks with a row each."""
    lead, reads = app.create(note="a"), []
    with app.host.session(APP) as context:
        rows = [{"title": "t", "lead": lead, "steps": [{"what": "a"}]} for _ in range(number)]
        create_many(context, app.host.app.saves["task"], app.host.grant(app.host.types["task"], APP), rows)
    app.update(lead, email="a@x.cn")
    fetch = Unit.fetch

    def counted(unit: Unit, statement: Any, **values: Any) -> Any:
        reads.extend(["read"] if "steps" in str(statement) else [])
        return fetch(unit, statement, **values)

    with monkeypatch.context() as patch:
        patch.setattr(Unit, "fetch", counted)
        app.settle()
    assert reads
    return len(reads)
