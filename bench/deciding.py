"""A task decided through everything against hand-written SQLAlchemy Core that writes the same rows.

Ours: permission, the lock of the instance, the vote, the next step with its people, history, events, a notice. The flow
goes round between two people, so that every decision is one completion and the two-hundredth round can be compared with
the first. SpiffWorkflow: its state loaded, a step taken, its state stored; no permission, list, history or outbox.
Core: one transaction of as many reads and of the same ten rows written, values ready-made. SQLite commits with
synchronous=FULL on all sides: one person alone waits for the disk most of the time, whoever is asked; sixteen at once
show what is done beside. Each of them has an instance of their own, and with SpiffWorkflow a connection too.
"""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.crowd import Crowd, Round, at_once, spread
from bench.harness import Comparison, Size
from bench.spiff import by_spiff
from lowcode.flows.tables import history, instance, task
from lowcode.host import Host
from lowcode.kernel.storage import tables as t
from lowcode.seeding import seed

PEOPLE = 16
EACH = 20
YOUNG = 60
PROCESSES = 4
"""Over so many the sixteen are spread, where they are: `lowcode serve` as `docs/scaling.md` has it."""


def app() -> dict[str, Any]:
    """One form and one flow that goes round between two people, or back to the first when the second refuses."""
    ask = {"type": "approve", "rejected": "no", "opinion": "optional"}
    return {
        "app.json": {"name": "bench", "zone": "Asia/Shanghai", "roles": [{"name": "sales"}]},
        "forms/quote.json": {
            "name": "quote",
            "fields": [{"name": "number", "type": "text"}, {"name": "total", "type": "money"}],
            "permissions": [{"role": "sales", "can": ["create", "read", "edit"]}],
        },
        "flows/approval.json": {
            "name": "approval",
            "form": "quote",
            "subject": "Quote {{ number }}",
            "nodes": [
                {"id": "start", "type": "start", "to": "one"},
                {"id": "one", **ask, "approvers": [{"user": "person0"}], "approved": "two"},
                {"id": "two", **ask, "approvers": [{"user": "person1"}], "approved": "one", "returns": ["previous"]},
                {"id": "no", "type": "end", "outcome": "rejected"},
            ],
        },
        "seed/people.json": {
            "departments": [{"name": "sales", "title": "Sales"}],
            "users": [{"login": f"person{n}", "roles": ["sales"], "department": "sales"} for n in range(2)],
        },
    }


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite, then PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in size.databases:
            urls = [f"sqlite:///{folder}/{name}.sqlite3" for name in ("beside", "spiff", "ours", "core")]
            yield from _against_spiff("SQLite", urls[0], urls[1], size)
            yield from _on("SQLite", urls[2], urls[3], size)
        if "postgresql" in size.databases:
            from bench.databases import postgresql

            with postgresql(Path(folder)) as make:
                yield from _against_spiff("PostgreSQL", make("beside"), make("spiff"), size)
                yield from _on("PostgreSQL", make("ours"), make("core"), size)


def _against_spiff(name: str, ours_url: str, spiff_url: str, size: Size) -> Iterator[Comparison]:
    """Both on the same database, both safe on the disk after every completion; on both sides the sixteen are threads of
    one process."""
    host = Host(app(), ours_url)
    host.publish()
    seed(host)
    with ExitStack() as stack:
        stack.callback(host.close)
        yield Comparison(
            f"complete a task, against SpiffWorkflow stored, {name}", Round(host).decide, by_spiff(spiff_url, stack),
            3.0, "completions",
        )  # fmt: skip
        each = size.of(EACH)
        crowd = Crowd(host, PEOPLE, each)
        others = [by_spiff(spiff_url, stack, 10**6 * number) for number in range(1, PEOPLE + 1)]
        yield Comparison(
            f"complete, {PEOPLE} at once, against SpiffWorkflow, {name}", crowd.at_once,
            partial(at_once, [partial(_often, other, each) for other in others]), 3.0, "completions", PEOPLE * each,
            before=crowd.look,
        )  # fmt: skip


def _on(name: str, ours_url: str, core_url: str, size: Size) -> Iterator[Comparison]:
    host = Host(app(), ours_url)
    host.publish()
    seed(host)
    with ExitStack() as stack:
        stack.callback(host.close)
        yield Comparison(f"complete a task, {name}", Round(host).decide, by_hand(core_url), 0.7, "completions")
        old = Round(host)
        for _ in range(size.of(200)):
            old.refuse()
        yield Comparison(f"the 200th refusal against the first, {name}", old.refuse, _young(host), 1 / 1.2, "refusals")
        if name == "PostgreSQL":
            yield from _many_against_one(host, ours_url, size.of(EACH))


