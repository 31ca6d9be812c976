"""Instances that stand still (挂起): many at once, against somebody who decides, and nothing that comes of itself moves
them. The corpus (`stories/still.json`) tells what is refused meanwhile and what comes when they are resumed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.flows.operations import OPERATIONS, suspending
from lowcode.flows.operations.held import held as opened
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import sealing
from lowcode.kernel.storage import tables as t
from tests.flows.app import Office, approval, document
from tests.flows.test_races import asking, at_once, deciding

FLOW = document(nodes=approval({"user": "head"}))
NEWER = {**FLOW, "title": "Newer"}
BY_THEMSELVES = {
    each.name for each in OPERATIONS if each.access == "internal" and "instance" in each.params.model_fields
}
GIVEN: dict[str, dict[str, Any]] = {
    "flows.wake": {"token": 2},
    "flows.due": {"token": 2},
    "flows.hear": {"name": "x"},
    "flows.receive": {"name": "x"},
    "flows.called_ended": {"token": 2},
    "flows.escalated": {"token": 2},
    "flows.answered": {"token": 2, "message": "m"},
}
DOWNWARD = {"flows.stop_called", "flows.send_link", "flows.settle_link"}
"""What is done to others because of an instance, and moves it nowhere."""


def subjects(answer: dict[str, Any]) -> list[str]:
    """Which were meant, by what they are called."""
    return [each["subject"] for each in answer["items"]]


@pytest.mark.requirement("SW12", "X6")
def test_many_at_once(tmp_path: Path) -> None:
    """Those of earlier versions, those of the version of now, and those whose records are such; shown first, counted
    by flow, marked in the lists of those who are asked, and each done or refused for itself."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    old = Office(FLOW, database=database)
    for number, total in (("Q1", 50), ("Q2", 5000)):
        old.submit(old.quote(total, number=number))
    old.host.close()
    office = Office(NEWER, database=database)
    newest = office.quote(9000, number="Q3")
    office.submit(newest)

    def meant(verb: str = "suspend", **which: Any) -> list[str]:
        return subjects(office.ask("root", f"flows.{verb}", flow="approval", dry_run=True, **which))

    assert ["Quote Q1", "Quote Q2", "Quote Q3"] == meant()
    assert ["Quote Q1", "Quote Q2"] == meant(version="older")
    assert ["Quote Q3"] == meant(version="current")
    assert ["Quote Q2", "Quote Q3"] == meant(version="every", where="total > 1000")
    assert [False] * 3 == [each["suspended"] for each in office.tasks("head")]
    with pytest.raises(NotFound):
        meant(version="never")
    with pytest.raises(NotFound):
        office.ask("root", "flows.suspend", flow="aproval")
    with pytest.raises(Rejected):
        office.ask("root", "flows.suspend")
    with pytest.raises(Forbidden):
        office.ask("boss", "flows.suspend", flow="approval")

    done = office.ask("root", "flows.suspend", flow="approval", where="total > 1000", opinion="Audit")
    assert [True, True] == [each["done"] for each in done["items"]]
    assert [True, True, False] == [each["suspended"] for each in office.tasks("head")]
    line = office.ask("root", "flows.list")["items"][0]
    assert (3, 2) == (line["running"], line["suspended"])
    assert ["flows.suspend", "flows.resume"] == [each["operation"] for each in line["actions"]]
    ids = [each["instance"] for each in done["items"]]
    again = office.ask("root", "flows.suspend", instances=ids)["items"]
    assert [["flows.suspended-already"]] * 2 == [[p["code"] for p in each["problems"]] for each in again]
    shown = office.ask("head", "flows.task", id=office.tasks("head")[0]["id"])["instance"]
    assert ("suspended", "Audit", "Root") == (
        shown["state"],
        shown["suspended"]["opinion"],
        shown["suspended"]["by"]["label"],
    )
    assert ["Quote Q2", "Quote Q3"] == subjects(office.ask("root", "flows.resume", flow="approval"))
    assert ["resumed", "suspended"] == [each["event"] for each in office.history(newest)[0]["deeds"]][::-1]
    office.host.close()


