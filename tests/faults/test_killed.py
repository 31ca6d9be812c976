"""kill -9: nothing half-written, nothing acknowledged lost, every job done, each effect once."""

from __future__ import annotations

import random
import signal
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables as flows
from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.events.deliver import Delivery
from lowcode.kernel.identity import APP
from lowcode.kernel.records.creating import create_many
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.files import keep
from lowcode.rules import tables as rules
from tests.faults.app import LONGER_THAN_A_LEASE, assert_all_done, assert_whole, effects, opened, rows
from tests.faults.conftest import victim
from tests.faults.worker import DUE, ROWS, paid, walk_on


def after_the_lease(url: str) -> Host:
    """The app opened anew, when the lease of every dead worker has run out."""
    return opened(url, FrozenClock(datetime.now(UTC) + LONGER_THAN_A_LEASE))


def test_saves_of_several_writers(url: str) -> None:
    """Killed twice while four people save: what was acknowledged is there, whole, and what follows is done."""
    opened(url).close()
    texts: dict[int, str] = {}
    for _ in range(2):
        with victim("save", url) as process:
            process.read(random.randint(20, 60))
            process.kill()
        for word, identity, text in process.said:
            assert word in ("created", "changed")
            texts[int(identity)] = text
    with after_the_lease(url) as host:
        found = assert_whole(host)
        lost = {identity: text for identity, text in texts.items() if found.get(identity) not in (text, f"{text}!")}
        assert {} == lost
        host.deliver()
        assert_all_done(host)


def test_an_import_of_many_rows(url: str) -> None:
    """An import is one transaction: killed in the middle it has not happened, and can be done again."""
    opened(url).close()
    with victim("import", url) as process:
        process.read(1)
        time.sleep(0.3)  # somewhere in the middle; too early or too late would not make the test fail
        process.kill()
    with opened(url) as host:
        finished = ["imported", str(ROWS)] in process.said
        count = len(rows(host, sa.select(host.types["entry"].table.c.id)))
        assert count in ((ROWS,) if finished else (0, ROWS))
        content = "text\nagain\n"
        found = host.ask(
            host.actor("li"), "forms.import", form="entry", name="again.csv", content=content.encode(),
            duplicates="create",
        )  # fmt: skip
        assert 1 == found["create"]


def begun(host: Host, login: str, first: int, count: int, note: str) -> int:
    """An import behind the scenes that finds entries by their text, and changes those that are there."""
    content = "text,note\n" + "".join(f"row {each},{note}\n" for each in range(first, first + count))
    actor = host.actor(login)
    file = host.write(lambda unit: keep(host.context(unit, actor), "rows.csv", "text/csv", content.encode()))["id"]
    how: dict[str, Any] = {"keys": ("text",), "duplicates": "update"}
    return int(host.ask(actor, "forms.start_import", form="entry", file=file, **how)["run"])


@pytest.mark.requirement("F22", "X14")
def test_two_imports_at_once(url: str) -> None:
    """Two people bring in rows that are partly the same, and workers die in the middle: each part happens whole and
    once, so each row is there once. Taken back, what the other one worked on stays, and that is told."""
    with opened(url, FrozenClock(DUE)) as host:
        runs = [begun(host, "li", 0, 100, "first"), begun(host, "zhao", 50, 100, "second")]
    clock = 0
    for at in (6, 30, 60):
        with victim("bring", url, str(at), str(clock)) as process:
            process.end()
        assert process.process.exitcode == -signal.SIGKILL, f"it was to be killed in place of write {at}"
        clock += 1
    with victim("bring", url, "0", str(clock)) as process:
        process.end()
    with opened(url, FrozenClock(DUE + LONGER_THAN_A_LEASE * clock)) as host:
        found = [host.ask(APP, "forms.import_progress", run=run) for run in runs]
        assert [("done", 100, []), ("done", 100, [])] == [
            (each["state"], each["create"] + each["update"], each["problems"]) for each in found
        ]
        entry = host.types["entry"].table.c
        texts = [row["text"] for row in rows(host, sa.select(entry.text).where(entry.deleted_at.is_(None)))]
        assert sorted(f"row {each}" for each in range(150)) == sorted(texts)
        for login, run in reversed(list(zip(("li", "zhao"), runs, strict=True))):
            host.ask(host.actor(login), "forms.undo_run", run=run)
            host.settle()
        found = [host.ask(APP, "forms.import_progress", run=run) for run in runs]
        assert ["undone", "undone"] == [each["state"] for each in found]
        left = rows(host, sa.select(entry.text, entry.note).where(entry.deleted_at.is_(None)))
        assert sum(each["kept"] for each in found) == len(left) == sum(each["update"] for each in found)
        assert len(left) == 50


def prepared(url: str, count: int) -> None:
    """Entries whose deliveries wait."""
    with opened(url) as host, host.session(host.actor("li")) as context:
        for number in range(count):
            context.ask("records.create", type="entry", values={"text": str(number), "lines": [{"part": "a"}]})