def _many_against_one(host: Host, url: str, each: int) -> Iterator[Comparison]:
    """Sixteen connections, those of one process and those of several, against one person who does as much."""
    crowd, unit, count = Crowd(host, PEOPLE, each), "completions", PEOPLE * each
    goal = 2.0
    yield Comparison(
        f"complete, {PEOPLE} at once against one, one process, PostgreSQL", crowd.at_once, crowd.in_turn, goal, unit,
        count, before=crowd.look,
    )  # fmt: skip
    with spread(app(), url, PROCESSES, PEOPLE // PROCESSES, each) as processes:

        def look() -> None:
            crowd.look()
            processes.look()

        yield Comparison(
            f"complete, {PEOPLE} at once against one, {PROCESSES} processes, PostgreSQL", processes.at_once,
            crowd.in_turn, goal, unit, count, before=look,
        )  # fmt: skip


def _often(work: Callable[[], None], times: int) -> None:
    for _ in range(times):
        work()


def _young(host: Host) -> Callable[[], None]:
    """Refusals of instances that have seen few."""
    rounds = itertools.cycle([Round(host) for _ in range(YOUNG)])
    return lambda: next(rounds).refuse()


def by_hand(url: str) -> Callable[[], None]:
    """The same reads and writes, as a programmer writes them with SQLAlchemy Core."""
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":

        @sa.event.listens_for(engine, "connect")
        def pragmas(connection: Any, _: Any) -> None:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA foreign_keys=ON")

    notice = t.notification
    with engine.begin() as connection:
        for table in (instance, task, history, t.event, notice):
            table.create(connection, checkfirst=True)
    now = datetime.now(UTC)
    tokens = json.loads(json.dumps({"next": 9, "outcome": None, "agreed": [1], "tokens": [
        {"number": 8, "node": "two", "via": "one:approved", "state": "resting", "agreed": [1],
         "seats": [[1, 2, None, "open", None, ""]], "trail": [["one", 7, []]]}]}))  # fmt: skip
    row = {
        "flow": "approval", "digest": "0" * 64, "record_type": "quote", "record_id": 1, "subject": "Quote Q1",
        "starter": 1, "state": "running", "tokens": tokens, "locks": [{"node": "one", "people": [1], "editable": []}],
        "running": "approval:quote:1", "stuck": 0, "decisions": 0, "started_at": now,
    }  # fmt: skip
    asked = {
        "token": 1, "seat": 1, "node": "one", "kind": "approve", "flow": "approval", "flow_title": "approval",
        "title": "one", "subject": "Quote Q1", "record_type": "quote", "record_id": 1, "starter": 1, "person": 1,
        "state": "open", "opinion_rule": "optional", "editable": [], "hidden": [], "created_at": now,
        "decisions": ["approve", "reject"],
    }  # fmt: skip
    with engine.begin() as connection:
        of = connection.execute(instance.insert().values(row).returning(instance.c.id)).scalar_one()
        first = connection.execute(task.insert().values(instance=of, **asked).returning(task.c.id)).scalar_one()
    ids = [first]
    numbers = itertools.count(1)
    trace = {"found": [2], "notes": []}

    def complete() -> None:
        number, current, at = next(numbers), ids[0], datetime.now(UTC)
        with engine.begin() as connection:
            connection.execute(sa.select(task).where(task.c.id == current)).one()
            connection.execute(sa.select(instance).where(instance.c.id == of).with_for_update()).one()
            connection.execute(sa.select(task).where(task.c.id == current)).one()
            done = {"state": "done", "decision": "approve", "decided_at": at}
            connection.execute(task.update().where(task.c.id == current).values(done))
            for event, body in (("decided", {"decision": "approve", "person": 1}), ("passed", {"exit": "approved"}),
                                ("asked", {"trace": trace})):  # fmt: skip
                line = {"instance": of, "at": at, "actor": 1, "event": event, "node": "one", "token": number}
                connection.execute(history.insert().values(**line, body=body))
            ids[0] = connection.execute(
                task.insert().values(instance=of, **{**asked, "token": number + 1}).returning(task.c.id)
            ).scalar_one()
            connection.execute(
                notice.insert().values(
                    user=1, at=at, title="one", text="Quote Q1", form="quote", record=1, key=f"k{number}"
                )
            )
            for event in ("flow.decided", "notification.sent", "flow.asked"):
                told = {"at": at, "name": event, "record_type": "quote", "record_id": 1, "actor": 1, "causes": ""}
                connection.execute(t.event.insert().values(**told, body={"instance": of, "flow": "approval"}))
            connection.execute(instance.update().where(instance.c.id == of).values(tokens=tokens, decisions=number))

    return complete
