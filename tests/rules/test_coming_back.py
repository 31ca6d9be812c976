"""What rules had to do for a record while it lay in the bin: nothing is done to what is deleted, and what was missed is
done once when it is back, whichever way it comes. A case is a rule, and how often it has acted by when."""

from __future__ import annotations

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.rules.apps import START, Trial, rule, trial

CASES = json.loads((Path(__file__).parents[1] / "conformance" / "rules" / "coming_back.json").read_text("utf-8"))
NOTE = {"set": {"note": 'COALESCE(note, "") & "x"'}}


def acted(app: Trial, lead: int) -> int:
    """How often the rules of a case have acted for a record: each time leaves a letter."""
    return len(app.get(lead)["note"] or "")


def given(case: dict[str, Any]) -> dict[str, Any]:
    """The rule of a case: "act" stands for what it does."""

    def filled(value: Any) -> Any:
        if value == "act":
            return NOTE
        if isinstance(value, list):
            return [filled(each) for each in value]
        return {key: filled(each) for key, each in value.items()} if isinstance(value, dict) else value

    keys: dict[str, Any] = filled(case["rule"])
    return rule("timed", keys.pop("on"), keys.pop("actions", None), **keys)


@pytest.mark.requirement("R5", "R24", "SR04")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_from_the_bin(case: dict[str, Any]) -> None:
    """Deleted, brought back after `gone` hours, and left alone for long."""
    with trial("sqlite://", given(case)) as app:
        lead = app.create(assigned_at=START, meeting_at=START + timedelta(hours=25))
        app.advance(hours=case.get("before", 0))
        app.ask("ann", "records.delete", type="lead", id=lead)
        app.advance(hours=case["gone"])
        app.ask("ann", "records.undelete", type="lead", id=lead)
        found = [acted(app, lead)]
        for hours in (0.05, 200):
            app.advance(hours=hours)
            found.append(acted(app, lead))
        app.ask("ann", "records.delete", type="lead", id=lead)
        app.ask("ann", "records.undelete", type="lead", id=lead)
        app.advance(hours=1)
        assert (case["acts"], case["acts"][-1]) == (found, acted(app, lead))
        assert [] == app.ask(None, "jobs.dead")["items"]


@pytest.mark.requirement("R5")
def test_as_a_merge_is_taken_back(database_url: str) -> None:
    """What went into another waits with it, and goes on when it is on its own again; the one that stayed goes on."""
    steps = [{"after": {"hours": 24}, "actions": [NOTE]}]
    with trial(database_url, rule("timed", {"created": True}, steps=steps)) as app:
        stays, other = app.create(), app.create()
        merged = app.ask("ann", "forms.merge", form="lead", into=stays, others=(other,))
        app.advance(hours=25)
        assert 1 == acted(app, stays)
        app.ask("ann", "forms.undo_merge", merge=merged["merge"])
        app.advance(hours=1)
        assert (1, 1) == (acted(app, stays), acted(app, other))
        app.advance(hours=200)
        assert (1, 1) == (acted(app, stays), acted(app, other))


@pytest.mark.requirement("R5")
def test_an_import_that_is_taken_back() -> None:
    """Its records are left in peace, and those that somebody brings back go on."""
    steps = [{"after": {"hours": 24}, "actions": [NOTE]}]
    with trial("sqlite://", rule("timed", {"created": True}, steps=steps)) as app:
        content = b"company\none\ntwo\n"
        made = app.ask(None, "forms.import", form="lead", name="a.csv", content=content)
        leads = [each["id"] for each in app.all("lead")]
        app.settle()
        app.ask(None, "forms.undo_import", batch=made["batch"])
        app.advance(hours=30)
        app.ask(None, "records.undelete", type="lead", id=leads[0])
        app.advance(hours=1)
        assert (2, 1) == (len(leads), acted(app, leads[0]))
        assert [] == app.ask(None, "jobs.dead")["items"]


@pytest.mark.requirement("R5")
def test_who_brings_it_back_while_it_is_due(postgresql_url: str) -> None:
    """A firing that finds the record deleted, and whoever brings it back then, do not slip past each other."""
    with trial(postgresql_url, rule("timed", {"created": True}, NOTE)) as app:
        leads = [app.create() for _ in range(6)]
        for lead in leads:
            app.ask("ann", "records.delete", type="lead", id=lead)
        together = threading.Barrier(2)

        def bring_back() -> None:
            together.wait()
            for lead in leads:
                app.ask("ann", "records.undelete", type="lead", id=lead)

        worker = threading.Thread(target=bring_back)
        worker.start()
        together.wait()
        app.settle()
        worker.join()
        app.settle()
        assert [1] * len(leads) == [acted(app, lead) for lead in leads]
