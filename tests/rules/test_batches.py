"""What one action does to more records than a transaction holds: in pieces, each once, never silently fewer."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.events.deliver import Delivery
from lowcode.kernel.identity import APP
from lowcode.kernel.records.creating import create_many
from tests.rules.apps import Trial, rule, trial

MANY = 2300
EACH: dict[str, Any] = {
    "create": {
        "form": "task",
        "for_each": {"form": "account", "where": "level = this.note", "most": 5000},
        "values": {"title": 'name & " " & this.company', "lead": "this"},
    }
}
STRICT = {
    "name": "strict", "form": "task", "on": {"created": True}, "phase": "before", "when": 'title = "a7 Acme"',
    "actions": [{"refuse": {"message": "Not this one"}}],
}  # fmt: skip


def tasks(app: Trial) -> list[tuple[bool | None, int]]:
    """How many tasks there are, by whether they are done."""
    found = app.ask(None, "records.aggregate", type="task", group=("done",))["items"]
    return sorted(((each["values"]["done"], each["count"]) for each in found), key=str)


def progress(app: Trial, name: str) -> dict[str, Any]:
    """How far the batch of a rule's last run is."""
    found = app.ask("root", "rules.log", rule=name)
    batch: dict[str, Any] = found["batches"][found["items"][0]["actions"][0]["batch"]]
    return batch


@pytest.mark.requirement("R11", "X10")
def test_many_records_are_worked_through_in_pieces(database_url: str) -> None:
    """A piece is a job: a worker that dies in it is followed by another, and what it did counts once. One record that
    is refused holds up no other. A pause holds the batch, and resuming goes on; the log says how far it is."""
    change = {"update": {"relation": "tasks", "values": {"done": "note is not blank"}}}
    rules = (
        rule("each", {"becomes": 'note = "gold"'}, EACH),
        rule("change", {"becomes": 'note = "x"'}, change),
        STRICT,
    )
    with trial(database_url, *rules) as app:
        app.ask(None, "identity.save_person", login="root", name="Root", roles=["administrator"])
        app.host.forget_directory()
        with app.host.session(APP) as context:
            rows = [{"name": f"a{number}", "level": "gold" if number else "plain"} for number in range(MANY + 1)]
            create_many(context, app.host.app.saves["account"], app.host.grant(app.host.types["account"], APP), rows)
        lead = app.create(company="Acme")
        app.update(lead, note="gold")
        for _ in range(2):
            Delivery(app.host).deliver(1)
        assert (tasks(app), progress(app, "each")["state"]) == ([(None, 999)], "working")
        dead = Delivery(app.host)
        (taken,) = dead._lease()
        app.advance(minutes=6)
        dead._run(taken)
        app.settle()
        found = progress(app, "each")
        assert (found["total"], found["done"], found["refused"], found["state"]) == (MANY, MANY - 1, 1, "done")
        assert [each["why"]["en"] for each in found["refusals"]] == ["Not this one"]
        assert tasks(app) == [(None, MANY - 1)]
        assert app.log("each")[-1]["actions"][0]["records"] == MANY

        app.update(lead, note="x")
        Delivery(app.host).deliver(2)
        app.ask("root", "rules.pause", rule="change", reason="wait")
        app.settle()
        found = progress(app, "change")
        assert (found["done"], found["state"], found["reason"]) == (1000, "paused", "wait")
        assert tasks(app) == [(None, MANY - 1001), (True, 1000)]
        app.ask("root", "rules.resume", rule="change")
        app.settle()
        assert (tasks(app), progress(app, "change")["state"]) == ([(True, MANY - 1)], "done")


@pytest.mark.requirement("R26")
def test_more_than_an_action_may_mean_is_not_touched(database_url: str) -> None:
    """Nothing of the firing happens; the log and the administrators are told which rule, how many and the cure, and
    who pressed a button at once. What it would be is told by a simulation, too."""
    slip = [{"set": {"note": '"changed"'}}, {"delete": {"form": "task", "where": "lead = this", "most": 2}}]
    rules = (rule("slip", {"becomes": 'note = "slip"'}, slip), rule("pressed", {"button": {"title": "Press"}}, slip))
    with trial(database_url, *rules) as app:
        app.ask(None, "identity.save_person", login="root", name="Root", roles=["administrator"])
        app.host.forget_directory()
        lead = app.create()
        for _ in range(3):
            app.create(form="task", lead=lead)
        app.update(lead, note="slip")
        app.settle()
        (line,) = app.log("slip")
        told = "An action of the rule 'slip' means 3 records of 'task', and may 2: nothing was done."
        assert (line["outcome"], line["error"].startswith(told), '"most": 3' in line["error"]) == (
            "stopped",
            True,
            True,
        )
        assert (app.get(lead)["note"], tasks(app)) == ("slip", [(None, 3)])
        (notice,) = app.notices("root")
        assert notice.startswith(told)
        with pytest.raises(Rejected) as refused:
            app.ask("ann", "rules.press", rule="pressed", id=lead)
        assert [each.code for each in refused.value.problems] == ["rules.too-many-records"]
        (step,) = app.ask("root", "rules.simulate", rule="pressed", record=lead)["results"][0]["steps"]
        assert step["actions"][1] == {"delete": "task", "records": 3, "most": 2}
        assert app.get(lead)["note"] == "slip"
