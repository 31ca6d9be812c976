"""What a timeline and the picture say of what happens beside a step: it goes on, and is not over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.kernel.identity import APP
from tests.flows.app import Office, document

NODES: list[dict[str, Any]] = [
    {"id": "start", "type": "start", "to": "work"},
    {"id": "work", "type": "scope", "title": "Work", "to": "back",
     "on": [{"escalation": "help", "interrupts": False, "to": "assist"}]},
    {"id": "begin", "type": "start", "in": "work", "to": "call"},
    {"id": "call", "type": "throw", "escalation": "help", "in": "work", "to": "pay"},
    {"id": "pay", "type": "task", "assignees": [{"user": "fang"}], "in": "work", "to": "paid"},
    {"id": "paid", "type": "end", "in": "work"},
    {"id": "assist", "type": "task", "assignees": [{"user": "head"}], "to": "end"},
    {"id": "back", "type": "throw", "title": "Undo", "undo": "*", "to": "end"},
    {"id": "end", "type": "end"},
    {"id": "undo", "type": "handler", "in": "work", "undoes": "pay"},
    {"id": "begin_undo", "type": "start", "in": "undo", "to": "unpay"},
    {"id": "unpay", "type": "task", "assignees": [{"user": "boss"}], "in": "undo", "to": "unpaid"},
    {"id": "unpaid", "type": "end", "in": "undo"},
    {"id": "papers", "type": "handler", "title": {"en": "More papers", "zh-CN": "补充材料"},
     "event": {"message": "papers", "interrupts": False, "roles": ["sales"]}},
    {"id": "begin_papers", "type": "start", "in": "papers", "to": "looked"},
    {"id": "looked", "type": "end", "in": "papers"},
]  # fmt: skip


def stands(office: Office, quote: int) -> dict[str, str]:
    """Each step of the newest instance and how it stands."""
    return {each["node"]: each["state"] for each in office.history(quote)[0]["steps"]}


@pytest.mark.requirement("W25", "W31")
def test_what_goes_on_beside_a_step_does_not_end_it() -> None:
    """A step on which an event did not interrupt goes on, is left once, and the arrow of the event was walked; so does
    a step that waits until all is undone. Where a scope begins is no step."""
    office = Office(document("beside", nodes=NODES, start={"on": "manual"}, withdraw={}))
    quote = office.quote()
    instance = office.ask("li", "flows.start", flow="beside", id=quote)["id"]
    expected = {"start": "done", "work": "active", "call": "done", "assist": "active", "pay": "active"}
    assert expected == stands(office, quote)
    picture = office.ask("li", "flows.picture", instance=instance)
    assert {"work": ("active", 0), "assist": ("active", 0), "call": ("done", 1)} == {
        each["id"]: (each["state"], each["walked"]) for each in picture["nodes"]
        if each["id"] in ("work", "assist", "call")
    }  # fmt: skip
    walked = {(each["from"], each["to"]): each["walked"] for each in picture["arrows"]}
    assert (1, 0) == (walked["work", "assist"], walked["work", "back"])
    office.decide("fang", "complete")
    assert ("done", "active") == (stands(office, quote)["work"], stands(office, quote)["back"])
    with office.host.session(APP) as context:
        left = sa.select(tables.history.c.event).where(tables.history.c.node == "work")
        left = left.where(tables.history.c.event.in_(("passed", "dropped")))
        assert ["passed"] == [each["event"] for each in context.unit.fetch(left)]
    office.decide("boss", "complete")
    assert "done" == stands(office, quote)["back"]
    office.host.close()


@pytest.mark.requirement("W25", "W31", "X9")
def test_what_was_written_before_is_read_alike(database_url: str) -> None:
    """A history in which what went out beside a step stands as though the step had been left, as it was written once:
    the timeline, the picture and a report say of it what they say of one that is written now, while the step goes on
    and when it is over."""
    report = {
        "name": "steps", "title": "Steps", "type": "report", "form": "quote.flow_steps",
        "dimensions": [{"name": "by", "expression": "step"}],
        "measures": [{"name": "times", "expression": "COUNT()"}, {"name": "waits", "expression": "COUNT(waits)"},
                     {"name": "seconds", "expression": "SUM(seconds)"}],
    }  # fmt: skip
    flow = document("beside", nodes=NODES, start={"on": "manual"}, withdraw={})
    office = Office(flow, database=database_url, more={"reports/steps.json": report})
    quote = office.quote()
    instance = office.ask("li", "flows.start", flow="beside", id=quote)["id"]
    lines = office.host.database.table(tables.history)
    with office.host.session(APP) as context:
        (beside,) = context.unit.fetch(sa.select(lines.c.id).where(lines.c.event == "branched"))

    def seen(word: str) -> list[Any]:
        """What is said of it when its line is called so."""
        with office.host.session(APP) as context:
            context.unit.run(
                sa.update(lines).where(lines.c.id == beside["id"]).values(event=sa.bindparam("word")), word=word
            )
        picture = office.ask("li", "flows.picture", instance=instance)
        return [office.history(quote)[0]["steps"], picture, office.ask("root", "reports.run", report="steps")["rows"]]

    for decided in (False, True):
        office.clock.advance(timedelta(hours=1))
        if decided:
            office.decide("fang", "complete")
        now = seen("branched")
        assert (1, 0 if decided else 1) == next(tuple(row[1:3]) for row in now[2] if row[0] == "beside/work")
        assert now == seen("passed")
    office.host.close()


@pytest.mark.requirement("X5", "W31")
def test_a_message_is_called_as_what_it_begins() -> None:
    """Who may say that it happened chooses by the title of the handler, and so the history says what they said."""
    office = Office(document("beside", nodes=NODES, start={"on": "manual"}, withdraw={}))
    quote = office.quote()
    office.ask("li", "flows.start", flow="beside", id=quote)
    told = next(each for each in office.history(quote)[0]["actions"] if each["operation"] == "flows.message")
    assert [{"name": "papers", "title": "More papers"}] == told["parameters"][0]["options"]
    office.ask("li", "flows.message", form="quote", id=quote, name="papers")
    (said,) = office.history(quote)[0]["deeds"]
    assert {"en": "said that “More papers” has happened", "zh-CN": "告知“补充材料”已发生"} == said["text"]
    office.host.close()
