"""What would happen is what happens: a walk without writes gives the path, the people and the reasons of the real run,
beside whoever writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.flows import run
from lowcode.flows.operations import commands, store
from lowcode.flows.operations.ahead import _step_ahead
from lowcode.flows.plan import HOLDS
from lowcode.host import Host
from lowcode.kernel.identity import APP
from lowcode.kernel.storage.sqlite import SqliteUnit
from tests.flows.app import Office, approval, document
from tests.flows.blocks import Block, Drawing, blocks, document_of

PEOPLE: tuple[Any, ...] = (
    "owner", {"manager_of": "starter"}, {"role": "finance"}, {"managers_of": "starter"}, {"user": "boss"},
    {"department_head": "starter"}, {"members_of": "owner"}, {"expression": 'IF(total > 2, owner, owner.manager)'},
)  # fmt: skip
VALUES = ({"total": "total + 1"}, {"number": '"x"'}, {"total": "total * 2", "note": "number"}, {"stage": '"rejected"'})
POLICIES: tuple[dict[str, str], ...] = (
    {},
    {"same_person": "skip"},
    {"starter_is_approver": "skip"},
    {"same_person": "skip_consecutive"},
)


class Varied(Drawing):
    """Other people, policies and values at every node; one value in four is refused. Every other wait is for an event,
    with a time in which it is to happen."""

    def add(self, type_: str, **keys: Any) -> str:
        """One more node."""
        number = len(self.nodes)
        if type_ == "approve" and "mode" in keys:
            keys |= {"approvers": [PEOPLE[number % len(PEOPLE)], PEOPLE[(number * 3 + 1) % len(PEOPLE)]]}
            keys |= POLICIES[number % len(POLICIES)]
        if type_ == "set":
            keys["values"] = VALUES[number % len(VALUES)]
        if type_ == "wait" and number % 2:
            keys["events"] = [{"message": "paid", "to": keys["to"]}, {"when": 'note = "never"', "to": keys["to"]}]
        return super().add(type_, **keys)


def real_step(host: Host, instance: int, answers: Mapping[str, str]) -> bool:
    """What the walk does with the first token that waits, done for real; whether there was one."""
    with host.database.reading() as unit:
        row = unit.one(store.INSTANCE, instance_id=instance)
    assert row is not None
    plan = host.app.plans["flows"].flows[row["flow"]]
    state = run.from_json(row["tokens"])
    for token in state.tokens if row["running"] is not None else ():
        node = plan.nodes[token.node]
        if token.state != "resting" or node.gate in HOLDS:
            continue
        seat = next((each for each in token.seats if each.state == "open"), None)
        if seat is None:
            with host.session(APP) as context:
                walk = commands.open_instance(context, instance)
                walk.answer(run.Left(token.number, node.usual))
                walk.finish()
            return True
        where = {"instance_id": instance, "of_token": token.number, "of_seat": seat.number}
        with host.database.reading() as unit:
            task = unit.one(store.OPEN_TASK, **where)
        person = host.directory().actor(seat.person)
        assert task is not None and person is not None
        decision = answers.get(node.id, node.voting.agreement)
        host.ask(person, "flows.decide", task=task["id"], decision=decision)
        return True
    return False


def steps_of(office: Office, quote: int) -> list[dict[str, Any]]:
    """The steps of the newest instance, as the walk shows them."""
    return [_step_ahead(each) for each in office.history(quote)[0]["steps"]]


@settings(max_examples=14, deadline=None)
@given(block=blocks, totals=st.lists(st.integers(0, 4), min_size=1, max_size=2), refuses=st.booleans())
def test_the_walk_is_the_run(block: Block, totals: list[int], refuses: bool) -> None:
    """Over any flow and record, with people who agree or refuse: path, people, reasons and outcome of the walk from the
    start, and of what is ahead wherever the instance stands, are those of the run."""
    flow = {**document_of(block, Varied()), "start": {"on": "manual"}}
    office = Office(flow)
    asked = [node["id"] for node in flow["nodes"] if node["type"] == "approve"]
    answers = {asked[len(asked) // 2]: "reject"} if refuses and asked and not loops(block) else {}
    for total in totals:
        quote = office.quote(total)
        seen = office.ask("li", "flows.simulate", flow="test", id=quote, answers=answers)
        assert office.history(quote) == []
        instance = office.ask("li", "flows.start", flow="test", id=quote)["id"]
        foreseen: list[tuple[int, Any]] = []
        while True:
            walked = len(office.history(quote)[0]["steps"])
            foreseen.append((walked, office.ask("li", "flows.ahead", instance=instance, answers=answers)["steps"]))
            if not real_step(office.host, instance, answers):
                break
        steps = steps_of(office, quote)
        assert [_step_ahead(each) for each in seen["steps"]] == steps
        for walked, ahead in foreseen:
            assert [_step_ahead(each) for each in ahead] == steps[walked:]
        final = office.history(quote)[0]
        assert (seen["state"], seen["outcome"]) == (final["state"], final["outcome"])
        assert [each["code"] for each in seen["incidents"]] == [each["code"] for each in final["incidents"]]
    office.host.close()


def loops(block: Block) -> bool:
    """Whether somewhere a step is done again."""
    return block[0] == "again" or any(loops(each) for part in block[1:] for each in _inner(part))


def _inner(part: Any) -> Iterator[Block]:
    if isinstance(part, list):
        yield from part
    elif isinstance(part, tuple):
        yield part


CHANGES = [
    {"id": "start", "type": "start", "to": "raise"},
    {"id": "raise", "type": "set", "values": {"total": "total + 1000"}, "to": "make"},
    {
        "id": "make",
        "type": "create",
        "form": "contract",
        "values": {"title": "number", "amount": "total"},
        "to": "tell",
    },
    {"id": "tell", "type": "notify", "to_people": [{"role": "finance"}], "title": "{{ total }}", "to": "copy"},
    {"id": "copy", "type": "copy", "to_people": [{"user": "boss"}], "to": "big"},
    {"id": "big", "type": "branch", "branches": [{"when": "total > 1000", "to": "ask"}], "otherwise": "end"},
    {"id": "ask", "type": "approve", "approvers": [{"manager_of": "starter"}], "approved": "set", "rejected": "end"},
    {"id": "set", "type": "set", "values": {"total": "total * 2", "note": 'number & "!"'}, "to": "more"},
    {"id": "more", "type": "branch", "branches": [{"when": "total > 3000", "to": "fin"}], "otherwise": "end"},
    {"id": "fin", "type": "task", "assignees": [{"role": "finance"}], "to": "end"},
    {"id": "end", "type": "end", "outcome": "approved"},
]
PATH = ["start", "raise", "make", "tell", "copy", "big", "ask", "set", "more", "fin", "end"]


@pytest.mark.requirement("W31")
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_it_waits_for_nobody_who_writes(database: str, request: pytest.FixtureRequest, tmp_path: Any) -> None:
    """While somebody's transaction has changed the very record, a walk reads what was committed and is done; the fields
    it sets are seen by what comes after, and nothing is left of them."""
    url = f"sqlite:///{tmp_path}/a.sqlite3" if database == "sqlite" else request.getfixturevalue("postgresql_url")
    office = Office(document("long", nodes=CHANGES, start={"on": "manual"}, withdraw={}), database=url)
    quote = office.quote(600)
    with office.host.session(APP) as context:
        context.ask("records.update", type="quote", id=quote, values={"total": 1})
        found = office.ask("root", "flows.simulate", flow="long", id=quote, person=office.id("li"))
        assert [each["node"] for each in found["steps"]] == PATH
    assert office.ask("boss", "records.get", type="quote", id=quote)["total"] == 1
    with office.host.database.reading() as unit:
        assert unit.fetch(sa.select(office.host.types["contract"].table.c.id)) == []
    office.host.close()


def test_only_reads_are_made_and_few(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """No statement that writes, and a handful of reads for each step, however often it was walked before."""
    office = Office(
        document("long", nodes=CHANGES, start={"on": "manual"}, withdraw={}), database=f"sqlite:///{tmp_path}/b"
    )
    quote = office.quote(600)
    counts = dict.fromkeys(("rows", "execute", "write", "_insert", "command"), 0)

    def counted(name: str) -> Any:
        original = getattr(SqliteUnit, name)

        def call(*given: Any, **more: Any) -> Any:
            counts[name] += 1
            return original(*given, **more)

        return call

    for name in counts:
        monkeypatch.setattr(SqliteUnit, name, counted(name))
    for _ in range(2):
        counts["rows"] = 0
        office.ask("li", "flows.simulate", flow="long", id=quote)
        assert counts["rows"] <= 4 * len(PATH)
    assert [counts[name] for name in ("execute", "write", "_insert", "command")] == [0, 0, 0, 0]


def test_what_cannot_be_foreseen_is_said() -> None:
    """The check of a form refuses what a step would set: the walk is stuck there with the words of the refusal, and a
    running flow's own lock keeps nobody out."""
    flow = document(nodes=approval({"user": "boss"}), start={"on": "manual"}, runs_as="starter")
    office = Office(flow)
    quote = office.quote()
    found = office.ask("li", "flows.simulate", flow="approval", id=quote)
    assert (found["state"], [each["node"] for each in found["steps"]]) == ("failed", ["start", "ask", "mark"])
    instance = office.ask("li", "flows.start", flow="approval", id=quote)["id"]
    ahead = office.ask("li", "flows.ahead", instance=instance)
    office.decide("boss")
    real = office.history(quote)[0]
    assert ahead["incidents"][0]["problems"] == real["incidents"][0]["problems"]