@pytest.mark.requirement("SW12")
def test_nothing_that_comes_of_itself_moves_it() -> None:
    """Every operation that the app asks of an instance by itself is held, once, and asked when it is resumed: all in
    one piece, so that none overtakes another, and what is refused then by itself."""
    assert BY_THEMSELVES - DOWNWARD == GIVEN.keys()
    office = Office(FLOW)
    instance = office.history(office.submitted())[0]["id"]
    office.ask("root", "flows.suspend", instance=instance)
    row = sa.select(tables.instance.c.tokens, tables.instance.c.held).where(tables.instance.c.id == instance)
    with office.host.session(APP) as context:
        before = context.unit.one(row)
        for operation, more in (*GIVEN.items(), *GIVEN.items()):
            context.ask(operation, instance=instance, **more)
        after = context.unit.one(row)
    assert before is not None and after is not None
    assert (before["tokens"], list(GIVEN)) == (after["tokens"], [operation for operation, _ in after["held"]])
    office.ask("root", "flows.resume", instance=instance)
    jobs = sa.select(t.job.c.name, t.job.c.body).where(t.job.c.name.in_(["flows.come", *GIVEN]))
    spoilt = sa.update(tables.instance).where(tables.instance.c.id == instance)
    with office.host.session(APP) as context:
        assert context.unit.one(row)["held"] is None  # type: ignore[index]
        (come,) = context.unit.fetch(jobs.where(t.job.c.state == "ready"))
        held = sealing.opened(office.host, come["body"], come["name"])["held"]
        assert list(GIVEN) == [operation for operation, _ in held]
        digest = context.unit.one(sa.select(tables.instance.c.digest))["digest"]  # type: ignore[index]
        body = {"digest": "x", "flow": "approval", "document": {"name": "x"}, "created_at": context.now()}
        context.unit.insert(tables.version, **body)
        context.unit.run(spoilt.values(digest="x"))
        context.ask("flows.come", held=held)
        assert ["flows.come", *GIVEN] == [each["name"] for each in context.unit.fetch(jobs.order_by(t.job.c.id))]
        context.unit.run(spoilt.values(digest=digest))
    office.host.settle()
    office.decide("head")
    assert "approved" == office.stage(1)
    office.host.close()


@pytest.mark.requirement("SW12", "X6")
def test_nothing_that_is_said_stays_without_effect(tmp_path: Path) -> None:
    """A version or condition beside instances without a flow is refused; of a flow that is no longer in the app the
    condition is about the form of what runs."""
    database = f"sqlite:///{tmp_path}/office.sqlite3"
    office = Office(FLOW, database=database)
    for number, total in (("Q1", 50), ("Q2", 5000)):
        office.submit(office.quote(total, number=number))

    def refused(**which: Any) -> list[tuple[str, str]]:
        with pytest.raises(Rejected) as wrong:
            office.ask("root", "flows.suspend", **which)
        return [(each.code, each.pointer) for each in wrong.value.problems]

    only = "flows.only-of-a-flow"
    assert [(only, "/version"), (only, "/where")] == refused(instances=(1, 2), where="total > 1000", version="older")
    assert [(only, "/where")] == refused(instance=1, where="total > 1000")
    for which in ({}, {"instance": 1, "flow": "approval"}, {"instance": 1, "instances": (1, 2)}):
        assert [("flows.which-instances", "/instance")] == refused(**which)
    office.host.close()

    later = Office(document("other", nodes=approval({"user": "head"}), start={"on": "manual"}), database=database)
    for where, meant in (("total > 99999", []), ("total > 1000", ["Quote Q2"])):
        assert meant == subjects(later.ask("root", "flows.suspend", flow="approval", where=where))
    assert ["Quote Q1"] == subjects(later.ask("root", "flows.suspend", flow="approval", version="older"))
    later.host.close()