def test_two_workers_and_one_dies(url: str) -> None:
    """Two processes deliver; one is killed in the middle. The other does the rest, and after its lease what the dead
    one held; nothing is done twice."""
    prepared(url, 150)
    with victim("deliver", url) as dying:
        dying.read(3)  # before the other has begun, or there might be nothing left for this one
        with victim("deliver", url) as living:
            dying.kill()
            while living.said[-1:] != [["nothing", "left"]]:
                living.read(1)
    with opened(url) as host:
        held = [row for row in rows(host, sa.select(t.job)) if row["state"] != "done"]
        assert all(row["state"] == "running" for row in held), "what is not leased to the dead one was left"
        assert 1 == max(effects(host).values())
    with after_the_lease(url) as host:
        host.deliver()
        assert_whole(host)
        assert_all_done(host)


def test_what_a_rule_does_in_pieces(url: str) -> None:
    """A rule writes to more records than one transaction takes; whoever does a piece is killed in it, four times. What
    was done stays done, and each record is written to once."""
    many = 2300
    with opened(url, FrozenClock(DUE)) as host, host.session(APP) as context:
        piece = host.types["piece"]
        create_many(context, host.app.saves["piece"], host.grant(piece, APP), [{} for _ in range(many)])
        context.ask("records.create", type="entry", values={"text": "go"})
    for again in range(4):
        with victim("batch", url, str(random.randint(2, 7)), str(again)) as process:  # of more than ten to a piece
            process.end()
            assert [] == process.said, "it was to be killed"
    with opened(url, FrozenClock(DUE + 4 * LONGER_THAN_A_LEASE)) as host:
        host.deliver()
        assert {("go", 2)} == {(row["text"], row["version"]) for row in rows(host, sa.select(piece.table))}
        assert many == len(rows(host, sa.select(piece.history.c.id).where(piece.history.c.version == 2)))
        (found,) = rows(host, sa.select(rules.batch))
        assert (many, "done") == (found["done"], found["state"])
        assert_all_done(host)