LIMITED = [
    {"id": "start", "type": "start", "to": "first"},
    {"id": "first", "type": "approve", "approvers": [{"user": "head"}], "approved": "wait", "rejected": "no"},
    {
        "id": "wait", "type": "wait", "title": "Payment", "for": {"days": 7}, "to": "remind",
        "events": [{"message": "paid", "title": "Paid", "to": "last"}, {"when": 'note = "x"', "to": "no"}],
    },
    {"id": "remind", "type": "notify", "title": "Late", "to_people": ["starter"], "to": "no"},
    {"id": "last", "type": "approve", "approvers": [{"user": "boss"}], "approved": "end", "rejected": "no"},
    {"id": "end", "type": "end", "outcome": "approved"},
    {"id": "no", "type": "end", "outcome": "rejected"},
]  # fmt: skip


@pytest.mark.requirement("W31", "W22")
def test_a_wait_with_a_time_is_foreseen_to_end_before_it() -> None:
    """What it waits for is the way it is meant to go; the time is said beside it, with where that leads and how the
    flow ends then: before the wait begins, and while it lasts."""
    office = Office(document("limited", nodes=LIMITED, start={"on": "manual"}, withdraw={}))
    quote = office.quote()
    until = (office.clock.now() + timedelta(days=7)).isoformat()
    otherwise = [{"node": "wait", "at": until, "to": {"en": "Late", "zh-CN": "Late"}, "state": "rejected"}]
    found = office.ask("li", "flows.simulate", flow="limited", id=quote)
    assert ["start", "first", "wait", "last", "end"] == [each["node"] for each in found["steps"]]
    assert ("approved", otherwise) == (found["state"], found["otherwise"])
    [wait] = [each for each in found["steps"] if each["node"] == "wait"]
    waited = [each["text"]["zh-CN"] for each in wait["awaits"]]
    assert ["收到消息“Paid”时转到“审批 2”", "“note 等于 ‘x’”成立时转到“结束”"] == waited
    late = office.ask("li", "flows.simulate", flow="limited", id=quote, answers={"wait": "to"})
    assert (["start", "first", "wait", "remind", "no"], "rejected", []) == (
        [each["node"] for each in late["steps"]], late["state"], late["otherwise"],
    )  # fmt: skip
    instance = office.ask("li", "flows.start", flow="limited", id=quote)["id"]
    assert otherwise == office.ask("li", "flows.ahead", instance=instance)["otherwise"]
    office.decide("head")
    ahead = office.ask("li", "flows.ahead", instance=instance)
    assert (["last", "end"], "approved", otherwise) == (
        [each["node"] for each in ahead["steps"]], ahead["state"], ahead["otherwise"],
    )  # fmt: skip
    office.clock.advance(timedelta(days=7))
    office.host.settle()
    assert "rejected" == office.history(quote)[0]["state"]
    office.host.close()
