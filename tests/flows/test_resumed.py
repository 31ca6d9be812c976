"""Instances that are resumed (恢复): what was held comes before anything that comes after it, whoever resumed them, and
of several that wait for one message each hears it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.flows.operations import held
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.identity import APP
from tests.flows.app import Office, document

BY_HAND = {"start": {"on": "manual"}, "withdraw": {}}
START, END = {"id": "start", "type": "start", "to": "first"}, {"id": "end", "type": "end"}
LYING = sa.select(tables.held).order_by(tables.held.c.id)


def waits(*messages: str, name: str = "waits", **keys: Any) -> dict[str, Any]:
    """A flow that waits for one message after the other."""
    steps = ["first", *(f"after_{number}" for number in range(1, len(messages))), "end"]
    nodes = [
        {"id": step, "type": "wait", "events": [{"message": each, "to": onward}]}
        for each, step, onward in zip(messages, steps, steps[1:], strict=False)
    ]
    return document(name, nodes=[START, *nodes, END], **{**BY_HAND, **keys})


def say(context: Context, quote: int, name: str) -> dict[str, Any]:
    """Another flow says something."""
    answer: dict[str, Any] = context.ask("flows.message", name=name, form="quote", id=quote)
    return answer


@pytest.mark.requirement("SW12")
@pytest.mark.parametrize("again", [False, True], ids=["resumed", "suspended-and-resumed-again"])
def test_nothing_overtakes_what_was_held(database_url: str, again: bool) -> None:
    """What comes between resuming and what was held waits behind it: heard first, it would find nobody who waits."""
    nodes = [
        {**START, "to": "said"},
        {"id": "said", "type": "wait", "events": [{"message": "said", "to": "then"}]},
        {
            "id": "then",
            "type": "wait",
            "events": [{"message": "then", "to": "end"}, {"message": "said", "to": "twice"}],
        },
        {"id": "twice", "type": "end", "outcome": "twice"},
        END,
    ]
    office = Office(document("waits", nodes=nodes, **BY_HAND), database=database_url)
    quote = office.quote()
    instance = office.ask("li", "flows.start", flow="waits", id=quote)["id"]
    office.ask("root", "flows.suspend", instance=instance)
    with office.host.session(APP) as context:
        say(context, quote, "said")
    office.ask("root", "flows.resume", instance=instance)
    if again:
        office.ask("root", "flows.suspend", instance=instance)
        office.ask("root", "flows.resume", instance=instance)
    with office.host.session(APP) as context:
        context.ask("flows.receive", instance=instance, name="then")
        context.ask("flows.look", form="quote", id=quote)
        context.ask("flows.deliver", form="quote", id=quote)
        assert ["said", "then"] == [each["asked"]["name"] for each in context.unit.fetch(LYING)]
    office.host.settle()
    assert ["message", "message"] == [
        each["event"] for each in office.history(quote)[0]["deeds"][::-1] if each["event"] == "message"
    ]
    with office.host.session(APP) as context:
        assert [] == context.unit.fetch(LYING)
        assert [{"held": None, "state": "ended"}] == context.unit.fetch(
            sa.select(tables.instance.c.held, tables.instance.c.state)
        )
    office.host.close()


@pytest.mark.requirement("SW12")
def test_resumed_by_a_version_that_knows_no_rows(database_url: str) -> None:
    """What it left lying comes by itself; what lies on one that stands still, and an escalation, is left alone."""
    office = Office(waits("said"), database=database_url)
    quotes = [office.quote() for _ in range(3)]
    instances = [office.ask("li", "flows.start", flow="waits", id=each)["id"] for each in quotes]
    office.host.settle()
    office.ask("root", "flows.suspend", flow="waits")
    with office.host.session(APP) as context:
        for quote in quotes[:2]:
            say(context, quote, "said")
        held.put(context, instances[2], "flows.escalated", {"instance": instances[2], "token": 2, "escalated": ["x"]})
        former = sa.update(tables.instance).where(tables.instance.c.id.in_((instances[0], instances[2])))
        context.unit.run(former.values(suspended_at=None, held=None))
    office.clock.advance(timedelta(minutes=10))
    office.host.settle()
    assert ["ended", "suspended", "running"] == [office.history(each)[0]["state"] for each in quotes]
    with office.host.session(APP) as context:
        assert instances[1:] == [each["instance"] for each in context.unit.fetch(LYING)]
    office.host.close()


@pytest.mark.requirement("SW12")
def test_one_that_is_full_keeps_no_other_from_hearing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others hear what is said, and it comes to the one that is full when there is room; where nobody else hears
    it, it is refused and said again."""
    monkeypatch.setattr(held, "MOST", 1)
    office = Office(waits("said", "said", "said"), waits("said", name="other"), database=database_url)
    quote = office.quote()
    full = office.ask("li", "flows.start", flow="waits", id=quote)["id"]
    office.ask("root", "flows.suspend", instance=full)
    with office.host.session(APP) as context:
        say(context, quote, "said")
        with pytest.raises(Conflict, match=r"flows\.too-many-held"), context.unit.savepoint():
            say(context, quote, "said")
    other = office.ask("li", "flows.start", flow="other", id=quote)["id"]
    with office.host.session(APP) as context:
        assert 1 == say(context, quote, "said")["moved"]
    office.host.deliver()
    states = sa.select(tables.instance.c.id, tables.instance.c.state).order_by(tables.instance.c.id)
    with office.host.session(APP) as context:
        assert [(full, "running"), (other, "ended")] == [tuple(each.values()) for each in context.unit.fetch(states)]
        assert 1 == len(context.unit.fetch(LYING))
    office.ask("root", "flows.resume", instance=full)
    office.clock.advance(timedelta(hours=1))
    office.host.settle()
    deeds = [each["event"] for each in office.history(quote)[-1]["deeds"]]
    assert 2 == deeds.count("message"), deeds
    office.host.close()
