"""Instances that stand still (挂起): many at once, against somebody who decides, and nothing that comes of itself moves
them. The corpus (`stories/still.json`) tells what is refused meanwhile and what comes when they are resumed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import run, tables
from lowcode.flows.operations import OPERATIONS, suspending
from lowcode.flows.operations.held import FORMER, MOST, NOBODY, SAID, Asked, waiting
from lowcode.flows.operations.reviewing import OneReview
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import sealing
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.crypto import SECRET, new_key
from tests.flows.app import Office, approval, document
from tests.flows.test_races import asking, at_once, deciding

FLOW = document(nodes=approval({"user": "head"}))
NEWER = {**FLOW, "title": "Newer"}
BY_THEMSELVES = {
    each.name
    for each in OPERATIONS
    if each.access == "internal" and ("instance" in each.params.model_fields or issubclass(each.params, OneReview))
}
GIVEN: dict[str, dict[str, Any]] = {
    "flows.wake": {"token": 2},
    "flows.due": {"token": 2},
    "flows.hear": {"name": "x"},
    "flows.receive": {"name": "x"},
    "flows.called_ended": {"token": 2},
    "flows.escalated": {"token": 2},
    "flows.answered": {"token": 2, "message": "m"},
    "flows.review": {"id": 1},
    "flows.advised": {"id": 1, "state": "given", "reason": "x"},
    "flows.review_late": {"id": 1},
}
ASKED = {"flows.review": "flows.review_held"}
"""What reaches outside is held by another operation, which does not."""
DOWNWARD = {"flows.stop_called", "flows.send_link", "flows.settle_link"}
"""What is done to others because of an instance, and moves it nowhere."""
COMES = "flows.come"
"""What was held, when it is resumed."""
EACH = ("flows.receive", "flows.called_ended", "flows.review", "flows.advised", "flows.review_late")
"""What counts as often as it came; of the rest two are one."""
LYING = sa.select(tables.held).order_by(tables.held.c.id)


def held_on(context: Context, instance: int) -> list[Asked]:
    """What is held on an instance."""
    row = context.unit.one(sa.select(tables.instance).where(tables.instance.c.id == instance))
    assert row is not None
    return waiting(context, row)


def review(context: Context, instance: int) -> int:
    """A review of the step that an instance rests at, asked for and not given yet."""
    row = context.unit.one(sa.select(tables.instance.c.tokens).where(tables.instance.c.id == instance))
    (token,) = run.from_json(row["tokens"]).tokens  # type: ignore[index]
    asked: dict[str, Any] = {
        "instance": instance,
        "token": token.number,
        "node": token.node,
        "reviewer": "r",
        "title": "R",
    }
    now = context.now()
    asked |= {"state": "asked", "asked_at": now, "until": now + timedelta(hours=1)}
    return int(context.unit.insert(tables.advice, **asked) or 0)


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
    """Every operation that the app asks of an instance by itself is held and asked when it is resumed: all in one
    piece, so that none overtakes another, and what is refused then by itself. A time that is up and an answer are held
    once, what was said as often as it was."""
    assert BY_THEMSELVES - DOWNWARD - {COMES, *ASKED.values()} == GIVEN.keys()
    sealed = {each.name for each in OPERATIONS if each.sealed}
    assert GIVEN.keys() & sealed == SAID.keys()
    office = Office(FLOW)
    instance = office.history(office.submitted())[0]["id"]
    office.ask("root", "flows.suspend", instance=instance)
    tokens = sa.select(tables.instance.c.tokens).where(tables.instance.c.id == instance)
    given = {**GIVEN, "flows.escalated": {"token": 2, "escalated": ["x"]}}
    expected = [*GIVEN, *(name for name in GIVEN if name in (*EACH, "flows.escalated"))]
    with office.host.session(APP) as context:
        before = context.unit.one(tokens)
        review(context, instance)
        for operation, more in (*given.items(), *given.items()):
            of_review = issubclass(context.app.operations[operation].params, OneReview)
            context.ask(ASKED.get(operation, operation), **more, **({} if of_review else {"instance": instance}))
        assert (before, expected) == (context.unit.one(tokens), [name for name, _ in held_on(context, instance)])
    office.ask("root", "flows.resume", instance=instance)
    jobs = sa.select(t.job.c.name, t.job.c.body).where(t.job.c.name.in_([COMES, *GIVEN])).order_by(t.job.c.id)
    spoilt = sa.update(tables.instance).where(tables.instance.c.id == instance)
    with office.host.session(APP) as context:
        (come,) = context.unit.fetch(jobs.where(t.job.c.state == "ready"))
        assert {"instance": instance, "held": []} == sealing.opened(office.host, come["body"], COMES)
        digest = context.unit.one(sa.select(tables.instance.c.digest))["digest"]  # type: ignore[index]
        body = {"digest": "x", "flow": "approval", "document": {"name": "x"}, "created_at": context.now()}
        context.unit.insert(tables.version, **body)
        context.unit.run(spoilt.values(digest="x"))
        context.ask(COMES, instance=instance)
        put_off = context.unit.fetch(jobs)
        assert [COMES, *expected] == [each["name"] for each in put_off]
        closed = {each["name"] for each in put_off if sealing.is_sealed(each["body"])}
        assert SAID.keys() | {COMES} == closed
        assert [] == context.unit.fetch(LYING)
        context.unit.run(spoilt.values(digest=digest))
    office.host.settle()
    office.decide("head")
    assert "approved" == office.stage(1)
    office.host.close()


@pytest.mark.requirement("SW12")
def test_what_is_held_costs_the_same_however_much_there_is() -> None:
    """One more is one more row, and opens nothing of what is there; suspended again before it came, it lies there
    still; and so many messages are refused, to be sent again, rather than lost."""
    speaks = [
        {"id": "start", "type": "start", "to": "say"},
        {"id": "say", "type": "throw", "message": "said", "to": "end"},
        {"id": "end", "type": "end"},
    ]
    waits = [
        {"id": "start", "type": "start", "to": "wait"},
        {"id": "wait", "type": "wait", "events": [{"message": "said", "to": "end"}]},
        {"id": "end", "type": "end"},
    ]
    by_hand = {"start": {"on": "manual"}, "withdraw": {}}
    office = Office(document("waits", nodes=waits, **by_hand), document("speaks", nodes=speaks, **by_hand))
    quote = office.quote()
    instance = office.ask("li", "flows.start", flow="waits", id=quote)["id"]
    office.ask("root", "flows.suspend", instance=instance)
    statements = []
    for _ in range(MOST):
        with office.host.session(APP) as context:
            before = context.unit.statements
            context.ask("flows.message", name="said", form="quote", id=quote)
            statements.append(context.unit.statements - before)
    assert 1 == len(set(statements)), statements
    office.ask("root", "flows.resume", instance=instance)
    office.ask("root", "flows.suspend", instance=instance)
    office.host.settle()
    with office.host.session(APP) as context:
        assert ["flows.receive"] * MOST == [each["operation"] for each in context.unit.fetch(LYING)]
        with pytest.raises(Conflict) as crowded:
            context.ask("flows.message", name="said", form="quote", id=quote)
    assert ["flows.too-many-held"] == [each.code for each in crowded.value.problems]
    office.ask("root", "flows.resume", instance=instance)
    office.host.settle()
    with office.host.session(APP) as context:
        assert [] == context.unit.fetch(LYING)
    assert "ended" == office.history(quote)[0]["state"]
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
    """What came from another program lies closed as it does in the queue, comes when it is resumed, and is gone when
    the instance ends or its record is forgotten; the times that are held stay."""
    office = Office(FLOW, database=database_url)
    instance = office.history(office.submitted())[0]["id"]
    office.ask("root", "flows.suspend", instance=instance)
    came = {"instance": instance, "token": 2, "message": "m", "values": {"password": "S3CRET"}}
    advice = {"state": "given", "decision": "approve", "reason": "S3CRET", "confidence": 1.0}
    with office.host.session(APP) as context:
        for _ in range(2):
            context.ask("flows.answered", **came)
        context.ask("flows.due", instance=instance, token=2)
        context.ask("flows.advised", id=review(context, instance), **advice)
        context.unit.run(
            sa.update(tables.advice).values(reason="kept").where(tables.advice.c.id == review(context, instance))
        )
        lying = context.unit.fetch(LYING)
        assert ["flows.answered", "flows.due", "flows.advised"] == [each["operation"] for each in lying]
        assert "S3CRET" not in str(lying)
    with office.host.session(APP) as context:
        match end:
            case "resume":
                assert came.items() <= held_on(context, instance)[0][1].items()
                context.ask("flows.resume", instance=instance)
                (job,) = context.unit.fetch(sa.select(t.job.c.body).where(t.job.c.name == COMES))
                assert "S3CRET" not in str(job["body"])
                context.ask(COMES, instance=instance)
            case "forget":
                context.ask("flows.forget", form="quote", ids=(1,))
                kept = dict(held_on(context, instance))
                assert ({}, 2) == (kept["flows.answered"]["values"], kept["flows.due"]["token"])
                assert ("failed", None, NOBODY) == tuple(
                    kept["flows.advised"][name] for name in ("state", "decision", "reason")
                )
                assert [None] * 3 == [each["said"] for each in context.unit.fetch(LYING)]
                assert [None] * 2 == [row["reason"] for row in context.unit.fetch(sa.select(tables.advice.c.reason))]
                context.ask("flows.cancel", instance=instance)
            case _:
                if end == "unread":
                    spoilt = sa.update(tables.instance).where(tables.instance.c.id == instance)
                    body = {"digest": "x", "flow": "approval", "document": {"name": "x"}, "created_at": context.now()}
                    context.unit.insert(tables.version, **body)
                    context.unit.run(spoilt.values(digest="x"))
                context.ask("flows.cancel", instance=instance)
    with office.host.session(APP) as context:
        row = context.unit.one(sa.select(tables.instance.c.suspended_at).where(tables.instance.c.id == instance))
        assert ({"suspended_at": None}, []) == (row, context.unit.fetch(LYING))
    office.host.close()


OLD, NEW = new_key("old"), new_key("new")


@pytest.mark.requirement("SW12", "SP15")
@pytest.mark.parametrize("layout", ["now", "former"])
def test_the_key_of_what_is_held_is_lost(layout: str, database_url: str, tmp_path: Path) -> None:
    """Resuming says since when there is something that does not open and what can be done, alone and among many; the
    instance stands still with all it holds until the key is there again. Forgetting a record needs no key. So it is
    with what versions before 0163 held in a list on the row of the instance."""
    if database_url == "sqlite://":
        database_url = f"sqlite:///{tmp_path}/office.sqlite3"
    office = Office(FLOW, database=database_url, secrets={SECRET: OLD})
    quotes = [office.submitted(), office.submitted()]
    instances = [office.history(quote)[0]["id"] for quote in quotes]
    office.ask("root", "flows.suspend", flow="approval")
    answered = "flows.answered"
    with office.host.session(APP) as context:
        for instance in instances:
            came = {"instance": instance, "token": 2, "message": "m", "values": {"word": "S3CRET"}, "status": 200}
            if layout == "now":
                context.ask(answered, **came)
                continue
            kept = [[answered, sealing.seal(office.host, came, answered)], ["flows.due", {"instance": 0, "token": 2}]]
            context.unit.run(FORMER, instance_id=instance, new_held=kept)
    office.host.close()

    other = Office(FLOW, database=database_url, secrets={SECRET: NEW})
    with pytest.raises(Conflict) as alone:
        other.ask("root", "flows.resume", instance=instances[0])
    (found,) = alone.value.problems
    assert "flows.held-sealed" == found.code
    for tag in ("en", "zh-CN"):
        assert all(word in found.words(tag) for word in ("2026-03-02 09:00", SECRET, "queue.key")), found.words(tag)
    several = other.ask("root", "flows.resume", flow="approval")
    assert ([["flows.held-sealed"]] * 2, 2) == (
        [[p["code"] for p in each["problems"]] for each in several["items"]], several["refused"],
    )  # fmt: skip
    with other.host.session(APP) as context:
        context.ask("flows.forget", form="quote", ids=(quotes[0],))
        row = context.unit.one(sa.select(tables.instance).where(tables.instance.c.id == instances[0]))
        assert row is not None and row["suspended_at"] is not None
        forgotten = waiting(context, row)
        assert "S3CRET" not in str(forgotten)
        assert (
            ({}, None) == (forgotten[0][1]["values"], forgotten[0][1]["status"])
            if layout == "now"
            else (["flows.due"] == [name for name, _ in forgotten])
        )
    other.host.close()

    again = Office(FLOW, database=database_url, secrets={SECRET: f"{NEW},{OLD}"})
    again.ask("root", "flows.resume", instance=instances[1])
    again.host.settle()
    assert "answered_late" in events(again, instances[1])
    again.host.close()


def events(office: Office, instance: int) -> list[str]:
    """What happened in an instance."""
    lines = sa.select(tables.history.c.event).where(tables.history.c.instance == instance)
    with office.host.database.reading() as unit:
        return [each["event"] for each in unit.fetch(lines)]


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