@pytest.mark.requirement("SW12", "X6")
def test_more_than_are_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """How many are left is said, and from where to go on; one that is refused does not hold up those behind it."""
    monkeypatch.setattr(suspending, "MOST", 2)
    office = Office(FLOW)
    for number in "ABCDE":
        office.submit(office.quote(5, number=number))
    spoilt = sa.update(tables.instance).where(tables.instance.c.id == 1).values(digest="x")
    with office.host.session(APP) as context:
        body = {"digest": "x", "flow": "approval", "document": {"name": "approval"}, "created_at": context.now()}
        context.unit.insert(tables.version, **body)
        context.unit.run(spoilt)
    found, after = [], None
    while True:
        answer = office.ask("root", "flows.suspend", flow="approval", after=after)
        found.append(([each["done"] for each in answer["items"]], answer["refused"], answer["left"], answer["next"]))
        after = answer["next"]
        if after is None:
            break
    assert [([False, True], 1, 3, 2), ([True, True], 0, 1, 4), ([True], 0, 0, None)] == found
    unread = office.ask("root", "flows.suspend", instances=(1,))["items"][0]["problems"]
    assert ["flows.version-unreadable"] == [each["code"] for each in unread]
    with pytest.raises(Rejected) as alone:
        office.ask("root", "flows.suspend", instance=1)
    assert "缺少" in alone.value.problems[0].words("zh-CN")
    again = office.ask("root", "flows.suspend", flow="approval", dry_run=True)
    assert (["Quote A"], 0) == (subjects(again), again["refused"])
    office.host.close()


@pytest.mark.requirement("SW12", "SP15")
@pytest.mark.parametrize("end", ["resume", "cancel", "unread", "forget"])
def test_what_is_held_is_sealed(end: str, database_url: str) -> None:
    """What came from another program lies closed on the instance as it does in the queue, comes when it is resumed,
    and is gone when the instance ends or its record is forgotten; the times that are held stay."""
    office = Office(FLOW, database=database_url)
    instance = office.history(office.submitted())[0]["id"]
    office.ask("root", "flows.suspend", instance=instance)
    row = sa.select(tables.instance.c.suspended_at, tables.instance.c.held).where(tables.instance.c.id == instance)
    came = {"instance": instance, "token": 2, "message": "m", "values": {"password": "S3CRET"}}

    def lying() -> tuple[bool, Any]:
        with office.host.session(APP) as context:
            found = context.unit.one(row)
        assert found is not None
        return found["suspended_at"] is not None, found["held"]

    with office.host.session(APP) as context:
        for _ in range(2):
            context.ask("flows.answered", **came)
        context.ask("flows.due", instance=instance, token=2)
    suspended, held = lying()
    assert (True, ["flows.answered", "flows.due"]) == (suspended, [operation for operation, _ in held])
    assert "S3CRET" not in str(held)
    with office.host.session(APP) as context:
        match end:
            case "resume":
                context.ask("flows.resume", instance=instance)
                (job,) = context.unit.fetch(sa.select(t.job.c.body).where(t.job.c.name == "flows.come"))
                assert "S3CRET" not in str(job["body"])
                answered = sealing.opened(office.host, job["body"], "flows.come")["held"][0][1]
                assert came.items() <= answered.items()
            case "forget":
                context.ask("flows.forget", form="quote", ids=(1,))
                kept = dict(opened(context, {"held": context.unit.one(row)["held"]}))  # type: ignore[index]
                assert ({}, 2) == (kept["flows.answered"]["values"], kept["flows.due"]["token"])
                context.ask("flows.cancel", instance=instance)
            case _:
                if end == "unread":
                    spoilt = sa.update(tables.instance).where(tables.instance.c.id == instance)
                    body = {"digest": "x", "flow": "approval", "document": {"name": "x"}, "created_at": context.now()}
                    context.unit.insert(tables.version, **body)
                    context.unit.run(spoilt.values(digest="x"))
                context.ask("flows.cancel", instance=instance)
    assert (False, None) == lying()
    office.host.close()


@pytest.mark.requirement("SW12")
def test_against_somebody_who_decides(database_url: str) -> None:
    """At one instant: it was decided before it stood still, or the decision is refused and counts when it goes on."""
    office = Office(FLOW, database=database_url)
    for _ in range(8):
        quote = office.submitted()
        task, instance = office.tasks("head")[0]["id"], office.history(quote)[0]["id"]
        answers = at_once(
            [deciding(office, "head", task, "approve"), asking(office, "root", "flows.suspend", instance=instance)]
        )
        assert 1 == sum(isinstance(each, Conflict) for each in answers), answers
        if isinstance(answers[0], Conflict):
            assert "approving" == office.stage(quote)
            office.ask("root", "flows.resume", instance=instance)
            office.decide("head")
        assert "approved" == office.stage(quote)
    office.host.close()
