"""Ten thousand instances that wait cost a worker nothing: what it asks the database does not depend on how many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.kernel.storage import tables as t
from tests.flows.app import Office, approval, document
from tests.flows.counting import counted

MANY = 10_000
FAR = 1_000_000
"""Ids that nothing else gets."""
FLOW = document(
    nodes=approval({"user": "fang"}, deadline={"days": 400, "then": "remind"}, on=[{"signal": "hurry", "to": "end"}])
)


def multiply(office: Office, instance_id: int) -> None:
    """The one that waits, so many times over: instance, signal and timer as it left them, the tasks another's."""
    feng = office.id("feng")
    with office.host.database.transaction() as unit:
        (one,) = unit.fetch(sa.select(tables.instance).where(tables.instance.c.id == instance_id))
        (task,) = unit.fetch(sa.select(tables.task).where(tables.task.c.instance == instance_id))
        (signal,) = unit.fetch(sa.select(tables.signal).where(tables.signal.c.instance == instance_id))
        jobs = unit.fetch(sa.select(t.job).where(t.job.c.state == "ready"))
        (job,) = (each for each in jobs if each["body"].get("instance") == instance_id)
        ids = range(FAR, FAR + MANY - 1)
        rows = [(each, f"{one['running']}:{each}") for each in ids]
        unit.insert_many(
            tables.instance, [{**one, "id": each, "record_id": each, "running": key} for each, key in rows]
        )
        unit.insert_many(
            tables.task, [{**task, "id": each, "instance": each, "record_id": each, "person": feng} for each in ids]
        )
        unit.insert_many(tables.signal, [{**signal, "id": each, "instance": each} for each in ids])
        unit.insert_many(
            t.job,
            [
                {**job, "id": each, "key": f"{job['key']}:{each}", "body": {**job["body"], "instance": each}}
                for each in ids
            ],
        )


@pytest.fixture
def office(database_url: str) -> Iterator[Office]:
    """An office in which one quote waits and everything else is done."""
    office = Office(FLOW, database=database_url)
    yield office
    office.host.close()


def test_what_waits_costs_a_worker_nothing(office: Office) -> None:
    """A worker that looks, a tick, and one more quote that is sent and decided: the same statements with one instance
    waiting as with ten thousand, and the others are not touched."""
    waiting = office.submitted()
    office.host.settle()

    def round_of_work() -> tuple[list[str], list[str]]:
        with counted(office) as idle:
            assert office.host.tick() + office.host.deliver() == 0
        office.clock.advance(timedelta(seconds=1))
        with counted(office) as busy:
            quote = office.submitted()
            office.decide("fang")
            office.host.deliver()
        assert office.stage(quote) == "approved"
        return idle.texts, busy.texts

    def least() -> list[list[str]]:
        """Of two rounds the fewest statements each: what is looked at every few seconds falls into one of them."""
        return [min(each, key=len) for each in zip(round_of_work(), round_of_work(), strict=True)]

    round_of_work()
    alone = least()
    multiply(office, office.history(waiting)[0]["id"])
    crowded = least()
    assert all(alone), "nothing was counted"
    assert [len(each) for each in crowded] == [len(each) for each in alone]
    assert crowded[0] == alone[0]
    with office.host.database.reading() as unit:
        open_ones = sa.select(sa.func.count().label("n")).where(tables.instance.c.running.is_not(None))
        assert unit.one(open_ones) == {"n": MANY}
