"""What a called flow tells the step that waits for it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.kernel.events.deliver import Delivery
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from tests.flows.app import Office, document


@pytest.mark.requirement("SW16")
@pytest.mark.parametrize("escalates", [False, True])
def test_an_end_says_no_more_than_there_is(escalates: bool) -> None:
    """While a release goes out, workers of the earlier one take these jobs too: what they do not know is said only
    where there is something to say."""
    throw = [{"id": "throw", "type": "throw", "escalation": "urgent", "to": "end"}] if escalates else []
    first = throw[0]["id"] if throw else "end"
    child = [{"id": "start", "type": "start", "to": first}, *throw, {"id": "end", "type": "end"}]
    parent = [
        {"id": "start", "type": "start", "to": "call"},
        {"id": "call", "type": "flow", "flow": "child", "to": "end"},
        {"id": "end", "type": "end"},
    ]
    by_hand = {"start": {"on": "manual"}, "withdraw": {}}
    office = Office(document("parent", nodes=parent, **by_hand), document("child", nodes=child, **by_hand))
    begun = office.ask("li", "flows.start", flow="parent", id=office.quote())
    office.host.settle()
    with office.host.session(APP) as context:
        (job,) = context.unit.fetch(sa.select(t.job.c.body).where(t.job.c.name == "flows.called_ended"))
    assert {"instance": begun["id"], **({"escalated": ["urgent"]} if escalates else {})}.items() <= job["body"].items()
    assert escalates == ("escalated" in job["body"])
    office.host.close()


THROWN = ("first", "second", "third")
BY_HAND: dict[str, Any] = {"start": {"on": "manual"}, "withdraw": {}}
SPEAKS = document(
    "child",
    nodes=[
        {"id": "start", "type": "start", "to": "one"},
        {"id": "one", "type": "throw", "escalation": "first", "to": "ask"},
        {"id": "ask", "type": "task", "assignees": [{"user": "fang"}], "to": "two"},
        {"id": "two", "type": "throw", "escalation": "second", "to": "again"},
        {"id": "again", "type": "task", "assignees": [{"user": "fang"}], "to": "last"},
        {"id": "last", "type": "throw", "escalation": "third", "to": "end"},
        {"id": "end", "type": "end", "outcome": "approved"},
    ],
    **BY_HAND,
)
LISTENS = document(
    "parent",
    nodes=[
        {"id": "start", "type": "start", "to": "call"},
        {
            "id": "call", "type": "flow", "flow": "child", "to": "end",
            "on": [{"escalation": name, "interrupts": False, "to": f"see_{name}"} for name in THROWN],
        },
        *({"id": f"see_{name}", "type": "task", "assignees": [{"user": "feng"}], "to": "end"} for name in THROWN),
        {"id": "end", "type": "end"},
    ],
    **BY_HAND,
)  # fmt: skip


@pytest.mark.requirement("SW16", "W32")
@pytest.mark.parametrize("still", [False, True])
@pytest.mark.parametrize("takes", [(2, 1, 0), (1, 2, 0), (0, 1, 2)])
def test_an_end_never_overtakes_what_was_thrown_before(takes: tuple[int, ...], still: bool, database_url: str) -> None:
    """Several workers have taken what a called flow says, one thing each, and come to it in any order: all of it is
    heard, in the order in which it was said, each once, and the end last; also where the step that waits was suspended
    meanwhile."""
    office = Office(LISTENS, SPEAKS, database=database_url)
    quote = office.quote()
    parent = office.ask("li", "flows.start", flow="parent", id=quote)["id"]
    workers = [Delivery(office.host, f"worker {number}") for number in range(3)]
    taken = [workers[0]._lease()]
    for worker in workers[1:]:
        office.decide("fang", "complete")
        taken.append(worker._lease())
    assert [["flows.escalated"], ["flows.escalated"], ["flows.called_ended"]] == [
        [each["name"] for each in jobs] for jobs in taken
    ]
    if still:
        office.ask("root", "flows.suspend", instance=parent)
    for number in takes:
        workers[number]._run(taken[number][0])
    if still:
        assert [] == office.tasks("feng")
        office.ask("root", "flows.resume", instance=parent)
        office.host.settle()
    lines = sa.select(tables.history.c.event, tables.history.c.body).order_by(tables.history.c.id)
    said = tables.history.c.event.in_(["happened", "called_ended"])
    with office.host.session(APP) as context:
        heard = context.unit.fetch(lines.where(tables.history.c.instance == parent, said))
        assert [] == context.unit.fetch(sa.select(tables.held))
    assert [*THROWN, "approved"] == [each["body"].get("name") or each["body"]["outcome"] for each in heard]
    assert [f"see_{name}" for name in THROWN] == sorted(each["node"] for each in office.tasks("feng"))
    office.host.close()


@pytest.mark.requirement("SW16")
def test_what_is_thrown_at_one_that_has_ended_lies_nowhere() -> None:
    """The flow that waited is ended before it hears: what was thrown at it goes."""
    office = Office(LISTENS, SPEAKS)
    parent = office.ask("li", "flows.start", flow="parent", id=office.quote())["id"]
    with office.host.session(APP) as context:
        assert 1 == len(context.unit.fetch(sa.select(tables.held)))
    office.ask("root", "flows.cancel", instance=parent)
    office.host.settle()
    with office.host.session(APP) as context:
        assert [] == context.unit.fetch(sa.select(tables.held))
    office.host.close()