def test_workers_never_share_a_job(url: str) -> None:
    """Four workers of four hosts on one database: each effect once, and every attempt was the first."""
    prepared(url, 60)
    hosts = [opened(url) for _ in range(4)]
    try:
        threads = [threading.Thread(target=Delivery(host, batch=4).deliver) for host in hosts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert_all_done(hosts[0])
        assert {1} == {row["attempts"] for row in rows(hosts[0], sa.select(t.job))}
    finally:
        for host in hosts:
            host.close()


def test_decisions_of_a_flow(url: str) -> None:
    """Killed in the middle of a transaction while people decide: every quote stands where its approval stands, none is
    stuck, none went on twice."""
    opened(url).close()
    with victim("decide", url, str(random.randint(60, 200))) as process:
        process.read_until("held")
        process.kill()
    approved = {int(words[1]) for words in process.said if words[0] == "approved"}
    with after_the_lease(url) as host:
        for login in ("fang", "feng"):
            actor = host.actor(login)
            for task in host.ask(actor, "flows.list_tasks", state="open")["items"]:
                host.ask(actor, "flows.decide", task=task["id"], decision="approve")
        host.settle()
        boss, root = host.actor("boss"), host.actor("root")
        for row in rows(host, sa.select(host.types["quote"].table.c.id)):
            quote = host.ask(boss, "records.get", type="quote", id=row["id"])
            instances = host.ask(root, "flows.history", form="quote", id=row["id"])["items"]
            if quote["stage"] == "draft":
                assert [] == instances and row["id"] not in approved
                continue
            assert "approved" == quote["stage"]
            assert [["start", "ask", "mark", "end"]] == [[step["node"] for step in each["steps"]] for each in instances]
        assert [] == [row["error"] for row in rows(host, sa.select(t.job)) if row["state"] == "dead"]


def left_behind(host: Host, quote: int) -> dict[str, Any]:
    """All that a flow leaves behind, without numbers and instants."""
    (instance,) = rows(host, sa.select(flows.instance).where(flows.instance.c.record_id == quote))
    of_instance = {"tasks": flows.task, "history": flows.history, "incidents": flows.incident}
    found = {
        name: rows(host, sa.select(table).where(table.c.instance == instance["id"]).order_by(table.c.id))
        for name, table in of_instance.items()
    }
    notices = rows(host, sa.select(t.notification).where(t.notification.c.record == quote))
    return {
        "stage": host.ask(host.actor("boss"), "records.get", type="quote", id=quote)["stage"],
        "instance": {name: instance[name] for name in ("state", "outcome", "running", "stuck", "tokens", "decisions")},
        "tasks": [[each[name] for name in ("person", "state", "decision", "opinion")] for each in found["tasks"]],
        "history": [[each[name] for name in ("event", "node", "actor")] for each in found["history"]],
        "incidents": found["incidents"],
        "notices": sorted(each["user"] for each in notices),
    }


@pytest.mark.requirement("W32")
def test_killed_at_any_step_a_flow_ends_alike(url: str) -> None:
    """Killed in place of writes all along its way and carried on by another process, a flow leaves exactly behind what
    one leaves that nobody disturbed: no step, task, line of history or notice twice, none missing."""
    opened(url).close()
    with victim("walk", url, "0") as process:
        process.end()
    (made, undisturbed), (_, writes) = process.said
    assert made == "made"
    with opened(url) as host:
        expected = left_behind(host, int(undisturbed))
    assert (expected["stage"], expected["instance"]["outcome"]) == ("approved", "approved")
    steps = range(int(writes) // 8, int(writes) * 3 // 4, int(writes) // 5)  # the first kept its version, too
    for at in steps:
        with victim("walk", url, str(at)) as process:
            process.end()
        assert process.process.exitcode == -signal.SIGKILL
        with after_the_lease(url) as host:
            quote = walk_on(host, int(process.said[0][1]) if process.said else None)
            assert left_behind(host, quote) == expected, f"killed in place of write {at} of {writes}"
            assert [] == [row["error"] for row in rows(host, sa.select(t.job)) if row["state"] == "dead"]


@pytest.mark.requirement("SW12", "W32")
def test_killed_between_a_message_and_whoever_waits_for_it(url: str) -> None:
    """Killed in place of writes all along its way, from its sender to the step that waits, and carried on by another
    process that sends it once more: it is taken once, and what it moves happens once."""
    opened(url).close()
    with victim("message", url, "0") as process:
        process.end()
    (_, first), (_, writes) = process.said
    quotes = [int(first)]
    for at in range(int(writes) // 6, int(writes) * 3 // 4, int(writes) // 6):  # the first kept its version, too
        with victim("message", url, str(at)) as process:
            process.end()
        assert process.process.exitcode == -signal.SIGKILL
        with after_the_lease(url) as host:
            host.settle()
            quotes.append(paid(host, int(process.said[0][1]) if process.said else None))
    with after_the_lease(url) as host:
        quote = host.types["quote"].table.c
        notes = rows(host, sa.select(quote.id, quote.note))
        assert dict.fromkeys(quotes, "I") == {each["id"]: each["note"] for each in notes if each["id"] in quotes}
        messages = rows(host, sa.select(flows.message))
        assert sorted(quotes) == sorted(each["record_id"] for each in messages)
        assert {"received"} == {each["state"] for each in messages}
        assert {"approved"} == {each["outcome"] for each in rows(host, sa.select(flows.instance))}
        assert [] == [row["error"] for row in rows(host, sa.select(t.job)) if row["state"] == "dead"]


@pytest.mark.requirement("X22")
def test_killed_while_the_clock_begins_flows(url: str) -> None:
    """Killed in place of writes all along the way from the tick to the last instance, and carried on by others: each
    record that was due has the flow once."""
    clock = FrozenClock(DUE - timedelta(days=3))
    with opened(url, clock) as host:
        host.tick()
        with host.session(host.actor("li")) as context:
            for number in ("due", "due", "due", "not"):
                context.ask("records.create", type="quote", values={"number": number, "total": 1})
    for again, at in enumerate((3, 9, 17, 26, 40)):
        with victim("begin", url, str(at), str(again)) as process:
            process.end()
    late = FrozenClock(DUE + LONGER_THAN_A_LEASE * 5)
    with opened(url, late) as host:
        for _ in range(3):
            host.settle()
            late.advance(LONGER_THAN_A_LEASE)
        quote = host.types["quote"].table
        assert [row["note"] for row in rows(host, sa.select(quote).order_by(quote.c.id))] == ["I", "I", "I", None]
        assert len(rows(host, sa.select(flows.instance).where(flows.instance.c.flow == "yearly"))) == 3
        assert [] == [row["error"] for row in rows(host, sa.select(t.job)) if row["state"] == "dead"]


@pytest.mark.parametrize("worker", ["one", "other"])
def test_a_lost_lease_undoes_the_attempt(url: str, worker: str) -> None:
    """A worker that was thought dead comes back: what it does then counts only while the job is still its own."""
    prepared(url, 1)
    clock = FrozenClock(datetime.now(UTC))
    with opened(url, clock) as slow, opened(url, clock) as quick:
        late, other = Delivery(slow, "late"), Delivery(quick, "other")
        taken = late._lease()
        assert 1 == len(taken)
        if worker == "other":
            clock.advance(LONGER_THAN_A_LEASE)
            other.deliver()
            assert not late._held(taken[0])
            late._run(taken[0])
        else:
            clock.advance(LONGER_THAN_A_LEASE / 2)
            assert late._held(taken[0]), "half of the lease went by: it is begun anew"
            clock.advance(LONGER_THAN_A_LEASE * 0.7)
            assert 0 == other.deliver()
            late._run(taken[0])
            other.deliver()
        assert_all_done(quick)
